"""The outbox as a queue of rows: put in, claimed with a lease, given back, tried again, called off. No SMTP here."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.mailing.life import find_silent
from eventsys.mailing.message import one_line
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rates import Rates, reserve
from eventsys.mailing.rules import BULK, LEASE, MailState
from eventsys.mailing.templates import Rendered
from eventsys.organisers.models import Organiser

# Written out, so that both databases see that the partial indexes on open messages answer the query.
WAITS = sa.text("outbox.state IN ('queued','deferred','uncertain')")
IS_SENDING = sa.text("outbox.state = 'sending'")
Held = sa.ColumnElement[bool] | None
"""A condition over outbox rows: what it is true of is not claimed. None: nothing is paused."""
LINK = re.compile(r"/[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
NOW_TYPE = OutboxMessage.created_at.type
UNCERTAIN = "the worker ended before it heard the mail server's answer"


class Claimed(NamedTuple):
    """What delivery needs of a message that a worker has taken: columns alone."""

    id: int
    public_id: uuid.UUID
    organiser_id: int
    template: str
    email: str
    email_key: str
    name: str
    language: str
    priority: int
    next_try_at: datetime
    attempts: int
    message_id: str
    dated_at: datetime | None
    subject: str | None
    text: str | None
    html: str | None


CLAIMED: tuple[Any, ...] = tuple(getattr(OutboxMessage, name) for name in Claimed._fields)


class CannotBeDone(Exception):
    """The message is not in a state for that: being sent, sent already, or without its content."""


def enqueue(
    session: Session,
    *,
    organiser_id: int,
    reason_key: str,
    template: str,
    email: str,
    name: str,
    language: str,
    due_at: datetime,
    now: datetime,
    priority: int = 0,
    content: Rendered | None = None,
) -> int | None:
    """Puts a mail in the outbox, due at `due_at`; its id, or None if a mail with this reason is there already.

    `reason_key` says why the mail exists. With `content` it is sent as it is and nobody is asked to compose it; the
    personal links in it are masked once it has been sent. Such a mail cannot be tried again by hand.
    """
    values = {
        "public_id": uuid.uuid4(),
        "organiser_id": organiser_id,
        "reason_key": reason_key,
        "template": template,
        "email": email,
        "email_key": email_key(email),
        "name": one_line(name)[:200],
        "language": language,
        "state": MailState.QUEUED,
        "due_at": due_at,
        "next_try_at": due_at,
        "created_at": now,
        "attempts": 0,
        "priority": priority,
        "message_id": new_message_id(),
    }
    if content is not None:
        values.update(subject=content.subject, text=content.text, html=content.html)
    insert: Any = insert_into(session, OutboxMessage).values(values).on_conflict_do_nothing()
    added: int | None = session.scalar(insert.returning(OutboxMessage.id))
    return added


def insert_into(session: Session, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, of the session's database."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def random_id(session: Session) -> sa.ColumnElement[uuid.UUID]:
    """A random UUID for each row of an INSERT … SELECT, as the session's database makes and keeps one."""
    if session.get_bind().dialect.name == "postgresql":
        return sa.func.gen_random_uuid(type_=sa.Uuid())
    return sa.type_coerce(sa.func.lower(sa.func.hex(sa.func.randomblob(16))), sa.Uuid())


def new_message_id() -> str:
    """The part of a Message-ID before the @. The part behind it, the sender's domain, is added at the first try."""
    return f"outbox-{uuid.uuid4().hex}"


def has_due(
    session: Session,
    *,
    worker_id: uuid.UUID,
    now: datetime,
    real_now: datetime,
    stale: timedelta,
    held: Held = None,
) -> bool:
    """Whether there is something to claim or to give back: a read, so that an idle worker takes no lock.

    `held` is true of messages that are paused: they stay where they are.
    """
    due = sa.select(1).select_from(OutboxMessage).where(*_claimable(now, held)).limit(1)
    abandoned = sa.select(1).select_from(OutboxMessage).where(_abandoned(worker_id, real_now, stale)).limit(1)
    return session.scalar(due) is not None or session.scalar(abandoned) is not None


def claim(
    session: Session,
    *,
    worker_id: uuid.UUID,
    domain: str,
    batch: int,
    now: datetime,
    real_now: datetime,
    held: Held = None,
    rates: Rates | None = None,
) -> list[Claimed]:
    """Takes up to `batch` due messages for this worker, answers to people's own acts before bulk.

    The first claim gives a message its Date and the domain of its Message-ID; both stay for every later try.
    """
    columns = OutboxMessage.id, OutboxMessage.email_key, OutboxMessage.priority
    due = (
        sa.select(*columns)
        .where(*_claimable(now, held))
        .order_by(OutboxMessage.priority, OutboxMessage.next_try_at, OutboxMessage.id)
        .with_for_update(skip_locked=True)
    )
    ids: Any = due.with_only_columns(OutboxMessage.id).limit(batch).scalar_subquery()
    if rates is not None:
        ids = reserve(session, due, rates, batch=batch, now=now, real_now=real_now)
    has_domain = OutboxMessage.message_id.contains("@")
    claimed = session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids))
        .values(
            state=MailState.SENDING,
            worker_id=worker_id,
            leased_until=real_now + LEASE,
            began_at=None,
            dated_at=sa.func.coalesce(OutboxMessage.dated_at, sa.literal(now, OutboxMessage.dated_at.type)),
            message_id=sa.case((has_domain, OutboxMessage.message_id), else_=OutboxMessage.message_id + f"@{domain}"),
        )
        .returning(*CLAIMED)
        .execution_options(synchronize_session=False)
    )
    return sorted(map(Claimed._make, claimed), key=lambda message: (message.priority, message.next_try_at, message.id))


