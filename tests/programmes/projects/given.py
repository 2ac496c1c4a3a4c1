"""Given-data about projects: a contact's link, a project, a goal, figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions import actions as positions
from eventsys.organisations.positions.links import position_token
from eventsys.programmes import actions as programmes
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.models import Programme, Project, ProjectGoal
from eventsys.programmes.projects import actions
from eventsys.programmes.projects.actions import By
from eventsys.programmes.projects.rules import Figure, GoalFacts, ProjectFacts
from tests.world import NOW, World

ABSENCE = GoalFacts(
    "Lavere sykefravær", "%", start_value=9.5, start_on=date(2008, 1, 1), target_value=7.5, target_on=date(2010, 12, 31)
)


def add_contact(session: Session, world: World, number: str = "0821") -> Position:
    organisation = session.get_one(Organisation, world.municipalities[number])
    return positions.add_contact(
        session, organisation, name=f"Kontakt {number}", email=f"kontakt-{number}@kommune.example", on=date(2008, 1, 1),
        now=NOW,
    )  # fmt: skip


def path_of(position: Position, number: str = "0821") -> str:
    return f"/organisations/{number}/contacts/{position_token(position)}"


def add_project(session: Session, world: World, number: str = "0821", *, name: str = "Nærvær", **more: Any) -> Project:
    organisation = session.get_one(Organisation, world.municipalities[number])
    programme = session.query(Programme).filter_by(organiser_id=world.secretariat).one()
    facts = ProjectFacts(name, more.pop("area", Area.SICKNESS_ABSENCE), **more)
    return actions.add_project(session, organisation, programme, facts, by=By(), now=NOW)


def add_goal(session: Session, project: Project, *figures: Figure, facts: GoalFacts = ABSENCE) -> ProjectGoal:
    goal = actions.add_goal(session, project, facts, by=By(), now=NOW)
    actions.write_figures(session, project, goal, figures, by=By(), now=NOW)
    return goal


def add_network(session: Session, world: World, *numbers: str, slug: str = "nett", **more: Any) -> int:
    programme = session.query(Programme).filter_by(organiser_id=world.secretariat).one()
    network = programmes.add_network(session, programme_id=programme.id, slug=slug, name=f"Nettverk {slug}")
    network.organiser_id = more.get("organiser_id")
    for number in numbers:
        programmes.place_in_network(
            session, network_id=network.id, organisation_id=world.municipalities[number], from_on=date(2008, 1, 1)
        )
    return network.id
