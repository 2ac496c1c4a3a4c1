"""Reads about accounts: who is signed in, and who may ask for a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import g
from flask import session as cookie
from sqlalchemy.orm import Session

from eventsys import clock, tokens
from eventsys.accounts.models import Account, Membership, SignedIn
from eventsys.accounts.rights import is_allowed
from eventsys.accounts.rules import SEEN_EVERY, SESSION_IDLES, LinkState, MemberRole
from eventsys.extensions import db
from eventsys.organisers.models import Organiser
from eventsys.web import Access

COOKIE_TOKEN = "signed_in"
COOKIE_ORGANISER = "organiser"


ListHelped = Callable[[Session, int, int], frozenset[str]]


@dataclass(frozen=True, slots=True)
class SignedInAccount:
    """The account of this request and the organiser that it works for now, one of `organisers`.

    `events` are the slugs of those that a helper helps with; None for every other role, which knows all of them.
    """

    id: int
    name: str
    email: str
    language: str
    organiser: Organiser
    organisers: list[Organiser]
    role: MemberRole
    events: frozenset[str] | None = None

    def may(self, who: Access, event: str | None = None) -> bool:
        """Whether a page declared as `who` opens for this account; `event` is the slug of the event that it is of."""
        return is_allowed(self.role, who, helps_here=event is not None and self.knows(event))

    def knows(self, event: str) -> bool:
        """Whether the event, by its slug, is there for this account where it is the organiser's at all."""
        return self.events is None or event in self.events


def find_signed_in(list_helped: ListHelped) -> SignedInAccount | None:
    """The account whose session the cookie names, with its rights as they are now; None if the session is over.

    `list_helped` finds the events of a helper. Notes in `g.seen_digest` a session whose last sign of life is to be written
    after the request.
    """
    token = cookie.get(COOKIE_TOKEN)
    if not isinstance(token, str):
        return None
    now = clock.real_now()
    rows = db.session.execute(_session_statement(tokens.digest(token), now)).all()
    if not rows:
        return None
    clock.learn(rows[0].clock_offset)
    if now - rows[0].SignedIn.seen_at >= SEEN_EVERY:
        g.seen_digest = rows[0].SignedIn.digest
    return _account([(row.Organiser, row.role) for row in rows], rows[0].Account, list_helped)


def _session_statement(
    digest: bytes, now: datetime
) -> sa.Select[SignedIn, Account, Organiser, MemberRole, float | None]:
    offset = clock.OFFSET.label("clock_offset")
    return (
        sa.select(SignedIn, Account, Organiser, Membership.role.label("role"), offset)
        .join(Account, Account.id == SignedIn.account_id)
        .join(Membership, Membership.account_id == Account.id)
        .join(Organiser, Organiser.id == Membership.organiser_id)
        .where(
            SignedIn.digest == digest,
            SignedIn.expires_at > now,
            SignedIn.seen_at > now - SESSION_IDLES,
            Account.disabled_at.is_(None),
        )
        .order_by(Organiser.name, Organiser.id)
    )


def _account(
    memberships: list[tuple[Organiser, MemberRole]], account: Account, list_helped: ListHelped
) -> SignedInAccount:
    chosen = cookie.get(COOKIE_ORGANISER)
    organiser, role = next((pair for pair in memberships if pair[0].slug == chosen), memberships[0])
    return SignedInAccount(
        id=account.id,
        name=account.name,
        email=account.email,
        language=account.language,
        organiser=organiser,
        organisers=[one for one, _role in memberships],
        role=role,
        events=list_helped(db.session(), account.id, organiser.id) if role is MemberRole.HELPER else None,
    )


def find_account(session: Session, key: str) -> Account | None:
    """The account of this address (by its key) if it may sign in: not disabled, and a member of some organiser."""
    member = sa.exists().where(Membership.account_id == Account.id)
    return session.scalar(sa.select(Account).where(Account.email_key == key, Account.disabled_at.is_(None), member))


def find_open_account(session: Session, account_id: int) -> Account | None:
    """The account of this id, if it may sign in."""
    member = sa.exists().where(Membership.account_id == Account.id)
    return session.scalar(sa.select(Account).where(Account.id == account_id, Account.disabled_at.is_(None), member))


def count_links(session: Session, key: str, *, since: datetime) -> int:
    """How many sign-in links were asked for by this address since then."""
    statement = sa.select(sa.func.count()).where(
        tokens.OneTimeToken.purpose == tokens.Purpose.SIGN_IN,
        tokens.OneTimeToken.subject == key,
        tokens.OneTimeToken.created_at > since,
    )
    return session.scalar(statement) or 0


def find_link_state(session: Session, token: str, *, browser: str, now: datetime) -> LinkState:
    """Whether a sign-in link still works; says so before the button is pressed, uses nothing up."""
    row = session.get(tokens.OneTimeToken, tokens.digest(token))
    if row is None or row.purpose != tokens.Purpose.SIGN_IN or row.used_at is not None or row.expires_at <= now:
        return LinkState.OVER
    is_here = row.browser is None or row.browser == tokens.digest(browser)
    return LinkState.GOOD if is_here else LinkState.ELSEWHERE
