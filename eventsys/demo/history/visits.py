"""Visits that municipalities asked for: held, coming, offered, waiting, declined. Made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.history import words
from eventsys.demo.history.words import Visited
from eventsys.demo.programme import OPENS_AT
from eventsys.events.models import Event, Run
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.rules import language_of
from eventsys.programmes.models import Programme
from eventsys.registrations.attendance.actions import record_attendance
from eventsys.visits import actions
from eventsys.visits.actions import Taker
from eventsys.visits.models import Visit
from eventsys.visits.queries import list_times
from eventsys.visits.rules import Ask, TimeFacts, VisitKind

LASTS = timedelta(hours=2)
TAKEN_AFTER, ANSWERED_AFTER = timedelta(days=1, hours=2), timedelta(days=6, hours=3)


def visit_all(
    session: Session,
    programme: Programme,
    takers: Mapping[VisitKind, Taker],
    *,
    members: Mapping[int, Sequence[Organisation]],
    contacts: Mapping[int, int],
    base_url: str,
) -> list[Visit]:
    """Each as far as it has come by the morning that the demo opens on."""
    made = []
    for number, planned in enumerate(words.VISITS, 1):
        municipality = members[planned.cohort][planned.place]
        position = session.get_one(Position, contacts[municipality.id])
        visit = _ask(session, programme, planned, municipality, position, form_token=f"demo-visit-{number}")
        _answer(session, visit, planned, takers[planned.kind])
        if planned.chosen is not None:
            _accept(session, visit, planned, position, base_url)
        made.append(visit)
    return made


def _ask(
    session: Session, programme: Programme, planned: Visited, municipality: Organisation, position: Position, *,
    form_token: str,
) -> Visit:  # fmt: skip
    language = language_of(municipality.language_form, "nb")
    wish = planned.wish[language if language in planned.wish else "nb"]
    asked = Ask(planned.kind, wish, f"Rådhuset, {municipality.label}", form_token)
    visit, _is_new = actions.ask(
        session, position, programme, asked, on=planned.asked_at.date(), now=planned.asked_at
    )  # fmt: skip
    return visit


def _answer(session: Session, visit: Visit, planned: Visited, taker: Taker) -> None:
    now = planned.asked_at + TAKEN_AFTER
    if planned.declined:
        actions.decline(session, visit, taker, words=planned.declined, now=now)
    if planned.times:
        starts = [datetime.combine(day, time(hour)) for day, hour in planned.times]
        actions.offer(session, visit, [TimeFacts(one, one + LASTS) for one in starts], taker, now=now)


def _accept(session: Session, visit: Visit, planned: Visited, position: Position, base_url: str) -> None:
    """From then on it is an event; of one that is over the attendance is taken."""
    assert planned.chosen is not None
    chosen = list_times(session, visit.id)[planned.chosen]
    event = actions.accept(
        session, visit, chosen.public_id, position, base_url=base_url, now=planned.asked_at + ANSWERED_AFTER
    )
    ends_at = (chosen.ends_local + timedelta(hours=2)).replace(tzinfo=UTC)
    if ends_at < OPENS_AT:
        _take_attendance(session, event, visit, ends_at)


def _take_attendance(session: Session, event: Event, visit: Visit, now: datetime) -> None:
    assert visit.account_id is not None
    run = session.scalars(sa.select(Run).filter_by(event_id=event.id)).one()
    record_attendance(session, run, absent_ids=(), account_id=visit.account_id, now=now)
