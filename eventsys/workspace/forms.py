"""What organisers type, turned into values or errors beside the field; nothing here reads the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from eventsys.dates import read_day
from eventsys.events.copying.rules import widen
from eventsys.events.rules import EventFacts, EventType, Precision, Role, RunFacts
from eventsys.mailing.addresses import BadAddress, wire_address
from eventsys.venues.rules import Layout

LANGUAGES = ("nb", "nn", "en")
MOST_RUNS = 12
MOST_PEOPLE = 100_000
CLOSED = "closed"
"""The choice of an event that nobody but the invited learns of."""
MEANT = ("meant", "group", "union", "network")
NOW, LATER = "now", "later"

Typed = MultiDict[str, str]
Choice = TypeVar("Choice", EventType, Precision, Role, Layout)

_CLOCK = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:[.:]([0-5]\d))?", re.IGNORECASE)


def read_clock(text: str) -> time | None:
    """«10.00», «10:00», «kl. 10». Raises `ValueError`."""
    text = text.strip()
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2] or 0))


def write_day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


@dataclass
class Reader:
    """Reads fields of one form and keeps what is wrong with them, by field, in the order of the page."""

    typed: Typed
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, *, most: int, required: str = "") -> str:
        """One line with single spaces; `required` is what to say when it is empty."""
        value = " ".join("".join(c if c.isprintable() else " " for c in self.typed.get(name, "")).split())
        if not value and required:
            self.errors[name] = required
        return self._short(name, value, most)

    def prose(self, name: str, *, most: int) -> str:
        value = self.typed.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()
        return self._short(name, value, most)

    def _short(self, name: str, value: str, most: int) -> str:
        if len(value) > most:
            self.errors[name] = _("At most %(most)s characters; this is %(length)s.", most=most, length=len(value))
        return value[:most]

    def number(self, name: str, *, most: int) -> int | None:
        text = self.typed.get(name, "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= most):
            self.errors[name] = _("Write a whole number from 1 to %(most)s, or leave it empty.", most=most)
            return None
        return int(text)

    def day(self, name: str, *, required: str = "") -> date | None:
        try:
            value = read_day(self.typed.get(name, ""))
        except ValueError:
            self.errors[name] = _("Write a day that exists, such as 01.09.2008.")
            return None
        if value is None and required:
            self.errors[name] = required
        return value

    def clock(self, name: str, *, required: str) -> time | None:
        try:
            value = read_clock(self.typed.get(name, ""))
        except ValueError:
            self.errors[name] = _("Write a time such as 10.00.")
            return None
        if value is None:
            self.errors[name] = required
        return value

    def email(self, name: str, *, required: str = "") -> str:
        """An address that mail can go to."""
        value = self.text(name, most=254, required=required)
        if value:
            try:
                wire_address(value)
            except BadAddress:
                self.errors[name] = _("Write an e-mail address, such as name@municipality.example.")
        return value

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        """A value of the enum; None if it is empty or not one of them."""
        value = self.typed.get(name, "")
        return kind(value) if value in set(kind) else None

    def moment(self, now_local: datetime) -> datetime | None:
        """When something is to go, by the organiser's clock; None for at once."""
        if self.typed.get("when", NOW) != LATER:
            return None
        day = self.day("on", required=_("Write the day, such as 01.09.2008."))
        clock = self.clock("at", required=_("Write the time, such as 10.00."))
        if day is None or clock is None:
            return None
        moment = datetime.combine(day, clock)
        if moment <= now_local:
            self.errors["on"] = _("That moment has passed. Write a later one, or send it now.")
        return moment


@dataclass(frozen=True)
class RunEntry:
    """What was typed about one run. `new_venue` is a name to be found or added, `venue` the slug of a known one, `room` the
    public id of a room, at that venue or at one that is not said otherwise."""

    facts: RunFacts
    venue: str
    new_venue: str
    room: str = ""


@dataclass(frozen=True)
class EventEntry:
    """What was typed about an event; `meant` are the keys of the audience choices that were ticked, `series` a slug."""

    facts: EventFacts
    meant: tuple[str, ...]
    role: Role | None
    series: str = ""


