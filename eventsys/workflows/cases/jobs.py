"""The worker's step for the reminders of calls."""

from __future__ import annotations

from flask import Flask

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.workflows.cases.nudges import has_due_nudge, nudge


def nudge_called(app: Flask) -> int:
    """Reminds once of each moment that has come; the look for one takes no lock."""
    with app.app_context():
        if not has_due_nudge(db.session(), now=clock.now()):
            return 0
        with transaction() as session:
            return nudge(session, now=clock.now())
