"""The ticks of an audience turned into clauses, and clauses into ticks; nothing here reads the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from eventsys.audiences.rules import (
    MOST_CLAUSES,
    OF_EVENTS,
    OF_WORDS,
    Clause,
    Condition,
    Kind,
    Reach,
    can_be,
)
from eventsys.workspace.forms import Typed

TICKED = (
    Kind.COHORT,
    Kind.NETWORK,
    Kind.PROGRAMME,
    Kind.ROLE,
    Kind.GROUP,
    Kind.UNION,
    Kind.ORGANISATION_KIND,
    Kind.ORGANISATION,
    Kind.PERSON,
)
"""What is ticked to be in, in the order of the page."""
LEFT_OUT = (Kind.COHORT, Kind.GROUP, Kind.ROLE)
"""What is ticked to be left out."""
MOST_LINES = 200

Offered = Mapping[Kind, Collection[str]]
"""The values that may be ticked, by kind; of those that are not here any number will do."""


@dataclass
class Part:
    """One clause as it was ticked: its conditions, and the lines that name organisations and addresses of people, which
    the caller looks up."""

    place: int
    conditions: list[Condition]
    organisations: list[str]
    people: list[str]
    reach: Reach
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return f"c{self.place}-"

    def add(self, kind: Kind, ids: Sequence[int]) -> None:
        """Names more of a kind beside those that were ticked."""
        there = next((one for one in self.conditions if one.kind is kind and not one.negated), None)
        every = dict.fromkeys([*(there.ids if there else ()), *ids])
        if there is not None:
            self.conditions.remove(there)
        if every:
            self.conditions.append(Condition(kind=kind, ids=tuple(every)))

    def make(self) -> Clause | None:
        """The clause; none, with an error beside its field, where it means nobody."""
        said = [one for one in self.conditions if not one.negated]
        if not said and not self.errors:
            self.errors[f"{self.prefix}cohort"] = _("Tick at least one that says who it is.")
        elif not can_be(self.conditions, self.reach) and not self.errors:
            self.errors[f"{self.prefix}reach"] = _(
                "Only whole organisations have a mailbox: tick a cohort, a network or a kind, and no group, union or person."
            )
        return None if self.errors else Clause(conditions=tuple(self.conditions), reach=self.reach)


def count_parts(typed: Typed) -> int:
    text = typed.get("parts", "1")
    return min(max(int(text), 1), MOST_CLAUSES) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def read_parts(typed: Typed, offered: Offered) -> list[Part]:
    """Every clause that was ticked, in the order of the page."""
    return [read_part(typed, place, offered) for place in range(count_parts(typed))]


def read_part(typed: Typed, place: int, offered: Offered) -> Part:
    prefix = f"c{place}-"
    conditions = [
        *_read_ticks(typed, prefix, TICKED, offered),
        *_read_event(typed, prefix, offered),
        *_read_ticks(typed, f"{prefix}not-", LEFT_OUT, offered),
        *_read_event(typed, f"{prefix}not-", offered),
    ]
    reach = typed.get(f"{prefix}reach", "")
    return Part(
        place,
        conditions,
        _read_lines(typed, f"{prefix}organisations"),
        _read_lines(typed, f"{prefix}people"),
        Reach(reach) if reach in set(Reach) else Reach.PEOPLE,
    )


def _read_ticks(typed: Typed, prefix: str, kinds: Sequence[Kind], offered: Offered) -> Iterator[Condition]:
    for kind in kinds:
        values = [value for value in typed.getlist(f"{prefix}{kind.value}") if is_offered(value, kind, offered)]
        condition = make_condition(kind, values, negated=prefix.endswith("not-"))
        if condition is not None:
            yield condition


def _read_event(typed: Typed, prefix: str, offered: Offered) -> Iterator[Condition]:
    how, event = typed.get(f"{prefix}how", ""), typed.get(f"{prefix}event", "")
    if how in {kind.value for kind in OF_EVENTS} and is_offered(event, Kind(how), offered):
        yield Condition(kind=Kind(how), ids=(int(event),), negated=prefix.endswith("not-"))


def is_offered(value: str, kind: Kind, offered: Offered) -> bool:
    if kind in offered:
        return value in offered[kind]
    return value.isascii() and value.isdigit() and len(value) < 11 and 0 < int(value) < 2**31


def make_condition(kind: Kind, values: Sequence[str], *, negated: bool) -> Condition | None:
    if not values:
        return None
    if kind in OF_WORDS:
        return Condition(kind=kind, words=tuple(dict.fromkeys(values)), negated=negated)
    return Condition(kind=kind, ids=tuple(dict.fromkeys(int(value) for value in values)), negated=negated)


def _read_lines(typed: Typed, name: str) -> list[str]:
    lines = typed.get(name, "").replace("\0", "").replace(";", "\n").splitlines()
    return [line for line in (" ".join(line.split()) for line in lines) if line][:MOST_LINES]


def type_clauses(clauses: Sequence[Clause], name: str = "") -> Typed:
    """The form as it would have been ticked."""
    typed = Typed({"name": name, "parts": str(max(len(clauses), 1))})
    for place, clause in enumerate(clauses):
        typed[f"c{place}-reach"] = clause.reach.value
        for condition in clause.conditions:
            prefix = f"c{place}-not-" if condition.negated else f"c{place}-"
            if condition.kind in OF_EVENTS:
                typed[f"{prefix}how"], typed[f"{prefix}event"] = condition.kind.value, str(condition.ids[0])
            else:
                typed.setlist(f"{prefix}{condition.kind.value}", [*map(str, condition.ids), *condition.words])
    return typed


def take_away(typed: Typed, place: int) -> Typed:
    """The form without one of its clauses; those after it move up."""
    kept = Typed()
    for name in typed:
        head, _dash, rest = name.partition("-")
        number = int(head[1:]) if head[:1] == "c" and head[1:].isdigit() else None
        if number is None:
            kept.setlist(name, typed.getlist(name))
        elif number != place:
            kept.setlist(f"c{number - (number > place)}-{rest}", typed.getlist(name))
    kept["parts"] = str(max(count_parts(typed) - 1, 1))
    return kept
