"""A time is accepted, and the visit is an event from then on; that is moved, or called off, by either."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.accounts.models import Account
from eventsys.events import actions as events
from eventsys.events.contacts.actions import ContactFacts, set_contacts
from eventsys.events.models import Event, Run
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import Translated
from eventsys.organisations.models import Organisation, Position
from eventsys.registrations.actions import add_by_organiser
from eventsys.registrations.rules import NewRegistration, Side
from eventsys.venues import actions as venues
from eventsys.venues.models import Venue
from eventsys.venues.rules import NameIsTaken
from eventsys.visits.actions.history import lock, note
from eventsys.visits.models import Visit, VisitTime
from eventsys.visits.queries import is_taken, list_times
from eventsys.visits.rules import (
    OPEN,
    HasChanged,
    TimeFacts,
    TimeHasPassed,
    TimeIsTaken,
    VisitAct,
    VisitState,
)


def accept(
    session: Session, visit: Visit, chosen: uuid.UUID, position: Position, *, base_url: str, now: datetime
) -> Event:
    """Accepts one of the times: the visit is a closed event from now on, with a seat for who accepts and one for who comes.
    The same one accepted twice is one event. Raises `HasChanged`, `TimeHasPassed` and `TimeIsTaken`."""
    if visit.account_id is None:
        raise HasChanged
    account = _lock_account(session, visit.account_id)
    lock(session, visit)
    if visit.account_id != account.id:
        raise HasChanged
    time = next((one for one in list_times(session, visit.id) if one.public_id == chosen), None)
    if visit.state is VisitState.ACCEPTED and time is not None and time.is_chosen and visit.event_id is not None:
        return session.get_one(Event, visit.event_id)
    if visit.state is not VisitState.OFFERED or time is None:
        raise HasChanged
    _demand_free(session, account.id, read_time(time), now=now)
    event = _make_event(session, visit, read_time(time), account, base_url=base_url, now=now)
    time.is_chosen = True
    visit.event_id, visit.state = event.id, VisitState.ACCEPTED
    session.flush()
    _add_seats(session, visit, event.runs[0], account, position, now=now)
    note(session, visit, VisitAct.ACCEPTED, position_id=position.id, now=now)
    return event


def read_time(row: VisitTime) -> TimeFacts:
    return TimeFacts(row.starts_local, row.ends_local, row.timezone)


def _lock_account(session: Session, account_id: int) -> Account:
    """One at a time may be accepted of what somebody offers, for all of them may lie at the same hour."""
    return session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def _demand_free(session: Session, account_id: int, time: TimeFacts, *, but: int | None = None, now: datetime) -> None:
    starts_at, ends_at = (dates.to_utc(one, time.timezone) for one in (time.starts_local, time.ends_local))
    if starts_at <= now:
        raise TimeHasPassed
    if is_taken(session, account_id, starts_at, ends_at, but=but):
        raise TimeIsTaken


def _make_event(
    session: Session, visit: Visit, time: TimeFacts, account: Account, *, base_url: str, now: datetime
) -> Event:
    """A meeting that nobody else learns of, of the organiser whose adviser comes."""
    organisation = session.get_one(Organisation, visit.organisation_id)
    venue = _find_venue(session, visit)
    facts = EventFacts(
        EventType.MEETING, name_event(organisation), description={"nb": visit.wish, "nn": visit.wish},
        programme_id=visit.programme_id, by_invitation=True, is_closed=True,
    )  # fmt: skip
    event = events.create(
        session, organiser_id=visit.organiser_id, facts=facts, base_url=base_url, account_id=visit.account_id, now=now,
        clauses=[ClauseFacts(ClauseKind.ORGANISATION, organisation_id=organisation.id)],
        runs=[_to_run(time, venue)],
    )  # fmt: skip
    set_contacts(
        session, event, [ContactFacts(name=account.name, email=account.email, account_id=account.id)],
        account_id=account.id, now=now,
    )  # fmt: skip
    events.publish(session, event, account_id=visit.account_id, now=now)
    return event


def name_event(organisation: Organisation) -> Translated:
    return {
        "nb": f"Besøk hos {organisation.label}",
        "nn": f"Besøk hos {organisation.label}",
        "en": f"Visit to {organisation.label}",
    }


def _find_venue(session: Session, visit: Visit) -> Venue | None:
    """The place as a venue of the organiser's own: it is no business of other organisers."""
    if not visit.place:
        return None
    try:
        return venues.add(session, name=visit.place, organiser_id=visit.organiser_id, now=visit.created_at)
    except NameIsTaken:
        return venues.find_or_add(session, name=visit.place, organiser_id=visit.organiser_id)


