"""The history of an invitation: a row for each act, which mail is made of where the invited are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from eventsys.invitations.models import Invitation, InvitationChange
from eventsys.invitations.rules import TOLD, InvitationAct
from eventsys.registrations.rules import Actor


def note_act(
    session: Session,
    invitations: Iterable[Invitation],
    act: InvitationAct,
    actor: Actor,
    *,
    account_id: int | None = None,
    now: datetime,
) -> None:
    """A row for each of the invitations, which have ids already."""
    noticed_at = None if act in TOLD else now
    for invitation in invitations:
        session.add(
            InvitationChange(
                invitation_id=invitation.id,
                act=act,
                at=now,
                actor=actor,
                account_id=account_id,
                noticed_at=noticed_at,
            )
        )
    session.flush()
