"""What time alone does to materials: one that comes out at its moment is told of."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from eventsys import clock
from eventsys.events.materials.actions import announce
from eventsys.events.materials.queries import list_due_events, list_unannounced
from eventsys.events.models import Event
from eventsys.extensions import db, transaction

BACK = timedelta(days=7)
"""How long a worker may have been away and still tell of what came out meanwhile."""


def announce_due(app: Flask) -> int:
    """Notes in the history of events what has come out and was not told of yet; in how many. Without a lock where there is
    nothing."""
    with app.app_context():
        now = clock.now()
        recent = list_due_events(db.session(), since=now - BACK, now=now)
        due = [one for one in recent if list_unannounced(db.session(), one, now=now)]
        if not due:
            return 0
        with transaction() as session:
            return sum(announce(session, session.get_one(Event, one), now=now) is not None for one in due)
