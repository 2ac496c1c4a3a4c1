"""What somebody may do with a seat today: themselves, only by asking, or not at all. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from eventsys.registrations.rules import State, is_late

CAN_COME = (State.CONFIRMED, State.OFFERED, State.WAITING)
"""States in which a seat can be handed on or moved: it has, or may get, a place."""
WORDS_AT_MOST = 1000
BY_MAIL = "by_mail"
"""In the facts of a change that was made by the mailed link: the version of that link."""


class Reach(enum.StrEnum):
    """How far an act is away: open, after its deadline and so to be asked for, or over."""

    OPEN = "open"
    ASK = "ask"
    OVER = "over"


def decide_reach(by: date | None, starts_on: date | None, *, today: date, allowed: bool = False) -> Reach:
    """`by` is the last day, inclusive; without one it ends when the run begins, after which nothing can be asked.
    `allowed`: an organiser has said yes to it after that day."""
    if starts_on is not None and today >= starts_on:
        return Reach.OVER
    return Reach.ASK if is_late(by, today=today) and not allowed else Reach.OPEN


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with a form that was refused, by the field's name, and each error with its field."""

    values: dict[str, str]
    errors: tuple[tuple[str, str], ...] = ()

    def is_wrong(self, *names: str) -> bool:
        """Whether one of the fields has an error, so that its form is shown open."""
        return any(name in names for name, _message in self.errors)

    def error(self, name: str) -> str | None:
        return next((message for field, message in self.errors if field == name), None)


NOTHING = Typed({})
