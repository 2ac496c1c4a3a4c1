"""What is kept about people, and until when: erases all that has had its time, in every table that holds a person."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.actions import erase_words
from eventsys.accounts.models import SignedIn
from eventsys.events.models import Event, Run
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression
from eventsys.obligations.erasing import erase_excuses
from eventsys.registrations.models import Registration, SensitiveAccess
from eventsys.tokens import OneTimeToken
from eventsys.visits.erasing import erase_words as erase_words_of_visits
from eventsys.workflows.models import MailCause
from eventsys.workflows.retention import people, seats
from eventsys.workflows.retention.applications import erase_cases
from eventsys.workflows.retention.cases import select_mails_over
from eventsys.workflows.retention.periods import (
    ERASED,
    SIGN_IN,
    STRAY,
    Groups,
    count,
    delete,
    for_each,
    is_long_over,
    read_periods,
)
from eventsys.workflows.retention.workspace import erase_work

TO_ONESELF = ("sign_in", "team_invitation", "own_pages", "contact", "contact_confirmed")
OF_WORK = (
    "contract_deadline",
    "network_draft",
    "brochure_ordered",
    "brochure_sent",
    "brochure_declined",
    "group_link",
    "group_minutes",
    "visit_asked",
    "visit_offered",
    "visit_declined",
)
"""The mails with a link that somebody asked for, and those about organisers' work and orders of brochures."""


def erase_expired(session: Session, *, now: datetime, real_now: datetime) -> dict[str, int]:
    """Erases what has had its time and says how many rows of each kind; a second call finds nothing more.

    When the organiser's ordinary period after a run is over its registrations and mails lose name, address and content,
    and stay as numbers, with the sessions and nights that they had; answers and what was written about them go. So do the
    people, texts, files and mails of a case, that period after it was refused or withdrawn or its programme ended.
    Unions, sensitive answers and answers with a day of their own go on it, and so do the words of the log. Sign-in mails,
    links and sessions go a month after,
    by real time. What came back goes with its mail, or after three months if it is about none; a block of an address goes
    with the last mail to it.
    """
    periods = read_periods(session)
    ordinary = periods.ordinary
    over = sa.select(Run.id).where(is_long_over(ordinary, now.date()))
    counts = seats.erase_on_their_day(session, now=now)
    counts["mails"] = _erase_mails(session, over)
    counts["mails about cases"] = _erase(session, select_mails_over(ordinary, now.date()))
    counts |= seats.erase_over(session, over, now=now)
    counts |= people.erase_positions(session, periods, now=now)
    counts |= erase_work(session, ordinary, now=now, real_now=real_now)
    counts |= erase_cases(session, ordinary, now=now, real_now=real_now)
    counts |= _erase_promised(session, ordinary, now)
    counts["people"] = people.erase_people(session, now=now)
    counts["looks"] = delete(session, SensitiveAccess, _is_old_look(ordinary, now))
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


def _erase_promised(session: Session, groups: Groups, now: datetime) -> dict[str, int]:
    """The words of excuses and visits."""
    excuses = visits = 0
    for period, ids in groups:
        excuses += erase_excuses(session, before=now.date() - period, organiser_ids=ids)
        visits += erase_words_of_visits(session, before=now - period, organiser_ids=ids)
    return {"excuses": excuses, "visits": visits}


def _is_old_look(groups: Groups, now: datetime) -> sa.ColumnElement[bool]:
    its = sa.select(Event.organiser_id).where(Event.id == SensitiveAccess.event_id).scalar_subquery()
    return for_each(groups, its, lambda period: SensitiveAccess.at < now - period)


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
    return _erase(session, sa.select(MailCause.outbox_id).where(MailCause.outbox_id.not_in(kept)))


def _erase(session: Session, mails: sa.Select[int]) -> int:
    """They stay as numbers: to nobody, about nothing. How many."""
    erased = {"email": ERASED, "email_key": ERASED, "name": ERASED, "subject": None, "text": None}
    return count(
        session.execute(
            sa.update(OutboxMessage)
            .where(OutboxMessage.id.in_(mails), OutboxMessage.email_key != ERASED)
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
