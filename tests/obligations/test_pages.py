"""The pages of what is promised: written down, looked at, printed, excused, for who may read it."""

from __future__ import annotations

import html
import io
import re
from datetime import date

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.rules import MemberRole
from eventsys.events.models import Event, EventClause
from eventsys.extensions import db, transaction
from eventsys.obligations.actions import grant_excuse
from eventsys.obligations.erasing import erase_excuses
from eventsys.obligations.models import Excuse, Obligation
from eventsys.obligations.queries import list_cells, list_obligations
from eventsys.obligations.rules import ExcuseState
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions import actions as positions
from eventsys.organisations.positions.links import position_token
from eventsys.programmes import actions as programmes
from tests.accounts.people import add_account, sign_in
from tests.obligations.promises import SIDES, TODAY, add_gathering, add_obligation, come, tell
from tests.statements import counted
from tests.workflows import rows
from tests.world import NOW, World

MATRIX = "/manage/programmes/program/matrix"
FORM = {
    "name_nb": "Læringsseminarene", "cohort": "pulje-ii", "what": "type:learning_seminar", "required": "2",
    "first_on": "01.01.2008", "last_on": "31.12.2009", "side": ["politician", "administration"],
    "form": "7b3e1c0e-5d0f-4e8b-9a55-0d3a5f3f0a11",
}  # fmt: skip


@pytest.fixture
def adviser(client: FlaskClient, world: World) -> FlaskClient:
    sign_in(client, add_account("adviser@program.example", world.secretariat, role=MemberRole.OWNER))
    return client


@pytest.fixture
def stranger(app: Flask, world: World) -> FlaskClient:
    other = app.test_client()
    sign_in(other, add_account("radgiver@unio.example", world.unio, role=MemberRole.OWNER))
    return other


@pytest.fixture
def promised(world: World) -> Obligation:
    """Bø came in March with everybody and nobody came in May; September is to come."""
    with transaction() as session:
        session.execute(sa.delete(EventClause).where(EventClause.event_id == world.events["seminar"].id))
        made = add_obligation(session, world, sides=SIDES)
        march, _may = add_gathering(session, world, date(2008, 3, 3)), add_gathering(session, world, date(2008, 5, 5))
        come(session, world, march, "0821")
        add_gathering(session, world, date(2008, 9, 15), title="Høstseminaret")
    return made


