"""Verbs on what is promised and who is excused; the caller owns the transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.events.rules import EventType
from eventsys.obligations.models import Excuse, Obligation, ObligationSide
from eventsys.obligations.rules import SIDES_ASKED, ExcuseState
from eventsys.programmes.models import Cohort
from eventsys.registrations.rules import Side


class HasChanged(Exception):
    """Somebody changed it meanwhile."""


class IsDecided(Exception):
    """The excuse has been granted, refused or withdrawn meanwhile."""


@dataclass(frozen=True, slots=True)
class ObligationFacts:
    """What each member of a cohort is to do: so many times, in a period, in the events of a series or else of a type."""

    cohort_id: int
    series_id: int | None
    event_type: EventType | None
    name: Mapping[str, str]
    required: int
    first_on: date
    last_on: date


def create(
    session: Session,
    *,
    organiser_id: int,
    facts: ObligationFacts,
    sides: Collection[Side] = (),
    public_id: uuid.UUID | None = None,
    account_id: int | None = None,
    now: datetime,
) -> Obligation:
    """The one of this `public_id` if it is there already, so that a form sent twice makes one."""
    public_id = public_id or uuid.uuid4()
    cohort = session.scalars(
        sa.select(Cohort).where(Cohort.id == facts.cohort_id).with_for_update(key_share=True)
    ).one()
    there = session.scalar(sa.select(Obligation).where(Obligation.public_id == public_id))
    if there is not None:
        return there
    made = Obligation(
        public_id=public_id, organiser_id=organiser_id, programme_id=cohort.programme_id, created_at=now,
        account_id=account_id, **asdict(facts),
    )  # fmt: skip
    session.add(made)
    session.flush()
    _set_sides(session, made, sides)
    return made


def change(
    session: Session, obligation: Obligation, facts: ObligationFacts, *, sides: Collection[Side], edition: int
) -> None:
    """Saved as it was, it stays the edition that it is. Raises `HasChanged` where it is no more the one that was read."""
    session.refresh(obligation, with_for_update={"key_share": True})
    if obligation.edition != edition or obligation.removed_at is not None:
        raise HasChanged
    was = {name: getattr(obligation, name) for name in asdict(facts)}
    if was == asdict(facts) and set(sides) & set(SIDES_ASKED) == _list_sides(session, obligation):
        return
    for name, value in asdict(facts).items():
        setattr(obligation, name, value)
    obligation.programme_id = session.get_one(Cohort, facts.cohort_id).programme_id
    obligation.edition += 1
    _set_sides(session, obligation, sides)


def _list_sides(session: Session, obligation: Obligation) -> set[Side]:
    return set(session.scalars(sa.select(ObligationSide.side).where(ObligationSide.obligation_id == obligation.id)))


def _set_sides(session: Session, obligation: Obligation, sides: Collection[Side]) -> None:
    session.execute(sa.delete(ObligationSide).where(ObligationSide.obligation_id == obligation.id))
    session.add_all(ObligationSide(obligation_id=obligation.id, side=side) for side in SIDES_ASKED if side in sides)
    session.flush()


def remove(session: Session, obligation: Obligation, *, now: datetime) -> bool:
    """From now on nobody promised it; False if that is so already."""
    session.refresh(obligation, with_for_update={"key_share": True})
    if obligation.removed_at is not None:
        return False
    obligation.removed_at = now
    session.flush()
    return True


# --- excuses --------------------------------------------------------------------------------------------------------


def ask_excuse(
    session: Session, event: Event, organisation_id: int, *, words: str, position_id: int | None, now: datetime
) -> Excuse:
    """The organisation's request to be excused from an event; the one that lives, where there is one."""
    there = _lock_live(session, event.id, organisation_id)
    if there is not None:
        return there
    made = Excuse(
        organiser_id=event.organiser_id, event_id=event.id, organisation_id=organisation_id, state=ExcuseState.ASKED,
        words=words, asked_at=now, position_id=position_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def withdraw_excuse(session: Session, excuse: Excuse, *, now: datetime) -> None:
    """Raises `IsDecided` where it does not wait any more."""
    _lock_live(session, excuse.event_id, excuse.organisation_id)
    session.refresh(excuse)
    if excuse.state is not ExcuseState.ASKED:
        raise IsDecided
    excuse.state, excuse.decided_at = ExcuseState.WITHDRAWN, now
    session.flush()


def decide_excuse(
    session: Session, excuse: Excuse, *, state: ExcuseState, why: str, account_id: int | None, now: datetime
) -> None:
    """Granted or refused, with why; one that was granted may be refused after all. Raises `IsDecided` for others."""
    _lock_live(session, excuse.event_id, excuse.organisation_id)
    session.refresh(excuse)
    if excuse.state not in (ExcuseState.ASKED, ExcuseState.GRANTED) or excuse.state is state:
        raise IsDecided
    excuse.state, excuse.why, excuse.account_id, excuse.decided_at = state, why, account_id, now
    session.flush()


def grant_excuse(
    session: Session, event: Event, organisation_id: int, *, why: str, account_id: int | None, now: datetime
) -> Excuse:
    """An excuse that nobody asked for, or the one that was asked for."""
    made = ask_excuse(session, event, organisation_id, words="", position_id=None, now=now)
    if made.state is ExcuseState.ASKED:
        decide_excuse(session, made, state=ExcuseState.GRANTED, why=why, account_id=account_id, now=now)
    return made


def _lock_live(session: Session, event_id: int, organisation_id: int) -> Excuse | None:
    session.execute(sa.select(Event.id).where(Event.id == event_id).with_for_update(key_share=True))
    live = Excuse.state.in_((ExcuseState.ASKED, ExcuseState.GRANTED))
    return session.scalar(
        sa.select(Excuse).where(Excuse.event_id == event_id, Excuse.organisation_id == organisation_id, live)
    )
