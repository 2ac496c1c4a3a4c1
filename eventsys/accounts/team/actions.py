"""Verbs of a team: ask somebody to join, let them in, change what they may, let them go. Times here are real ones."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import tokens
from eventsys.accounts.models import Account, AccountInvitation, Membership
from eventsys.accounts.rules import INVITATION_LIVES, MemberRole
from eventsys.accounts.team.queries import find_by_subject, is_member
from eventsys.mailing.outbox import insert_into


class AlreadyThere(Exception):
    """The address is of somebody who works for the organiser already."""


class LastOwner(Exception):
    """Somebody must be left who can decide who may do what."""


def invite(
    session: Session,
    *,
    organiser_id: int,
    email: str,
    key: str,
    name: str,
    language: str,
    role: MemberRole,
    event_slug: str | None,
    now: datetime,
) -> tuple[AccountInvitation, str]:
    """The invitation and the token of its link. Who is asked again is asked as what was said last, and the old link
    ends. Raises `AlreadyThere`."""
    if is_member(session, key, organiser_id):
        raise AlreadyThere
    asked = sa.select(AccountInvitation).where(
        AccountInvitation.organiser_id == organiser_id,
        AccountInvitation.email_key == key,
        AccountInvitation.ended_at.is_(None),
    )
    row = session.scalar(asked) or AccountInvitation(organiser_id=organiser_id, email_key=key, created_at=now)
    row.email, row.name, row.language, row.role, row.event_slug = email, name, language, role, event_slug
    row.expires_at = now + INVITATION_LIVES
    session.add(row)
    session.flush()
    return row, make_link(session, row, now=now)


def make_link(session: Session, invitation: AccountInvitation, *, now: datetime) -> str:
    """The token of a new link, good for two weeks from now; earlier ones open nothing any more."""
    end_links(session, invitation)
    invitation.expires_at = now + INVITATION_LIVES
    purpose, subject = tokens.Purpose.ACCOUNT_INVITATION, str(invitation.public_id)
    return tokens.issue(session, purpose, subject, expires_at=invitation.expires_at, now=now)


def end_links(session: Session, invitation: AccountInvitation) -> None:
    session.execute(
        sa.delete(tokens.OneTimeToken).where(
            tokens.OneTimeToken.purpose == tokens.Purpose.ACCOUNT_INVITATION,
            tokens.OneTimeToken.subject == str(invitation.public_id),
        )
    )


def withdraw(session: Session, invitation: AccountInvitation, *, now: datetime) -> None:
    invitation.ended_at = now
    end_links(session, invitation)
    session.flush()


def accept(session: Session, token: str, *, now: datetime) -> tuple[Account, AccountInvitation] | None:
    """Uses the link up: the account of the invited address, made if there is none, has the role now. None if the link is
    unknown, used or too old, or the account is closed."""
    subject = tokens.use(session, tokens.Purpose.ACCOUNT_INVITATION, token, now=now)
    invitation = find_by_subject(session, subject) if subject else None
    if invitation is None:
        return None
    account = _find_or_add_account(session, invitation, now=now)
    if account.disabled_at is not None:
        return None
    if session.get(Membership, (account.id, invitation.organiser_id)) is None:
        session.add(Membership(account_id=account.id, organiser_id=invitation.organiser_id, role=invitation.role))
    invitation.account_id, invitation.accepted_at, invitation.ended_at = account.id, now, now
    session.flush()
    return account, invitation


def _find_or_add_account(session: Session, invitation: AccountInvitation, *, now: datetime) -> Account:
    """One account of an address, also where two organisers' invitations are accepted at once."""
    new = insert_into(session, Account).values(
        email=invitation.email, email_key=invitation.email_key, name=invitation.name, language=invitation.language,
        created_at=now,
    )  # fmt: skip
    session.execute(new.on_conflict_do_nothing(index_elements=["email_key"]))
    return session.scalars(sa.select(Account).where(Account.email_key == invitation.email_key)).one()


def change_role(session: Session, account_id: int, organiser_id: int, role: MemberRole) -> None:
    """Raises `LastOwner`."""
    if role is not MemberRole.OWNER:
        keep_an_owner(session, account_id, organiser_id)
    _update(session, account_id, organiser_id).role = role
    session.flush()


def remove(session: Session, account_id: int, organiser_id: int) -> None:
    """Lets somebody go: the next request is refused. The account itself stays, for others it works for and for the
    history. Raises `LastOwner`."""
    keep_an_owner(session, account_id, organiser_id)
    session.delete(_update(session, account_id, organiser_id))
    session.flush()


def _update(session: Session, account_id: int, organiser_id: int) -> Membership:
    return session.get_one(Membership, (account_id, organiser_id), populate_existing=True)


def keep_an_owner(session: Session, account_id: int, organiser_id: int) -> None:
    """Raises `LastOwner` if nobody but this account owns. Owners are locked, so that two cannot let each other go."""
    owners = session.scalars(
        sa.select(Membership.account_id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.organiser_id == organiser_id,
            Membership.role == MemberRole.OWNER,
            Account.disabled_at.is_(None),
        )
        .order_by(Membership.account_id)
        .with_for_update(of=Membership)
    ).all()
    if list(owners) == [account_id]:
        raise LastOwner