def plain(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_a_promise_is_written_down_once_however_often_it_is_sent(adviser: FlaskClient) -> None:
    for _time in range(2):
        assert adviser.post("/manage/obligations", data=FORM).status_code == 303
    page = plain(adviser.get("/manage/obligations").text)
    assert page.count("Læringsseminarene") >= 1
    with transaction() as session:
        (made,) = list_obligations(session)
        assert (made.required, made.first_on, made.last_on) == (2, date(2008, 1, 1), date(2009, 12, 31))


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(adviser: FlaskClient) -> None:
    answer = adviser.post("/manage/obligations", data={"name_en": "Only English", "last_on": "31.02.2009"})
    assert answer.status_code == 422
    found = set(re.findall(r'id="(\w+)-error"', answer.text))
    assert found == {"name_nb", "cohort", "what", "required", "first_on", "last_on"}
    assert 'value="Only English"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Obligation)) == 0


def test_of_two_who_change_a_promise_neither_loses_anything(adviser: FlaskClient, promised: Obligation) -> None:
    address = f"/manage/obligations/{promised.public_id}"
    assert adviser.post(address, data={**FORM, "required": "3", "edition": "1"}).status_code == 303
    answer = adviser.post(address, data={**FORM, "required": "1", "edition": "1"})
    assert answer.status_code == 409
    assert db.session.scalar(sa.select(Obligation.required)) == 3
    assert adviser.post(f"{address}/removal").status_code == 303
    assert adviser.get(f"{address}/edit").status_code == 404


def test_the_overview_tells_each_cell_with_a_letter_a_colour_and_words(
    adviser: FlaskClient, promised: Obligation
) -> None:
    page = adviser.get(f"{MATRIX}?lang=en").text
    row = re.search(r"<tr><th[^>]*><a[^>]*>Bø \(Telemark\)</a></th>(.*?)</tr>", page)
    assert row is not None
    assert re.findall(r'<td data-color="(\w+)"><abbr title="([^"]+)">(\S+)</abbr>', row[1]) == [
        ("success", "Came with all", "C"), ("danger", "Missed", "M"), ("info", "To come: nobody is signed up", "T!"),
    ]  # fmt: skip
    assert "2 municipalities and 3 gatherings. Came with all: 1, Missed: 3, To come: 2." in page
    assert "1 of 2" in plain(row[1])


def test_the_overview_is_narrowed_by_how_they_stand(adviser: FlaskClient, promised: Obligation) -> None:
    def shown(query: str) -> list[str]:
        page = adviser.get(f"{MATRIX}?{query}").text
        return re.findall(r'<tr><th scope="row"><a[^>]*>([^<]+)</a>', page)

    assert shown("") == ["Bø (Telemark)", "Oslo"]
    assert shown("sort=missing") == ["Oslo", "Bø (Telemark)"]
    assert shown("standing=met") == ["Bø (Telemark)"]
    assert shown("standing=broken") == ["Oslo"]
    assert shown("cohort=pulje-i") == []


def test_an_adviser_of_a_network_sees_its_own_members_and_a_stranger_nothing(
    stranger: FlaskClient, world: World, promised: Obligation
) -> None:
    assert stranger.get(MATRIX).status_code == 404
    with transaction() as session:
        network = programmes.add_network(session, programme_id=promised.programme_id, slug="sor", name="Sør")
        network.organiser_id = world.unio
        programmes.place_in_network(
            session, network_id=network.id, organisation_id=world.municipalities["0821"], from_on=date(2008, 1, 1)
        )
    page = stranger.get(MATRIX).text
    assert "Bø (Telemark)" in page
    assert ">Oslo<" not in page
    assert stranger.get(f"{MATRIX}/{world.municipalities['0821']}").status_code == 200
    assert stranger.get(f"{MATRIX}/{world.municipalities['0301']}").status_code == 404
    assert stranger.get(f"/manage/obligations/{promised.public_id}/edit").status_code == 404


def test_as_many_statements_for_fifty_as_for_two(adviser: FlaskClient, world: World, promised: Obligation) -> None:
    adviser.get(MATRIX)
    with counted(db.engine) as few:
        adviser.get(MATRIX)
    with transaction() as session:
        for number in range(48):
            one = rows.add_organisation(session, f"Ny {number}")
            programmes.place_in_cohort(
                session, cohort_id=world.cohorts[2], organisation_id=one.id, from_on=date(2008, 1, 1)
            )
    with counted(db.engine) as many:
        assert adviser.get(MATRIX).text.count("Ny 4") >= 8
    assert len(many) == len(few)


def test_the_files_say_the_same_in_words_and_nothing_in_them_runs(adviser: FlaskClient, promised: Obligation) -> None:
    text = adviser.get(f"{MATRIX}.csv?lang=en").data.decode("utf-8-sig")
    assert text.splitlines()[1] == (
        '"Bø (Telemark)";"Came with all";"Missed";"To come: nobody is signed up";"1 of 2";"Can be kept"'
    )
    assert adviser.get(f"{MATRIX}.xlsx").data[:2] == b"PK"
    pdf = pypdf.PdfReader(io.BytesIO(adviser.get(f"{MATRIX}.pdf").data))
    assert len(pdf.pages) == 1


def test_a_contact_asks_to_be_excused_and_reads_the_answer(
    app: Flask, adviser: FlaskClient, world: World, promised: Obligation
) -> None:
    page, contact = contact_of(world, "0821"), app.test_client()
    text = contact.get(f"{page}?lang=en").text
    assert "What we have promised" in text
    assert "1 of 2: Can be kept" in plain(text)
    assert ("Last chance" in text, "15–16 September 2008" in text) == (True, True)
    slug = re.findall(r"excuses/new\?event=(event-\d+)", text.split('id="promised"')[1])[0]
    empty = contact.post(f"{page}/excuses", data={"event": slug, "words": " "})
    assert (empty.status_code, "words-error" in empty.text) == (422, True)
    for _time in range(2):
        contact.post(f"{page}/excuses", data={"event": slug, "words": "Budsjettet <behandles>"})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Excuse)) == 1
    assert "1 excuse is asked for" in adviser.get("/manage/?lang=en").text
    asked = adviser.get("/manage/excuses").text
    assert "Budsjettet &lt;behandles&gt;" in asked
    public_id = db.session.scalars(sa.select(Excuse.public_id)).one()
    assert adviser.post(f"/manage/excuses/{public_id}", data={"decision": "granted"}).status_code == 422
    given = {"decision": "granted", f"why-{public_id}": "Det er i orden."}
    assert adviser.post(f"/manage/excuses/{public_id}", data=given).status_code == 303
    assert "1 of 1: Kept" in plain(contact.get(f"{page}?lang=en").text)
    assert "Det er i orden." in contact.get(page).text
    withdrawn = contact.post(f"{page}/excuses/{public_id}/withdrawal")
    assert withdrawn.status_code == 303
    db.session.rollback()
    (stands,) = list_cells(db.session(), list_obligations(db.session()), on=TODAY)
    assert tell(stands, world, "0821") == ["met", "missed", "excused"]


