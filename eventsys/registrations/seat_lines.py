"""The lines of people in a registrar's form: read from what the browser sends, checked, added to. No database."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from eventsys.organisations.rules import name_key
from eventsys.registrations.forms import LONGEST_ADDRESS, LONGEST_NAME, NO_ADDRESS, TOO_LONG, read_address, squeezed
from eventsys.registrations.pasted import Pasted

KEY = re.compile(r"seat-([1-9]\d{0,2})-(?:name|email|part)\Z")
MOST_SEATS = 100
AT_FIRST = 3
"""Empty lines of a form nobody has written in."""
FIELDS = ("name", "email", "part", "sessions", "nights")


@dataclass(slots=True)
class SeatLine:
    """One person, or one place without a name: `part` is the side or the union that it is for.

    `place` is part of the fields' names and stays the line's own when others are taken away.
    """

    place: int
    name: str = ""
    email: str = ""
    part: str = ""
    sessions: list[str] = field(default_factory=list)
    nights: list[str] = field(default_factory=list)
    unknown: str = ""
    is_new: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return f"seat-{self.place}-"

    @property
    def answer_errors(self) -> dict[str, str]:
        """What is wrong with the answers, by the whole name of the field."""
        return {f"{self.prefix}{name}": message for name, message in self.errors.items() if name not in FIELDS}

    @property
    def is_blank(self) -> bool:
        return not (self.name or self.email or self.part or self.sessions or self.nights)


def read_lines(sent: Any) -> list[SeatLine]:
    """The lines of a form, in its order, blank ones too."""
    places = sorted({int(found[1]) for key in sent if (found := KEY.match(key))})
    return [
        SeatLine(
            place,
            name=squeezed(sent.get(f"seat-{place}-name")),
            email=squeezed(sent.get(f"seat-{place}-email")),
            part=sent.get(f"seat-{place}-part", ""),
            sessions=sent.getlist(f"seat-{place}-sessions"),
            nights=sent.getlist(f"seat-{place}-nights"),
        )
        for place in places[:MOST_SEATS]
    ]


def add_blank(lines: Sequence[SeatLine], *, how_many: int = 1) -> list[SeatLine]:
    """The lines and some empty ones, of which the first is where to write on."""
    first = max((line.place for line in lines), default=0) + 1
    more = [SeatLine(place, is_new=place == first) for place in range(first, first + how_many)]
    return [*lines, *more[: MOST_SEATS - len(lines)]]


def add_people(lines: Sequence[SeatLine], people: Iterable[Pasted]) -> list[SeatLine]:
    """The lines with more people: in the empty ones first. Who stands there already is not put there twice."""
    there = {key_of(line) for line in lines if line.name}
    wanted = [one for one in people if not one.name or key_of(one) not in there]
    blank = [line for line in lines if line.is_blank]
    more = max(len(wanted) - len(blank), 0)
    lines = add_blank(lines, how_many=more) if more else list(lines)
    for line, one in zip([line for line in lines if line.is_blank], wanted, strict=False):
        line.name, line.email, line.part = one.name, one.email, one.part
        line.unknown, line.is_new = one.unknown, False
    return lines


def key_of(one: SeatLine | Pasted) -> tuple[str, str]:
    return name_key(one.name), one.email.casefold()


def take_away(lines: Sequence[SeatLine], place: int) -> list[SeatLine]:
    """The lines without one; at least one is left to write in."""
    left = [line for line in lines if line.place != place]
    return left or [SeatLine(place)]


def check_lines(lines: Sequence[SeatLine], parts: Collection[str], *, choose: str) -> list[SeatLine]:
    """Those that are a seat, each with what is wrong with it; `choose` is what to say where no part was chosen."""
    seats = [line for line in lines if not line.is_blank]
    seen: set[tuple[str, str]] = set()
    for line in seats:
        _check_line(line, parts, choose)
        if line.name and key_of(line) in seen:
            line.errors["name"] = _("This person stands in the list already")
        seen.add(key_of(line))
    return seats


def _check_line(line: SeatLine, parts: Collection[str], choose: str) -> None:
    if len(line.name) > LONGEST_NAME:
        line.errors["name"] = str(TOO_LONG)
    if line.email:
        line.email, error = _check_address(line.email)
        if error:
            line.errors["email"] = error
        elif not line.name:
            line.errors["name"] = _("Write whose address this is, or take it away")
    if line.part not in parts:
        line.errors["part"] = choose


def _check_address(text: str) -> tuple[str, str]:
    try:
        return read_address(text), ""
    except ValueError:
        return text, str(TOO_LONG if len(text) > LONGEST_ADDRESS else NO_ADDRESS)


def list_errors(lines: Sequence[SeatLine]) -> list[tuple[str, str]]:
    """Each error with its field's id and the number of its line, in the order of the page."""
    return [
        (f"{line.prefix}{name}", _("Person %(number)d: %(message)s", number=number, message=line.errors[name]))
        for number, line in enumerate(lines, 1)
        for name in (*FIELDS, *sorted(set(line.errors) - set(FIELDS)))
        if name in line.errors
    ]
