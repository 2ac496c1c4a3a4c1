"""Verbs of documents and brochures. The caller owns the transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import files
from eventsys.events.rules import first_free, make_slug
from eventsys.site.models import DocumentVersion, SiteDocument
from eventsys.site.rules import DocumentFacts, EditedMeanwhile


def add(session: Session, *, organiser_id: int, facts: DocumentFacts, now: datetime) -> SiteDocument:
    """A new document without a version yet, with an address of its own."""
    slug = make_slug(list(facts.title.values())[:1], fallback="document")
    near = sa.select(SiteDocument.slug).where(SiteDocument.slug.startswith(slug, autoescape=True))
    document = SiteDocument(
        organiser_id=organiser_id,
        slug=first_free(slug, set(session.scalars(near))),
        created_at=now,
        revised_at=now,
        **_columns(facts),
    )
    session.add(document)
    session.flush()
    return document


def edit(session: Session, document: SiteDocument, *, facts: DocumentFacts, edition: int, now: datetime) -> None:
    """Raises `EditedMeanwhile` where somebody else has saved it since this form was opened."""
    if edition != document.edition:
        raise EditedMeanwhile
    for name, value in _columns(facts).items():
        setattr(document, name, value)
    document.edition += 1
    document.revised_at = now
    session.flush()


def add_version(
    session: Session,
    document: SiteDocument,
    *,
    language: str,
    name: str,
    content: bytes,
    account_id: int | None = None,
    now: datetime,
) -> int:
    """The number of the new version, which is from now on the one that is opened. Raises a `files.FileIsRefused`."""
    file = files.keep(session, name=name, content=content, now=now)
    of_language = sa.select(sa.func.max(DocumentVersion.number)).where(
        DocumentVersion.document_id == document.id, DocumentVersion.language == language
    )
    number = (session.scalar(of_language) or 0) + 1
    session.add(
        DocumentVersion(
            document_id=document.id, language=language, number=number, file_id=file.id, at=now, account_id=account_id
        )
    )
    document.revised_at = now
    session.flush()
    return number


def _columns(facts: DocumentFacts) -> dict[str, object]:
    return {
        "kind": facts.kind,
        "title": facts.title,
        "summary": facts.summary,
        "on_paper": facts.on_paper,
        "most_copies": facts.most_copies,
        "published_at": facts.published_at,
    }
