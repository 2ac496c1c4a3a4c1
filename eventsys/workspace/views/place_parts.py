"""What the pages of places share: deadlines in words, and the notes about days shared with other organisers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from eventsys import dates, texts
from eventsys.events.bookings.deadlines.labels import KINDS
from eventsys.events.bookings.deadlines.queries import Listed
from eventsys.events.bookings.labels import tell_shared
from eventsys.events.bookings.queries import list_shared_days
from eventsys.web import language
from eventsys.workspace.views.frame import account, today

SOON = 14


def describe_deadline(row: Listed) -> dict[str, Any]:
    """A deadline as a row of a list."""
    days = (row.deadline.due_on - today()).days
    return {
        "public_id": row.deadline.public_id,
        "kind": KINDS[row.deadline.kind],
        "words": row.deadline.words,
        "day": dates.format_day(row.deadline.due_on, language()),
        "venue": row.venue,
        "venue_slug": row.venue_slug,
        "event": texts.read(row.event_title, language()) if row.event_title else None,
        "event_slug": row.event_slug,
        "is_done": row.deadline.done_at is not None,
        "state": name_state(days, is_done=row.deadline.done_at is not None),
        "color": color_of(days, is_done=row.deadline.done_at is not None),
    }


def name_state(days: int, *, is_done: bool) -> str:
    if is_done:
        return _("Done")
    if days < 0:
        return _("The day is over")
    if days == 0:
        return _("Today")
    return ngettext("in %(num)d day", "in %(num)d days", days)


def color_of(days: int, *, is_done: bool) -> str:
    if is_done:
        return "neutral"
    if days < 0:
        return "danger"
    return "warning" if days <= SOON else "info"


def list_notes(session: Session, *, venue_id: int | None = None) -> list[str]:
    """The coming days on which another organiser is at the same place, in sentences."""
    found = list_shared_days(session, account().organiser.id, from_on=today(), venue_id=venue_id)
    return [tell_shared(shared, language()) for shared in found]
