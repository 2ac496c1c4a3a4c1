"""Delivery: a batch is claimed, composed, sent over one connection, and each result committed as soon as it is known."""

from __future__ import annotations

import functools
import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app

from eventsys import clock
from eventsys.extensions import db, dialect_of, is_among, transaction
from eventsys.mailing import outbox, pace, rest
from eventsys.mailing.ledger import Ledger, Result, open_ledger
from eventsys.mailing.letters import Compose, Composed, FindFiles, Refused, Written, add_files, compose_each, write_each
from eventsys.mailing.message import Email, Unwritten
from eventsys.mailing.models import Suppression
from eventsys.mailing.outbox import Claimed
from eventsys.mailing.rates import Rates
from eventsys.mailing.rules import (
    BATCH_SECONDS,
    GIVE_UP_AFTER,
    MailState,
    is_for_good,
    next_wait,
)
from eventsys.mailing.smtp import Answer, Line, ServerIsAway

log = structlog.get_logger()
_jitter = random.SystemRandom()
NEVER = datetime(1, 1, 1, tzinfo=UTC)


def deliver(
    compose: Compose,
    *,
    worker_id: uuid.UUID,
    batch: int | None = None,
    goes_on: Callable[[], bool] = lambda: True,
    held: outbox.Held = None,
    find_files: FindFiles | None = None,
) -> int:
    """Sends what is due, at most a batch, of which the server's pace decides the size; how many messages it dealt with.
    Commits by itself, each message alone.

    `compose` gives for each message its mail or why it is not to be sent; it may raise, and a message that makes it
    raise fails alone. `find_files` gives what goes along with texts. When `goes_on` says no the rest of the batch is
    given back.
    """
    if current_app.config["MAIL_SUPPRESS_SEND"] or rest.is_resting():
        return 0
    messages = _claim(worker_id, batch or pace.batch_size(), held)
    if not messages:
        return 0
    suppressed = _find_suppressed(messages)
    mails = compose_each(compose, messages)
    if find_files is not None:
        mails = add_files(find_files, messages, mails)
    began = time.monotonic()
    ledger = open_ledger(worker_id)
    written = write_each(messages, mails, suppressed)
    # A mail is written while the database has its hands on the one before. Where it has none of its own, all in a row is
    # the quickest, unless files go along, of which each mail has its own copy.
    is_one_by_one = ledger.leaves_time or _have_files(mails.values())
    delivery = _Delivery(
        worker_id,
        messages,
        written if is_one_by_one else iter([*written]),
        goes_on=lambda: time.monotonic() < began + BATCH_SECONDS and goes_on(),
        ledger=ledger,
        sure_for=timedelta(seconds=current_app.config["WORKER_STALE_SECONDS"] / 2),
    )
    done = delivery.run()
    pace.learn(taken=len(messages), done=done, seconds=time.monotonic() - began)
    return done


def _have_files(mails: Iterable[Composed]) -> bool:
    return any(isinstance(mail, Email | Unwritten) and mail.parts for mail in mails)


def _claim(worker_id: uuid.UUID, batch: int, held: outbox.Held) -> list[Claimed]:
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


def _find_suppressed(messages: Sequence[Claimed]) -> set[tuple[str, str]]:
    keys = [message.email_key for message in messages]
    session = db.session()
    rows = session.execute(_suppressions(dialect_of(session)), {"keys": keys})
    return {(key, category) for key, category in rows}


@functools.cache
def _suppressions(dialect: str) -> sa.Select[str, str]:
    columns = Suppression.email_key, Suppression.category
    return sa.select(*columns).where(is_among(Suppression.email_key, "keys", dialect))


