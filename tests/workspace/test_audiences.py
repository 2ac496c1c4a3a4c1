"""Audiences on the organisers' pages: ticked, looked at, saved, changed and taken away."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.audiences import actions
from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.rules import Clause
from eventsys.extensions import db, transaction
from tests.accounts.people import add_account, sign_in
from tests.audiences.given import (
    add_group,
    add_member,
    add_position,
    add_representative,
    all_of,
    cohort,
)
from tests.statements import counted
from tests.world import NOW, World


def save(world: World, name: str, *clauses: Clause, organiser_id: int | None = None) -> uuid.UUID:
    with transaction() as session:
        row = actions.save(
            session, organiser_id=organiser_id or world.secretariat, name=name, clauses=clauses, account_id=None,
            now=NOW,
        )  # fmt: skip
        return row.public_id


def ticks(world: World, **more: Any) -> dict[str, Any]:
    """Project leaders of cohort II."""
    return {"parts": "1", "c0-cohort": str(world.cohorts[2]), "c0-role": "project_leader", "c0-reach": "people", **more}


def kept() -> list[tuple[str, list[dict[str, Any]]]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(AudienceRecord.name, AudienceRecord.clauses).order_by(AudienceRecord.id))
    return [(name, clauses) for name, clauses in rows]


def logged() -> list[tuple[str, str, str]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id))
    return [(row.verb.value, row.object, row.name) for row in rows]


LEADERS = "Prosjektledere, pulje II"


def test_the_first_audience_is_made_from_an_empty_page(adviser: FlaskClient, world: World) -> None:
    assert "/manage/audiences/new" in adviser.get("/manage/audiences").text.split("<main")[1]
    add_position(world, "Anne", "0821")
    answer = adviser.post("/manage/audiences", data={**ticks(world), "name": LEADERS, "do": "save"})
    page = adviser.get(answer.location)
    assert (answer.status_code, LEADERS in page.text, "Anne" in page.text) == (303, True, True)
    conditions = [{"kind": "cohort", "ids": [world.cohorts[2]]}, {"kind": "role", "words": ["project_leader"]}]
    assert kept() == [(LEADERS, [{"conditions": conditions}])]
    assert logged() == [("added", "audience", LEADERS)]
    assert LEADERS in adviser.get("/manage/audiences").text


def test_looking_writes_nothing_and_shows_why_each_is_in_it(adviser: FlaskClient, world: World) -> None:
    add_position(world, "Anne", "0821")
    page = adviser.post("/manage/audiences", data={**ticks(world), "do": "look"})
    assert (page.status_code, kept(), logged()) == (200, [], [])
    for text in ("Anne", "Bø (Telemark)", "checked"):
        assert text in page.text
    count = adviser.post("/manage/audiences/count", data=ticks(world))
    assert (count.status_code, "1" in count.text) == (200, True)


def test_another_part_and_one_less_keep_the_ticks(adviser: FlaskClient, world: World) -> None:
    two = adviser.post("/manage/audiences", data={**ticks(world), "do": "more"}).text
    assert (two.count("audience-part"), 'value="2"' in two) == (2, True)
    typed = {**ticks(world, parts="2"), "c1-role": "contact", "c1-reach": "people", "do": "remove-0"}
    one = adviser.post("/manage/audiences", data=typed).text
    ticked = re.findall(r'name="(c0-[a-z-]+)" value="([^"]+)"[^>]* checked', one)
    assert (one.count("audience-part"), ticked) == (1, [("c0-role", "contact"), ("c0-reach", "people")])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"c0-cohort": "", "c0-role": ""}, "c0-cohort"),
        ({"name": ""}, "name"),
        ({"c0-group": "", "c0-reach": "mailboxes"}, "c0-reach"),
        ({"c0-organisations": "Bø"}, "c0-organisations"),
        ({"c0-people": "nobody@kommune.example"}, "c0-people"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_ticks_stay(
    adviser: FlaskClient, world: World, wrong: dict[str, str], field: str
) -> None:
    typed = {**ticks(world), "name": LEADERS, "do": "save", **wrong}
    page = adviser.post("/manage/audiences", data={key: value for key, value in typed.items() if value})
    assert (page.status_code, f'href="#{field}"' in page.text, kept()) == (422, True, [])


def test_organisations_and_people_are_named_by_lines_and_come_back_as_ticks(adviser: FlaskClient, world: World) -> None:
    anne = add_position(world, "Anne", "0821")
    typed = {
        "parts": "1", "c0-organisations": "0301\nKarasjok", "c0-people": "anne@kommune.example", "name": "Noen",
        "do": "save",
    }  # fmt: skip
    answer = adviser.post("/manage/audiences", data=typed)
    conditions = [
        {"kind": "organisation", "ids": [world.municipalities["0301"], world.municipalities["2021"]]},
        {"kind": "person", "ids": [anne]},
    ]
    assert kept() == [("Noen", [{"conditions": conditions}])]
    form = adviser.get(f"{answer.location}/edit").text
    ticked = re.findall(r'name="c0-(organisation|person)" value="(\d+)"[^>]* checked', form)
    assert ticked == [
        ("organisation", str(world.municipalities["0301"])),
        ("organisation", str(world.municipalities["2021"])),
        ("person", str(anne)),
    ]


def test_what_another_organiser_has_cannot_be_ticked(adviser: FlaskClient, world: World) -> None:
    group_id = add_group(world, organiser_id=world.unio)
    typed = {"parts": "1", "c0-group": str(group_id), "c0-union": str(world.unions[0]), "name": "X", "do": "save"}
    assert (adviser.post("/manage/audiences", data=typed).status_code, kept()) == (422, [])


def test_a_change_is_logged_with_what_from_and_to(adviser: FlaskClient, world: World) -> None:
    public_id = save(world, LEADERS, all_of(cohort(world, 2)))
    path = f"/manage/audiences/{public_id}"
    revised = re.search(r'name="revised" value="([^"]+)"', adviser.get(f"{path}/edit").text)
    assert revised is not None
    typed = {**ticks(world), "name": LEADERS, "do": "save", "revised": revised[1]}
    assert adviser.post(path, data=typed).status_code == 303
    entry = db.session.scalars(sa.select(LogEntry)).one()
    assert entry.facts == {"clauses": {"from": "Pulje II", "to": "Pulje II, project leaders"}}
    late = adviser.post(path, data={**typed, "name": "Sent"})
    assert (late.status_code, kept()[0][0]) == (422, LEADERS)


def test_two_audiences_never_have_one_name(adviser: FlaskClient, world: World) -> None:
    save(world, LEADERS, all_of(cohort(world, 2)))
    answer = adviser.post("/manage/audiences", data={**ticks(world), "name": LEADERS, "do": "save"})
    assert (answer.status_code, len(kept())) == (422, 1)


def test_taking_one_away_asks_first_and_happens_once(adviser: FlaskClient, world: World) -> None:
    path = f"/manage/audiences/{save(world, LEADERS, all_of(cohort(world, 2)))}/removal"
    assert (adviser.get(path).status_code, len(kept())) == (200, 1)
    assert [adviser.post(path).status_code for _ in range(2)] == [303, 404]
    assert (kept(), logged()) == ([], [("removed", "audience", LEADERS)])


def test_anothers_audience_is_not_there(adviser: FlaskClient, world: World) -> None:
    path = f"/manage/audiences/{save(world, 'Unios', all_of(cohort(world, 2)), organiser_id=world.unio)}"
    statuses = [adviser.get(f"{path}{end}").status_code for end in ("", "/edit", "/removal")]
    statuses += [adviser.post(f"{path}{end}", data=ticks(world)).status_code for end in ("", "/removal", "/reading")]
    assert statuses == [404] * 6


def test_names_of_representatives_take_a_post_that_is_noted(client: FlaskClient, world: World) -> None:
    sign_in(client, add_account("unio@unio.example", world.unio))
    add_representative(world, "Rita", 0, "0821")
    typed = {"parts": "1", "c0-union": str(world.unions[0]), "name": "Tillitsvalgte", "do": "save"}
    path = client.post("/manage/audiences", data=typed).location
    closed = client.get(path).text
    assert ("Rita" in closed, logged()) == (False, [("added", "audience", "Tillitsvalgte")])
    opened = client.post(f"{path}/reading").text
    assert ("Rita" in opened, logged()[1:]) == (True, [("read", "representative", "Tillitsvalgte")])
    looked = client.post("/manage/audiences", data={**typed, "do": "look"}).text
    assert ("Rita" in looked, len(logged())) == (True, 3)


def test_a_reader_sees_audiences_and_changes_none(client: FlaskClient, world: World) -> None:
    sign_in(client, add_account("leser@program.example", world.secretariat, role=MemberRole.READER))
    path = f"/manage/audiences/{save(world, LEADERS, all_of(cohort(world, 2)))}"
    seen = [client.get(one).status_code for one in ("/manage/audiences", path, f"{path}/edit", "/manage/audiences/new")]
    assert (seen, client.post(f"{path}/removal").status_code) == ([200, 200, 403, 403], 403)


def test_the_list_and_one_page_take_the_same_statements_with_one_row_and_fifty(
    app: Flask, adviser: FlaskClient, world: World
) -> None:
    group_id = add_group(world)
    add_member(group_id, "Gro")
    clause = all_of(cohort(world, 2))
    path = f"/manage/audiences/{save(world, LEADERS, clause)}"
    add_position(world, "Person", "0821")

    def count() -> list[int]:
        found = []
        for one in ("/manage/audiences", path):
            with counted(db.engine) as sent:
                assert adviser.get(one).status_code == 200
            found.append(len(sent))
        return found

    few = count()
    for number in range(50):
        save(world, f"Utvalg {number}", clause)
        add_position(world, f"Person {number}", "0821")
    assert count() == few


@pytest.mark.parametrize("number", ["1" * 5000, "12345678901", "²", "-1", "0"])
def test_a_number_that_is_no_ones_is_no_tick(adviser: FlaskClient, world: World, number: str) -> None:
    typed = {"parts": "1", "c0-organisation": number, "c0-person": number, "do": "look"}
    assert adviser.post("/manage/audiences", data=typed).status_code == 422


def test_without_a_programme_it_is_said_how_cohorts_come_to_be_there(
    app: Flask, adviser: FlaskClient, world: World
) -> None:
    other = app.test_client()
    sign_in(other, add_account("other@unio.example", world.unio))
    said = "can be ticked here once its organiser has let you in"
    assert [said in client.get("/manage/audiences/new").text for client in (adviser, other)] == [False, True]
