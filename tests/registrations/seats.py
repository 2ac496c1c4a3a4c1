"""Seats for the tests of places: somebody signs up, a delegation, an event's terms, and what became of it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventsys.events.models import Event, Run
from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import NewDelegation, NewSeat, Side, WhenFull
from tests.world import NOW, World, somebody


def seconds(later: float) -> datetime:
    return NOW + timedelta(seconds=later)


def sign_up(world: World, number: int, *, later: float | None = None, **more: object) -> int:
    """Somebody of that number signs up, as many seconds after the world was built unless said otherwise."""
    with transaction() as session:
        now = seconds(number if later is None else later)
        return actions.register(session, somebody(world, number, **more), now=now).registration.id


def colleagues(world: World, number: int, *, sides: str = "", named: bool = False, **more: Any) -> NewDelegation:
    """Delegation `number` of so many seats as there are letters: p(olitician), a(dministration), e(mployees' side)."""
    of = {"p": Side.POLITICIAN, "a": Side.ADMINISTRATION, "e": Side.EMPLOYEE_REPRESENTATIVE}
    seats = tuple(
        NewSeat(
            of[letter],
            f"Kollega Nummer{number}{place}" if named else "",
            f"kollega{number}{place}@kommune.example" if named else "",
        )
        for place, letter in enumerate(sides)
    )
    facts: dict[str, Any] = {
        "run_id": world.run_id("seminar"),
        "second_run_id": None,
        "organisation_id": world.municipalities["0821"],
        "name": f"Melder Nummer{number}",
        "email": f"melder{number}@kommune.example",
        "language": None,
        "seats": seats,
        "form_token": f"delegation-{number}",
        "when_full": None,
        **more,
    }
    return NewDelegation(**facts)


def sign_up_several(
    world: World, number: int, sides: str, when_full: WhenFull | None = None, *, later: float | None = None, **more: Any
) -> list[int]:
    with transaction() as session:
        form = colleagues(world, number, sides=sides, when_full=when_full, **more)
        made = actions.register_delegation(session, form, now=seconds(number if later is None else later))
        return [row.id for row in made.registrations]


def do(verb: Callable[..., Any], registration_id: int, *, now: datetime = NOW, **more: Any) -> Any:
    """The verb on the registration, in a transaction of its own."""
    with transaction() as session:
        return verb(session, session.get_one(Registration, registration_id), now=now, **more)


def set_terms(world: World, name: str = "seminar", **terms: Any) -> None:
    with transaction() as session:
        session.execute(sa.update(Event).where(Event.id == world.events[name].id).values(**terms))


def set_run(run_id: int, **facts: Any) -> None:
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.id == run_id).values(**facts))


def states(*ids: int) -> str:
    """The states of the registrations by their first letters: c(onfirmed), w(aiting), o(ffered), r(equested), d(eclined),
    x for cancelled, A(ttended), - for absent."""
    letters = {"cancelled": "x", "attended": "A", "absent": "-"}
    db.session.rollback()
    rows = db.session.execute(sa.select(Registration.id, Registration.state).where(Registration.id.in_(ids)))
    found = {row.id: letters.get(row.state, row.state[0]) for row in rows}
    return "".join(found[one] for one in ids)


def find(registration_id: int) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration_id)


def history(*ids: int) -> list[tuple[int, str, str, str]]:
    """Which registration, what, who and to which state, in the order in which it was written."""
    db.session.rollback()
    rows = db.session.scalars(
        sa.select(RegistrationChange).where(RegistrationChange.registration_id.in_(ids)).order_by(RegistrationChange.id)
    )
    return [(row.registration_id, row.change.value, row.actor.value, row.to_state.value) for row in rows]


def last_change(registration_id: int) -> RegistrationChange:
    db.session.rollback()
    statement = (
        sa.select(RegistrationChange)
        .where(RegistrationChange.registration_id == registration_id)
        .order_by(RegistrationChange.id.desc())
        .limit(1)
    )
    return db.session.scalars(statement).one()
