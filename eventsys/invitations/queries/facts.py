"""What a mail about invitations needs to know of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.invitations.links import invitation_token
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.invitations.rules import InvitationState
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import HeldPlaces


class InvitationFacts(NamedTuple):
    """One invitation as its mail tells it. `template` is the key of the round's text, `token` opens `/invitations/<token>`;
    `places` are held until `held_until` (local, inclusive), none where that is null; `passed_by` is the colleague who
    passed it on, else empty; `organisation` the label, empty for none; no `person_id` means an official mailbox."""

    id: int
    organiser_id: int
    event_id: int
    person_id: int | None
    organisation_id: int | None
    name: str
    email: str
    email_key: str
    language: str
    organisation: str
    state: InvitationState
    template: str
    token: str
    held_until: date | None
    places: int
    passed_by: str


def list_facts(session: Session, ids: Collection[int]) -> dict[int, InvitationFacts]:
    """The facts of these invitations by id, in two statements however many."""
    first = aliased(Invitation)
    passed_by = sa.select(sa.func.max(first.name)).where(first.passed_to_id == Invitation.id).scalar_subquery()
    rows = session.execute(
        sa.select(
            Invitation,
            sa.func.coalesce(sa.func.nullif(Invitation.language, ""), Organiser.language).label("said_in"),
            sa.func.coalesce(Organisation.label, "").label("organisation"),
            InvitationRound.template,
            sa.func.coalesce(passed_by, "").label("passed_by"),
        )
        .join(Organiser, Organiser.id == Invitation.organiser_id)
        .join(InvitationRound, InvitationRound.id == Invitation.round_id)
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.id.in_(ids))
        .order_by(Invitation.id)
    ).all()
    held = _read_held(session, {row.Invitation.event_id for row in rows})
    found = {}
    for row in rows:
        one = row.Invitation
        holder = (one.event_id, one.organisation_id, None if one.organisation_id else one.person_id)
        until, places = held.get(holder, (None, 0))
        found[one.id] = InvitationFacts(
            one.id, one.organiser_id, one.event_id, one.person_id, one.organisation_id, one.name, one.email,
            one.email_key, row.said_in, row.organisation, one.state, row.template, invitation_token(one), until,
            places, row.passed_by,
        )  # fmt: skip
    return found


def _read_held(
    session: Session, event_ids: Collection[int]
) -> dict[tuple[int, int | None, int | None], tuple[date, int]]:
    rows = session.execute(
        sa.select(
            HeldPlaces.event_id,
            HeldPlaces.organisation_id,
            HeldPlaces.person_id,
            HeldPlaces.held_until,
            HeldPlaces.places,
        ).where(HeldPlaces.event_id.in_(event_ids), HeldPlaces.released_at.is_(None))
    )
    return {(event, organisation, person): (until, places) for event, organisation, person, until, places in rows}
