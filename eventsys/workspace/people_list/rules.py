"""What the list of participants can be filtered by, and what can be done with many of its people at once. Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from eventsys.registrations.rules import LEAVABLE, Side, State

PAGE = 100
MOST_AT_ONCE = 1_000
# What the list shows first: those who wait for an answer, then those who come.
ORDER = (
    State.REQUESTED,
    State.OFFERED,
    State.CONFIRMED,
    State.ATTENDED,
    State.ABSENT,
    State.WAITING,
    State.DECLINED,
    State.CANCELLED,
)
ENDED = (State.CANCELLED, State.DECLINED)
LIVE = tuple(state for state in ORDER if state not in ENDED)


class Column(enum.StrEnum):
    """A column that can be shown or left out; the name is always there, and each question is a column of its own."""

    ORGANISATION = "organisation"
    NUMBER = "number"
    SIDE = "side"
    RUN = "run"
    SECOND_RUN = "second"
    SESSIONS = "sessions"
    NIGHTS = "nights"
    REGISTRAR = "registrar"
    PRIORITY = "priority"
    LANGUAGE = "language"
    SIGNED_UP = "signed_up"


DEFAULT_COLUMNS = (Column.ORGANISATION, Column.SIDE, Column.RUN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which registrations: all that hold. `answer` is a question's id and the key of an option, of yes or of no; the
    key «-» stands for no answer at all."""

    search: str = ""
    run_id: int | None = None
    state: State | None = None
    side: Side | None = None
    organisation_id: int | None = None
    cohort_id: int | None = None
    answer: tuple[int, str] | None = None
    unnamed: bool = False
    undelivered: bool = False

    @property
    def is_everybody(self) -> bool:
        return self == Wanted()


NO_ANSWER = "-"


class Act(enum.StrEnum):
    """What can be done with those who are chosen."""

    MESSAGE = "message"
    MOVE = "move"
    SIDE = "side"
    PRIORITY = "priority"
    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    RESTORE = "restore"
    ATTENDED = "attended"
    ABSENT = "absent"
    UNMARK = "unmark"


class Why(enum.StrEnum):
    """Why one of those chosen is left as they are."""

    HERE_ALREADY = "here_already"
    SAME_SIDE = "same_side"
    SAME_PRIORITY = "same_priority"
    NOT_ASKING = "not_asking"
    ENDED = "ended"
    BEEN = "been"
    NOT_CANCELLED = "not_cancelled"
    NOT_WAITING = "not_waiting"
    NO_PLACE = "no_place"
    MARKED = "marked"
    NOT_MARKED = "not_marked"
    NO_ADDRESS = "no_address"
    FULL = "full"
    OPTION_FULL = "option_full"
    TWICE = "twice"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Order:
    """What to do with many: the act, and the run, the side or the priority that it is about."""

    act: Act
    run_id: int | None = None
    side: Side | None = None
    priority: int = 0


MARKS = {Act.ATTENDED: State.ATTENDED, Act.ABSENT: State.ABSENT, Act.UNMARK: State.CONFIRMED}
PRESENT = (State.CONFIRMED, State.ATTENDED, State.ABSENT)


def why_not(order: Order, one: Any) -> Why | None:
    """Why this registration (a row with `state`, `run_id`, `side`, `priority` and `email`) cannot be changed so, or need
    not be; None when it can. Whether there is room is for the engine to say."""
    if order.act is Act.MESSAGE:
        return Why.ENDED if one.state in ENDED else None if one.email else Why.NO_ADDRESS
    if order.act in (Act.ACCEPT, Act.DECLINE):
        return None if one.state is State.REQUESTED else Why.NOT_ASKING
    if order.act is Act.RESTORE:
        return None if one.state in ENDED else Why.NOT_CANCELLED
    if one.state in ENDED:
        return Why.ENDED
    return _why_not_live(order, one)


def _why_not_live(order: Order, one: Any) -> Why | None:
    if order.act in MARKS:
        return _why_unmarkable(MARKS[order.act], one.state)
    if order.act in (Act.CANCEL, Act.MOVE) and one.state not in LEAVABLE:
        return Why.BEEN
    if order.act is Act.PRIORITY and one.state is not State.WAITING:
        return Why.NOT_WAITING
    same = {
        Act.MOVE: (one.run_id == order.run_id, Why.HERE_ALREADY),
        Act.SIDE: (one.side == order.side, Why.SAME_SIDE),
        Act.PRIORITY: (one.priority == order.priority, Why.SAME_PRIORITY),
    }
    is_same, why = same.get(order.act, (False, Why.HERE_ALREADY))
    return why if is_same else None


def _why_unmarkable(mark: State, state: State) -> Why | None:
    if state not in PRESENT:
        return Why.NO_PLACE
    return (Why.NOT_MARKED if mark is State.CONFIRMED else Why.MARKED) if state is mark else None


@dataclass(frozen=True, slots=True)
class Parts:
    """Those chosen, told apart: who can be changed, and who not with the reason."""

    able: list[Any] = field(default_factory=list)
    refused: list[tuple[Any, Why]] = field(default_factory=list)


def part(order: Order, people: Collection[Any]) -> Parts:
    parts = Parts()
    for one in people:
        why = why_not(order, one)
        if why is None:
            parts.able.append(one)
        else:
            parts.refused.append((one, why))
    return parts
