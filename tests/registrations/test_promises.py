"""Random sign-ups, groups, cancellations, moves, offers, clocks and limits against a plain model, and what holds after
every step: nothing is oversold, nobody sits twice, nobody is passed, and each place is freed once."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from eventsys.events.models import Event, EventSession, Run
from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.limits import actions as limits
from eventsys.registrations.limits import holding
from eventsys.registrations.limits.queries import count_limits
from eventsys.registrations.limits.terms import Part
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import (
    Actor,
    AddressIsTaken,
    NewDelegation,
    NewRegistration,
    NewSeat,
    NotEnoughPlaces,
    OptionIsFull,
    QuotaIsFull,
    RunIsFull,
    Side,
    State,
    TooLate,
    TooSmall,
    WhenFull,
)
from tests.registrations.places_model import HOLDING, LIVE, Places, Seat
from tests.registrations.seats import set_run
from tests.tables import empty
from tests.world import NOW, World, build

pick = st.integers(0, 1000)
runs = st.integers(0, 1)
people = st.integers(0, 7)
sides = st.sampled_from(["politician", "administration"])
STEPS = (timedelta(minutes=50), timedelta(hours=7), timedelta(days=2), timedelta(days=5))
LAST_MOMENT = NOW + timedelta(days=13, hours=12)
"""The first run begins half a day later."""


def machine(app: Flask) -> type[RuleBasedStateMachine]:
    """The game on one database."""

    class Promises(RuleBasedStateMachine):
        @initialize(first=st.integers(1, 4), second=st.integers(1, 4), stops=st.sampled_from([24, 96]))
        def begin(self, first: int, second: int, stops: int) -> None:
            empty(db.engine)
            self.world: World = build(capacity=first)
            self.event_id = self.world.events["seminar"].id
            self.runs = [self.world.run_id("seminar", place) for place in (0, 1)]
            self.organisations = [self.world.municipalities[number] for number in ("0821", "0301")]
            set_run(self.runs[1], capacity=second)
            starts = [run.starts_at for run in self.world.events["seminar"].runs]
            self.model = Places(NOW, starts, [first, second], timedelta(hours=stops))  # type: ignore[arg-type]
            self.ids: list[int] = []
            self.sent = 0
            with transaction() as session:
                session.execute(sa.update(Event).values(promotion_stops_hours=stops))
                session.add(self.some_session())

        def some_session(self) -> EventSession:
            self.workshop = EventSession(
                organiser_id=self.world.secretariat, event_id=self.event_id, run_id=self.runs[0], capacity=2,
                title={"nb": "Verksted"}, chosen=True,
            )  # fmt: skip
            return self.workshop

        # --- newcomers ----------------------------------------------------------------------------------------------

        @rule(person=people, run=runs, has_second=st.booleans(), side=sides, workshop=st.booleans())
        def register(self, person: int, run: int, has_second: bool, side: str, workshop: bool) -> None:
            self.tick()
            form = NewRegistration(
                run_id=self.runs[run], name=f"Person Nummer{person}", email=f"person{person}@kommune.example",
                organisation_id=self.organisations[person % 2], form_token=f"form {self.sent}", side=Side(side),
                second_run_id=self.runs[1 - run] if has_second else None,
                session_ids=(self.workshop.id,) if workshop else (),
            )  # fmt: skip
            try:
                with transaction() as session:
                    made = actions.register(session, form, now=self.model.now).registration.id
            except OptionIsFull:
                assert self.at_workshop() == 2
                return
            if self.model.has_live(person, run):
                return
            second = 1 - run if has_second else None
            seat = self.meet(Seat(person, person % 2, side, run, second, "coming", self.model.now), made)
            assert self.model.come([seat], "take") is None

        @rule(
            run=runs,
            has_second=st.booleans(),
            organisation=runs,
            who=st.lists(
                st.one_of(st.none(), people),
                min_size=1,
                max_size=4,
                unique_by=lambda one: object() if one is None else one,
            ),
            when_full=st.sampled_from([None, WhenFull.TAKE, WhenFull.TOGETHER]),
        )
        def register_several(
            self, run: int, has_second: bool, organisation: int, who: list[int | None], when_full: WhenFull | None
        ) -> None:
            self.tick()
            form = NewDelegation(
                self.runs[run], self.runs[1 - run] if has_second else None, self.organisations[organisation],
                "Melder Vik", "melder@kommune.example", None, tuple(make_seat(person) for person in who),
                f"form {self.sent}", when_full,
            )  # fmt: skip
            new = [person for person in who if not self.model.has_live(person, run)]
            second = 1 - run if has_second else None
            before, old_ids = copy.deepcopy(self.model), list(self.ids)
            if when_full is WhenFull.TOGETHER:
                self.model.together.add(self.sent)
            try:
                with transaction() as session:
                    rows = actions.register_delegation(session, form, now=self.model.now).registrations
                    made, left = [row.id for row in rows], None
            except NotEnoughPlaces as few:
                made, left = [-1 - place for place in range(len(new))], few.left
            now, side = self.model.now, "administration"
            newcomers = [
                self.meet(Seat(person, organisation, side, run, second, "coming", now, self.sent), one)
                for person, one in zip(new, made, strict=True)
            ]
            assert (self.model.come(newcomers, when_full) if newcomers else None) == left
            if left is not None:
                self.model, self.ids = before, old_ids

        def meet(self, seat: Seat, registration_id: int) -> Seat:
            """The newcomer's place in the list: that of the ended registration that is taken up, else the last."""
            if registration_id in self.ids:
                self.model.seats[self.ids.index(registration_id)] = seat
            else:
                self.model.seats.append(seat)
                self.ids.append(registration_id)
            return seat

        # --- who is there -------------------------------------------------------------------------------------------

        def choose(self, which: int, *states: str) -> tuple[Seat, int] | None:
            of = [place for place, seat in enumerate(self.model.seats) if seat.state in states]
            return (self.model.seats[of[which % len(of)]], self.ids[of[which % len(of)]]) if of else None

        def do(self, verb: Any, registration_id: int, **more: Any) -> Any:
            with transaction() as session:
                return verb(session, session.get_one(Registration, registration_id), now=self.model.now, **more)

        @rule(which=pick)
        def cancel(self, which: int) -> None:
            self.tick()
            if chosen := self.choose(which, *LIVE):
                self.do(actions.cancel, chosen[1], actor=Actor.PARTICIPANT)
                self.model.leave(chosen[0])

        @rule(which=pick, run=runs, by_organiser=st.booleans())
        def move(self, which: int, run: int, by_organiser: bool) -> None:
            self.tick()
            if chosen := self.choose(which, *LIVE):
                actor = Actor.ORGANISER if by_organiser else Actor.PARTICIPANT
                expected = self.model.move(chosen[0], run, by_organiser=by_organiser)
                try:
                    self.do(actions.move, chosen[1], run_id=self.runs[run], actor=actor)
                    outcome = "same" if expected == "same" else "moved"
                except (RunIsFull, QuotaIsFull, AddressIsTaken) as refusal:
                    outcome = {RunIsFull: "run", QuotaIsFull: "quota", AddressIsTaken: "taken"}[type(refusal)]
                assert outcome == expected

        @rule(which=pick)
        def restore(self, which: int) -> None:
            self.tick()
            if chosen := self.choose(which, "cancelled"):
                expected = self.model.restore(chosen[0])
                try:
                    self.do(actions.restore, chosen[1], account_id=None)
                    assert expected == "restored"
                except AddressIsTaken:
                    assert expected == "taken"

        @rule(which=pick, priority=st.integers(-1, 2))
        def prioritise(self, which: int, priority: int) -> None:
            if chosen := self.choose(which, "waiting"):
                self.do(actions.set_priority, chosen[1], priority=priority, account_id=None)
                self.model.prioritise(chosen[0], priority)

        @precondition(lambda self: any(seat.until for seat in self.model.seats))
        @rule(which=pick)
        def take_offer(self, which: int) -> None:
            self.tick()
            if chosen := self.choose(which, "offered"):
                expected = self.model.take_offer(chosen[0])
                try:
                    self.do(actions.take_offer, chosen[1], actor=Actor.PARTICIPANT)
                    assert expected == "taken"
                except TooLate:
                    assert expected == "late"

        # --- time and limits ----------------------------------------------------------------------------------------

        @rule(step=st.sampled_from(STEPS))
        def wait(self, step: timedelta) -> None:
            self.model.now = min(self.model.now + step, LAST_MOMENT)
            with transaction() as session:
                ended = actions.lapse(session, now=self.model.now)
            assert ended == self.model.lapse()

        @rule(run=runs, capacity=st.one_of(st.none(), st.integers(1, 6)))
        def set_capacity(self, run: int, capacity: int | None) -> None:
            self.tick()
            before, self.model.capacity[run] = self.model.capacity[run], capacity
            too_small = before != capacity and self.over(run)
            try:
                with transaction() as session:
                    row = session.get_one(Run, self.runs[run])
                    actions.change_capacity(session, row, capacity, account_id=None, now=self.model.now)  # type: ignore[arg-type]
                assert not too_small
                self.model.serve()
            except TooSmall:
                assert too_small
                self.model.capacity[run] = before

        def over(self, run: int) -> bool:
            capacity = self.model.capacity[run]
            return capacity is not None and self.model.taken(run) + self.model.unused(run) > capacity

        @rule(quota=st.sampled_from(["organisation", "cohort", "side"]), most=st.one_of(st.none(), st.integers(0, 5)))
        def set_quota(self, quota: str, most: int | None) -> None:
            self.tick()
            cohort = Part(False, cohort_id=self.world.cohorts[2])
            part = {"organisation": Part(), "cohort": cohort, "side": Part(False, side=Side.POLITICIAN)}[quota]
            before = dict(self.model.quotas)
            self.model.quotas.pop(quota, None)
            with transaction() as session:
                event = session.get_one(Event, self.event_id)
                if most is None:
                    limits.remove_quota(session, event, part, now=self.model.now)
            if most is not None:
                self.model.quotas[quota] = most
                self.lower(before, part, most)
            self.model.serve()

        def lower(self, before: dict[str, int], part: Part, most: int) -> None:
            too_small = self.model.exceeded()
            try:
                with transaction() as session:
                    event = session.get_one(Event, self.event_id)
                    limits.set_quota(session, event, part, free_seats=None, most_seats=most, now=self.model.now)
                assert not too_small
            except TooSmall:
                assert too_small
                self.model.quotas = before

        @rule(run=runs, organisation=runs, places=st.integers(0, 3))
        def hold(self, run: int, organisation: int, places: int) -> None:
            self.tick()
            before = dict(self.model.held)
            self.model.held.pop((run, organisation), None)
            if places:
                self.model.held[run, organisation] = places
            too_small = self.over(run)
            try:
                self.hold_places(run, organisation, places)
                assert not too_small
            except TooSmall:
                assert too_small
                self.model.held = before
            self.model.serve()

        def hold_places(self, run: int, organisation: int, places: int) -> None:
            one = self.organisations[organisation]
            with transaction() as session:
                row = session.get_one(Run, self.runs[run])
                if not places:
                    holding.release_places(session, row, organisation_id=one, now=self.model.now)
                    return
                until = LAST_MOMENT.date() + timedelta(days=1)
                more = {"organisation_ids": [one], "places": places, "held_until": until}
                holding.hold_places(session, row, now=self.model.now, **more)  # type: ignore[arg-type]

        @rule(hours=st.sampled_from([None, 3, 60]))
        def set_offers(self, hours: int | None) -> None:
            with transaction() as session:
                session.execute(sa.update(Event).values(offer_hours=hours))
            self.model.offers = timedelta(hours=hours) if hours else None

        def tick(self) -> None:
            """No two acts at the same moment, and no form like another."""
            self.sent += 1
            self.model.now += timedelta(seconds=1)

        # --- what holds after every step ----------------------------------------------------------------------------

        @invariant()
        def is_as_the_model_says(self) -> None:
            if hasattr(self, "model"):
                self.rows = self.read()
                said = [self.say(seat, one) for seat, one in zip(self.model.seats, self.ids, strict=True)]
                assert self.rows == sorted(said)

        def say(self, seat: Seat, registration_id: int) -> tuple[Any, ...]:
            second = self.runs[seat.second] if seat.second is not None and seat.state == "waiting" else None
            return (registration_id, self.runs[seat.run], second, seat.state, seat.priority, seat.queued_at, seat.until)

        def read(self) -> list[tuple[Any, ...]]:
            db.session.rollback()
            rows = db.session.scalars(sa.select(Registration).order_by(Registration.id))
            return [
                (
                    row.id, row.run_id, row.second_run_id if row.state is State.WAITING else None, row.state.value,
                    row.priority, row.queued_at, row.offered_until,
                )
                for row in rows
            ]  # fmt: skip

        @invariant()
        def nothing_is_oversold(self) -> None:
            if hasattr(self, "model"):
                counts = count_limits(db.session(), self.event_id, on=self.model.now.date())
                assert [dimension for dimension, limit in counts.items() if limit.is_exceeded] == []

        @invariant()
        def nobody_sits_twice(self) -> None:
            live = Registration.state.in_(LIVE)
            seats = db.session.execute(
                sa.select(Registration.run_id, Registration.person_id).where(live, Registration.person_id.is_not(None))
            ).all()
            assert len(set(seats)) == len(seats)

        @invariant()
        def each_place_is_freed_once(self) -> None:
            """Each registration's history is a chain, and what it gives and frees adds up to who has a place."""
            rows = db.session.scalars(sa.select(RegistrationChange).order_by(RegistrationChange.id)).all()
            states: dict[int, str | None] = {}
            places: Counter[int] = Counter()
            for row in rows:
                assert states.get(row.registration_id) == row.from_state
                states[row.registration_id] = row.to_state.value
                places[row.registration_id] += (row.to_state in HOLDING) - (row.from_state in HOLDING)
            now = {row[0]: row[3] for row in self.read()} if rows else {}
            assert states == now
            assert {one for one, many in places.items() if many} == {
                one for one, state in now.items() if state in HOLDING
            }
            assert set(places.values()) <= {0, 1}

        def at_workshop(self) -> int:
            counts = count_limits(db.session(), self.event_id, on=self.model.now.date())
            return next(limit.taken for dimension, limit in counts.items() if dimension.kind == "session")

    return Promises


def make_seat(person: int | None) -> NewSeat:
    if person is None:
        return NewSeat(Side.ADMINISTRATION)
    return NewSeat(Side.ADMINISTRATION, f"Person Nummer{person}", f"person{person}@kommune.example")


def test_whatever_happens_no_place_is_sold_twice_or_lost_and_nobody_is_passed(app: Flask) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine(app),
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
