"""Verbs of programmes and speakers: sessions set, taken away, moved, copied, told of; each leaves history.

Nothing here knows of seats: a session that people may have chosen is set by `registrations.limits.actions`, which locks the
event, calls this and looks at the limits. The caller owns the transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.rules import as_plain
from eventsys.events.bookings.actions import follow_run, follow_session, release
from eventsys.events.models import Event, EventChange, EventSession, Material, Run, SessionSpeaker, Speaker
from eventsys.events.programme.queries import TOLD, find_namesakes, list_untold
from eventsys.events.programme.rules import (
    IsNobodysChoice,
    SessionFacts,
    SpeakerFacts,
    SpeakerIsBusy,
)
from eventsys.events.rules import ChangeKind, EventStatus, SessionKind
from eventsys.mailing.addresses import email_key
from eventsys.organisations.rules import name_key
from eventsys.venues.models import Room

DESCRIBED = ("title", "kind", "starts_local", "ends_local", "place", "capacity", "chosen")


def write_session(
    session: Session,
    run: Run,
    facts: SessionFacts,
    *,
    row: EventSession | None = None,
    speakers: Sequence[SpeakerFacts] | None = None,
    account_id: int | None = None,
    now: datetime,
) -> EventSession:
    """A session of the run, a new one unless `row` says which, its room booked. `speakers` None leaves them as they are.

    Raises `bookings.rules.RoomIsTaken` and `IsNobodysChoice`: then nothing of the transaction may be kept.
    """
    if facts.chosen and facts.kind is not SessionKind.SESSION:
        raise IsNobodysChoice
    before = None if row is None else describe_session(session, row)
    room_id = row.room_id if row else None
    if row is None:
        row = EventSession(organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, edition=0)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    if speakers is not None:
        _set_speakers(session, row, speakers, now=now)
    after = describe_session(session, row)
    if before == after and room_id == row.room_id:
        return row
    row.edition += 1
    session.flush()
    follow_session(session, row, run, account_id=account_id, now=now)
    note_change(session, row, before=before, after=after, account_id=account_id, now=now)
    return row


def erase_session(session: Session, row: EventSession, *, account_id: int | None = None, now: datetime) -> None:
    """Takes the session out of the programme; its room is free, its materials are the event's."""
    before = describe_session(session, row)
    release(session, session_id=row.id)
    note_change(session, row, before=before, after=None, account_id=account_id, now=now)
    session.execute(sa.update(Material).where(Material.session_id == row.id).values(session_id=None))
    run = session.get_one(Run, row.run_id)
    session.delete(row)
    session.flush()
    follow_run(session, run, account_id=account_id, now=now)


def note_change(
    session: Session,
    row: EventSession,
    *,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    account_id: int | None,
    now: datetime,
) -> None:
    """A row of the event's history, which mails nobody: see `tell_programme`."""
    event = session.get_one(Event, row.event_id)
    is_public = event.status is EventStatus.PUBLISHED
    names = [
        name for name in {**(before or {}), **(after or {})} if (before or {}).get(name) != (after or {}).get(name)
    ]
    facts: dict[str, Any] = {"fields": ["sessions"], "session": str(row.public_id), "title": row.title}
    if before is not None:
        facts["from"] = {name: before.get(name) for name in names}
    if after is not None:
        facts["to"] = {name: after.get(name) for name in names}
    kind = ChangeKind.PROGRAMME_CHANGED if is_public else ChangeKind.EDITED
    _record(session, event.id, row.run_id, kind, facts, account_id=account_id, now=now, noticed_at=now)


def describe_session(session: Session, row: EventSession) -> dict[str, Any]:
    """What a session is, as the history keeps it: plain values, the room and the speakers by name."""
    room = session.get(Room, row.room_id) if row.room_id else None
    names = session.scalars(
        sa.select(Speaker.name)
        .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
        .where(SessionSpeaker.session_id == row.id)
        .order_by(SessionSpeaker.position)
    )
    plain = {name: as_plain(getattr(row, name)) for name in DESCRIBED}
    described = {"description": dict(row.description), "room": room.name if room else None, "speakers": list(names)}
    return {**plain, **described}


def tell_programme(
    session: Session, run: Run, *, line: str = "", account_id: int | None = None, now: datetime
) -> EventChange | None:
    """The history's row that mail is made of: all changes of the run's programme since participants were last told, with a
    line of the organiser's. None where there is nothing to tell, as when the button is pressed twice."""
    session.execute(sa.select(Event.id).where(Event.id == run.event_id).with_for_update(key_share=True))
    changes = list_untold(session, run.event_id).get(run.id)
    if not changes:
        return None
    facts = {TOLD: [change.facts for change in changes], "line": line}
    kind = ChangeKind.PROGRAMME_CHANGED
    return _record(session, run.event_id, run.id, kind, facts, account_id=account_id, now=now, noticed_at=None)


