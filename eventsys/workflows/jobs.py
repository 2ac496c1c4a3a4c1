"""One tick: changes are noticed, occasions fire, mail is delivered. Each step in its own transaction, each alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import timedelta

import structlog
from flask import Flask, current_app

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.delivery import deliver
from eventsys.mailing.letters import Composed
from eventsys.mailing.outbox import Claimed
from eventsys.workflows import actions, pauses
from eventsys.workflows.cases.composing import compose_cases
from eventsys.workflows.cases.previews import read_origin
from eventsys.workflows.emails import compose
from eventsys.workflows.enclosures import make_parts

log = structlog.get_logger()


def tick(app: Flask, *, worker_id: uuid.UUID | None = None, goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Does what is due once, a batch of each kind; whether there was anything. A step that raises stops no other."""
    worker = worker_id or uuid.uuid4()
    steps: tuple[Callable[[], int], ...] = (
        _notice,
        _expand,
        lambda: deliver(
            _compose,
            worker_id=worker,
            goes_on=goes_on,
            held=pauses.held_now(db.session(), now=clock.now()),
            find_files=_find_files,
        ),
    )
    done = 0
    for step in steps:
        with app.app_context():
            try:
                done += step() if goes_on() else 0
            except Exception as error:
                log.error("a step of the worker failed", step=getattr(step, "__name__", ""), exc_info=error)
    return done > 0


def tick_until_idle(app: Flask) -> int:
    """Ticks until nothing is due at the clock's moment, as the demo's clock and tests need it; how many times."""
    worker_id = uuid.uuid4()
    times = 0
    while tick(app, worker_id=worker_id):
        times += 1
    return times


def plan_all(app: Flask) -> None:
    """Makes the occasions of all events what the rules want, whatever happened while no worker ran.

    The look for what is to be done takes no lock; most often there is nothing.
    """
    with app.app_context():
        now = clock.now()
        if event_ids := actions.find_unplanned(db.session(), now=now):
            with transaction() as session:
                actions.plan_events(session, event_ids, now=now)


def _notice() -> int:
    if not actions.has_unnoticed(db.session()):
        return 0
    with transaction() as session:
        return actions.notice_changes(session, now=clock.now())


def _expand() -> int:
    if not actions.has_due(db.session(), now=clock.now()):
        return 0
    with transaction() as session:
        too_late_after = timedelta(hours=current_app.config["MAIL_TOO_LATE_HOURS"])
        return actions.expand(session, now=clock.now(), too_late_after=too_late_after)


def _compose(messages: list[Claimed]) -> dict[int, Composed]:
    """What is about a case is written by its own rules, the rest by those of events."""
    origin, now = read_origin(), clock.now()
    cases = compose_cases(db.session(), messages, origin=origin, now=now)
    rest = [message for message in messages if message.id not in cases]
    return cases | (compose(db.session(), rest, origin=origin, now=now) if rest else {})


def _find_files(texts: Collection[tuple[int, str]]) -> dict[tuple[int, str], tuple[bytes, ...]]:
    return make_parts(db.session(), texts, most=read_origin().most_attached)
