"""Who writes an application: the one who begins it, colleagues whom they ask, and those who leave."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.mailing.outbox import insert_into
from eventsys.programmes.applications.actions.attaching import copy_files
from eventsys.programmes.applications.actions.locking import lock, note_act
from eventsys.programmes.applications.actions.writing import copy_content
from eventsys.programmes.applications.queries import count_invited, find_live, list_members
from eventsys.programmes.applications.rules import (
    MOST_MEMBERS,
    ApplicationState,
    CannotBeDone,
    IsTooLate,
    TooMany,
    is_in_time,
)
from eventsys.programmes.calls.rules import CallState, CaseAct
from eventsys.programmes.models import (
    Application,
    ApplicationDraft,
    ApplicationMember,
    Call,
    CallRecipient,
    CaseChange,
)

LINK_AGAIN = timedelta(minutes=10)
"""How long who asks twice for the link gets it once."""


def begin(
    session: Session,
    call: Call,
    organisation_id: int,
    *,
    recipient: CallRecipient | None,
    name: str,
    email: str,
    language: str,
    now: datetime,
) -> ApplicationMember:
    """The member who now writes the organisation's application, which begins if there is none. Who begins it second joins
    it; who has a part in it already gets the link once more. Raises `IsTooLate` and `TooMany`."""
    require_open(call, now)
    application = _find_or_begin(session, call, organisation_id, recipient, language, now)
    member = _find_member(session, application, email)
    if member is not None:
        _send_link(session, application, member, now)
        return member
    people = list_members(session, application.id)
    member = _add(session, application, name, email, language, is_contact=not people, count=len(people), now=now)
    recipient_id = recipient.id if recipient else None
    note_act(session, application, CaseAct.BEGUN, member_id=member.id, recipient_id=recipient_id, now=now)
    return member


def begin_again(session: Session, member: ApplicationMember, *, now: datetime) -> ApplicationMember:
    """A new application in place of a withdrawn one, with what that said, its files and its writers. Raises `IsTooLate`;
    `CannotBeDone` where it is not withdrawn."""
    old = lock(session, member.application_id)
    call = session.get_one(Call, old.call_id)
    require_open(call, now)
    if old.state is not ApplicationState.WITHDRAWN:
        raise CannotBeDone
    is_new = find_live(session, call.id, old.organisation_id) is None
    again = begin(
        session, call, old.organisation_id, recipient=_recipient_of(session, old), name=member.name, email=member.email,
        language=member.language, now=now,
    )  # fmt: skip
    if is_new:
        application = lock(session, again.application_id)
        copy_content(session, old, application)
        copy_files(session, old, application, now=now)
        for other in list_members(session, old.id):
            if other.id != member.id:
                invite(session, application, again, name=other.name, email=other.email, now=now)
    return again


def _recipient_of(session: Session, application: Application) -> CallRecipient | None:
    return session.get(CallRecipient, application.recipient_id) if application.recipient_id else None


def require_open(call: Call, now: datetime) -> None:
    """Raises `IsTooLate` when the call takes no applications now."""
    if call.state is not CallState.OPEN or not is_in_time(now, call.closes_at):
        raise IsTooLate(now, call.closes_at)


def _find_or_begin(
    session: Session,
    call: Call,
    organisation_id: int,
    recipient: CallRecipient | None,
    language: str,
    now: datetime,
) -> Application:
    """Two who begin at once: the unique index lets one in, and the other finds what that one made."""
    values = {
        "organiser_id": call.organiser_id, "call_id": call.id, "organisation_id": organisation_id,
        "recipient_id": recipient.id if recipient else None, "state": ApplicationState.DRAFT, "edition": 1,
        "language": language, "created_at": now, "changed_at": now,
    }  # fmt: skip
    found = find_live(session, call.id, organisation_id)
    if found is None:
        session.execute(insert_into(session, Application).values(values).on_conflict_do_nothing())
        found = find_live(session, call.id, organisation_id)
    if found is None:
        raise CannotBeDone
    return lock(session, found.id)


def _find_member(session: Session, application: Application, email: str) -> ApplicationMember | None:
    mine = sa.select(ApplicationMember).filter_by(application_id=application.id, ended_at=None)
    return session.scalar(mine.filter_by(email_key=email_key(email)))


def _add(
    session: Session,
    application: Application,
    name: str,
    email: str,
    language: str,
    *,
    is_contact: bool = False,
    invited_by_id: int | None = None,
    count: int,
    now: datetime,
) -> ApplicationMember:
    if count >= MOST_MEMBERS:
        raise TooMany
    member = ApplicationMember(
        application_id=application.id, is_contact=is_contact, name=name, email=email, email_key=email_key(email),
        language=language, invited_by_id=invited_by_id, created_at=now,
    )  # fmt: skip
    session.add(member)
    session.flush()
    return member


def _send_link(session: Session, application: Application, member: ApplicationMember, now: datetime) -> None:
    lately = sa.select(CaseChange.id).where(CaseChange.member_id == member.id, CaseChange.at > now - LINK_AGAIN)
    given = (CaseAct.BEGUN, CaseAct.INVITED_COLLEAGUE, CaseAct.ASKED_FOR_LINK)
    if session.scalar(lately.where(CaseChange.act.in_(given)).limit(1)) is None:
        note_act(session, application, CaseAct.ASKED_FOR_LINK, member_id=member.id, now=now)


def invite(
    session: Session, application: Application, by: ApplicationMember, *, name: str, email: str, now: datetime
) -> ApplicationMember:
    """A colleague who writes too, from a link in a mail. Who writes already gets no second one. Raises `TooMany`."""
    application = lock(session, application.id)
    there = _find_member(session, application, email)
    if there is not None:
        return there
    count = len(list_members(session, application.id))
    if count_invited(session, application.id, since=now - timedelta(hours=1)) >= MOST_MEMBERS:
        raise TooMany
    member = _add(session, application, name, email, by.language, invited_by_id=by.id, count=count, now=now)
    facts = {"by": by.id}
    note_act(session, application, CaseAct.INVITED_COLLEAGUE, member_id=member.id, facts=facts, now=now)
    return member


def end_member(
    session: Session, application: Application, member: ApplicationMember, *, by: ApplicationMember, now: datetime
) -> bool:
    """The link of a colleague opens nothing from now on; False where it had ended. Raises `CannotBeDone` for the last."""
    lock(session, application.id)
    session.refresh(member)
    if member.ended_at is not None:
        return False
    if len(list_members(session, application.id)) == 1:
        raise CannotBeDone
    member.ended_at = now
    session.execute(sa.delete(ApplicationDraft).where(ApplicationDraft.member_id == member.id))
    facts = {"by": by.id}
    note_act(session, application, CaseAct.REMOVED_COLLEAGUE, member_id=member.id, facts=facts, now=now)
    return True
