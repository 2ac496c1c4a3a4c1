"""How a municipality stands to what it promised. Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from eventsys.registrations.rules import HOLDS_A_PLACE, Side, State


class ExcuseState(enum.StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Standing(enum.StrEnum):
    """Of one organisation to one gathering. A gathering whose attendance was not taken is never missed."""

    MET = "met"
    PARTLY = "partly"
    EXCUSED = "excused"
    MISSED = "missed"
    COMING = "coming"
    NOT_RECORDED = "not_recorded"


SIDES_ASKED = (Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE)
"""The sides that an obligation may ask for, in order."""
SIGNED_UP = (State.REQUESTED, State.OFFERED, State.WAITING, State.CONFIRMED, State.ATTENDED)


class Time(NamedTuple):
    """One run of a gathering that goes: its days where they are known exactly, and whether attendance was taken."""

    run_id: int
    first_on: date | None
    last_on: date | None
    is_recorded: bool = False


class Seat(NamedTuple):
    """Somebody's seat at a run: which side, and how it stands."""

    run_id: int
    side: Side | None
    state: State


class Cell(NamedTuple):
    """One organisation at one gathering. `sides` are those who came, or are signed up while it is to come; `lacking` those
    asked for and not among them; `is_open` says that it may yet be met."""

    standing: Standing
    sides: tuple[Side, ...] = ()
    lacking: tuple[Side, ...] = ()
    anybody: bool = False
    is_open: bool = False

    @property
    def needs_more(self) -> bool:
        """Whether it is to come and is not signed up for as it is to be."""
        return self.standing is Standing.COMING and (not self.anybody or bool(self.lacking))


class Kept(NamedTuple):
    """How often an organisation met what it promised, and how often it is to, less what it was excused from."""

    met: int
    needed: int
    is_kept: bool
    can_be_kept: bool


def decide_standing(
    times: Collection[Time],
    seats: Iterable[Seat],
    *,
    wanted: Collection[Side] = (),
    is_excused: bool = False,
    is_member: bool = True,
    today: date,
) -> Cell | None:
    """How an organisation stands to a gathering with these times; None when it was no member then.

    To have come at any of the times counts, sides of all of them together. Nothing is missed before all that are over have
    been recorded, and what has no exact days is to come.
    """
    if not is_member:
        return None
    mine = tuple(seats)
    over = {time.run_id for time in times if time.last_on is not None and time.last_on < today}
    came = _sides(mine, (State.ATTENDED,), None)
    is_whole = bool(came.anybody) and not came.missing(wanted)
    if is_whole:
        return Cell(Standing.MET, came.sides, (), True)
    if is_excused:
        return Cell(Standing.EXCUSED, came.sides, (), came.anybody)
    if not times or len(over) < len(times):
        coming = _sides(mine, SIGNED_UP, over)
        return Cell(Standing.COMING, coming.sides, coming.missing(wanted), coming.anybody, True)
    if any(not time.is_recorded for time in times):
        had_place = _sides(mine, HOLDS_A_PLACE, None).anybody
        return Cell(Standing.NOT_RECORDED, came.sides, came.missing(wanted), came.anybody, had_place)
    if came.anybody:
        return Cell(Standing.PARTLY, came.sides, came.missing(wanted), True)
    return Cell(Standing.MISSED, (), came.missing(wanted))


class _Sides(NamedTuple):
    sides: tuple[Side, ...]
    anybody: bool

    def missing(self, wanted: Collection[Side]) -> tuple[Side, ...]:
        return tuple(side for side in SIDES_ASKED if side in wanted and side not in self.sides)


def _sides(seats: Sequence[Seat], states: Collection[State], over: Collection[int] | None) -> _Sides:
    """The sides of the seats in these states; of runs that are over only those who came."""
    here = [
        seat
        for seat in seats
        if seat.state in states and (over is None or seat.run_id not in over or seat.state is State.ATTENDED)
    ]
    there = {seat.side for seat in here}
    return _Sides(tuple(side for side in Side if side in there), bool(here))


def count_met(cells: Iterable[Cell | None], required: int) -> Kept:
    """How the promise stands. An excuse is one time less; what was not recorded is neither met nor lost."""
    met, needed, possible = 0, required, 0
    for cell in cells:
        if cell is None:
            continue
        if cell.standing is Standing.MET:
            met += 1
        elif cell.standing is Standing.EXCUSED:
            needed -= 1
        possible += cell.is_open or cell.standing is Standing.NOT_RECORDED
    needed = max(needed, 0)
    return Kept(met, needed, met >= needed, met + possible >= needed)


def find_last_chances(cells: Sequence[Cell | None], required: int) -> list[int]:
    """The places of the gatherings that are all needed for the promise to be kept: so many are still possible, and no more.

    A promise that is kept needs none. One that cannot be kept any more still needs every chance there is. A gathering that
    was not recorded counts as met where the organisation had a place, so that nobody is told too early.
    """
    kept = count_met(cells, required)
    unsure = sum(cell is not None and cell.standing is Standing.NOT_RECORDED and cell.is_open for cell in cells)
    still_needed = kept.needed - kept.met - unsure
    possible = [place for place, cell in enumerate(cells) if cell is not None and cell.standing is Standing.COMING]
    return possible if still_needed > 0 and len(possible) <= still_needed else []