@dataclass(slots=True)
class _Delivery:
    """One batch on its way: one connection to the server, and one turn in the ledger for each mail.

    A turn commits what the mail before has come to and that this one is handed over, so that a worker that is killed
    leaves one mail uncertain. Where the database works by itself the turn is in its hands before the mail is in the
    server's, and its end is waited for afterwards: it commits whether the worker lives or not. But what another worker
    may have taken, because this one was not heard of for half the time that makes it dead, is never sent unasked.

    `results` are those not yet committed; `silences` counts failures of the connection in a row.
    """

    worker_id: uuid.UUID
    messages: Sequence[Claimed]
    written: Iterator[Written | Refused]
    goes_on: Callable[[], bool]
    ledger: Ledger
    line: Line = field(default_factory=Line)
    results: list[Result] = field(default_factory=list)
    silences: int = 0
    sure_for: timedelta = timedelta()
    sure_until: datetime = NEVER
    has_stopped: bool = False
    untried: dict[int, None] = field(init=False)

    def __post_init__(self) -> None:
        self.untried = dict.fromkeys(message.id for message in self.messages)

    def run(self) -> int:
        """How many messages were dealt with; the others are given back."""
        try:
            written = self._next()
            while written is not None:
                written = self._deliver(written)
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

    def _deliver(self, written: Written) -> Written | None:
        """Sends one mail and gives the next, if there is one to be sent."""
        results, self.results = self.results, []
        self.ledger.begin_turn(results, begin=written.message.id, now=clock.now())
        is_sure = self.ledger.is_under_way and clock.real_now() < self.sure_until
        if not is_sure and not self._end_turn(written):
            self.line.forget(written.letter)
            self.untried.pop(written.message.id)
            return self._next()
        following = None
        try:
            self.line.hand_over(written.letter)
            following = self._next()
            answer = self.line.hear(following.letter if following else None)
        except ServerIsAway as error:
            goes_on = self._server_is_away(written.message, error)
        else:
            self.silences = 0
            goes_on = self._heard(written, answer)
        if is_sure:
            self._end_turn(written)
        return (following or self._next()) if goes_on else None

    def _end_turn(self, written: Written) -> bool:
        """Waits until the turn is committed; whether the mail is still this worker's."""
        is_held = self.ledger.end_turn()
        if not is_held:
            log.warning("a mail was taken over by another worker", outbox_id=written.message.id)
        sure_for = self.sure_for if is_held and self.ledger.leaves_time else timedelta()
        self.sure_until = clock.real_now() + sure_for
        return is_held

    def _next(self) -> Written | None:
        """The next message that is to be sent; those on the way to it that are not are dealt with."""
        while not self.has_stopped:
            if not self.goes_on():
                self.has_stopped = True
                break
            found = next(self.written, None)
            if found is None:
                break
            if isinstance(found, Written):
                return found
            if found.state is MailState.FAILED:
                self._fail(found.message, found.why)
            else:
                self._record(found.message, found.state, found.why, attempts=found.message.attempts)
        return None

    def _heard(self, written: Written, answer: Answer) -> bool:
        """Whether to go on with the next message."""
        message = written.message
        if answer.code == 250:
            self._record_sent(written, str(answer))
        elif answer.about_recipient and is_for_good(answer.code, answer.words):
            self._fail(message, str(answer))
        else:
            self._defer(message, str(answer))
        if answer.about_recipient:
            rest.wake()
        else:
            rest.rest(str(answer))
        return answer.about_recipient

    def _server_is_away(self, message: Claimed, error: ServerIsAway) -> bool:
        """This message is tried later. One hang may be its own; a second in a row, or no connection, is the server's."""
        self.silences += 1
        self._defer(message, str(error))
        if error.could_connect and self.silences < 2:
            return True
        rest.rest(str(error))
        return False

    def _record_sent(self, written: Written, answer: str) -> None:
        self._record(
            written.message,
            MailState.SENT,
            answer,
            sent_at=clock.now(),
            subject=written.subject,
            text=written.text,
            html=written.html,
            calendar=written.calendar,
        )

    def _fail(self, message: Claimed, answer: str) -> None:
        self._record(message, MailState.FAILED, answer, **_masked(message))

    def _defer(self, message: Claimed, answer: str) -> None:
        now = clock.now()
        if message.dated_at is not None and now - message.dated_at >= GIVE_UP_AFTER:
            self._fail(message, f"{answer} (given up after 48 hours)")
            return
        wait = next_wait(message.attempts + 1, _jitter.uniform(0.8, 1.2))
        self._record(message, MailState.DEFERRED, answer, next_try_at=now + wait)

    def _record(
        self, message: Claimed, state: MailState, answer: str, *, attempts: int | None = None, **kept: Any
    ) -> None:
        """Notes what became of the message; the next turn commits it. An attempt counts unless it says otherwise."""
        self.untried.pop(message.id)
        attempts = message.attempts + 1 if attempts is None else attempts
        self.results.append(Result(message.id, state, answer, attempts, **kept))


def _masked(message: Claimed) -> dict[str, Any]:
    """A mail that came with its content keeps it without the links, once it will not be sent any more."""
    if message.text is None:
        return {}
    return {"text": outbox.mask_links(message.text), "html": outbox.mask_links(message.html or "")}
