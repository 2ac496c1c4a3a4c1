"""The register of places and their rooms: whose a place is, what a room is called, in which order."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from eventsys.extensions import db, transaction
from eventsys.organisers.actions import add as add_organiser
from eventsys.venues import actions
from eventsys.venues.models import Room
from eventsys.venues.queries import count_rooms, find_room, find_venue, list_by_name, list_rooms, list_venues
from eventsys.venues.rules import Layout, NameIsTaken, RoomFacts, VenueFacts
from tests.world import NOW


def organisers(session: Session) -> tuple[int, int]:
    first, second = (add_organiser(session, slug=name, name=name, email=f"{name}@a.example") for name in ("a", "b"))
    return first.id, second.id


def test_a_place_of_one_organiser_is_nowhere_for_another(app: Flask) -> None:
    with transaction() as session:
        mine, other = organisers(session)
        shared = actions.add(session, name="Plaza", now=NOW)
        own = actions.add(session, name="Møterommet vårt", organiser_id=mine, now=NOW)
        actions.add_room(session, own, RoomFacts("Lille"))
    assert [[row.name for row in list_venues(db.session(), one)] for one in (mine, other)] == [
        ["Møterommet vårt", "Plaza"], ["Plaza"],
    ]  # fmt: skip
    assert [find_venue(db.session(), own.slug, organiser_id=one) is not None for one in (mine, other)] == [True, False]
    assert [[row.name for row in list_rooms(db.session(), one)] for one in (mine, other)] == [["Lille"], []]
    assert [count_rooms(db.session(), one) for one in (mine, other)] == [{own.id: 1}, {}]
    room = list_rooms(db.session(), mine)[0]
    assert find_room(db.session(), room.public_id, organiser_id=other) is None
    assert list_by_name(db.session(), ["møterommet vårt", "PLAZA"]) == {"plaza": shared}


def test_a_name_that_another_keeps_to_itself_is_free(app: Flask) -> None:
    with transaction() as session:
        mine, other = organisers(session)
        own = actions.add(session, name="Salen", organiser_id=mine, now=NOW)
        assert actions.find_or_add(session, name="SALEN", organiser_id=mine) is own
        shared = actions.find_or_add(session, name="Salen", organiser_id=other)
        assert (shared.organiser_id, shared.id == own.id, shared.slug) == (None, False, "salen-2")
        with pytest.raises(NameIsTaken):
            actions.add(session, name="salen", organiser_id=mine, now=NOW)
        with pytest.raises(NameIsTaken):
            actions.keep_to(session, own, None)


def test_a_place_is_kept_to_one_and_shared_again(app: Flask) -> None:
    with transaction() as session:
        mine, other = organisers(session)
        place = actions.add(session, name="Salen", now=NOW)
        actions.keep_to(session, place, mine)
        assert list_venues(session, other) == []
        actions.edit(session, place, VenueFacts("Storsalen", position=(59.9, 10.7), notes="Ring først"))
        actions.keep_to(session, place, None)
        assert [(row.name, row.latitude, row.notes, row.edition) for row in list_venues(session, other)] == [
            ("Storsalen", 59.9, "Ring først", 2)
        ]


def test_a_room_has_its_layouts_and_its_place_in_the_order(app: Flask) -> None:
    with transaction() as session:
        place = actions.add(session, name="Plaza", now=NOW)
        for name in ("A", "B", "C"):
            actions.add_room(session, place, RoomFacts(name, 40, layouts={Layout.THEATRE: 40, Layout.U_SHAPE: 20}))
        with pytest.raises(NameIsTaken):
            actions.add_room(session, place, RoomFacts(" a "))
        rooms = list_rooms(session, None, venue_id=place.id)
        actions.edit_room(session, rooms[2], RoomFacts("Først", 30, layouts={Layout.U_SHAPE: 18, Layout.BANQUET: 24}))
        actions.move_room(session, rooms, rooms[2], by=-1)
    db.session.expunge_all()
    assert [describe(room) for room in list_rooms(db.session(), None)] == [
        ("A", 40, {Layout.THEATRE: 40, Layout.U_SHAPE: 20}),
        ("Først", 30, {Layout.U_SHAPE: 18, Layout.BANQUET: 24}),
        ("B", 40, {Layout.THEATRE: 40, Layout.U_SHAPE: 20}),
    ]


def test_a_room_at_the_end_of_the_list_stays_there(app: Flask) -> None:
    with transaction() as session:
        place = actions.add(session, name="Plaza", now=NOW)
        for name in ("A", "B"):
            actions.add_room(session, place, RoomFacts(name))
        rooms = list_rooms(session, None)
        actions.move_room(session, rooms, rooms[1], by=1)
        actions.move_room(session, rooms, rooms[0], by=-1)
        assert [room.name for room in list_rooms(session, None)] == ["A", "B"]
        actions.remove_room(session, rooms[0])
        assert [room.name for room in list_rooms(session, None)] == ["B"]


def describe(room: Room) -> tuple[str, int | None, dict[Layout, int]]:
    return room.name, room.capacity, {row.layout: row.capacity for row in room.layouts}
