"""Standing groups on the organisers' pages, and who is in them from when to when."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.extensions import db
from eventsys.programmes.models import Group, GroupMembership, Programme
from tests.accounts.people import add_account, sign_in
from tests.registrations.test_me import words_of
from tests.statements import counted
from tests.world import World

GROUP = "/manage/groups/styringsgruppa"
KARI = {"name": "Kari Fjell", "email": "kari@oslo.example", "organisation": "0301", "from_on": "01.01.2008"}


@pytest.fixture
def group(adviser: FlaskClient) -> FlaskClient:
    answer = adviser.post("/manage/groups", data={"name_nb": "Styringsgruppa", "name_nn": "Styringsgruppa"})
    assert (answer.status_code, answer.location) == (303, GROUP)
    return adviser


def read(client: FlaskClient, address: str = GROUP) -> str:
    return words_of(client.get(address).get_data(as_text=True))


def members() -> list[tuple[str, date, date | None]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(GroupMembership).order_by(GroupMembership.id))
    return [(row.name, row.from_on, row.to_on) for row in rows]


def test_without_groups_the_page_says_what_they_are_for(adviser: FlaskClient, world: World) -> None:
    assert "No groups yet" in read(adviser, "/manage/groups")


def test_a_group_needs_a_name_of_its_own(group: FlaskClient) -> None:
    for name in ("", "Styringsgruppa"):
        answer = group.post("/manage/groups", data={"name_nb": name, "name_nn": name})
        assert (answer.status_code, 'id="name_nb-error"' in answer.get_data(as_text=True)) == (422, True)
    assert group.post("/manage/groups", data={"name_nb": "Styringsgruppa", "name_en": "Board"}).location == f"{GROUP}-2"
    assert len(db.session.scalars(sa.select(Group)).all()) == 2


def test_somebody_is_in_the_group_once_however_often_they_are_added(group: FlaskClient) -> None:
    for _time in range(2):
        assert group.post(f"{GROUP}/members", data=KARI).status_code == 303
    assert members() == [("Kari Fjell", date(2008, 1, 1), None)]
    page = read(group)
    assert ("1 member " in page, "Kari Fjell kari@oslo.example Oslo from 1 January 2008" in page) == (True, True)
    assert "Styringsgruppa Other group – 1" in read(group, "/manage/groups")


@pytest.mark.parametrize(
    ("field", "typed"), [("name", ""), ("email", "kari"), ("organisation", "Bø"), ("to_on", "31.12.2007")]
)
def test_a_member_that_is_not_complete_is_refused_beside_the_field(group: FlaskClient, field: str, typed: str) -> None:
    answer = group.post(f"{GROUP}/members", data={**KARI, field: typed})
    assert (answer.status_code, f'id="{field}-error"' in answer.get_data(as_text=True), members()) == (422, True, [])


def test_who_is_taken_out_was_there_until_yesterday_and_may_come_back(group: FlaskClient) -> None:
    group.post(f"{GROUP}/members", data=KARI)
    number = db.session.scalars(sa.select(GroupMembership.public_id)).one()
    for _time in range(2):
        assert group.post(f"{GROUP}/members/{number}/end").status_code == 303
    assert members() == [("Kari Fjell", date(2008, 1, 1), date(2008, 8, 17))]
    assert "1 earlier" in read(group)
    group.post(f"{GROUP}/members", data={**KARI, "from_on": ""})
    assert members()[1:] == [("Kari Fjell", date(2008, 8, 18), None)]


def test_the_programme_that_a_group_belongs_to_is_chosen_when_it_is_made(adviser: FlaskClient, world: World) -> None:
    adviser.post("/manage/groups", data={"name_nb": "Arbeidsgruppa", "programme": "program"})
    adviser.post("/manage/groups", data={"name_nb": "For seg selv", "programme": "another"})
    db.session.rollback()
    rows = [(row.slug, row.programme_id) for row in db.session.scalars(sa.select(Group).order_by(Group.id))]
    programme = db.session.scalars(sa.select(Programme.id)).one()
    assert rows == [("arbeidsgruppa", programme), ("for-seg-selv", None)]
    assert "Arbeidsgruppa Other group Programmet 0" in read(adviser, "/manage/groups")
    assert "Arbeidsgruppa" in read(adviser, "/manage/programmes/program")


def test_a_new_name_keeps_the_address_and_is_in_the_log(group: FlaskClient) -> None:
    assert group.post(GROUP, data={"name_nb": "Den administrative styringsgruppa"}).status_code == 303
    assert "Den administrative styringsgruppa" in read(group)
    db.session.rollback()
    rows = [(row.verb.value, row.object, row.key) for row in db.session.scalars(sa.select(LogEntry))]
    assert rows == [("added", "group", "styringsgruppa"), ("changed", "group", "styringsgruppa")]


def test_another_organisers_group_is_not_there(app: Flask, group: FlaskClient, world: World) -> None:
    group.post(f"{GROUP}/members", data=KARI)
    number = db.session.scalars(sa.select(GroupMembership.public_id)).one()
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    answers = [
        client.get(GROUP), client.post(GROUP, data={"name_nb": "x"}), client.post(f"{GROUP}/members", data=KARI),
        client.post(f"{GROUP}/members/{number}/end"),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [404] * 4
    assert members() == [("Kari Fjell", date(2008, 1, 1), None)]


def test_fifty_members_cost_as_many_statements_as_one(group: FlaskClient) -> None:
    def count() -> int:
        with counted(db.engine) as sent:
            read(group)
        return len(sent)

    group.post(f"{GROUP}/members", data=KARI)
    one = count()
    for number in range(50):
        group.post(f"{GROUP}/members", data={"name": f"Ola {number}", "email": f"ola{number}@stat.example"})
    assert count() == one
