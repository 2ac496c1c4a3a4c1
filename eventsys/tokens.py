"""Links in mail, each for one purpose: capabilities that can be computed again, and one-time tokens that are used up."""

from __future__ import annotations

import base64
import binascii
import enum
import hashlib
import hmac
import secrets
import uuid
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, Session, mapped_column

from eventsys.extensions import Base


class Purpose(enum.StrEnum):
    REGISTRATION = "registration"
    UNSUBSCRIBE = "unsubscribe"
    SIGN_IN = "sign_in"
    SESSION = "session"
    DELEGATION = "delegation"
    TICKET = "ticket"
    OWN_PAGES = "own_pages"
    POSITION = "position"
    CONTACT = "contact"
    ACCOUNT_INVITATION = "account_invitation"
    INVITATION = "invitation"
    ROOM_FEED = "room_feed"
    CALENDAR = "calendar"
    CALL = "call"
    APPLICATION = "application"
    GROUP = "group"


class OneTimeToken(Base):
    """A token that works once, until it expires. Times are real ones. Kept as SHA-256; the token itself is nowhere.

    Where `browser` is set (SHA-256 too), only the browser that asked can use it.
    """

    __tablename__ = "one_time_tokens"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    purpose: Mapped[Purpose]
    subject: Mapped[str] = mapped_column(sa.String(320), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    browser: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))


class LinkIsRevoked(Exception):
    """The link was good once; its owner has a newer one. Answered with 410."""


def capability(purpose: Purpose, public_id: uuid.UUID, version: int) -> str:
    """The 43-character token of a link: the id and 128 bits of HMAC-SHA-256 over purpose, id and version."""
    return _base64(public_id.bytes + _signature(purpose, public_id, version))


def public_id_of(token: str) -> uuid.UUID | None:
    """Whom the token speaks of, not yet believed: look the row up, then `check` it against the row's version."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    return uuid.UUID(bytes=raw[:16]) if len(raw) == 32 and _base64(raw) == token else None


def check(token: str, purpose: Purpose, public_id: uuid.UUID, version: int) -> bool:
    """Whether the token opens the row. Raises `LinkIsRevoked` for the signature of an earlier version."""
    if hmac.compare_digest(token, capability(purpose, public_id, version)):
        return True
    if any(hmac.compare_digest(token, capability(purpose, public_id, old)) for old in range(version)):
        raise LinkIsRevoked
    return False


def issue(
    session: Session,
    purpose: Purpose,
    subject: str,
    *,
    browser: str | None = None,
    expires_at: datetime,
    now: datetime,
) -> str:
    """A new one-time token of 256 random bits for `subject`; `now` and `expires_at` are real time.

    With `browser`, a secret that one browser alone has, no other can use it.
    """
    token = secrets.token_urlsafe(32)
    row = OneTimeToken(digest=digest(token), purpose=purpose, subject=subject, created_at=now, expires_at=expires_at)
    row.browser = digest(browser) if browser else None
    session.add(row)
    session.flush()
    return token


def use(session: Session, purpose: Purpose, token: str, *, browser: str = "", now: datetime) -> str | None:
    """Uses the token up and returns its subject; None if it is unknown, used, expired or another browser's. Safe against
    a double use."""
    used = session.execute(
        sa.update(OneTimeToken)
        .where(
            OneTimeToken.digest == digest(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
            sa.or_(OneTimeToken.browser.is_(None), OneTimeToken.browser == digest(browser)),
        )
        .values(used_at=now)
        .returning(OneTimeToken.subject)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return used.subject if used else None


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _signature(purpose: Purpose, public_id: uuid.UUID, version: int) -> bytes:
    text = f"{purpose.value}:{public_id}:{version}".encode()
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), text, "sha256")[:16]


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
