"""Reads how everybody stands to what they promised: so many statements, whatever the number of members and gatherings."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.queries import scope
from eventsys.events.models import Event, Series
from eventsys.obligations.gatherings import Duty, Gathering, list_gatherings, read_duties
from eventsys.obligations.members import Members, read_members, read_successors
from eventsys.obligations.models import Excuse, Obligation
from eventsys.obligations.rules import (
    SIGNED_UP,
    Cell,
    ExcuseState,
    Kept,
    Seat,
    count_met,
    decide_standing,
    find_last_chances,
)
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import sort_key
from eventsys.programmes.models import Cohort, CohortMembership, Network, NetworkMembership, Programme
from eventsys.programmes.queries import lasts
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import HOLDS_A_PLACE, Side, State

SIDES: tuple[Side | None, ...] = (*Side, None)
CAME, COMING, PLACE = 1, 1 << len(SIDES), 1 << 2 * len(SIDES)
"""What a seat says of its side in the sum of an organisation at an event: three groups of bits, one a side."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One obligation: its gatherings in order of time, and for each member's id a cell for each of them."""

    duty: Duty
    gatherings: Sequence[Gathering]
    rows: dict[int, Sequence[Cell | None]]
    kept: dict[int, Kept]

    def last_chances(self, organisation_id: int) -> list[int]:
        return find_last_chances(self.rows[organisation_id], self.duty.row.required)


class MayRead(NamedTuple):
    """Which members an organiser may read of, of one programme: all of them, or those of the networks it advises."""

    everybody: bool
    organisation_ids: frozenset[int] = frozenset()


def find_programme(session: Session, slug: str, *, organiser_id: int) -> Programme | None:
    """A programme that is the organiser's own, that it was let into, or of whose networks it advises one."""
    advised = sa.select(Network.programme_id).where(Network.organiser_id == organiser_id)
    mine = sa.or_(Programme.id.in_(scope.programmes(organiser_id)), Programme.id.in_(advised))
    return session.scalar(sa.select(Programme).where(Programme.slug == slug, mine))


def read_scope(session: Session, programme_id: int, *, organiser_id: int, on: date) -> MayRead:
    mine = sa.select(Programme.id).where(Programme.id == programme_id, Programme.id.in_(scope.programmes(organiser_id)))
    if session.scalar(mine) is not None:
        return MayRead(True)
    advised = (
        sa.select(NetworkMembership.organisation_id)
        .join(Network, Network.id == NetworkMembership.network_id)
        .where(Network.programme_id == programme_id, Network.organiser_id == organiser_id, lasts(NetworkMembership, on))
    )
    return MayRead(False, frozenset(session.scalars(advised)))


def list_obligations(
    session: Session, *, programme_ids: Collection[int] | None = None, cohort_ids: Collection[int] | None = None
) -> list[Obligation]:
    """Those that hold, in order of their period."""
    statement = sa.select(Obligation).where(Obligation.removed_at.is_(None))
    if programme_ids is not None:
        statement = statement.where(Obligation.programme_id.in_(programme_ids))
    if cohort_ids is not None:
        statement = statement.where(Obligation.cohort_id.in_(cohort_ids))
    return list(session.scalars(statement.order_by(Obligation.first_on, Obligation.id)))


def list_obligations_of(session: Session, organisation_id: int) -> list[Obligation]:
    """Those of the cohorts that an organisation, or one that became it, has been in; of other organisers too."""
    became = read_successors(session)
    ids = {organisation_id, *(one for one, now in became.items() if now == organisation_id)}
    of = sa.select(CohortMembership.cohort_id).where(CohortMembership.organisation_id.in_(ids))
    cohort_ids = set(session.scalars(of))
    return list_obligations(session, cohort_ids=cohort_ids) if cohort_ids else []


def list_cells(
    session: Session,
    obligations: Sequence[Obligation],
    *,
    may: MayRead | None = None,
    only: int | None = None,
    on: date,
) -> list[Promise]:
    """How everybody stands to each obligation on a day; `may` leaves only those whom somebody may read of, `only` one."""
    duties = read_duties(session, obligations)
    gatherings = list_gatherings(session, duties) if duties else {}
    every = {one.event_id: one for of_duty in gatherings.values() for one in of_duty}
    members = read_members(session, duties, every.values())
    shown = None if may is None or may.everybody else {members.now(one) for one in may.organisation_ids}
    if only is not None:
        shown = {only} if shown is None else shown & {only}
    seats = _Seats(session, every.values(), members, shown, on)
    return [_stand(duty, gatherings[duty.id], members, seats, shown, on) for duty in duties]


