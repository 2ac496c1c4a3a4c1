"""What an application may be, whose voice confirms it, what it says, what it lacks, and when it may be sent. Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

LONGEST_TEXT = 10_000
LONGEST_LINE = 200
LONGEST_UNIT = 40
LONGEST_WORDS = 1000
MOST_GOALS = 40
MOST_FILES = 30
MOST_MEMBERS = 20


class ApplicationState(enum.StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    SUPPLEMENT = "supplement"
    WITHDRAWN = "withdrawn"
    ADMITTED = "admitted"
    WAITING = "waiting"
    DECLINED = "declined"


class Area(enum.StrEnum):
    """A focus area. `OWN` is named by the applicant."""

    HEALTH_CARE = "health_care"
    CHILD_YOUTH = "child_youth"
    SICKNESS_ABSENCE = "sickness_absence"
    OWN = "own"


class ConfirmingSide(enum.StrEnum):
    POLITICIANS = "politicians"
    ADMINISTRATION = "administration"
    EMPLOYEES = "employees"


class FileKind(enum.StrEnum):
    """`COUNCIL` is the paper of the political treatment; `SUPPLEMENT` came after the application was sent."""

    ATTACHMENT = "attachment"
    COUNCIL = "council"
    SUPPLEMENT = "supplement"


MAY_WITHDRAW = (ApplicationState.SENT, ApplicationState.SUPPLEMENT)


class IsTooLate(Exception):
    """It came at `at`, and what was before `closes_at` was in time; or the call takes no applications any more."""

    def __init__(self, at: datetime, closes_at: datetime) -> None:
        super().__init__(f"{at} is not before {closes_at}")
        self.at, self.closes_at = at, closes_at


class IsNotWhole(Exception):
    """What `missing` names has to be there when it is sent."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(", ".join(one.what for one in missing))
        self.missing = list(missing)


class CannotBeDone(Exception):
    """The application is not in a state for that, or the member is not one any more."""


class TooMany(Exception):
    """More goals, files or members than an application may have."""


@dataclass(frozen=True)
class Goal:
    """A goal as it is written. Several are told apart by `public_id`, which the form that adds one makes."""

    public_id: str
    area: Area | None = None
    goal: str = ""
    is_measurable: bool = False
    unit: str = ""
    start_value: float | None = None
    target_value: float | None = None
    target_on: date | None = None


@dataclass(frozen=True)
class Confirmation:
    side: ConfirmingSide
    name: str = ""
    title: str = ""
    confirmed_on: date | None = None


@dataclass(frozen=True)
class AttachedFile:
    public_id: str
    name: str
    kind: FileKind
    size: int


@dataclass(frozen=True)
class Supplement:
    """What was said when an application was supplemented."""

    words: str
    at: datetime


@dataclass(frozen=True)
class ApplicationFacts:
    """Whole: what an application says, and of whom and to what. `call` and `programme` are texts by language."""

    organisation: str
    call: dict[str, str]
    programme: dict[str, str]
    language: str
    areas: tuple[Area, ...] = ()
    own_area: str = ""
    way_of_working: str = ""
    involvement: str = ""
    timetable: str = ""
    goals: tuple[Goal, ...] = ()
    treated_by: str = ""
    treated_on: date | None = None
    cooperation: str = ""
    confirmations: tuple[Confirmation, ...] = ()
    files: tuple[AttachedFile, ...] = ()
    supplements: tuple[Supplement, ...] = ()


@dataclass(frozen=True)
class Missing:
    """Something that has to be there: the name of its field, and of which goal or side where there are several."""

    what: str
    which: str = ""


def is_in_time(at: datetime, closes_at: datetime) -> bool:
    """What comes before the deadline is in time, to the last second before it."""
    return at < closes_at


def list_missing(facts: ApplicationFacts) -> list[Missing]:
    """What an application lacks, in the order of the form."""
    found = [] if facts.areas else [Missing("areas")]
    if Area.OWN in facts.areas and not facts.own_area.strip():
        found.append(Missing("own_area"))
    found += [Missing(name) for name in ("way_of_working", "involvement", "timetable") if not _says(facts, name)]
    found += _missing_of_goals(facts.goals)
    found += [Missing(name) for name in ("treated_by", "treated_on") if not _says(facts, name)]
    if not any(file.kind is FileKind.COUNCIL for file in facts.files):
        found.append(Missing("council_file"))
    if not _says(facts, "cooperation"):
        found.append(Missing("cooperation"))
    whole = {one.side for one in facts.confirmations if one.name.strip() and one.confirmed_on}
    return [*found, *(Missing("confirmation", side.value) for side in ConfirmingSide if side not in whole)]


def _says(facts: ApplicationFacts, name: str) -> bool:
    return bool(str(getattr(facts, name) or "").strip())


def _missing_of_goals(goals: Sequence[Goal]) -> list[Missing]:
    found = [] if goals else [Missing("goals")]
    for number, goal in enumerate(goals, 1):
        if not goal.goal.strip():
            found.append(Missing("goal", str(number)))
        if goal.is_measurable:
            figures = {"unit": goal.unit.strip() or None, "start_value": goal.start_value}
            figures |= {"target_value": goal.target_value, "target_on": goal.target_on}  # type: ignore[dict-item]
            found += [Missing(name, str(number)) for name, value in figures.items() if value is None]
    return found


def name_changes(before: ApplicationFacts, after: ApplicationFacts) -> list[str]:
    """The names of what the second says otherwise than the first."""
    return [one.name for one in fields(before) if getattr(before, one.name) != getattr(after, one.name)]


def to_json(facts: ApplicationFacts) -> dict[str, Any]:
    """The facts as a version keeps them."""
    plain: dict[str, Any] = _plain(asdict(facts))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value.value if isinstance(value, enum.Enum) else value


def from_json(kept: dict[str, Any]) -> ApplicationFacts:
    """The facts that a version kept."""
    several = {
        "areas": tuple(Area(one) for one in kept["areas"]),
        "goals": tuple(_read_goal(one) for one in kept["goals"]),
        "confirmations": tuple(
            Confirmation(**{**one, "side": ConfirmingSide(one["side"]), "confirmed_on": _day(one["confirmed_on"])})
            for one in kept["confirmations"]
        ),
        "files": tuple(AttachedFile(**{**one, "kind": FileKind(one["kind"])}) for one in kept["files"]),
        "supplements": tuple(
            Supplement(one["words"], datetime.fromisoformat(one["at"])) for one in kept["supplements"]
        ),
    }
    return ApplicationFacts(**{**kept, **several, "treated_on": _day(kept["treated_on"])})


def _read_goal(kept: dict[str, Any]) -> Goal:
    area = Area(kept["area"]) if kept["area"] else None
    return Goal(**{**kept, "area": area, "target_on": _day(kept["target_on"])})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
