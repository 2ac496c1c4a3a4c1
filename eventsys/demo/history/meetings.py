"""The groups that meet all year, with agendas and minutes: who is in them, and what came of it. Made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.history import groups as tables
from eventsys.demo.history import words
from eventsys.demo.history.calls import By
from eventsys.demo.history.story import PLACE
from eventsys.demo.people import make_address, make_name
from eventsys.demo.programme import OPENS_AT
from eventsys.demo.registers import MEMBERS, STEERING_GROUP
from eventsys.events import actions as events
from eventsys.events.meetings import actions, queries
from eventsys.events.meetings.rules import ItemFacts
from eventsys.events.models import Event, Run
from eventsys.events.rules import ItemKind, MinutesState, Precision, RunFacts
from eventsys.extensions import Translated
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.groups.actions import MemberFacts, add_group, change_group, set_member
from eventsys.programmes.models import Group, GroupMembership
from eventsys.programmes.rules import GroupKind
from eventsys.registrations.attendance.actions import record_attendance
from eventsys.registrations.models import Registration
from eventsys.workspace.meetings.actions import make_meetings
from eventsys.workspace.meetings.forms import MeetingsEntry

STAYS_AWAY = 0.12
ITEMS_EACH = 2
"""How many items stand between the first and the last."""
WRITTEN_AFTER, OUT_AFTER = timedelta(days=1), timedelta(days=6)


Item = tuple[ItemKind, str, str, str]


@dataclass(frozen=True)
class Where:
    """Whose groups they are, where the site is, and what some members come from, by name."""

    organiser: Organiser
    by: By
    base_url: str
    organisations: Mapping[str, Organisation]


def meet_all(session: Session, random: Random, where: Where, steering: Group) -> list[Event]:
    """All meetings of 2008 of the three groups."""
    change_group(
        session, steering, name=STEERING_GROUP, kind=GroupKind.STEERING, about=tables.STEERING_ABOUT,
        programme_id=where.by.programme.id,
    )  # fmt: skip
    _name_places(session, where, steering)
    groups = [
        steering,
        _add(session, random, where, GroupKind.POLITICAL_CONTACT, tables.CONTACT_MEETING, tables.CONTACT_ABOUT),
        _add(session, random, where, GroupKind.WORKING, tables.WORKING_GROUP, tables.WORKING_ABOUT),
    ]
    return [event for group in groups for event in _meet(session, random, where, group)]


def _name_places(session: Session, where: Where, group: Group) -> None:
    """Where those come from of whom only the address tells."""
    rows = session.scalars(sa.select(GroupMembership).filter_by(group_id=group.id).order_by(GroupMembership.id)).all()
    names = {
        "Departementet": words.STATE,
        "Kommunenes organisasjon": words.ASSOCIATION,
        "Unio": "Unio",
        "Sekretariatet": words.SECRETARIAT,
    }
    for row, place in zip(rows, MEMBERS, strict=True):
        from_id = where.organisations[names[place]].id
        facts = MemberFacts(row.name, row.email, row.from_on, organisation_id=from_id)
        set_member(session, group, facts, now=tables.CALLED_AT)


def _add(
    session: Session, random: Random, where: Where, kind: GroupKind, name: Translated, about: Translated
) -> Group:  # fmt: skip
    """Two from each of the parties."""
    group = add_group(
        session, organiser_id=where.organiser.id, name=name, kind=kind, about=about,
        programme_id=where.by.programme.id,
    )  # fmt: skip
    for place in (words.STATE, words.ASSOCIATION, "Unio"):
        organisation = where.organisations[place]
        for _one in range(2):
            member = make_name(random)
            facts = MemberFacts(
                member, make_address(member, organisation.label), tables.MEMBERS_SINCE, organisation_id=organisation.id
            )
            set_member(session, group, facts, now=tables.CALLED_AT)
    return group


def _meet(session: Session, random: Random, where: Where, group: Group) -> list[Event]:
    starts, ends = tables.HOURS[group.kind]
    entry = MeetingsEntry(
        dict(tables.TITLES[group.kind]), tables.DAYS[group.kind], starts, ends, "", PLACE, is_out=True
    )
    made = make_meetings(
        session, group, entry, organiser=where.organiser, base_url=where.base_url, account_id=where.by.account_id,
        now=tables.CALLED_AT,
    )  # fmt: skip
    runs = [session.scalars(sa.select(Run).filter_by(event_id=event.id)).one() for event in made]
    agendas = _turn(tables.ITEMS[group.kind])
    past = [day for day in tables.DAYS[group.kind] if day < OPENS_AT.date()]
    for number, (event, run) in enumerate(zip(made, runs, strict=True)):
        if run.first_on == tables.MOVED_FROM and group.kind is GroupKind.STEERING:
            _move(session, where, run)
        if number <= len(past):
            _put_on_agenda(session, event, next(agendas))
        if number < len(past):
            approved_on = past[number + 1] if number + 1 < len(past) else None
            _write(session, random, where, event, run, approved_on=approved_on)
    return made


def _turn(items: Sequence[Item]) -> Iterator[list[Item]]:
    place = 0
    while True:
        yield [tables.FIRST_ITEM, *(items[(place + one) % len(items)] for one in range(ITEMS_EACH)), tables.LAST_ITEM]
        place += ITEMS_EACH


def _move(session: Session, where: Where, run: Run) -> None:
    starts, ends = tables.HOURS[GroupKind.STEERING]
    facts = RunFacts(
        Precision.EXACT, tables.MOVED_TO, tables.MOVED_TO, starts, ends, run.venue_id, run.capacity, run.timezone
    )
    events.change_run(
        session, run, facts=facts, base_url=where.base_url, line=tables.MOVED_FOR, account_id=where.by.account_id,
        now=tables.MOVED_AT,
    )  # fmt: skip


def _put_on_agenda(session: Session, event: Event, items: Sequence[Item]) -> None:
    for kind, title, text, _outcome in items:
        actions.add_item(session, event, ItemFacts(kind, title, text=text))


def _write(
    session: Session, random: Random, where: Where, event: Event, run: Run, *, approved_on: date | None
) -> None:  # fmt: skip
    """Who was there and what came of it: approved at the next meeting, out until then, a draft in the first week."""
    assert run.first_on is not None
    account_id, ended_at = where.by.account_id, _at(run.first_on, 16)
    present = _take_attendance(session, random, run, account_id=account_id, now=ended_at)
    outcomes = {title: outcome for _kind, title, _text, outcome in _every_item()}
    told = {str(item.public_id): outcomes[item.title] for item in queries.list_items(session, event.id)}
    actions.write_minutes(
        session, event, present="\n".join(present), outcomes=told, edition=0, account_id=account_id,
        now=ended_at + WRITTEN_AFTER,
    )  # fmt: skip
    if ended_at + OUT_AFTER > OPENS_AT:
        return
    actions.set_state(session, event, MinutesState.OUT, account_id=account_id, now=ended_at + OUT_AFTER)
    if approved_on is not None:
        actions.set_state(session, event, MinutesState.APPROVED, account_id=account_id, now=_at(approved_on, 10))


def _take_attendance(session: Session, random: Random, run: Run, *, account_id: int, now: datetime) -> list[str]:
    """The names of those who came."""
    seats = session.scalars(sa.select(Registration).filter_by(run_id=run.id).order_by(Registration.name)).all()
    absent = {seat.id for seat in seats if random.random() < STAYS_AWAY}
    record_attendance(session, run, absent_ids=absent, account_id=account_id, now=now)
    return [seat.name for seat in seats if seat.id not in absent]


def _every_item() -> Iterator[Item]:
    yield from (tables.FIRST_ITEM, tables.LAST_ITEM)
    for items in tables.ITEMS.values():
        yield from items


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)
