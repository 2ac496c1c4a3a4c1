"""What is typed about a project, a goal or a figure, turned into values or errors beside the field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from eventsys.dates import read_day
from eventsys.merging import Typed
from eventsys.programmes.applications.forms import write_number
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.projects.pasted import read_number, read_when
from eventsys.programmes.projects.rules import (
    LONGEST_GOAL,
    LONGEST_NAME,
    LONGEST_SOURCE,
    LONGEST_TEXT,
    LONGEST_UNIT,
    Direction,
    Figure,
    GoalFacts,
    ProjectFacts,
)


@dataclass
class Reader:
    """Reads the fields of one form and keeps what is wrong with them, by field."""

    typed: Typed
    errors: dict[str, str] = field(default_factory=dict)

    def line(self, name: str, *, most: int, required: str = "") -> str:
        """One line with single spaces; `required` is what to say when it is empty."""
        text = "".join(char if char.isprintable() else " " for char in self.typed.get(name, ""))
        return self._check(name, " ".join(text.split()), most, required)

    def prose(self, name: str, *, most: int, required: str = "") -> str:
        text = self.typed.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()
        return self._check(name, text, most, required)

    def _check(self, name: str, text: str, most: int, required: str) -> str:
        if not text and required:
            self.errors[name] = required
        elif len(text) > most:
            self.errors[name] = _("At most %(most)s characters; this is %(length)s.", most=most, length=len(text))
        return text[:most]

    def day(self, name: str) -> date | None:
        try:
            return read_day(self.typed.get(name, ""), takes_months=False)
        except ValueError:
            self.errors[name] = _("Write a day, for instance 31.12.2010.")
            return None

    def number(self, name: str) -> float | None:
        try:
            return read_number(self.typed.get(name, ""))
        except ValueError:
            self.errors[name] = _("Write a number, for instance 9,5.")
            return None


def read_project(reader: Reader) -> ProjectFacts | None:
    name = reader.line("name", most=LONGEST_NAME, required=_("Say what the project is called."))
    area = reader.typed.get("area", "")
    if area not in set(Area):
        reader.errors["area"] = _("Choose a focus area.")
    about = reader.prose("about", most=LONGEST_TEXT)
    from_on, to_on = reader.day("from_on"), reader.day("to_on")
    if from_on and to_on and to_on < from_on:
        reader.errors["to_on"] = _("The last day is before the first.")
    if reader.errors:
        return None
    return ProjectFacts(name, Area(area), about, from_on, to_on, reader.typed.get("is_shared") == "1")


def type_project(facts: ProjectFacts) -> Typed:
    return Typed(
        {
            "name": facts.name,
            "area": facts.area.value,
            "about": facts.about,
            "from_on": write_day(facts.from_on),
            "to_on": write_day(facts.to_on),
            "is_shared": "1" if facts.is_shared else "",
        }
    )


def read_goal(reader: Reader) -> GoalFacts | None:
    """A goal that can be measured has a unit, a target and a day for it; a starting point has a day too."""
    goal = reader.prose("goal", most=LONGEST_GOAL, required=_("Say what you want to reach."))
    unit = reader.line("unit", most=LONGEST_UNIT)
    start_value, start_on = reader.number("start_value"), reader.day("start_on")
    target_value, target_on = reader.number("target_value"), reader.day("target_on")
    _demand_both(reader, "target", target_value, target_on)
    _demand_both(reader, "start", start_value, start_on)
    if target_value is not None and not unit:
        reader.errors.setdefault("unit", _("Say what is counted, for instance days."))
    if start_on and target_on and target_on <= start_on:
        reader.errors.setdefault("target_on", _("The day of the target is not after the start."))
    way = reader.typed.get("direction", "")
    if reader.errors:
        return None
    direction = Direction(way) if way in set(Direction) else Direction.DOWN
    return GoalFacts(goal, unit, direction, start_value, start_on, target_value, target_on)


def _demand_both(reader: Reader, kind: str, value: float | None, on: date | None) -> None:
    """Beside the field that is empty while the other says something."""
    if value is None and on is not None:
        reader.errors.setdefault(f"{kind}_value", _("Write the figure that the day is for."))
    if value is not None and on is None:
        reader.errors.setdefault(f"{kind}_on", _("Write the day that the figure is for."))


def type_goal(facts: GoalFacts) -> Typed:
    return Typed(
        {
            "goal": facts.goal,
            "unit": facts.unit,
            "direction": facts.direction.value,
            "start_value": write_number(facts.start_value),
            "start_on": write_day(facts.start_on),
            "target_value": write_number(facts.target_value),
            "target_on": write_day(facts.target_on),
        }
    )


def read_figure(reader: Reader) -> Figure | None:
    """One figure; its day may be a month or a year, and then it is the last of it."""
    text, on = reader.typed.get("on", "").strip(), None
    if not text:
        reader.errors["on"] = _("Write the day, the month or the year.")
    elif (on := read_when(text)) is None:
        reader.errors["on"] = _("Write a day, a month or a year, for instance 31.12.2010, 12.2010 or 2010.")
    value = reader.number("value")
    if value is None:
        reader.errors.setdefault("value", _("Write a number, for instance 9,5."))
    return Figure(on, value) if on is not None and value is not None else None


def read_source(reader: Reader) -> str:
    return reader.line("source", most=LONGEST_SOURCE)


def write_day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
