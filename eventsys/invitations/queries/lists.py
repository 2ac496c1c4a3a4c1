"""What an organiser looks through: how an event's invitations stand, its rounds, the invitations page by page."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.audiences.models import AudienceRecord
from eventsys.invitations.models import Invitation, InvitationChange, InvitationRound
from eventsys.invitations.rules import LISTED_AT_ONCE, NUDGED_AT_MOST, InvitationAct, InvitationState, Shown
from eventsys.mailing.models import OutboxMessage, Suppression
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Organisation
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State

True_ = sa.ColumnElement[bool]


class Counted(NamedTuple):
    """How an event's invitations stand. `not_opened` and `unreachable` are among those without an answer."""

    asked: int
    accepted: int
    declined: int
    passed_on: int
    no_answer: int
    not_opened: int
    unreachable: int
    withdrawn: int


class ListedInvitation(NamedTuple):
    """An invitation as a row of a list; `seat` is the state of the seat it became, `passed_to` a colleague's name."""

    invitation: Invitation
    organisation: str | None
    seat: State | None
    passed_to: str | None
    nudged_at: datetime | None
    is_unreachable: bool


class RoundLine(NamedTuple):
    """A round with the name of its audience, how many it asked and how many of them said yes."""

    round: InvitationRound
    audience: str | None
    asked: int
    accepted: int


def is_unreachable() -> True_:
    """The condition that the address takes no mail: it is blocked, or the organiser's mail to it failed since it was
    asked."""
    blocked = sa.exists().where(Suppression.email_key == Invitation.email_key, Suppression.category == "")
    failed = sa.exists().where(
        OutboxMessage.organiser_id == Invitation.organiser_id,
        OutboxMessage.email_key == Invitation.email_key,
        OutboxMessage.state.in_((MailState.FAILED, MailState.SUPPRESSED)),
        OutboxMessage.created_at >= Invitation.asked_at,
    )
    return sa.or_(blocked, failed)


def _conditions() -> dict[Shown, True_]:
    asked = Invitation.state == InvitationState.ASKED
    return {
        Shown.NO_ANSWER: asked,
        Shown.NOT_OPENED: sa.and_(asked, Invitation.opened_at.is_(None)),
        Shown.UNREACHABLE: sa.and_(asked, is_unreachable()),
        Shown.ACCEPTED: Invitation.state == InvitationState.ACCEPTED,
        Shown.DECLINED: Invitation.state == InvitationState.DECLINED,
        Shown.PASSED_ON: Invitation.state == InvitationState.PASSED_ON,
        Shown.WITHDRAWN: Invitation.state == InvitationState.WITHDRAWN,
    }


def count_invitations(session: Session, event_id: int) -> Counted:
    """One statement, whatever there is."""
    found = _conditions()

    def count(shown: Shown) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((found[shown], 1), else_=0)), 0)

    of = (Shown.ACCEPTED, Shown.DECLINED, Shown.PASSED_ON, Shown.NO_ANSWER, Shown.NOT_OPENED)
    counts = [count(shown) for shown in (*of, Shown.UNREACHABLE, Shown.WITHDRAWN)]
    row = session.execute(sa.select(sa.func.count(), *counts).where(Invitation.event_id == event_id)).one()
    return Counted(*(int(value) for value in row))


def list_invitations(
    session: Session,
    event_id: int,
    *,
    shown: Shown | None = None,
    search: str = "",
    with_restricted: bool = True,
    limit: int = LISTED_AT_ONCE,
    offset: int = 0,
) -> list[ListedInvitation]:
    """Those from place `offset` on by organisation and name; with `search` those whose name, address or organisation
    has it. One more than `limit`, so that a page knows whether there is another.

    Without `with_restricted` representatives are left out: a search that finds one tells who it is.
    """
    colleague = aliased(Invitation)
    nudged = (
        sa.select(sa.func.max(InvitationChange.at))
        .where(InvitationChange.invitation_id == Invitation.id, InvitationChange.act == InvitationAct.NUDGED)
        .correlate(Invitation)
        .scalar_subquery()
    )
    statement = (
        sa.select(Invitation, Organisation.label, Registration.state, colleague.name, nudged, is_unreachable())
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Registration, Registration.id == Invitation.registration_id)
        .outerjoin(colleague, colleague.id == Invitation.passed_to_id)
        .where(Invitation.event_id == event_id)
        .order_by(sa.func.coalesce(Organisation.sort_key, "~"), Invitation.name, Invitation.id)
        .limit(limit + 1)
        .offset(offset)
    )
    if shown is not None:
        statement = statement.where(_conditions()[shown])
    if search:
        statement = statement.where(_has(search))
    if not with_restricted:
        statement = statement.where(Invitation.is_restricted.is_(False))
    return [ListedInvitation(*row) for row in session.execute(statement)]


def _has(search: str) -> True_:
    words = {search, search.title(), search.casefold()}
    texts = [Invitation.name, Organisation.label]
    found = [text.contains(word, autoescape=True) for text in texts for word in words]
    return sa.or_(Invitation.email_key.contains(search.casefold(), autoescape=True), *found)


def list_rounds(session: Session, event_id: int) -> list[RoundLine]:
    """The event's rounds, newest first, in one statement."""
    yes = sa.case((Invitation.state == InvitationState.ACCEPTED, 1), else_=0)
    statement = (
        sa.select(
            InvitationRound,
            AudienceRecord.name,
            sa.func.count(Invitation.id),
            sa.cast(sa.func.coalesce(sa.func.sum(sa.case((Invitation.id.is_(None), 0), else_=yes)), 0), sa.Integer()),
        )
        .outerjoin(Invitation, Invitation.round_id == InvitationRound.id)
        .outerjoin(AudienceRecord, AudienceRecord.id == InvitationRound.audience_id)
        .where(InvitationRound.event_id == event_id)
        .group_by(InvitationRound.id, AudienceRecord.name)
        .order_by(InvitationRound.id.desc())
    )
    return [RoundLine(*row) for row in session.execute(statement)]


def list_to_nudge(session: Session, event_id: int, *, now: datetime) -> list[Invitation]:
    """Who has not answered, and was neither asked nor reminded within a day."""
    lately = sa.exists().where(
        InvitationChange.invitation_id == Invitation.id,
        InvitationChange.act.in_((InvitationAct.NUDGED, InvitationAct.ASKED)),
        InvitationChange.at > now - NUDGED_AT_MOST,
    )
    statement = sa.select(Invitation).where(
        Invitation.event_id == event_id, Invitation.state == InvitationState.ASKED, sa.not_(lately)
    )
    return list(session.scalars(statement.order_by(Invitation.id)))
