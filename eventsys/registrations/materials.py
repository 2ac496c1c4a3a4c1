"""The papers of an event that one seat's link opens."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsys import clock, dates
from eventsys.events.materials import queries
from eventsys.events.materials.labels import describe_material
from eventsys.events.materials.rules import OPENS, Reader, may_open
from eventsys.events.models import Material
from eventsys.events.rules import EventStatus, MaterialAccess
from eventsys.extensions import AnyRow
from eventsys.registrations import links
from eventsys.registrations.rules import ENDED


def list_papers(session: Session, row: AnyRow, token: str) -> list[dict[str, Any]]:
    """What the seat's page shows: all that its link opens now."""
    found = queries.list_out(session, row.Event.id, now=clock.now())
    if row.Event.status is EventStatus.DRAFT or not found:
        return []
    reader = find_reader(session, row, token, found)
    return [describe_material(one) for one in found if reader in OPENS[one.access]]


def find_paper(session: Session, row: AnyRow, token: str, material: Material) -> Material | None:
    """The material, if the seat's link opens it now."""
    reader = find_reader(session, row, token, [material])
    is_open = may_open(material.access, material.published_at, reader, now=clock.now())
    return material if is_open and row.Event.status is not EventStatus.DRAFT else None


def find_reader(session: Session, row: AnyRow, token: str, materials: list[Material]) -> Reader:
    """Who the link speaks for. That somebody is in a group counts only where the link was mailed to them: a form can be
    filled in with anybody's name."""
    registration = row.Registration
    if registration.state in ENDED:
        return Reader.ANYBODY
    asks_group = any(one.access is MaterialAccess.GROUP for one in materials)
    if not asks_group or not links.was_mailed(token, registration):
        return Reader.PARTICIPANT
    on = dates.to_local(clock.now(), row.Run.timezone).date()
    is_member = queries.is_member(session, row.Event.id, registration.person_id, on=on)
    return Reader.MEMBER if is_member else Reader.PARTICIPANT
