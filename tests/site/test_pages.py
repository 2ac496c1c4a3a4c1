"""The public pages: what is coming, one event, one municipality."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events import actions as events
from eventsys.events.rules import EventFacts, RunFacts
from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from tests.statements import counted
from tests.world import BASE_URL, NOW, build, somebody


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_the_front_page_lists_what_is_coming_under_its_month(client: FlaskClient) -> None:
    build()
    page = text(client, "/")
    assert re.findall(r"<h2>(\w+ 2008)</h2>", page) == ["September 2008", "November 2008"]
    assert "Velg 1.–2. eller 2.–3. september" in page
    assert "arrangør: Unio" in page


def test_an_event_page_takes_three_statements(client: FlaskClient) -> None:
    world = build()
    with counted(db.engine) as seen:
        text(client, f"/events/{world.events['seminar'].slug}")
    assert len(seen) <= 3, "\n".join(seen)


def test_the_list_takes_as_many_statements_for_fifty_events_as_for_five(client: FlaskClient) -> None:
    world = build()
    with counted(db.engine) as few:
        text(client, "/")
    with transaction() as session:
        seminar = world.events["seminar"]
        for _number in range(45):
            copy = events.create(
                session, organiser_id=world.secretariat, facts=EventFacts(seminar.type, seminar.title),
                clauses=[], runs=[RunFacts("days", seminar.runs[0].first_on)], base_url=BASE_URL, now=NOW,
            )  # fmt: skip
            events.publish(session, copy, now=NOW)
    with counted(db.engine) as many:
        text(client, "/")
    assert len(many) == len(few)


def test_places_left_are_said_in_words(client: FlaskClient) -> None:
    world = build(capacity=3)
    with transaction() as session:
        actions.register(session, somebody(world), now=NOW)
    assert "2 plasser igjen" in text(client, f"/events/{world.events['seminar'].slug}")


def test_a_municipality_sees_its_cohorts_and_the_joint_events_and_not_the_others(client: FlaskClient) -> None:
    world = build()
    page = text(client, "/municipalities/?q=Bø (Telemark)")
    titles = re.findall(r'<h3><a href="[^"]+">([^<]+)</a>', page)
    assert titles == ["Læringsseminar 2", "Kvalitetskonferanse"]
    assert f"{BASE_URL}/calendars/organisations/0821.ics" in page
    assert world.events["unio"].slug not in page


def test_a_name_that_fits_two_municipalities_asks_which(client: FlaskClient) -> None:
    build()
    page = text(client, "/municipalities/?q=bø")
    assert re.findall(r'href="/municipalities/(\d+)"', page) == ["1867", "0821"]


def test_a_draft_is_nowhere_to_be_seen(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        draft = events.create(
            session, organiser_id=world.secretariat, facts=EventFacts("meeting", {"nb": "Hemmelig utkast"}),
            clauses=[], runs=[RunFacts("days", NOW.date() + timedelta(days=3))], base_url=BASE_URL, now=NOW,
        )  # fmt: skip
    assert client.get(f"/events/{draft.slug}").status_code == 404
    assert "Hemmelig utkast" not in text(client, "/") + text(client, "/events/")


def test_a_cancelled_event_says_so_and_takes_nobody(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        events.cancel(session, session.merge(world.events["seminar"]), base_url=BASE_URL, now=NOW)
    page = text(client, f"/events/{world.events['seminar'].slug}")
    assert ("avlyst" in page.lower(), "registrations/new" in page.split("<aside")[0].split("actions")[0]) == (
        True,
        True,
    )
    assert "Meld meg på" not in page


def test_linked_data_says_what_the_page_says_and_escapes(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        event = session.merge(world.events["seminar"])
        event.title = {"nb": "</script><b>Seminar"}
    page = text(client, f"/events/{event.slug}")
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = [json.loads(block) for block in blocks]
    assert [(row["name"], row["startDate"], row["remainingAttendeeCapacity"]) for row in data] == [
        ("</script><b>Seminar", "2008-09-01T10:00:00+02:00", 3),
        ("</script><b>Seminar", "2008-09-02T10:00:00+02:00", 100),
    ]
    assert "<b>Seminar" not in page


@pytest.mark.parametrize("language, words", [("nb", "Velg dato"), ("nn", "Vel dato"), ("en", "Choose a date")])
def test_an_event_page_speaks_the_readers_language(client: FlaskClient, language: str, words: str) -> None:
    world = build()
    assert words in text(client, f"/events/{world.events['seminar'].slug}?lang={language}")


def test_health_is_of_the_process_and_readiness_of_database_and_worker(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_the_clock_of_the_pages_is_the_clock_of_the_database(client: FlaskClient) -> None:
    build()
    with transaction() as session:
        clock.set_to(session, NOW + timedelta(days=60))
    assert "Læringsseminar 2" not in text(client, "/")
