"""What pages say of a run, and of how many are told when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.labels import name_run, name_times
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, Precision, RunStatus
from eventsys.registrations.rules import Places, TooSmall
from eventsys.web import language
from eventsys.workspace import queries
from eventsys.workspace.views.frame import today

MOST_NAMES = 5


def count_told(session: Session, event: Event, runs: Sequence[Run]) -> int:
    """To how many addresses a change of these runs is mailed: nobody is told of a draft, nor of what is over."""
    if event.status is not EventStatus.PUBLISHED:
        return 0
    coming = [run for run in runs if run.last_on is None or run.last_on >= today()]
    return queries.count_addresses(session, [run.id for run in coming if run.status is RunStatus.PLANNED])


def tell_addresses(how_many: int) -> str:
    if not how_many:
        return _("Nobody is signed up, so no mail goes out.")
    return ngettext(
        "%(num)d person who is signed up gets a mail about it.",
        "%(num)d people who are signed up get a mail about it.",
        how_many,
    )


def tell_mails(how_many: int) -> str:
    """To how many a mail would go if it went now."""
    if not how_many:
        return _("nobody yet")
    return ngettext("%(num)d as of now", "%(num)d as of now", how_many)


def tell_taken(taken: int) -> str:
    return ngettext(
        "%(num)d person has a place already; it cannot be fewer.",
        "%(num)d people have a place already; it cannot be fewer.",
        taken,
    )


def tell_rooms(taken: int) -> str:
    return ngettext(
        "%(num)d person has a room at the hotel, and there are too few rooms on those nights.",
        "%(num)d people have a room at the hotel, and there are too few rooms on those nights.",
        taken,
    )


def tell_too_small(error: TooSmall) -> str:
    """How many there are already, and who of them came last."""
    if not error.above:
        return tell_taken(error.taken)
    names = ", ".join(error.above[:MOST_NAMES]) + (" …" if len(error.above) > MOST_NAMES else "")
    return _("%(taken)s Last in: %(names)s.", taken=tell_taken(error.taken), names=names)


def describe_run(run: Run, places: Places) -> dict[str, Any]:
    weekdays = ""
    if run.precision in (Precision.EXACT, Precision.DAYS) and run.first_on and run.last_on:
        weekdays = dates.format_weekdays(run.first_on, run.last_on, language())
    return {
        "uid": run.uid,
        "name": name_run(run),
        "weekdays": weekdays,
        "times": name_times(run),
        "venue": run.venue,
        "room": run.room.name if run.room else "",
        "places": places,
        "cancelled": run.status is RunStatus.CANCELLED,
    }


def name_day(day: date | None) -> str:
    return dates.format_day(day, language(), weekday=True) if day else ""
