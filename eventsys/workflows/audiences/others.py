"""The audiences that are people otherwise known: invited, speaking, in a saved audience, organising."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.queries import select_people
from eventsys.audiences.rules import Clause, read_clauses
from eventsys.events.models import Event, EventSession, Run, SessionSpeaker, Speaker
from eventsys.events.rules import RunStatus
from eventsys.invitations.models import Invitation
from eventsys.invitations.rules import InvitationState
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration
from eventsys.workflows.audiences.columns import NONE, NOT_OTHERWISE, Recipients
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import LIVE, Trigger


class Saved(NamedTuple):
    """An audience that an organiser has given a name: whose it is, and its clauses."""

    organiser_id: int
    clauses: Sequence[Clause]


def read_saved(session: Session, audience_id: int | None) -> Saved | None:
    """The saved audience of this id, as it is now."""
    row = session.get(AudienceRecord, audience_id) if audience_id is not None else None
    if row is None:
        return None
    return Saved(row.organiser_id, read_clauses(row.clauses) if row.clauses else ())


def keep_list(session: Session, rule: Rule) -> None:
    """Writes into a rule for one moment which audience its mail goes to: the saved one may be edited later."""
    row = session.get(AudienceRecord, rule.audience_id) if rule.audience_id is not None else None
    if row is not None and rule.trigger is Trigger.ABSOLUTE and rule.clauses != row.clauses:
        rule.clauses = list(row.clauses)


def select_saved(saved: Saved, event_id: int, on: date, *, without: bool) -> Recipients:
    """The people of a saved audience; `without`: those of them who have not signed up for the event."""
    if not saved.clauses:
        return select_invited(event_id).where(sa.false())  # taken away: nobody is in it
    found = select_people(saved.clauses, organiser_id=saved.organiser_id, on=on).subquery("saved")
    is_person = found.c.person_id.is_not(None)
    statement = sa.select(
        sa.literal(saved.organiser_id, sa.Integer()).label("organiser_id"),
        found.c.email,
        found.c.email_key,
        found.c.name,
        sa.func.coalesce(
            sa.func.nullif(found.c.language, ""),
            sa.select(Organiser.language).where(Organiser.id == saved.organiser_id).scalar_subquery(),
        ).label("language"),
        NONE.label("registration_id"),
        sa.case((is_person, NONE), else_=found.c.organisation_id).label("organisation_id"),
        NONE.label("invitation_id"),
        found.c.person_id.label("person_id"),
    ).where(found.c.email_key != "")
    if not without:
        return statement
    signed_up = sa.select(Registration.id).where(Registration.event_id == event_id, Registration.state.in_(LIVE))
    of_person = signed_up.where(Registration.person_id == found.c.person_id)
    of_mailbox = signed_up.where(Registration.organisation_id == found.c.organisation_id)
    return statement.where(sa.case((is_person, ~of_person.exists()), else_=~of_mailbox.exists()))


def select_invited(event_id: int) -> Recipients:
    """Who was asked and has not answered."""
    return (
        sa.select(
            Invitation.organiser_id,
            Invitation.email,
            Invitation.email_key,
            Invitation.name,
            sa.func.coalesce(sa.func.nullif(Invitation.language, ""), Organiser.language).label("language"),
            NONE.label("registration_id"),
            NONE.label("organisation_id"),
            Invitation.id.label("invitation_id"),
            NONE.label("person_id"),
        )
        .join(Organiser, Organiser.id == Invitation.organiser_id)
        .where(Invitation.event_id == event_id, Invitation.state == InvitationState.ASKED, Invitation.email_key != "")
    )


def select_speakers(event_id: int, run_id: int | None) -> Recipients:
    """Those with an address who speak at a session of the run, or of any that goes."""
    goes = sa.select(Run.id).where(Run.event_id == event_id, Run.status != RunStatus.CANCELLED)
    of_run = EventSession.run_id == run_id if run_id is not None else EventSession.run_id.in_(goes)
    return (
        sa.select(
            Speaker.organiser_id,
            Speaker.email,
            Speaker.email_key,
            Speaker.name,
            sa.func.coalesce(sa.func.nullif(Speaker.language, ""), Organiser.language).label("language"),
            NONE.label("registration_id"),
            *NOT_OTHERWISE,
        )
        .join(Organiser, Organiser.id == Speaker.organiser_id)
        .where(
            Speaker.email_key != "",
            Speaker.id.in_(
                sa.select(SessionSpeaker.speaker_id)
                .join(EventSession, EventSession.id == SessionSpeaker.session_id)
                .where(EventSession.event_id == event_id, of_run)
            ),
        )
    )


def select_organisers(event_id: int) -> Recipients:
    """The accounts of the organiser, but those that only open the door or read."""
    return (
        sa.select(
            Event.organiser_id,
            Account.email,
            Account.email_key,
            Account.name,
            Account.language,
            NONE.label("registration_id"),
            *NOT_OTHERWISE,
        )
        .select_from(Event)
        .join(Membership, Membership.organiser_id == Event.organiser_id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Event.id == event_id,
            Account.disabled_at.is_(None),
            Membership.role.in_((MemberRole.OWNER, MemberRole.ORGANISER)),
        )
    )
