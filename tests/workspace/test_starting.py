"""Ways to begin an event: from a kind, one for each network, from a calendar file."""

from __future__ import annotations

import io
from datetime import date, time

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import selectinload

from eventsys.events.models import Event, EventClause, EventWord
from eventsys.events.rules import ClauseKind, EventStatus, EventType, Precision
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.programmes.actions import add_network
from eventsys.programmes.models import Network, Programme
from eventsys.venues.models import Venue
from tests.accounts.people import add_account, sign_in
from tests.world import World

NETWORKS = "/manage/events/new/networks"
CALENDAR = "/manage/events/new/calendar"
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//nb
BEGIN:VEVENT
UID:1
SUMMARY:Styringsgruppa
LOCATION:Møterom 3
DESCRIPTION:Saker kommer.
DTSTART;TZID=Europe/Oslo:20081006T100000
DTEND;TZID=Europe/Oslo:20081006T120000
RRULE:FREQ=MONTHLY;COUNT=2
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Uten tid
END:VEVENT
END:VCALENDAR
"""


def drafts() -> list[Event]:
    db.session.rollback()
    db.session.expire_all()
    statement = sa.select(Event).where(Event.status == EventStatus.DRAFT).options(selectinload(Event.runs))
    return list(db.session.scalars(statement.order_by(Event.id)))


@pytest.fixture
def networks(world: World) -> list[int]:
    """Three networks; the second has Unio for its adviser."""
    with transaction() as session:
        programme = session.scalars(sa.select(Programme)).one()
        made = [
            add_network(session, programme_id=programme.id, slug=slug, name=name)
            for slug, name in (("nord", "Nord"), ("sor", "Sør"), ("vest", "Vest"))
        ]
        session.get_one(Network, made[1].id).organiser_id = world.unio
        return [network.id for network in made]


def test_the_ways_are_on_one_page(adviser: FlaskClient, networks: list[int]) -> None:
    page = adviser.get("/manage/events/new").get_data(as_text=True)
    for path in ("/manage/events/new/form?type=kickoff", NETWORKS, CALENDAR, "/manage/announcements", "/manage/series"):
        assert f'href="{path}"' in page
    answer = adviser.get("/manage/events/new/copy?event=kvalitetskonferanse")
    assert (answer.status_code, answer.location) == (303, "/manage/copies/kvalitetskonferanse")
    assert adviser.get("/manage/events/new/copy?event=unios-konferanse").status_code == 404


def test_each_kind_fills_in_the_form(adviser: FlaskClient) -> None:
    page = adviser.get("/manage/events/new/form?type=political_contact").get_data(as_text=True)
    assert 'value="Politisk kontaktmøte"' in page
    assert '<option value="political_contact" selected>' in page
    assert '<option value="politician" selected>' in page
    assert 'name="by_invitation" value="closed" checked' in page
    assert '<option value="meeting" selected>' in adviser.get("/manage/events/new/form?type=x").get_data(as_text=True)


def test_the_words_of_all_titles_are_kept_for_search_and_follow_a_new_title(adviser: FlaskClient) -> None:
    new = {"title_nb": "Møte om Ølen", "title_nn": "Møte", "title_en": "Meeting", "type": "meeting",
           "precision-0": "unknown"}  # fmt: skip
    slug = adviser.post("/manage/events", data=new).location.rpartition("/")[2]
    words = sa.select(EventWord.word).join(Event).where(Event.slug == slug).order_by(EventWord.word)
    db.session.rollback()
    assert db.session.scalars(words).all() == ["meeting", "mote", "olen", "om"]
    adviser.post(f"/manage/events/{slug}", data={**new, "title_nb": "Samtale", "title_nn": ""})
    db.session.rollback()
    assert db.session.scalars(words).all() == ["meeting", "samtale"]


def test_what_is_written_with_marks_is_shown_as_it_will_be(adviser: FlaskClient) -> None:
    data = {"description_nb": "**fet** <script>x</script>"}
    answer = adviser.post("/manage/markdown/description_nb", data=data).get_data(as_text=True)
    assert "<strong>fet</strong>" in answer
    assert "<script>" not in answer
    assert adviser.post("/manage/markdown/title_nb", data=data).status_code == 404
    page = adviser.post("/manage/events", data={"type": "meeting", "show": "1", **data}).get_data(as_text=True)
    assert "<strong>fet</strong>" in page


def test_each_chosen_network_gets_a_draft_of_its_own_that_belongs_to_its_adviser(
    adviser: FlaskClient, networks: list[int], world: World
) -> None:
    add_account("radgiver@unio.example", world.unio, language="nn")
    data = {
        "network": ["nord", "sor"], "title_nb": "Samling {nettverk}", "title_nn": "Samling {nettverk}",
        "precision": "month", "about_on": "14.10.2008",
    }  # fmt: skip
    for _press in range(2):
        answer = adviser.post(NETWORKS, data=data)
        assert (answer.status_code, answer.location) == (303, "/manage/events?status=draft")
    made = drafts()
    assert [(event.organiser_id, event.title["nb"], event.type) for event in made] == [
        (world.secretariat, "Samling Nord", EventType.NETWORK_GATHERING),
        (world.unio, "Samling Sør", EventType.NETWORK_GATHERING),
    ]
    assert [(run.precision, run.first_on, run.last_on) for event in made for run in event.runs] == [
        (Precision.MONTH, date(2008, 10, 1), date(2008, 10, 31))
    ] * 2
    clauses = db.session.execute(sa.select(EventClause.kind, EventClause.network_id).order_by(EventClause.id)).all()
    assert [tuple(row) for row in clauses[-2:]] == [(ClauseKind.NETWORK, number) for number in networks[:2]]


def test_the_adviser_is_told_once_with_a_link_to_the_draft_and_can_open_it(
    app: Flask, adviser: FlaskClient, networks: list[int], world: World
) -> None:
    other = add_account("radgiver@unio.example", world.unio, language="nn")
    data = {"network": ["nord", "sor"], "title_nb": "Samling {nettverk}", "precision": "unknown"}
    for _press in range(2):
        adviser.post(NETWORKS, data=data)
    db.session.rollback()
    (mail,) = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.template == "network_draft")).all()
    assert (mail.email, mail.language) == ("radgiver@unio.example", "nn")
    slug = drafts()[1].slug
    assert f"/manage/events/{slug}" in mail.text
    client = app.test_client()
    sign_in(client, other)
    assert client.get(f"/manage/events/{slug}").status_code == 200
    assert adviser.get(f"/manage/events/{slug}").status_code == 404


def test_networks_of_a_programme_that_is_not_open_to_one_are_not_offered(
    app: Flask, adviser: FlaskClient, networks: list[int], world: World
) -> None:
    stranger = app.test_client()
    sign_in(stranger, add_account("unio@unio.example", world.unio))
    assert "No networks" in stranger.get(NETWORKS).get_data(as_text=True)
    answer = stranger.post(NETWORKS, data={"network": ["nord"], "title_nb": "Samling", "precision": "unknown"})
    assert answer.status_code == 303
    assert drafts() == []


def test_no_network_is_refused_and_what_was_typed_is_kept(adviser: FlaskClient, networks: list[int]) -> None:
    answer = adviser.post(NETWORKS, data={"title_nb": "Kept {nettverk}", "precision": "month", "about_on": ""})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'href="#network"' in page, 'href="#about_on"' in page) == (422, True, True)
    assert 'value="Kept {nettverk}"' in page


def test_entries_of_a_calendar_file_are_shown_row_by_row_and_nothing_is_saved(adviser: FlaskClient) -> None:
    file = (io.BytesIO(ICS.encode()), "plan.ics")
    page = adviser.post(f"{CALENDAR}/preview", data={"file": file}).get_data(as_text=True)
    assert "2 entries can be saved as drafts." in page
    assert "Monday 6 October 2008" in page
    assert "It does not say when it begins." in page
    assert (page.count("one of several"), page.count("new place")) == (2, 2)
    assert drafts() == []


def test_the_chosen_entries_become_drafts_once(adviser: FlaskClient) -> None:
    for _press in range(2):
        answer = adviser.post(CALENDAR, data={"text": ICS, "line": ["1", "3"], "type": "steering_group"})
        assert answer.status_code == 303
    (event,) = drafts()
    (run,) = event.runs
    assert (event.title, event.description, event.type) == (
        {"nb": "Styringsgruppa"}, {"nb": "Saker kommer."}, EventType.STEERING_GROUP,
    )  # fmt: skip
    assert (event.is_closed, event.by_invitation) == (True, True)
    assert run.starts_local is not None
    assert (run.first_on, run.starts_local.time()) == (date(2008, 10, 6), time(10))
    assert db.session.scalars(sa.select(Venue.name)).all() == ["Møterom 3"]
    assert "There already" in adviser.post(f"{CALENDAR}/preview", data={"text": ICS}).get_data(as_text=True)


@pytest.mark.parametrize("text", ["", "Hei", "BEGIN:VCALENDAR\nEND:VCALENDAR\n"])
def test_what_is_no_calendar_is_refused_and_kept(adviser: FlaskClient, text: str) -> None:
    for path in (f"{CALENDAR}/preview", CALENDAR):
        answer = adviser.post(path, data={"text": text})
        assert answer.status_code == 422
        assert 'href="#file"' in answer.get_data(as_text=True)
