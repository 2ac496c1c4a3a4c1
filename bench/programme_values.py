"""What the addresses of `bench.programme_pages` hold in the database that was built."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.programme_world import NEXT, Made
from eventsys.audiences.models import AudienceRecord
from eventsys.events.models import Event, Series
from eventsys.invitations.models import Invitation
from eventsys.mailing.models import OutboxMessage
from eventsys.obligations.models import Obligation
from eventsys.organisations.models import Person, Position
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.models import (
    Application,
    ApplicationMember,
    Call,
    CallRecipient,
    DecisionLetter,
    Group,
    GroupMembership,
    Network,
    Project,
    ProjectGoal,
)
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.rules import State
from eventsys.tokens import Purpose, capability
from eventsys.venues.models import Venue
from eventsys.visits.models import Visit

WHICH = 6
"""Which of the members each page about one of them is of."""


def find_values(session: Session, made: Made, call: Call, meeting: Event) -> dict[str, str]:
    """Everything that stands in braces."""
    member = made.members[WHICH]
    return {
        "member": str(member.id),
        "number": str(member.number),
        "county": str(member.county),
        "call": call.slug,
        "meeting": meeting.slug,
        "event": made.events[NEXT].slug,
        "past": made.events[0].slug,
        "run": str(made.runs[NEXT].uid),
        "colleague": str(made.account_ids[0]),
        **_find_of_organisers(session, made),
        **_find_of_call(session, call, member.id),
        **_find_of_member(session, made, member.id),
    }


def _first(session: Session, column: Any, **known: Any) -> Any:
    return session.scalars(sa.select(column).filter_by(**known).order_by(column.class_.id)).first()


def _token(purpose: Purpose, public_id: uuid.UUID) -> str:
    return capability(purpose, public_id, 0)


def _find_of_organisers(session: Session, made: Made) -> dict[str, str]:
    found = {
        "audience": _first(session, AudienceRecord.public_id),
        "group": _first(session, Group.slug),
        "mail": _first(session, OutboxMessage.public_id),
        "network": _first(session, Network.slug),
        "obligation": _first(session, Obligation.public_id),
        "person": _first(session, Person.public_id, id=made.people[4 * WHICH + 1][0]),
        "series": _first(session, Series.slug),
        "venue": _first(session, Venue.slug),
        "group_link": _token(Purpose.GROUP, _first(session, GroupMembership.public_id)),
        "invitation": _token(Purpose.INVITATION, _first(session, Invitation.public_id)),
    }
    return {name: str(value) for name, value in found.items()}


def _find_of_call(session: Session, call: Call, member_id: int) -> dict[str, str]:
    sent, draft, decided = (
        session.scalars(sa.select(Application).filter_by(state=state).order_by(Application.id)).all()
        for state in (ApplicationState.SENT, ApplicationState.DRAFT, ApplicationState.ADMITTED)
    )
    writers = [_first(session, ApplicationMember.public_id, application_id=one.id) for one in (draft[0], sent[0])]
    recipient = _first(session, CallRecipient.public_id, call_id=call.id, organisation_id=member_id)
    return {
        "application": str(sent[0].public_id),
        "decided": str(decided[0].public_id),
        "compared": "&".join(f"id={one.public_id}" for one in sent[:4]),
        "letter": str(_first(session, DecisionLetter.public_id)),
        "writer": _token(Purpose.APPLICATION, writers[0]),
        "sent_writer": _token(Purpose.APPLICATION, writers[1]),
        "recipient": _token(Purpose.CALL, recipient),
    }


def _find_of_member(session: Session, made: Made, member_id: int) -> dict[str, str]:
    of_next = {"event_id": made.events[NEXT].id, "organisation_id": member_id}
    seat = _first(session, Registration.public_id, state=State.CONFIRMED, **of_next)
    delegation = _first(session, Delegation.public_id, **of_next)
    contact = _first(session, Position.public_id, id=made.positions[4 * WHICH])
    project = session.scalars(sa.select(Project).filter_by(organisation_id=member_id)).one()
    alike = sa.select(Project.public_id).where(Project.area == project.area, Project.id != project.id)
    return {
        "seat": str(seat),
        "delegated_seat": str(seat),
        "contact_seat": str(seat),
        "registration": _token(Purpose.REGISTRATION, seat),
        "delegation": _token(Purpose.DELEGATION, delegation),
        "contact": _token(Purpose.POSITION, contact),
        "position": str(contact),
        "project": str(project.public_id),
        "others_project": str(session.scalars(alike).first()),
        "goal": str(_first(session, ProjectGoal.public_id, project_id=project.id)),
        "visit": str(_first(session, Visit.public_id, organisation_id=member_id)),
    }
