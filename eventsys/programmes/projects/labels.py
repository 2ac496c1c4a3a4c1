"""Projects, goals and figures as pages show them: in sentences, tables and lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys import dates, texts
from eventsys.organisations.positions.queries import Happened
from eventsys.programmes.applications.forms import write_number
from eventsys.programmes.applications.labels import name_area
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.models import Programme, Project, ProjectChange
from eventsys.programmes.projects import curve
from eventsys.programmes.projects.pasted import Line, Wrong
from eventsys.programmes.projects.queries import Followed
from eventsys.programmes.projects.rules import Direction, Figure, GoalFacts, ProjectAct, Standing, decide_standing
from eventsys.web import language

KINDS = {
    Standing.REACHED: "success",
    Standing.ON_ITS_WAY: "info",
    Standing.NOT_ON_ITS_WAY: "warning",
    Standing.NO_FIGURES: "neutral",
    Standing.NOT_MEASURED: "neutral",
}


def name_standing(standing: Standing) -> str:
    return {
        Standing.REACHED: _("Reached"),
        Standing.ON_ITS_WAY: _("On its way"),
        Standing.NOT_ON_ITS_WAY: _("Not on its way"),
        Standing.NO_FIGURES: _("No figures yet"),
        Standing.NOT_MEASURED: _("Not measured"),
    }[standing]


def name_direction(direction: Direction) -> str:
    return {Direction.DOWN: _("The figure should go down"), Direction.UP: _("The figure should go up")}[direction]


def list_areas() -> list[tuple[str, str]]:
    return [(area.value, name_area(area)) for area in Area]


def list_directions() -> list[tuple[str, str]]:
    return [(one.value, name_direction(one)) for one in Direction]


def name_day(on: date | None) -> str:
    return dates.format_day(on, language()) if on else ""


def tell_value(value: float | None, unit: str) -> str:
    """«9,5 %», «1 200 dager», with a point in English."""
    if value is None:
        return ""
    number = write_number(value)
    number = number.replace(",", ".") if language() == "en" else number
    return f"{number} {unit}".strip()


# --- a project ------------------------------------------------------------------------------------------------------


class Card(NamedTuple):
    """A project as a row of a list."""

    name: str
    area: str
    days: str
    tags: list[tuple[str, str]]


def describe_card(project: Project, goals: Sequence[Followed]) -> Card:
    """With how its goals stand, counted."""
    tags = [(_("Over"), "neutral")] if project.ended_at else []
    standings = [decide_standing(one.facts, one.figures) for one in goals]
    tags += [
        (_count(standing, count), KINDS[standing]) for standing in Standing if (count := standings.count(standing))
    ]
    return Card(project.name, name_area(project.area), tell_days(project), tags or [(_("No goals yet"), "neutral")])


def _count(standing: Standing, count: int) -> str:
    return f"{name_standing(standing)}: {count}"


def tell_days(project: Project) -> str:
    first, last = name_day(project.from_on), name_day(project.to_on)
    if first and last:
        return _("From %(first)s to %(last)s", first=first, last=last)
    if first:
        return _("From %(first)s", first=first)
    return _("Until %(last)s", last=last) if last else ""


def name_programme(programme: Programme) -> str:
    return texts.read(programme.name, language()).value


# --- a goal ---------------------------------------------------------------------------------------------------------


def describe_goal(followed: Followed) -> dict[str, Any]:
    """A goal with its picture, and the table that says the same."""
    goal, figures = followed.facts, followed.figures
    standing = decide_standing(goal, figures)
    drawn = curve.draw(goal, figures)
    return {
        "public_id": followed.row.public_id,
        "goal": goal.goal,
        "is_measured": goal.target_value is not None,
        "way": name_direction(goal.direction) if goal.target_value is not None else "",
        "unit": goal.unit,
        "start": _tell_point(goal.start_value, goal.start_on, goal.unit),
        "target": _tell_target(goal),
        "standing": name_standing(standing),
        "kind": KINDS[standing],
        "latest": tell_value(figures[-1].value, goal.unit) if figures else "",
        "curve": _describe_curve(goal, drawn) if drawn is not None else None,
        "label": tell_curve(goal, figures),
        "rows": [(one.on, name_day(one.on), tell_value(one.value, goal.unit)) for one in reversed(figures)],
    }


def _tell_point(value: float | None, on: date | None, unit: str) -> str:
    if value is None:
        return ""
    shown = tell_value(value, unit)
    return _("%(value)s on %(day)s", value=shown, day=name_day(on)) if on else shown


def _tell_target(goal: GoalFacts) -> str:
    if goal.target_value is None or goal.target_on is None:
        return _tell_point(goal.target_value, None, goal.unit)
    return _("%(value)s by %(day)s", value=tell_value(goal.target_value, goal.unit), day=name_day(goal.target_on))


def _describe_curve(goal: GoalFacts, drawn: curve.Curve) -> dict[str, Any]:
    return {
        **drawn._asdict(),
        "ticks": [(tick.y, tell_value(tick.value, "")) for tick in drawn.ticks],
        "days": [(mark, _name_month(mark.on)) for mark in drawn.days],
        "target_name": _("Target: %(value)s", value=tell_value(goal.target_value, goal.unit)),
    }


def _name_month(on: date) -> str:
    return f"{dates.SHORT_MONTHS[language()][on.month - 1]} {on.year}"


def tell_curve(goal: GoalFacts, figures: Sequence[Figure]) -> str:
    """What the picture says, in a sentence."""
    target = _tell_target(goal)
    aims = _("The target is %(target)s.", target=target) if target else ""
    if not figures:
        return aims
    last = tell_value(figures[-1].value, goal.unit)
    values = {"first": _tell_point(figures[0].value, figures[0].on, goal.unit), "last": last}
    if len(figures) == 1:
        return f"{values['first']}. {aims}".strip()
    told = _("From %(first)s to %(last)s on %(day)s.", day=name_day(figures[-1].on), **values)
    return f"{told} {aims}".strip()


# --- what was pasted ------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A pasted line, what it was read as, and what comes of it."""

    number: int
    text: str
    day: str
    value: str
    told: str
    kind: str


