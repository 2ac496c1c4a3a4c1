"""Which rules count for an event, what they plan for it and for its runs, and how much asking the database that takes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bench.planning import measure_planning
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, EventType, Precision, RunStatus
from eventsys.extensions import db, transaction
from eventsys.organisers.models import Organiser
from eventsys.workflows import actions
from eventsys.workflows.actions.planning import moments
from eventsys.workflows.jobs import plan_all
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rulebook import list_effective
from eventsys.workflows.rules import Anchor, Audience, Relative, Trigger, Unit
from tests.workflows import rows
from tests.workflows.rows import MORNING, at

WEEK = Relative(Anchor.START, -7, Unit.DAYS, time(9))
TWO_DAYS = Relative(Anchor.START, -2, Unit.DAYS, time(9))
WEEK_BEFORE, TWO_BEFORE = at("2008-08-25 09:00"), at("2008-08-29 09:00")
LINES = sa.select(Rule.id, Occasion.run_id, Occasion.due_at, Occasion.state, Occasion.why).join(
    Rule, Rule.id == Occasion.rule_id
)


def planned(event: Event) -> list[tuple[int, int | None, datetime, str]]:
    """The occasions of an event: rule, run, moment, state."""
    db.session.rollback()
    found = db.session.execute(LINES.where(Occasion.event_id == event.id).order_by(Rule.id, Occasion.due_at))
    return [(rule, run, due, state.value) for rule, run, due, state, _why in found]


def one_event(**columns: Any) -> tuple[Organiser, Event, Run]:
    """An event with a run, of an organiser without rules."""
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        event = rows.add_event(session, organiser, **columns)
        return organiser, event, rows.add_run(session, event)


def plan(now: datetime = MORNING) -> int:
    with transaction() as session:
        return actions.plan(session, now=now)


# --- nearest wins -------------------------------------------------------------------------------------------------------


def test_the_nearest_rule_of_a_key_counts_even_when_it_is_off(app: Flask) -> None:
    organiser, event, run = one_event()
    with transaction() as session:
        other = rows.add_event(session, organiser, type=EventType.CONFERENCE)
        rows.add_run(session, other)
        wide = rows.add_rule(session, organiser, "reminder", WEEK)
        typed = rows.add_rule(session, organiser, "reminder", TWO_DAYS, event_type=EventType.LEARNING_SEMINAR)
        own = rows.add_rule(session, organiser, "reminder", WEEK, event_id=event.id, enabled_at=None)
        gone = rows.add_rule(
            session, organiser, "reminder", WEEK, event_id=other.id, enabled_at=None, removed_at=MORNING
        )
        alone = rows.add_rule(session, organiser, "second", TWO_DAYS, event_id=event.id)
    effective = list_effective(db.session(), organiser_id=organiser.id, event_ids=[event.id, other.id])
    assert {event_id: [rule.id for rule in rules] for event_id, rules in effective.items()} == {
        event.id: [own.id, alone.id],
        other.id: [wide.id],
    }
    assert gone.id not in [rule.id for rules in effective.values() for rule in rules]
    assert list_effective(db.session(), organiser_id=organiser.id + 1, event_ids=[event.id]) == {}
    plan()
    assert planned(event) == [(alone.id, run.id, TWO_BEFORE, "planned")]
    with transaction() as session:
        session.execute(sa.update(Rule).where(Rule.id == own.id).values(removed_at=MORNING))
    plan()
    assert planned(event) == [
        (typed.id, run.id, TWO_BEFORE, "planned"),
        (alone.id, run.id, TWO_BEFORE, "planned"),
    ]


def test_a_rule_that_is_replaced_loses_what_it_had_planned(app: Flask) -> None:
    organiser, event, run = one_event()
    with transaction() as session:
        wide = rows.add_rule(session, organiser, "reminder", WEEK)
        actions.plan_event(session, event.id, now=MORNING)
    assert planned(event) == [(wide.id, run.id, WEEK_BEFORE, "planned")]
    with transaction() as session:
        own = rows.add_rule(session, organiser, "reminder", TWO_DAYS, event_id=event.id, enabled_at=MORNING)
        actions.plan_event(session, event.id, now=MORNING)
    assert planned(event) == [(wide.id, run.id, WEEK_BEFORE, "dropped"), (own.id, run.id, TWO_BEFORE, "planned")]
    assert db.session.scalars(sa.select(Occasion.why).order_by(Occasion.rule_id)).all() == [
        "another rule took its place",
        None,
    ]


@pytest.mark.parametrize(("removed_at", "state"), [(-1, "planned"), (1, "dropped")])
def test_a_farther_rule_counts_again_from_when_the_nearer_was_removed(app: Flask, removed_at: int, state: str) -> None:
    organiser, event, run = one_event()
    now = WEEK_BEFORE + timedelta(hours=removed_at)
    with transaction() as session:
        wide = rows.add_rule(session, organiser, "reminder", WEEK)
        actions.plan_event(session, event.id, now=MORNING)
        own = rows.add_rule(session, organiser, "reminder", WEEK, event_id=event.id, enabled_at=None)
        actions.plan_event(session, event.id, now=MORNING)
    with transaction() as session:
        session.execute(sa.update(Rule).where(Rule.id == own.id).values(removed_at=now))
        actions.plan_event(session, event.id, now=now)
    assert planned(event) == [(wide.id, run.id, WEEK_BEFORE, state)]


# --- what is of the whole event -------------------------------------------------------------------------------------------


def test_a_deadline_and_a_date_are_of_the_event_and_a_date_may_be_of_one_run(app: Flask) -> None:
    organiser, event, _run = one_event(closes_on=date(2008, 8, 22))
    with transaction() as session:
        second = rows.add_run(session, event, **rows.days(date(2008, 9, 8), date(2008, 9, 9)))
        nudge = rows.add_rule(
            session, organiser, "nudge", Relative(Anchor.DEADLINE, -1, Unit.DAYS, time(9)),
            audience=Audience.ORGANISATIONS_WITHOUT, template="nudge",
        )  # fmt: skip
        whole = rows.add_rule(session, organiser, "a", at_local=datetime(2008, 8, 20, 10), event_id=event.id)
        single = rows.add_rule(
            session, organiser, "b", at_local=datetime(2008, 10, 26, 2, 30), event_id=event.id, run_id=second.id
        )
    plan()
    expected = [
        (nudge.id, None, at("2008-08-21 09:00"), "planned"),
        (whole.id, None, at("2008-08-20 10:00"), "planned"),
        (single.id, second.id, at("2008-10-26 02:30"), "planned"),
    ]
    assert planned(event) == expected
    assert plan() == 0
    with transaction() as session:
        session.execute(sa.update(Event).values(closes_on=date(2008, 8, 29)))
        session.execute(sa.update(Run).where(Run.id == second.id).values(status=RunStatus.CANCELLED))
    assert plan() == 2
    assert planned(event) == [
        (nudge.id, None, at("2008-08-28 09:00"), "planned"),
        (whole.id, None, at("2008-08-20 10:00"), "planned"),
        (single.id, second.id, at("2008-10-26 02:30"), "dropped"),
    ]
    with transaction() as session:
        session.execute(sa.update(Event).values(closes_on=None))
    assert plan() == 1
    whys = db.session.scalars(sa.select(Occasion.why).order_by(Occasion.rule_id)).all()
    assert whys == ["the day is not set", None, "the event was called off"]


def test_a_date_reaches_a_run_whose_day_is_not_set(app: Flask) -> None:
    organiser, event, run = one_event()
    no_times = dict.fromkeys(("starts_local", "ends_local", "starts_at", "ends_at"))
    with transaction() as session:
        session.execute(sa.update(Run).values(**no_times, precision=Precision.MONTH))
        rule = rows.add_rule(
            session, organiser, "a", at_local=datetime(2008, 8, 20, 10), event_id=event.id, run_id=run.id
        )
        rows.add_rule(session, organiser, "reminder", WEEK)
    plan()
    assert planned(event) == [(rule.id, run.id, at("2008-08-20 10:00"), "planned")]


def test_a_rule_for_one_run_leaves_the_others_alone(app: Flask) -> None:
    organiser, event, run = one_event()
    with transaction() as session:
        rows.add_run(session, event, **rows.days(date(2008, 9, 8), date(2008, 9, 9)))
        rule = rows.add_rule(session, organiser, "reminder", WEEK, event_id=event.id, run_id=run.id)
    plan()
    assert planned(event) == [(rule.id, run.id, WEEK_BEFORE, "planned")]


def test_moments_are_told_of_a_rule_that_is_not_kept(app: Flask) -> None:
    _organiser, event, run = one_event(closes_on=date(2008, 8, 22), status=EventStatus.DRAFT)
    hours = {"trigger": Trigger.RELATIVE, "offset_units": -2, "unit": Unit.HOURS}
    assert [
        moments(rule, event, [run], timezone="Europe/Oslo")
        for rule in (
            Rule(anchor=Anchor.START, **hours),
            Rule(anchor=Anchor.END, **hours),
            Rule(anchor=Anchor.DEADLINE, **hours),
            Rule(trigger=Trigger.ABSOLUTE, at_local=datetime(2008, 8, 20, 10)),
            Rule(trigger=Trigger.ABSOLUTE, at_local=datetime(2008, 8, 20, 10), run_id=run.id),
            Rule(trigger=Trigger.CONFIRMED),
        )
    ] == [
        [(run, at("2008-09-01 08:00"))],
        [(run, at("2008-09-02 13:00"))],
        [(None, at("2008-08-22 22:00"))],
        [(None, at("2008-08-20 10:00"))],
        [(run, at("2008-08-20 10:00"))],
        [],
    ]


# --- what is never made ---------------------------------------------------------------------------------------------------


def test_a_rule_makes_nothing_of_drafts_nor_of_what_is_long_past(app: Flask) -> None:
    organiser, _event, _run = one_event(status=EventStatus.DRAFT)
    with transaction() as session:
        past = rows.add_event(session, organiser)
        rows.add_run(session, past, **rows.days(date(1988, 5, 2), date(1988, 5, 3)))
        rows.add_rule(session, organiser, "reminder", WEEK, enabled_at=MORNING)
        rows.add_rule(session, organiser, "thanks", Relative(Anchor.END, 1, Unit.DAYS, time(9)), enabled_at=MORNING)
    assert plan() == 0
    assert db.session.scalars(sa.select(Occasion.id)).all() == []


def test_a_mail_long_after_the_event_is_planned_when_its_rule_is_made(app: Flask) -> None:
    organiser, event, run = one_event()
    now = at("2009-02-01 09:00")
    with transaction() as session:
        half_a_year = Relative(Anchor.END, 26, Unit.WEEKS, time(9))
        rule = rows.add_rule(session, organiser, "after", half_a_year, enabled_at=now)
    assert plan(now) == 1
    assert planned(event) == [(rule.id, run.id, at("2009-03-03 09:00"), "planned")]


def test_an_event_that_cannot_be_planned_stops_no_other(app: Flask) -> None:
    organiser, event, run = one_event()
    with transaction() as session:
        broken = rows.add_event(session, organiser)
        rows.add_run(session, broken, timezone="Nowhere/Land")
        rule = rows.add_rule(session, organiser, "reminder", WEEK)
    plan()
    plan_all(app)
    assert planned(event) == [(rule.id, run.id, WEEK_BEFORE, "planned")]
    assert planned(broken) == []


# --- how much is asked ----------------------------------------------------------------------------------------------------


def count_statements(how_many: int) -> int:
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    with transaction() as session:
        organiser = rows.add_organiser(session, slug=f"with-{how_many}")
        for _number in range(how_many):
            rows.add_run(session, rows.add_event(session, organiser))
    sa.event.listen(db.engine, "before_cursor_execute", count)
    try:
        with transaction() as session:
            assert actions.plan(session, now=MORNING) == 3 * how_many
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", count)
    return len(statements)


def test_fifty_events_are_planned_in_as_many_statements_as_one(app: Flask) -> None:
    assert count_statements(1) == count_statements(50)


def test_what_is_measured_can_be_measured(app: Flask) -> None:
    figures = measure_planning(app, events=3, people=20)
    assert list(figures) == [
        "plan from nothing",
        "plan with nothing to do",
        "expand to all",
        "memory of expanding, MiB",
    ]
