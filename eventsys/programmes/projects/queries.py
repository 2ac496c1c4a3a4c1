"""Reads about projects: an organisation's own, what others in its networks share, what an organiser may see."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions.queries import Happened, list_happened
from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.models import (
    Application,
    ApplicationGoal,
    Call,
    Cohort,
    CohortMembership,
    GoalFigure,
    Network,
    NetworkMembership,
    Programme,
    Project,
    ProjectChange,
    ProjectGoal,
)
from eventsys.programmes.projects.rules import Figure, GoalFacts
from eventsys.programmes.queries import lasts


@dataclass(frozen=True)
class Followed:
    """A goal with its figures by day."""

    row: ProjectGoal
    facts: GoalFacts
    figures: list[Figure] = field(default_factory=list)


def facts_of(row: ProjectGoal) -> GoalFacts:
    return GoalFacts(
        row.goal, row.unit, row.direction, row.start_value, row.start_on, row.target_value, row.target_on
    )  # fmt: skip


# --- of the organisation itself -------------------------------------------------------------------------------------


def list_own(session: Session, organisation_id: int) -> list[Project]:
    """The organisation's projects, those that go on first, then the newest."""
    statement = sa.select(Project).where(Project.organisation_id == organisation_id)
    return list(session.scalars(statement.order_by(Project.ended_at.is_not(None), Project.id.desc())))


def find_own(session: Session, organisation_id: int, public_id: uuid.UUID, *, lock: bool = False) -> Project | None:
    """One of them; with `lock` whoever else changes it waits until the transaction is over."""
    own = sa.select(Project).where(Project.organisation_id == organisation_id, Project.public_id == public_id)
    if lock:
        own = own.with_for_update().execution_options(populate_existing=True)
    return session.scalar(own)


def read_goals(session: Session, project_ids: Collection[int]) -> dict[int, list[Followed]]:
    """The goals of projects with their figures, by project; two statements, however many there are."""
    there = sa.and_(ProjectGoal.project_id.in_(project_ids), ProjectGoal.removed_at.is_(None))
    rows = session.scalars(sa.select(ProjectGoal).where(there).order_by(ProjectGoal.position, ProjectGoal.id))
    found = {row.id: Followed(row, facts_of(row)) for row in rows}
    figures = (
        sa.select(GoalFigure.goal_id, GoalFigure.on, GoalFigure.value)
        .join(ProjectGoal, ProjectGoal.id == GoalFigure.goal_id)
        .where(there)
        .order_by(GoalFigure.on)
    )
    for goal_id, on, value in session.execute(figures):
        found[goal_id].figures.append(Figure(on, value))
    by_project: dict[int, list[Followed]] = {one: [] for one in project_ids}
    for followed in found.values():
        by_project[followed.row.project_id].append(followed)
    return by_project


def find_goal(session: Session, project_id: int, public_id: uuid.UUID) -> ProjectGoal | None:
    """A goal that is not removed."""
    there = sa.select(ProjectGoal).where(ProjectGoal.project_id == project_id, ProjectGoal.public_id == public_id)
    return session.scalar(there.where(ProjectGoal.removed_at.is_(None)))


def read_values(session: Session, goal_id: int) -> dict[date, float]:
    statement = sa.select(GoalFigure.on, GoalFigure.value).where(GoalFigure.goal_id == goal_id)
    return {row.on: row.value for row in session.execute(statement)}


def list_changes(session: Session, project_id: int) -> list[Happened[ProjectChange]]:
    """What has happened to a project, the newest first."""
    return list_happened(session, ProjectChange, ProjectChange.project_id == project_id)


def list_programmes_of(session: Session, organisation_id: int, *, on: date) -> list[Programme]:
    """The programmes that the organisation is in on a day, by a cohort or a network."""
    by_cohort = (
        sa.select(Cohort.programme_id)
        .join(CohortMembership, CohortMembership.cohort_id == Cohort.id)
        .where(CohortMembership.organisation_id == organisation_id, lasts(CohortMembership, on))
    )
    by_network = (
        sa.select(Network.programme_id)
        .join(NetworkMembership, NetworkMembership.network_id == Network.id)
        .where(NetworkMembership.organisation_id == organisation_id, lasts(NetworkMembership, on))
    )
    statement = sa.select(Programme).where(sa.or_(Programme.id.in_(by_cohort), Programme.id.in_(by_network)))
    return list(session.scalars(statement.order_by(Programme.id)))


# --- made out of an application -------------------------------------------------------------------------------------


def list_admitted(session: Session, organisation_id: int) -> list[AnyRow]:
    """The organisation's admitted applications that have goals and that no project is made of, with their calls."""
    is_made = sa.exists().where(Project.application_id == Application.id)
    has_goals = sa.exists().where(ApplicationGoal.application_id == Application.id, ApplicationGoal.goal != "")
    statement = (
        sa.select(Application, Call)
        .join(Call, Call.id == Application.call_id)
        .where(
            Application.organisation_id == organisation_id,
            Application.state == ApplicationState.ADMITTED,
            has_goals,
            ~is_made,
        )
    )
    return list(session.execute(statement.order_by(Application.id)))


# --- shared in networks ---------------------------------------------------------------------------------------------


class Shared(NamedTuple):
    """A project of another member, and the names of the networks that both are in."""

    project: Project
    organisation: Organisation
    networks: list[str]


