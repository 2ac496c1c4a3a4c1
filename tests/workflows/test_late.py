"""Who comes in after a mail of time went out gets the latest that still makes sense, where its rule says so."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask import Flask

from eventsys.events.models import Run
from eventsys.extensions import transaction
from eventsys.organisers.models import Organiser
from eventsys.registrations.rules import Actor, Change, State
from eventsys.workflows import actions
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import Anchor, Audience, Relative, Unit
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING, at

WEEK = Relative(Anchor.START, -7, Unit.DAYS, time(9))
TEN_DAYS = Relative(Anchor.START, -10, Unit.DAYS, time(9))
FIRED = at("2008-08-25 09:00")


def reminded(app: Flask, *, late_joiners: bool = True) -> tuple[Organiser, Run]:
    """A run whose two reminders have gone to one participant."""
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        run = rows.add_run(session, rows.add_event(session, organiser))
        for key, relative in (("early", TEN_DAYS), ("late", WEEK)):
            rows.add_rule(session, organiser, key, relative, late_joiners=late_joiners, template="reminder")
        rows.register(session, run, email="first@kommune.example", noticed=True)
        actions.plan(session, now=MORNING)
    for moment in (at("2008-08-22 09:00"), FIRED):
        rows.set_clock(moment)
        tick_until_idle(app)
    return organiser, run


def join(app: Flask, run: Run, email: str, now: datetime, state: State = State.CONFIRMED) -> None:
    rows.set_clock(now)
    with transaction() as session:
        rows.register(session, run, email=email, state=state, now=now)
    tick_until_idle(app)


def test_a_late_joiner_gets_the_latest_reminder_once_and_no_other(app: Flask, sink: Sink) -> None:
    _organiser, run = reminded(app)
    join(app, run, "late@kommune.example", FIRED + timedelta(hours=1))
    assert sink.recipients == ["first@kommune.example"] * 2 + ["late@kommune.example"]
    join(app, run, "late@kommune.example", FIRED + timedelta(hours=2))
    assert sink.recipients.count("late@kommune.example") == 1


def test_by_default_a_late_joiner_gets_none(app: Flask, sink: Sink) -> None:
    _organiser, run = reminded(app, late_joiners=False)
    join(app, run, "late@kommune.example", FIRED + timedelta(hours=1))
    assert sink.recipients == ["first@kommune.example"] * 2


def test_who_waits_gets_it_with_the_place_and_who_already_had_one_does_not(app: Flask, sink: Sink) -> None:
    _organiser, run = reminded(app)
    now = FIRED + timedelta(hours=1)
    join(app, run, "waiting@kommune.example", now, State.WAITING)
    assert sink.recipients.count("waiting@kommune.example") == 0
    with transaction() as session:
        waiting = rows.register(session, run, email="promoted@kommune.example", state=State.WAITING, noticed=True)
        rows.move(session, waiting, Change.PROMOTED, State.CONFIRMED, actor=Actor.SYSTEM, now=now)
        had = rows.register(session, run, email="had@kommune.example", noticed=True)
        rows.change(session, had, Change.REPEATED, State.CONFIRMED, now=now)
    tick_until_idle(app)
    assert sink.recipients[2:] == ["promoted@kommune.example"]


def test_a_reminder_that_makes_no_sense_any_more_is_not_sent_late(app: Flask, sink: Sink) -> None:
    _organiser, run = reminded(app)
    join(app, run, "late@kommune.example", at("2008-09-01 10:00"))
    assert sink.recipients == ["first@kommune.example"] * 2


def test_one_letter_to_all_reaches_who_comes_later_too(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        event = rows.add_event(session, organiser)
        first, second = (
            rows.add_run(session, event, **rows.days(date(2008, 9, day), date(2008, 9, day))) for day in (1, 8)
        )
        rows.add_rule(
            session, organiser, "letter", at_local=datetime(2008, 8, 20, 10), event_id=event.id,
            audience=Audience.REGISTERED, template="free", late_joiners=True,
        )  # fmt: skip
        rows.register(session, first, email="kari@kommune.example", noticed=True)
        actions.plan(session, now=MORNING)
    rows.set_clock(at("2008-08-20 10:00"))
    tick_until_idle(app)
    join(app, second, "ola@kommune.example", at("2008-08-21 10:00"))
    join(app, second, "kari@kommune.example", at("2008-08-21 11:00"))
    assert sink.recipients == ["kari@kommune.example", "ola@kommune.example"]


def test_a_rule_that_was_switched_off_sends_nothing_late(app: Flask, sink: Sink) -> None:
    _organiser, run = reminded(app)
    with transaction() as session:
        session.execute(sa.update(Rule).values(enabled_at=None))
    join(app, run, "late@kommune.example", FIRED + timedelta(hours=1))
    assert sink.recipients == ["first@kommune.example"] * 2