def _stand(
    duty: Duty, gatherings: Sequence[Gathering], members: Members, seats: _Seats, shown: set[int] | None, on: date
) -> Promise:
    ids = members.of_period(duty.row.cohort_id, duty.row.first_on, duty.row.last_on)
    mine = [one for one in ids if shown is None or one in shown]
    columns = [seats.of(duty, one).list_cells(mine, members.asked(duty, one, on)) for one in gatherings]
    of_each = zip(*columns, strict=True) if columns else [()] * len(mine)
    rows: dict[int, Sequence[Cell | None]] = dict(zip(mine, of_each, strict=True))
    return Promise(duty, gatherings, rows, {one: count_met(row, duty.row.required) for one, row in rows.items()})


class _Seats:
    """The seats and excuses of some gatherings, an organisation's at one of them as one number."""

    def __init__(
        self, session: Session, gatherings: Iterable[Gathering], members: Members, shown: set[int] | None, on: date
    ) -> None:
        every = list(gatherings)
        over = {time.run_id for one in every for time in one.times if time.last_on is not None and time.last_on < on}
        ids = [one.event_id for one in every]
        self.on = on
        self.sums: dict[int, dict[int, int]] = {one: {} for one in ids}
        statement = _sums(ids, over)
        if shown is not None:
            statement = statement.where(Registration.organisation_id.in_(members.before(shown)))
        for event_id, organisation_id, bits in session.execute(statement):
            of_event, now = self.sums[event_id], members.now(organisation_id)
            of_event[now] = of_event.get(now, 0) | int(bits)
        self.excused: dict[int, set[int]] = defaultdict(set)
        granted = sa.select(Excuse.event_id, Excuse.organisation_id).where(
            Excuse.event_id.in_(ids), Excuse.state == ExcuseState.GRANTED
        )
        for event_id, organisation_id in session.execute(granted):
            self.excused[event_id].add(members.now(organisation_id))

    def of(self, duty: Duty, gathering: Gathering) -> _Column:
        sums, excused = self.sums[gathering.event_id], self.excused[gathering.event_id]
        return _Column(duty, gathering, sums, excused, self.on)


@dataclass(slots=True)
class _Column:
    """One gathering of an obligation: many organisations stand alike, and each way is decided once."""

    duty: Duty
    gathering: Gathering
    sums: dict[int, int]
    excused: set[int]
    on: date

    def list_cells(self, organisation_ids: Sequence[int], asked: Collection[int]) -> list[Cell | None]:
        keys = [(self.sums.get(one, 0), one in self.excused) if one in asked else None for one in organisation_ids]
        cells = {key: self._decide(*key) if key is not None else None for key in set(keys)}
        return [cells[key] for key in keys]

    def _decide(self, bits: int, is_excused: bool) -> Cell | None:
        seats = _read_bits(bits, self.gathering, self.on)
        return decide_standing(
            self.gathering.times, seats, wanted=self.duty.sides, is_excused=is_excused, today=self.on
        )


