"""Whose a paper is, and from when. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from eventsys.events.rules import MaterialAccess, MaterialKind


class Reader(enum.Enum):
    """Who wants to open a material: anybody, somebody with a place behind their own link, one of those who is in the group
    that the event is for."""

    ANYBODY = "anybody"
    PARTICIPANT = "participant"
    MEMBER = "member"


OPENS = {
    MaterialAccess.EVERYBODY: frozenset(Reader),
    MaterialAccess.PARTICIPANTS: frozenset({Reader.PARTICIPANT, Reader.MEMBER}),
    MaterialAccess.GROUP: frozenset({Reader.MEMBER}),
}


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """What is said of a material, apart from its file or link."""

    title: str
    kind: MaterialKind = MaterialKind.OTHER
    access: MaterialAccess = MaterialAccess.PARTICIPANTS
    language: str | None = None
    session_id: int | None = None


def is_out(published_at: datetime | None, *, now: datetime) -> bool:
    return published_at is not None and published_at <= now


def may_open(access: MaterialAccess, published_at: datetime | None, reader: Reader, *, now: datetime) -> bool:
    """Whether this reader may open a material of an event that is not a draft."""
    return is_out(published_at, now=now) and reader in OPENS[access]
