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
from eventsys.mailing.message import Dropped, Email, build
from eventsys.mailing.models import OutboxMessage, Suppression
from eventsys.mailing.rules import GIVE_UP_AFTER, REST, MailState, next_wait
from eventsys.mailing.smtp import Answer, Line, ServerIsAway

Compose = Callable[[list[OutboxMessage]], Mapping[int, Email | Dropped]]
Composed = dict[int, Email | Dropped | Exception]
log = structlog.get_logger()
_jitter = random.SystemRandom()
NO_REST = (0, 0.0)


def deliver(
    compose: Compose, *, worker_id: uuid.UUID, batch: int = 50, goes_on: Callable[[], bool] = lambda: True
) -> int:
    """Sends what is due, at most a batch; how many messages it dealt with. Commits by itself, each message alone.

    `compose` gives for each message its mail or why it is not to be sent; it may raise, and a message that makes it
    raise fails alone. When `goes_on` says no the rest of the batch is given back.
    """
    if current_app.config["MAIL_SUPPRESS_SEND"] or _is_resting():
        return 0
    messages = _claim(worker_id, batch)
    if not messages:
        return 0
    mails = _compose_each(compose, messages)
    delivery = _Delivery(worker_id, _find_suppressed(messages), goes_on)
    try:
        return delivery.run(messages, mails)
    finally:
        delivery.line.close()


def _claim(worker_id: uuid.UUID, batch: int) -> list[OutboxMessage]:
    now, real_now = clock.now(), clock.real_now()
    stale = timedelta(seconds=current_app.config["WORKER_STALE_SECONDS"])
    if not outbox.has_due(db.session(), now=now, real_now=real_now, stale=stale):
        return []
    domain = current_app.config["MAIL_DEFAULT_SENDER"].rpartition("@")[2]
    with transaction() as session:
        if returned := outbox.give_back_abandoned(session, real_now=real_now, stale=stale):
            log.warning("mails of a silent worker are due again", count=returned)
        return outbox.claim(session, worker_id=worker_id, domain=domain, batch=batch, now=now, real_now=real_now)


def _compose_each(compose: Compose, messages: list[OutboxMessage]) -> Composed:
    """The whole batch in a few statements; only when that raises, each message alone, so that one cannot stop others."""
    given = {m.id: _as_given(m) for m in messages if m.text is not None}
    rest = [message for message in messages if message.id not in given]
    composed: Composed = {**given}
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
        db.session.rollback()
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


@dataclass(slots=True)
class _Delivery:
    """One batch on its way. `silences` counts failures of the connection in a row."""

    worker_id: uuid.UUID
    suppressed: set[tuple[str, str]]
    goes_on: Callable[[], bool]
    line: Line = field(default_factory=Line)
    silences: int = 0

    def run(self, messages: Sequence[OutboxMessage], mails: Composed) -> int:
        for place, message in enumerate(messages):
            if not self.goes_on() or not self._deliver_one(message, mails):
                untried = [other.id for other in messages[place:]]
                with transaction() as session:
                    outbox.give_back(session, untried, worker_id=self.worker_id)
                return place + 1
        return len(messages)

    def _deliver_one(self, message: OutboxMessage, mails: Composed) -> bool:
        """Whether to go on with the next message."""
        mail = mails.get(message.id, Dropped("there is nothing left to write about"))
        if isinstance(mail, Dropped):
            self._record(message, state=MailState.CANCELLED, answer=mail.why)
        elif isinstance(mail, Exception):
            self._fail(message, f"the mail could not be written: {type(mail).__name__}: {mail}")
        elif {(message.email_key, ""), (message.email_key, mail.category)} & self.suppressed:
            self._record(message, state=MailState.SUPPRESSED, answer="the address gets no mail of this kind")
        else:
            return self._send(message, mail)
        return True

    def _send(self, message: OutboxMessage, mail: Email) -> bool:
        sender = current_app.config["MAIL_DEFAULT_SENDER"]
        try:
            content = build(
                mail,
                sender=sender,
                to_name=message.name,
                to_address=message.email,
                message_id=message.message_id,
                date=message.dated_at or clock.now(),
                language=message.language,
            )
        except ValueError as error:
            self._fail(message, f"the mail could not be written: {error}")
            return True
        is_held = outbox.is_held(db.session(), message.id, worker_id=self.worker_id)
        db.session.rollback()  # no transaction stays open while the server thinks
        if not is_held:
            log.warning("a mail was taken over by another worker", outbox_id=message.id)
            return True
        try:
            answer = self.line.send(sender, message.email, content)
        except ServerIsAway as error:
            return self._server_is_away(message, error)
        self.silences = 0
        return self._heard(message, mail, answer)

    def _heard(self, message: OutboxMessage, mail: Email, answer: Answer) -> bool:
        if answer.code == 250:
            self._record_sent(message, mail, str(answer))
        elif answer.about_recipient and answer.code >= 500:
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
        kept = {"subject": mail.subject, "text": outbox.mask_links(mail.text), "html": outbox.mask_links(mail.html)}
        calendar = mail.calendar.decode() if mail.calendar is not None else None
        self._record(
            message,
            state=MailState.SENT,
            sent_at=clock.now(),
            answer=answer,
            calendar=calendar,
            attempts=message.attempts + 1,
            **kept,
        )

    def _fail(self, message: OutboxMessage, answer: str) -> None:
        self._record(message, state=MailState.FAILED, answer=answer, attempts=message.attempts + 1, **_masked(message))

    def _defer(self, message: OutboxMessage, answer: str) -> None:
        now, attempts = clock.now(), message.attempts + 1
        if message.dated_at is not None and now - message.dated_at >= GIVE_UP_AFTER:
            self._fail(message, f"{answer} (given up after 48 hours)")
            return
        next_try_at = now + next_wait(attempts, _jitter.uniform(0.8, 1.2))
        self._record(message, state=MailState.DEFERRED, answer=answer, attempts=attempts, next_try_at=next_try_at)

    def _record(self, message: OutboxMessage, **values: Any) -> None:
        """Commits what became of the message. What the server has taken must not be forgotten: tried for a while."""
        for pause in (0.2, 1.0, 5.0, None):
            try:
                with transaction() as session:
                    session.execute(
                        sa.update(OutboxMessage)
                        .where(OutboxMessage.id == message.id, *outbox.held_by(self.worker_id))
                        .values(worker_id=None, leased_until=None, **values)
                        .execution_options(synchronize_session=False)
                    )
                return
            except sa.exc.OperationalError:
                if pause is None:
                    raise
                time.sleep(pause)


def _masked(message: OutboxMessage) -> dict[str, str]:
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
