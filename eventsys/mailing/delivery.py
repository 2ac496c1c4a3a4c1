"""Delivery: a batch is claimed, composed, sent over one connection, and each result committed as soon as it is known."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.addresses import wire_address
from eventsys.mailing.ledger import Ledger, Result, open_ledger
from eventsys.mailing.message import Dropped, Email, Fields, build
from eventsys.mailing.models import OutboxMessage, Suppression
from eventsys.mailing.rates import Rates
from eventsys.mailing.rules import (
    BATCH,
    BATCH_SECONDS,
    GIVE_UP_AFTER,
    REST,
    MailState,
    bounce_address,
    is_for_good,
    next_wait,
)
from eventsys.mailing.smtp import Answer, Letter, Line, ServerIsAway

Composed = Email | Dropped | Exception | Callable[[], Email]
"""A mail, why it is not to be sent, what went wrong with it, or what writes it when its turn comes, without the database.
The last is the quickest: it is called while the database or the mail server is waited for."""
Compose = Callable[[list[OutboxMessage]], Mapping[int, Composed]]
log = structlog.get_logger()
_jitter = random.SystemRandom()
NO_REST = (0, 0.0)
NOTHING_LEFT = Dropped("there is nothing left to write about")


def deliver(
    compose: Compose,
    *,
    worker_id: uuid.UUID,
    batch: int = BATCH,
    goes_on: Callable[[], bool] = lambda: True,
    held: outbox.Held = None,
) -> int:
    """Sends what is due, at most a batch; how many messages it dealt with. Commits by itself, each message alone.

    `compose` gives for each message its mail or why it is not to be sent; it may raise, and a message that makes it
    raise fails alone. When `goes_on` says no the rest of the batch is given back.
    """
    if current_app.config["MAIL_SUPPRESS_SEND"] or _is_resting():
        return 0
    messages = _claim(worker_id, batch, held)
    if not messages:
        return 0
    until = time.monotonic() + BATCH_SECONDS
    suppressed = _find_suppressed(messages)
    delivery = _Delivery(
        worker_id,
        messages,
        mails=_compose_each(compose, messages),
        suppressed=suppressed,
        goes_on=lambda: time.monotonic() < until and goes_on(),
        ledger=open_ledger(worker_id),
    )
    return delivery.run()


def _claim(worker_id: uuid.UUID, batch: int, held: outbox.Held) -> list[OutboxMessage]:
    now, real_now = clock.now(), clock.real_now()
    stale = timedelta(seconds=current_app.config["WORKER_STALE_SECONDS"])
    reader = db.session()
    if not outbox.has_due(reader, worker_id=worker_id, now=now, real_now=real_now, stale=stale, held=held):
        return []
    domain = current_app.config["MAIL_DEFAULT_SENDER"].rpartition("@")[2]
    rates = Rates.read(current_app.config["MAIL_RATE"], current_app.config["MAIL_DOMAIN_RATES"])
    with transaction() as session:
        if returned := outbox.give_back_abandoned(session, worker_id=worker_id, real_now=real_now, stale=stale):
            log.warning("mails of a worker that ended are due again", count=returned)
        return outbox.claim(
            session,
            worker_id=worker_id,
            domain=domain,
            batch=batch,
            now=now,
            real_now=real_now,
            held=held,
            rates=rates,
        )


def _compose_each(compose: Compose, messages: list[OutboxMessage]) -> dict[int, Composed]:
    """The whole batch in a few statements; only when that raises, each message alone, so that one cannot stop others."""
    given = {m.id: _as_given(m) for m in messages if m.text is not None}
    rest = [message for message in messages if message.id not in given]
    composed: dict[int, Composed] = {**given}
    try:
        composed.update(compose(rest) if rest else {})
    except Exception:
        for message in rest:
            try:
                db.session.rollback()
                composed.update(compose([message]))
            except Exception as error:
                log.error("a mail could not be composed", outbox_id=message.id, exc_info=error)
                composed[message.id] = error
    finally:
        db.session.rollback()  # no transaction stays open while the server thinks
    return composed


def _as_given(message: OutboxMessage) -> Email:
    """A mail that was put in the outbox with its content."""
    return Email(
        subject=message.subject or "",
        text=message.text or "",
        html=message.html or "",
        from_name=current_app.config["SITE_NAME"],
    )


def _find_suppressed(messages: Sequence[OutboxMessage]) -> set[tuple[str, str]]:
    keys = [message.email_key for message in messages]
    rows = db.session.execute(
        sa.select(Suppression.email_key, Suppression.category).where(Suppression.email_key.in_(keys))
    )
    return {(key, category) for key, category in rows}


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """A message with its mail, written."""

    message: OutboxMessage
    mail: Email
    letter: Letter


@dataclass(slots=True)
class _Delivery:
    """One batch on its way: one connection to the server, and one turn in the ledger for each mail.

    While a mail is sent a turn is under way that records the one before and says that the one after begins. Its bytes
    are with the database before the mail is with the server, so a worker that is killed leaves two mails uncertain, of
    which at most one has gone. The next mail is written meanwhile. `following` is written, `results` are those not yet
    recorded, and `silences` counts failures of the connection in a row.
    """

    worker_id: uuid.UUID
    messages: Sequence[OutboxMessage]
    mails: Mapping[int, Composed]
    suppressed: set[tuple[str, str]]
    goes_on: Callable[[], bool]
    ledger: Ledger
    line: Line = field(default_factory=Line)
    results: list[Result] = field(default_factory=list)
    silences: int = 0
    following: _Ready | None = None
    place: int = 0
    fields: Fields = field(default_factory=Fields)
    has_stopped: bool = False
    untried: dict[int, None] = field(init=False)

    def __post_init__(self) -> None:
        self.untried = dict.fromkeys(message.id for message in self.messages)

    def run(self) -> int:
        """How many messages were dealt with; the others are given back."""
        try:
            ready = self._first()
            while ready is not None:
                ready = self._deliver(ready)
            self.ledger.begin_turn(self.results, begin=None, now=clock.now())
            self.ledger.end_turn()
            self._give_back()
        finally:
            self.line.close()
            self.ledger.close()
        return len(self.messages) - len(self.untried)

    def _give_back(self) -> None:
        if self.untried:
            with transaction() as session:
                outbox.give_back(session, [*self.untried], worker_id=self.worker_id)

    def _first(self) -> _Ready | None:
        """The next mail, begun, with nothing under way."""
        while ready := self.following or self._next():
            self.following = None
            if self._turn(ready):
                self.following = self._next()
                return ready
        return None

    def _deliver(self, ready: _Ready) -> _Ready | None:
        """Sends one mail, that is begun, and gives the next, begun too."""
        following, self.following = self.following, None
        self._begin_turn(following)
        try:
            self.line.hand_over(ready.letter)
            self.following = self._next()
            answer = self.line.hear(following.letter if following else None)
        except ServerIsAway as error:
            goes_on = self._server_is_away(ready.message, error)
        else:
            self.silences = 0
            goes_on = self._heard(ready, answer)
        is_held = self._end_turn(following)
        if not goes_on:
            return None
        self.following = self.following or self._next()
        return following if is_held else self._first()

    def _turn(self, ready: _Ready) -> bool:
        self._begin_turn(ready)
        return self._end_turn(ready)

    def _begin_turn(self, ready: _Ready | None) -> None:
        results, self.results = self.results, []
        self.ledger.begin_turn(results, begin=ready.message.id if ready else None, now=clock.now())

    def _end_turn(self, ready: _Ready | None) -> bool:
        """Whether the mail is begun. It is not when another worker has taken it over."""
        is_held = self.ledger.end_turn()
        if ready is not None and not is_held:
            log.warning("a mail was taken over by another worker", outbox_id=ready.message.id)
            self.line.forget(ready.letter)
            self.untried.pop(ready.message.id)
        return is_held

    def _next(self) -> _Ready | None:
        """The next message that is to be sent, written; those on the way to it that are not are dealt with."""
        while not self.has_stopped and self.place < len(self.messages):
            if not self.goes_on():
                self.has_stopped = True
                break
            message, self.place = self.messages[self.place], self.place + 1
            if ready := self._prepare(message, _write_mail(message, self.mails.get(message.id, NOTHING_LEFT))):
                return ready
        return None

    def _prepare(self, message: OutboxMessage, mail: Email | Dropped | Exception) -> _Ready | None:
        if isinstance(mail, Dropped):
            self._record(message, MailState.CANCELLED, mail.why, attempts=message.attempts)
        elif isinstance(mail, Exception):
            self._fail(message, f"the mail could not be written: {type(mail).__name__}: {mail}")
        elif {(message.email_key, ""), (message.email_key, mail.category)} & self.suppressed:
            why = "the address gets no mail of this kind"
            self._record(message, MailState.SUPPRESSED, why, attempts=message.attempts)
        else:
            try:
                return _Ready(message, mail, _write(message, mail, self.fields))
            except ValueError as error:
                self._fail(message, f"the mail could not be written: {error}")
        return None

    def _heard(self, ready: _Ready, answer: Answer) -> bool:
        """Whether to go on with the next message."""
        message = ready.message
        if answer.code == 250:
            self._record_sent(message, ready.mail, str(answer))
        elif answer.about_recipient and is_for_good(answer.code, answer.words):
            self._fail(message, str(answer))
        else:
            self._defer(message, str(answer))
        if answer.about_recipient:
            current_app.extensions["mail_rest"] = NO_REST
        else:
            _rest(str(answer))
        return answer.about_recipient

    def _server_is_away(self, message: OutboxMessage, error: ServerIsAway) -> bool:
        """This message is tried later. One hang may be its own; a second in a row, or no connection, is the server's."""
        self.silences += 1
        self._defer(message, str(error))
        if error.could_connect and self.silences < 2:
            return True
        _rest(str(error))
        return False

    def _record_sent(self, message: OutboxMessage, mail: Email, answer: str) -> None:
        self._record(
            message,
            MailState.SENT,
            answer,
            sent_at=clock.now(),
            subject=mail.subject,
            text=outbox.mask_links(mail.text),
            html=outbox.mask_links(mail.html),
            calendar=mail.calendar.decode() if mail.calendar is not None else None,
        )

    def _fail(self, message: OutboxMessage, answer: str) -> None:
        self._record(message, MailState.FAILED, answer, **_masked(message))

    def _defer(self, message: OutboxMessage, answer: str) -> None:
        now = clock.now()
        if message.dated_at is not None and now - message.dated_at >= GIVE_UP_AFTER:
            self._fail(message, f"{answer} (given up after 48 hours)")
            return
        wait = next_wait(message.attempts + 1, _jitter.uniform(0.8, 1.2))
        self._record(message, MailState.DEFERRED, answer, next_try_at=now + wait)

    def _record(
        self, message: OutboxMessage, state: MailState, answer: str, *, attempts: int | None = None, **kept: Any
    ) -> None:
        """Notes what became of the message; the next turn commits it. An attempt counts unless it says otherwise."""
        self.untried.pop(message.id)
        attempts = message.attempts + 1 if attempts is None else attempts
        self.results.append(Result(message.id, state, answer, attempts, **kept))


