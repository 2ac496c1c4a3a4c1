"""Reads of a group's own pages: who is in it, what is out of its meetings, the kept entries of their dates."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from eventsys.events.meetings.queries import Meeting, find_meeting, list_meetings
from eventsys.events.models import Event, EventClause, MeetingMinutes, Run
from eventsys.events.rules import EventStatus, MinutesState
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation
from eventsys.programmes.groups.queries import is_member
from eventsys.programmes.models import GroupMembership

SHOWN = (Event.status != EventStatus.DRAFT,)


def list_shown(session: Session, group_id: int) -> list[Meeting]:
    """The group's meetings that are no drafts, in order of time."""
    return list_meetings(session, group_id, *SHOWN)


def find_shown(session: Session, group_id: int, slug: str) -> Meeting | None:
    return find_meeting(session, group_id, slug, *SHOWN)


def read_minutes(session: Session, event_id: int) -> MeetingMinutes | None:
    """The minutes, if they are out to the group."""
    out = MeetingMinutes.state != MinutesState.DRAFT
    return session.scalar(sa.select(MeetingMinutes).where(MeetingMinutes.event_id == event_id, out))


def list_names(session: Session, group_id: int, *, on: date) -> list[AnyRow]:
    """Who is in the group on that day, by name, with the organisation they are there for."""
    statement = (
        sa.select(GroupMembership.name, Organisation.label.label("organisation"))
        .outerjoin(Organisation, Organisation.id == GroupMembership.organisation_id)
        .where(GroupMembership.group_id == group_id, is_member(on), GroupMembership.email_key != "")
        .order_by(GroupMembership.name, GroupMembership.id)
    )
    return list(session.execute(statement))


def list_entries(session: Session, group_id: int) -> list[Run]:
    """The runs of the group's meetings that have a day, with their kept entries; cancelled ones too, which say so."""
    meant = sa.exists().where(EventClause.event_id == Run.event_id, EventClause.group_id == group_id)
    statement = (
        sa.select(Run)
        .join(Event, Event.id == Run.event_id)
        .where(meant, *SHOWN, Run.first_on.is_not(None))
        .options(undefer(Run.ics))
        .order_by(Run.sort_at, Run.id)
    )
    return list(session.scalars(statement))


def find_last_change(runs: list[Run]) -> datetime | None:
    return max((run.revised_at for run in runs), default=None)
