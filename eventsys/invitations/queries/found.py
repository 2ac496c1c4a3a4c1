"""Finding one invitation: by its link, by its person, or as an organiser's own."""

from __future__ import annotations

import uuid
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event, Run
from eventsys.events.rules import RunStatus
from eventsys.invitations.links import check_invitation
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Delegation, Registration
from eventsys.tokens import public_id_of


class Opened(NamedTuple):
    """What a link opens: the invitation with its event and organiser, its organisation, the seat or the delegation that
    it became, and the name of who it was passed on to, as it was typed then: who was asked already stays unnamed."""

    invitation: Invitation
    event: Event
    organiser: Organiser
    organisation: Organisation | None
    registration: Registration | None
    delegation: Delegation | None
    passed_to: str | None


def find_open(session: Session, token: str) -> Opened | None:
    """The invitation that the link opens, answered and withdrawn ones too; None for no link of ours. Raises
    `LinkIsRevoked`."""
    public_id = public_id_of(token)
    if public_id is None:
        return None
    colleague = aliased(Invitation)
    typed = sa.case((colleague.created_at >= Invitation.answered_at, colleague.name))
    row = session.execute(
        sa.select(Invitation, Event, Organiser, Organisation, Registration, Delegation, typed)
        .join(Event, Event.id == Invitation.event_id)
        .join(Organiser, Organiser.id == Invitation.organiser_id)
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Registration, Registration.id == Invitation.registration_id)
        .outerjoin(Delegation, Delegation.id == Invitation.delegation_id)
        .outerjoin(colleague, colleague.id == Invitation.passed_to_id)
        .where(Invitation.public_id == public_id)
    ).one_or_none()
    return Opened(*row) if row is not None and check_invitation(token, row[0]) else None


def find_of_person(session: Session, event_id: int, person_id: int) -> Invitation | None:
    return session.scalar(sa.select(Invitation).filter_by(event_id=event_id, person_id=person_id))


def find_own(session: Session, public_id: uuid.UUID, *, event_id: int) -> Invitation | None:
    return session.scalar(sa.select(Invitation).filter_by(public_id=public_id, event_id=event_id))


def find_own_round(session: Session, public_id: uuid.UUID, *, event_id: int) -> InvitationRound | None:
    return session.scalar(sa.select(InvitationRound).filter_by(public_id=public_id, event_id=event_id))


def find_only_run(session: Session, event_id: int) -> Run | None:
    """The event's run, where it has one and no other that goes."""
    runs = session.scalars(
        sa.select(Run).where(Run.event_id == event_id, Run.status == RunStatus.PLANNED).limit(2)
    ).all()
    return runs[0] if len(runs) == 1 else None


def was_sent(session: Session, form_token: str) -> bool:
    """Whether this very form has made a registration or a delegation."""
    seat = sa.exists().where(Registration.form_token == form_token)
    delegation = sa.exists().where(Delegation.form_token == form_token)
    return bool(session.scalar(sa.select(sa.or_(seat, delegation))))
