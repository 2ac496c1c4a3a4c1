"""Makes, renews and ends secret addresses of calendars. The caller owns the transaction."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.calendars.models import CalendarLink, FeedFetch
from eventsys.calendars.own.queries import Owner, find_own, list_own
from eventsys.calendars.rules import MOST_LINKS, LinkKind, TooManyLinks
from eventsys.organisations.models import Position
from eventsys.registrations.models import Delegation, Registration
from eventsys.workflows.retention.people import is_never_confirmed

KEPT = timedelta(days=90)
"""How long an ended address answers 410, and how long it is remembered who fetched a feed last."""


def add_link(session: Session, owner: Owner, *, name: str, language: str, now: datetime) -> CalendarLink:
    """A new secret address. Raises `TooManyLinks`."""
    if len(list_own(session, owner)) >= MOST_LINKS:
        raise TooManyLinks
    link = CalendarLink(
        kind=owner.kind, email_key=owner.email_key, position_id=owner.position_id, account_id=owner.account_id,
        organiser_id=owner.organiser_id, name=name, language=language, created_at=now,
    )  # fmt: skip
    session.add(link)
    session.flush()
    return link


def renew_link(session: Session, owner: Owner, public_id: uuid.UUID) -> CalendarLink | None:
    """Gives it another address; the old one answers 410. None if the owner has no such calendar."""
    link = find_own(session, owner, public_id)
    if link is not None:
        link.link_version += 1
        session.flush()
    return link


def end_link(session: Session, owner: Owner, public_id: uuid.UUID, *, now: datetime) -> CalendarLink | None:
    """Its address answers 410 from now on. None if the owner has no such calendar."""
    link = find_own(session, owner, public_id)
    if link is not None:
        link.ended_at = now
        session.flush()
    return link


def erase_links(session: Session, *, now: datetime, real_now: datetime) -> dict[str, int]:
    """Addresses that ended long ago, those of somebody of whom nothing is kept any more, and who fetched long ago."""
    of_nobody = sa.and_(
        CalendarLink.kind == LinkKind.PERSONAL,
        CalendarLink.created_at < now - KEPT,
        *(~sa.exists().where(model.email_key == CalendarLink.email_key) for model in (Registration, Delegation)),
    )
    over = sa.and_(
        CalendarLink.kind == LinkKind.CONTACT,
        sa.exists().where(Position.id == CalendarLink.position_id, Position.email_key == ""),
    )
    return {
        "calendars": _delete(session, CalendarLink, sa.or_(CalendarLink.ended_at < now - KEPT, of_nobody, over)),
        "fetches": _delete(session, FeedFetch, FeedFetch.last_at < real_now - KEPT),
    }


def erase_links_of_unconfirmed(session: Session, *, now: datetime) -> int:
    """Those of somebody who was a contact, asked to be one again and was never confirmed; before the position goes."""
    never = sa.exists().where(Position.id == CalendarLink.position_id, is_never_confirmed(now))
    return _delete(session, CalendarLink, sa.and_(CalendarLink.kind == LinkKind.CONTACT, never))


def _delete(session: Session, model: type[CalendarLink] | type[FeedFetch], condition: sa.ColumnElement[bool]) -> int:
    statement = sa.delete(model).where(condition).execution_options(synchronize_session=False)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