def list_shared(session: Session, organisation_id: int, *, on: date) -> list[Shared]:
    """What the other members of the organisation's networks share with it on a day, in Norwegian order."""
    found: dict[int, Shared] = {}
    for project, organisation, network in session.execute(_select_shared(organisation_id, on)):
        found.setdefault(project.id, Shared(project, organisation, [])).networks.append(network)
    return list(found.values())


def find_shared(session: Session, organisation_id: int, public_id: uuid.UUID, *, on: date) -> Shared | None:
    """One of them."""
    rows = session.execute(_select_shared(organisation_id, on).where(Project.public_id == public_id)).all()
    return Shared(rows[0][0], rows[0][1], [row[2] for row in rows]) if rows else None


def _select_shared(organisation_id: int, on: date) -> sa.Select[*tuple[Any, ...]]:
    """Each as often as both are in a network of the project's programme."""
    own, theirs = aliased(NetworkMembership), aliased(NetworkMembership)
    return (
        sa.select(Project, Organisation, Network.name)
        .join(theirs, theirs.organisation_id == Project.organisation_id)
        .join(Network, sa.and_(Network.id == theirs.network_id, Network.programme_id == Project.programme_id))
        .join(own, own.network_id == Network.id)
        .join(Organisation, Organisation.id == Project.organisation_id)
        .where(
            own.organisation_id == organisation_id,
            Project.organisation_id != organisation_id,
            Project.is_shared,
            lasts(own, on),
            lasts(theirs, on),
        )
        .order_by(Organisation.sort_key, Project.id, Network.name)
        .distinct()
    )


# --- for organisers -------------------------------------------------------------------------------------------------


class Sought(NamedTuple):
    """Which of the projects an organiser wants to see; None for all."""

    cohort_id: int | None = None
    network_id: int | None = None
    area: Area | None = None


def is_readable(organiser_id: int, *, on: date) -> sa.ColumnElement[bool]:
    """The one condition on `Project` for who reads it: of its own programmes each, and of a network that it advises those
    of the members, whether they share them with each other or not."""
    own = sa.select(Programme.id).where(Programme.organiser_id == organiser_id)
    advised = (
        sa.exists()
        .where(NetworkMembership.network_id == Network.id, NetworkMembership.organisation_id == Project.organisation_id)
        .where(Network.organiser_id == organiser_id, Network.programme_id == Project.programme_id)
        .where(lasts(NetworkMembership, on))
        .correlate(Project)
    )
    return sa.or_(Project.programme_id.in_(own), advised)


def count_readable(session: Session, organiser_id: int, sought: Sought, *, on: date) -> int:
    """How many `list_readable` lists on all its pages."""
    statement = sa.select(sa.func.count()).select_from(Project)
    return session.scalar(statement.where(*_sought(organiser_id, sought, on))) or 0


def list_readable(
    session: Session, organiser_id: int, sought: Sought, *, on: date, most: int, skipped: int = 0
) -> list[AnyRow]:
    """The projects that go on, each with its organisation, in Norwegian order; `most` of them."""
    statement = (
        sa.select(Project, Organisation)
        .join(Organisation, Organisation.id == Project.organisation_id)
        .where(*_sought(organiser_id, sought, on))
        .order_by(Organisation.sort_key, Organisation.id, Project.id)
    )
    return list(session.execute(statement.limit(most).offset(skipped)))


def _sought(organiser_id: int, sought: Sought, on: date) -> Sequence[sa.ColumnElement[bool]]:
    return [is_readable(organiser_id, on=on), Project.ended_at.is_(None), *_narrow(sought, on)]


def _narrow(sought: Sought, on: date) -> Sequence[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if sought.cohort_id is not None:
        there = CohortMembership.cohort_id == sought.cohort_id
        of_cohort = sa.select(CohortMembership.organisation_id).where(there, lasts(CohortMembership, on))
        found.append(Project.organisation_id.in_(of_cohort))
    if sought.network_id is not None:
        here = NetworkMembership.network_id == sought.network_id
        of_network = sa.select(NetworkMembership.organisation_id).where(here, lasts(NetworkMembership, on))
        found.append(Project.organisation_id.in_(of_network))
    if sought.area is not None:
        found.append(Project.area == sought.area)
    return found


def find_readable(session: Session, organiser_id: int, public_id: uuid.UUID, *, on: date) -> AnyRow | None:
    statement = (
        sa.select(Project, Organisation)
        .join(Organisation, Organisation.id == Project.organisation_id)
        .where(Project.public_id == public_id, is_readable(organiser_id, on=on))
    )
    return session.execute(statement).one_or_none()


def list_of_programme(session: Session, programme_id: int) -> list[Project]:
    """The programme's projects, ended ones too: what they came to counts."""
    return list(session.scalars(sa.select(Project).filter_by(programme_id=programme_id).order_by(Project.id)))


class Choices(NamedTuple):
    """The cohorts and networks that an organiser may narrow its list to."""

    cohorts: list[Cohort]
    networks: list[Network]


def list_choices(session: Session, organiser_id: int) -> Choices:
    own = sa.select(Programme.id).where(Programme.organiser_id == organiser_id)
    cohorts = sa.select(Cohort).where(Cohort.programme_id.in_(own)).order_by(Cohort.programme_id, Cohort.ordinal)
    mine = sa.or_(Network.programme_id.in_(own), Network.organiser_id == organiser_id)
    networks = sa.select(Network).where(mine).order_by(Network.name, Network.id)
    return Choices(list(session.scalars(cohorts)), list(session.scalars(networks)))
