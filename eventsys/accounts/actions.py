"""Verbs of accounts: add and disable them, ask for a sign-in link, sign in and out. Times here are real ones."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import tokens
from eventsys.accounts import queries
from eventsys.accounts.models import Account, Membership, SignedIn
from eventsys.accounts.rules import LINKS_AN_HOUR, SESSION_LIVES, SIGN_IN_LINK_LIVES, MemberRole

KEPT_LINKS = timedelta(hours=1)


def add(
    session: Session,
    *,
    email: str,
    key: str,
    name: str,
    organiser_id: int,
    role: MemberRole,
    language: str,
    now: datetime,
) -> Account:
    """The account of this address, made if there is none and opened again if it was disabled, as a member."""
    account = session.scalar(sa.select(Account).where(Account.email_key == key))
    if account is None:
        account = Account(email=email, email_key=key, name=name, language=language, created_at=now)
        session.add(account)
        session.flush()
    account.disabled_at = None
    session.merge(Membership(account_id=account.id, organiser_id=organiser_id, role=role))
    session.flush()
    return account


def disable(session: Session, account: Account, *, now: datetime) -> None:
    """Ends every session of the account at once and lets it sign in no more."""
    account.disabled_at = now
    session.execute(sa.delete(SignedIn).where(SignedIn.account_id == account.id))
    session.flush()


def ask_for_link(
    session: Session, key: str, *, browser: str | None = None, now: datetime
) -> tuple[Account | None, str | None]:
    """A one-time token for this address and the account that is to be mailed it; no token after too many in an hour.
    With `browser` it works in that one alone.

    An address without an account costs the same statements, and its token opens nothing.
    """
    account = queries.find_account(session, key)
    asked = queries.count_links(session, key, since=now - KEPT_LINKS)
    session.execute(
        sa.delete(tokens.OneTimeToken).where(
            tokens.OneTimeToken.purpose == tokens.Purpose.SIGN_IN, tokens.OneTimeToken.created_at <= now - KEPT_LINKS
        )
    )
    if asked >= LINKS_AN_HOUR:
        return account, None
    expires_at = now + SIGN_IN_LINK_LIVES
    return account, tokens.issue(session, tokens.Purpose.SIGN_IN, key, browser=browser, expires_at=expires_at, now=now)


def use_link(session: Session, token: str, *, browser: str = "", now: datetime) -> Account | None:
    """Uses a mailed link up and gives the account that it opens; None if it is unknown, used, too old, another browser's
    or of a disabled account."""
    key = tokens.use(session, tokens.Purpose.SIGN_IN, token, browser=browser, now=now)
    return queries.find_account(session, key) if key else None


def sign_in(session: Session, account: Account, *, real_now: datetime) -> str:
    """A new session of the account; the token goes into the cookie and is kept here as SHA-256 only."""
    token = secrets.token_urlsafe(32)
    session.execute(sa.delete(SignedIn).where(SignedIn.expires_at <= real_now))
    session.add(
        SignedIn(
            digest=tokens.digest(token),
            account_id=account.id,
            created_at=real_now,
            seen_at=real_now,
            expires_at=real_now + SESSION_LIVES,
        )
    )
    session.flush()
    return token


def sign_out(session: Session, token: str) -> None:
    """Ends the session, so that a copy of the cookie opens nothing either."""
    session.execute(sa.delete(SignedIn).where(SignedIn.digest == tokens.digest(token)))


def note_seen(session: Session, digest: bytes, *, real_now: datetime) -> None:
    """The session's last sign of life; one that has ended meanwhile stays ended."""
    session.execute(sa.update(SignedIn).where(SignedIn.digest == digest).values(seen_at=real_now))