def _write_mail(message: OutboxMessage, mail: Composed) -> Email | Dropped | Exception:
    if not callable(mail):
        return mail
    try:
        return mail()
    except Exception as error:
        log.error("a mail could not be composed", outbox_id=message.id, exc_info=error)
        return error


def _write(message: OutboxMessage, mail: Email, fields: Fields) -> Letter:
    """The message as the server gets it. Raises `ValueError` for what cannot be written."""
    sender = current_app.config["MAIL_DEFAULT_SENDER"]
    content = build(
        mail,
        sender=sender,
        to_name=message.name,
        to_address=message.email,
        message_id=message.message_id,
        date=message.dated_at or clock.now(),
        language=message.language,
        fields=fields,
    )
    envelope_from = bounce_address(current_app.config["MAIL_BOUNCE_ADDRESS"], message.public_id) or sender
    return Letter(wire_address(envelope_from), wire_address(message.email), content)


def _masked(message: OutboxMessage) -> dict[str, Any]:
    """A mail that came with its content keeps it without the links, once it will not be sent any more."""
    if message.text is None:
        return {}
    return {"text": outbox.mask_links(message.text), "html": outbox.mask_links(message.html or "")}


# --- a server that is away is asked again after a while, not for every mail ---------------------------------------------


def _is_resting() -> bool:
    until: float = current_app.extensions.get("mail_rest", NO_REST)[1]
    return time.monotonic() < until


def _rest(why: str) -> None:
    times = current_app.extensions.get("mail_rest", NO_REST)[0]
    seconds = REST[min(times, len(REST) - 1)]
    current_app.extensions["mail_rest"] = (times + 1, time.monotonic() + seconds)
    log.warning("the mail server is away", why=why, seconds_until_next_try=seconds)
