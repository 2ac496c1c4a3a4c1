"""Feeds of a type, of a place and of several things at once, what they are called, and the page that offers them."""

from __future__ import annotations

import html
import re
from datetime import date, time

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.calendars.fetches import NOTED
from eventsys.events import actions
from eventsys.events.rules import EventFacts, EventType
from eventsys.extensions import transaction
from eventsys.venues.models import Venue
from tests.calendars.test_feeds import ALL, add, fetch, titles
from tests.events import given

BASE = f"{given.BASE}/calendars"
GOOGLE = "Google-Calendar-Importer"


@pytest.fixture(autouse=True)
def programme(app: Flask) -> given.Programme:
    """Seminars of two cohorts, one of them at the hotel, and a meeting there."""
    NOTED.clear()
    with transaction() as session:
        clock.set_to(session, given.NOW)
        made = given.programme(session)
        hotel = given.venue(session, "Hotellet")
    there = given.exact(date(2008, 9, 1), time(10), time(15), venue_id=hotel)
    add(made, there, title="EN-HOTELL", cohorts=made.cohorts[:1])
    add(made, given.days(date(2008, 9, 2)), title="TO", cohorts=made.cohorts[1:2])
    with transaction() as session:
        facts = EventFacts(EventType.MEETING, {"nb": "MØTE"})
        event = actions.create(
            session, organiser_id=made.organiser_id, facts=facts, clauses=[], base_url=given.BASE, now=given.NOW,
            runs=[given.exact(date(2008, 9, 3), time(10), time(15), venue_id=hotel)],
        )  # fmt: skip
        actions.publish(session, event, now=given.NOW)
    return made


def test_a_feed_of_a_type_or_a_place_holds_what_is_its_own(app: Flask) -> None:
    assert titles(app, "/calendars/types/learning-seminar.ics") == ["EN-HOTELL", "TO"]
    assert titles(app, "/calendars/types/meeting.ics") == ["MØTE"]
    assert titles(app, "/calendars/types/conference.ics") == []
    assert titles(app, "/calendars/venues/hotellet.ics") == ["EN-HOTELL", "MØTE"]


def test_a_place_that_one_organiser_keeps_to_itself_has_no_feed(app: Flask, programme: given.Programme) -> None:
    with transaction() as session:
        session.execute(sa.update(Venue).values(organiser_id=programme.organiser_id))
    for path in ("/calendars/venues/hotellet.ics", f"{ALL}?venue=hotellet", "/calendars/subscribe?venue=hotellet"):
        assert fetch(app, path).status_code == 404


@pytest.mark.parametrize(
    "path, found",
    [
        (f"{ALL}?cohort=pulje-i", ["EN-HOTELL"]),
        (f"{ALL}?type=learning-seminar&venue=hotellet", ["EN-HOTELL"]),
        (f"{ALL}?cohort=pulje-ii&type=learning-seminar", ["TO"]),
        (f"{ALL}?cohort=pulje-i&cohort=pulje-ii", ["EN-HOTELL"]),
        (f"{ALL}?organiser=sekretariatet&type=meeting", ["MØTE"]),
        ("/calendars/cohorts/pulje-i.ics?type=meeting", []),
        ("/calendars/venues/hotellet.ics?type=meeting", ["MØTE"]),
        ("/calendars/types/learning-seminar.ics?cohort=pulje-ii&cohort=", ["TO"]),
        (f"{ALL}?cohort=&type=", ["EN-HOTELL", "TO", "MØTE"]),
    ],
)
def test_what_belongs_to_all_that_is_asked_for_is_in_a_combined_feed(app: Flask, path: str, found: list[str]) -> None:
    assert titles(app, path) == found


@pytest.mark.parametrize(
    "query",
    ["cohort=ingen", "network=vest", "organiser=ingen", "type=dans", "venue=slottet", "organisation=9999",
     "cohort=pulje-i&type=dans", "type=learning-seminar&venue=slottet"],
)  # fmt: skip
def test_a_filter_that_names_nothing_is_a_plain_404(app: Flask, query: str) -> None:
    for path in (f"{ALL}?{query}", f"/calendars/organisers/sekretariatet.ics?{query}"):
        answer = fetch(app, path)
        assert (answer.status_code, answer.content_type) == (404, "text/plain; charset=utf-8")


def test_what_has_no_day_yet_is_left_out_on_request(app: Flask, programme: given.Programme) -> None:
    add(programme, given.OCTOBER, title="Samling", cohorts=programme.cohorts[:1])
    path = "/calendars/cohorts/pulje-i.ics"
    assert titles(app, path) == ["EN-HOTELL", "Samling (oktober 2008, dagen er ikke bestemt)"]
    assert titles(app, f"{path}?tentative=no") == ["EN-HOTELL"]
    assert len(titles(app, f"{path}?tentative=yes")) == 2


def test_ten_networks_in_october_are_one_line_of_a_type_and_each_networks_own(
    app: Flask, programme: given.Programme
) -> None:
    for network in programme.networks * 2:
        add(programme, given.OCTOBER, networks=[network], title="Nettverk", cohorts=programme.cohorts[2:])
    line = "Nettverk (oktober 2008, dagen er ikke bestemt)"
    for path in (
        "/calendars/types/learning-seminar.ics?cohort=pulje-iii",
        f"{ALL}?cohort=pulje-iii&type=learning-seminar",
    ):
        assert titles(app, path) == [line]
    assert titles(app, f"{ALL}?network=nord&type=learning-seminar") == [line, line]


