"""The audiences that are organisations that an event is for: their official mailboxes, or their contacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsys.events.models import Event, EventClause
from eventsys.events.queries import concerns
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.rules import OrganisationKind, PositionRole
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Side
from eventsys.workflows.audiences.columns import NONE, Recipients, by_form
from eventsys.workflows.rules import LIVE, OF_ORGANISATIONS, Audience

SIDES = (Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE)
"""The sides that a municipality's delegation is to have."""
INVITED = aliased(Organisation, name="invited")
INVITED_ID = cast(int, sa.literal_column("invited.id", sa.Integer()))
"""Written out, so that `concerns`, which asks about it two subqueries down, reads it from the outermost FROM alone."""
OF_MEMBERS = (OrganisationKind.UNION, OrganisationKind.CONFEDERATION)


def select_organisations(audience: Audience, *, event_id: int, on: date) -> Recipients:
    """The mailboxes, or the contacts, of those that the audience is."""
    if audience is Audience.CONTACTS_WITHOUT:
        return _contacts(event_id, on)
    return _of_event(event_id, on).where(_is_meant(audience, event_id))


def still_meant(audience: Audience, *, event_id: int, on: date, organisation_ids: Sequence[int]) -> sa.Select[int]:
    """Which of these organisations an audience of organisations still is."""
    if audience not in OF_ORGANISATIONS:
        raise ValueError(f"{audience.value} is no audience of organisations")
    found = _of_event(event_id, on).where(_is_meant(audience, event_id), INVITED.id.in_(organisation_ids))
    return sa.select(found.subquery().c.organisation_id)


def _is_meant(audience: Audience, event_id: int) -> sa.ColumnElement[bool]:
    """Whether it has nobody signed up, or too few sides; and a mailbox, where that is written to."""
    has_signed_up = _has_signed_up(event_id).exists()
    if audience is Audience.CONTACTS_WITHOUT:
        return sa.not_(has_signed_up)
    has_mailbox = sa.func.trim(INVITED.email) != ""
    if audience is Audience.ORGANISATIONS_LACKING:
        return sa.and_(has_mailbox, has_signed_up, _count_sides(event_id) < len(SIDES))
    return sa.and_(has_mailbox, sa.not_(has_signed_up))


def _of_event(event_id: int, on: date) -> Recipients:
    """The organisations there are on that day that the event says it is for.

    An event without a clause is for everybody and has invited nobody. Unions are left out: who comes for which is a
    special category, and no mail is decided by it.
    """
    return (
        sa.select(
            Event.organiser_id,
            INVITED.email,
            sa.func.lower(sa.func.trim(INVITED.email)).label("email_key"),
            INVITED.label.label("name"),
            sa.func.coalesce(by_form(INVITED), Organiser.language).label("language"),
            NONE.label("registration_id"),
            INVITED.id.label("organisation_id"),
            NONE.label("invitation_id"),
            NONE.label("person_id"),
        )
        .select_from(INVITED)
        .join(Event, Event.id == event_id)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .where(
            INVITED.kind.not_in(OF_MEMBERS),
            sa.or_(INVITED.valid_from.is_(None), INVITED.valid_from <= on),
            sa.or_(INVITED.valid_to.is_(None), INVITED.valid_to >= on),
            sa.select(EventClause.id).where(EventClause.event_id == event_id).exists(),
            concerns(INVITED_ID, on),
        )
    )


def _contacts(event_id: int, on: date) -> Recipients:
    """The confirmed contacts of the organisations that the event says it is for and that have nobody signed up."""
    without = _of_event(event_id, on).where(_is_meant(Audience.CONTACTS_WITHOUT, event_id))
    found = without.subquery("without")
    return (
        sa.select(
            found.c.organiser_id,
            Position.email,
            Position.email_key,
            Position.name,
            sa.func.coalesce(sa.func.nullif(Position.language, ""), found.c.language).label("language"),
            NONE.label("registration_id"),
            found.c.organisation_id,
            NONE.label("invitation_id"),
            NONE.label("person_id"),
        )
        .select_from(found)
        .join(Position, Position.organisation_id == found.c.organisation_id)
        .where(
            Position.role == PositionRole.CONTACT,
            Position.confirmed_at.is_not(None),
            Position.email_key != "",
            Position.from_on <= on,
            sa.or_(Position.to_on.is_(None), Position.to_on >= on),
        )
    )


def _has_signed_up(event_id: int) -> sa.Select[int]:
    return (
        sa.select(Registration.id)
        .where(
            Registration.event_id == event_id,
            Registration.organisation_id == INVITED.id,
            Registration.state.in_(LIVE),
        )
        .correlate(INVITED)
    )


def _count_sides(event_id: int) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(sa.distinct(Registration.side)))
        .where(
            Registration.event_id == event_id,
            Registration.organisation_id == INVITED.id,
            Registration.state.in_(LIVE),
            Registration.side.in_(SIDES),
        )
        .correlate(INVITED)
        .scalar_subquery()
    )
