"""What is typed into an application, turned into what it says and back; nothing here reads the database.

The fields of a goal are named by its id, `goal-<uuid>-unit`, which the form that adds it makes.
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from eventsys.dates import read_day
from eventsys.merging import Typed
from eventsys.programmes.applications.rules import (
    LONGEST_LINE,
    LONGEST_TEXT,
    LONGEST_UNIT,
    MOST_GOALS,
    ApplicationFacts,
    Area,
    Confirmation,
    ConfirmingSide,
    Goal,
)

TEXTS = ("way_of_working", "involvement", "timetable", "cooperation")
LINES = ("own_area", "treated_by")
GOAL_PARTS = ("area", "goal", "is_measurable", "unit", "start_value", "target_value", "target_on")
CONFIRMED_PARTS = ("name", "title", "confirmed_on")
_GOAL = re.compile(rf"goal-([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})-({'|'.join(GOAL_PARTS)})")
_MOST = 1e12
_LONGEST = dict.fromkeys(TEXTS, LONGEST_TEXT) | dict.fromkeys(LINES, LONGEST_LINE)
_LONGEST_PART = {"goal": 1000, "unit": LONGEST_UNIT, "name": LONGEST_LINE, "title": LONGEST_LINE}


def goal_field(public_id: str, part: str) -> str:
    return f"goal-{public_id}-{part}"


def side_field(side: ConfirmingSide, part: str) -> str:
    return f"confirm-{side.value}-{part}"


def list_goal_ids(*forms: Typed) -> list[str]:
    """The ids of the goals that the forms say something of, in the order of the first."""
    found = (match[1] for typed in forms for name in typed if (match := _GOAL.fullmatch(name)) and says(typed, name))
    return list(dict.fromkeys(found))[:MOST_GOALS]


def says(typed: Typed, name: str) -> bool:
    return any(value.strip() for value in typed.getlist(name))


def list_names(goal_ids: Iterable[str]) -> list[str]:
    """The names of all fields, in the order of the page."""
    goals = [goal_field(one, part) for one in goal_ids for part in GOAL_PARTS]
    sides = [side_field(side, part) for side in ConfirmingSide for part in CONFIRMED_PARTS]
    first = ["areas", "own_area", "way_of_working", "involvement", "timetable"]
    return [*first, *goals, "treated_by", "treated_on", "cooperation", *sides]


def part_of(name: str) -> str:
    """What kind of field it is, whichever goal or side it is of."""
    return name.rpartition("-")[2]


def to_typed(facts: ApplicationFacts) -> Typed:
    """What the application says, as if it was typed."""
    typed = Typed([("areas", area.value) for area in facts.areas])
    for name in (*TEXTS, *LINES):
        typed[name] = getattr(facts, name)
    typed["treated_on"] = _write_day(facts.treated_on)
    for goal in facts.goals:
        typed.update({goal_field(goal.public_id, part): value for part, value in _write_goal(goal).items()})
    for one in facts.confirmations:
        parts = {"name": one.name, "title": one.title, "confirmed_on": _write_day(one.confirmed_on)}
        typed.update({side_field(one.side, part): value for part, value in parts.items()})
    return typed


def _write_goal(goal: Goal) -> dict[str, str]:
    return {
        "area": goal.area.value if goal.area else "",
        "goal": goal.goal,
        "is_measurable": "1" if goal.is_measurable else "",
        "unit": goal.unit,
        "start_value": write_number(goal.start_value),
        "target_value": write_number(goal.target_value),
        "target_on": _write_day(goal.target_on),
    }


def _write_day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def write_number(number: float | None) -> str:
    """With a comma, and as many decimals as are needed, four at most."""
    if number is None:
        return ""
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace(".", ",")


def read_number(text: str) -> float | None:
    """«9,5», «9.5», «1 200», «−3». Raises `ValueError`."""
    plain = "".join(text.split()).replace("\u2212", "-").replace(",", ".")
    if not plain:
        return None
    if not re.fullmatch(r"-?\d{1,13}(\.\d+)?", plain, re.ASCII):
        raise ValueError(text)
    number = round(float(plain), 4)
    if not math.isfinite(number) or abs(number) > _MOST:
        raise ValueError(text)
    return number + 0.0


def tidy(typed: Typed) -> Typed:
    """The form with each day and number as we write it, so that «1,50» and «1,5» are the same; what cannot be read stays."""
    tidied = typed.copy()
    for name in list(typed):
        rewrite = _rewriter(name) or str
        try:
            tidied.setlist(name, [rewrite(value) for value in typed.getlist(name)])
        except ValueError:
            tidied[name] = typed[name].strip()
    return tidied


def _rewriter(name: str) -> Callable[[str], str] | None:
    if part_of(name) in ("target_on", "treated_on", "confirmed_on"):
        return lambda text: _write_day(read_day(text, takes_months=False))
    if part_of(name) in ("start_value", "target_value"):
        return lambda text: write_number(read_number(text))
    if part_of(name) in ("own_area", "treated_by", "unit", "name", "title"):
        return _squeeze
    return (lambda text: text.replace("\r\n", "\n").strip()) if part_of(name) in (*TEXTS, "goal") else None


def _squeeze(text: str) -> str:
    """One line with single spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def find_errors(typed: Typed, names: Iterable[str]) -> dict[str, str]:
    """What is wrong with which of the fields of a tidied form."""
    errors = {}
    for name in names:
        if error := _find_error(typed.get(name, ""), part_of(name)):
            errors[name] = error
    return errors


