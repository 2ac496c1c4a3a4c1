"""Invitations in the small world: a round to the people of a cohort, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsys.audiences.rules import Clause
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.invitations import actions
from eventsys.invitations.actions import RoundFacts, Sent
from eventsys.invitations.models import Invitation, InvitationChange, InvitationRound
from tests.audiences.given import add_position, all_of, cohort
from tests.world import NOW, World


def of_cohort(world: World, ordinal: int = 2) -> Clause:
    return all_of(cohort(world, ordinal))


def plan(
    world: World, name: str = "seminar", *, clauses: tuple[Clause, ...] = (), now: datetime = NOW, **more: Any
) -> int:
    """A round to the event; the people of cohort II unless said otherwise."""
    with transaction() as session:
        event = session.get_one(Event, world.events[name].id)
        facts = RoundFacts(clauses or (of_cohort(world),), **more)
        return actions.plan_round(session, event, facts, now=now).id


def send(round_id: int, *, now: datetime = NOW) -> Sent:
    with transaction() as session:
        return actions.send_round(session, session.get_one(InvitationRound, round_id), now=now)


def invite(world: World, name: str = "seminar", *, now: datetime = NOW, **more: Any) -> Sent:
    """A round that is sent at once."""
    return send(plan(world, name, now=now, **more), now=now)


def invite_anne(world: World, **more: Any) -> int:
    """Anne, project leader in Bø (Telemark), is asked to the seminar; the id of her invitation."""
    add_position(world, "Anne", "0821")
    invite(world, **more)
    return the_invitation("Anne").id


def the_invitation(name: str) -> Invitation:
    found = db.session.scalars(sa.select(Invitation).where(Invitation.name == name)).one()
    db.session.expunge_all()
    db.session.rollback()
    return found


def do(act: Callable[..., Any], invitation_id: int, *, now: datetime = NOW, **more: Any) -> Any:
    """Does it to the invitation in a transaction."""
    with transaction() as session:
        return act(session, session.get_one(Invitation, invitation_id), now=now, **more)


def standings() -> dict[str, str]:
    """The state of every invitation by its name."""
    rows = db.session.execute(sa.select(Invitation.name, Invitation.state).order_by(Invitation.name)).all()
    db.session.rollback()
    return {name: state.value for name, state in rows}


def history() -> list[tuple[str, str, str, bool]]:
    """Every act in order: whose invitation, what, by whom, and whether a mail is to be made of it."""
    rows = db.session.execute(
        sa.select(Invitation.name, InvitationChange.act, InvitationChange.actor, InvitationChange.noticed_at)
        .join(Invitation, Invitation.id == InvitationChange.invitation_id)
        .order_by(InvitationChange.id)
    ).all()
    db.session.rollback()
    return [(name, act.value, actor.value, noticed_at is None) for name, act, actor, noticed_at in rows]
