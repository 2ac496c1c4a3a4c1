"""In which edition the object of a form is, and who brought it there."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account, LogEntry
from eventsys.events.models import Event, EventChange, EventSession, Run
from eventsys.programmes.models import Programme
from eventsys.venues.models import Venue


def find_edition(session: Session, organiser_id: int, form: str) -> int | None:
    """The edition of what «event.<slug>», «run.<uid>», «session.<public id>», «venue.<slug>» or «programme.<slug>» is a
    form of, as it is now; None for what is not the organiser's, and for a form of something new."""
    kind, _dot, key = form.partition(".")
    if kind == "event":
        return session.scalar(sa.select(Event.edition).filter_by(slug=key, organiser_id=organiser_id))
    if kind == "programme":
        return session.scalar(sa.select(Programme.edition).filter_by(slug=key, organiser_id=organiser_id))
    if kind == "venue":
        seen = sa.or_(Venue.organiser_id.is_(None), Venue.organiser_id == organiser_id)
        return session.scalar(sa.select(Venue.edition).where(Venue.slug == key, seen))
    try:
        public_id = uuid.UUID(key)
    except ValueError:
        return None
    if kind == "session":
        of = {"public_id": public_id, "organiser_id": organiser_id}
        return session.scalar(sa.select(EventSession.edition).filter_by(**of))
    if kind == "run":
        mine = (Run.uid == public_id, Run.organiser_id == organiser_id)
        return session.scalar(sa.select(Event.edition).join(Run, Run.event_id == Event.id).where(*mine))
    return None


def is_of_event(session: Session, organiser_id: int, form: str, slug: str) -> bool:
    """Whether it is a form of the organiser's event itself, or of one of its runs or sessions, there or new."""
    kind, _dot, key = form.partition(".")
    if form in (f"event.{slug}", f"run.new-{slug}"):
        return find_edition(session, organiser_id, f"event.{slug}") is not None
    try:
        public_id = uuid.UUID(key.removeprefix("new-"))
    except ValueError:
        return False
    event = sa.select(Event.slug).where(Event.organiser_id == organiser_id)
    if kind == "session" and not key.startswith("new-"):
        event = event.join(EventSession, EventSession.event_id == Event.id).where(EventSession.public_id == public_id)
    elif kind in ("run", "session"):
        event = event.join(Run, Run.event_id == Event.id).where(Run.uid == public_id)
    else:
        return False
    return session.scalar(event) == slug


def find_last_editor(session: Session, event_id: int) -> str:
    """The name of who changed the event last; empty where nobody signed in did."""
    statement = (
        sa.select(Account.name)
        .join(EventChange, EventChange.account_id == Account.id)
        .where(EventChange.event_id == event_id)
        .order_by(EventChange.id.desc())
        .limit(1)
    )
    return session.scalar(statement) or ""


def find_last_editor_of(session: Session, organiser_id: int, form: str) -> str:
    """As `find_last_editor`, of what the form is of; empty for what is no event nor part of one."""
    kind, _dot, key = form.partition(".")
    event = sa.select(Event.id).where(Event.organiser_id == organiser_id)
    if kind == "event":
        found = session.scalar(event.where(Event.slug == key))
    elif kind == "run":
        found = session.scalar(event.join(Run, Run.event_id == Event.id).where(Run.uid == uuid.UUID(key)))
    elif kind == "session":
        of = (EventSession.event_id == Event.id, EventSession.public_id == uuid.UUID(key))
        found = session.scalar(event.where(sa.exists().where(*of)))
    else:
        found = None
    return find_last_editor(session, found) if found else ""


def find_last_in_log(session: Session, organiser_id: int, object: str, key: str) -> str:
    """The name of the organiser's own person who last changed what the log tells of; empty where that was nobody."""
    statement = (
        sa.select(Account.name)
        .join(LogEntry, LogEntry.account_id == Account.id)
        .where(LogEntry.organiser_id == organiser_id, LogEntry.object == object, LogEntry.key == key)
        .order_by(LogEntry.id.desc())
        .limit(1)
    )
    return session.scalar(statement) or ""
