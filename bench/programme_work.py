"""What the members of a large programme do meanwhile: projects with figures, visits, groups that meet; `bench.programme`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.programme_cases import AREAS
from bench.programme_world import BASE_URL, FIRST_ON, NEXT, SINCE, THEMES, Made, add_all
from bench.world import NOW
from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.rules import Clause, Condition, Kind, keep_clauses
from eventsys.events import actions as events
from eventsys.events.models import Event, MeetingItem, MeetingMinutes
from eventsys.events.rules import (
    ClauseFacts,
    ClauseKind,
    EventFacts,
    EventType,
    ItemKind,
    MinutesState,
    Precision,
    RunFacts,
)
from eventsys.invitations.models import Invitation, InvitationChange, InvitationRound
from eventsys.invitations.rules import InvitationAct, InvitationState
from eventsys.programmes.groups.actions import add_group
from eventsys.programmes.models import GoalFigure, GroupMembership, Project, ProjectGoal
from eventsys.programmes.rules import GroupKind
from eventsys.registrations.rules import Actor
from eventsys.visits.models import Visit, VisitChange, VisitTime
from eventsys.visits.rules import VisitAct, VisitKind, VisitState

GROUPS, MEETINGS, VISITS = 5, 12, 100
TO_ON = date(2009, 12, 31)
ASKED = NOW - timedelta(days=7)


def build_work(session: Session, made: Made) -> list[Event]:
    """The meetings that it adds. The caller commits."""
    _add_projects(session, made)
    _add_visits(session, made)
    _invite(session, made, made.events[NEXT])
    return [event for number in range(GROUPS) for event in _add_group(session, made, number)]


def _add_projects(session: Session, made: Made) -> None:
    """One of each member, with two goals and figures of each half year."""
    projects = add_all(session, Project, [
        {
            "organiser_id": made.organiser_id, "programme_id": made.programme_id, "organisation_id": one.id,
            "name": f"{THEMES[n % 3]} i {one.name}", "area": AREAS[n % 3], "from_on": SINCE, "to_on": TO_ON,
            "created_at": NOW,
        }
        for n, one in enumerate(made.members)
    ])  # fmt: skip
    goals = add_all(session, ProjectGoal, [
        {
            "project_id": one, "position": place, "goal": "Sykefraværet skal ned", "unit": "prosent", "start_value": 9.0,
            "start_on": SINCE, "target_value": 7.0, "target_on": TO_ON,
        }
        for one in projects
        for place in (0, 1)
    ])  # fmt: skip
    session.execute(sa.insert(GoalFigure), [
        {"goal_id": goal, "on": SINCE + timedelta(days=90 * turn), "value": 9.0 - (goal + turn) % 5 / 4, "at": NOW}
        for goal in goals
        if goal % 10
        for turn in range(1, 7)
    ])  # fmt: skip


def _add_visits(session: Session, made: Made) -> None:
    states = [state for state in VisitState if state is not VisitState.ACCEPTED]
    visits = add_all(session, Visit, [
        {
            "organiser_id": made.organiser_id, "programme_id": made.programme_id, "organisation_id": made.members[n].id,
            "position_id": made.positions[4 * n], "account_id": made.account_ids[n % 3], "kind": VisitKind.ADVISER,
            "wish": "Vi vil gjerne ha besøk.", "place": "Rådhuset", "state": states[n % len(states)],
            "form_token": f"visit-{n}", "created_at": NOW,
        }
        for n in range(VISITS)
    ])  # fmt: skip
    session.execute(sa.insert(VisitTime), [
        {
            "visit_id": one, "starts_local": datetime(2008, 10, 6 + turn, 10), "ends_local": datetime(2008, 10, 6 + turn, 12)
        }
        for one in visits
        for turn in range(3)
    ])  # fmt: skip
    acts = (VisitAct.ASKED, VisitAct.TAKEN, VisitAct.OFFERED)
    session.execute(
        sa.insert(VisitChange), [{"visit_id": one, "act": act, "at": NOW} for one in visits for act in acts]
    )


def _invite(session: Session, made: Made, event: Event) -> None:
    """Everybody who stands for a member, asked to a gathering; a third have answered."""
    kept = keep_clauses([Clause(conditions=(Condition(kind=Kind.PROGRAMME, ids=(made.programme_id,)),))])
    session.add(AudienceRecord(
        organiser_id=made.organiser_id, name="Alle", clauses=kept, created_at=NOW, revised_at=NOW
    ))  # fmt: skip
    round_ = InvitationRound(
        organiser_id=made.organiser_id, event_id=event.id, clauses=kept, sent_at=NOW, created_at=NOW
    )  # fmt: skip
    session.add(round_)
    session.flush()
    states = (InvitationState.ASKED, InvitationState.ASKED, InvitationState.DECLINED)
    invitations = add_all(session, Invitation, [
        {
            "organiser_id": made.organiser_id, "event_id": event.id, "round_id": round_.id, "person_id": one,
            "organisation_id": made.members[n // 4].id, "name": name, "email": email, "email_key": email,
            "state": states[n % 3], "asked_at": ASKED, "opened_at": NOW if n % 2 else None, "created_at": NOW,
            "answered_at": NOW if n % 3 == 2 else None,
        }
        for n, (one, name, email) in enumerate(made.people)
    ])  # fmt: skip
    session.execute(sa.insert(InvitationChange), [
        {"invitation_id": one, "act": InvitationAct.ASKED, "at": ASKED, "actor": Actor.ORGANISER, "noticed_at": NOW}
        for one in invitations
    ])  # fmt: skip


def _add_group(session: Session, made: Made, number: int) -> list[Event]:
    """Ten who meet each month, with agendas and minutes."""
    group = add_group(
        session, organiser_id=made.organiser_id, name={"nb": f"Styringsgruppe {number + 1}"}, kind=GroupKind.STEERING,
        programme_id=made.programme_id,
    )  # fmt: skip
    session.execute(sa.insert(GroupMembership), [
        {"group_id": group.id, "person_id": one, "name": name, "email": email, "email_key": email, "from_on": SINCE}
        for one, name, email in made.people[10 * number : 10 * number + 10]
    ])  # fmt: skip
    held = []
    for month in range(MEETINGS):
        day = FIRST_ON + timedelta(days=365 + 30 * month)
        event = events.create(
            session, organiser_id=made.organiser_id,
            facts=EventFacts(EventType.MEETING, {"nb": f"Møte {month + 1}"}, programme_id=made.programme_id,
                             by_invitation=True, is_closed=True),
            clauses=[ClauseFacts(ClauseKind.GROUP, group_id=group.id)],
            runs=[RunFacts(Precision.EXACT, day, day, time(10), time(12))], base_url=BASE_URL, now=NOW,
        )  # fmt: skip
        events.publish(session, event, now=NOW)
        held.append(event)
    of_all = {"organiser_id": made.organiser_id}
    session.execute(sa.insert(MeetingItem), [
        {**of_all, "event_id": event.id, "position": place, "kind": ItemKind.DECISION, "title": f"Sak {place + 1}",
         "outcome": "Tatt til etterretning."}
        for event in held
        for place in range(8)
    ])  # fmt: skip
    session.execute(sa.insert(MeetingMinutes), [
        {**of_all, "event_id": event.id, "state": MinutesState.OUT, "at": NOW} for event in held[:6]
    ])  # fmt: skip
    return held
