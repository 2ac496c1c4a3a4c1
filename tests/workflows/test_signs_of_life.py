"""A worker's signs of life: that it lives, and when it was last through with the mail."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.jobs import Work
from eventsys.mailing.health import Trouble, find_trouble, list_workers
from eventsys.mailing.models import Worker
from tests.mailing.sink import Sink


def only_worker() -> Worker:
    db.session.rollback()
    return db.session.scalars(sa.select(Worker).execution_options(populate_existing=True)).one()


def test_a_worker_tells_when_it_was_last_through_with_the_mail(app: Flask, sink: Sink) -> None:
    work = Work(app)
    work.begin()
    assert only_worker().ticked_at is None
    begun = clock.real_now()
    work.mail()
    work.beat()
    first = only_worker().ticked_at
    assert first is not None
    assert begun <= first <= only_worker().beat_at
    work.mail()
    work.beat()
    second = only_worker().ticked_at
    assert second is not None
    assert second > first


def test_a_worker_that_was_asked_to_stop_does_not_say_that_it_was_through(app: Flask) -> None:
    work = Work(app)
    work.begin()
    work.stopping.set()
    work.mail()
    work.beat()
    assert only_worker().ticked_at is None


def test_a_round_that_hangs_is_seen_although_the_heart_beats(app: Flask) -> None:
    work = Work(app)
    work.ticked_at = clock.real_now() - timedelta(minutes=21)
    work.beat()
    assert find_trouble(list_workers(db.session()), real_now=clock.real_now()) is Trouble.STUCK
    work.ticked_at = clock.real_now()
    work.beat()
    db.session.rollback()
    assert find_trouble(list_workers(db.session()), real_now=clock.real_now()) is None


def test_a_worker_that_ends_properly_is_missed_by_nobody_but_somebody_must_work(app: Flask) -> None:
    one, other = Work(app), Work(app)
    one.begin()
    other.begin()
    one.end()
    db.session.rollback()
    assert find_trouble(list_workers(db.session()), real_now=clock.real_now()) is None
    other.end()
    db.session.rollback()
    assert find_trouble(list_workers(db.session()), real_now=clock.real_now()) is Trouble.NO_WORKER
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count(Worker.id))) == 0