def describe_lines(lines: Sequence[Line], known: Mapping[date, float], unit: str) -> list[Row]:
    return [_describe_line(line, known, unit) for line in lines]


def _describe_line(line: Line, known: Mapping[date, float], unit: str) -> Row:
    if line.figure is None:
        return Row(line.number, line.text, "", "", tell_wrong(line.wrong), "danger")
    on, value = line.figure
    if on not in known:
        told, kind = _("New"), "success"
    elif known[on] == value:
        told, kind = _("There already"), "neutral"
    else:
        told, kind = _("Corrects %(value)s", value=tell_value(known[on], unit)), "warning"
    return Row(line.number, line.text, name_day(on), tell_value(value, unit), told, kind)


def tell_wrong(wrong: Wrong | None) -> str:
    if wrong is Wrong.NO_NUMBER:
        return _("No number that can be read")
    if wrong is Wrong.TWICE:
        return _("Another line has another figure for the same day")
    return _("No day, month or year that can be read")


def tell_written(new: int, corrected: int) -> str:
    """What writing figures came to."""
    if not new and not corrected:
        return _("These figures were there already.")
    parts = []
    if new:
        parts.append(ngettext("%(num)d figure is put in.", "%(num)d figures are put in.", new))
    if corrected:
        parts.append(ngettext("%(num)d figure is corrected.", "%(num)d figures are corrected.", corrected))
    return " ".join(parts)


# --- history --------------------------------------------------------------------------------------------------------


class Told(NamedTuple):
    """A row of the history: when, who, and what, with its details."""

    at: str
    who: str
    what: str
    details: list[str]


def describe_changes(changes: Sequence[Happened[ProjectChange]], units: Mapping[str, str], timezone: str) -> list[Told]:
    """`units` by the words of the goals."""
    return [_describe_change(one, units, timezone) for one in changes]


def _describe_change(one: Happened[ProjectChange], units: Mapping[str, str], timezone: str) -> Told:
    change, facts = one.change, one.change.facts
    at = dates.format_short_moment(dates.to_local(change.at, timezone), language())
    details = []
    if change.act is ProjectAct.FIGURES:
        unit = units.get(facts.get("goal", ""), "")
        details = [_tell_figure(figure, unit) for figure in facts.get("figures", ())]
    elif change.act is ProjectAct.MOVED:
        details = [_("From %(first)s to %(last)s", first=facts.get("from", ""), last=facts.get("to", ""))]
    return Told(at, one.who, tell_act(change.act, facts), details)


def _tell_figure(figure: Mapping[str, Any], unit: str) -> str:
    day = name_day(date.fromisoformat(figure["on"]))
    old, new = tell_value(figure.get("from"), unit), tell_value(figure.get("to"), unit)
    if old and new:
        return _("%(day)s: corrected from %(old)s to %(new)s", day=day, old=old, new=new)
    return _("%(day)s: %(old)s taken away", day=day, old=old) if old else f"{day}: {new}"


def tell_act(act: ProjectAct, facts: Mapping[str, Any]) -> str:
    goal = facts.get("goal", "")
    if act is ProjectAct.ADDED and facts.get("of"):
        return _("Made out of the application")
    return {
        ProjectAct.ADDED: _("The project is made"),
        ProjectAct.CHANGED: _("What the project says is changed"),
        ProjectAct.SHARED: _("Shared with the networks"),
        ProjectAct.NOT_SHARED: _("Not shared with the networks any more"),
        ProjectAct.GOAL_ADDED: _("Goal added: «%(goal)s»", goal=goal),
        ProjectAct.GOAL_CHANGED: _("Goal changed: «%(goal)s»", goal=goal),
        ProjectAct.GOAL_REMOVED: _("Goal removed: «%(goal)s»", goal=goal),
        ProjectAct.FIGURES: _("Figures for «%(goal)s»", goal=goal),
        ProjectAct.MOVED: _("Passed on where municipalities became one"),
        ProjectAct.ENDED: _("The project is over"),
    }[act]
