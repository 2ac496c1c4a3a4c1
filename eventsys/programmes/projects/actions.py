"""The verbs of projects: made, also out of an application, changed, shared, followed with figures, ended, passed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.rules import as_plain
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.models import (
    Application,
    ApplicationArea,
    ApplicationGoal,
    Call,
    GoalFigure,
    Programme,
    Project,
    ProjectChange,
    ProjectGoal,
)
from eventsys.programmes.projects.queries import facts_of, read_values
from eventsys.programmes.projects.rules import (
    LONGEST_NAME,
    MOST_FIGURES,
    MOST_GOALS,
    Direction,
    Figure,
    GoalFacts,
    HasChanged,
    HasEnded,
    ProjectAct,
    ProjectFacts,
    TooMany,
    Written,
)


@dataclass(frozen=True)
class By:
    """Who does it: a contact of the organisation, or an organiser."""

    position_id: int | None = None
    account_id: int | None = None


def note(
    session: Session, project: Project, act: ProjectAct, by: By, *, facts: dict[str, Any] | None = None, now: datetime
) -> None:
    """A row of the project's history."""
    session.add(ProjectChange(project_id=project.id, act=act, at=now, facts=facts or {}, **asdict(by)))
    session.flush()


# --- projects -------------------------------------------------------------------------------------------------------


def add_project(
    session: Session, organisation: Organisation, programme: Programme, facts: ProjectFacts, *, by: By, now: datetime
) -> Project:
    """A new project; the same form sent twice makes one."""
    session.refresh(organisation, with_for_update=True)
    where = {"organisation_id": organisation.id, "programme_id": programme.id}
    same = sa.select(Project).filter_by(**where, name=facts.name, area=facts.area, ended_at=None)
    if (made := session.scalars(same.order_by(Project.id)).first()) is not None:
        return made
    project = Project(organiser_id=programme.organiser_id, created_at=now, **where, **asdict(facts))
    session.add(project)
    session.flush()
    note(session, project, ProjectAct.ADDED, by, facts={"name": project.name}, now=now)
    return project


def read_facts(project: Project) -> ProjectFacts:
    return ProjectFacts(
        project.name, project.area, project.about, project.from_on, project.to_on, project.is_shared
    )  # fmt: skip


def change_project(
    session: Session, project: Project, facts: ProjectFacts, *, edition: int | None, by: By, now: datetime
) -> bool:
    """False and no trace if it is as it was. Raises `HasEnded`, and `HasChanged` where somebody else saved something since
    `edition`."""
    _demand_open(project)
    before, after = asdict(read_facts(project)), asdict(facts)
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return False
    if edition is not None and edition != project.edition:
        raise HasChanged
    for name in changed:
        setattr(project, name, after[name])
    project.edition += 1
    told = [name for name in changed if name != "is_shared"]
    if told:
        moved = {"from": {name: as_plain(before[name]) for name in told}, "to": {n: as_plain(after[n]) for n in told}}
        note(session, project, ProjectAct.CHANGED, by, facts=moved, now=now)
    if "is_shared" in changed:
        note(session, project, ProjectAct.SHARED if facts.is_shared else ProjectAct.NOT_SHARED, by, now=now)
    return True


def end_project(session: Session, project: Project, *, by: By, now: datetime) -> bool:
    """It is over: its goals and figures stay to be read, and nothing is written any more. False if it is so already."""
    if project.ended_at is not None:
        return False
    project.ended_at = now
    note(session, project, ProjectAct.ENDED, by, now=now)
    return True


def pass_on_projects(
    session: Session, ended: Sequence[Organisation], successor: Organisation, *, account_id: int | None, now: datetime
) -> int:
    """What those that ended worked with is their successor's from now on; how many. Their history says whose they were."""
    names = {one.id: one.label for one in ended}
    rows = session.scalars(sa.select(Project).where(Project.organisation_id.in_(names)).order_by(Project.id)).all()
    for project in rows:
        was, project.organisation_id = project.organisation_id, successor.id
        facts = {"from": names[was], "to": successor.label}
        note(session, project, ProjectAct.MOVED, By(account_id=account_id), facts=facts, now=now)
    session.flush()
    return len(rows)


def _demand_open(project: Project) -> None:
    if project.ended_at is not None:
        raise HasEnded


# --- goals ----------------------------------------------------------------------------------------------------------


def add_goal(session: Session, project: Project, facts: GoalFacts, *, by: By, now: datetime) -> ProjectGoal:
    """A new goal, in the last place; the same one put in twice is one. Raises `HasEnded` and `TooMany`."""
    _demand_open(project)
    there = sa.select(ProjectGoal).filter_by(project_id=project.id, removed_at=None)
    rows = session.scalars(there.order_by(ProjectGoal.position, ProjectGoal.id)).all()
    for row in rows:
        if facts_of(row) == facts:
            return row
    if len(rows) >= MOST_GOALS:
        raise TooMany
    place = rows[-1].position + 1 if rows else 0
    goal = ProjectGoal(project_id=project.id, position=place, **asdict(facts))
    session.add(goal)
    session.flush()
    note(session, project, ProjectAct.GOAL_ADDED, by, facts={"goal": facts.goal}, now=now)
    return goal


