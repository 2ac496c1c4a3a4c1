"""Who last fetched which feed: the name of the calendar program, now and then, and nothing of the person."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.calendars.asked import NAMED
from eventsys.calendars.models import FeedFetch
from eventsys.calendars.rules import Client, find_client
from eventsys.extensions import transaction
from eventsys.mailing.outbox import insert_into

NOTE_EVERY = 15 * 60
"""Seconds between two notes of the same program at the same feed, in one process."""
MOST_NOTED = 4096
PUBLIC = ("/calendars/all.ics", *(f"/calendars/{part}/" for part in NAMED.values()))

NOTED: dict[tuple[str, Client], float] = {}
"""When this process last noted it, by a clock that only goes forward."""
log = structlog.get_logger()


def note_public(app: Flask, environ: dict[str, Any]) -> None:
    """Notes that a calendar program known by name fetched a public feed. Programs without a name are not noted there."""
    client = find_client(environ.get("HTTP_USER_AGENT", ""))
    path = environ["PATH_INFO"]
    if client is Client.OTHER or not path.startswith(PUBLIC):
        return
    with app.app_context():
        note(path, client)


def note(feed: str, client: Client) -> None:
    """Writes it down, but not again for a while. That it cannot be written keeps no calendar from being fetched."""
    key, now = (feed, client), time.monotonic()
    if now - NOTED.get(key, -NOTE_EVERY) < NOTE_EVERY:
        return
    if len(NOTED) >= MOST_NOTED:
        NOTED.clear()
    NOTED[key] = now
    try:
        with transaction() as session:
            _write(session, feed, client, clock.real_now())
    except SQLAlchemyError as error:
        log.warning("a fetch was not noted", error=type(error).__name__)


def _write(session: Session, feed: str, client: Client, at: datetime) -> None:
    statement = insert_into(session, FeedFetch).values(feed=feed[:200], client=client, last_at=at)
    session.execute(statement.on_conflict_do_update(index_elements=["feed", "client"], set_={"last_at": at}))


def list_fetches(session: Session, feeds: Collection[str]) -> dict[str, dict[Client, datetime]]:
    """When each program last fetched each of the feeds, the latest first."""
    rows = session.scalars(
        sa.select(FeedFetch).where(FeedFetch.feed.in_(feeds)).order_by(FeedFetch.last_at.desc(), FeedFetch.client)
    )
    found: dict[str, dict[Client, datetime]] = {}
    for row in rows:
        found.setdefault(row.feed, {})[row.client] = row.last_at
    return found
