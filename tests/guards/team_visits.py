"""A colleague of each organiser who is asked to join, and the addresses of a team."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import clock, tokens
from eventsys.accounts.models import AccountInvitation, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.accounts.team import actions
from eventsys.extensions import db


def add_team_things(session: Session, organiser_id: int, marker: str) -> None:
    """The invitation; its link is one that can be told again from the marker."""
    email = f"{marker}-person@program.example"
    row, token = actions.invite(
        session, organiser_id=organiser_id, email=email, key=email, name=f"{marker}-person", language="nb",
        role=MemberRole.ORGANISER, event_slug=None, now=clock.real_now(),
    )  # fmt: skip
    assert row.public_id
    known = sa.update(tokens.OneTimeToken).where(tokens.OneTimeToken.digest == tokens.digest(token))
    session.execute(known.values(digest=tokens.digest(link_of(marker))))


def link_of(marker: str) -> str:
    return f"{marker.encode().hex()}-joins"


def team_values(organiser_id: int, marker: str) -> dict[str, dict[str, Any]]:
    """What the addresses of the team hold, by endpoint."""
    of_it = AccountInvitation.organiser_id == organiser_id
    invited = db.session.scalars(sa.select(AccountInvitation.public_id).where(of_it)).first()
    members = sa.select(Membership.account_id).where(Membership.organiser_id == organiser_id)
    account_id = db.session.scalars(members.order_by(Membership.account_id)).first()
    member = {"account_id": account_id or 0}
    return {
        **{
            f"workspace.{name}": member
            for name in ("colleague", "update_colleague", "confirm_remove_colleague", "remove_colleague")
        },
        **{f"workspace.{name}": {"public_id": invited} for name in ("ask_colleague_again", "withdraw_colleague")},
        **{f"workspace.{name}": {"token": link_of(marker)} for name in ("join_team", "join_team_now")},
    }
