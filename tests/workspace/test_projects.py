"""Those who run a programme read its projects and their sums; an adviser reads those of its network's members."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.models import Project, ProjectChange
from eventsys.programmes.projects.rules import Figure, ProjectAct
from eventsys.workspace.registers.actions.succession import succeed
from tests.accounts.people import add_account, sign_in
from tests.programmes.projects.given import add_goal, add_network, add_project
from tests.world import NOW, World


def test_the_programme_reads_all_narrowed_by_cohort_network_and_area(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        add_network(session, world, "0821")
        add_project(session, world, "0821", name="Prosjekt A")
        add_project(session, world, "2021", name="Prosjekt B", area=Area.OWN, is_shared=False)
        add_project(session, world, "0301", name="Prosjekt C")
    names = ["Prosjekt A", "Prosjekt B", "Prosjekt C"]

    def find(query: str) -> list[bool]:
        page = adviser.get(f"/manage/projects{query}").get_data(as_text=True)
        return [name in page for name in names]

    assert find("") == [True, True, True]
    assert find("?cohort=pulje-ii") == [True, False, True]
    assert find("?network=nett") == [True, False, False]
    assert find("?area=own") == [False, True, False]
    assert find("?cohort=pulje-ii&area=own") == [False, False, False]


def test_an_adviser_of_a_network_reads_its_members_projects_and_no_other(client: FlaskClient, world: World) -> None:
    with transaction() as session:
        add_network(session, world, "0821", organiser_id=world.unio)
        mine = add_project(session, world, "0821", name="Prosjekt A", is_shared=False)
        other = add_project(session, world, "2021", name="Prosjekt B")
    sign_in(client, add_account("adviser@unio.example", world.unio))
    page = client.get("/manage/projects").get_data(as_text=True)
    assert ("Prosjekt A" in page, "Prosjekt B" in page) == (True, False)
    statuses = [client.get(f"/manage/projects/{one.public_id}").status_code for one in (mine, other)]
    assert statuses == [200, 404]
    assert client.get("/manage/programmes/program/goals").status_code == 404


def test_the_sums_show_no_number_under_five(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        for number in range(6):
            project = add_project(session, world, "0821", name=f"Prosjekt {number}")
            add_goal(session, project, Figure(date(2008, 6, 30), 8.5))
        add_goal(session, add_project(session, world, "2021", name="Alene", area=Area.OWN))
    page = adviser.get("/manage/programmes/program/goals").get_data(as_text=True)
    assert ("50 %" in page, page.count("Left out") > 4, "Prosjekt 1" in page) == (True, True, False)
    assert "7 goals" in page


def test_a_municipality_that_ends_passes_its_projects_on(world: World) -> None:
    with transaction() as session:
        kept = add_project(session, world, "0821")
        ending = [session.get_one(Organisation, world.municipalities[number]) for number in ("0821", "2021")]
        into = session.get_one(Organisation, world.municipalities["0301"])
        succeed(session, ending, into, on=date(2009, 1, 1), account_id=None, now=NOW)
    db.session.rollback()
    assert db.session.scalar(sa.select(Project.organisation_id).filter_by(id=kept.id)) == world.municipalities["0301"]
    moved = db.session.scalars(sa.select(ProjectChange.facts).filter_by(act=ProjectAct.MOVED)).all()
    assert moved == [{"from": "Bø (Telemark)", "to": "Oslo"}]
