"""What a question is, for whom it is, and what an answer to it may be. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from eventsys.extensions import Translated
from eventsys.registrations.rules import QuestionKind, Side, TooSmall

WITH_OPTIONS = (QuestionKind.ONE_OF, QuestionKind.SOME_OF)
DECIDES = (*WITH_OPTIONS, QuestionKind.YES_NO)
"""Kinds on whose answer another question may depend."""
YES, NO = "yes", "no"
MOST_BYTES = 1_000_000
MOST_SHORT, MOST_LONG = 300, 4_000
SENSITIVE_DAYS = 14
SHIPPED_KEYS = ("food", "food_other", "access")


class QuestionIsNeeded(Exception):
    """Another question is shown only by an answer to this one; `label` is the other's."""

    def __init__(self, label: Translated) -> None:
        super().__init__(label)
        self.label = label


class CannotBeChanged(Exception):
    """Somebody has answered and was told what the question is, and when the answer is erased."""


class ChoiceIsTaken(TooSmall):
    """More who have a place chose the option, by its key, than its new limit."""

    def __init__(self, taken: int, above: Sequence[str], option: str) -> None:
        super().__init__(taken, above)
        self.option = option


@dataclass(frozen=True, slots=True)
class ShownIf:
    """The question, by its public id, and the keys of the options (or yes and no) that make another one be asked."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asks:
    """Whom a question is for and what is accepted; empty `sides` and `cohorts` mean everybody."""

    sides: tuple[Side, ...] = ()
    cohorts: tuple[int, ...] = ()
    shown_if: ShownIf | None = None
    change_by: date | None = None
    file_types: tuple[str, ...] = ()
    max_bytes: int = MOST_BYTES
    minimum: float | None = None
    maximum: float | None = None


def read_asks(kept: Mapping[str, Any]) -> Asks:
    """What a version keeps, as values; unknown sides are left out."""
    shown_if, change_by = kept.get("shown_if"), kept.get("change_by")
    return Asks(
        sides=tuple(Side(value) for value in kept.get("sides", ()) if value in set(Side)),
        cohorts=tuple(kept.get("cohorts", ())),
        shown_if=ShownIf(shown_if["question"], tuple(shown_if["options"])) if shown_if else None,
        change_by=date.fromisoformat(change_by) if change_by else None,
        file_types=tuple(kept.get("file_types", ())),
        max_bytes=kept.get("max_bytes", MOST_BYTES),
        minimum=kept.get("minimum"),
        maximum=kept.get("maximum"),
    )


def write_asks(asks: Asks) -> dict[str, Any]:
    """What a version keeps: only what is said."""
    shown_if = asks.shown_if
    kept: dict[str, Any] = {
        "sides": [side.value for side in asks.sides],
        "cohorts": list(asks.cohorts),
        "shown_if": {"question": shown_if.question, "options": list(shown_if.options)} if shown_if else None,
        "change_by": asks.change_by.isoformat() if asks.change_by else None,
        "file_types": list(asks.file_types),
        "max_bytes": asks.max_bytes if asks.file_types else None,
        "minimum": asks.minimum,
        "maximum": asks.maximum,
    }
    return {name: value for name, value in kept.items() if value not in (None, [])}


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose; `left` is None where nothing limits it."""

    key: str
    label: Translated
    limit: int | None = None
    left: int | None = None


def read_options(kept: Iterable[Mapping[str, Any]]) -> tuple[Option, ...]:
    return tuple(Option(one["key"], one["label"], one.get("limit")) for one in kept)


def write_options(options: Iterable[Option]) -> list[dict[str, Any]]:
    return [{"key": one.key, "label": one.label, "limit": one.limit} for one in options]


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """What an organiser decides about a question."""

    kind: QuestionKind
    label: Translated
    hint: Translated = field(default_factory=dict)
    required: bool = False
    options: tuple[Option, ...] = ()
    asks: Asks = field(default_factory=Asks)
    sensitive: bool = False
    erase_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion(QuestionFacts):
    """A question as the form shows it now. `closed`: the day until which an answer can be changed has passed."""

    id: int
    version_id: int
    public_id: uuid.UUID
    key: str | None = None
    cohort_names: tuple[Translated, ...] = ()
    closed: bool = False

    @property
    def shown_if(self) -> ShownIf | None:
        return self.asks.shown_if

    @property
    def change_by(self) -> date | None:
        return self.asks.change_by


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that was handed in: its name without a path, what it is, and its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What somebody answers to one version of a question; neither options nor text nor file takes the answer back."""

    question_id: int
    version_id: int
    options: tuple[str, ...] = ()
    text: str | None = None
    file: GivenFile | None = None

    @property
    def is_empty(self) -> bool:
        return not self.options and self.text is None and self.file is None


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer with the words by which it was asked; `options` are the labels of those chosen, `keys` their keys."""

    public_id: uuid.UUID
    kind: QuestionKind
    label: Translated
    sensitive: bool
    options: tuple[Translated, ...] = ()
    keys: tuple[str, ...] = ()
    text: str | None = None


def is_for(asks: Asks, side: Side | None, cohort_ids: Collection[int]) -> bool:
    """Whether somebody of that side, from an organisation in those cohorts, is asked."""
    right_side = not asks.sides or side in asks.sides
    return right_side and (not asks.cohorts or bool(set(asks.cohorts) & set(cohort_ids)))


def is_shown(shown_if: ShownIf | None, chosen: Mapping[str, Collection[str]]) -> bool:
    """Whether what was chosen so far (public id to keys) makes the question be asked."""
    return shown_if is None or bool(set(shown_if.options) & set(chosen.get(shown_if.question, ())))


def list_for_colleague(questions: Sequence[AskedQuestion]) -> list[AskedQuestion]:
    """What somebody who signs up a colleague may answer for them: nothing sensitive, no files, and nothing must be
    answered; the colleague is asked the rest behind a link of their own."""
    open_to_all = [one for one in questions if not one.sensitive and one.kind is not QuestionKind.FILE]
    ids = {str(one.public_id) for one in open_to_all}
    return [replace(one, required=False) for one in open_to_all if one.shown_if is None or one.shown_if.question in ids]


def keep_keys(options: Sequence[Option], used: Collection[str]) -> tuple[Option, ...]:
    """The options, each without a key given a number that no option of the question ever had."""
    highest = max((int(key) for key in {*used, *(one.key for one in options)} if key.isdigit()), default=0)
    kept = []
    for one in options:
        if not one.key:
            highest += 1
        kept.append(replace(one, key=one.key or str(highest)))
    return tuple(kept)


def move(ids: Sequence[int], one: int, *, up: bool) -> list[int]:
    """The ids with one of them a place further up or down; the same where it stands at the end already."""
    order = list(ids)
    here = order.index(one)
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    return order


def order_shown(ids: Sequence[str], needs: Mapping[str, str]) -> bool:
    """Whether each question stands after the one that it depends on."""
    place = {one: at for at, one in enumerate(ids)}
    return all(place.get(needed, len(ids)) < place[one] for one, needed in needs.items() if one in place)
