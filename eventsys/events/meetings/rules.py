"""When a group meets again and again, in what order its items stand, and how far its minutes have come. Pure."""

from __future__ import annotations

import enum
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from eventsys.events.rules import EventType, ItemKind, MinutesState
from eventsys.programmes.rules import GroupKind

MOST_DATES = 24
MOST_WEEKS = 12
JULY = 7
FIFTH = 4
KINDS = {
    GroupKind.STEERING: EventType.STEERING_GROUP,
    GroupKind.POLITICAL_CONTACT: EventType.POLITICAL_CONTACT,
    GroupKind.WORKING: EventType.MEETING,
    GroupKind.OTHER: EventType.MEETING,
}
"""What kind of event the meetings of each kind of group are."""
MEETINGS = frozenset(KINDS.values())
"""The kinds of events that have an agenda and minutes."""


class Rhythm(enum.StrEnum):
    """How often: on the same weekday of each month (its second Tuesday), on the same day of it, or each so many weeks."""

    WEEKDAY = "weekday"
    DAY = "day"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What stands on an agenda: `presenter` is who takes the item, `text` what there is to know before."""

    kind: ItemKind
    title: str
    presenter: str = ""
    text: str = ""


class MinutesAreApproved(Exception):
    """Approved minutes stay as they are until they are opened again."""


class ChangedMeanwhile(Exception):
    """Somebody has saved the minutes since this form was opened."""


NEXT: dict[MinutesState, tuple[MinutesState, ...]] = {
    MinutesState.DRAFT: (MinutesState.OUT,),
    MinutesState.OUT: (MinutesState.APPROVED, MinutesState.DRAFT),
    MinutesState.APPROVED: (MinutesState.OUT,),
}
"""To what each state of minutes may go; back again too, where something is to be mended."""


def list_dates(first_on: date, rhythm: Rhythm, count: int, *, weeks: int = 4, skips_july: bool = False) -> list[date]:
    """So many days from the first, which is one of them, in order. A fifth weekday that a month does not have is its last,
    and so is a day that it does not have. Without July, which is nobody's month for meetings, it goes on in August."""
    found: list[date] = []
    step = 0
    while len(found) < min(count, MOST_DATES):
        day = _step(first_on, rhythm, step, weeks)
        step += 1
        if not (skips_july and day.month == JULY and day != first_on):
            found.append(day)
    return found


def _step(first_on: date, rhythm: Rhythm, step: int, weeks: int) -> date:
    if rhythm is Rhythm.WEEKS:
        return first_on + timedelta(weeks=weeks * step)
    months = first_on.month - 1 + step
    year, month = first_on.year + months // 12, months % 12 + 1
    length = monthrange(year, month)[1]
    if rhythm is Rhythm.DAY:
        return date(year, month, min(first_on.day, length))
    place = (first_on.day - 1) // 7
    first = 1 + (first_on.weekday() - date(year, month, 1).weekday()) % 7
    day = first + 7 * place
    if place == FIFTH:
        day = max(one for one in range(first, length + 1, 7))
    return date(year, month, day)


def move(ids: Sequence[int], which: int, *, up: bool) -> list[int]:
    """The order with one moved a place; as it was where it stands at that end already."""
    order = list(ids)
    at = order.index(which)
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return order
