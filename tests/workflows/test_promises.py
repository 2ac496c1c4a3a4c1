"""Random rules, sign-ups, moves, pauses, kills and clocks against a plain model: each mail once, and never one too many."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from eventsys.events.models import EventChange, Run
from eventsys.events.rules import ChangeKind, RunStatus
from eventsys.extensions import db, transaction
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Change, State
from eventsys.workflows import actions, pauses
from eventsys.workflows.jobs import plan_all, tick, tick_until_idle
from eventsys.workflows.models import Pause, Rule
from eventsys.workflows.rules import Anchor, Audience, Trigger, Unit
from tests.mailing.sink import Sink
from tests.tables import empty
from tests.workflows import rows
from tests.workflows.promise_model import Mail, Model, moment_of
from tests.workflows.promise_model import Rule as ModelRule
from tests.workflows.promise_model import Run as ModelRun
from tests.workflows.promise_tools import (
    LONG_AGO,
    Killed,
    Sent,
    bury,
    dies_at,
    has_due_occasions,
    has_unnoticed_event_changes,
    read_mails,
)

SPRING, AUTUMN = date(2008, 3, 17), date(2008, 10, 13)
"""Mondays two weeks before the clocks change; Easter is in the first of these weeks."""
ADDRESSES = ("kari@kommune.example", "ola@kommune.example", "felles@kommune.example")
OFFSETS = {"minutes": 3000, "hours": 60, "days": 9, "weeks": 2, "working_days": 6}
CLOCKS = (None, time(9), time(12), time(22, 15), time(2, 30))
STEPS = (timedelta(minutes=40), timedelta(hours=5), timedelta(hours=23), timedelta(days=2), timedelta(days=4))
LATE = (timedelta(seconds=30), timedelta(hours=6, seconds=30), timedelta(hours=25, seconds=30))
BACK = (timedelta(hours=-1), timedelta(hours=-7))


units = st.sampled_from([*OFFSETS]).flatmap(
    lambda unit: st.tuples(st.just(unit), st.integers(-OFFSETS[unit], OFFSETS[unit] // 3))
)
days = st.integers(2, 15)
pick = st.integers(0, 1000)


def machine(app: Flask, sink: Sink) -> type[RuleBasedStateMachine]:
    """The game on one database."""

    class Promises(RuleBasedStateMachine):
        @initialize(season=st.sampled_from([SPRING, AUTUMN]), quiet=st.booleans(), first=days, second=days)
        def begin(self, season: date, quiet: bool, first: int, second: int) -> None:
            self.model = Model(moment_of(datetime.combine(season, time(8))) + timedelta(seconds=30), quiet)
            self.ids: dict[str, int] = {}
            self.twice: Counter[str] = Counter()
            empty(db.engine)
            sink.raw.clear()
            rows.set_clock(self.model.now)
            with transaction() as session:
                organiser = rows.add_organiser(session, rules=False)
                if not quiet:
                    session.execute(sa.update(Organiser).values(quiet_from=None, quiet_to=None))
                event = rows.add_event(session, organiser)
                self.organiser_id, self.event_id = organiser.id, event.id
                for number, day in enumerate((first, second)):
                    when = self.when(day)
                    run = rows.add_run(session, event, **when)
                    self.ids[f"run{number}"] = run.id
                    self.model.runs[number] = ModelRun(when["starts_local"], when["ends_local"])
                session.execute(sa.update(EventChange).values(at=LONG_AGO))
                session.execute(sa.update(Run).values(created_at=LONG_AGO))
            self.add_rule(("days", -7), "start", time(9))
            for address, which in zip(ADDRESSES, (0, 1, 0), strict=True):
                self.register(address, which)

        def when(self, day: int) -> dict[str, Any]:
            first = self.model.now.date() + timedelta(days=day)
            return rows.days(first, first + timedelta(days=day % 2))

        # --- organisers ---------------------------------------------------------------------------------------------

        @precondition(lambda self: len(self.model.rules) < 5)
        @rule(offset=units, anchor=st.sampled_from(["start", "end"]), at=st.sampled_from(CLOCKS))
        def write_rule(self, offset: tuple[str, int], anchor: str, at: time | None) -> None:
            self.add_rule(offset, anchor, at)

        def add_rule(self, offset: tuple[str, int], anchor: str, at: time | None) -> None:
            unit, number = offset
            name = f"rule{len(self.model.rules)}"
            made = Rule(
                organiser_id=self.organiser_id, event_id=self.event_id, key=name, trigger=Trigger.RELATIVE,
                audience=Audience.CONFIRMED, template="reminder", anchor=Anchor(anchor), offset_units=number,
                unit=Unit(unit), clock_time=at, enabled_at=self.model.now,
            )  # fmt: skip
            with transaction() as session:
                session.add(made)
                session.flush()
                self.ids[name] = made.id
                actions.plan(session, self.run_ids(), now=self.model.now)
            self.model.rules[name] = ModelRule(anchor, number, unit, at, self.model.now)
            self.model.plan()

        @rule(which=pick)
        def switch(self, which: int) -> None:
            name = f"rule{which % len(self.model.rules)}"
            is_on = self.model.rules[name].enabled_at
            enabled_at = None if is_on else self.model.now
            with transaction() as session:
                session.get_one(Rule, self.ids[name]).enabled_at = enabled_at
                session.flush()
                actions.plan(session, self.run_ids(), now=self.model.now)
            self.model.rules[name].enabled_at = enabled_at
            self.model.plan()

        @rule(which=st.integers(0, 1), day=days)
        def move_run(self, which: int, day: int) -> None:
            when = self.when(day)
            self.change_run(which, ChangeKind.RUN_CHANGED, **when)
            run = self.model.runs[which]
            run.starts, run.ends = when["starts_local"], when["ends_local"]

        @precondition(lambda self: not any(run.cancelled for run in self.model.runs.values()))
        @rule(which=st.integers(0, 9))
        def cancel_run(self, which: int) -> None:
            if which < 2:
                self.change_run(which, ChangeKind.RUN_CANCELLED, status=RunStatus.CANCELLED)
                self.model.runs[which].cancelled = True

        def change_run(self, which: int, kind: ChangeKind, **columns: Any) -> None:
            with transaction() as session:
                run = session.get_one(Run, self.ids[f"run{which}"])
                session.execute(sa.update(Run).where(Run.id == run.id).values(**columns))
                rows.change_event(session, run, kind, now=self.model.now)

        @rule(which=pick, scope=st.sampled_from(["organiser", "event", "rule"]))
        def pause_or_resume(self, which: int, scope: str) -> None:
            name = f"rule{which % len(self.model.rules)}" if scope == "rule" else scope
            target = {"event": {"event_id": self.event_id}, "organiser": {}}.get(name) or (
                {"rule_id": self.ids[name]} if scope == "rule" else {}
            )
            with transaction() as session:
                if name in self.model.paused:
                    pauses.resume(session, organiser_id=self.organiser_id, **target)
                else:
                    pauses.pause(session, organiser_id=self.organiser_id, account_id=None, now=self.model.now, **target)
            self.model.paused ^= {name}

        # --- people -------------------------------------------------------------------------------------------------

        @precondition(lambda self: len(self.model.coming) < 7)
        @rule(address=st.sampled_from(ADDRESSES), which=st.integers(0, 1))
        def sign_up(self, address: str, which: int) -> None:
            self.register(address, which)

        def register(self, address: str, which: int) -> None:
            name = f"Person {len(self.model.coming)}"
            with transaction() as session:
                run = session.get_one(Run, self.ids[f"run{which}"])
                registration = rows.register(session, run, name=name, email=address, now=self.model.now)
                self.ids[name] = registration.id
            self.model.coming[name] = (address, which, True)

        @precondition(lambda self: self.model.coming)
        @rule(which=pick)
        def leave_or_come_again(self, which: int) -> None:
            name = f"Person {which % len(self.model.coming)}"
            address, number, is_coming = self.model.coming[name]
            what = (Change.CANCELLED, State.CANCELLED) if is_coming else (Change.REGISTERED, State.CONFIRMED)
            with transaction() as session:
                rows.move(session, session.get_one(Registration, self.ids[name]), *what, now=self.model.now)
            self.model.coming[name] = (address, number, not is_coming)

        # --- time and workers ---------------------------------------------------------------------------------------

        @rule(step=st.sampled_from(STEPS), works=st.booleans())
        def time_passes(self, step: timedelta, works: bool) -> None:
            self.model.now += step
            if works:
                self.work(plans=False)

        @precondition(lambda self: self.model.find_next() is not None)
        @rule()
        def the_next_moment_comes_and_a_worker_is_there(self) -> None:
            self.pass_to_next(LATE[0], works=True)

        @precondition(lambda self: self.model.find_next() is not None)
        @rule(late=st.sampled_from(LATE), works=st.booleans())
        def the_next_moment_comes(self, late: timedelta, works: bool) -> None:
            """And most often there is a worker for it."""
            self.pass_to_next(late, works)

        def pass_to_next(self, late: timedelta, works: bool) -> None:
            moment = self.model.find_next()
            assert moment is not None
            self.model.now = max(self.model.now, moment + late)
            if works or late:
                self.work(plans=False)

        @rule(step=st.sampled_from(BACK))
        def the_clock_is_put_back(self, step: timedelta) -> None:
            self.model.now += step

        @rule(plans=st.booleans())
        def a_worker_does_all_that_is_due(self, plans: bool) -> None:
            self.work(plans)

        def work(self, plans: bool) -> None:
            rows.set_clock(self.model.now)
            if plans:
                plan_all(app)
                self.model.plan()
            elif has_unnoticed_event_changes():
                self.model.plan()
            tick_until_idle(app)
            self.model.fire()
            self.compare(is_done=True)

        @rule(calls=st.integers(1, 8))
        def a_worker_is_killed(self, calls: int) -> None:
            """Before one of its steps or of its mails. The model is told how far it came."""
            rows.set_clock(self.model.now)
            unnoticed, worker_id = has_unnoticed_event_changes(), uuid.uuid4()
            try:
                tick(app, worker_id=worker_id, goes_on=dies_at(calls))
            except Killed:
                db.session.rollback()
            bury(worker_id)
            self.take_along()
            if unnoticed and not has_unnoticed_event_changes():
                self.model.plan()
            if not has_due_occasions(self.model.now):
                self.model.fire()
            self.compare(is_done=False)

        def take_along(self) -> None:
            """The server may have had the one mail on whose answer the worker died: it goes again as the same."""
            mails = self.find_mails().values()
            recorded = Counter(f"<{one.message_id}>" for one in mails if one.state == "sent") + self.twice
            gone = Counter(str(message["Message-ID"]) for message in sink.messages) - recorded
            assert gone.total() <= 1
            assert set(gone) <= {f"<{one.message_id}>" for one in mails if one.state == "sending"}
            self.twice += gone

        # --- what must hold -----------------------------------------------------------------------------------------

        def compare(self, *, is_done: bool) -> None:
            """The outbox holds the mails of the model and no other; those that ended, ended as they might."""
            found = self.find_mails()
            expected = {mail.key: mail for mail in self.model.mails}
            assert Counter(mail.key for mail in self.model.mails).total() == len(expected)
            assert sorted(found) == sorted(expected)
            for key, mail in expected.items():
                self.judge(mail, found[key], is_done)
            sent = sorted(f"<{one.message_id}>" for one in found.values() if one.state == "sent")
            assert sorted(str(message["Message-ID"]) for message in sink.messages) == sorted(
                [*sent, *self.twice.elements()]
            )

        def judge(self, mail: Mail, found: Sent, is_done: bool) -> None:
            model, is_open = self.model, found.state in ("queued", "deferred", "uncertain", "sending")
            if is_open:
                assert not mail.end
                assert not is_done or model.may_wait(mail), f"nothing holds {mail}"
            elif not mail.end:
                assert found.state in ("sent", "cancelled")
                assert not model.is_held(mail), f"{mail} went while it was held"
                assert model.is_forbidden(mail) == (found.state == "cancelled"), f"{mail} is {found.state}"
                mail.end = found.state
            else:
                assert found.state == mail.end

        def find_mails(self) -> dict[tuple[str, int, int, datetime, str], Sent]:
            names = {number: name for name, number in self.ids.items() if name.startswith("rule")}
            runs = {self.ids["run0"]: 0, self.ids["run1"]: 1}
            found = [
                Sent((names[rule_id], runs[run_id], nth, due_at, email), state.value, message_id)
                for rule_id, run_id, nth, due_at, email, state, message_id in read_mails()
            ]
            assert len({one.key for one in found}) == len(found), "a mail is in the outbox twice"
            return {one.key: one for one in found}

        def run_ids(self) -> list[int]:
            return [self.ids["run0"], self.ids["run1"]]

        def teardown(self) -> None:
            """In the end nothing is paused and the night is over: what was not forbidden has gone, to each once."""
            if "rule0" not in getattr(self, "ids", {}):
                return
            with transaction() as session:
                session.execute(sa.delete(Pause))
            self.model.paused.clear()
            latest = max([self.model.now, *(mail.fired_at for mail in self.model.mails)])
            self.model.now = moment_of(datetime.combine(latest.date() + timedelta(days=1), time(8)))
            self.work(plans=False)
            assert all(mail.end for mail in self.model.mails)

    return Promises


@pytest.mark.parametrize("how_many", [30])
def test_each_person_gets_each_mail_at_most_once_and_once_when_nothing_forbade_it(
    app: Flask, sink: Sink, how_many: int
) -> None:
    few = how_many if db.engine.dialect.name == "sqlite" else how_many // 4
    play = settings(
        max_examples=few,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(machine(app, sink), settings=play)


def test_a_reminder_that_is_let_go_at_night_waits_until_morning(app: Flask, sink: Sink) -> None:
    rows.set_clock(rows.MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        rows.register(session, run, noticed=True)
        actions.plan(session, now=rows.MORNING)
        pauses.pause(session, organiser_id=run.organiser_id, account_id=None, now=rows.MORNING)
    rows.set_clock(rows.at("2008-08-25 09:00"))
    tick_until_idle(app)
    with transaction() as session:
        pauses.resume(session, organiser_id=run.organiser_id)
    for moment, came in (("2008-08-25 23:00", 0), ("2008-08-26 06:59", 0), ("2008-08-26 07:00", 1)):
        rows.set_clock(rows.at(moment))
        tick_until_idle(app)
        assert len(sink.raw) == came
