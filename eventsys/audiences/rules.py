"""What an audience is: any of its clauses, each all of its conditions. The shape that is kept as JSON. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eventsys.organisations.rules import OrganisationKind, PositionRole

MOST_CLAUSES = 12
MOST_CONDITIONS = 12
MOST_IDS = 500


class Kind(enum.StrEnum):
    """What a condition asks of somebody. The events' ones: has answered at all, even with no; is signed up; came."""

    COHORT = "cohort"
    NETWORK = "network"
    PROGRAMME = "programme"
    GROUP = "group"
    ORGANISATION = "organisation"
    ORGANISATION_KIND = "organisation_kind"
    ROLE = "role"
    UNION = "union"
    PERSON = "person"
    ANSWERED = "answered"
    REGISTERED = "registered"
    ATTENDED = "attended"


OF_WORDS: dict[Kind, frozenset[str]] = {
    Kind.ROLE: frozenset(PositionRole),
    Kind.ORGANISATION_KIND: frozenset(OrganisationKind),
}
"""The kinds that name words and not rows, and the words there are."""
OF_ORGANISATIONS = (Kind.COHORT, Kind.NETWORK, Kind.PROGRAMME, Kind.ORGANISATION, Kind.ORGANISATION_KIND)
OF_EVENTS = (Kind.ANSWERED, Kind.REGISTERED, Kind.ATTENDED)
OF_PEOPLE_ALONE = (Kind.GROUP, Kind.UNION, Kind.PERSON)
"""What no organisation can be."""


class Reach(enum.StrEnum):
    """Who of the organisations meant: their people, their official mailboxes, or the mailbox of those without anybody."""

    PEOPLE = "people"
    MAILBOXES = "mailboxes"
    PEOPLE_OR_MAILBOX = "people_or_mailbox"


class Source(enum.StrEnum):
    """What makes us know somebody, best address first."""

    POSITION = "position"
    GROUP = "group"
    REPRESENTATIVE = "representative"
    REGISTRATION = "registration"
    MAILBOX = "mailbox"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Id = Annotated[int, Field(gt=0, lt=2**31)]


class Condition(_Value):
    """Any of these: `ids` of rows of the kind, or `words` of a role or a kind of organisation. `negated`: none of them."""

    kind: Kind
    ids: tuple[Id, ...] = Field(default=(), max_length=MOST_IDS)
    words: tuple[str, ...] = ()
    negated: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        known = OF_WORDS.get(self.kind)
        right = bool(self.ids) and not self.words
        if known is not None:
            right = bool(self.words) and not self.ids and set(self.words) <= known
        if not right:
            raise ValueError(f"{self.kind.value} does not say whom")
        return self


class Clause(_Value):
    """All of the conditions, of which one says whom and not only whom not."""

    conditions: tuple[Condition, ...] = Field(min_length=1, max_length=MOST_CONDITIONS)
    reach: Reach = Reach.PEOPLE

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        said = {condition.kind for condition in self.conditions if not condition.negated}
        if not said:
            raise ValueError("nobody is meant by what they are not")
        if self.reach is not Reach.PEOPLE:
            _require_mailboxes({condition.kind for condition in self.conditions}, said, self.reach)
        return self


def _require_mailboxes(asked: set[Kind], said: set[Kind], reach: Reach) -> None:
    only_people = set(OF_PEOPLE_ALONE) | ({Kind.ROLE} if reach is Reach.MAILBOXES else set())
    if asked & only_people or not said & set(OF_ORGANISATIONS):
        raise ValueError("only organisations have mailboxes")


class Audience(_Value):
    """Any of the clauses is enough."""

    clauses: tuple[Clause, ...] = Field(min_length=1, max_length=MOST_CLAUSES)


def read_clauses(kept: Sequence[Mapping[str, Any]]) -> tuple[Clause, ...]:
    """The clauses of a saved audience or a round. Raises `pydantic.ValidationError`."""
    return Audience.model_validate({"clauses": kept}).clauses


def can_be(conditions: Sequence[Condition], reach: Reach) -> bool:
    """Whether these make a clause."""
    try:
        Clause(conditions=tuple(conditions), reach=reach)
    except ValidationError:
        return False
    return True


def keep_clauses(clauses: Iterable[Clause]) -> list[dict[str, Any]]:
    """The clauses as they are kept, without what is not said."""
    return [clause.model_dump(mode="json", exclude_defaults=True) for clause in clauses]


def asks_for_union(clauses: Iterable[Clause]) -> bool:
    """Whether who is meant tells of membership in a union, which is a special category of data."""
    return any(is_restricted(clause) for clause in clauses)


def is_restricted(clause: Clause) -> bool:
    return any(condition.kind is Kind.UNION for condition in clause.conditions)


def list_ids(clauses: Iterable[Clause]) -> Iterator[tuple[Kind, int]]:
    """Everything that the clauses name by its id."""
    for clause in clauses:
        for condition in clause.conditions:
            yield from ((condition.kind, one) for one in condition.ids)


class NameIsTaken(Exception):
    """Another audience of the organiser has this name."""
