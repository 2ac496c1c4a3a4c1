"""Who answers for an event, and who else may arrange for a programme."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.events.models import EventChange, EventClause, EventContact
from eventsys.extensions import db, transaction
from eventsys.programmes.models import Group, ProgrammeGrant
from tests.accounts.people import add_account, sign_in
from tests.world import World

SEMINAR = "/manage/events/laeringsseminar-2-pulje-ii"
PUBLIC = "/events/laeringsseminar-2-pulje-ii"
CONTACTS = f"{SEMINAR}/contacts"
NEW = {"title_nb": "Samling", "type": "meeting", "precision-0": "unknown"}


def kept() -> list[tuple[str, str, str, bool, bool]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(EventContact).order_by(EventContact.position))
    return [(row.name, row.email, row.phone, row.is_public, row.account_id is not None) for row in rows]


def test_a_colleague_and_somebody_else_answer_for_it_in_order(
    adviser: FlaskClient, client: FlaskClient, world: World
) -> None:
    kari = add_account("kari@program.example", world.secretariat, name="Kari Nordmann")
    data = {
        "rows": "3", "account-0": str(kari.id), "public-0": "1", "name-1": "Ola Vert", "email-1": "ola@hotell.example",
        "phone-1": "00 00 00 01", "name-2": "",
    }  # fmt: skip
    assert adviser.post(CONTACTS, data=data).status_code == 303
    assert kept() == [
        ("Kari Nordmann", "kari@program.example", "", True, True),
        ("Ola Vert", "ola@hotell.example", "00 00 00 01", False, False),
    ]
    page = client.get(PUBLIC).get_data(as_text=True)
    assert ("Kari Nordmann" in page, "Ola Vert" in page) == (True, False)
    assert "Ola Vert" in adviser.get(SEMINAR).get_data(as_text=True)
    before = db.session.scalar(sa.select(sa.func.count(EventChange.id)))
    adviser.post(CONTACTS, data=data)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(EventChange.id))) == before


def test_a_row_without_a_name_is_refused_and_an_empty_one_takes_somebody_away(adviser: FlaskClient) -> None:
    adviser.post(CONTACTS, data={"rows": "1", "name-0": "Ola Vert"})
    wrong = adviser.post(CONTACTS, data={"rows": "1", "email-0": "ola@hotell.example"})
    assert (wrong.status_code, 'href="#name-0"' in wrong.get_data(as_text=True)) == (422, True)
    bad = adviser.post(CONTACTS, data={"rows": "1", "name-0": "Ola", "email-0": "not an address"})
    assert 'href="#email-0"' in bad.get_data(as_text=True)
    assert [row[0] for row in kept()] == ["Ola Vert"]
    adviser.post(CONTACTS, data={"rows": "1", "name-0": ""})
    assert kept() == []


def test_a_colleague_of_another_organiser_is_nobody_here(adviser: FlaskClient, world: World) -> None:
    stranger = add_account("unio@unio.example", world.unio, name="Ola Unio")
    assert "Ola Unio" not in adviser.get(CONTACTS).get_data(as_text=True)
    adviser.post(CONTACTS, data={"rows": "1", "account-0": str(stranger.id)})
    assert kept() == []


def test_another_organiser_chooses_the_cohorts_of_a_programme_that_was_opened_to_it(
    app: Flask, adviser: FlaskClient, world: World
) -> None:
    worker, other = app.test_client(), app.test_client()
    sign_in(worker, add_account("medarbeider@program.example", world.secretariat))
    sign_in(other, add_account("unio@unio.example", world.unio))
    assert "cohort:pulje-ii" not in other.get("/manage/events/new/form").get_data(as_text=True)
    other.post("/manage/events", data={**NEW, "title_nb": "Uten lov", "meant": ["cohort:pulje-ii"]})
    assert worker.post("/manage/programmes/program/grants", data={"organiser": "unio"}).status_code == 403
    for _press in range(2):
        assert adviser.post("/manage/programmes/program/grants", data={"organiser": "unio"}).status_code == 303
    assert "cohort:pulje-ii" in other.get("/manage/events/new/form").get_data(as_text=True)
    other.post("/manage/events", data={**NEW, "title_nb": "Med lov", "meant": ["cohort:pulje-ii"]})
    db.session.rollback()
    newest = sa.select(EventClause.cohort_id).order_by(EventClause.id.desc())
    assert db.session.scalars(newest).first() == world.cohorts[2]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProgrammeGrant)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LogEntry)) == 1


def test_what_was_arranged_stays_when_the_programme_is_closed_again(app: Flask, world: World) -> None:
    owner, other = app.test_client(), app.test_client()
    sign_in(owner, add_account("eier@program.example", world.secretariat, role=MemberRole.OWNER))
    sign_in(other, add_account("unio@unio.example", world.unio))
    owner.post("/manage/programmes/program/grants", data={"organiser": "unio"})
    other.post("/manage/events", data={**NEW, "meant": ["cohort:pulje-ii"]})
    assert "Unio" in owner.get("/manage/programmes/program/access").get_data(as_text=True)
    assert owner.post("/manage/programmes/program/grants/withdrawal", data={"organiser": "unio"}).status_code == 303
    assert "Only you." in owner.get("/manage/programmes/program/access").get_data(as_text=True)
    other.post("/manage/events/samling-pulje-ii", data={**NEW, "title_nb": "Nytt navn"})
    db.session.rollback()
    newest = sa.select(EventClause.cohort_id).order_by(EventClause.id.desc())
    assert db.session.scalars(newest).first() == world.cohorts[2]


def test_nobody_opens_anothers_programme_nor_to_somebody_who_is_not_there(app: Flask, world: World) -> None:
    other = app.test_client()
    sign_in(other, add_account("unio@unio.example", world.unio, role=MemberRole.OWNER))
    path = "/manage/programmes/program/grants"
    assert other.post(path, data={"organiser": "sekretariatet"}).status_code == 404
    assert other.post(f"{path}/withdrawal", data={"organiser": "sekretariatet"}).status_code == 404
    sign_in(other, add_account("eier@program.example", world.secretariat, role=MemberRole.OWNER))
    assert other.post(path, data={"organiser": "nobody"}).status_code == 404


def test_an_event_is_for_a_group_or_a_single_union_of_ones_own(app: Flask, adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        session.add(Group(organiser_id=world.secretariat, slug="styret", name={"nb": "Styringsgruppa"}))
    page = adviser.get("/manage/events/new/form").get_data(as_text=True)
    assert 'value="group:styret"' in page
    assert f'value="union:{world.unions[0]}"' not in page
    adviser.post("/manage/events", data={**NEW, "group": "group:styret", "role": "politician"})
    assert "Styringsgruppa" in adviser.get("/manage/events/samling").get_data(as_text=True)
    assert 'value="group:styret" checked' in adviser.get("/manage/events/samling/edit").get_data(as_text=True)
    other = app.test_client()
    sign_in(other, add_account("unio@unio.example", world.unio))
    page = other.get("/manage/events/new/form").get_data(as_text=True)
    assert ('value="group:styret"' in page, f'value="union:{world.unions[0]}"' in page) == (False, True)
    other.post("/manage/events", data={**NEW, "title_nb": "Ett forbund", "union": f"union:{world.unions[0]}"})
    db.session.rollback()
    rows = db.session.execute(sa.select(EventClause.organisation_id, EventClause.role).order_by(EventClause.id)).all()
    assert tuple(rows[-1]) == (world.unions[0], None)
