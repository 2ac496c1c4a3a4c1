"""The full demo between the gatherings: projects, visits, groups, a network by theme, excuses; each says it is made up."""

from __future__ import annotations

from collections import Counter
from datetime import date

import sqlalchemy as sa
from flask import Flask

from eventsys.accounts.models import Account, Membership
from eventsys.demo.history import groups, story, words
from eventsys.events.models import Event, EventChange, EventClause, MeetingItem, MeetingMinutes, Run
from eventsys.events.rules import ChangeKind, MinutesState
from eventsys.extensions import db
from eventsys.obligations.models import Excuse
from eventsys.obligations.rules import ExcuseState
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.models import (
    Application,
    GoalFigure,
    Group,
    GroupMembership,
    Network,
    NetworkMembership,
    Project,
    ProjectGoal,
)
from eventsys.programmes.rules import GroupKind, NetworkKind
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from eventsys.visits.models import Visit
from eventsys.visits.rules import VisitKind, VisitState

KARASJOK = "2021"


def test_every_admitted_application_is_two_projects_to_follow(full_app: Flask) -> None:
    admitted = set(db.session.scalars(sa.select(Application.id).filter_by(state=ApplicationState.ADMITTED)))
    made = Counter(db.session.scalars(sa.select(Project.application_id)))
    assert made == dict.fromkeys(admitted, 2)
    assert set(db.session.scalars(sa.select(Project.about))) == set(words.ABOUT.values())
    assert set(db.session.scalars(sa.select(GoalFigure.source))) == set(words.SOURCE.values())


def test_a_municipality_s_sickness_absence_has_figures_for_each_quarter(full_app: Flask) -> None:
    figures = (
        sa.select(GoalFigure)
        .join(ProjectGoal, ProjectGoal.id == GoalFigure.goal_id)
        .join(Project, Project.id == ProjectGoal.project_id)
        .join(Organisation, Organisation.id == Project.organisation_id)
        .where(Organisation.number == KARASJOK, Project.area == Area.SICKNESS_ABSENCE)
        .order_by(GoalFigure.on)
    )
    rows = db.session.scalars(figures).all()
    assert [row.on for row in rows] == list(words.QUARTERS[1])
    assert all(row.at.date() > row.on and 3 < row.value < 13 for row in rows)


def test_projects_of_the_two_that_became_one_are_its(full_app: Flask) -> None:
    whose = (
        sa.select(Organisation.number)
        .join(Project, Project.organisation_id == Organisation.id)
        .where(Organisation.number.in_([story.BECAME, *(row.number for row in story.WERE)]))
    )
    assert db.session.scalars(whose).all() == [story.BECAME] * 2


def test_visits_are_held_coming_offered_waiting_and_declined(full_app: Flask) -> None:
    states = sa.select(Visit.kind, Visit.state, sa.func.count()).group_by(Visit.kind, Visit.state)
    assert {(kind, state): many for kind, state, many in db.session.execute(states)} == {
        (VisitKind.ADVISER, VisitState.ACCEPTED): 2,
        (VisitKind.ADVISER, VisitState.ASKED): 1,
        (VisitKind.ADVISER, VisitState.DECLINED): 1,
        (VisitKind.ADVISER, VisitState.OFFERED): 1,
        (VisitKind.PROJECT_WORKER, VisitState.ACCEPTED): 1,
        (VisitKind.PROJECT_WORKER, VisitState.ASKED): 1,
    }
    seats = (
        sa.select(Registration.state)
        .join(Visit, Visit.event_id == Registration.event_id)
        .where(Registration.organisation_id.is_not(None))
    )
    assert Counter(db.session.scalars(seats)) == {State.ATTENDED: 2, State.CONFIRMED: 1}
    assert all("ppdikt" in wish for wish in db.session.scalars(sa.select(Visit.wish)))


def list_days(kind: GroupKind) -> list[date | None]:
    days = (
        sa.select(Run.first_on)
        .join(EventClause, EventClause.event_id == Run.event_id)
        .join(Group, Group.id == EventClause.group_id)
        .where(Group.kind == kind)
    )
    return list(db.session.scalars(days.order_by(Run.first_on)))


