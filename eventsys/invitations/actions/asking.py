"""What an organiser does with invitations that are out: reminds, takes back, asks again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.invitations.actions.answering import note_answers
from eventsys.invitations.actions.history import note_act
from eventsys.invitations.actions.releasing import release
from eventsys.invitations.models import Invitation
from eventsys.invitations.queries import list_to_nudge
from eventsys.invitations.rules import InvitationAct, InvitationState
from eventsys.registrations.actions import lock_event
from eventsys.registrations.rules import Actor


def nudge(session: Session, event: Event, *, account_id: int | None = None, now: datetime) -> int:
    """Reminds everybody who has not answered, at most once a day; says how many."""
    lock_event(session, event.id)
    note_answers(session, event.id, now=now)
    found = list_to_nudge(session, event.id, now=now)
    note_act(session, found, InvitationAct.NUDGED, Actor.ORGANISER, account_id=account_id, now=now)
    return len(found)


def withdraw(session: Session, invitation: Invitation, *, account_id: int | None = None, now: datetime) -> bool:
    """Takes it back, and what was held with it; False for one that was taken back or passed on, or whose seat stands."""
    lock_event(session, invitation.event_id)
    session.refresh(invitation)
    if invitation.state not in (InvitationState.ASKED, InvitationState.DECLINED, InvitationState.PLANNED):
        return False
    invitation.state = InvitationState.WITHDRAWN
    session.flush()
    note_act(session, [invitation], InvitationAct.WITHDRAWN, Actor.ORGANISER, account_id=account_id, now=now)
    release(session, invitation, now=now)
    return True


def ask_again(session: Session, invitation: Invitation, *, account_id: int | None = None, now: datetime) -> bool:
    """An invitation that was taken back, or answered with no, is sent once more; False for others."""
    lock_event(session, invitation.event_id)
    session.refresh(invitation)
    if invitation.state not in (InvitationState.WITHDRAWN, InvitationState.DECLINED):
        return False
    invitation.state, invitation.asked_at = InvitationState.ASKED, now
    invitation.answered_at, invitation.opened_at, invitation.words = None, None, ""
    session.flush()
    note_act(session, [invitation], InvitationAct.ASKED, Actor.ORGANISER, account_id=account_id, now=now)
    return True
