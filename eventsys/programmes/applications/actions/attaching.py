"""Files of an application: put up while it is written, or when a supplement is asked for; taken away until it is sent."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.files import StoredFile, forget, keep
from eventsys.programmes.applications.actions.locking import lock
from eventsys.programmes.applications.queries import list_versions
from eventsys.programmes.applications.rules import (
    MOST_FILES,
    ApplicationState,
    CannotBeDone,
    FileKind,
    TooMany,
)
from eventsys.programmes.models import Application, ApplicationFile

TAKES_FILES = (ApplicationState.DRAFT, ApplicationState.SUPPLEMENT)


def add_file(
    session: Session, application: Application, *, kind: FileKind, name: str, content: bytes, now: datetime
) -> ApplicationFile:
    """Keeps a file; what comes after the sending is a supplement whatever it is called. Raises `CannotBeDone`, `TooMany`
    and `files.FileIsRefused`."""
    application = lock(session, application.id)
    if application.state not in TAKES_FILES:
        raise CannotBeDone
    count = session.scalar(
        sa.select(sa.func.count()).select_from(ApplicationFile).filter_by(application_id=application.id)
    )
    if (count or 0) >= MOST_FILES:
        raise TooMany
    stored = keep(session, name=name, content=content, now=now)
    late = application.state is ApplicationState.SUPPLEMENT
    return _add(session, application, stored, FileKind.SUPPLEMENT if late else kind, count or 0, now)


def _add(
    session: Session, application: Application, stored: StoredFile, kind: FileKind, position: int, now: datetime
) -> ApplicationFile:
    file = ApplicationFile(application_id=application.id, file_id=stored.id, kind=kind, position=position, added_at=now)
    session.add(file)
    session.flush()
    return file


def remove_file(session: Session, application: Application, file: ApplicationFile) -> None:
    """Takes away a file that no version holds. Raises `CannotBeDone`."""
    application = lock(session, application.id)
    sent = {one["public_id"] for version in list_versions(session, application.id) for one in version.facts["files"]}
    if application.state not in TAKES_FILES or str(file.public_id) in sent:
        raise CannotBeDone
    session.delete(file)
    session.flush()
    forget(session, file.file_id)


def copy_files(session: Session, old: Application, new: Application, *, now: datetime) -> None:
    """The same files for an application that begins where another was withdrawn; each has bytes of its own."""
    rows = session.execute(
        sa.select(ApplicationFile, StoredFile)
        .join(StoredFile, StoredFile.id == ApplicationFile.file_id)
        .where(ApplicationFile.application_id == old.id)
        .order_by(ApplicationFile.position, ApplicationFile.id)
    ).all()
    for position, row in enumerate(rows):
        stored = keep(session, name=row.StoredFile.name, content=row.StoredFile.content, now=now)
        late = row.ApplicationFile.kind is FileKind.SUPPLEMENT
        kind = FileKind.ATTACHMENT if late else row.ApplicationFile.kind
        _add(session, new, stored, kind, position, now)
