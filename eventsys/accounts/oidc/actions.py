"""Which account somebody is who has signed in at the provider. No account is ever made here."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts import queries
from eventsys.accounts.models import Account, AccountIdentity
from eventsys.accounts.oidc.rules import Identity
from eventsys.mailing.addresses import BadAddress, email_key, wire_address


def find_account(session: Session, identity: Identity, *, now: datetime) -> Account | None:
    """The account that the identity was tied to; at the first time the one of its address, if the issuer vouches for it."""
    known = session.get(AccountIdentity, (identity.issuer, identity.subject))
    if known is not None:
        return queries.find_open_account(session, known.account_id)
    account = queries.find_account(session, key_of(identity.email)) if identity.email else None
    return account if account is not None and tie(session, account, identity, now=now) else None


def tie(session: Session, account: Account, identity: Identity, *, now: datetime) -> bool:
    """Whether the identity is the account's from now on. An account has one at an issuer: whoever has its address there
    later is somebody else."""
    at_issuer = AccountIdentity.issuer == identity.issuer
    mine = sa.or_(AccountIdentity.account_id == account.id, AccountIdentity.subject == identity.subject)
    taken = session.scalars(sa.select(AccountIdentity).where(at_issuer, mine)).first()
    if taken is not None:
        return taken.account_id == account.id and taken.subject == identity.subject
    session.add(
        AccountIdentity(
            issuer=identity.issuer, subject=identity.subject, account_id=account.id, created_at=now
        )
    )  # fmt: skip
    session.flush()
    return True


def key_of(email: str) -> str:
    """The address as accounts are found by; nothing for what is none."""
    try:
        wire_address(email)
    except BadAddress:
        return ""
    return email_key(email)
