"""The verbs of a group's meetings: many made at once, the members put on their lists, told of their minutes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events import actions as events
from eventsys.events.meetings import queries
from eventsys.events.meetings.rules import KINDS
from eventsys.events.models import Event, Run, Series
from eventsys.events.rules import (
    DATED,
    ClauseFacts,
    ClauseKind,
    EventFacts,
    EventStatus,
    Precision,
    RunFacts,
    RunStatus,
)
from eventsys.events.series.actions import add_series
from eventsys.organisers.models import Organiser
from eventsys.programmes.groups import emails
from eventsys.programmes.groups.queries import is_member
from eventsys.programmes.models import Group, GroupMembership
from eventsys.registrations import actions as registrations
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import LEAVABLE, Actor, CannotBeCancelled, NewRegistration, RegistrationIsClosed
from eventsys.venues import actions as venues
from eventsys.venues.queries import find_venue
from eventsys.workspace.meetings.forms import MeetingsEntry


def make_meetings(
    session: Session,
    group: Group,
    entry: MeetingsEntry,
    *,
    organiser: Organiser,
    base_url: str,
    account_id: int,
    now: datetime,
) -> list[Event]:
    """Closed meetings of the group in its series, one on each day on which it has none yet: sent twice, the form makes each
    once. Each is an event of its own, so that one moves alone."""
    session.execute(sa.select(Organiser.id).where(Organiser.id == organiser.id).with_for_update(key_share=True))
    series = _find_series(session, group, now)
    taken = _list_days(session, group.id)
    ordinal = queries.find_highest_ordinal(session, series.id)
    venue_id = _find_venue(session, entry, organiser)
    made = []
    for day in (day for day in entry.days if day not in taken):
        ordinal += 1
        facts = EventFacts(
            KINDS[group.kind], entry.title, ordinal=ordinal, programme_id=group.programme_id, series_id=series.id,
            by_invitation=True, is_closed=True,
        )  # fmt: skip
        run = RunFacts(
            Precision.EXACT, day, day, entry.starts, entry.ends, venue_id=venue_id, timezone=organiser.timezone
        )
        event = events.create(
            session, organiser_id=organiser.id, facts=facts, runs=[run], base_url=base_url, account_id=account_id,
            clauses=[ClauseFacts(ClauseKind.GROUP, group_id=group.id)], now=now,
        )  # fmt: skip
        if entry.is_out:
            events.publish(session, event, account_id=account_id, now=now)
        made.append(event)
    if entry.is_out:
        follow_members(session, group, account_id=account_id, now=now)
    return made


def _find_series(session: Session, group: Group, now: datetime) -> Series:
    found = queries.find_group_series(session, group.id)
    if found is not None:
        return found
    return add_series(
        session, organiser_id=group.organiser_id, name=group.name, programme_id=group.programme_id, group_id=group.id,
        now=now,
    )  # fmt: skip


def _list_days(session: Session, group_id: int) -> set[date | None]:
    meetings = queries.list_meetings(session, group_id, Event.status != EventStatus.CANCELLED)
    return {run.first_on for meeting in meetings for run in meeting.event.runs if run.status is RunStatus.PLANNED}


def _find_venue(session: Session, entry: MeetingsEntry, organiser: Organiser) -> int | None:
    if entry.new_venue:
        return venues.find_or_add(session, name=entry.new_venue, organiser_id=organiser.id).id
    found = find_venue(session, entry.venue, organiser_id=organiser.id) if entry.venue else None
    return found.id if found else None


# --- the members on the lists -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Lacking:
    """What is to be done for the lists of coming meetings to be the group's: who is to be put on which, and the seats of
    those who are not in the group on the day. Whoever has signed off stays off."""

    add: list[tuple[Run, GroupMembership]] = field(default_factory=list)
    remove: list[Registration] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)


def find_lacking(session: Session, group: Group, *, now: datetime) -> Lacking:
    """In three statements, however many meetings and members there are."""
    ahead = (Event.status == EventStatus.PUBLISHED, Run.status == RunStatus.PLANNED, Run.sort_at > now)
    meetings = queries.list_meetings(session, group.id, *ahead, Run.precision.in_(DATED))
    runs = {run.id: run for meeting in meetings for run in meeting.event.runs}
    members = session.scalars(
        sa.select(GroupMembership)
        .where(GroupMembership.group_id == group.id, GroupMembership.email_key != "")
        .order_by(GroupMembership.id)
    ).all()
    people = {member.person_id for member in members}
    seats: dict[tuple[int, int | None], Registration] = {
        (row.run_id, row.person_id): row
        for row in session.scalars(
            sa.select(Registration).where(Registration.run_id.in_(runs), Registration.person_id.in_(people))
        )
    }
    found = Lacking()
    for run in runs.values():
        there = {member.person_id: member for member in members if _lasts(member, run.first_on)}
        found.add += [(run, member) for person_id, member in there.items() if (run.id, person_id) not in seats]
        found.remove += [
            row
            for (run_id, person_id), row in seats.items()
            if run_id == run.id and person_id not in there and row.state in LEAVABLE
        ]
    return found


def _lasts(member: GroupMembership, day: date | None) -> bool:
    return day is not None and member.from_on <= day and (member.to_on is None or member.to_on >= day)


def follow_members(session: Session, group: Group, *, account_id: int, now: datetime) -> tuple[int, int]:
    """Makes the lists of coming meetings the group's; how many came on and off. Each who does is told by mail."""
    lacking = find_lacking(session, group, now=now)
    for run, member in lacking.add:
        form = NewRegistration(
            run_id=run.id, name=member.name, email=member.email, organisation_id=member.organisation_id,
            form_token=f"group-{uuid.uuid5(run.uid, str(member.public_id)).hex}", language=member.language,
        )  # fmt: skip
        try:
            registrations.add_by_organiser(session, form, account_id=account_id, now=now)
        except RegistrationIsClosed:
            continue
    for row in lacking.remove:
        try:
            registrations.cancel(session, row, actor=Actor.ORGANISER, account_id=account_id, now=now)
        except CannotBeCancelled:
            continue
    return len(lacking.add), len(lacking.remove)


# --- mails ------------------------------------------------------------------------------------------------------------


def list_to_tell(session: Session, group_id: int, *, on: date) -> Sequence[GroupMembership]:
    """Who is in the group on that day."""
    return session.scalars(
        sa.select(GroupMembership)
        .where(GroupMembership.group_id == group_id, is_member(on), GroupMembership.email_key != "")
        .order_by(GroupMembership.id)
    ).all()


def mail_links(session: Session, group: Group, *, on: date, now: datetime) -> int:
    """Each member's own link to the group's pages; how many go. Within an hour nobody gets it twice."""
    return sum(emails.send_link(session, member, group, now=now) for member in list_to_tell(session, group.id, on=on))


def tell_of_minutes(session: Session, event: Event, *, on: date, now: datetime) -> int:
    """One mail to each who is in a group that the meeting is for; how many go."""
    row = queries.find_minutes(session, event.id)
    if row is None:
        return 0
    held_on = session.scalar(sa.select(sa.func.min(Run.first_on)).where(Run.event_id == event.id))
    sent = 0
    for group_id in queries.list_group_ids(session, event.id):
        group = session.get_one(Group, group_id)
        for member in list_to_tell(session, group_id, on=on):
            sent += emails.send_minutes(
                session, member, group, event_id=event.id, slug=event.slug, title=event.title, held_on=held_on,
                edition=row.edition, now=now,
            )  # fmt: skip
    return sent
