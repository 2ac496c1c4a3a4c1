"""People find their municipality by what they type, with or without its letters."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.organisations.actions import add, find_or_add_person, import_municipalities
from eventsys.organisations.imports import read_municipalities
from eventsys.organisations.models import Organisation, Person
from eventsys.organisations.queries import find_by_label, find_organisation, list_unions, suggest
from eventsys.organisations.rules import OrganisationKind
from tests.organisations.test_import import OFFICIAL

NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)
KARASJOK = ["Kárásjohka - Karasjok"]
HA = ["Hå", "Hadsel", "Halden", "Halsa", "Hamar", "Hamarøy", "Hammerfest", "Haram", "Hareid", "Harstad", "Hasvik",
      "Hattfjelldal"]  # fmt: skip


@pytest.fixture
def official(app: Flask) -> Flask:
    with transaction() as session:
        import_municipalities(session, read_municipalities(OFFICIAL.read_bytes())[0])
    return app


def test_what_people_type_finds_what_they_mean(official: Flask) -> None:
    table = {
        "Bø (Telemark)": ["Bø (Telemark)"],
        "bø (TELEMARK)": ["Bø (Telemark)"],
        "bø telemark": ["Bø (Telemark)"],
        "bø": ["Bø (Nordland)", "Bø (Telemark)", "Bømlo", "Bodø", "Bokn"],
        "bo": ["Bodø", "Bokn", "Bø (Nordland)", "Bø (Telemark)", "Bømlo"],
        "0821": ["Bø (Telemark)"],
        "karasjok": KARASJOK,
        "Kárášjohka": KARASJOK,
        "karasjohka karasjok": KARASJOK,
        "hå": ["Hå"],
        "Haa": ["Hå"],
        "ha": [*HA[1:], "Haugesund"],
        "våler østfold": ["Våler (Østfold)"],
        "vaaler oestfold": ["Våler (Østfold)"],
        "våler": ["Våler (Hedmark)", "Våler (Østfold)"],
        "aurskog": ["Aurskog-Høland"],
        "høland": ["Aurskog-Høland"],
        "hø": ["Høyanger", "Høylandet", "Hobøl", "Hof", "Hol", "Hole", "Holmestrand", "Holtålen", "Hornindal", "Horten",
               "Aurskog-Høland", "Evje og Hornnes"],
        "oslo": ["Oslo"],
        "nowhere": [],
        "": [],
        " %_*' ": [],
        "\0": [],
    }  # fmt: skip
    found = {text: [o.label for o in find_by_label(db.session(), text)] for text in table}
    assert found == table


def test_suggestions_are_the_best_few(official: Flask) -> None:
    assert [s.label for s in suggest(db.session(), "hå", limit=3)] == HA[:3]
    assert [(s.label, s.number) for s in suggest(db.session(), "082", limit=2)] == [
        ("Bø (Telemark)", "0821"), ("Hjartdal", "0827"),
    ]  # fmt: skip


def test_what_has_ended_is_not_offered(official: Flask) -> None:
    with transaction() as session:
        session.execute(sa.update(Organisation).filter_by(number="0821").values(valid_to=date(2008, 12, 31)))
    assert ([o.number for o in find_by_label(db.session(), "bø")][:2], find_organisation(db.session(), "0821")) == (
        ["1867", "1219"], None,
    )  # fmt: skip


def test_a_confederation_lists_its_unions_in_norwegian_order(app: Flask) -> None:
    with transaction() as session:
        confederation = add(session, kind=OrganisationKind.CONFEDERATION, name="Hovedorganisasjonen")
        for name in ("Ågård forbund", "Zoologforbundet", "Ærlige forbund"):
            add(session, kind=OrganisationKind.UNION, name=name, parent_id=confederation.id)
        add(session, kind=OrganisationKind.UNION, name="Et annet forbund")
    assert [union.name for union in list_unions(db.session(), confederation.id)] == [
        "Zoologforbundet", "Ærlige forbund", "Ågård forbund",
    ]  # fmt: skip


def test_a_person_is_an_address_and_a_name_however_they_are_typed(app: Flask) -> None:
    with transaction() as session:
        first = find_or_add_person(session, email="Post@Bø.example", name="Kari  Myrtun", now=NOW)
        same = find_or_add_person(session, email="post@bø.EXAMPLE", name="kari myrtun", now=NOW)
        other = find_or_add_person(session, email="post@bø.example", name="Ola Myrtun", now=NOW)
    people = db.session.execute(sa.select(Person.id, Person.email_key, Person.name_key).order_by(Person.id)).all()
    assert (same, [tuple(row) for row in people]) == (
        first, [(first, "post@xn--b-5ga.example", "kari myrtun"), (other, "post@xn--b-5ga.example", "ola myrtun")],
    )  # fmt: skip


def test_the_fragment_holds_options_that_are_escaped(official: Flask, client: FlaskClient) -> None:
    with transaction() as session:
        add(session, kind=OrganisationKind.UNION, name='Forbundet <b>"A"</b>')
    bo = client.get("/organisations/suggestions?q=bø telemark")
    union = client.get("/organisations/suggestions?kind=union&q=forbundet")
    assert (bo.text.strip(), union.text.strip(), bo.headers["Cache-Control"]) == (
        '<li role="option" data-value="Bø (Telemark)" id="suggestion-0821">Bø (Telemark)</li>',
        '<li role="option" data-value="Forbundet &lt;b&gt;&#34;A&#34;&lt;/b&gt;" id="suggestion-1">'
        "Forbundet &lt;b&gt;&#34;A&#34;&lt;/b&gt;</li>",
        "private, no-cache",
    )
    assert client.get("/organisations/suggestions?kind=planet&q=a").status_code == 404
