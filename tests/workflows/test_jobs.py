"""One thing that goes wrong stops no other; the timetable loses no tick."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.events.models import EventChange
from eventsys.events.rules import ChangeKind
from eventsys.extensions import db, transaction
from eventsys.jobs import Work, start_scheduler
from eventsys.mailing.models import OutboxMessage, Worker
from eventsys.organisers.models import Organiser
from eventsys.workflows import actions
from eventsys.workflows.jobs import tick, tick_until_idle
from eventsys.workflows.models import Occasion, Rule
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING, at

WEEK_BEFORE = at("2008-08-25 09:00")


def test_a_poisoned_occasion_is_recorded_and_the_others_fire(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser, poisoned = rows.add_organiser(session), rows.add_organiser(session, slug="poisoned")
        for owner in (poisoned, organiser):
            rows.register(session, rows.add_run(session, rows.add_event(session, owner)), noticed=True)
        wordless = rows.add_organiser(session, slug="wordless")
        rows.register(session, rows.add_run(session, rows.add_event(session, wordless)), noticed=True)
        session.execute(sa.update(Rule).where(Rule.organiser_id == wordless.id).values(template="no_such_template"))
        actions.plan(session, now=MORNING)
        session.execute(sa.update(Organiser).where(Organiser.id == poisoned.id).values(timezone="Nowhere/Land"))
    rows.set_clock(WEEK_BEFORE)
    tick_until_idle(app)
    assert sink.recipients == ["kari@kommune.example"]
    due = db.session.execute(
        sa.select(Occasion.state, Occasion.why).where(Occasion.due_at <= WEEK_BEFORE).order_by(Occasion.id)
    ).all()
    assert [(state.value, why) for state, why in due] == [
        ("missed", "it went wrong: ZoneInfoNotFoundError: 'No time zone found with key Nowhere/Land'"),
        ("fired", None),
        ("missed", "its text is not written"),
    ]


def test_a_poisoned_change_stays_to_be_noticed_and_the_others_are_mailed(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        other = rows.add_run(session, rows.add_event(session, rows.add_organiser(session, slug="poisoned")))
        session.execute(sa.update(Organiser).where(Organiser.id == other.organiser_id).values(timezone="Nowhere/Land"))
        for moved in (other, run):
            rows.register(session, moved, noticed=True)
            rows.change_event(session, moved, ChangeKind.RUN_CHANGED)
    assert tick_until_idle(app) == 1
    assert sink.recipients == ["kari@kommune.example"]
    unnoticed = db.session.scalars(sa.select(EventChange.run_id).where(EventChange.noticed_at.is_(None))).all()
    assert unnoticed == [other.id]


def test_a_message_about_an_unknown_template_fails_alone(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        for address in ("a@kommune.example", "b@kommune.example"):
            rows.register(session, run, email=address)
        actions.notice_changes(session, now=MORNING)
        first = OutboxMessage.email == "a@kommune.example"
        session.execute(sa.update(OutboxMessage).where(first).values(template="no_such_template"))
    tick_until_idle(app)
    assert sink.recipients == ["b@kommune.example"]
    answers = db.session.scalars(sa.select(OutboxMessage.answer).order_by(OutboxMessage.id)).all()
    said = "the mail could not be written: TextIsMissing: the text «no_such_template» is not written in nb"
    assert answers == [said, "250 2.0.0 kept as 1"]


def test_the_worker_delivers_and_shows_that_it_lives(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    work = Work(app)
    work.begin()
    scheduler = start_scheduler(work)
    try:
        with transaction() as session:
            run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
            rows.register(session, run)
        end = time.monotonic() + 30
        while not sink.raw and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        work.stopping.set()
        scheduler.shutdown(wait=True)
    assert sink.recipients == ["kari@kommune.example"]
    db.session.rollback()
    [row] = db.session.scalars(sa.select(Worker)).all()
    assert (row.id, clock.real_now() - row.beat_at < timedelta(seconds=60)) == (work.id, True)
    work.end()
    db.session.rollback()
    assert db.session.scalars(sa.select(Worker)).all() == []


def test_every_job_waits_for_itself_and_is_never_dropped(app: Flask) -> None:
    work = Work(app)
    work.stopping.set()
    scheduler = start_scheduler(work)
    try:
        jobs = {job.id: job for job in scheduler.get_jobs()}
        assert {name: (job.max_instances, job.coalesce, job.misfire_grace_time) for name, job in jobs.items()} == {
            "mail": (1, True, None),
            "offers": (1, True, None),
            "materials": (1, True, None),
            "invitations": (1, True, None),
            "audiences": (1, True, None),
            "deadlines": (1, True, None),
            "calls": (1, True, None),
            "beat": (1, True, None),
            "plan": (1, True, None),
            "erase": (1, True, None),
            "returns": (1, True, None),
        }
        assert {name: job.trigger.interval.total_seconds() for name, job in jobs.items()} == {
            "mail": 1.0, "offers": 1.0, "materials": 30.0, "invitations": 5.0, "audiences": 300.0, "beat": 10.0,
            "deadlines": 60.0, "calls": 30.0, "plan": 3600.0, "erase": 3600.0, "returns": 60.0,
        }  # fmt: skip
        assert str(scheduler.timezone) == "UTC"
    finally:
        scheduler.shutdown(wait=True)
    assert not [thread for thread in threading.enumerate() if thread.name == "APScheduler"]


def test_two_ticks_at_once_send_each_mail_once(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        for number in range(40):
            rows.register(session, run, email=f"p{number}@kommune.example")
        for number in range(40):
            rows.register(session, run, email=f"w{number}@kommune.example", noticed=True)
        actions.plan(session, now=MORNING)
    rows.set_clock(WEEK_BEFORE)
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        while tick(app):
            pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tick_until_idle(app)
    expected = [f"p{number}@kommune.example" for number in range(40)] * 2
    expected += [f"w{number}@kommune.example" for number in range(40)]
    assert sorted(sink.recipients) == sorted(expected)
