"""Reads about an organiser's people and who is asked to join them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import tokens
from eventsys.accounts.models import Account, AccountInvitation, Membership
from eventsys.accounts.rules import MemberRole


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works for the organiser, and as what."""

    account_id: int
    name: str
    email: str
    role: MemberRole
    is_disabled: bool


def select_members(organiser_id: int) -> sa.Select[Account, MemberRole]:
    return (
        sa.select(Account, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organiser_id == organiser_id)
    )


def list_members(session: Session, organiser_id: int) -> list[Member]:
    """Everybody with a role, by name."""
    rows = session.execute(select_members(organiser_id).order_by(Account.name, Account.id))
    return [_member(account, role) for account, role in rows]


def find_member(session: Session, account_id: int, organiser_id: int) -> Member | None:
    row = session.execute(select_members(organiser_id).where(Account.id == account_id)).one_or_none()
    return _member(*row) if row else None


def _member(account: Account, role: MemberRole) -> Member:
    return Member(account.id, account.name, account.email, role, account.disabled_at is not None)


def is_member(session: Session, key: str, organiser_id: int) -> bool:
    """Whether the account of this address works for the organiser already."""
    return session.execute(select_members(organiser_id).where(Account.email_key == key)).first() is not None


def works_already(session: Session, key: str) -> bool:
    """Whether the account of this address works for some organiser, so that who is it can see what is theirs."""
    statement = sa.select(Membership.account_id).join(Account, Account.id == Membership.account_id)
    return session.execute(statement.where(Account.email_key == key)).first() is not None


def list_open_invitations(session: Session, organiser_id: int) -> list[AccountInvitation]:
    """Those who are asked and have not answered, the newest first; some may have let the link grow too old."""
    statement = (
        sa.select(AccountInvitation)
        .where(AccountInvitation.organiser_id == organiser_id, AccountInvitation.ended_at.is_(None))
        .order_by(AccountInvitation.id.desc())
    )
    return list(session.scalars(statement))


def find_open_invitation(session: Session, public_id: uuid.UUID, organiser_id: int) -> AccountInvitation | None:
    statement = sa.select(AccountInvitation).where(
        AccountInvitation.public_id == public_id,
        AccountInvitation.organiser_id == organiser_id,
        AccountInvitation.ended_at.is_(None),
    )
    return session.scalar(statement)


def find_invitation_of(session: Session, token: str, *, now: datetime) -> AccountInvitation | None:
    """The open invitation that a mailed link is of, while the link works; uses nothing up. `now` is real time."""
    row = session.get(tokens.OneTimeToken, tokens.digest(token))
    purpose = tokens.Purpose.ACCOUNT_INVITATION
    if row is None or row.purpose != purpose or row.used_at is not None or row.expires_at <= now:
        return None
    return find_by_subject(session, row.subject)


def find_by_subject(session: Session, subject: str) -> AccountInvitation | None:
    """The open invitation that a one-time token names."""
    public_id = uuid.UUID(subject)
    statement = sa.select(AccountInvitation).where(
        AccountInvitation.public_id == public_id, AccountInvitation.ended_at.is_(None)
    )
    return session.scalar(statement)