def _sums(event_ids: Sequence[int], over: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    """A row for each organisation at each event: what its seats say, a bit for each thing that one of them says."""
    side = sa.case(
        *((Registration.side == one, 1 << place) for place, one in enumerate(SIDES) if one is not None),
        else_=1 << len(SIDES) - 1,
    )
    what = sa.case(
        (Registration.state == State.ATTENDED, CAME),
        (sa.and_(Registration.state.in_(SIGNED_UP), Registration.run_id.not_in(over)), COMING),
        (Registration.state.in_(HOLDS_A_PLACE), PLACE),
        else_=0,
    )
    return (
        sa.select(Registration.event_id, Registration.organisation_id, sa.func.sum(sa.distinct(side * what)))
        .where(Registration.event_id.in_(event_ids), Registration.organisation_id.is_not(None))
        .where(Registration.state.in_({*SIGNED_UP, *HOLDS_A_PLACE}))
        .group_by(Registration.event_id, Registration.organisation_id)
    )


def _read_bits(bits: int, gathering: Gathering, on: date) -> list[Seat]:
    """Seats that say the same as those that the number was made of."""
    over = [time.run_id for time in gathering.times if time.last_on is not None and time.last_on < on]
    coming = [time.run_id for time in gathering.times if time.run_id not in over]
    found: list[Seat] = []
    for place, side in enumerate(SIDES):
        for group, state, runs in ((CAME, State.ATTENDED, over + coming), (COMING, State.CONFIRMED, coming),
                                   (PLACE, State.ABSENT, over or coming)):  # fmt: skip
            if bits & group << place and runs:
                found.append(Seat(runs[0], side, state))
    return found


class Promised(NamedTuple):
    """What was promised: its name by language, how often it was met, and how often it is to be."""

    name: dict[str, str]
    met: int
    needed: int


class AtRisk(NamedTuple):
    """Who needs a gathering to keep what it promised, and which sides it has nobody of; `anybody`: somebody is signed up."""

    lacking: tuple[Side, ...]
    anybody: bool
    promises: tuple[Promised, ...]


NOTHING = AtRisk((), False, ())


def select_at_risk(session: Session, event_id: int, on: date) -> dict[int, AtRisk]:
    """The organisations that need this event to keep a promise, are not excused from it and have nobody, or too few sides,
    signed up for it. Drafts yet to be told of count as chances, so that nobody is called last too early."""
    event = session.get_one(Event, event_id)
    found: dict[int, AtRisk] = {}
    of_series = [Obligation.series_id == event.series_id] if event.series_id is not None else []
    asked = sa.or_(Obligation.event_type == event.type, *of_series)
    rows = session.scalars(sa.select(Obligation).where(Obligation.removed_at.is_(None), asked).order_by(Obligation.id))
    for promise in list_cells(session, list(rows), on=on):
        place = next((at for at, one in enumerate(promise.gatherings) if one.event_id == event_id), None)
        if place is None:
            continue
        for organisation_id, row in promise.rows.items():
            cell = row[place]
            if cell is None or not cell.needs_more or place not in promise.last_chances(organisation_id):
                continue
            kept, before = promise.kept[organisation_id], found.get(organisation_id, NOTHING)
            lacking = {*cell.lacking, *before.lacking}
            told = (*before.promises, Promised(promise.duty.row.name, kept.met, kept.needed))
            found[organisation_id] = AtRisk(tuple(side for side in Side if side in lacking), cell.anybody, told)
    return found


def list_organisations(session: Session, ids: Collection[int]) -> dict[int, Organisation]:
    """In Norwegian order."""
    statement = sa.select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.sort_key, Organisation.id)
    return {row.id: row for row in session.scalars(statement)}


def find(session: Session, public_id: uuid.UUID) -> Obligation | None:
    return session.scalar(sa.select(Obligation).where(Obligation.public_id == public_id))


def list_cohorts_of(session: Session, programme_ids: Iterable[int]) -> dict[int, Cohort]:
    statement = sa.select(Cohort).where(Cohort.programme_id.in_(list(programme_ids)))
    return {row.id: row for row in session.scalars(statement.order_by(Cohort.programme_id, Cohort.ordinal))}


def name_series(session: Session, duties: Sequence[Duty]) -> dict[int, Series]:
    ids = [duty.row.series_id for duty in duties if duty.row.series_id is not None]
    return {row.id: row for row in session.scalars(sa.select(Series).where(Series.id.in_(ids)))}


def list_networks_of(session: Session, programme_id: int) -> list[Network]:
    rows = session.scalars(sa.select(Network).where(Network.programme_id == programme_id))
    return sorted(rows, key=lambda row: sort_key(row.name))


def list_in_network(session: Session, network_id: int, *, on: date) -> set[int]:
    own = (NetworkMembership.network_id == network_id, lasts(NetworkMembership, on))
    return set(session.scalars(sa.select(NetworkMembership.organisation_id).where(*own)))


def list_programmes(session: Session, organiser_id: int) -> list[Programme]:
    """The organiser's own first, then those it was let into and those of whose networks it advises one."""
    advised = sa.select(Network.programme_id).where(Network.organiser_id == organiser_id)
    mine = sa.or_(Programme.id.in_(scope.programmes(organiser_id)), Programme.id.in_(advised))
    rows = sa.select(Programme).where(mine).order_by(Programme.organiser_id != organiser_id, Programme.id)
    return list(session.scalars(rows))
