"""The app starts on both databases."""

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.extensions import db, transaction


def test_the_clock_moves_for_everybody_at_once(app: Flask) -> None:
    from datetime import UTC, datetime, timedelta

    moment = datetime(2008, 8, 18, 6, tzinfo=UTC)
    with transaction() as session:
        clock.set_to(session, moment)
    with app.app_context():
        assert timedelta() <= clock.now() - moment < timedelta(seconds=30)


def test_a_write_outside_a_transaction_is_refused(app: Flask) -> None:
    db.session.add(clock.ClockOffset(id=1, seconds=1.0))
    with pytest.raises(RuntimeError):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(RuntimeError):
        db.session.execute(sa.delete(clock.ClockOffset))
