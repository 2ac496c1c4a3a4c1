"""What strangers and other organisers may know of a closed event: nothing at any address."""

from __future__ import annotations

from datetime import date, time

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.calendars.models import FeedVersion
from eventsys.events import actions as events
from eventsys.events.bookings.queries import list_shared_days, list_stays
from eventsys.events.models import Event
from eventsys.events.queries import find_open_event, find_own_event, find_public_event, is_public, list_arranging
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, Precision, RunFacts
from eventsys.events.shown import find_public_event as find_shown
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import add_by_organiser
from eventsys.registrations.links import registration_token
from eventsys.venues import actions as venues
from eventsys.workflows.audiences.organisations import select_organisations
from eventsys.workflows.rules import Audience
from tests.world import BASE_URL, NOW, World, build, somebody

DAY = date(2008, 10, 6)
TITLE = "Hemmeligmøte"
LISTS = (
    "/", "/events/", "/municipalities/0821", "/organisations/0821", "/programme", "/contact", "/documents",
    "/calendars/", "/calendars/all.ics", "/calendars/organisers/sekretariatet.ics", "/calendars/types/meeting.ics",
    "/calendars/organisations/0821.ics", "/calendars/cohorts/pulje-ii.ics", "/calendars/venues/hotellet.ics",
    "/events/eksempel-finnes-ikke/eligibility",
)  # fmt: skip
OWN = (
    "/events/{}", "/events/{}.ics", "/events/{}/programme", "/events/{}/eligibility", "/events/{}/registrations",
    "/events/{}/registrations/new", "/events/{}/registrations/received", "/events/{}/delegations",
    "/events/{}/delegations/new",
)  # fmt: skip


def add_closed(world: World, *, organiser_id: int | None = None, is_closed: bool = True) -> Event:
    """A published meeting of the second cohort at a hotel that everybody may use."""
    with transaction() as session:
        hotel = venues.find_or_add(session, name="Hotellet")
        event = events.create(
            session, organiser_id=organiser_id or world.secretariat,
            facts=EventFacts(EventType.MEETING, {"nb": TITLE}, by_invitation=is_closed, is_closed=is_closed),
            clauses=[ClauseFacts(ClauseKind.COHORT, cohort_id=world.cohorts[2])],
            runs=[RunFacts(Precision.EXACT, DAY, DAY, time(10), time(12), venue_id=hotel.id)],
            base_url=BASE_URL, now=NOW,
        )  # fmt: skip
        events.publish(session, event, now=NOW)
    return event


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_stranger_learns_of_a_closed_event_nowhere(client: FlaskClient, is_closed: bool) -> None:
    event = add_closed(build(), is_closed=is_closed)
    found = {address for address in LISTS if TITLE in client.get(address).get_data(as_text=True)}
    answers = {client.get(address.format(event.slug)).status_code for address in OWN}
    if is_closed:
        assert (found, answers) == (set(), {404})
    else:
        assert {"/", "/events/", "/municipalities/0821", "/calendars/all.ics"} <= found
        assert answers == {200, 303}


def test_nobody_signs_up_for_a_closed_event_from_outside(client: FlaskClient) -> None:
    event = add_closed(build())
    assert client.post(f"/events/{event.slug}/registrations", data={}).status_code == 404
    assert client.post(f"/events/{event.slug}/delegations", data={}).status_code == 404


def test_an_event_that_becomes_closed_leaves_the_calendars_at_once(client: FlaskClient) -> None:
    world = build()
    event = add_closed(world, is_closed=False)
    address = "/calendars/all.ics"
    assert TITLE in client.get(address).get_data(as_text=True)
    before = db.session.scalar(sa.select(FeedVersion.version))
    with transaction() as session:
        row = find_own_event(session, event.slug, organiser_id=world.secretariat)
        assert row is not None
        facts = EventFacts(row.type, row.title, by_invitation=True, is_closed=True)
        clauses = [events.clause_facts(clause) for clause in row.clauses]
        events.edit(session, row, facts=facts, clauses=clauses, base_url=BASE_URL, now=NOW)
    assert TITLE not in client.get(address).get_data(as_text=True)
    db.session.expire_all()
    assert db.session.scalar(sa.select(FeedVersion.version)) != before


def test_who_has_a_seat_reads_of_it_behind_their_own_link(client: FlaskClient) -> None:
    world = build()
    event = add_closed(world)
    with transaction() as session:
        made = add_by_organiser(session, somebody(world, run_id=event.runs[0].id), account_id=None, now=NOW)
        token = registration_token(made.registration)
    page = client.get(f"/registrations/{token}")
    assert page.status_code == 200
    assert TITLE in page.get_data(as_text=True)
    assert f"/events/{event.slug}" not in page.get_data(as_text=True)
    entry = client.get(f"/registrations/{token}/calendar.ics").get_data(as_text=True)
    assert f"SUMMARY:{TITLE}" in entry
    assert f"/events/{event.slug}" not in entry.replace("\r\n ", "")


def test_another_organiser_at_the_same_place_learns_that_somebody_is_there_and_not_why(client: FlaskClient) -> None:
    world = build()
    event, other = add_closed(world), add_closed(world, organiser_id=world.unio, is_closed=False)
    hotel = event.runs[0].venue_id
    assert hotel is not None
    shared = list_shared_days(db.session(), world.unio, from_on=DAY, event_id=other.id)
    assert [(one.event_title, one.other_slug, one.other_title) for one in shared] == [({"nb": TITLE}, "", {})]
    stays = {
        organiser_id: [
            (stay.organiser, stay.event_slug)
            for stay in list_stays(
                db.session(), organiser_id=organiser_id, venue_ids=[hotel], first_on=DAY, last_on=DAY
            )
        ]
        for organiser_id in (world.unio, world.secretariat)
    }
    assert stays == {
        world.unio: [("Sekretariatet", ""), ("Unio", other.slug)],
        world.secretariat: [("Sekretariatet", event.slug), ("Unio", other.slug)],
    }


def test_the_condition_is_the_same_wherever_it_is_asked(client: FlaskClient) -> None:
    world = build()
    event = add_closed(world)
    session = db.session()
    assert session.scalar(sa.select(is_public()).where(Event.id == event.id)) in (False, 0)
    assert (find_public_event(session, event.slug), find_shown(session, event.slug)) == (None, None)
    behind_a_link = find_open_event(session, event.slug)
    assert behind_a_link is not None
    assert behind_a_link.id == event.id
    assert [one.name for one in list_arranging(session)] == ["Sekretariatet", "Unio"]


def test_no_organisation_is_nudged_about_a_closed_event(client: FlaskClient) -> None:
    world = build()
    found = {}
    for is_closed in (False, True):
        event = add_closed(world, is_closed=is_closed)
        with transaction() as session:
            session.execute(sa.text("UPDATE organisations SET email = 'post@kommune.example'"))
            rows = session.execute(
                select_organisations(Audience.ORGANISATIONS_WITHOUT, event_id=event.id, on=DAY)
            ).all()
            found[is_closed] = len(rows)
    assert found[False] > 0
    assert found[True] == 0


def test_a_closed_event_is_by_invitation_however_it_is_put(client: FlaskClient) -> None:
    assert EventFacts(EventType.MEETING, {"nb": TITLE}, is_closed=True).by_invitation
