"""Who got a call and how far each has come, with what became of the letter; one statement, however many they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow, Translated
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.queries import is_application_of
from eventsys.programmes.calls.rules import CallState, CaseAct, MailFate, Standing, find_standing
from eventsys.programmes.intake.queries import is_open_to
from eventsys.programmes.models import Application, Assessment, Call, CallRecipient, CaseChange
from eventsys.workflows.models import CaseCause

FATES = {
    None: MailFate.NONE,
    MailState.QUEUED: MailFate.QUEUED,
    MailState.SENDING: MailFate.QUEUED,
    MailState.DEFERRED: MailFate.QUEUED,
    MailState.UNCERTAIN: MailFate.QUEUED,
    MailState.SENT: MailFate.SENT,
    MailState.FAILED: MailFate.FAILED,
    MailState.CANCELLED: MailFate.FAILED,
    MailState.SUPPRESSED: MailFate.FAILED,
}

UNDECIDED = (ApplicationState.SENT, ApplicationState.SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class Row:
    """One that got the call; `words` go with its no."""

    label: str
    number: str
    county: str
    email: str
    language: str
    standing: Standing
    at: datetime | None
    words: str


def list_recipients(session: Session, call_id: int) -> list[Row]:
    """All of them, by name."""
    mail = (
        sa.select(CaseChange.recipient_id, sa.func.max(CaseCause.outbox_id).label("outbox_id"))
        .join(CaseCause, CaseCause.change_id == CaseChange.id)
        .where(CaseChange.call_id == call_id, CaseChange.act == CaseAct.CALLED, CaseCause.is_copy.is_(False))
        .group_by(CaseChange.recipient_id)
        .subquery()
    )
    statement = (
        sa.select(
            Organisation.label, Organisation.number, Organisation.county, CallRecipient.email, CallRecipient.language,
            CallRecipient.opened_at, CallRecipient.declined_at, CallRecipient.words,
            Application.created_at.label("begun_at"), Application.sent_at, OutboxMessage.state,
        )
        .select_from(CallRecipient)
        .join(Organisation, Organisation.id == CallRecipient.organisation_id)
        .outerjoin(Application, is_application_of(CallRecipient))
        .outerjoin(mail, mail.c.recipient_id == CallRecipient.id)
        .outerjoin(OutboxMessage, OutboxMessage.id == mail.c.outbox_id)
        .where(CallRecipient.call_id == call_id)
        .order_by(Organisation.sort_key, Organisation.id)
    )  # fmt: skip
    return [_read(row) for row in session.execute(statement)]


def _read(row: AnyRow) -> Row:
    standing = find_standing(
        has_mailbox=bool(row.email),
        fate=FATES[row.state],
        is_opened=row.opened_at is not None,
        is_declined=row.declined_at is not None,
        has_begun=row.begun_at is not None,
        has_sent=row.sent_at is not None,
    )
    at = {
        Standing.SENT: row.sent_at,
        Standing.BEGUN: row.begun_at,
        Standing.DECLINED: row.declined_at,
        Standing.OPENED: row.opened_at,
    }.get(standing)
    words = row.words if standing is Standing.DECLINED else ""
    return Row(row.label, row.number or "", row.county or "", row.email, row.language, standing, at, words)


def count_standings(rows: Iterable[Row]) -> Counter[Standing]:
    return Counter(row.standing for row in rows)


def choose(rows: Sequence[Row], *, standing: str, county: str, words: str) -> list[Row]:
    """Those that the filters of the address leave; a filter that is empty or unknown leaves all."""
    folded = words.casefold()
    return [
        row
        for row in rows
        if (not standing or standing not in set(Standing) or row.standing == standing)
        and (not county or row.county == county)
        and (not folded or folded in row.label.casefold() or row.number == words or folded in row.email.casefold())
    ]


# --- what waits for somebody ------------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """A call that waits for the account: a draft with what is not done, or one with applications that it has not read."""

    slug: str
    title: Translated
    to_assess: int


def list_waiting(session: Session, organiser_id: int, account_id: int) -> list[Waiting]:
    """The organiser's drafts, with nothing to assess, and the calls with applications that the account may read and has
    not assessed; one statement."""
    to_assess = (
        sa.select(sa.func.count(Application.id))
        .where(Application.call_id == Call.id, Application.state.in_(UNDECIDED), is_open_to(account_id))
        .where(~sa.exists().where(Assessment.application_id == Application.id, Assessment.account_id == account_id))
        .correlate(Call)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Call.slug, Call.title, to_assess)
        .where(Call.organiser_id == organiser_id)
        .where(sa.or_(Call.state == CallState.DRAFT, to_assess > 0))
        .order_by(Call.closes_at, Call.id)
    )
    return [Waiting(*row) for row in rows]
