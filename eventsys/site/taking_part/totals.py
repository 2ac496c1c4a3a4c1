"""A programme's gatherings added up for everybody to read. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from eventsys.followup.rules.totals import SIDES_ASKED, Seats, hide_few, list_lines
from eventsys.registrations.rules import Side, State


class Totals(NamedTuple):
    """What became of the gatherings that are over.

    `places` are people who had a place, `came` those who came where attendance was taken, `recorded` in so many of the
    gatherings; `whole` and `delegations` count delegations with all three sides, and all. `sides` leaves out small numbers.
    """

    gatherings: int
    recorded: int
    places: int
    came: int
    delegations: int
    whole: int
    sides: dict[Side, int]


def add_up(gatherings: Mapping[int, bool], seats: Mapping[int, Iterable[Seats]]) -> Totals:
    """`gatherings` are events by id, with whether attendance was taken."""
    places, came, delegations, whole = 0, 0, 0, 0
    sides: Counter[Side] = Counter()
    for event_id, is_recorded in gatherings.items():
        found = list(seats.get(event_id, ()))
        lines = [line for line in list_lines(found) if line.taken]
        places += sum(line.taken for line in lines)
        came += sum(seat.how_many for seat in found if is_recorded and seat.state is State.ATTENDED)
        of_organisations = [line for line in lines if line.organisation_id is not None]
        delegations += len(of_organisations)
        whole += sum(line.has_all_sides for line in of_organisations)
        for line in lines:
            sides.update({side: line.sides.get(side, 0) for side in SIDES_ASKED})
    told = hide_few({side: sides[side] for side in SIDES_ASKED}).shown
    return Totals(len(gatherings), sum(gatherings.values()), places, came, delegations, whole, told)
