"""A thousand people who have just registered, in a few statements; how their mails stand, and what came of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db, transaction
from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Person
from eventsys.organisations.rules import name_key
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Actor, Change, State
from tests.faults.server import Taken
from tests.mailing.sink import parse
from tests.workflows import rows
from tests.workflows.rows import MORNING


def crowd(how_many: int) -> list[str]:
    return [f"p{number}@kommune.example" for number in range(how_many)]


def register_crowd(how_many: int) -> None:
    """So many people sign up; no worker has noticed yet."""
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        people = _insert(session, Person, [_person(email) for email in crowd(how_many)])
        facts = {"organiser_id": run.organiser_id, "event_id": run.event_id, "run_id": run.id}
        registered = [
            {**facts, **_registration(email, person_id)}
            for email, person_id in zip(crowd(how_many), people, strict=True)
        ]
        registrations = _insert(session, Registration, registered)
        session.execute(sa.insert(RegistrationChange), [_change(registration_id) for registration_id in registrations])


def _insert(session: Session, table: Any, values: list[dict[str, Any]]) -> Sequence[int]:
    return session.scalars(sa.insert(table).returning(table.id, sort_by_parameter_order=True), values).all()


def _person(email: str) -> dict[str, Any]:
    return {"email_key": email_key(email), "name_key": name_key(email), "created_at": MORNING}


def _registration(email: str, person_id: int) -> dict[str, Any]:
    return {
        "person_id": person_id, "name": f"Deltaker {person_id}", "email": email, "email_key": email_key(email),
        "language": "nb", "state": State.CONFIRMED, "queued_at": MORNING, "form_token": email, "created_at": MORNING,
    }  # fmt: skip


def _change(registration_id: int) -> dict[str, Any]:
    return {
        "registration_id": registration_id, "change": Change.REGISTERED, "at": MORNING, "actor": Actor.PARTICIPANT,
        "to_state": State.CONFIRMED,
    }  # fmt: skip


def count_states() -> Counter[str]:
    """How many mails of the outbox are in which state."""
    db.session.rollback()
    found = db.session.execute(sa.select(OutboxMessage.state, sa.func.count()).group_by(OutboxMessage.state))
    return Counter({state.value: number for state, number in found})


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it took too long: {count_states()}"
        time.sleep(0.005)


def find_duplicates(taken: Sequence[Taken]) -> int:
    """How many mails came once too often. Each duplicate has the Message-ID and the Date of the mail that it repeats."""
    ids = {(mail.recipient, *_identity(mail)) for mail in taken}
    assert len(ids) == len({recipient for recipient, *_rest in ids}), "one mail came under two Message-IDs"
    assert len(ids) == len({message_id for _recipient, message_id, _date in ids}), "two mails share a Message-ID"
    return len(taken) - len(ids)


def _identity(mail: Taken) -> tuple[str, str]:
    message = parse(mail.content)
    return str(message["Message-ID"]), str(message["Date"])
