"""What time does to invitations: rounds that are due are sent, those that follow their audience go on, yes said elsewhere
is noted."""

from __future__ import annotations

from flask import Flask

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.invitations import actions
from eventsys.invitations.queries import has_work, list_following_rounds, list_signed_up


def send_rounds(app: Flask) -> int:
    """Sends what is due and says how many were asked; one small read where, as most often, nothing is."""
    with app.app_context():
        now = clock.now()
        if not has_work(db.session(), now=now):
            return 0
        with transaction() as session:
            return actions.send_due_rounds(session, now=now)


def follow_audiences(app: Flask) -> int:
    """Asks newcomers of the audiences that rounds follow, once those are noted who signed up by themselves."""
    with app.app_context():
        now = clock.now()
        if list_signed_up(db.session()):
            with transaction() as session:
                actions.note_answers(session, now=now)
        if not list_following_rounds(db.session(), now=now):
            return 0
        with transaction() as session:
            return actions.follow_rounds(session, now=now)
