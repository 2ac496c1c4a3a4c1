"""Verbs of one's own pages: a link to them is asked for, asked for again, opened and closed. Times here are real ones."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import tokens
from eventsys.registrations.people.rules import LINK_LIVES, LINKS_AN_HOUR, OPEN_LIVES

LINK, OPEN = tokens.Purpose.OWN_PAGES, tokens.Purpose.SESSION


def ask_for_link(session: Session, email_key: str, *, real_now: datetime) -> str | None:
    """A one-time token for this address; none after too many in an hour. The same statements for an unknown address."""
    asked = sa.select(sa.func.count()).where(
        tokens.OneTimeToken.purpose == LINK,
        tokens.OneTimeToken.subject == email_key,
        tokens.OneTimeToken.created_at > real_now - timedelta(hours=1),
    )
    if (session.scalar(asked) or 0) >= LINKS_AN_HOUR:
        return None
    return tokens.issue(session, LINK, email_key, expires_at=real_now + LINK_LIVES, now=real_now)


def open_pages(session: Session, token: str, *, real_now: datetime) -> str | None:
    """Uses a mailed link up and gives the token that keeps the pages open; None if it is unknown, used or too old."""
    email_key = tokens.use(session, LINK, token, now=real_now)
    if email_key is None:
        return None
    return tokens.issue(session, OPEN, email_key, expires_at=real_now + OPEN_LIVES, now=real_now)


def close_pages(session: Session, token: str, *, real_now: datetime) -> None:
    """A copy of the cookie opens nothing afterwards either."""
    tokens.use(session, OPEN, token, now=real_now)
