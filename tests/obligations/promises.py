"""Given-data about promises: what a cohort is to do, gatherings it was at, and who came."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsys.events.models import EventClause, Run
from eventsys.events.rules import ClauseKind, EventType, Precision, RunStatus
from eventsys.obligations import actions
from eventsys.obligations.actions import ObligationFacts
from eventsys.obligations.models import Obligation
from eventsys.obligations.queries import AtRisk, Promise, list_cells, select_at_risk
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.registrations.rules import Side, State
from tests.workflows import rows
from tests.world import NOW, World

SIDES = (Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE)
TODAY = date(2008, 8, 18)


def add_obligation(
    session: Session, world: World, *, cohort: int = 2, sides: Collection[Side] = (), **more: Any
) -> Obligation:
    """That pulje II comes to a learning seminar in 2008, as often as is asked."""
    facts: dict[str, Any] = {
        "cohort_id": world.cohorts[cohort], "series_id": None, "event_type": EventType.LEARNING_SEMINAR,
        "name": {"nb": "Læringsseminarene", "nn": "Læringsseminara", "en": "The learning seminars"}, "required": 2,
        "first_on": date(2008, 1, 1), "last_on": date(2008, 12, 31),
    }  # fmt: skip
    return actions.create(
        session, organiser_id=world.secretariat, facts=ObligationFacts(**facts | more), sides=sides, now=NOW
    )


def add_gathering(
    session: Session, world: World, on: date | None, *, cohort: int | None = 2, taken: bool = True, **more: Any
) -> Run:
    """A learning seminar of two days for a cohort; when it is over its attendance was `taken`. Without a day: some time."""
    organiser = session.get_one(Organiser, world.secretariat)
    event = rows.add_event(session, organiser, **more)
    if cohort is not None:
        session.add(EventClause(event_id=event.id, kind=ClauseKind.COHORT, cohort_id=world.cohorts[cohort]))
    if on is None:
        return rows.add_run(session, event, **rows_without_day())
    run = rows.add_run(session, event, **rows.days(on, on + timedelta(days=1)))
    if taken and run.last_on is not None and run.last_on < TODAY:
        run.attendance_at = NOW
    session.flush()
    return run


def rows_without_day() -> dict[str, Any]:
    return {
        "precision": Precision.UNKNOWN, "first_on": None, "last_on": None, "starts_local": None, "ends_local": None,
        "starts_at": None, "ends_at": None, "sort_at": NOW + timedelta(days=900),
    }  # fmt: skip


def come(
    session: Session,
    world: World,
    run: Run,
    number: str,
    *,
    sides: Collection[Side] = SIDES,
    state: State | None = None,
) -> None:
    """So many of a municipality at a run: those who came where it is over, else those with a place."""
    organisation = session.get_one(Organisation, world.municipalities[number])
    is_over = run.last_on is not None and run.last_on < TODAY
    for side in sides:
        rows.register(
            session, run, organisation=organisation, side=side, noticed=True,
            state=state or (State.ATTENDED if is_over else State.CONFIRMED),
        )  # fmt: skip


def stand(session: Session, *obligations: Obligation, on: date = TODAY, **more: Any) -> list[Promise]:
    return list_cells(session, list(obligations), on=on, **more)


def tell(promise: Promise, world: World, number: str) -> list[str]:
    """The standings of a municipality's row, a dash where it was no member."""
    row = promise.rows[world.municipalities[number]]
    return [cell.standing.value if cell is not None else "-" for cell in row]


def at_risk(session: Session, run: Run) -> dict[int, AtRisk]:
    return select_at_risk(session, run.event_id, TODAY)


def cancel(session: Session, run: Run) -> None:
    run.status = RunStatus.CANCELLED
    session.flush()