def change_goal(
    session: Session, project: Project, goal: ProjectGoal, facts: GoalFacts, *, by: By, now: datetime
) -> bool:
    """False and no trace if it is as it was. Raises `HasEnded`."""
    _demand_open(project)
    before, after = asdict(facts_of(goal)), asdict(facts)
    changed = [name for name in after if before[name] != after[name]]
    for name in changed:
        setattr(goal, name, after[name])
    if changed:
        moved = {"from": {name: as_plain(before[name]) for name in changed}}
        moved["to"] = {name: as_plain(after[name]) for name in changed}
        note(session, project, ProjectAct.GOAL_CHANGED, by, facts={"goal": goal.goal, **moved}, now=now)
    return bool(changed)


def remove_goal(session: Session, project: Project, goal: ProjectGoal, *, by: By, now: datetime) -> bool:
    """It is out of sight, its figures with it; False if it is so already. Raises `HasEnded`."""
    _demand_open(project)
    if goal.removed_at is not None:
        return False
    goal.removed_at = now
    note(session, project, ProjectAct.GOAL_REMOVED, by, facts={"goal": goal.goal}, now=now)
    return True


# --- figures --------------------------------------------------------------------------------------------------------


def write_figures(
    session: Session,
    project: Project,
    goal: ProjectGoal,
    figures: Sequence[Figure],
    *,
    source: str = "",
    by: By,
    now: datetime,
) -> Written:
    """Puts figures in; one for a day that has another is corrected, and the history says from what to what. Those that are
    there already leave no trace. Raises `HasEnded` and `TooMany`."""
    _demand_open(project)
    known = read_values(session, goal.id)
    new = {one.on: one.value for one in figures if one.on not in known}
    wrong = {one.on: (known[one.on], one.value) for one in figures if known.get(one.on, one.value) != one.value}
    if len(known) + len(new) > MOST_FIGURES:
        raise TooMany
    session.add_all(GoalFigure(goal_id=goal.id, on=on, value=value, source=source, at=now) for on, value in new.items())
    for on, (_old, value) in wrong.items():
        row = session.get_one(GoalFigure, (goal.id, on))
        row.value, row.source, row.at = value, source or row.source, now
    session.flush()
    if new or wrong:
        told = [{"on": on.isoformat(), "to": value} for on, value in sorted(new.items())]
        told += [{"on": on.isoformat(), "from": old, "to": value} for on, (old, value) in sorted(wrong.items())]
        facts = {"goal": goal.goal, "figures": told, **({"source": source} if source else {})}
        note(session, project, ProjectAct.FIGURES, by, facts=facts, now=now)
    return Written(len(new), wrong)


def remove_figure(session: Session, project: Project, goal: ProjectGoal, on: date, *, by: By, now: datetime) -> bool:
    """Takes away a figure that should not be there, which the history tells; False if it is gone. Raises `HasEnded`."""
    _demand_open(project)
    row = session.get(GoalFigure, (goal.id, on))
    if row is None:
        return False
    figures = [{"on": on.isoformat(), "from": row.value}]
    session.delete(row)
    note(session, project, ProjectAct.FIGURES, by, facts={"goal": goal.goal, "figures": figures}, now=now)
    return True


# --- out of an application ------------------------------------------------------------------------------------------


def make_of_application(
    session: Session, application: Application, names: Mapping[Area, str], *, by: By, now: datetime
) -> list[Project]:
    """A project for each focus area that the application has goals in, with these goals; once, however often it is
    pressed. Goals of no area stand with the first. `names` is what the projects are called. None are made of an application
    that is not admitted."""
    session.refresh(application, with_for_update=True)
    made = session.scalars(sa.select(Project).filter_by(application_id=application.id).order_by(Project.id)).all()
    if made or application.state is not ApplicationState.ADMITTED:
        return list(made)
    programme_id = session.get_one(Call, application.call_id).programme_id
    projects = []
    for area, goals in _sort_goals(session, application).items():
        project = Project(
            organiser_id=application.organiser_id, programme_id=programme_id, area=area, created_at=now,
            organisation_id=application.organisation_id, application_id=application.id,
            name=names[area][:LONGEST_NAME],
        )  # fmt: skip
        session.add(project)
        session.flush()
        note(session, project, ProjectAct.ADDED, by, facts={"name": project.name, "of": "application"}, now=now)
        for goal in goals:
            add_goal(session, project, _read_goal(goal, application), by=by, now=now)
        projects.append(project)
    return projects


def _sort_goals(session: Session, application: Application) -> dict[Area, list[ApplicationGoal]]:
    """The goals that say something, by area in the order of the areas."""
    chosen = set(session.scalars(sa.select(ApplicationArea.area).filter_by(application_id=application.id)))
    first = next((area for area in Area if area in chosen), Area.OWN)
    rows = sa.select(ApplicationGoal).where(
        ApplicationGoal.application_id == application.id, ApplicationGoal.goal != ""
    )
    found: dict[Area, list[ApplicationGoal]] = {}
    for row in session.scalars(rows.order_by(ApplicationGoal.position, ApplicationGoal.id)):
        found.setdefault(row.area or first, []).append(row)
    return {area: found[area] for area in Area if area in found}


def _read_goal(row: ApplicationGoal, application: Application) -> GoalFacts:
    """A measurable goal goes the way that its target lies; it starts on the day that the application was sent."""
    is_whole = row.is_measurable and row.unit and row.target_value is not None and row.target_on is not None
    if not is_whole:
        return GoalFacts(row.goal)
    rises = row.start_value is not None and row.target_value is not None and row.target_value > row.start_value
    sent_on = application.sent_at.date() if application.sent_at and row.start_value is not None else None
    direction = Direction.UP if rises else Direction.DOWN
    return GoalFacts(
        row.goal, row.unit, direction, row.start_value, sent_on, row.target_value, row.target_on
    )  # fmt: skip
