"""The bytes of files that organisers put up, kept once, and what is refused. Who may open one is its owner's to say."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from eventsys.extensions import Base
from eventsys.filetypes import MEDIA_TYPES, clean_name, ending_of, sniff

MOST_BYTES = 20 * 2**20
KINDS = frozenset(MEDIA_TYPES)


class StoredFile(Base):
    """A file's bytes with the name it came with and the type that its content is."""

    __tablename__ = "stored_files"
    __table_args__ = (sa.CheckConstraint("size > 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    created_at: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


class FileIsRefused(Exception):
    """A file that is not kept; the classes below say why."""


class FileIsEmpty(FileIsRefused):
    """No bytes at all."""


class FileIsTooBig(FileIsRefused):
    """More than `MOST_BYTES`."""


class FileIsOfAnotherKind(FileIsRefused):
    """Its content is none of the kinds that are taken, or not what its name says."""


def keep(session: Session, *, name: str, content: bytes, now: datetime, kinds: Collection[str] = KINDS) -> StoredFile:
    """A new row for these bytes. `kinds` are endings of `filetypes.MEDIA_TYPES`. Raises a `FileIsRefused`."""
    if not content:
        raise FileIsEmpty
    if len(content) > MOST_BYTES:
        raise FileIsTooBig
    kind = sniff(content)
    if kind not in kinds or ending_of(name) != kind:
        raise FileIsOfAnotherKind(kind)
    file = StoredFile(
        name=clean_name(name), media_type=MEDIA_TYPES[kind], size=len(content), created_at=now, content=content
    )
    session.add(file)
    session.flush()
    return file


def forget(session: Session, file_id: int) -> None:
    """Removes a file's bytes; whoever points at it has let go."""
    session.execute(sa.delete(StoredFile).where(StoredFile.id == file_id))
