"""Who came, or has a place, at all that is promised, added up over everybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.obligations.gatherings import Gathering
from eventsys.obligations.members import read_successors
from eventsys.obligations.queries import Promise
from eventsys.obligations.rules import SIDES_ASKED
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Side, State

IS_THERE = (State.CONFIRMED, State.OFFERED, State.ATTENDED)
"""Who came, or has a place still; of who stayed away nothing is counted."""


class Seats(NamedTuple):
    """So many seats of one side, of one organisation at one event."""

    event_id: int
    organisation_id: int
    side: Side | None
    how_many: int


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


def read_seats(session: Session, promises: Sequence[Promise]) -> list[Seats]:
    """What stands behind the promises, with those who were merged as the one they became."""
    ids = {one.event_id for promise in promises for one in promise.gatherings if not one.is_draft}
    parts = (Registration.event_id, Registration.organisation_id, Registration.side)
    statement = (
        sa.select(*parts, sa.func.count())
        .where(Registration.event_id.in_(ids), Registration.organisation_id.is_not(None))
        .where(Registration.state.in_(IS_THERE))
        .group_by(*parts)
    )
    became = read_successors(session)
    return [
        Seats(event_id, became.get(organisation_id, organisation_id), side, how_many)
        for event_id, organisation_id, side, how_many in session.execute(statement)
        if organisation_id is not None
    ]


def add_up(promises: Sequence[Promise], seats: Iterable[Seats]) -> Whole:
    """Of members at gatherings that are for them; who is in two cohorts counts in both, and once in all."""
    whole = Whole()
    shown = {one.event_id: one for promise in promises for one in promise.gatherings if not one.is_draft}
    whole.gatherings = sorted(shown.values(), key=lambda one: one.order)
    cohorts = _asked_in(promises)
    there: dict[tuple[int, int], set[Side | None]] = defaultdict(set)
    for seat in seats:
        key = (seat.event_id, seat.organisation_id)
        if key not in cohorts:
            continue
        there[key].add(seat.side)
        whole.sides[seat.side] += seat.how_many
        whole.by_gathering[seat.event_id][seat.side] += seat.how_many
        for cohort_id in cohorts[key]:
            whole.by_cohort[cohort_id][seat.side] += seat.how_many
    for key, sides in there.items():
        is_complete = sides.issuperset(SIDES_ASKED)
        whole.delegations += 1
        whole.complete += is_complete
        for cohort_id in cohorts[key]:
            whole.delegations_of[cohort_id] += 1
            whole.complete_of[cohort_id] += is_complete
    return whole


def _asked_in(promises: Sequence[Promise]) -> dict[tuple[int, int], set[int]]:
    """For which cohorts each organisation was asked to each event."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for promise in promises:
        for organisation_id, row in promise.rows.items():
            for gathering, cell in zip(promise.gatherings, row, strict=True):
                if cell is not None:
                    found[gathering.event_id, organisation_id].add(promise.duty.row.cohort_id)
    return dict(found)
