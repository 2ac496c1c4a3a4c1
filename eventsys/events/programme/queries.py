"""Reads of programmes and of who speaks; nothing here knows who is signed up."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eventsys.events.models import Event, EventChange, EventSession, Run, SessionSpeaker, Speaker
from eventsys.events.rules import ChangeKind
from eventsys.organisations.rules import name_key, search_words, sort_key
from eventsys.venues.models import Room

TOLD = "told"
"""In the facts of the change that told participants of all before it."""


def list_programme(session: Session, event_id: int, *, run_ids: Sequence[int] | None = None) -> list[EventSession]:
    """The sessions of the event's runs, or of these runs of it, in order of run and time, with room, venue and speakers;
    one statement."""
    statement = _whole().where(EventSession.event_id == event_id)
    if run_ids is not None:
        statement = statement.where(EventSession.run_id.in_(run_ids))
    return list(session.scalars(statement).unique())


def find_session(session: Session, event_id: int, public_id: uuid.UUID) -> EventSession | None:
    """One session of the event, as `list_programme` gives it."""
    statement = _whole().where(EventSession.event_id == event_id, EventSession.public_id == public_id)
    return session.scalars(statement).unique().one_or_none()


def _whole() -> sa.Select[EventSession]:
    timeless = EventSession.starts_local.is_(None)
    return (
        sa.select(EventSession)
        .options(joinedload(EventSession.room).joinedload(Room.venue), joinedload(EventSession.speakers))
        .order_by(EventSession.run_id, timeless, EventSession.starts_local, EventSession.ends_local, EventSession.id)
        .execution_options(populate_existing=True)
    )


def list_untold(session: Session, event_id: int) -> dict[int, list[EventChange]]:
    """By run, the changes of its programme that its participants have not been told of since they last were."""
    rows = session.scalars(
        sa.select(EventChange)
        .where(EventChange.event_id == event_id, EventChange.kind == ChangeKind.PROGRAMME_CHANGED)
        .order_by(EventChange.id)
    )
    untold: dict[int, list[EventChange]] = defaultdict(list)
    for row in rows:
        if row.run_id is None:
            continue
        if TOLD in row.facts:
            untold.pop(row.run_id, None)
        else:
            untold[row.run_id].append(row)
    return dict(untold)


class SpeakerRow(NamedTuple):
    """A speaker, and at how many sessions."""

    speaker: Speaker
    sessions: int


def list_speakers(session: Session, organiser_id: int, *, words: str = "") -> list[SpeakerRow]:
    """The organiser's speakers whose name or affiliation has words beginning so, in Norwegian order; one statement."""
    count = sa.select(sa.func.count()).where(SessionSpeaker.speaker_id == Speaker.id).correlate(Speaker)
    rows = session.execute(sa.select(Speaker, count.scalar_subquery()).where(Speaker.organiser_id == organiser_id))
    wanted = search_words(words)
    found = [SpeakerRow(speaker, many) for speaker, many in rows if _fits(speaker, wanted)]
    return sorted(found, key=lambda row: (sort_key(row.speaker.name), row.speaker.id))


def _fits(speaker: Speaker, wanted: Sequence[str]) -> bool:
    words = search_words(f"{speaker.name} {speaker.affiliation}")
    return all(any(word.startswith(one) for word in words) for one in wanted)


def find_speaker(session: Session, organiser_id: int, public_id: uuid.UUID) -> Speaker | None:
    return session.scalar(
        sa.select(Speaker).where(Speaker.organiser_id == organiser_id, Speaker.public_id == public_id)
    )


def find_namesakes(session: Session, organiser_id: int, name: str) -> list[Speaker]:
    """The organiser's speakers of this name, oldest first."""
    rows = session.scalars(sa.select(Speaker).where(Speaker.organiser_id == organiser_id).order_by(Speaker.id))
    return [row for row in rows if name_key(row.name) == name_key(name)]


class Spoken(NamedTuple):
    """A session that somebody speaks at."""

    session: EventSession
    event: Event
    run: Run


def list_spoken(session: Session, speaker_id: int) -> list[Spoken]:
    """The sessions of a speaker, newest first."""
    rows = session.execute(
        sa.select(EventSession, Event, Run)
        .join(SessionSpeaker, SessionSpeaker.session_id == EventSession.id)
        .join(Event, Event.id == EventSession.event_id)
        .join(Run, Run.id == EventSession.run_id)
        .where(SessionSpeaker.speaker_id == speaker_id)
        .order_by(Run.sort_at.desc(), EventSession.starts_local.desc(), EventSession.id.desc())
    )
    return [Spoken(*row) for row in rows]