def give_back_abandoned(session: Session, *, worker_id: uuid.UUID, real_now: datetime, stale: timedelta) -> int:
    """Messages whose lease has ended, whose worker has been silent for `stale`, or that this worker left behind when it
    last failed, are due again; those that were handed to the server already are uncertain. How many."""
    was_begun = OutboxMessage.began_at.is_not(None)
    state = sa.case((was_begun, sa.literal(MailState.UNCERTAIN, OutboxMessage.state.type)), else_=_waiting_state())
    attempts = sa.case((was_begun, OutboxMessage.attempts + 1), else_=OutboxMessage.attempts)
    answer = sa.case((was_begun, UNCERTAIN), else_=OutboxMessage.answer)
    returned = session.scalars(
        sa.update(OutboxMessage)
        .where(_abandoned(worker_id, real_now, stale))
        .values(state=state, attempts=attempts, answer=answer, worker_id=None, leased_until=None)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(returned.all())


def give_back(session: Session, ids: Sequence[int], *, worker_id: uuid.UUID) -> None:
    """Messages that this worker claimed and did not try are due again, without an attempt counted."""
    session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids), *held_by(worker_id))
        .values(state=_waiting_state(), worker_id=None, leased_until=None, began_at=None)
        .execution_options(synchronize_session=False)
    )


def keep_leases(session: Session, *, worker_id: uuid.UUID, real_now: datetime) -> None:
    """A living worker's messages stay its own, however long they take. A lease with more than half of its time left is as
    it should be: a batch is through long before, and every row that is written again costs the one who sends it."""
    session.execute(
        sa.update(OutboxMessage)
        .where(*held_by(worker_id), OutboxMessage.leased_until < real_now + LEASE / 2)
        .values(leased_until=real_now + LEASE)
        .execution_options(synchronize_session=False)
    )


def held_by(worker_id: uuid.UUID) -> tuple[Any, ...]:
    return IS_SENDING, OutboxMessage.worker_id == worker_id


def retry(session: Session, message: OutboxMessage, *, now: datetime) -> None:
    """Makes a message that failed, waits or was held back due now, with a new 48 hours. Raises `CannotBeDone`."""
    tryable = (MailState.FAILED, MailState.DEFERRED, MailState.SUPPRESSED, MailState.UNCERTAIN)
    values = {"state": MailState.QUEUED, "next_try_at": now, "attempts": 0, "dated_at": None, "answer": None}
    _move(session, message, [*tryable], values, OutboxMessage.text.is_(None))


def cancel(session: Session, message: OutboxMessage, *, why: str = "called off by an organiser", now: datetime) -> None:
    """Calls off a message that has not gone. Raises `CannotBeDone` when it is being sent or was sent."""
    waiting = (MailState.QUEUED, MailState.DEFERRED, MailState.FAILED, MailState.SUPPRESSED)
    _move(session, message, [*waiting], {"state": MailState.CANCELLED, "answer": why})


def count_as_sent(session: Session, message: OutboxMessage, *, now: datetime) -> None:
    """Says of an uncertain message that it went out, so that it is not sent again. Raises `CannotBeDone`."""
    values = {"state": MailState.SENT, "sent_at": sa.func.coalesce(OutboxMessage.began_at, sa.literal(now, NOW_TYPE))}
    _move(session, message, [MailState.UNCERTAIN], values)


def mask_links(text: str) -> str:
    """The text as it is kept: the tokens of personal links are taken out."""
    return LINK.sub("/…", text)


def _move(
    session: Session,
    message: OutboxMessage,
    states: list[MailState],
    values: dict[str, Any],
    *conditions: sa.ColumnElement[bool],
) -> None:
    """A conditional UPDATE, so that a worker that claims the message at this moment wins or loses, and never both."""
    moved = session.scalar(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == message.id, OutboxMessage.state.in_(states), *conditions)
        .values(**values)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise CannotBeDone(message.state.value)
    if message in session:
        session.refresh(message)


def _claimable(now: datetime, held: Held) -> list[Any]:
    is_kept = sa.and_(
        OutboxMessage.state == MailState.UNCERTAIN,
        OutboxMessage.priority >= BULK,
        OutboxMessage.organiser_id.in_(sa.select(Organiser.id).where(Organiser.holds_uncertain)),
    )
    return [WAITS, OutboxMessage.next_try_at <= now, sa.not_(is_kept), *([] if held is None else [sa.not_(held)])]


def _abandoned(worker_id: uuid.UUID, real_now: datetime, stale: timedelta) -> sa.ColumnElement[bool]:
    return sa.and_(
        IS_SENDING,
        sa.or_(
            OutboxMessage.leased_until < real_now,
            OutboxMessage.worker_id.in_(find_silent(worker_id, real_now=real_now, stale=stale)),
            OutboxMessage.worker_id == worker_id,
        ),
    )


def _waiting_state() -> sa.ColumnElement[Any]:
    return sa.case(
        (OutboxMessage.attempts > 0, sa.literal(MailState.DEFERRED, OutboxMessage.state.type)),
        else_=sa.literal(MailState.QUEUED, OutboxMessage.state.type),
    )
