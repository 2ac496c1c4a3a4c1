"""Files that go with every mail of an organiser's text: put up, taken away, found for a batch. The caller owns the
transaction. Above a limit of them all mails carry links instead."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import files
from eventsys.files import StoredFile
from eventsys.mailing.files import make_part
from eventsys.workflows.models import MailAttachment, MailTemplate

MOST_FILES = 10
MOST_ATTACHED = 5 * 2**20
"""How big the files of a text may be together to be attached, where no setting says otherwise."""


class TooManyFiles(Exception):
    """A text has at most `MOST_FILES`."""


class Enclosure(NamedTuple):
    """A file of a text, without its bytes."""

    public_id: uuid.UUID
    file_id: int
    name: str
    media_type: str
    size: int


def are_attached(enclosures: Sequence[Enclosure], most: int) -> bool:
    """Whether they go with the mail itself; else it has a link to each."""
    return sum(one.size for one in enclosures) <= most


def find_enclosures(session: Session, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], list[Enclosure]]:
    """For each organiser's id and text those of it in their order; a text without any is no key. One statement."""
    found: dict[tuple[int, str], list[Enclosure]] = {}
    if not wanted:
        return found
    rows = session.execute(
        sa.select(
            MailTemplate.organiser_id,
            MailTemplate.key,
            MailAttachment.public_id,
            StoredFile.id,
            StoredFile.name,
            StoredFile.media_type,
            StoredFile.size,
        )
        .join(MailAttachment, MailAttachment.template_id == MailTemplate.id)
        .join(StoredFile, StoredFile.id == MailAttachment.file_id)
        .where(sa.tuple_(MailTemplate.organiser_id, MailTemplate.key).in_(list(wanted)))
        .order_by(MailAttachment.position, MailAttachment.id)
    )
    for row in rows:
        found.setdefault((row[0], row[1]), []).append(Enclosure(*row[2:]))
    return found


def make_parts(
    session: Session, wanted: Collection[tuple[int, str]], *, most: int
) -> dict[tuple[int, str], tuple[bytes, ...]]:
    """The files that are attached to the mails of these texts, each as a part of a message. Two statements."""
    attached = {key: each for key, each in find_enclosures(session, wanted).items() if are_attached(each, most)}
    ids = sorted({one.file_id for each in attached.values() for one in each})
    if not ids:
        return {}
    rows = session.execute(sa.select(StoredFile.id, StoredFile.content).where(StoredFile.id.in_(ids)))
    content: dict[int, bytes] = {row.id: row.content for row in rows}
    return {
        key: tuple([make_part(one.name, one.media_type, content[one.file_id]) for one in each])
        for key, each in attached.items()
    }


def find_file(session: Session, public_id: uuid.UUID) -> StoredFile | None:
    """The file that a link in a mail leads to."""
    return session.scalar(
        sa.select(StoredFile)
        .join(MailAttachment, MailAttachment.file_id == StoredFile.id)
        .where(MailAttachment.public_id == public_id)
    )


def add_file(session: Session, template: MailTemplate, *, name: str, content: bytes, now: datetime) -> Enclosure:
    """Raises a `files.FileIsRefused`, and `TooManyFiles`. The template's row is locked, so that two at once take turns."""
    session.execute(sa.select(MailTemplate.id).where(MailTemplate.id == template.id).with_for_update())
    places = session.scalars(sa.select(MailAttachment.position).where(MailAttachment.template_id == template.id)).all()
    if len(places) >= MOST_FILES:
        raise TooManyFiles
    file = files.keep(session, name=name, content=content, now=now)
    row = MailAttachment(template_id=template.id, file_id=file.id, position=max(places, default=-1) + 1)
    session.add(row)
    session.flush()
    return Enclosure(row.public_id, file.id, file.name, file.media_type, file.size)


def remove_file(session: Session, template: MailTemplate, public_id: uuid.UUID) -> str | None:
    """The name of the file that was taken away; None if the text has none of that id."""
    of_it = (MailAttachment.template_id == template.id, MailAttachment.public_id == public_id)
    row = session.scalar(sa.select(MailAttachment).where(*of_it))
    if row is None:
        return None
    file_id = row.file_id
    name = session.scalar(sa.select(StoredFile.name).where(StoredFile.id == file_id))
    session.delete(row)
    session.flush()
    files.forget(session, file_id)
    return name


def remove_files(session: Session, templates: sa.Select[int]) -> int:
    """All of these texts, with their bytes; how many. Links to them stop working."""
    of_them = MailAttachment.template_id.in_(templates)
    ids = session.scalars(sa.select(MailAttachment.file_id).where(of_them)).all()
    session.execute(sa.delete(MailAttachment).where(of_them).execution_options(synchronize_session=False))
    if ids:
        gone = sa.delete(StoredFile).where(StoredFile.id.in_(ids))
        session.execute(gone.execution_options(synchronize_session=False))
    return len(ids)
