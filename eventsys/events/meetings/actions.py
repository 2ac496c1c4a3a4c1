"""The verbs of agendas and minutes. Who may is the caller's to know, and so is telling the members."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.meetings import queries, rules
from eventsys.events.meetings.rules import ChangedMeanwhile, ItemFacts, MinutesAreApproved
from eventsys.events.models import Event, MeetingItem, MeetingMinutes
from eventsys.events.rules import MinutesState


def add_item(session: Session, event: Event, facts: ItemFacts) -> MeetingItem:
    """At the end of the agenda. The same once more, as from a button pressed twice, is the one that is there."""
    _lock(session, event)
    there = queries.list_items(session, event.id)
    if there and _facts(there[-1]) == facts:
        return there[-1]
    item = MeetingItem(organiser_id=event.organiser_id, event_id=event.id, position=len(there))
    _set(item, facts)
    session.add(item)
    session.flush()
    return item


def edit_item(session: Session, item: MeetingItem, facts: ItemFacts) -> None:
    _set(item, facts)
    session.flush()


def move_item(session: Session, event: Event, item: MeetingItem, *, up: bool) -> None:
    """One place up or down; at the end it stays."""
    _lock(session, event)
    rows = {row.id: row for row in queries.list_items(session, event.id)}
    for position, row_id in enumerate(rules.move(list(rows), item.id, up=up)):
        rows[row_id].position = position
    session.flush()


def remove_item(session: Session, event: Event, item: MeetingItem) -> None:
    """Off the agenda with what the minutes say of it. Raises `MinutesAreApproved`."""
    _lock(session, event)
    _require_open(queries.find_minutes(session, event.id))
    session.delete(item)
    session.flush()


def write_minutes(
    session: Session,
    event: Event,
    *,
    present: str,
    outcomes: Mapping[str, str],
    edition: int,
    account_id: int,
    now: datetime,
) -> MeetingMinutes:
    """Says who was there and what came of each item, by the items' public ids; `edition` is that of the form, 0 for one
    that was opened before anything was written.

    Raises `ChangedMeanwhile` and `MinutesAreApproved`; the same once more is no change.
    """
    _lock(session, event)
    row = queries.find_minutes(session, event.id)
    _require_open(row)
    items = queries.list_items(session, event.id)
    same = row is not None and row.present == present
    if same and all(outcomes.get(str(item.public_id), item.outcome) == item.outcome for item in items):
        assert row is not None
        return row
    if edition != (row.edition if row is not None else 0):
        raise ChangedMeanwhile
    if row is None:
        row = MeetingMinutes(event_id=event.id, organiser_id=event.organiser_id, state=MinutesState.DRAFT, edition=0)
        session.add(row)
    for item in items:
        item.outcome = outcomes.get(str(item.public_id), item.outcome)
    row.present, row.edition, row.at, row.account_id = present, row.edition + 1, now, account_id
    session.flush()
    return row


def set_state(session: Session, event: Event, state: MinutesState, *, account_id: int, now: datetime) -> bool:
    """How far the minutes have come; False where they are so already, are not written, or cannot get there from here."""
    _lock(session, event)
    row = queries.find_minutes(session, event.id)
    if row is None or state not in rules.NEXT[row.state]:
        return False
    row.state, row.at, row.account_id = state, now, account_id
    session.flush()
    return True


def _require_open(row: MeetingMinutes | None) -> None:
    if row is not None and row.state is MinutesState.APPROVED:
        raise MinutesAreApproved


def _lock(session: Session, event: Event) -> None:
    session.execute(sa.select(Event.id).where(Event.id == event.id).with_for_update())


def _facts(item: MeetingItem) -> ItemFacts:
    return ItemFacts(item.kind, item.title, item.presenter, item.text)


def _set(item: MeetingItem, facts: ItemFacts) -> None:
    item.kind, item.title, item.presenter, item.text = facts.kind, facts.title, facts.presenter, facts.text
