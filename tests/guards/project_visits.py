"""A project of each organiser's contact with a goal and figures, one that another in the network shares, and the addresses
of both."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.organisations.models import Organisation, Position
from eventsys.programmes import actions as programmes
from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.models import Application, Programme, Project, ProjectGoal
from eventsys.programmes.projects import actions
from eventsys.programmes.projects.actions import By
from eventsys.programmes.projects.rules import Figure, GoalFacts, ProjectFacts
from tests.world import NOW

OF_PROJECTS = ("project", "edit_project", "update_project", "end_project", "new_goal", "create_goal")
OF_GOALS = (
    "edit_goal", "update_goal", "remove_goal", "goal_figures", "write_figure", "check_figures", "write_pasted_figures",
    "remove_figure",
)  # fmt: skip


def add_project_things(session: Session, organiser_id: int, contact: Position, marker: str) -> None:
    programme = session.scalars(sa.select(Programme).filter_by(organiser_id=organiser_id)).first()
    assert programme is not None
    slug = f"prosjektnett-{organiser_id}"
    network = programmes.add_network(session, programme_id=programme.id, slug=slug, name=f"{marker}-nett")
    other = session.scalars(sa.select(Organisation).filter_by(number="2021")).one()
    own = session.get_one(Organisation, contact.organisation_id)
    for one in (own, other):
        programmes.place_in_network(session, network_id=network.id, organisation_id=one.id, from_on=date(2008, 1, 1))
        facts = ProjectFacts(f"{marker}-prosjekt {one.name}", Area.SICKNESS_ABSENCE)
        by = By(position_id=contact.id)
        project = actions.add_project(session, one, programme, facts, by=by, now=NOW)
        goal = GoalFacts("Fravær", "%", target_value=7.5, target_on=date(2010, 12, 31))
        row = actions.add_goal(session, project, goal, by=by, now=NOW)
        figures = [Figure(date(2007, 12, 31), 9.5), Figure(date(2008, 6, 30), 9.0)]
        actions.write_figures(session, project, row, figures, by=by, now=NOW)


def project_values(organiser_id: int, behind_contact: dict[str, str]) -> dict[str, dict[str, Any]]:
    number = behind_contact["number"]
    own, shared = _find(organiser_id, number), _find(organiser_id, "2021")
    goal = db.session.scalar(sa.select(ProjectGoal.public_id).filter_by(project_id=own.id))
    admitted = sa.select(Application.public_id).filter_by(organiser_id=organiser_id, state=ApplicationState.ADMITTED)
    application = db.session.scalar(admitted) or own.public_id
    of_project = {**behind_contact, "public_id": own.public_id}
    return {
        **{
            f"programmes.{name}": behind_contact
            for name in ("projects", "new_project", "create_project", "network_projects")
        },
        "programmes.make_projects_of_application": {**behind_contact, "application": application},
        "programmes.network_project": {**behind_contact, "public_id": shared.public_id},
        **{f"programmes.{name}": of_project for name in OF_PROJECTS},
        **{f"programmes.{name}": {**of_project, "goal": goal} for name in OF_GOALS},
        "workspace.project": {"public_id": own.public_id},
        "workspace.programme_goals": {"slug": _slug(organiser_id)},
    }


def _find(organiser_id: int, number: str) -> Project:
    statement = sa.select(Project).join(Organisation, Organisation.id == Project.organisation_id)
    return db.session.scalars(
        statement.where(Project.organiser_id == organiser_id, Organisation.number == number)
    ).one()


def _slug(organiser_id: int) -> str | None:
    return db.session.scalars(sa.select(Programme.slug).filter_by(organiser_id=organiser_id)).first()