def _to_run(time: TimeFacts, venue: Venue | None) -> RunFacts:
    starts, ends = time.starts_local, time.ends_local
    return RunFacts(
        Precision.EXACT, starts.date(), ends.date(), starts.time(), ends.time(), venue.id if venue else None,
        timezone=time.timezone,
    )  # fmt: skip


def _add_seats(
    session: Session, visit: Visit, run: Run, account: Account, position: Position, *, now: datetime
) -> None:
    """One for the contact and one for who comes, so that both get the calendar entry, reminders and what changes."""
    contact = NewRegistration(
        run.id, position.name, position.email, visit.organisation_id, f"visit-{visit.public_id}-contact",
        side=Side.ADMINISTRATION, language=position.language, invited=True,
    )  # fmt: skip
    comes = NewRegistration(
        run.id, account.name, account.email, None, f"visit-{visit.public_id}-adviser", language=account.language,
        invited=True,
    )  # fmt: skip
    for form in (contact, comes):
        add_by_organiser(session, form, account_id=account.id, now=now)


def move(session: Session, visit: Visit, time: TimeFacts, *, account_id: int, base_url: str, now: datetime) -> bool:
    """Moves an accepted visit; both are told as of every event. False if it is then already. Raises `HasChanged`,
    `TimeHasPassed` and `TimeIsTaken`."""
    account = _lock_account(session, visit.account_id or account_id)
    _event, run = _find_run(session, lock(session, visit))
    _demand_free(session, account.id, time, but=visit.id, now=now)
    starts, ends = time.starts_local, time.ends_local
    facts = RunFacts(
        Precision.EXACT, starts.date(), ends.date(), starts.time(), ends.time(), run.venue_id, run.capacity,
        time.timezone, run.room_id, run.layout,
    )  # fmt: skip
    if not events.change_run(session, run, facts=facts, base_url=base_url, account_id=account_id, now=now):
        return False
    note(session, visit, VisitAct.MOVED, account_id=account_id, now=now)
    return True


def _find_run(session: Session, visit: Visit) -> tuple[Event, Run]:
    if visit.state is not VisitState.ACCEPTED or visit.event_id is None:
        raise HasChanged
    run = session.scalars(sa.select(Run).filter_by(event_id=visit.event_id).order_by(Run.id)).first()
    if run is None:
        raise HasChanged
    return session.get_one(Event, visit.event_id), run


def cancel(
    session: Session,
    visit: Visit,
    *,
    position_id: int | None = None,
    account_id: int | None = None,
    words: str = "",
    base_url: str,
    now: datetime,
) -> bool:
    """Calls an accepted visit off; both are told as of every event. False if it is off already. Raises `HasChanged`."""
    if lock(session, visit).state is VisitState.CANCELLED:
        return False
    event, _run = _find_run(session, visit)
    events.cancel(session, event, base_url=base_url, line=words, account_id=account_id, now=now)
    visit.state = VisitState.CANCELLED
    note(session, visit, VisitAct.CANCELLED, position_id=position_id, account_id=account_id, words=words, now=now)
    return True


def pass_on_visits(session: Session, ended: Sequence[int], successor_id: int) -> None:
    """What those that ended wait for is what their successor waits for."""
    session.execute(
        sa.update(Visit)
        .where(Visit.organisation_id.in_(ended), Visit.state.in_((*OPEN, VisitState.ACCEPTED)))
        .values(organisation_id=successor_id)
        .execution_options(synchronize_session=False)
    )
