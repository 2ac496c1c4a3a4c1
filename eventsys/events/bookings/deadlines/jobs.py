"""What time makes due: mails to organisers about what a venue must be told soon."""

from __future__ import annotations

from flask import Flask

from eventsys import clock
from eventsys.events.bookings.deadlines.emails import find_new, remind
from eventsys.events.bookings.deadlines.queries import list_due, list_recipients
from eventsys.extensions import db, transaction


def remind_of_deadlines(app: Flask) -> int:
    """Mails about the deadlines that are due to be reminded of, and says how many those are; without a lock where, as most
    often, there is none."""
    with app.app_context():
        now = clock.now()
        if not find_new(db.session(), list_due(db.session(), now=now)):
            return 0
        with transaction() as session:
            due = find_new(session, list_due(session, now=now))
            for one in due:
                path = f"/manage/deadlines/{one.deadline.public_id}/edit"
                for account in list_recipients(session, one.deadline):
                    remind(session, one, account, path=path, now=now)
            return len(due)
