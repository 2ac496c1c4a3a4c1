"""What a decision and its letter may be, which applications can be decided on, and what stops a batch. Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from eventsys.programmes.applications.rules import ApplicationState


class Outcome(enum.StrEnum):
    ADMITTED = "admitted"
    WAITING = "waiting"
    DECLINED = "declined"


class LetterState(enum.StrEnum):
    DRAFT = "draft"
    READY = "ready"
    SENT = "sent"


class Lacks(enum.StrEnum):
    """What stands between a letter and its reader."""

    GROUNDS = "grounds"
    TEXT = "text"
    ADDRESS = "address"


DECIDABLE = (ApplicationState.SENT, ApplicationState.SUPPLEMENT, ApplicationState.WAITING)
DECIDED = (ApplicationState.ADMITTED, ApplicationState.WAITING, ApplicationState.DECLINED)
STATE_OF = {
    Outcome.ADMITTED: ApplicationState.ADMITTED,
    Outcome.WAITING: ApplicationState.WAITING,
    Outcome.DECLINED: ApplicationState.DECLINED,
}
MOST_BESIDE = 4
"""How many applications are read beside each other."""
LONGEST_CASE_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be decided on one application, by somebody who saw it in the state `was`. One that waits waits for the
    intake `later_id`; one that is declined has grounds in each language that its reader may need."""

    outcome: Outcome
    was: ApplicationState
    grounds: Mapping[str, str] = field(default_factory=dict)
    later_id: int | None = None


class Scale(NamedTuple):
    """How many points a criterion takes, and how forms call it."""

    id: int
    public_id: UUID
    most_points: int


class IntakeRefused(Exception):
    """A batch that is refused, whole; the classes below say why."""


class MayNotDecide(IntakeRefused):
    """Whoever decides is no assessor of the call who may."""


class NoRoom(IntakeRefused):
    """More would be admitted than the intake takes; `left` is how many it still does."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class StateHasChanged(IntakeRefused):
    """Some of the applications are not as they were when the decisions were thought out: these, by id."""

    def __init__(self, application_ids: Collection[int]) -> None:
        super().__init__(sorted(application_ids))
        self.application_ids = sorted(application_ids)


class IsDisqualified(IntakeRefused):
    """Whoever decides has no access to some of the applications: these, by id."""

    def __init__(self, application_ids: Collection[int]) -> None:
        super().__init__(sorted(application_ids))
        self.application_ids = sorted(application_ids)


class LacksGrounds(IntakeRefused):
    """Some would be declined without a word of why: these, by id."""

    def __init__(self, application_ids: Collection[int]) -> None:
        super().__init__(sorted(application_ids))
        self.application_ids = sorted(application_ids)


class LacksCohort(IntakeRefused):
    """The intake does not say which cohort those who are admitted go into."""


class NoLaterIntake(IntakeRefused):
    """Somebody would wait for an intake that does not come after this one."""


class LetterIsSent(IntakeRefused):
    """A decision that its reader knows of is not reversed."""


class CaseNumberIsTaken(IntakeRefused):
    """Another case has that number."""


def check_room(*, ceiling: int, admitted: int, more: int) -> None:
    """Raises `NoRoom`."""
    left = max(ceiling - admitted, 0)
    if more > left:
        raise NoRoom(left)


def list_without_grounds(rulings: Mapping[int, Ruling], languages: Mapping[int, str]) -> list[int]:
    """The applications that would be declined without grounds in the language that their letter is in."""
    return [
        number
        for number, ruling in rulings.items()
        if ruling.outcome is Outcome.DECLINED and not ruling.grounds.get(languages[number], "").strip()
    ]


def suggest_case_number(call_number: str, taken: Iterable[str]) -> str:
    """«2008/123-4»: the call's number and the first serial that comes after all that are taken; empty without one."""
    if not call_number:
        return ""
    start = f"{call_number}-"
    ends = (one.removeprefix(start) for one in taken if one.startswith(start))
    serials = [int(end) for end in ends if end.isascii() and end.isdigit() and len(end) < 8]
    found = f"{start}{max(serials, default=0) + 1}"
    return found if len(found) <= LONGEST_CASE_NUMBER else ""


def mean(sums: Sequence[int]) -> float | None:
    """The mean of what the assessors gave, to one decimal; None where nobody has."""
    return round(sum(sums) / len(sums), 1) if sums else None
