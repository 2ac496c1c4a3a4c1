from __future__ import annotations

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.extensions import transaction
from eventsys.organisations import actions as organisations
from eventsys.organisations.rules import LanguageForm, OrganisationKind
from tests.events import given

BASE = "http://127.0.0.1:5000/calendars"


@pytest.fixture(autouse=True)
def programme(app: Flask) -> given.Programme:
    with transaction() as session:
        for number, county in (("0821", "Telemark"), ("1867", "Nordland")):
            organisations.add(
                session, kind=OrganisationKind.MUNICIPALITY, name="Bø", number=number, county=county,
                valid_from=date(2008, 1, 1),
            )  # fmt: skip
        voss = organisations.add(
            session, kind=OrganisationKind.MUNICIPALITY, name="Voss", number="1235", county="Hordaland",
            valid_from=date(2008, 1, 1),
        )  # fmt: skip
        voss.language_form = LanguageForm.NYNORSK
        return given.programme(session)


def addresses(page: str) -> list[str]:
    """The feeds' own addresses, in the page's order."""
    return [html.unescape(found) for found in re.findall(r'href="(http://[^"]*\.ics[^"]*)"', page)]


def test_the_page_offers_every_feed_with_a_link_for_each_program(client: FlaskClient) -> None:
    page = client.get("/calendars/").text
    assert addresses(page) == [
        f"{BASE}/all.ics",
        f"{BASE}/cohorts/pulje-i.ics",
        f"{BASE}/cohorts/pulje-ii.ics",
        f"{BASE}/cohorts/pulje-iii.ics",
        f"{BASE}/networks/nord.ics",
        f"{BASE}/networks/sor.ics",
        f"{BASE}/organisers/sekretariatet.ics",
    ]
    page = html.unescape(page)
    assert 'href="webcal://127.0.0.1:5000/calendars/cohorts/pulje-ii.ics"' in page
    webcal = "webcal%3A%2F%2F127.0.0.1%3A5000%2Fcalendars%2Fcohorts%2Fpulje-ii.ics"
    assert f'href="https://calendar.google.com/calendar/render?cid={webcal}"' in page
    address = "http%3A%2F%2F127.0.0.1%3A5000%2Fcalendars%2Fcohorts%2Fpulje-ii.ics"
    name = "Kvalitetskommuneprogrammet%3A+Pulje+II"
    assert f'href="https://outlook.office.com/calendar/0/addfromweb?url={address}&name={name}"' in page


def test_every_address_that_the_page_offers_answers(client: FlaskClient) -> None:
    found = addresses(client.get("/calendars/?lang=en").text)
    assert found[0] == f"{BASE}/all.ics?lang=en"
    answers = [client.get(address.removeprefix("http://127.0.0.1:5000")).status_code for address in found]
    assert answers == [200] * 7


@pytest.mark.parametrize(
    "asked, address",
    [("Bø (Telemark)", f"{BASE}/organisations/0821.ics"), ("1867", f"{BASE}/organisations/1867.ics")],
)
def test_a_municipality_is_found_by_its_label_or_number(client: FlaskClient, asked: str, address: str) -> None:
    page = client.get("/calendars/", query_string={"municipality": asked}).text
    assert addresses(page)[0] == address


def test_a_municipality_that_writes_nynorsk_is_offered_its_feed_in_nynorsk(app: Flask) -> None:
    with app.app_context():
        page = app.test_client().get("/calendars/?municipality=Voss").text
    assert addresses(page)[0] == f"{BASE}/organisations/1235.ics?lang=nn"


def test_names_that_several_have_are_a_choice_and_unknown_ones_are_said_to_be(client: FlaskClient) -> None:
    choice = client.get("/calendars/", query_string={"municipality": "bø"}).text
    assert re.findall(r'<a href="/calendars/\?municipality=(\d+)">([^<]*)</a>', choice) == [
        ("1867", "Bø (Nordland)"),
        ("0821", "Bø (Telemark)"),
    ]
    unknown = client.get("/calendars/", query_string={"municipality": "<b>Xyz"}).text
    assert 'class="empty"' in unknown
    assert "<b>Xyz" not in unknown
