"""Mails put in the outbox for tests, and how they stand."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.message import Dropped, Email
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.templates import Rendered
from eventsys.organisers.models import Organiser
from tests.mailing.sink import Sink

NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)
ME = uuid.uuid4()
WAIT = timedelta(seconds=37)


def set_clock(moment: datetime) -> None:
    with transaction() as session:
        clock.set_to(session, moment)


def put(
    *addresses: str, reason: str = "test", content: Rendered | None = None, due_at: datetime = NOW, priority: int = 0
) -> list[int]:
    """Mails to these addresses in the outbox; their ids."""
    with transaction() as session:
        organiser_id = session.scalar(sa.select(Organiser.id))
        if organiser_id is None:
            organiser = Organiser(slug="kkp", name="KKP", email="post@kkp.example")
            session.add(organiser)
            session.flush()
            organiser_id = organiser.id
        ids = [
            outbox.enqueue(
                session,
                organiser_id=organiser_id,
                reason_key=f"{reason}/{address}",
                template="test",
                email=address,
                name="",
                language="nb",
                priority=priority,
                due_at=due_at,
                now=NOW,
                content=content,
            )
            for address in addresses
        ]
    return [number for number in ids if number is not None]


def compose(messages: list[OutboxMessage]) -> dict[int, Email | Dropped]:
    return {message.id: Email(f"Til {message.email}", "Hei\n", "<p>Hei</p>\n") for message in messages}


def states() -> list[tuple[str, str, int, str | None]]:
    """Address, state, attempts and answer of each message in the order of the outbox."""
    db.session.rollback()
    found = db.session.scalars(
        sa.select(OutboxMessage).order_by(OutboxMessage.id).execution_options(populate_existing=True)
    )
    return [(message.email, message.state.value, message.attempts, message.answer) for message in found]


def all_messages() -> list[OutboxMessage]:
    db.session.rollback()
    query = sa.select(OutboxMessage).order_by(OutboxMessage.id).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def message_ids(sink: Sink) -> list[str]:
    return [str(message["Message-ID"]) for message in sink.messages]


def addresses(how_many: int) -> list[str]:
    return [f"p{number}@kommune.example" for number in range(1, how_many + 1)]
