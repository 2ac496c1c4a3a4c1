"""What assessors type and choose, turned into values or errors beside the field; nothing here reads the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _

from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.intake.lists import Sort, Wanted
from eventsys.programmes.intake.rules import LONGEST_CASE_NUMBER, Outcome, Ruling, Scale
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.site_forms import read_languages

LONGEST_NOTES = 10_000
LONGEST_GROUNDS = 4_000
MOST_POINTS = 10
NAMES = ("q", "state", "area", "shortlisted", "assessed", "sort")


class Filters(NamedTuple):
    """What is wanted, and the same as the address has it: only what means something."""

    wanted: Wanted
    kept: dict[str, str]


def read_filters(asked: Mapping[str, str], ordinals: Iterable[int]) -> Filters:
    """What the address asks for; what means nothing is as if it were not there."""
    text = {name: asked.get(name, "").replace("\0", "").strip()[:200] for name in NAMES}
    places = {"0": 0, **{str(one): one for one in ordinals}}
    yes_or_no = {"yes": True, "no": False}
    wanted = Wanted(
        search=text["q"],
        state=ApplicationState(text["state"]) if text["state"] in set(ApplicationState) else None,
        area=Area(text["area"]) if text["area"] in set(Area) else None,
        shortlisted=places.get(text["shortlisted"]),
        assessed=yes_or_no.get(text["assessed"]),
        sort=Sort(text["sort"]) if text["sort"] in set(Sort) else Sort.NAME,
    )
    meant = {
        "q": bool(text["q"]), "state": wanted.state is not None, "area": wanted.area is not None,
        "shortlisted": wanted.shortlisted is not None, "assessed": wanted.assessed is not None,
        "sort": wanted.sort is not Sort.NAME,
    }  # fmt: skip
    return Filters(wanted, {name: text[name] for name in NAMES if meant[name]})


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    name: dict[str, str]
    help: dict[str, str]
    most_points: int


def read_criterion(reader: Reader) -> CriterionFacts:
    name = read_languages(reader, "name", most=200, required=_("Write what is assessed, in one language or more."))
    help_text = read_languages(reader, "help", most=1000)
    most = reader.number("most_points", most=MOST_POINTS)
    if most is None and "most_points" not in reader.errors:
        reader.errors["most_points"] = _("Write how many points it takes, from 1 to 10.")
    return CriterionFacts(name, help_text, most or 1)


class AssessmentEntry(NamedTuple):
    notes: str
    points: dict[int, int]


def read_assessment(reader: Reader, criteria: Sequence[Scale]) -> AssessmentEntry:
    """Notes, and points by criterion; one that nothing is chosen for has none."""
    points = {}
    for criterion in criteria:
        field = f"points-{criterion.public_id}"
        text = reader.typed.get(field, "")
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and int(text[:3]) <= criterion.most_points):
            reader.errors[field] = _("Choose from 0 to %(most)d points.", most=criterion.most_points)
            continue
        points[criterion.id] = int(text)
    return AssessmentEntry(reader.prose("notes", most=LONGEST_NOTES), points)


def type_assessment(notes: str, points: Mapping[int, int], criteria: Sequence[Scale]) -> Typed:
    given = {f"points-{one.public_id}": str(points[one.id]) for one in criteria if one.id in points}
    return Typed({"notes": notes, **given})


def read_case_number(reader: Reader) -> str:
    return reader.text("case_number", most=LONGEST_CASE_NUMBER)


def read_rulings(
    reader: Reader,
    applications: Mapping[str, tuple[int, str]],
    languages: Mapping[int, str],
    later_id: int | None,
) -> dict[int, Ruling]:
    """What was chosen for each application that something was chosen for, by id. `applications` are ids and names by
    public id. Grounds are typed once for all who are declined, by language, and for one where it says so."""
    found = {}
    shared = {code: reader.prose(f"grounds_{code}", most=LONGEST_GROUNDS) for code in ("nb", "nn", "en")}
    for public_id, (number, name) in applications.items():
        chosen = reader.typed.get(f"outcome-{public_id}", "")
        if chosen not in set(Outcome):
            continue
        was = reader.typed.get(f"was-{public_id}", "")
        outcome, own = Outcome(chosen), reader.prose(f"grounds-{public_id}", most=LONGEST_GROUNDS)
        grounds = {code: text for code, text in shared.items() if text}
        if own:
            grounds[languages[number]] = own
        if outcome is Outcome.DECLINED and not grounds.get(languages[number]):
            reader.errors[f"grounds-{public_id}"] = _("Write why %(name)s is declined.", name=name)
        if outcome is Outcome.WAITING and later_id is None:
            reader.errors[f"outcome-{public_id}"] = _("There is no later intake for %(name)s to wait for.", name=name)
        state = ApplicationState(was) if was in set(ApplicationState) else ApplicationState.DRAFT
        found[number] = Ruling(
            outcome, state, grounds if outcome is Outcome.DECLINED else {},
            later_id if outcome is Outcome.WAITING else None,
        )  # fmt: skip
    return found
