"""Erases what organisers' work leaves of people: unsaved forms, invitations of colleagues, addresses of those who speak
at an event or answer for it, who was at a meeting."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import AccountInvitation, FormDraft
from eventsys.events.models import EventContact, EventSession, MeetingItem, MeetingMinutes, SessionSpeaker, Speaker
from eventsys.workflows.enclosures import remove_files
from eventsys.workflows.models import MailCopy, MailTemplate
from eventsys.workflows.retention.periods import ERASED, SIGN_IN, Groups, delete, for_each, select_going_on, update


def erase_work(session: Session, groups: Groups, *, now: datetime, real_now: datetime) -> dict[str, int]:
    """Unsaved forms and invitations of colleagues go a month after; the address of somebody who speaks the organiser's
    period after the last time; those who answer for an event, those who got copies of its letters, and the letters'
    files, with the event's own mails. Of a meeting the agenda and what was decided stay, and who was there goes."""
    goes_on = select_going_on(groups, now.date())
    still_asked = sa.func.coalesce(AccountInvitation.ended_at, AccountInvitation.expires_at)
    return {
        "unsaved forms": delete(session, FormDraft, FormDraft.saved_at < real_now - SIGN_IN),
        "invitations of colleagues": delete(session, AccountInvitation, still_asked < real_now - SIGN_IN),
        "speakers": _erase_speakers(session, groups, now, goes_on),
        "people who answer for events": delete(session, EventContact, EventContact.event_id.not_in(goes_on)),
        "copies": delete(session, MailCopy, MailCopy.template_id.in_(_over(goes_on))),
        "files of letters": remove_files(session, _over(goes_on)),
        "people at meetings": _erase_meetings(session, goes_on),
    }


def _erase_speakers(session: Session, groups: Groups, now: datetime, goes_on: sa.Select[int]) -> int:
    """The name, which was public, stays in the programme."""
    speaks = (
        sa.select(SessionSpeaker.speaker_id)
        .join(EventSession, EventSession.id == SessionSpeaker.session_id)
        .where(EventSession.event_id.in_(goes_on))
    )
    is_old = for_each(groups, Speaker.organiser_id, lambda period: Speaker.created_at < now - period)
    return update(
        session, Speaker, Speaker.email_key != ERASED, is_old, Speaker.id.not_in(speaks), email=ERASED, email_key=ERASED
    )


def _erase_meetings(session: Session, goes_on: sa.Select[int]) -> int:
    spoke = MeetingItem.presenter != ERASED, MeetingItem.event_id.not_in(goes_on)
    came = MeetingMinutes.present != ERASED, MeetingMinutes.event_id.not_in(goes_on)
    return update(session, MeetingItem, *spoke, presenter=ERASED) + update(
        session, MeetingMinutes, *came, present=ERASED
    )


def _over(goes_on: sa.Select[int]) -> sa.Select[int]:
    return sa.select(MailTemplate.id).where(MailTemplate.event_id.is_not(None), MailTemplate.event_id.not_in(goes_on))
