"""An application as it is read, in parts, for pages and for the document: one source for both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from eventsys import dates
from eventsys.programmes.applications.forms import write_number
from eventsys.programmes.applications.labels import name_area, name_fields, name_kind, name_side
from eventsys.programmes.applications.rules import ApplicationFacts, AttachedFile, Confirmation, Goal

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class ShownGoal:
    goal: str
    area: str
    measures: Pairs


@dataclass(frozen=True)
class ShownFile:
    """`about` is its kind and size."""

    public_id: str
    name: str
    about: str


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it; empty fields are not shown."""

    key: str
    title: str
    text: str = ""
    lines: list[str] = field(default_factory=list)
    pairs: Pairs = field(default_factory=list)
    goals: list[ShownGoal] = field(default_factory=list)
    files: list[ShownFile] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.lines or self.pairs or self.goals or self.files)


def describe(facts: ApplicationFacts, language: str, *, timezone: str = "Europe/Oslo") -> list[Part]:
    """The parts in the order of the form, in the language that is forced or the page's: `language` is that one."""
    names = name_fields()
    areas = [name_area(area, facts.own_area) for area in facts.areas]
    treated = [(names["treated_by"], facts.treated_by), (names["treated_on"], name_day(facts.treated_on, language))]
    sides = [
        (
            name_side(one.side),
            ", ".join(part for part in (one.name, one.title, name_day(one.confirmed_on, language)) if part),
        )
        for one in facts.confirmations
    ]
    later = [(tell_second(one.at, timezone, language), one.words) for one in facts.supplements]
    return [
        Part("areas", names["areas"], lines=areas),
        *(Part(name, names[name], getattr(facts, name)) for name in ("way_of_working", "involvement", "timetable")),
        Part("goals", names["goals"], goals=[_show_goal(goal, facts, language) for goal in facts.goals]),
        Part("treated", _("Political treatment"), pairs=[pair for pair in treated if pair[1]]),
        Part("cooperation", names["cooperation"], facts.cooperation),
        Part("confirmations", names["confirmations"], pairs=sides),
        Part("files", names["files"], files=[_show_file(file, language) for file in facts.files]),
        *([Part("supplements", _("Said later"), pairs=later)] if later else []),
    ]


def _tell_confirmed(one: Confirmation, language: str) -> str:
    return ", ".join(part for part in (one.name, one.title, name_day(one.confirmed_on, language)) if part)


def _show_goal(goal: Goal, facts: ApplicationFacts, language: str) -> ShownGoal:
    names = name_fields()
    area = name_area(goal.area, facts.own_area) if goal.area else ""
    if not goal.is_measurable:
        return ShownGoal(goal.goal, area, [])
    measures = [
        (names["unit"], goal.unit),
        (names["start_value"], _number(goal.start_value, language)),
        (names["target_value"], _number(goal.target_value, language)),
        (names["target_on"], name_day(goal.target_on, language)),
    ]
    return ShownGoal(goal.goal, area, [pair for pair in measures if pair[1]])


def _show_file(file: AttachedFile, language: str) -> ShownFile:
    return ShownFile(file.public_id, file.name, f"{name_kind(file.kind)}, {name_size(file.size, language)}")


def _number(number: float | None, language: str) -> str:
    return _with_point(write_number(number), language)


def _with_point(text: str, language: str) -> str:
    return text.replace(",", ".") if language == "en" else text


def name_size(size: int, language: str) -> str:
    """«2,1 MB», «480 kB», as the language writes numbers."""
    if size < 1_000_000:
        return f"{max(size // 1_000, 1)} kB"
    return f"{_with_point(write_number(round(size / 1_000_000, 1)), language)} MB"


def name_day(day: date | None, language: str) -> str:
    return dates.format_day(day, language) if day else ""


def tell_second(at: datetime, timezone: str, language: str) -> str:
    """«mandag 15. september 2008, kl. 14.59.59», by the clock of that place."""
    local = dates.to_local(at, timezone)
    clock = f"{local:%H:%M:%S}" if language == "en" else f"kl. {local:%H.%M.%S}"
    return f"{dates.format_day(local.date(), language, weekday=True)}, {clock}"
