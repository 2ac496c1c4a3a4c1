"""Places as plainly as they can be said: every count anew from a list of seats, every queue served from its beginning
after each single promotion. Slow, and nothing of it is the program's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOLDING = ("confirmed", "offered")
LIVE = (*HOLDING, "waiting")


@dataclass
class Seat:
    person: int | None
    organisation: int
    side: str
    run: int
    second: int | None
    state: str
    queued_at: datetime
    group: int | None = None
    priority: int = 0
    until: datetime | None = None


@dataclass
class Places:
    """One event with two runs. `quotas` are (what, whose or None, most); `held` by run and organisation."""

    now: datetime
    starts: list[datetime]
    capacity: list[int | None]
    stops: timedelta = timedelta(hours=24)
    offers: timedelta | None = None
    quotas: dict[str, int] = field(default_factory=dict)
    held: dict[tuple[int, int], int] = field(default_factory=dict)
    together: set[int] = field(default_factory=set)
    seats: list[Seat] = field(default_factory=list)

    # --- counting ---------------------------------------------------------------------------------------------------

    def holders(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.state in HOLDING]

    def taken(self, run: int) -> int:
        return sum(seat.run == run for seat in self.holders())

    def unused(self, run: int, *, but: int | None = None) -> int:
        """What of the places held for organisations they have not taken."""
        return sum(
            max(places - sum(seat.run == run and seat.organisation == one for seat in self.holders()), 0)
            for (where, one), places in self.held.items()
            if where == run and one != but
        )

    def used(self, quota: str, organisation: int) -> int:
        of = {
            "organisation": [seat for seat in self.holders() if seat.organisation == organisation],
            "cohort": self.holders(),
            "side": [seat for seat in self.holders() if seat.side == "politician"],
        }
        return len(of[quota])

    def exceeded(self) -> bool:
        for run, capacity in enumerate(self.capacity):
            if capacity is not None and self.taken(run) + self.unused(run) > capacity:
                return True
        organisations = {seat.organisation for seat in self.seats}
        return any(self.used(quota, one) > most for quota, most in self.quotas.items() for one in organisations)

    def full(self, seat: Seat, run: int) -> str | None:
        """What one more such seat in the run would be too much for."""
        capacity = self.capacity[run]
        if capacity is not None and self.taken(run) + self.unused(run, but=seat.organisation) >= capacity:
            return "run"
        for quota, most in self.quotas.items():
            counts = quota != "side" or seat.side == "politician"
            if counts and self.used(quota, seat.organisation) >= most:
                return "quota"
        return None

    def give_all(self, seats: Sequence[Seat], run: int, state: str) -> bool:
        """Gives the run to all the seats or to none."""
        before = [(seat.run, seat.state) for seat in seats]
        for seat in seats:
            if self.full(seat, run):
                for one, (old_run, old_state) in zip(seats, before, strict=True):
                    one.run, one.state = old_run, old_state
                return False
            seat.run, seat.state = run, state
        for seat in seats:
            seat.second = None
        return True

    # --- the queue --------------------------------------------------------------------------------------------------

    def units(self) -> list[list[Seat]]:
        """Those who wait, in order; a group that waits together stands where its last member does."""
        grouped: dict[object, list[int]] = {}
        for place, seat in enumerate(self.seats):
            if seat.state == "waiting":
                alone = seat.group is None or seat.group not in self.together
                grouped.setdefault(place if alone else (seat.group, seat.run, seat.second), []).append(place)
        return [[self.seats[place] for place in places] for places in sorted(grouped.values(), key=self.key)]

    def key(self, places: list[int]) -> tuple[int, datetime, int]:
        return max((-self.seats[one].priority, self.seats[one].queued_at, one) for one in places)

    def stopped(self, run: int) -> bool:
        return self.now >= self.starts[run] - self.stops

    def has_live(self, person: int | None, run: int, *, but: Seat | None = None) -> bool:
        there = [seat for seat in self.seats if seat.run == run and seat.state in LIVE and seat is not but]
        return person is not None and any(seat.person == person for seat in there)

    def serve(self) -> None:
        while self.serve_one():
            pass

    def serve_one(self) -> bool:
        """Whether somebody who waits got a place: the first unit that fits anywhere."""
        for unit in self.units():
            first, second = unit[0].run, unit[0].second
            for run in [first] if second is None else [first, second]:
                if self.stopped(run) or (run != first and any(self.has_live(seat.person, run) for seat in unit)):
                    continue
                if self.give_all(unit, run, "offered" if self.offers else "confirmed"):
                    for seat in unit:
                        seat.until = min(self.now + self.offers, self.starts[run]) if self.offers else None
                    return True
        return False

    def closed(self, run: int) -> bool:
        """Whether newcomers must not take from the run: somebody waits for it whom it is too late to serve."""
        waits = any(seat.state == "waiting" and run in (seat.run, seat.second) for seat in self.seats)
        return waits and self.stopped(run)

    # --- what people do ---------------------------------------------------------------------------------------------

    def come(self, seats: list[Seat], when_full: str | None) -> int | None:
        """Newcomers, already in the list; None, or how many places are left where nothing comes of it."""
        first, second = seats[0].run, seats[0].second
        for seat in seats:
            seat.state = "coming"
        may = [run for run in (first, second) if run is not None and not self.closed(run)]
        there = [second is not None and self.has_live(seat.person, second) for seat in seats]
        if any(self.give_all(seats, run, "confirmed") for run in may if run == first or not any(there)):
            return None
        if when_full is None:
            left = 0
            if first in may:
                for seat in seats:
                    left += self.give_all([seat], first, "confirmed")
            return left
        for seat, is_there in zip(seats, there, strict=True):
            mine = [run for run in may if run == first or not is_there] if when_full != "together" else []
            if not any(self.give_all([seat], run, "confirmed") for run in mine):
                seat.state = "waiting"
        return None

    def leave(self, seat: Seat) -> None:
        seat.state, seat.until = "cancelled", None
        self.serve()

    def move(self, seat: Seat, run: int, *, by_organiser: bool) -> str:
        if seat.run == run:
            return "same"
        if self.has_live(seat.person, run, but=seat):
            return "taken"
        before, old_run = seat.state, seat.run
        seat.state = "coming"
        full = "run" if self.closed(run) and not by_organiser else self.full(seat, run)
        if full and before != "waiting":
            seat.state = before
            return full
        seat.run, seat.second, seat.until = run, None, None
        seat.state = "waiting" if full else "confirmed"
        if full:
            seat.queued_at = self.now
        assert old_run != run
        self.serve()
        return "moved"

    def restore(self, seat: Seat) -> str:
        if self.has_live(seat.person, seat.run):
            return "taken"
        self.come([seat], "take")
        seat.queued_at = self.now
        return "restored"

    def take_offer(self, seat: Seat) -> str:
        if seat.state == "confirmed":
            return "taken"
        if seat.state != "offered" or seat.until is None or self.now >= seat.until:
            return "late"
        seat.state, seat.until = "confirmed", None
        return "taken"

    def lapse(self) -> int:
        over = [seat for seat in self.seats if seat.until is not None and seat.until <= self.now]
        for seat in over:
            seat.state, seat.until = "cancelled", None
        if over:
            self.serve()
        return len(over)

    def prioritise(self, seat: Seat, priority: int) -> None:
        with_it = [seat]
        if seat.group in self.together:
            same = [one for one in self.seats if one.group == seat.group and one.run == seat.run]
            with_it = [one for one in same if one.state == "waiting"]
        for one in with_it:
            one.priority = priority
        self.serve()