def read_event(reader: Reader) -> EventEntry | None:
    """The event that was typed, without its runs and its programme; None if something is wrong with it."""
    titles = read_titles(reader)
    descriptions = {code: reader.prose(f"description_{code}", most=20_000) for code in LANGUAGES}
    kind = reader.choice("type", EventType)
    if kind is None:
        reader.errors["type"] = _("Choose what kind of event it is.")
    ordinal = reader.number("ordinal", most=999)
    opens_on, closes_on = reader.day("opens_on"), reader.day("closes_on")
    if opens_on and closes_on and closes_on < opens_on:
        reader.errors["closes_on"] = _("Registration cannot close before it opens.")
    if reader.errors or kind is None:
        return None
    facts = EventFacts(
        type=kind,
        title=titles,
        ordinal=ordinal,
        description=_written(descriptions),
        opens_on=opens_on,
        closes_on=closes_on,
        by_invitation=reader.typed.get("by_invitation") in ("1", CLOSED),
        is_closed=reader.typed.get("by_invitation") == CLOSED,
    )
    meant, role = tuple(list_meant(reader.typed)), reader.choice("role", Role)
    return EventEntry(facts, meant, role, reader.typed.get("series", ""))


def read_titles(reader: Reader) -> dict[str, str]:
    """The title in the languages in which it is written; it must be in one of the two Norwegian ones."""
    titles = {code: reader.text(f"title_{code}", most=200) for code in LANGUAGES}
    if not any(titles[code] for code in ("nb", "nn")):
        reader.errors["title_nb"] = _("Give the event a title, in bokmål or nynorsk.")
    return _written(titles)


def list_meant(typed: Typed) -> list[str]:
    """The keys of the choices of audience that are ticked, single networks and unions too."""
    return [key for name in MEANT for key in typed.getlist(name)]


def _written(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}


def count_rows(typed: Typed) -> int:
    """How many runs the form has: what it says, within what a page can show."""
    text = typed.get("rows", "1")
    return min(max(int(text), 1), MOST_RUNS) if text.isascii() and text.isdigit() else 1


def read_runs(reader: Reader) -> list[RunEntry]:
    return [run for row in range(count_rows(reader.typed)) if (run := read_run(reader, row)) is not None]


def read_run(reader: Reader, row: int = 0) -> RunEntry | None:
    """The run typed in that row; None if something is wrong with it."""
    before = len(reader.errors)
    precision = reader.choice(f"precision-{row}", Precision) or Precision.DAYS
    span = _read_span(reader, row, precision)
    starts = ends = None
    if precision is Precision.EXACT:
        starts = reader.clock(f"starts-{row}", required=_("Write when it begins, such as 10.00."))
        ends = reader.clock(f"ends-{row}", required=_("Write when it ends, such as 15.30."))
        if span and starts and ends and span[0] == span[1] and ends <= starts:
            reader.errors[f"ends-{row}"] = _("It cannot end before it begins.")
    capacity = reader.number(f"capacity-{row}", most=MOST_PEOPLE)
    new_venue = reader.text(f"new_venue-{row}", most=200)
    if len(reader.errors) > before:
        return None
    first, last = span or (None, None)
    layout = reader.choice(f"layout-{row}", Layout)
    facts = RunFacts(
        precision, first_on=first, last_on=last, starts=starts, ends=ends, capacity=capacity, layout=layout
    )
    return RunEntry(facts, reader.typed.get(f"venue-{row}", ""), new_venue, reader.typed.get(f"room-{row}", ""))


def _read_span(reader: Reader, row: int, precision: Precision) -> tuple[date, date] | None:
    if precision is Precision.UNKNOWN:
        return None
    first = reader.day(f"first_on-{row}", required=_("Write the first day, or choose that it is not known yet."))
    last = reader.day(f"last_on-{row}") or first
    if first is None or last is None:
        return None
    if last < first:
        reader.errors[f"last_on-{row}"] = _("The last day cannot be before the first.")
        return None
    return widen(precision, first, last)


@dataclass(frozen=True)
class SettingsEntry:
    """What was typed about the organiser itself."""

    name: str
    email: str
    language: str
    quiet: tuple[time, time] | None
    holds_uncertain: bool
    archive_email: str = ""


def read_settings(reader: Reader) -> SettingsEntry:
    language = reader.typed.get("language", "")
    if language not in LANGUAGES:
        reader.errors["language"] = _("Choose a language.")
    return SettingsEntry(
        name=reader.text("name", most=200, required=_("Write the name that people know you by.")),
        email=reader.email("email", required=_("Write the address that people can answer to.")),
        language=language,
        quiet=_read_quiet(reader),
        holds_uncertain=bool(reader.typed.get("holds_uncertain")),
        archive_email=reader.email("archive_email"),
    )


def _read_quiet(reader: Reader) -> tuple[time, time] | None:
    """None where mail may go at any hour."""
    if not reader.typed.get("quiet"):
        return None
    both = _("Write when it begins and when it ends.")
    begins, ends = reader.clock("quiet_from", required=both), reader.clock("quiet_to", required=both)
    if begins is not None and begins == ends:
        reader.errors["quiet_to"] = _("It ends when it begins: then no hour is quiet.")
    return (begins, ends) if begins is not None and ends is not None else None
