"""The app starts on both databases."""

from flask import Flask

from eventsys import clock
from eventsys.extensions import transaction


def test_the_clock_moves_for_everybody_at_once(app: Flask) -> None:
    from datetime import UTC, datetime, timedelta

    moment = datetime(2008, 8, 18, 6, tzinfo=UTC)
    with transaction() as session:
        clock.set_to(session, moment)
    with app.app_context():
        assert timedelta() <= clock.now() - moment < timedelta(seconds=30)
