"""The minutes of a meeting as PDF, tagged. Who may read them is the caller's to know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from eventsys import dates, texts
from eventsys.documents import make_pdf
from eventsys.events.labels import name_run, name_times
from eventsys.events.meetings.labels import ITEM_KINDS, MINUTES_STATES
from eventsys.events.models import Event, MeetingItem, MeetingMinutes
from eventsys.events.rules import RunStatus


def make_minutes(
    event: Event, items: Sequence[MeetingItem], minutes: MeetingMinutes, *, language: str, at: datetime
) -> bytes:
    """When and where, who was there, and what came of each item; the event with organiser, runs and venues."""
    title = texts.read(event.title, language)
    with force_locale(language):
        values = {
            "heading": _("Minutes"),
            "event": title.value,
            "event_language": title.language,
            "organiser": event.organiser.name,
            "facts": [fact for fact in _list_facts(event) if fact[1]],
            "present_heading": _("Who was there"),
            "present": [line.strip() for line in minutes.present.splitlines() if line.strip()],
            "items": [_describe(number, item) for number, item in enumerate(items, 1)],
            "state": str(MINUTES_STATES[minutes.state]),
            "made": dates.format_day(dates.to_local(minutes.at, event.organiser.timezone).date(), language),
        }
        heading = _("Minutes: %(title)s", title=title.value)
    return make_pdf("minutes", values, title=heading, language=language, at=at)


def _list_facts(event: Event) -> list[tuple[str, str]]:
    runs = [run for run in event.runs if run.status is RunStatus.PLANNED] or event.runs
    when = "; ".join(" ".join(part for part in (name_run(run), name_times(run)) if part) for run in runs)
    where = ", ".join(dict.fromkeys(run.venue.name for run in runs if run.venue))
    return [(_("When"), when), (_("Where"), where)]


def _describe(number: int, item: MeetingItem) -> dict[str, str | list[str]]:
    return {
        "title": f"{number}. {item.title}",
        "about": " · ".join(part for part in (str(ITEM_KINDS[item.kind]), item.presenter) if part),
        "text": _list_paragraphs(item.text),
        "outcome_heading": _("What came of it"),
        "outcome": _list_paragraphs(item.outcome),
    }


def _list_paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]