def contact_of(world: World, number: str) -> str:
    """The page of a new contact of a municipality."""
    with transaction() as session:
        organisation = session.get_one(Organisation, world.municipalities[number])
        contact = positions.add_contact(
            session, organisation, name="Kontakten", email="kontakt@kommune.example", on=NOW.date(), now=NOW
        )
        session.flush()
        return f"/organisations/{number}/contacts/{position_token(contact)}"


def test_an_excuse_is_answered_by_the_events_own_organiser_alone(
    stranger: FlaskClient, adviser: FlaskClient, world: World, promised: Obligation
) -> None:
    member = f"{MATRIX}/{world.municipalities['0301']}"
    page = adviser.get(member).text
    (slug,) = re.findall(r'<option value="(event-\d+)"[^>]*>Høstseminaret', page)
    assert adviser.post(f"{member}/excuses", data={"event": slug}).status_code == 422
    assert adviser.post(f"{member}/excuses", data={"event": slug, "why": "Kommunevalg"}).status_code == 303
    public_id = db.session.scalars(sa.select(Excuse.public_id)).one()
    answer = stranger.post(f"/manage/excuses/{public_id}", data={"decision": "refused", f"why-{public_id}": "Nei"})
    assert answer.status_code == 404
    assert "Kommunevalg" in adviser.get(member).text


def test_the_composition_tells_totals_and_no_small_number(
    adviser: FlaskClient, world: World, promised: Obligation
) -> None:
    page = plain(adviser.get("/manage/programmes/program/composition?lang=en").text)
    assert "Bø (Telemark)" not in page
    assert "Delegations fewer than five" in page
    with transaction() as session:
        run = add_gathering(session, world, date(2008, 4, 7))
        for number in range(6):
            one = rows.add_organisation(session, f"Ny {number}")
            programmes.place_in_cohort(
                session, cohort_id=world.cohorts[2], organisation_id=one.id, from_on=date(2008, 1, 1)
            )
            world.municipalities[f"ny-{number}"] = one.id
            come(session, world, run, f"ny-{number}", sides=SIDES[:2])
    page = plain(adviser.get("/manage/programmes/program/composition?lang=en").text)
    assert "Delegations 7 With all three sides fewer than five" in page


def test_what_was_written_about_an_excuse_goes_two_years_after_the_event(world: World, promised: Obligation) -> None:
    with transaction() as session:
        run = add_gathering(session, world, date(2008, 4, 7))
        event = session.get_one(Event, run.event_id)
        grant_excuse(session, event, world.municipalities["0821"], why="Sykdom", account_id=None, now=NOW)
        assert erase_excuses(session, before=date(2008, 4, 8)) == 0
        assert erase_excuses(session, before=date(2008, 4, 9)) == 1
        session.expire_all()
        kept = session.scalars(sa.select(Excuse)).one()
        assert (kept.state, kept.words, kept.why) == (ExcuseState.GRANTED, "", "")
