"""A saved audience and an invitation of each organiser, and the addresses of both."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences import actions as audiences
from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.rules import Clause, Condition, Kind
from eventsys.events.models import Event
from eventsys.extensions import db
from eventsys.invitations.actions import RoundFacts, plan_round
from eventsys.invitations.links import invitation_token
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.invitations.rules import InvitationState
from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import find_or_add_person
from tests.world import NOW

OF_AUDIENCES = (
    "audience", "read_audience", "edit_audience", "update_audience", "confirm_remove_audience", "remove_audience",
)  # fmt: skip


def add_invitation_things(session: Session, event: Event, marker: str) -> None:
    """An audience of those who are signed up, a round to it, and somebody who has been asked by it."""
    clauses = (Clause(conditions=(Condition(kind=Kind.REGISTERED, ids=(event.id,)),)),)
    row = audiences.save(
        session, organiser_id=event.organiser_id, name=f"{marker}-kladd", clauses=clauses, account_id=None, now=NOW
    )
    facts = RoundFacts(clauses, audience_id=row.id, follows=True)
    round_id = plan_round(session, event, facts, now=NOW).id
    email = f"{marker}-invitert@kommune.example"
    session.add(
        Invitation(
            organiser_id=event.organiser_id, event_id=event.id, round_id=round_id, name=f"{marker}-person",
            person_id=find_or_add_person(session, email=email, name=f"{marker}-person", now=NOW), email=email,
            email_key=email_key(email), language="nb", state=InvitationState.ASKED, asked_at=NOW, created_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def invitation_values(organiser_id: int, slug: str) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""

    def own(model: Any) -> Any:
        return db.session.scalars(sa.select(model).where(model.organiser_id == organiser_id)).one()

    audience, invitation = own(AudienceRecord).public_id, own(Invitation)
    asked = {"slug": slug, "public_id": invitation.public_id}
    return {
        "invitations": {"token": invitation_token(invitation)},
        **{f"workspace.{name}": {"public_id": audience} for name in OF_AUDIENCES},
        **{f"workspace.{name}": asked for name in ("take_back_invitation", "ask_again")},
        "workspace.stop_round": {"slug": slug, "public_id": own(InvitationRound).public_id},
        "workspace.preview_invitation": {"slug": slug, "code": "nb"},
    }
