"""A confederation's pages of representatives: taken in by an owner, names by a POST that is noted, nothing for others."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Representative
from eventsys.programmes.models import Programme, ProgrammeGrant
from tests.accounts.people import add_account, sign_in
from tests.registrations.test_me import words_of
from tests.statements import counted
from tests.workspace.lists import read_check, send, told, workbook
from tests.world import NOW, World

CHECK, SAVE = "/manage/representatives/import/check", "/manage/representatives/import"
LIST = """Navn;E-post;Forbund;Kommune
Kari Dal;kari@forbund.example;Forskerforbundet;Oslo
Ola Haug;ola@forbund.example;Utdanningsforbundet;0821
"""
DAY = {"erase_on": "31.12.2009"}


@pytest.fixture
def unio(app: Flask, world: World) -> FlaskClient:
    """A browser of an owner of the confederation."""
    client = app.test_client()
    sign_in(client, add_account("owner@unio.example", world.unio, role=MemberRole.OWNER))
    return client


@pytest.fixture
def taken(unio: FlaskClient) -> FlaskClient:
    assert "2 new" in told(send(unio, SAVE, text=LIST, **DAY), unio)
    return unio


def rows() -> list[tuple[str, date, date | None]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(Representative).order_by(Representative.id))
    return [(row.name, row.erase_on, row.to_on) for row in found]


def reads() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(LogEntry.id)).where(LogEntry.verb == "read")) or 0


def test_a_list_is_looked_at_taken_in_and_kept_longer_when_it_comes_again(unio: FlaskClient, world: World) -> None:
    assert [line[1:] for line in read_check(send(unio, CHECK, text=LIST, **DAY))] == [
        ["New", "Kari Dal", "kari@forbund.example", "Forskerforbundet", "Oslo"],
        ["New", "Ola Haug", "ola@forbund.example", "Utdanningsforbundet", "Bø (Telemark)"],
    ]
    assert rows() == []
    send(unio, SAVE, text=LIST, **DAY)
    assert rows() == [("Kari Dal", date(2009, 12, 31), None), ("Ola Haug", date(2009, 12, 31), None)]
    assert "0 new, 0 changed, 2 as they were" in told(send(unio, SAVE, text=LIST, erase_on="01.02.2010"), unio)
    assert {day for _name, day, _end in rows()} == {date(2010, 2, 1)}


def test_a_workbook_of_one_union_needs_no_column_for_it(unio: FlaskClient, world: World) -> None:
    file = workbook(["Navn", "E-post", "Kommune"], ["Eva Dal", "eva@forbund.example", "0301"])
    (line,) = read_check(send(unio, CHECK, file=file, union="utdanningsforbundet", **DAY))
    assert line[1:] == ["New", "Eva Dal", "eva@forbund.example", "Utdanningsforbundet", "Oslo"]


def test_each_wrong_line_is_told(unio: FlaskClient, world: World) -> None:
    lines = [
        "Navn;E-post;Forbund;Kommune",
        ";kari@x.example;Forskerforbundet;",
        "Kari;kari;Forskerforbundet;",
        "Kari;kari@x.example;;",
        "Kari;kari@x.example;Bakerforbundet;",
        "Kari;kari@x.example;Forskerforbundet;Bø",
        "Kari;kari@x.example;Forskerforbundet;",
        "KARI;KARI@x.example;forskerforbundet;",
    ]
    found = read_check(send(unio, CHECK, text="\n".join(lines), **DAY))
    assert {line[0]: line[1].removeprefix("Must be mended ") for line in found} == {
        "2": "The name is missing",
        "3": "«kari» is no e-mail address",
        "4": "The union is missing",
        "5": "«Bakerforbundet» is none of your unions",
        "6": "Several are meant: Bø (Nordland), Bø (Telemark)",
        "7": "New",
        "8": "The same as line 7",
    }
    assert send(unio, SAVE, text="\n".join(lines), **DAY).status_code == 422
    assert rows() == []


@pytest.mark.parametrize("day", ["", "18.08.2008", "19.08.2010", "snart"])
def test_the_day_of_erasure_lies_ahead_and_within_two_years(unio: FlaskClient, world: World, day: str) -> None:
    for address in (CHECK, SAVE):
        answer = send(unio, address, text=LIST, erase_on=day)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, 'id="erase_on-error"' in page, "Kari Dal" in page) == (422, True, True)
    assert rows() == []


def test_a_list_is_kept_until_the_programme_ends_where_nothing_else_is_said(unio: FlaskClient, world: World) -> None:
    def offered() -> str:
        page = unio.get("/manage/representatives/import").get_data(as_text=True)
        return page.split('name="erase_on"')[1].split('value="')[1].split('"')[0]

    programme = sa.update(Programme).where(Programme.organiser_id == world.secretariat)
    with transaction() as session:
        session.execute(programme.values(ends_on=date(2009, 6, 30)))
    assert offered() == "18.08.2009"
    with transaction() as session:
        (number,) = session.scalars(sa.select(Programme.id))
        session.add(ProgrammeGrant(programme_id=number, organiser_id=world.unio, granted_at=NOW))
    assert offered() == "30.06.2009"
    for ends_on, kept_until in ((date(2015, 1, 1), "18.08.2010"), (date(2008, 8, 18), "18.08.2009")):
        with transaction() as session:
            session.execute(programme.values(ends_on=ends_on))
        assert offered() == kept_until


def test_the_page_counts_and_names_come_by_a_post_that_is_noted(taken: FlaskClient) -> None:
    page = words_of(taken.get("/manage/representatives").get_data(as_text=True))
    assert ("Forskerforbundet 1 31 December 2009" in page, "Kari Dal" in page, reads()) == (True, False, 0)
    page = words_of(
        taken.post("/manage/representatives/reading", data={"union": "forskerforbundet"}).get_data(as_text=True)
    )
    assert ("Kari Dal kari@forbund.example Forskerforbundet Oslo" in page, "Ola Haug" in page, reads()) == (
        True,
        False,
        1,
    )
    page = taken.post("/manage/representatives/reading", data={"union": "", "q": "bø"}).get_data(as_text=True)
    assert ("Ola Haug" in page, "Kari Dal" in page, reads()) == (True, False, 2)


def test_another_organiser_sees_takes_in_ends_and_erases_nothing(
    adviser: FlaskClient, app: Flask, taken: FlaskClient, world: World
) -> None:
    owner = app.test_client()
    sign_in(owner, add_account("owner@program.example", world.secretariat, role=MemberRole.OWNER))
    number = db.session.scalars(sa.select(Representative.public_id)).first()
    before = rows()
    for client in (adviser, owner):
        page = client.get("/manage/representatives").get_data(as_text=True)
        assert ("This is for unions and their confederations" in page, "Forskerforbundet" in page) == (True, False)
        read = client.post("/manage/representatives/reading", data={"union": "forskerforbundet"})
        assert "Kari Dal" not in read.get_data(as_text=True)
        assert client.post(f"/manage/representatives/{number}/end").status_code == 404
        people = client.get("/manage/people?q=kari").get_data(as_text=True)
        assert "kari@forbund.example" not in people
    assert send(owner, SAVE, text=LIST, **DAY).status_code == 422
    assert owner.get("/manage/representatives/erasure/forskerforbundet").status_code == 404
    assert owner.post("/manage/representatives/erasure/forskerforbundet").status_code == 404
    assert rows() == before


def test_an_organiser_of_the_confederation_reads_but_takes_nothing_in(
    app: Flask, taken: FlaskClient, world: World
) -> None:
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    assert "Kari Dal" in client.post("/manage/representatives/reading", data={"q": ""}).get_data(as_text=True)
    assert [client.get(SAVE).status_code, send(client, SAVE, text=LIST, **DAY).status_code] == [403, 403]


def test_one_who_is_so_no_more_is_gone_from_the_list_and_soon_forgotten(taken: FlaskClient) -> None:
    number = db.session.scalars(sa.select(Representative.public_id).order_by(Representative.id)).first()
    for _time in range(2):
        assert taken.post(f"/manage/representatives/{number}/end").status_code == 303
    assert rows()[0] == ("Kari Dal", date(2008, 9, 17), date(2008, 8, 18))
    assert "Kari Dal" not in taken.post("/manage/representatives/reading", data={"q": ""}).get_data(as_text=True)


def test_a_union_is_erased_after_a_question(taken: FlaskClient) -> None:
    address = "/manage/representatives/erasure/forskerforbundet"
    assert "1 representative is erased at once" in taken.get(address).get_data(as_text=True)
    for _time in range(2):
        assert taken.post(address).status_code == 303
    assert [name for name, _day, _end in rows()] == ["Ola Haug"]


def test_a_page_of_names_costs_as_many_statements_for_fifty_as_for_one(unio: FlaskClient, world: World) -> None:
    def count() -> int:
        with counted(db.engine) as sent:
            unio.post("/manage/representatives/reading", data={"q": ""})
        return len(sent)

    send(unio, SAVE, text="Kari Dal;kari@forbund.example;Forskerforbundet;Oslo", **DAY)
    one = count()
    lines = [f"Kari {number};kari{number}@forbund.example;Forskerforbundet;Oslo" for number in range(50)]
    send(unio, SAVE, text="\n".join(lines), **DAY)
    assert count() == one