def _find_error(text: str, part: str) -> str:
    most = _LONGEST.get(part) or _LONGEST_PART.get(part)
    if most and len(text) > most:
        return _("At most %(most)s characters; this is %(length)s.", most=most, length=len(text))
    try:
        if part in ("start_value", "target_value"):
            read_number(text)
        elif part in ("target_on", "treated_on", "confirmed_on"):
            read_day(text, takes_months=False)
    except ValueError:
        is_number = part.endswith("_value")
        return _("Write a number, for instance 9,5.") if is_number else _("Write a day, for instance 31.12.2010.")
    return ""


def read(typed: Typed, before: ApplicationFacts) -> ApplicationFacts:
    """What the application says now; the form is tidied and has no errors. Goals that say nothing are none."""
    known = [goal.public_id for goal in before.goals]
    written = list_goal_ids(typed)
    ids = [one for one in known if one in written] + [one for one in written if one not in known]
    chosen = set(typed.getlist("areas"))
    return replace(
        before,
        areas=tuple(area for area in Area if area.value in chosen),
        goals=tuple(_read_goal(typed, one) for one in ids[:MOST_GOALS]),
        treated_on=read_day(typed.get("treated_on", ""), takes_months=False),
        confirmations=tuple(one for side in ConfirmingSide if (one := _read_confirmation(typed, side))),
        own_area=typed.get("own_area", ""),
        treated_by=typed.get("treated_by", ""),
        way_of_working=typed.get("way_of_working", ""),
        involvement=typed.get("involvement", ""),
        timetable=typed.get("timetable", ""),
        cooperation=typed.get("cooperation", ""),
    )


def _read_goal(typed: Typed, public_id: str) -> Goal:
    said = {part: typed.get(goal_field(public_id, part), "") for part in GOAL_PARTS}
    return Goal(
        public_id=str(uuid.UUID(public_id)),
        area=Area(said["area"]) if said["area"] in list(Area) else None,
        goal=said["goal"].strip(),
        is_measurable=bool(said["is_measurable"]),
        unit=said["unit"].strip(),
        start_value=read_number(said["start_value"]),
        target_value=read_number(said["target_value"]),
        target_on=read_day(said["target_on"], takes_months=False),
    )


def _read_confirmation(typed: Typed, side: ConfirmingSide) -> Confirmation | None:
    name, title, day = (typed.get(side_field(side, part), "").strip() for part in CONFIRMED_PARTS)
    one = Confirmation(side, name, title, read_day(day, takes_months=False))
    return one if name or title or day else None
