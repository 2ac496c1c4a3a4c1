"""What is kept about people, and until when: erases all that has had its time, in every table that holds a person."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.actions import erase_words
from eventsys.accounts.models import SignedIn
from eventsys.events.models import Run
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression
from eventsys.registrations.models import Registration, SensitiveAccess
from eventsys.tokens import OneTimeToken
from eventsys.workflows.models import MailCause
from eventsys.workflows.retention import people, seats
from eventsys.workflows.retention.periods import ERASED, ORDINARY, SIGN_IN, STRAY, count, delete, is_over
from eventsys.workflows.retention.workspace import erase_work

TO_ONESELF = ("sign_in", "team_invitation", "own_pages", "contact", "contact_confirmed")
OF_WORK = ("contract_deadline", "network_draft", "brochure_ordered", "brochure_sent", "brochure_declined")
"""The mails with a link that somebody asked for, and those about organisers' work and orders of brochures."""


def erase_expired(session: Session, *, now: datetime, real_now: datetime) -> dict[str, int]:
    """Erases what has had its time and says how many rows of each kind; a second call finds nothing more.

    Two years after a run its registrations and mails lose name, address and content, and stay as numbers, with the
    sessions and nights that they had; answers and what was written about them go. Unions, sensitive answers and answers
    with a day of their own go on it, and so do the words of the log. Sign-in mails, links and sessions go a month after,
    by real time. What came back goes with its mail, or after three months if it is about none; a block of an address goes
    with the last mail to it.
    """
    over = sa.select(Run.id).where(is_over(now.date() - ORDINARY))
    counts = seats.erase_on_their_day(session, now=now)
    counts["mails"] = _erase_mails(session, over)
    counts |= seats.erase_over(session, over, now=now)
    counts |= people.erase_positions(session, now=now)
    counts |= erase_work(session, now=now, real_now=real_now)
    counts["people"] = people.erase_people(session, now=now)
    counts["looks"] = delete(session, SensitiveAccess, SensitiveAccess.at < now - ORDINARY)
    to_oneself = sa.or_(
        OutboxMessage.template.in_((*TO_ONESELF, *OF_WORK)), OutboxMessage.reason_key.startswith("test/")
    )
    sign_in = sa.and_(to_oneself, OutboxMessage.created_at < now - SIGN_IN)
    counts["returned mails"] = delete(session, ReturnedMail, _is_over(sign_in, now))
    counts["sign-in mails"] = delete(session, OutboxMessage, sign_in)
    written_to = sa.exists().where(OutboxMessage.email_key == Suppression.email_key)
    counts["blocks"] = delete(session, Suppression, sa.and_(Suppression.category == "", ~written_to))
    counts["log"] = erase_words(session, on=now.date())
    counts["links"] = delete(session, OneTimeToken, OneTimeToken.expires_at < real_now - SIGN_IN)
    counts["sessions"] = delete(session, SignedIn, SignedIn.expires_at < real_now)
    return counts


def _is_over(sign_in: sa.ColumnElement[bool], now: datetime) -> sa.ColumnElement[bool]:
    """What came back about a mail that is erased already or is about to go, or long ago about none."""
    erased = sa.select(OutboxMessage.id).where(sa.or_(OutboxMessage.email_key == ERASED, sign_in))
    stray = sa.and_(ReturnedMail.outbox_id.is_(None), ReturnedMail.received_at < now - STRAY)
    return sa.or_(ReturnedMail.outbox_id.in_(erased), stray)


def _erase_mails(session: Session, over: sa.Select[int]) -> int:
    """A mail that also speaks of a later run is kept as long as that one; one about a whole event as long as its last."""
    goes_on = sa.select(Run.event_id).where(Run.id.not_in(over))
    about_event = sa.and_(MailCause.registration_id.is_(None), MailCause.event_id.in_(goes_on))
    kept = (
        sa.select(MailCause.outbox_id)
        .outerjoin(Registration, Registration.id == MailCause.registration_id)
        .where(sa.or_(Registration.run_id.not_in(over), about_event))
    )
    caused = sa.select(MailCause.outbox_id).where(MailCause.outbox_id.not_in(kept))
    erased = {"email": ERASED, "email_key": ERASED, "name": ERASED, "subject": None, "text": None}
    return count(
        session.execute(
            sa.update(OutboxMessage)
            .where(OutboxMessage.id.in_(caused), OutboxMessage.email_key != ERASED)
            .values(
                **erased,
                html=None,
                calendar=None,
                answer=None,
                reason_key=sa.literal("erased/") + sa.cast(OutboxMessage.id, sa.String()),
            )
            .execution_options(synchronize_session=False)
        )
    )
