"""A programme's gatherings added up for everybody to read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from eventsys.followup.rules.totals import SIDES_ASKED, hide_few
from eventsys.registrations.rules import Side


class Counted(NamedTuple):
    """One gathering: places, those who came, delegations, those of them with every side; places of each side asked for."""

    places: int
    came: int
    delegations: int
    whole: int
    sides: tuple[int, ...]


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


def add_up(gatherings: Mapping[int, bool], counted: Mapping[int, Counted]) -> Totals:
    """`gatherings` are events by id, with whether attendance was taken."""
    found = [counted[one] for one in gatherings if one in counted]
    came = sum(counted[one].came for one, is_recorded in gatherings.items() if is_recorded and one in counted)
    sides = {side: sum(one.sides[place] for one in found) for place, side in enumerate(SIDES_ASKED)}
    return Totals(
        len(gatherings), sum(gatherings.values()), sum(one.places for one in found), came,
        sum(one.delegations for one in found), sum(one.whole for one in found), hide_few(sides).shown,
    )  # fmt: skip