def test_three_groups_meet_all_year_and_the_steering_group_s_ninth_of_september_is_moved(full_app: Flask) -> None:
    found = {kind: list_days(kind) for kind in (GroupKind.STEERING, GroupKind.POLITICAL_CONTACT, GroupKind.WORKING)}
    moved = {groups.MOVED_FROM: groups.MOVED_TO}
    steering = [moved.get(day, day) for day in groups.DAYS[GroupKind.STEERING]]
    assert found == {**groups.DAYS, GroupKind.STEERING: steering} | {
        kind: list(days) for kind, days in groups.DAYS.items() if kind is not GroupKind.STEERING
    }
    told = sa.select(EventChange.facts).where(EventChange.kind == ChangeKind.RUN_CHANGED)
    assert [facts["line"] for facts in db.session.scalars(told)] == [groups.MOVED_FOR]
    members = sa.select(Group.kind, GroupMembership.organisation_id).join(Group, Group.id == GroupMembership.group_id)
    rows = db.session.execute(members).all()
    assert Counter(kind for kind, _organisation in rows) == {
        GroupKind.STEERING: 5, GroupKind.POLITICAL_CONTACT: 6, GroupKind.WORKING: 6
    }  # fmt: skip
    assert all(organisation_id for _kind, organisation_id in rows)
    assert all("oppdiktet for demoen" in about["nb"].casefold() for about in db.session.scalars(sa.select(Group.about)))


def test_minutes_are_approved_at_the_next_meeting_and_the_last_ones_are_out_or_written(full_app: Flask) -> None:
    states = (
        sa.select(Group.kind, MeetingMinutes.state, sa.func.count())
        .join(EventClause, EventClause.group_id == Group.id)
        .join(MeetingMinutes, MeetingMinutes.event_id == EventClause.event_id)
        .group_by(Group.kind, MeetingMinutes.state)
    )
    assert {(kind, state): many for kind, state, many in db.session.execute(states)} == {
        (GroupKind.STEERING, MinutesState.APPROVED): 6,
        (GroupKind.STEERING, MinutesState.DRAFT): 1,
        (GroupKind.POLITICAL_CONTACT, MinutesState.APPROVED): 1,
        (GroupKind.POLITICAL_CONTACT, MinutesState.OUT): 1,
        (GroupKind.WORKING, MinutesState.APPROVED): 5,
        (GroupKind.WORKING, MinutesState.OUT): 1,
    }
    agendas = Counter(db.session.scalars(sa.select(MeetingItem.event_id)))
    assert Counter(agendas.values()) == {4: 15 + 3}


def test_a_network_by_theme_has_members_and_an_adviser_of_its_own(full_app: Flask) -> None:
    network = db.session.scalars(sa.select(Network).filter_by(kind=NetworkKind.THEME)).one()
    members = sa.select(sa.func.count()).select_from(NetworkMembership).filter_by(network_id=network.id)
    advises = (
        sa.select(Organiser.slug, Account.email)
        .join(Membership, Membership.organiser_id == Organiser.id)
        .join(Account, Account.id == Membership.account_id)
        .where(Organiser.id == network.organiser_id)
    )
    assert (network.name, db.session.scalar(members)) == (words.NETWORK[1], words.IN_NETWORK)
    assert db.session.execute(advises).all() == [(words.ADVISES[0], words.NETWORK_ADVISER[1])]


def test_some_are_excused_from_seminars_that_they_did_not_come_to_and_one_waits_for_an_answer(full_app: Flask) -> None:
    rows = db.session.execute(sa.select(Excuse, Event).join(Event, Event.id == Excuse.event_id)).all()
    assert Counter(row.Excuse.state for row in rows) == {
        ExcuseState.GRANTED: 3, ExcuseState.REFUSED: 3, ExcuseState.ASKED: 1
    }  # fmt: skip
    assert {row.Event.title["nb"] for row in rows if row.Excuse.state is ExcuseState.ASKED} == {"Læringsseminar 3"}
    for row in rows:
        of = {"event_id": row.Event.id, "organisation_id": row.Excuse.organisation_id}
        assert db.session.scalars(sa.select(Registration).filter_by(**of)).all() == []
        assert "ppdikt" in row.Excuse.words
