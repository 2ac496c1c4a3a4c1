"""The projects that admitted municipalities made of their applications, and their figures until August 2008; made up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.history import words
from eventsys.demo.programme import COHORTS, TAKE_PART
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.actions import add_contact
from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.models import Application, ApplicationMember, Project, ProjectGoal
from eventsys.programmes.projects import actions
from eventsys.programmes.projects.actions import By
from eventsys.programmes.projects.rules import Direction, Figure, GoalFacts

REPORTS, HAS_TALKS, SHARES = 0.85, 0.3, 0.9
"""How many report figures, have a goal that nobody measures, and share with their network; by lot."""
LATEST = timedelta(days=40)
"""How long after its last day a quarter's figure is put in."""


def welcome(session: Session, applications: Collection[Application], *, on: date, now: datetime) -> None:
    """Who sent an application that is admitted is the municipality's contact, and its goals are projects to follow."""
    for application in sorted(applications, key=lambda one: one.id):
        session.refresh(application)
        if application.state is not ApplicationState.ADMITTED:
            continue
        writes = sa.select(ApplicationMember).filter_by(application_id=application.id, is_contact=True)
        member = session.scalars(writes).one()
        organisation = session.get_one(Organisation, application.organisation_id)
        contact = add_contact(
            session, organisation, name=member.name, email=member.email, language=member.language, on=on, now=now
        )
        _make_projects(session, application, By(position_id=contact.id), now=now + timedelta(days=4))


def _make_projects(session: Session, application: Application, by: By, *, now: datetime) -> None:
    language = application.language if application.language in words.PROJECTS else "nb"
    random = Random(application.organisation_id)  # noqa: S311  (the same demo each time is what is wanted)
    for project in actions.make_of_application(session, application, words.PROJECTS[language], by=by, now=now):
        facts = replace(
            actions.read_facts(project), about=words.ABOUT[language], from_on=now.date(),
            to_on=date(2009, 12, 31), is_shared=random.random() < SHARES,
        )  # fmt: skip
        actions.change_project(session, project, facts, edition=None, by=by, now=now)
        if project.area is Area.SICKNESS_ABSENCE and random.random() < HAS_TALKS:
            actions.add_goal(session, project, GoalFacts(words.TALKS[language]), by=by, now=now)


def follow(session: Session, random: Random, *, by_account_id: int) -> int:
    """The figures of each quarter, put in by the contact some weeks later, or by the secretariat where there is none; how
    many goals have some."""
    contacts = read_contacts(session)
    by_day = {on: ordinal for ordinal, (_slug, _numeral, on, _size) in COHORTS.items()}
    statement = (
        sa.select(ProjectGoal, Project, Application, Organisation.number)
        .join(Project, Project.id == ProjectGoal.project_id)
        .join(Application, Application.id == Project.application_id)
        .join(Organisation, Organisation.id == Project.organisation_id)
        .where(ProjectGoal.target_value.is_not(None))
        .order_by(ProjectGoal.id)
    )
    followed = 0
    for goal, project, application, number in session.execute(statement).all():
        if number not in TAKE_PART and random.random() > REPORTS:
            continue
        admitted = max(on for on in by_day if on <= project.created_at.date())
        figures = list(_draw(random, goal, project.area, words.QUARTERS[by_day[admitted]]))
        position_id = contacts.get(project.organisation_id)
        by = By(position_id=position_id) if position_id else By(account_id=by_account_id)
        source = words.SOURCE[application.language if application.language in words.SOURCE else "nb"]
        for some, now in _put_in(figures, project.created_at):
            actions.write_figures(session, project, goal, some, source=source, by=by, now=now)
        followed += 1
    return followed


def read_contacts(session: Session) -> dict[int, int]:
    """The first contact of each organisation."""
    rows = sa.select(Position.organisation_id, sa.func.min(Position.id)).where(Position.to_on.is_(None))
    confirmed = rows.where(Position.confirmed_at.is_not(None), Position.email_key != "")
    return dict(session.execute(confirmed.group_by(Position.organisation_id)).all())


def _draw(random: Random, goal: ProjectGoal, area: Area, days: Sequence[date]) -> Iterator[Figure]:
    """From the start towards the target, by quarters, some slower and some back again."""
    assert goal.start_value is not None
    assert goal.target_value is not None
    speed = random.choice((-0.15, 0.2, 0.45, 0.6, 0.75, 1.15))
    whole = (goal.target_value - goal.start_value) * speed
    for place, on in enumerate(days):
        value = (
            goal.start_value + whole * place / max(len(days) - 1, 4) + random.uniform(-0.02, 0.02) * goal.start_value
        )
        if area is Area.SICKNESS_ABSENCE and goal.direction is Direction.DOWN:
            value += words.SEASON[on.month]
        yield Figure(on, round(value, 1) if area is Area.SICKNESS_ABSENCE else round(value))


def _put_in(figures: Sequence[Figure], since: datetime) -> Iterator[tuple[list[Figure], datetime]]:
    """What was there when the project began at once, the rest of each year together."""
    known_at = since + timedelta(days=11)
    years = (known_at, datetime(2008, 1, 21, 9, tzinfo=UTC), datetime(2008, 8, 11, 9, tzinfo=UTC))
    left = list(figures)
    for moment in sorted(moment for moment in years if moment >= known_at):
        some = [one for one in left if one.on + LATEST <= moment.date() or moment is years[-1]]
        left = [one for one in left if one not in some]
        if some:
            yield some, moment
