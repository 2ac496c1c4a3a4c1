"""Reads for the language report: counts by language, of one organiser and one year."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm
from eventsys.programmes.models import Call, CallRecipient
from eventsys.site.models import DocumentVersion, NewsItem, SiteDocument
from eventsys.workflows.models import MailCause

LATEST = timedelta(days=31)
"""So long after it was due a mail may still be sent; what is due is indexed."""


def count_mails(session: Session, organiser_id: int, since: datetime, until: datetime) -> dict[str, int]:
    """All mails that were sent, by language."""
    statement = sa.select(OutboxMessage.language, sa.func.count()).where(*_sent(organiser_id, since, until))
    return dict(session.execute(statement.group_by(OutboxMessage.language)).all())


def count_to_organisations(
    session: Session, organiser_id: int, since: datetime, until: datetime
) -> dict[LanguageForm, Counter[str]]:
    """Mails to the official mailboxes of organisations, by the form that each has chosen and the language of the mail: of
    letters in a case the form as it was then."""
    found: dict[LanguageForm, Counter[str]] = defaultdict(Counter)
    of_events = (
        sa.select(Organisation.language_form, OutboxMessage.language, sa.func.count(OutboxMessage.id.distinct()))
        .join(MailCause, MailCause.outbox_id == OutboxMessage.id)
        .join(Organisation, Organisation.id == MailCause.organisation_id)
        .where(*_sent(organiser_id, since, until))
        .group_by(Organisation.language_form, OutboxMessage.language)
    )
    of_calls = (
        sa.select(CallRecipient.form, CallRecipient.language, sa.func.count())
        .join(Call, Call.id == CallRecipient.call_id)
        .where(Call.organiser_id == organiser_id, CallRecipient.email != "")
        .where(CallRecipient.created_at >= since, CallRecipient.created_at < until)
        .group_by(CallRecipient.form, CallRecipient.language)
    )
    for statement in (of_events, of_calls):
        for form, language, how_many in session.execute(statement):
            found[form][language] += how_many
    return dict(found)


def _sent(organiser_id: int, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OutboxMessage.organiser_id == organiser_id,
        OutboxMessage.due_at >= since - LATEST,
        OutboxMessage.due_at < until,
        OutboxMessage.state == MailState.SENT,
        OutboxMessage.sent_at >= since,
        OutboxMessage.sent_at < until,
    )


def count_published(session: Session, organiser_id: int, since: datetime, until: datetime) -> dict[str, Counter[str]]:
    """By kind: texts of events, news and documents that came out in the time, by the languages that they are in."""
    news = sa.select(NewsItem.title).where(
        NewsItem.organiser_id == organiser_id, NewsItem.published_at >= since, NewsItem.published_at < until
    )
    events = sa.select(Event.title).where(
        Event.organiser_id == organiser_id, Event.status != EventStatus.DRAFT, sa.not_(Event.is_closed),
        Event.created_at >= since, Event.created_at < until,
    )  # fmt: skip
    documents = (
        sa.select(DocumentVersion.language, sa.func.count())
        .join(SiteDocument, SiteDocument.id == DocumentVersion.document_id)
        .where(SiteDocument.organiser_id == organiser_id, SiteDocument.published_at.is_not(None))
        .where(DocumentVersion.at >= since, DocumentVersion.at < until)
        .group_by(DocumentVersion.language)
    )
    return {
        "events": _count_languages(session.scalars(events)),
        "news": _count_languages(session.scalars(news)),
        "documents": Counter(dict(session.execute(documents).all())),
    }


def _count_languages(texts: Any) -> Counter[str]:
    return Counter(language for text in texts for language, words in text.items() if words)


def list_years(session: Session, organiser_id: int) -> list[int]:
    """From the year of the first mail that was due to that of the last, newest first."""
    ends = sa.select(sa.func.min(OutboxMessage.due_at), sa.func.max(OutboxMessage.due_at))
    first, last = session.execute(ends.where(OutboxMessage.organiser_id == organiser_id)).one()
    return [] if first is None else list(range(last.year, first.year - 1, -1))
