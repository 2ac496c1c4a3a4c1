"""The audiences that are organisations that an event is for: their official mailboxes, or their contacts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event, EventClause
from eventsys.events.queries import concerns
from eventsys.obligations.queries import select_at_risk
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions import queries as positions
from eventsys.organisations.queries import by_form
from eventsys.organisations.rules import OrganisationKind
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Side
from eventsys.workflows.audiences.columns import NONE, Recipients
from eventsys.workflows.rules import LIVE, OF_CONTACTS, OF_ORGANISATIONS, Audience

SIDES = (Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE)
"""The sides that a municipality's delegation is to have."""
INVITED = aliased(Organisation, name="invited")
INVITED_ID = cast(int, sa.literal_column("invited.id", sa.Integer()))
"""Written out, so that `concerns`, which asks about it two subqueries down, reads it from the outermost FROM alone."""
OF_MEMBERS = (OrganisationKind.UNION, OrganisationKind.CONFEDERATION)


def read_needing(session: Session, audience: Audience, *, event_id: int, on: date) -> Collection[int]:
    """The organisations that need the event to keep what they promised, where an audience is those; else nobody is read."""
    return tuple(select_at_risk(session, event_id, on)) if audience is Audience.CONTACTS_AT_RISK else ()


def select_organisations(audience: Audience, *, event_id: int, on: date, needing: Collection[int] = ()) -> Recipients:
    """The mailboxes, or the contacts, of those that the audience is."""
    found = _of_event(event_id, on).where(_is_meant(audience, event_id, needing))
    if audience in OF_CONTACTS:
        return _contacts(found, on, or_mailbox=audience is not Audience.CONTACTS_WITHOUT)
    return found


def still_meant(
    audience: Audience,
    *,
    event_id: int,
    on: date,
    organisation_ids: Sequence[int],
    needing: Collection[int] = (),
) -> sa.Select[int]:
    """Which of these organisations an audience of organisations still is."""
    if audience not in OF_ORGANISATIONS:
        raise ValueError(f"{audience.value} is no audience of organisations")
    found = _of_event(event_id, on).where(_is_meant(audience, event_id, needing), INVITED.id.in_(organisation_ids))
    return sa.select(found.subquery().c.organisation_id)


def _is_meant(audience: Audience, event_id: int, needing: Collection[int]) -> sa.ColumnElement[bool]:
    """Whether it has nobody signed up, too few sides, or needs the event; and a mailbox, where that alone is written to."""
    has_signed_up = INVITED.id.in_(_signed_up(event_id))
    if audience is Audience.CONTACTS_WITHOUT:
        return sa.not_(has_signed_up)
    if audience is Audience.CONTACTS_AT_RISK:
        return INVITED.id.in_(needing)
    if audience is Audience.CONTACTS_LACKING:
        return INVITED.id.in_(_too_few_sides(event_id))
    has_mailbox = sa.func.trim(INVITED.email) != ""
    if audience is Audience.ORGANISATIONS_LACKING:
        return sa.and_(has_mailbox, INVITED.id.in_(_too_few_sides(event_id)))
    return sa.and_(has_mailbox, sa.not_(has_signed_up))


def _of_event(event_id: int, on: date) -> Recipients:
    """The organisations there are on that day that the event says it is for.

    An event without a clause is for everybody and has invited nobody; of a closed one organisations learn
    nothing. Unions are left out: who comes for which is a special category, and no mail is decided by it.
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
            sa.not_(Event.is_closed),
            sa.or_(INVITED.valid_from.is_(None), INVITED.valid_from <= on),
            sa.or_(INVITED.valid_to.is_(None), INVITED.valid_to >= on),
            sa.select(EventClause.id).where(EventClause.event_id == event_id).exists(),
            concerns(INVITED_ID, on),
        )
    )


def _contacts(organisations: Recipients, on: date, *, or_mailbox: bool) -> Recipients:
    """The confirmed contacts of these organisations; `or_mailbox`: the official mailbox of those that have none."""
    found = organisations.subquery("organisations_meant")
    is_contact = sa.and_(
        Position.organisation_id == found.c.organisation_id,
        positions.is_contact(on),
        Position.email_key != "",
    )
    mailbox = sa.and_(Position.id.is_(None), found.c.email_key != "") if or_mailbox else sa.false()
    return (
        sa.select(
            found.c.organiser_id,
            sa.func.coalesce(Position.email, found.c.email).label("email"),
            sa.func.coalesce(Position.email_key, found.c.email_key).label("email_key"),
            sa.func.coalesce(Position.name, found.c.name).label("name"),
            sa.func.coalesce(sa.func.nullif(Position.language, ""), found.c.language).label("language"),
            NONE.label("registration_id"),
            found.c.organisation_id,
            NONE.label("invitation_id"),
            NONE.label("person_id"),
        )
        .select_from(found)
        .outerjoin(Position, is_contact)
        .where(sa.or_(Position.id.is_not(None), mailbox))
    )


def _signed_up(event_id: int) -> sa.Select[int | None]:
    """Of whom somebody is signed up; read once, and not for each organisation."""
    return sa.select(Registration.organisation_id).where(
        Registration.event_id == event_id, Registration.organisation_id.is_not(None), Registration.state.in_(LIVE)
    )


def _too_few_sides(event_id: int) -> sa.Select[int | None]:
    """Those of them that not all sides are signed up of."""
    side = sa.case((Registration.side.in_(SIDES), Registration.side))
    found = _signed_up(event_id).group_by(Registration.organisation_id)
    return found.having(sa.func.count(sa.distinct(side)) < len(SIDES))
