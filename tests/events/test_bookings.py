"""Rooms follow what runs and sessions say, and nobody gets a room that somebody has."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale

from eventsys.events import actions
from eventsys.events.bookings.actions import RoomIsTaken, follow_run, follow_session, release
from eventsys.events.bookings.labels import tell_taken
from eventsys.events.bookings.queries import list_bookings, list_shared_days, list_stays
from eventsys.events.bookings.rules import Need, SharedDays, list_needs
from eventsys.events.models import Event, RoomBooking, Run
from eventsys.events.rules import Precision, RunFacts
from eventsys.extensions import db, transaction
from tests.events import given
from tests.events.rooms import DAY, Hotel, add_session, arrange, exact, hotel, list_booked, move, utc


@pytest.fixture
def plaza(app: Flask) -> Hotel:
    with transaction() as session:
        return hotel(session)


def test_a_run_with_a_room_and_times_has_the_room(plaza: Hotel) -> None:
    arrange(plaza, plaza.secretariat, "Konferanse", exact(plaza, plaza.hall, 10, 15))
    assert list_booked() == [(plaza.hall, 9, 14)]


def test_a_run_without_times_or_without_a_room_has_none(plaza: Hotel) -> None:
    days = RunFacts(Precision.DAYS, DAY, DAY, venue_id=plaza.venue, room_id=plaza.hall)
    arrange(plaza, plaza.secretariat, "Konferanse", days, exact(plaza, None, 10, 15))
    assert list_booked() == []


def test_a_run_that_moves_takes_its_room_along_under_the_same_name(plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Konferanse", exact(plaza, plaza.hall, 10, 15))
    run = event.runs[0]
    known = db.session.scalars(sa.select(RoomBooking.public_id)).one()
    move(run, exact(plaza, plaza.parlour, 12, 16))
    assert list_booked() == [(plaza.parlour, 11, 15)]
    assert db.session.scalars(sa.select(RoomBooking.public_id)).one() == known
    move(run, RunFacts(Precision.DAYS, DAY, DAY, venue_id=plaza.venue, room_id=plaza.parlour))
    assert list_booked() == []


def test_a_cancelled_run_lets_its_rooms_go(plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Konferanse", exact(plaza, plaza.hall, 10, 15))
    with transaction() as session:
        run = session.get_one(Run, event.runs[0].id)
        add_session(session, run, "Verksted", 11, 12, plaza.parlour)
        follow_run(session, run, account_id=None, now=given.NOW)
    assert list_booked() == [(plaza.hall, 9, 14), (plaza.parlour, 10, 11)]
    with transaction() as session:
        actions.cancel(session, session.get_one(Event, event.id), base_url=given.BASE, now=given.NOW)
    assert list_booked() == []


def test_who_comes_second_is_refused_and_told_who_has_the_room(plaza: Hotel) -> None:
    arrange(plaza, plaza.secretariat, "Kvalitetskonferanse", exact(plaza, plaza.hall, 10, 15))
    with pytest.raises(RoomIsTaken) as refused:
        arrange(plaza, plaza.unio, "Unios konferanse", exact(plaza, plaza.hall, 14, 18))
    with force_locale("en"):
        assert tell_taken(refused.value.booking, "en") == (
            "Storsalen is taken 27 November 2008 10:00–15:00: Kvalitetskonferanse (Sekretariatet)."
            " Choose another room or another time."
        )
    assert list_booked() == [(plaza.hall, 9, 14)]
    assert db.session.scalars(sa.select(Event.title)).all() == [{"nb": "Kvalitetskonferanse"}]


def test_what_a_draft_of_another_is_called_is_not_told(plaza: Hotel) -> None:
    arrange(plaza, plaza.secretariat, "Hemmelig", exact(plaza, plaza.hall, 10, 15), published=False)
    with pytest.raises(RoomIsTaken) as refused:
        arrange(plaza, plaza.unio, "Unios konferanse", exact(plaza, plaza.hall, 14, 18))
    booking = refused.value.booking
    assert (booking.organiser, booking.event_title, booking.event_slug) == ("Sekretariatet", {}, "")
    with pytest.raises(RoomIsTaken) as own:
        arrange(plaza, plaza.secretariat, "Møte", exact(plaza, plaza.hall, 14, 18))
    assert own.value.booking.event_title == {"nb": "Hemmelig"}


def test_one_may_begin_when_another_ends(plaza: Hotel) -> None:
    arrange(plaza, plaza.secretariat, "Formiddag", exact(plaza, plaza.hall, 10, 12))
    arrange(plaza, plaza.unio, "Ettermiddag", exact(plaza, plaza.hall, 12, 15))
    assert list_booked() == [(plaza.hall, 9, 11), (plaza.hall, 11, 14)]


def test_a_session_in_the_runs_room_is_part_of_what_the_run_has(plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Konferanse", exact(plaza, plaza.hall, 10, 15))
    with transaction() as session:
        run = session.get_one(Run, event.runs[0].id)
        add_session(session, run, "Åpning", 10, 11, plaza.hall)
        early = add_session(session, run, "Kaffe", 9, 10, plaza.hall)
        follow_session(session, early, run, account_id=None, now=given.NOW)
        evening = add_session(session, run, "Middag", 19, 22, plaza.hall)
        follow_session(session, evening, run, account_id=None, now=given.NOW)
    assert list_booked() == [(plaza.hall, 8, 9), (plaza.hall, 9, 14), (plaza.hall, 18, 21)]


def test_a_session_that_reaches_out_of_the_run_makes_its_booking_longer() -> None:
    run, early, late = Need(None, 1, utc(9), utc(14)), Need(1, 1, utc(8), utc(10)), Need(2, 1, utc(13), utc(16))
    elsewhere, evening = Need(3, 2, utc(9), utc(10)), Need(4, 1, utc(16), utc(18))
    assert list_needs(run, [early, late, elsewhere, evening]) == [
        Need(None, 1, utc(8), utc(16)), elsewhere, evening,
    ]  # fmt: skip
    assert list_needs(None, [elsewhere]) == [elsewhere]


def test_two_sessions_of_a_run_cannot_share_a_room(plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Konferanse", exact(plaza, plaza.hall, 10, 15))
    with transaction() as session:
        run = session.get_one(Run, event.runs[0].id)
        add_session(session, run, "Verksted A", 11, 13, plaza.hall)
        add_session(session, run, "Verksted B", 12, 14, plaza.hall)
    with pytest.raises(RoomIsTaken) as refused, transaction() as session:
        follow_run(session, session.get_one(Run, run.id), account_id=None, now=given.NOW)
    assert refused.value.booking.session_title == {"nb": "Verksted A"}
    assert list_booked() == [(plaza.hall, 9, 14)]


def test_sessions_may_swap_their_rooms(plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Konferanse", exact(plaza, None, 10, 15))
    with transaction() as session:
        run = session.get_one(Run, event.runs[0].id)
        first, second = (
            add_session(session, run, "A", 11, 12, plaza.hall), add_session(session, run, "B", 11, 12, plaza.parlour),
        )  # fmt: skip
        follow_run(session, run, account_id=None, now=given.NOW)
        first.room_id, second.room_id = plaza.parlour, plaza.hall
        follow_run(session, run, account_id=None, now=given.NOW)
        numbers = (first.id, second.id)
    db.session.rollback()
    rows = db.session.execute(sa.select(RoomBooking.session_id, RoomBooking.room_id)).all()
    assert dict(map(tuple, rows)) == {numbers[0]: plaza.parlour, numbers[1]: plaza.hall}


def test_a_room_is_let_go_by_session_and_by_run(plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Konferanse", exact(plaza, plaza.hall, 10, 15))
    with transaction() as session:
        run = session.get_one(Run, event.runs[0].id)
        row = add_session(session, run, "Verksted", 11, 12, plaza.parlour)
        follow_run(session, run, account_id=None, now=given.NOW)
        assert release(session, session_id=row.id) == 1
    assert list_booked() == [(plaza.hall, 9, 14)]
    with transaction() as session:
        assert (release(session, run_id=run.id), release(session, run_id=run.id)) == (1, 0)
    assert list_booked() == []


def test_others_see_that_a_room_is_taken_and_the_titles_that_are_public(plaza: Hotel) -> None:
    arrange(plaza, plaza.secretariat, "Åpen", exact(plaza, plaza.hall, 10, 12))
    arrange(plaza, plaza.secretariat, "Kladd", exact(plaza, plaza.parlour, 10, 12), published=False)

    def seen_by(organiser_id: int) -> list[tuple[str, str]]:
        rooms = [plaza.hall, plaza.parlour]
        rows = list_bookings(
            db.session(), organiser_id=organiser_id, room_ids=rooms, from_at=utc(0), until=utc(0) + timedelta(days=1)
        )
        return [(row.organiser, row.event_title.get("nb", "")) for row in rows]

    assert seen_by(plaza.secretariat) == [("Sekretariatet", "Åpen"), ("Sekretariatet", "Kladd")]
    assert seen_by(plaza.unio) == [("Sekretariatet", "Åpen"), ("Sekretariatet", "")]


def test_a_shared_day_is_told_to_both_organisers(plaza: Hotel) -> None:
    two_days = [(26, 27, plaza.secretariat, "Kvalitetskonferanse"), (27, 28, plaza.unio, "Unios konferanse")]
    for first, last, organiser_id, title in two_days:
        facts = RunFacts(Precision.DAYS, DAY.replace(day=first), DAY.replace(day=last), venue_id=plaza.venue)
        arrange(plaza, organiser_id, title, facts, published=organiser_id == plaza.secretariat)
    first, second = db.session.scalars(sa.select(Event.slug).order_by(Event.id))
    conference, unio = {"nb": "Kvalitetskonferanse"}, {"nb": "Unios konferanse"}
    here = list_shared_days(db.session(), plaza.secretariat, from_on=DAY)
    there = list_shared_days(db.session(), plaza.unio, from_on=DAY)
    assert here == [SharedDays("Oslo Plaza", DAY, DAY, first, conference, "Unio", "", {})]
    assert there == [SharedDays("Oslo Plaza", DAY, DAY, second, unio, "Sekretariatet", first, conference)]
    assert list_shared_days(db.session(), plaza.unio, from_on=DAY + timedelta(days=1)) == []


def test_who_is_at_a_place_without_a_room_is_known(plaza: Hotel) -> None:
    arrange(plaza, plaza.secretariat, "Med rom", exact(plaza, plaza.hall, 10, 12))
    arrange(plaza, plaza.secretariat, "Uten rom", exact(plaza, None, 10, 12))
    stays = list_stays(db.session(), organiser_id=plaza.unio, venue_ids=[plaza.venue], first_on=DAY, last_on=DAY)
    assert [(stay.event_title, stay.organiser) for stay in stays] == [({"nb": "Uten rom"}, "Sekretariatet")]
