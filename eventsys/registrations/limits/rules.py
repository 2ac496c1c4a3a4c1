"""How much of everything that is limited is taken, and whom it fits: a book that places are taken from. Pure."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from eventsys.registrations.rules import Side


class Kind(enum.StrEnum):
    """What can be limited."""

    RUN = "run"
    ORGANISATION = "organisation"
    COHORT = "cohort"
    SIDE = "side"
    SESSION = "session"
    CHOICE = "choice"
    NIGHT = "night"


QUOTAS = (Kind.ORGANISATION, Kind.COHORT, Kind.SIDE)


class Dimension(NamedTuple):
    """One thing that is limited. `of` is the id of the run, the quota, the session, the question or the run's night;
    `part` the organisation's id for an organisation's quota and the option's key for a choice."""

    kind: Kind
    of: int
    part: int | str = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """`capacity` None means none; `held` are free places of a run that only some organisations may have."""

    capacity: int | None
    taken: int
    held: int = 0

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.taken - self.held, 0)

    @property
    def is_exceeded(self) -> bool:
        return self.capacity is not None and self.taken + self.held > self.capacity


class QuotaFacts(NamedTuple):
    """A quota that has a most: of each organisation, each of a cohort, a cohort together, or a side."""

    id: int
    most: int
    per_organisation: bool = True
    cohort_id: int | None = None
    side: Side | None = None


class Seat(NamedTuple):
    """What of a seat is counted beside its run."""

    organisation_id: int | None
    side: Side | None = None
    person_id: int | None = None


@dataclass(slots=True)
class Book:
    """What is taken of the places of one event's runs and of its quotas.

    `held` is, by run and organisation, how many places nobody else gets; `had` how many of its run the organisation has
    taken, for the runs where some are held. `waited_for` are the people, by run, for whom a place is held that they have
    not taken yet. `cohorts` are those that an organisation belongs to on the day.
    """

    capacity: dict[int, int | None]
    taken: Counter[Dimension]
    quotas: Sequence[QuotaFacts] = ()
    cohorts: Mapping[int, frozenset[int]] = field(default_factory=dict)
    held: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    had: Counter[tuple[int, int | None]] = field(default_factory=Counter)
    waited_for: Mapping[int, frozenset[int]] = field(default_factory=dict)
    came: Counter[tuple[int, int | None]] = field(default_factory=Counter)

    def list_quotas(self, seat: Seat) -> Iterator[tuple[Dimension, int]]:
        """The quotas that the seat is part of, each with its most."""
        mine = self.cohorts.get(seat.organisation_id or 0, frozenset())
        for quota in self.quotas:
            if quota.side is not None:
                if quota.side is seat.side:
                    yield Dimension(Kind.SIDE, quota.id), quota.most
            elif quota.cohort_id is None or quota.cohort_id in mine:
                if not quota.per_organisation:
                    yield Dimension(Kind.COHORT, quota.id), quota.most
                elif seat.organisation_id is not None:
                    yield Dimension(Kind.ORGANISATION, quota.id, seat.organisation_id), quota.most

    def count_held(self, run_id: int, *, but_of: Seat | None = None) -> int:
        """The run's free places that are held for other organisations and people than the seat's."""
        own, me = (but_of.organisation_id, but_of.person_id) if but_of else (None, None)
        held = self.held.get(run_id, {})
        unused = sum(max(many - self.had[run_id, one], 0) for one, many in held.items() if one != own)
        people = self.waited_for.get(run_id, frozenset())
        return unused + sum(1 for one in people if one != me and not self.came[run_id, one])

    def find_full(self, seat: Seat, run_id: int) -> Kind | None:
        """What has no room for one more such seat in the run, the run first; None if it fits."""
        capacity = self.capacity[run_id]
        if capacity is not None:
            held = self.count_held(run_id, but_of=seat)
            if self.taken[Dimension(Kind.RUN, run_id)] + held >= capacity:
                return Kind.RUN
        full = (dimension.kind for dimension, most in self.list_quotas(seat) if self.taken[dimension] >= most)
        return next(full, None)

    def take(self, seat: Seat, run_id: int, places: int = 1) -> None:
        """Counts the seat in; with -1 out again."""
        self.taken[Dimension(Kind.RUN, run_id)] += places
        self.had[run_id, seat.organisation_id] += places
        self.came[run_id, seat.person_id] += places
        for dimension, _most in self.list_quotas(seat):
            self.taken[dimension] += places

    def take_if_fits(self, seat: Seat, run_id: int) -> bool:
        if self.find_full(seat, run_id) is not None:
            return False
        self.take(seat, run_id)
        return True

    def take_all_or_none(self, seats: Sequence[Seat], run_id: int) -> bool:
        """Whether all fit at once; if not, nothing is taken."""
        fitting = 0
        for seat in seats:
            if not self.take_if_fits(seat, run_id):
                break
            fitting += 1
        if fitting == len(seats):
            return True
        for seat in seats[:fitting]:
            self.take(seat, run_id, -1)
        return False

    def count_fitting(self, seats: Sequence[Seat], run_id: int) -> int:
        """How many of the seats, one by one, would get a place; takes nothing."""
        fitting = [seat for seat in seats if self.take_if_fits(seat, run_id)]
        for seat in fitting:
            self.take(seat, run_id, -1)
        return len(fitting)

    def is_full(self, run_id: int) -> bool:
        """Whether nobody at all fits, whatever is held for whom."""
        capacity = self.capacity[run_id]
        return capacity is not None and self.taken[Dimension(Kind.RUN, run_id)] >= capacity
