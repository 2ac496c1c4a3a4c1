"""Reads about documents and brochures: which there are, in which languages, and one version's bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload, undefer

from eventsys.files import StoredFile
from eventsys.site.models import DocumentVersion, SiteDocument

WITH_VERSIONS = selectinload(SiteDocument.versions).joinedload(DocumentVersion.file)


def list_published(session: Session, *, now: datetime) -> Sequence[SiteDocument]:
    """What everybody may open, the newest first, with the versions."""
    statement = (
        sa.select(SiteDocument)
        .where(SiteDocument.published_at <= now)
        .options(WITH_VERSIONS)
        .order_by(SiteDocument.published_at.desc(), SiteDocument.id.desc())
    )
    return session.scalars(statement).all()


def find_published(session: Session, slug: str, *, now: datetime) -> SiteDocument | None:
    statement = sa.select(SiteDocument).where(SiteDocument.slug == slug, SiteDocument.published_at <= now)
    return session.scalar(statement.options(WITH_VERSIONS))


def list_own(session: Session, organiser_id: int) -> Sequence[SiteDocument]:
    """An organiser's own: what is not out yet first, then the newest."""
    order = (SiteDocument.published_at.is_not(None), SiteDocument.published_at.desc(), SiteDocument.id.desc())
    statement = sa.select(SiteDocument).where(SiteDocument.organiser_id == organiser_id)
    return session.scalars(statement.options(WITH_VERSIONS).order_by(*order)).all()


def find_own(session: Session, slug: str, *, organiser_id: int) -> SiteDocument | None:
    statement = sa.select(SiteDocument).where(SiteDocument.slug == slug, SiteDocument.organiser_id == organiser_id)
    return session.scalar(statement.options(WITH_VERSIONS))


def list_newest(document: SiteDocument) -> list[DocumentVersion]:
    """The newest version in each language that there is one in, in the order of the languages."""
    newest: dict[str, DocumentVersion] = {}
    for version in document.versions:
        newest.setdefault(version.language, version)
    return [newest[code] for code in ("nb", "nn", "en") if code in newest]


def find_file(
    session: Session, slug: str, language: str, *, now: datetime | None = None, organiser_id: int | None = None
) -> StoredFile | None:
    """The bytes of the newest version in this language: of one that is out at `now`, or of the organiser's own."""
    whose = SiteDocument.organiser_id == organiser_id if now is None else SiteDocument.published_at <= now
    return session.scalar(
        sa.select(StoredFile)
        .join(DocumentVersion, DocumentVersion.file_id == StoredFile.id)
        .join(SiteDocument, SiteDocument.id == DocumentVersion.document_id)
        .where(SiteDocument.slug == slug, DocumentVersion.language == language, whose)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
        .options(undefer(StoredFile.content))
    )
