"""What the tests of programme, speakers and materials begin with: addresses, forms, pages as text."""

from __future__ import annotations

import html
import re
import uuid

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys.events.models import EventSession, Speaker
from eventsys.extensions import db, transaction
from eventsys.venues.models import Room, Venue
from tests.world import World

SESSION = {
    "title_nb": "Mål som kan måles", "title_nn": "Mål som kan målast", "on": "01.09.2008", "starts": "10.00",
    "ends": "11.30",
}  # fmt: skip


def text(answer: TestResponse) -> str:
    """What a reader sees, in one line."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split()))


def event_address(world: World) -> str:
    return f"/manage/events/{world.events['seminar'].slug}"


def add(adviser: FlaskClient, world: World, **typed: str) -> TestResponse:
    """A session of the seminar's first date."""
    run = world.events["seminar"].runs[0]
    return adviser.post(f"{event_address(world)}/runs/{run.uid}/sessions", data={**SESSION, **typed})


def sessions() -> list[EventSession]:
    db.session.rollback()
    db.session.expunge_all()
    return list(db.session.scalars(sa.select(EventSession).order_by(EventSession.id)))


def speakers() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(Speaker.name, Speaker.affiliation).order_by(Speaker.id))
    return [(row.name, row.affiliation) for row in rows]


def add_rooms(*names: str, capacity: int | None = None) -> dict[str, uuid.UUID]:
    """Rooms of one hotel, by name."""
    with transaction() as session:
        venue = Venue(slug="plaza", name="Plaza", name_key="plaza")
        session.add(venue)
        session.flush()
        rooms = [
            Room(venue_id=venue.id, name=name, name_key=name.casefold(), position=place, capacity=capacity)
            for place, name in enumerate(names)
        ]
        session.add_all(rooms)
        session.flush()
        return {room.name: room.public_id for room in rooms}
