"""The mail with the link to one's own pages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsys import tokens
from eventsys.accounts.emails import send_from_installation
from eventsys.registrations.people.queries import Known


def send_link(session: Session, known: Known, token: str, *, language: str, path: str, now: datetime) -> None:
    """Puts the link in the outbox, due at once."""
    send_from_installation(
        session,
        template="own_pages",
        reason_key=f"own-pages/{tokens.digest(token).hex()}",
        email=known.email,
        name=known.name,
        language=language,
        path=path,
        now=now,
    )
