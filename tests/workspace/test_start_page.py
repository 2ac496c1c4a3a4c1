"""The first page by who opens it and on which day: what is on today, what is near, and no more than one can look through."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.rules import MemberRole
from eventsys.events import actions as events
from eventsys.events.bookings.deadlines import actions as deadlines
from eventsys.events.bookings.deadlines.rules import DeadlineFacts
from eventsys.events.helpers.actions import set_helped
from eventsys.events.models import Event, Run
from eventsys.events.rules import DeadlineKind, EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.registrations.rules import NewSeat, Side
from eventsys.venues import actions as venues
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.workspace.seats import send_delegation, sign_up
from tests.workspace.test_overview import beat, decisions
from tests.world import BASE_URL, World

SEMINAR = "laeringsseminar-2-pulje-ii"


@pytest.fixture(autouse=True)
def worker(world: World) -> None:
    """A worker that was heard of just now."""
    beat(timedelta())


def travel(day: date) -> None:
    with transaction() as session:
        clock.set_to(session, datetime(day.year, day.month, day.day, 6, tzinfo=UTC))
    beat(timedelta())


def come_as(client: FlaskClient, world: World, role: MemberRole) -> int:
    account = add_account(f"{role}@program.example", world.secretariat, role=role)
    sign_in(client, account)
    return account.id


def text(client: FlaskClient) -> str:
    page = client.get("/manage/").get_data(as_text=True)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def today(client: FlaskClient) -> list[str]:
    page = client.get("/manage/").get_data(as_text=True)
    part = page.partition('<ul class="on-today">')[2].partition("</ul>")[0]
    return [html.unescape(name) for name in re.findall(r"<b[^>]*>([^<]*)</b>", part)]


def make_events(world: World, how_many: int) -> None:
    """Published meetings in October, one a day."""
    with transaction() as session:
        for number in range(how_many):
            event = events.create(
                session, organiser_id=world.secretariat,
                facts=EventFacts(EventType.MEETING, {"nb": f"Møte {number}", "nn": f"Møte {number}"}),
                clauses=[], runs=[RunFacts(Precision.DAYS, date(2008, 10, 1) + timedelta(days=number % 28), capacity=4)],
                base_url=BASE_URL, now=clock.now(),
            )  # fmt: skip
            events.publish(session, event, now=clock.now())


def test_what_is_on_today_leads_to_its_door(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 1)
    assert today(adviser) == []
    travel(date(2008, 9, 2))
    assert today(adviser) == ["Læringsseminar 2", "Læringsseminar 2"]
    page = adviser.get("/manage/").get_data(as_text=True)
    uids = [run.uid for run in world.events["seminar"].runs]
    assert re.findall(r"check-in\?run=([0-9a-f-]+)", page) == [str(uid) for uid in uids]
    assert "0 of 1 have come" in text(adviser)


def test_who_checks_people_in_sees_today_and_nothing_else(client: FlaskClient, world: World) -> None:
    come_as(client, world, MemberRole.DOOR)
    assert "Nothing is on today" in text(client)
    assert "What is coming" not in text(client)
    travel(date(2008, 9, 1))
    assert today(client) == ["Læringsseminar 2"]
    page = client.get("/manage/").get_data(as_text=True)
    links = set(re.findall(r'href="(/manage/[^"#]*)', page))
    assert {link.partition("?")[0] for link in links} == {"/manage/", f"/manage/events/{SEMINAR}/check-in"}


def test_a_helper_sees_its_events_alone(client: FlaskClient, world: World) -> None:
    helper_id = come_as(client, world, MemberRole.HELPER)
    for number in range(1, 5):
        sign_up(world, number)
    assert "No events yet" in text(client)
    assert decisions(client) == []
    with transaction() as session:
        set_helped(session, helper_id, world.secretariat, [world.events["seminar"].id])
    assert decisions(client) == ["1 person waits for a place"]
    page = client.get("/manage/").get_data(as_text=True)
    assert re.findall(r'<th scope="row"><a href="/manage/events/([^"]*)"', page) == [SEMINAR]


def test_a_reader_is_shown_no_way_to_what_does_not_open(client: FlaskClient, world: World) -> None:
    come_as(client, world, MemberRole.READER)
    for number in range(1, 5):
        sign_up(world, number)
    page = client.get("/manage/").get_data(as_text=True)
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/manage/[^"#]*)', page)}
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert "New event" not in text(client)


def test_a_run_that_few_have_signed_up_to_is_told_ten_days_before(adviser: FlaskClient, world: World) -> None:
    travel(date(2008, 8, 21))
    assert decisions(adviser) == []
    travel(date(2008, 8, 22))
    assert decisions(adviser) == ["Nobody has signed up yet"]
    sign_up(world, 1)
    travel(date(2008, 8, 23))
    assert decisions(adviser) == ["2 places left", "Nobody has signed up yet"]
    sign_up(world, 2, run_id=world.run_id("seminar", 1))
    assert decisions(adviser) == ["2 places left", "Only 1 person has signed up"]


def test_places_without_names_are_told_a_week_before_their_day(adviser: FlaskClient, world: World) -> None:
    send_delegation(world, NewSeat(Side.ADMINISTRATION), NewSeat(Side.ADMINISTRATION))
    for names_by, told in ((date(2008, 8, 26), []), (date(2008, 8, 25), ["2 places have no name yet"])):
        with transaction() as session:
            session.execute(sa.update(Event).where(Event.slug == SEMINAR).values(names_by=names_by))
        assert decisions(adviser) == told


def test_attendance_that_nobody_took_is_told_for_a_month(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 1)
    travel(date(2008, 9, 3))
    assert decisions(adviser)[-1:] == ["Attendance is not taken"]
    travel(date(2008, 10, 2))
    assert decisions(adviser) == ["Attendance is not taken"]
    travel(date(2008, 10, 3))
    assert decisions(adviser) == []
    travel(date(2008, 9, 10))
    with transaction() as session:
        session.execute(sa.update(Run).values(attendance_at=clock.now()))
    assert decisions(adviser) == []


def test_what_a_venue_must_be_told_is_told_two_weeks_before(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        hall = venues.add(session, name="Fjordhotellet", now=clock.now())
        for day in (date(2008, 8, 17), date(2008, 9, 1), date(2008, 9, 2)):
            deadlines.add(
                session, organiser_id=world.secretariat, venue_id=hall.id, event_id=None, account_id=None,
                facts=DeadlineFacts(DeadlineKind.BEDS, day), now=clock.now(),
            )  # fmt: skip
    assert decisions(adviser) == [
        "Release of hotel rooms: Fjordhotellet should have been told by 17 August",
        "Release of hotel rooms: tell Fjordhotellet by 1 September",
    ]


def test_another_organiser_at_the_same_place_is_told_to_both(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        hall = venues.add(session, name="Oslo Plaza", now=clock.now())
        runs = [world.run_id("conference"), world.run_id("unio")]
        session.execute(sa.update(Run).where(Run.id.in_(runs)).values(venue_id=hall.id))
    assert decisions(adviser) == ["Somebody else is there too"]
    assert "Unio is at Oslo Plaza 27 November 2008 too" in text(adviser)


def test_of_many_alike_a_few_are_told_and_how_many_more(adviser: FlaskClient, world: World) -> None:
    make_events(world, 7)
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.capacity == 4).values(capacity=1))
        runs = list(session.scalars(sa.select(Run.id).where(Run.capacity == 1)))
    for number, run_id in enumerate(runs, 1):
        sign_up(world, number, run_id=run_id)
    assert decisions(adviser) == ["Full"] * 4 + ["and 3 more like these"]


def test_of_many_events_the_next_twenty_are_listed(adviser: FlaskClient, world: World) -> None:
    make_events(world, 25)
    page = adviser.get("/manage/").get_data(as_text=True)
    assert len(re.findall(r'<th scope="row"><a href="/manage/events/', page)) == 20
    assert "All 28 coming events" in text(adviser)


def test_three_and_fifty_events_take_the_same_number_of_statements(adviser: FlaskClient, world: World) -> None:
    def statements() -> int:
        with counted(db.engine) as sent:
            adviser.get("/manage/")
        return len(sent)

    before = statements()
    make_events(world, 50)
    assert statements() == before
