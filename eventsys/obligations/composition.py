"""Who came, or has a place, at all that is promised, added up over everybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.obligations.gatherings import Gathering, list_gatherings, read_duties
from eventsys.obligations.members import read_members, read_successors
from eventsys.obligations.models import Obligation
from eventsys.obligations.rules import SIDES_ASKED
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Side, State

IS_THERE = (State.CONFIRMED, State.OFFERED, State.ATTENDED)
"""Who came, or has a place still; of who stayed away nothing is counted."""


BY_SIDE: tuple[Side | None, ...] = (*Side, None)


class Asked(NamedTuple):
    """The gatherings of some promises that have been told of, and by event who of each cohort they are for."""

    gatherings: list[Gathering]
    members: Mapping[int, Mapping[int, set[int]]]


class Seats(NamedTuple):
    """So many seats of each of `BY_SIDE`, of one organisation at one event."""

    event_id: int
    organisation_id: int
    counts: tuple[int, ...]


@dataclass(slots=True)
class Whole:
    """The totals: places by side, by cohort and by gathering, how many delegations there were, and with every side."""

    gatherings: list[Gathering] = field(default_factory=list)
    sides: Counter[Side | None] = field(default_factory=Counter)
    by_cohort: Mapping[int, Counter[Side | None]] = field(default_factory=lambda: defaultdict(Counter))
    by_gathering: Mapping[int, Counter[Side | None]] = field(default_factory=lambda: defaultdict(Counter))
    delegations_of: Counter[int] = field(default_factory=Counter)
    complete_of: Counter[int] = field(default_factory=Counter)
    delegations: int = 0
    complete: int = 0


def read_asked(session: Session, obligations: Sequence[Obligation], *, on: date) -> Asked:
    """Whom the promises are of, on a day; nothing of seats is read."""
    duties = read_duties(session, obligations)
    gatherings = list_gatherings(session, duties) if duties else {}
    shown = {one.event_id: one for of_duty in gatherings.values() for one in of_duty if not one.is_draft}
    everybody = read_members(session, duties, shown.values())
    members: dict[int, dict[int, set[int]]] = {one: defaultdict(set) for one in shown}
    for duty in duties:
        cohort_id = duty.row.cohort_id
        inside = set(everybody.of_period(cohort_id, duty.row.first_on, duty.row.last_on))
        for gathering in gatherings[duty.id]:
            if not gathering.is_draft:
                members[gathering.event_id][cohort_id] |= everybody.asked(duty, gathering, on) & inside
    return Asked(sorted(shown.values(), key=lambda one: one.order), members)


def read_seats(session: Session, asked: Asked) -> list[Seats]:
    """What stands behind the promises, with those who were merged as the one they became."""
    columns = [
        sa.func.sum(sa.case((Registration.side.is_(None) if side is None else Registration.side == side, 1), else_=0))
        for side in BY_SIDE
    ]
    statement = (
        sa.select(Registration.event_id, Registration.organisation_id, *columns)
        .where(Registration.event_id.in_(list(asked.members)), Registration.organisation_id.is_not(None))
        .where(Registration.state.in_(IS_THERE))
        .group_by(Registration.event_id, Registration.organisation_id)
    )
    became = read_successors(session)
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for event_id, organisation_id, *counts in session.execute(statement):
        key, mine = (event_id, became.get(organisation_id, organisation_id)), tuple(counts)
        found[key] = tuple(map(sum, zip(found[key], mine, strict=True))) if key in found else mine
    return [Seats(*key, counts) for key, counts in found.items()]


def add_up(asked: Asked, seats: Iterable[Seats]) -> Whole:
    """Of members at gatherings that are for them; who is in two cohorts counts in both, and once in all."""
    whole = Whole(asked.gatherings)
    for (event_id, cohort_ids, counts), how_many in _count_alike(asked, seats).items():
        sides = Counter({side: count * how_many for side, count in zip(BY_SIDE, counts, strict=True) if count})
        is_complete = all(sides[side] for side in SIDES_ASKED)
        whole.sides.update(sides)
        whole.by_gathering[event_id].update(sides)
        whole.delegations += how_many
        whole.complete += how_many * is_complete
        for cohort_id in cohort_ids:
            whole.by_cohort[cohort_id].update(sides)
            whole.delegations_of[cohort_id] += how_many
            whole.complete_of[cohort_id] += how_many * is_complete
    return whole


def _count_alike(asked: Asked, seats: Iterable[Seats]) -> Counter[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """How many delegations there are of each event, of the same cohorts and of the same sides: many are alike."""
    cohorts: dict[int, dict[int, tuple[int, ...]]] = {}
    for event_id, of_event in asked.members.items():
        own: dict[int, tuple[int, ...]] = cohorts.setdefault(event_id, {})
        for cohort_id, members in of_event.items():
            for one in members:
                own[one] = (*own.get(one, ()), cohort_id)
    return Counter(
        (event_id, cohorts[event_id][one], counts) for event_id, one, counts in seats if one in cohorts[event_id]
    )
