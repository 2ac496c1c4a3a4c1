"""Moves the installation's time forward, stopping at each moment at which something falls due, so that nothing is missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from eventsys import clock
from eventsys.demo.queries import find_next_due
from eventsys.extensions import db, transaction
from eventsys.jobs import tick_until_idle

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
# A mail server that is down makes mails due again and again; the clock does not wait for it for ever.
MOST_STOPS = 200


def move(app: Flask, step: timedelta) -> None:
    """Makes it `step` later for every process, doing at each due moment on the way what the worker would have done."""
    now = clock.now()
    target = now + step
    tick_until_idle(app)
    for _stop in range(MOST_STOPS):
        due = find_next_due(db.session(), after=now, until=target)
        db.session.rollback()
        if due is None:
            break
        stop_at(app, due)
        now = due
    stop_at(app, target)


def stop_at(app: Flask, moment: datetime) -> None:
    with transaction() as session:
        clock.set_to(session, moment)
    tick_until_idle(app)
