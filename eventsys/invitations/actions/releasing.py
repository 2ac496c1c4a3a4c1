"""What an answer gives back: places that were held because somebody was invited."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.invitations.models import Invitation
from eventsys.invitations.rules import InvitationState
from eventsys.registrations.limits.invited import release_invited

STILL_COME = (InvitationState.PLANNED, InvitationState.ASKED, InvitationState.ACCEPTED)


def release(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """A person's own place after any answer: a seat counts by itself. An organisation's when nobody of it is left who has
    said yes or may."""
    if invitation.organisation_id is None:
        if invitation.person_id is not None:
            release_invited(session, invitation.event_id, person_ids=[invitation.person_id], now=now)
        return
    others = sa.exists().where(
        Invitation.event_id == invitation.event_id,
        Invitation.organisation_id == invitation.organisation_id,
        Invitation.state.in_(STILL_COME),
    )
    if not session.scalar(sa.select(others)):
        release_invited(session, invitation.event_id, organisation_ids=[invitation.organisation_id], now=now)
