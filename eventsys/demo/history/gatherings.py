"""The gatherings until the summer of 2008: who came from where, and what each municipality had promised."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.history import story
from eventsys.demo.history.calls import By
from eventsys.demo.people import SIDES, make_address, make_name
from eventsys.events import actions as events
from eventsys.events.models import Event, Run, Series
from eventsys.events.rules import TIMEZONE, ClauseFacts, ClauseKind, EventFacts, EventType, Precision, RunFacts
from eventsys.events.series.actions import add_series
from eventsys.obligations import actions as obligations
from eventsys.obligations.actions import ObligationFacts
from eventsys.organisations.models import Organisation
from eventsys.registrations.actions import register_delegation
from eventsys.registrations.attendance.actions import record_attendance
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import NewDelegation, NewSeat, Side
from eventsys.venues.actions import find_or_add as find_or_add_venue

AHEAD = 16
"""Days before it that a gathering is announced: then who was admitted to it has been so."""
COMES, WITH_ALL = 0.88, 0.8
"""How many of the municipalities come to a gathering, and how many of those with all three sides; by lot."""


def open_series(session: Session, by: By, cohort_ids: Mapping[int, int]) -> dict[int, Series]:
    """The learning seminars of each cohort that has had one."""
    return {
        ordinal: add_series(
            session, organiser_id=by.programme.organiser_id, name=name, programme_id=by.programme.id,
            cohort_id=cohort_ids[ordinal], now=story.SENT_AT,
        )
        for ordinal, name in story.SERIES.items()
    }  # fmt: skip


def promise(session: Session, by: By, cohort_ids: Mapping[int, int], series: Mapping[int, Series]) -> None:
    """So many seminars in the period, with all three sides."""
    for ordinal, name, required, first_on, last_on in story.PROMISED:
        facts = ObligationFacts(cohort_ids[ordinal], series[ordinal].id, None, name, required, first_on, last_on)
        obligations.create(
            session, organiser_id=by.programme.organiser_id, facts=facts, sides=SIDES, account_id=by.account_id,
            now=story.SENT_AT,
        )  # fmt: skip


def hold(
    session: Session,
    random: Random,
    by: By,
    *,
    cohort_ids: Mapping[int, int],
    members: Mapping[int, Sequence[Organisation]],
    series: Mapping[int, Series],
    years: Container[int],
    base_url: str,
) -> list[Event]:
    """Every gathering of these years that is over, with who came; attendance was taken at all but the last."""
    held, venue_id = [], find_or_add_venue(session, name=story.PLACE).id
    for type_, ordinal, title, cohort, first, last in story.PAST:
        if first.year not in years:
            continue
        announced = _at(first, 9) - timedelta(days=AHEAD)
        event = events.create(
            session,
            organiser_id=by.programme.organiser_id,
            facts=EventFacts(
                EventType(type_), dict.fromkeys(("nb", "nn"), title), ordinal=ordinal, programme_id=by.programme.id,
                series_id=series[cohort].id if ordinal else None,
            ),
            clauses=[ClauseFacts(ClauseKind.COHORT, cohort_id=cohort_ids[cohort])],
            runs=[RunFacts(Precision.EXACT, first, last, time(10), time(15), venue_id)],
            base_url=base_url,
            account_id=by.account_id,
            now=announced,
        )  # fmt: skip
        events.publish(session, event, account_id=by.account_id, now=announced)
        run = session.scalars(sa.select(Run).where(Run.event_id == event.id)).one()
        for one in members[cohort]:
            if random.random() < COMES:
                _sign_up(session, random, run, one, now=announced + timedelta(days=random.randrange(1, AHEAD - 3)))
        if first != story.PAST[-1][4]:
            _take_attendance(session, random, run, by, last)
        held.append(event)
    return held


def _sign_up(session: Session, random: Random, run: Run, municipality: Organisation, *, now: datetime) -> None:
    """A delegation of the three sides, or of two of them."""
    sides: Sequence[Side] = SIDES if random.random() < WITH_ALL else random.sample(SIDES, 2)
    names = [make_name(random) for _side in sides]
    form = NewDelegation(
        run_id=run.id, second_run_id=None, organisation_id=municipality.id, name=names[0],
        email=make_address(names[0], municipality.label), language=None,
        seats=tuple(
            NewSeat(side, name, make_address(name, municipality.label)) for side, name in zip(sides, names, strict=True)
        ),
        form_token=f"demo-{run.id}-{municipality.id}",
    )  # fmt: skip
    register_delegation(session, form, now=now)


def _take_attendance(session: Session, random: Random, run: Run, by: By, last: date) -> None:
    seats = session.scalars(sa.select(Registration.id).where(Registration.run_id == run.id).order_by(Registration.id))
    absent = [number for number in seats if random.random() < 0.06]
    record_attendance(session, run, absent_ids=absent, account_id=by.account_id, now=_at(last, 16))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(TIMEZONE)).astimezone(UTC)