def shift_sessions(
    session: Session, run: Run, *, days: int, account_id: int | None = None, now: datetime
) -> list[EventSession]:
    """The run's sessions as many days later, or earlier, and their rooms with them. Raises `RoomIsTaken`."""
    rows = list(session.scalars(sa.select(EventSession).where(EventSession.run_id == run.id)))
    for row in rows:
        row.starts_local = row.starts_local and row.starts_local + timedelta(days=days)
        row.ends_local = row.ends_local and row.ends_local + timedelta(days=days)
        row.edition += 1
    if rows:
        session.flush()
        follow_run(session, run, account_id=account_id, now=now)
    return rows


def copy_programme(
    session: Session, run: Run, copy: Run, *, days: int | None, account_id: int | None = None, now: datetime
) -> dict[int, int]:
    """The sessions of a run for another of the same organiser, with their speakers, `days` later; without times where
    that is None. No room is booked: `follow_run` does that for who knows what to do where one is taken. The new id of
    each."""
    made: dict[int, int] = {}
    for row in session.scalars(sa.select(EventSession).where(EventSession.run_id == run.id).order_by(EventSession.id)):
        new = EventSession(
            organiser_id=copy.organiser_id, event_id=copy.event_id, run_id=copy.id, kind=row.kind, title=dict(row.title),
            description=dict(row.description), room_id=row.room_id, place=row.place, capacity=row.capacity,
            chosen=row.chosen, starts_local=_later(row.starts_local, days), ends_local=_later(row.ends_local, days),
        )  # fmt: skip
        session.add(new)
        session.flush()
        made[row.id] = new.id
    _copy_speakers(session, made, copy)
    return made


def _later(moment: datetime | None, days: int | None) -> datetime | None:
    return None if moment is None or days is None else moment + timedelta(days=days)


def _copy_speakers(session: Session, made: dict[int, int], copy: Run) -> None:
    for link in session.scalars(sa.select(SessionSpeaker).where(SessionSpeaker.session_id.in_(made))).all():
        session.add(
            SessionSpeaker(
                session_id=made[link.session_id], speaker_id=link.speaker_id, event_id=copy.event_id,
                organiser_id=copy.organiser_id, position=link.position,
            )
        )  # fmt: skip
    session.flush()


# --- speakers ---------------------------------------------------------------------------------------------------------


def find_or_add_speaker(session: Session, organiser_id: int, facts: SpeakerFacts, *, now: datetime) -> Speaker:
    """The organiser's speaker of this name and affiliation, or the one of this name where no affiliation is said; else a
    new one."""
    same = find_namesakes(session, organiser_id, facts.name)
    exact = [one for one in same if name_key(one.affiliation) == name_key(facts.affiliation)]
    if exact or (same and not facts.affiliation):
        return (exact or same)[0]
    return add_speaker(session, organiser_id, facts, now=now)


def add_speaker(session: Session, organiser_id: int, facts: SpeakerFacts, *, now: datetime) -> Speaker:
    speaker = Speaker(organiser_id=organiser_id, created_at=now, **asdict(facts), email_key=email_key(facts.email))
    session.add(speaker)
    session.flush()
    return speaker


def change_speaker(session: Session, speaker: Speaker, facts: SpeakerFacts) -> dict[str, tuple[Any, Any]]:
    """From what to what, by field; empty where all is as before."""
    changed = {
        name: (getattr(speaker, name), value)
        for name, value in asdict(facts).items()
        if getattr(speaker, name) != value
    }
    for name, (_before, value) in changed.items():
        setattr(speaker, name, value)
    speaker.email_key = email_key(facts.email)
    session.flush()
    return changed


def remove_speaker(session: Session, speaker: Speaker, *, from_sessions: bool = False) -> None:
    """Erases the speaker. Raises `SpeakerIsBusy` where they stand in sessions and may not be taken out of them."""
    links = sa.select(sa.func.count()).where(SessionSpeaker.speaker_id == speaker.id)
    how_many = session.scalar(links) or 0
    if how_many and not from_sessions:
        raise SpeakerIsBusy(how_many)
    session.execute(sa.delete(SessionSpeaker).where(SessionSpeaker.speaker_id == speaker.id))
    session.delete(speaker)
    session.flush()


def _set_speakers(session: Session, row: EventSession, wanted: Sequence[SpeakerFacts], *, now: datetime) -> None:
    found = [find_or_add_speaker(session, row.organiser_id, facts, now=now) for facts in wanted]
    session.execute(sa.delete(SessionSpeaker).where(SessionSpeaker.session_id == row.id))
    for position, speaker_id in enumerate(dict.fromkeys(speaker.id for speaker in found)):
        session.execute(
            sa.insert(SessionSpeaker).values(
                session_id=row.id, speaker_id=speaker_id, event_id=row.event_id, organiser_id=row.organiser_id,
                position=position,
            )
        )  # fmt: skip


def _record(
    session: Session,
    event_id: int,
    run_id: int,
    kind: ChangeKind,
    facts: dict[str, Any],
    *,
    account_id: int | None,
    now: datetime,
    noticed_at: datetime | None,
) -> EventChange:
    change = EventChange(
        event_id=event_id, run_id=run_id, kind=kind, at=now, account_id=account_id, facts=facts, noticed_at=noticed_at
    )
    session.add(change)
    session.flush()
    return change
