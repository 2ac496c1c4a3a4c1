"""Reads about the networks that an organiser may begin events for, and whose they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.organisers.models import Organiser
from eventsys.programmes.grants.queries import select_programmes
from eventsys.programmes.models import Network


class NetworkLine(NamedTuple):
    """A network, and the organiser that its events belong to: its adviser's, else the one that begins them."""

    network: Network
    adviser: Organiser | None


def list_networks(session: Session, organiser_id: int) -> list[NetworkLine]:
    """The networks of the organiser's own and granted programmes, by name."""
    statement = (
        sa.select(Network, Organiser)
        .outerjoin(Organiser, Organiser.id == Network.organiser_id)
        .where(Network.programme_id.in_(select_programmes(organiser_id)))
        .order_by(Network.name, Network.id)
    )
    return [NetworkLine(*row) for row in session.execute(statement)]


def list_people(session: Session, organiser_ids: Collection[int]) -> dict[int, Sequence[Account]]:
    """Those who arrange for each of these organisers, who are told of what is begun for them."""
    statement = (
        sa.select(Membership.organiser_id, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.organiser_id.in_(organiser_ids), Account.disabled_at.is_(None))
        .where(Membership.role.in_((MemberRole.OWNER, MemberRole.ORGANISER)))
        .order_by(Account.id)
    )
    found: dict[int, list[Account]] = {}
    for organiser_id, account in session.execute(statement):
        found.setdefault(organiser_id, []).append(account)
    return dict(found)
