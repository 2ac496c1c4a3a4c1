"""A municipality's contact writes projects, goals and figures; other members read what is shared, and nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.organisations.models import Position
from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.models import (
    ApplicationArea,
    ApplicationGoal,
    GoalFigure,
    Project,
    ProjectChange,
    ProjectGoal,
)
from eventsys.programmes.projects.rules import Figure
from tests.calling import add_application, add_call
from tests.programmes.projects.given import add_contact, add_goal, add_network, add_project, path_of
from tests.statements import counted
from tests.world import World

GOAL = {
    "goal": "Lavere sykefravær", "unit": "%", "direction": "down", "start_value": "9,5", "start_on": "1.1.2008",
    "target_value": "7.5", "target_on": "31.12.2010",
}  # fmt: skip


@pytest.fixture
def contact(world: World) -> Position:
    with transaction() as session:
        return add_contact(session, world)


@pytest.fixture
def base(contact: Position) -> str:
    return f"{path_of(contact)}/projects"


def read_rows(table: Any, *columns: str) -> list[Any]:
    db.session.rollback()
    found = sa.select(*(getattr(table, name) for name in columns))
    return [tuple(row) for row in db.session.execute(found)]


def test_a_project_and_its_goal_are_made_once_however_often_the_forms_are_sent(client: FlaskClient, base: str) -> None:
    facts = {"name": "Nærvær", "area": "sickness_absence", "about": "<b>Turnus</b>", "is_shared": "1"}
    answers = [client.post(base, data=facts) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    where = answers[0].location
    assert [client.post(f"{where}/goals", data=GOAL).status_code for _again in range(2)] == [303, 303]
    assert read_rows(Project, "name", "area", "is_shared") == [("Nærvær", Area.SICKNESS_ABSENCE, True)]
    assert read_rows(ProjectGoal, "goal", "start_value", "target_value", "target_on") == [
        ("Lavere sykefravær", 9.5, 7.5, date(2010, 12, 31))
    ]
    page = client.get(where).get_data(as_text=True)
    assert ("&lt;b&gt;Turnus" in page, "<b>Turnus" in page, "<svg" in page) == (True, False, True)


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_is_kept(client: FlaskClient, base: str) -> None:
    answer = client.post(base, data={"name": "", "area": "", "about": "Skrevet"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'id="name-error"' in page, 'id="area-group-error"' in page, "Skrevet" in page) == (
        422, True, True, True,
    )  # fmt: skip
    where = client.post(base, data={"name": "Nærvær", "area": "own"}).location
    wrong = client.post(f"{where}/goals", data={**GOAL, "unit": "", "target_on": "", "start_value": "mye"})
    page = wrong.get_data(as_text=True)
    errors = [name for name in GOAL if f'id="{name}-error"' in page]
    assert (wrong.status_code, errors, "mye" in page) == (422, ["unit", "start_value", "target_on"], True)
    assert read_rows(ProjectGoal, "goal") == []


@pytest.fixture
def goal(client: FlaskClient, base: str) -> str:
    """The address of a goal with two figures."""
    where = client.post(base, data={"name": "Nærvær", "area": "sickness_absence", "is_shared": "1"}).location
    client.post(f"{where}/goals", data=GOAL)
    db.session.rollback()
    address = f"{where}/goals/{db.session.scalar(sa.select(ProjectGoal.public_id))}"
    for on, value in (("2006", "9,5"), ("12.2007", "9.1")):
        assert client.post(f"{address}/figures", data={"on": on, "value": value}).status_code == 303
    return address


def test_a_figure_is_typed_for_a_day_a_month_or_a_year(client: FlaskClient, goal: str) -> None:
    assert read_rows(GoalFigure, "on", "value") == [(date(2006, 12, 31), 9.5), (date(2007, 12, 31), 9.1)]
    wrong = client.post(f"{goal}/figures", data={"on": "i fjor", "value": "ni"})
    page = wrong.get_data(as_text=True)
    assert (wrong.status_code, 'id="on-error"' in page, 'id="value-error"' in page, "i fjor" in page) == (
        422, True, True, True,
    )  # fmt: skip


def test_pasted_lines_are_shown_as_they_are_read_before_anything_is_written(client: FlaskClient, goal: str) -> None:
    lines = "2006;9,5\n2007;8,9\n03.2008;8,7\nikke noe"
    before = read_rows(GoalFigure, "on", "value")
    shown = client.post(f"{goal}/figures/check", data={"lines": lines, "source": "Agresso"}).get_data(as_text=True)
    told = [word in shown for word in ("Finnes fra før", "Retter 9,1 %", "31. mars 2008", "ikke noe", 'name="without"')]
    assert (told[2:], read_rows(GoalFigure, "on", "value")) == ([True, True, True], before)
    refused = client.post(f"{goal}/figures/pasted", data={"lines": lines})
    assert (refused.status_code, read_rows(GoalFigure, "on", "value")) == (422, before)
    again = [client.post(f"{goal}/figures/pasted", data={"lines": lines, "without": "1"}) for _again in range(2)]
    assert [answer.status_code for answer in again] == [303, 303]
    assert sorted(read_rows(GoalFigure, "on", "value")) == [
        (date(2006, 12, 31), 9.5), (date(2007, 12, 31), 8.9), (date(2008, 3, 31), 8.7),
    ]  # fmt: skip


def test_a_correction_is_told_with_what_it_was_and_who_did_it(
    client: FlaskClient, goal: str, contact: Position
) -> None:
    client.post(f"{goal}/figures", data={"on": "31.12.2007", "value": "8,9"})
    client.post(f"{goal}/figures/removal", data={"on": "2006-12-31"})
    facts = [row[0].get("figures") for row in read_rows(ProjectChange, "facts")][-2:]
    assert facts == [
        [{"on": "2007-12-31", "from": 9.1, "to": 8.9}], [{"on": "2006-12-31", "from": 9.5}],
    ]  # fmt: skip
    client.set_cookie("language", "nb")
    page = client.get(goal.partition("/goals/")[0]).get_data(as_text=True)
    assert page.count(contact.name) >= 2


def test_other_members_of_the_same_network_read_what_is_shared_and_nobody_else_does(
    client: FlaskClient, world: World, contact: Position, base: str
) -> None:
    with transaction() as session:
        add_network(session, world, "0821", "2021")
        add_network(session, world, "1119", slug="annet")
        shared = add_project(session, world, "2021", name="Delt prosjekt")
        add_goal(session, shared, Figure(date(2008, 6, 30), 9.0))
        hidden = add_project(session, world, "2021", name="Hemmelig prosjekt", is_shared=False)
        elsewhere = add_project(session, world, "1119", name="I et annet nettverk")
        stranger = add_contact(session, world, "1119")
    page = client.get(f"{base}/networks").get_data(as_text=True)
    seen = [name in page for name in ("Delt prosjekt", "Hemmelig prosjekt", "I et annet nettverk")]
    assert seen == [True, False, False]
    statuses = [client.get(f"{base}/networks/{one.public_id}").status_code for one in (shared, hidden, elsewhere)]
    assert statuses == [200, 404, 404]
    theirs = f"{path_of(stranger, '1119')}/projects"
    assert client.get(f"{theirs}/networks/{shared.public_id}").status_code == 404
    own = [client.get(f"{one}/{shared.public_id}").status_code for one in (base, theirs)]
    assert own == [404, 404]
    assert client.post(f"{base}/{shared.public_id}", data={"name": "Tatt", "area": "own"}).status_code == 404


def test_two_who_change_a_project_at_once_lose_nothing(client: FlaskClient, goal: str) -> None:
    where = goal.partition("/goals/")[0]
    facts = {"name": "Nærvær", "area": "sickness_absence", "is_shared": "1", "edition": "1"}
    first = client.post(where, data={**facts, "about": "Min"})
    second = client.post(where, data={**facts, "about": "Din"})
    page = second.get_data(as_text=True)
    assert (first.status_code, second.status_code, "Min" in page, "Din" in page) == (303, 409, True, True)
    assert client.post(where, data={**facts, "edition": "2", "about": "Din"}).status_code == 303
    assert read_rows(Project, "about") == [("Din",)]


def test_the_goals_of_an_admitted_application_become_projects_by_one_press(
    client: FlaskClient, world: World, base: str
) -> None:
    with transaction() as session:
        call = add_call(session, world)
        application = add_application(
            session, call, world.municipalities["0821"], state=ApplicationState.ADMITTED, own_area="Skolemat"
        )
        mine = {"application_id": application.id}
        session.add_all([ApplicationArea(**mine, area=Area.SICKNESS_ABSENCE), ApplicationArea(**mine, area=Area.OWN)])
        measured = {"unit": "%", "start_value": 80.0, "target_value": 90.0, "target_on": date(2010, 12, 31)}
        session.add(ApplicationGoal(**mine, goal="Nærvær", is_measurable=True, **measured))
        session.add(ApplicationGoal(**mine, position=1, goal="God mat", area=Area.OWN))
        public_id = application.public_id
    assert str(public_id) in client.get(base).get_data(as_text=True)
    answers = [client.post(f"{base}/of-application/{public_id}").status_code for _again in range(2)]
    assert answers == [303, 303]
    assert read_rows(Project, "name", "area")[1] == ("Skolemat", Area.OWN)
    assert read_rows(ProjectGoal, "goal", "direction", "start_value", "target_value") == [
        ("Nærvær", "up", 80.0, 90.0), ("God mat", "down", None, None),
    ]  # fmt: skip
    assert str(public_id) not in client.get(base).get_data(as_text=True)


def test_a_project_that_is_over_is_read_and_not_written(client: FlaskClient, goal: str) -> None:
    where = goal.partition("/goals/")[0]
    assert client.post(f"{where}/end").status_code == 303
    client.post(f"{goal}/figures", data={"on": "2008", "value": "1"})
    client.post(f"{where}/goals", data={**GOAL, "goal": "Mer"})
    assert (len(read_rows(GoalFigure, "on")), len(read_rows(ProjectGoal, "goal"))) == (2, 1)
    assert client.get(f"{goal}/figures").status_code == 200


def test_fifty_projects_cost_as_many_statements_as_one(
    app: Flask, client: FlaskClient, world: World, base: str
) -> None:
    def count() -> int:
        with counted(db.engine) as sent:
            assert client.get(base).status_code == 200
        return len(sent)

    for how_many in (1, 12):
        with transaction() as session:
            for number in range(how_many):
                add_goal(
                    session, add_project(session, world, name=f"P{how_many}-{number}"), Figure(date(2008, 1, 1), 1.0)
                )
        if how_many == 1:
            first = count()
    assert count() == first
