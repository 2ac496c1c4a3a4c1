"""How many a run takes: its own limit, else its room's as it is set up, else its room's, else its place's."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask import Flask

from eventsys.events.models import Run
from eventsys.events.rules import Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.registrations.queries import count_places
from eventsys.venues import actions
from eventsys.venues.rules import Layout, RoomFacts, VenueFacts
from tests.events import given

ROOM = RoomFacts("Salen", 40, layouts={Layout.U_SHAPE: 20})


@pytest.mark.parametrize(
    "own, room, layout, expected",
    [
        (7, ROOM, Layout.U_SHAPE, 7),
        (None, ROOM, Layout.U_SHAPE, 20),
        (None, ROOM, Layout.THEATRE, 40),
        (None, ROOM, None, 40),
        (None, RoomFacts("Salen"), Layout.U_SHAPE, 100),
        (None, None, None, 100),
    ],
)
def test_the_nearest_limit_counts(
    app: Flask, own: int | None, room: RoomFacts | None, layout: Layout | None, expected: int
) -> None:
    with transaction() as session:
        programme = given.programme(session)
        venue = actions.add(session, name="Plaza", now=given.NOW)
        actions.edit(session, venue, VenueFacts("Plaza", capacity=100))
        room_id = actions.add_room(session, venue, room).id if room else None
        facts = RunFacts(
            Precision.EXACT, date(2008, 9, 1), None, time(10), time(15), venue_id=venue.id, room_id=room_id,
            layout=layout, capacity=own,
        )  # fmt: skip
        run: Run = given.event(session, programme.organiser_id, facts).runs[0]
        run_id = run.id
    assert count_places(db.session(), [run_id])[run_id].capacity == expected
