"""What attendance is: who may be marked as what, how far a run has come, how many hours it was. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventsys.organisations.rules import LanguageForm, language_of
from eventsys.registrations.rules import Change, State

MARKS = {
    State.ATTENDED: Change.ATTENDED,
    State.ABSENT: Change.ABSENT,
    State.CONFIRMED: Change.UNMARKED,
}
"""What somebody may be marked as, and what the history calls it; confirmed is how a mark is taken away."""
EXPECTED = (State.CONFIRMED, State.ATTENDED, State.ABSENT)
"""Who is on the list of a run on its day."""

Hours = tuple[datetime, datetime]


class HasNoPlace(Exception):
    """Only who has a place can be marked; `state` is what they are instead."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True, slots=True)
class Attendance:
    """How a run's attendance stands. `taken_at` None: it was not taken, and nothing follows from the numbers."""

    expected: int
    came: int
    absent: int
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of recording a whole run: how many came and how many did not."""

    came: int
    absent: int


def decide_mark(before: State, wanted: State) -> bool:
    """Whether the mark changes anything. Raises `HasNoPlace` for who has none, `ValueError` for what is no mark."""
    if wanted not in MARKS:
        raise ValueError(wanted)
    if before is wanted:
        return False
    if before not in (*EXPECTED, State.OFFERED):
        raise HasNoPlace(before)
    return wanted is not State.CONFIRMED or before is not State.OFFERED


def decide_marks(before: dict[int, State], absent_ids: Iterable[int]) -> dict[int, State]:
    """Everybody came but these: the new state of each whose state it changes."""
    absent = set(absent_ids)
    wanted = {id_: State.ABSENT if id_ in absent else State.ATTENDED for id_ in before}
    return {id_: state for id_, state in wanted.items() if before[id_] is not state}


def suggest_absent(states: dict[int, State], standing: Attendance) -> set[int]:
    """Who is ticked as not come when a whole run is to be recorded.

    Where people were marked at the door, those who were not; else those who were said to be absent.
    """
    if standing.taken_at is None and standing.came:
        return {id_ for id_, state in states.items() if state is not State.ATTENDED}
    return {id_ for id_, state in states.items() if state is State.ABSENT}


def count_hours(starts: datetime | None, ends: datetime | None, sessions: Iterable[Hours] = ()) -> float | None:
    """The hours of a gathering: those of its sessions, each moment once, else from its clock times; local times.

    Over several days without sessions every day is taken to last from the first clock time to the last one. None where
    that cannot be said.
    """
    parts = merge(sessions)
    if parts:
        return sum((end - start).total_seconds() for start, end in parts) / 3600
    if starts is None or ends is None:
        return None
    days = (ends.date() - starts.date()).days + 1
    length = ends - starts if days == 1 else ends - (starts + timedelta(days=days - 1))
    return days * length.total_seconds() / 3600 if length > timedelta() else None


def merge(sessions: Iterable[Hours]) -> list[Hours]:
    """The same time without overlaps, in order."""
    merged: list[Hours] = []
    for start, end in sorted(sessions):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def may_have_certificate(state: State, taken_at: datetime | None) -> bool:
    """Who attended gets one, once the organiser has said that attendance was taken."""
    return state is State.ATTENDED and taken_at is not None


def choose_language(chosen: str | None, form: LanguageForm | None, organisers: str) -> str:
    """Whose language a document for somebody is in: their own choice, else their organisation's, else the organiser's."""
    return chosen or language_of(form or LanguageForm.UNKNOWN, organisers)
