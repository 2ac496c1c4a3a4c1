"""What time alone does to places: offers that nobody answers and places held until a day end, and the next is asked."""

from __future__ import annotations

from flask import Flask

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import lapse
from eventsys.registrations.queue.queries import find_lapsed


def end_offers(app: Flask) -> int:
    """Ends what has run out at the clock's moment and says how many; without a lock where, as most often, nothing has."""
    with app.app_context():
        now = clock.now()
        if not find_lapsed(db.session(), now=now):
            return 0
        with transaction() as session:
            return lapse(session, now=now)
