"""A closed meeting of each organiser's group, with an agenda and minutes that are out, and the addresses of them."""

from __future__ import annotations

import uuid
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events import actions as events
from eventsys.events.materials.actions import add_material
from eventsys.events.materials.rules import MaterialFacts
from eventsys.events.meetings import actions
from eventsys.events.meetings.rules import ItemFacts
from eventsys.events.models import Event, Material, MeetingItem
from eventsys.events.rules import (
    ClauseFacts,
    ClauseKind,
    EventFacts,
    EventType,
    ItemKind,
    MaterialAccess,
    MinutesState,
    Precision,
    RunFacts,
)
from eventsys.extensions import db
from eventsys.programmes.models import Group, GroupMembership
from eventsys.tokens import Purpose, capability
from tests.world import BASE_URL, NOW

DAY = date(2008, 12, 9)
OF_ITEMS = (
    "edit_agenda_item", "update_agenda_item", "move_agenda_item", "confirm_remove_agenda_item", "remove_agenda_item",
)  # fmt: skip
OF_MEETINGS = ("agenda", "add_agenda_item", "minutes", "write_minutes", "set_minutes_state", "minutes_pdf")
OF_GROUPS = (
    "group_meetings", "new_meetings", "create_meetings", "follow_members", "mail_group_links", "mail_group_link",
    "confirm_end_group", "end_group",
)  # fmt: skip
OF_MEMBERS = ("group_page", "group_meeting", "group_minutes", "group_material")


def add_group_things(session: Session, event: Event, marker: str) -> None:
    """Agenda and minutes of the organiser's event, too: who helps with it may write them."""
    write(session, event, marker)
    write(session, add_meeting(session, event.organiser_id, marker), marker)


def add_meeting(session: Session, organiser_id: int, marker: str) -> Event:
    group = session.scalars(sa.select(Group).where(Group.organiser_id == organiser_id)).one()
    event = events.create(
        session, organiser_id=organiser_id,
        facts=EventFacts(EventType.MEETING, {"nb": f"{marker}-kladd møte"}, by_invitation=True, is_closed=True),
        clauses=[ClauseFacts(ClauseKind.GROUP, group_id=group.id)],
        runs=[RunFacts(Precision.EXACT, DAY, DAY, time(10), time(12))], base_url=BASE_URL, now=NOW,
    )  # fmt: skip
    events.publish(session, event, now=NOW)
    paper = MaterialFacts(f"{marker}-kladd papir", access=MaterialAccess.GROUP)
    add_material(session, event, paper, file=("papir.txt", marker.encode()), published_at=NOW, now=NOW)
    return event


def write(session: Session, event: Event, marker: str) -> None:
    item = actions.add_item(session, event, ItemFacts(ItemKind.DECISION, f"{marker}-kladd sak"))
    said = {str(item.public_id): f"{marker}-kladd vedtak"}
    account: Any = None
    actions.write_minutes(session, event, present="", outcomes=said, edition=0, account_id=account, now=NOW)
    actions.set_state(session, event, MinutesState.OUT, account_id=account, now=NOW)


def group_values(event: Event) -> dict[str, dict[str, Any]]:
    """What the addresses hold, by endpoint; the organisers' ones are of the event, the members' of the meeting."""
    session, organiser_id = db.session(), event.organiser_id
    group = session.scalars(sa.select(Group).where(Group.organiser_id == organiser_id)).one()
    member = session.scalars(sa.select(GroupMembership).where(GroupMembership.group_id == group.id)).first()
    slug, paper = session.execute(
        sa.select(Event.slug, Material.public_id)
        .join(Material, Material.event_id == Event.id)
        .where(Event.organiser_id == organiser_id, Material.access == MaterialAccess.GROUP)
    ).one()
    item = session.scalar(sa.select(MeetingItem.public_id).where(MeetingItem.event_id == event.id))
    public_id = member.public_id if member is not None else uuid.uuid4()
    page, feed = (capability(purpose, public_id, 0) for purpose in (Purpose.GROUP, Purpose.CALENDAR))
    behind = {"token": page, "slug": slug, "public_id": paper}
    return {
        **{f"workspace.{name}": {"slug": event.slug, "item": item} for name in (*OF_ITEMS, *OF_MEETINGS)},
        **{f"workspace.{name}": {"group": group.slug, "member": public_id} for name in OF_GROUPS},
        **{f"site.{name}": behind for name in OF_MEMBERS},
        "site.group_calendar": {"token": feed},
    }
