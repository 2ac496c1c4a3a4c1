"""Secret calendars of each organiser's world, and the addresses of feeds and of their pages."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account
from eventsys.calendars.models import CalendarLink
from eventsys.calendars.own.actions import add_link
from eventsys.calendars.own.queries import Owner
from eventsys.calendars.own.serving import link_token
from eventsys.calendars.rules import LinkKind
from eventsys.extensions import db
from eventsys.organisations.models import Position
from tests.world import NOW

OF_CALENDARS = ("renew_calendar", "end_calendar")
OF_OWN = ("renew_own_calendar", "end_own_calendar")
OF_CONTACTS = (
    "contact_calendars", "add_contact_calendar", "renew_contact_calendar", "end_contact_calendar",
)  # fmt: skip


def add_calendar_things(session: Session, account: Account, organiser_id: int, contact: Position, marker: str) -> None:
    """One of each kind."""
    organiser = Owner(LinkKind.ORGANISER, account_id=account.id, organiser_id=organiser_id)
    add_link(session, organiser, name=f"{marker}-kladd", language="nb", now=NOW)
    add_link(session, Owner(LinkKind.CONTACT, position_id=contact.id), name="Bø", language="nb", now=NOW)
    person = Owner(LinkKind.PERSONAL, email_key=f"{marker}-person@kommune.example")
    add_link(session, person, name=f"{marker}-person", language="nb", now=NOW)


def calendar_values(organiser_id: int, contact: Position, behind_contact: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""
    mine, theirs = (
        db.session.scalars(sa.select(CalendarLink).where(condition)).one()
        for condition in (CalendarLink.organiser_id == organiser_id, CalendarLink.position_id == contact.id)
    )
    own = sa.select(CalendarLink.public_id).where(CalendarLink.kind == LinkKind.PERSONAL)
    personal = db.session.scalars(own.order_by(CalendarLink.id)).first()
    return {
        "calendars.cohort": {"slug": "pulje-ii"},
        "calendars.network": {"slug": "nettverk"},
        "calendars.organiser": {"slug": "sekretariatet"},
        "calendars.type": {"slug": "learning-seminar"},
        "calendars.venue": {"slug": "hotellet"},
        "calendars.personal": {"token": link_token(mine)},
        **{f"calendars.{name}": {"public_id": personal} for name in OF_OWN},
        **{f"calendars.{name}": {**behind_contact, "public_id": theirs.public_id} for name in OF_CONTACTS},
        **{f"workspace.{name}": {"public_id": mine.public_id} for name in OF_CALENDARS},
    }