def head(app: Flask, path: str) -> tuple[str, str, str]:
    calendar = icalendar.Calendar.from_ical(fetch(app, path).data)
    return str(calendar["X-WR-CALNAME"]), str(calendar["X-WR-CALDESC"]), str(calendar["SOURCE"])


@pytest.mark.parametrize(
    "path, name, description",
    [
        ("/types/learning-seminar.ics", "Læringsseminar", "Every event of this kind"),
        ("/venues/hotellet.ics", "Hotellet", "Everything at this place"),
        ("/all.ics?cohort=pulje-i", "Pulje I", "Everything the cohort is invited to"),
        ("/cohorts/pulje-i.ics?type=meeting", "Pulje I · Meeting", "What belongs to all of these: Pulje I · Meeting"),
    ],
)
def test_a_feed_is_called_what_it_is_of(app: Flask, path: str, name: str, description: str) -> None:
    sign = "&" if "?" in path else "?"
    found = head(app, f"/calendars{path}{sign}lang=en")
    name = name.replace("Læringsseminar", "Learning seminar")
    where, _mark, query = path.partition("?")
    source = f"{BASE}{where}?lang=en" + (f"&{query}" if query else "")
    assert found == (f"Kvalitetskommuneprogrammet: {name}", description, source)


def test_what_a_feed_does_not_read_is_no_part_of_its_address_or_its_bytes(app: Flask) -> None:
    plain = fetch(app, f"{ALL}?cohort=pulje-i")
    stray = fetch(app, f"{ALL}?utm_source=x&cohort=pulje-i&type=")
    assert (stray.data, stray.headers["ETag"]) == (plain.data, plain.headers["ETag"])
    assert head(app, f"{ALL}?a=b&tentative=no&cohort=pulje-i")[2] == f"{BASE}/all.ics?tentative=no&cohort=pulje-i"


# The pages


def page(client: FlaskClient, path: str) -> str:
    client.set_cookie("language", "en")
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def links(text: str) -> set[str]:
    return set(re.findall(r'href="(http://[^"]*\.ics[^"]*)"', text))


def test_the_form_offers_every_choice_and_leads_to_the_page_of_the_feed(client: FlaskClient) -> None:
    text = page(client, "/calendars/")
    for name, value in (("type", "learning-seminar"), ("cohort", "pulje-ii"), ("network", "nord"),
                        ("organiser", "sekretariatet"), ("venue", "hotellet")):  # fmt: skip
        assert f'name="{name}"' in text
        assert f'value="{value}"' in text
    text = page(client, "/calendars/subscribe?type=learning-seminar&cohort=pulje-i&network=&organiser=&venue=")
    assert links(text) == {f"{BASE}/all.ics?lang=en&cohort=pulje-i&type=learning-seminar"}
    assert "One event stands in it today." in text
    for address in links(text):
        assert client.get(address.removeprefix(given.BASE)).status_code == 200


def test_one_thing_is_subscribed_to_at_its_own_address_and_everything_at_the_feed_of_all(client: FlaskClient) -> None:
    assert links(page(client, "/calendars/subscribe?cohort=pulje-ii")) == {f"{BASE}/cohorts/pulje-ii.ics?lang=en"}
    assert links(page(client, "/calendars/subscribe?type=learning-seminar")) == {
        f"{BASE}/types/learning-seminar.ics?lang=en"
    }
    text = page(client, "/calendars/subscribe")
    assert links(text) == {f"{BASE}/all.ics?lang=en"}
    assert "3 events stand in it today." in text
    assert f'href="webcal://{BASE.removeprefix("http://")}/all.ics?lang=en"' in text


def test_what_has_no_day_yet_can_be_left_out_and_taken_with_one_again(client: FlaskClient) -> None:
    with_all, without = "/calendars/subscribe?cohort=pulje-ii", "/calendars/subscribe?tentative=no&cohort=pulje-ii"
    assert f'href="{without}"' in page(client, with_all)
    text = page(client, without)
    assert f'href="{with_all}"' in text
    assert links(text) == {f"{BASE}/cohorts/pulje-ii.ics?lang=en&tentative=no"}


def test_the_page_counts_what_stands_in_the_feed_that_it_offers(
    client: FlaskClient, programme: given.Programme
) -> None:
    add(programme, given.OCTOBER, title="Samling", cohorts=programme.cohorts[1:2])
    assert "2 events stand in it today." in page(client, "/calendars/subscribe?cohort=pulje-ii")
    assert "One event stands in it today." in page(client, "/calendars/subscribe?cohort=pulje-ii&tentative=no")


@pytest.mark.parametrize("query", ["cohort=ingen", "type=dans", "venue=slottet", "cohort=pulje-i&network=vest"])
def test_a_page_of_what_there_is_not_is_a_404(client: FlaskClient, query: str) -> None:
    assert client.get(f"/calendars/subscribe?{query}").status_code == 404


def test_the_page_tells_which_program_came_last(app: Flask, client: FlaskClient) -> None:
    path = "/calendars/subscribe?cohort=pulje-i"
    assert "No program that we know by name has fetched this calendar yet." in page(client, path)
    fetch(app, "/calendars/cohorts/pulje-i.ics", User_Agent=GOOGLE)
    fetch(app, "/calendars/cohorts/pulje-i.ics", User_Agent="curl/8.1")
    text = page(client, path)
    assert re.findall(r"<li>([^<]*last fetched[^<]*)</li>", text)[0].startswith("Google: last fetched ")
    assert "Another program" not in text
