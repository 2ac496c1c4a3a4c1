"""What pages, mails and documents call the parts of an application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys.merging import Field
from eventsys.programmes.applications import forms
from eventsys.programmes.applications.queries import CHANGED
from eventsys.programmes.applications.rules import (
    ApplicationFacts,
    ApplicationState,
    Area,
    ConfirmingSide,
    FileKind,
    Missing,
)
from eventsys.programmes.calls.rules import CaseAct

AREAS = {
    Area.HEALTH_CARE: _l("Health and care"),
    Area.CHILD_YOUTH: _l("Children and young people"),
    Area.SICKNESS_ABSENCE: _l("Sickness absence"),
}
"""An area of their own has the name that they give it."""


class ToMend(NamedTuple):
    """Something that is missing, and where on the page it is mended."""

    text: str
    anchor: str


def name_area(area: Area, own: str = "") -> str:
    if area is Area.OWN:
        return own or _("An area of our own")
    return str(AREAS[area])


def name_side(side: ConfirmingSide) -> str:
    return {
        ConfirmingSide.POLITICIANS: _("The politicians"),
        ConfirmingSide.ADMINISTRATION: _("The administration"),
        ConfirmingSide.EMPLOYEES: _("The employees"),
    }[side]


def name_kind(kind: FileKind) -> str:
    return {
        FileKind.ATTACHMENT: _("Attachment"),
        FileKind.COUNCIL: _("The decision or the case paper"),
        FileKind.SUPPLEMENT: _("Sent later"),
    }[kind]


def name_state(state: ApplicationState) -> str:
    return {
        ApplicationState.DRAFT: _("Being written"),
        ApplicationState.SENT: _("Sent"),
        ApplicationState.SUPPLEMENT: _("To be supplemented"),
        ApplicationState.WITHDRAWN: _("Taken back"),
        ApplicationState.ADMITTED: _("Admitted"),
        ApplicationState.WAITING: _("Waits for a later intake"),
        ApplicationState.DECLINED: _("Declined"),
    }[state]


KINDS = {
    ApplicationState.DRAFT: "warning", ApplicationState.SENT: "success", ApplicationState.SUPPLEMENT: "warning",
    ApplicationState.WITHDRAWN: "neutral", ApplicationState.ADMITTED: "success", ApplicationState.WAITING: "info",
    ApplicationState.DECLINED: "neutral",
}  # fmt: skip
"""The colour of each state."""


def name_fields() -> dict[str, str]:
    """What the fields of the form are called, without which goal or side."""
    return {
        "areas": _("Focus areas"),
        "own_area": _("The area of our own"),
        "way_of_working": _("How we will work"),
        "involvement": _("How we secure involvement"),
        "timetable": _("Timetable"),
        "goals": _("Goals"),
        "treated_by": _("Treated by"),
        "treated_on": _("The day it was treated"),
        "cooperation": _("How we worked together on the application"),
        "confirmations": _("Who stands behind it"),
        "files": _("Files"),
        "area": _("Focus area"),
        "goal": _("The goal"),
        "is_measurable": _("It can be measured"),
        "unit": _("Unit"),
        "start_value": _("Starting point"),
        "target_value": _("Figure"),
        "target_on": _("To be reached by"),
        "name": _("Name"),
        "title": _("Title or role"),
        "confirmed_on": _("Confirmed on"),
    }


def describe_fields(goal_ids: Iterable[str]) -> dict[str, Field]:
    """Every field of a form with those goals, as pages call it."""
    ids, names = list(goal_ids), name_fields()
    areas = {area.value: name_area(area) for area in Area}
    found = {}
    for name in forms.list_names(ids):
        part = forms.part_of(name)
        options: Mapping[str, str] = areas if part in ("area", "areas") else {"1": _("Yes")}
        label = names[part]
        if name.startswith("goal-"):
            number = ids.index(name[5:41]) + 1
            label = _("Goal %(number)s: %(field)s", number=number, field=label)
        elif name.startswith("confirm-"):
            label = f"{name_side(ConfirmingSide(name.split('-')[1]))}: {label}"
        is_plain = part not in ("area", "areas", "is_measurable")
        found[name] = Field(label, {} if is_plain else options, part in (*forms.TEXTS, "goal"))
    return found


def list_to_mend(missing: Iterable[Missing], facts: ApplicationFacts) -> list[ToMend]:
    """What is missing in words, each with its place on the page."""
    return [ToMend(_tell_missing(one), _anchor_of(one, facts)) for one in missing]


def _tell_missing(one: Missing) -> str:
    names = name_fields()
    if one.what == "goals":
        return _("At least one goal")
    if one.what == "council_file":
        return _("The decision or the case paper, as a file")
    if one.what == "confirmation":
        return _("Confirmation: %(side)s", side=name_side(ConfirmingSide(one.which)))
    if one.which:
        return _("Goal %(number)s: %(field)s", number=one.which, field=names[one.what])
    return names[one.what]


def _anchor_of(one: Missing, facts: ApplicationFacts) -> str:
    if one.what == "confirmation":
        return forms.side_field(ConfirmingSide(one.which), "name")
    if one.what == "goals":
        return "goals"
    if one.which:
        return forms.goal_field(facts.goals[int(one.which) - 1].public_id, one.what)
    return one.what


def tell_change(act: CaseAct, facts: Mapping[str, Any]) -> str:
    """What happened, for the history that those who write it see."""
    if act is CHANGED:
        names = name_fields()
        return ", ".join(names.get(name, name) for name in facts.get("fields", []))
    return {
        CaseAct.BEGUN: _("Began to write"),
        CaseAct.INVITED_COLLEAGUE: _("Was asked to write too"),
        CaseAct.REMOVED_COLLEAGUE: _("Writes no more"),
        CaseAct.SENT: _("Sent the application"),
        CaseAct.WITHDRAWN: _("Withdrew the application"),
        CaseAct.ASKED_TO_SUPPLEMENT: _("A supplement was asked for"),
        CaseAct.SUPPLEMENTED: _("Sent a supplement"),
    }[act]
