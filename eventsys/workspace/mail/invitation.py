"""A mail's calendar part as organisers ask about it: what it does, when, where, which revision. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from eventsys import dates
from eventsys.web import language


def tell_calendar(calendar: str | None) -> list[tuple[str, str]]:
    """The facts as (name, value), in the order of a reader's questions; none for a mail without a calendar part."""
    found = _properties(calendar or "")
    names = {
        "METHOD": _("What it does"),
        "SUMMARY": _("Title"),
        "DTSTART": _("Begins"),
        "DTEND": _("Ends"),
        "LOCATION": _("Place"),
        "SEQUENCE": _("Revision"),
    }
    return [(label, _tell(name, found[name])) for name, label in names.items() if name in found]


def _properties(calendar: str) -> dict[str, str]:
    """The first value of each property of the event (RFC 5545), and the method; time zones have dates of their own."""
    found: dict[str, str] = {}
    inside = ""
    for line in calendar.replace("\r\n", "\n").replace("\n ", "").split("\n"):
        name, _colon, value = line.partition(":")
        name = name.partition(";")[0].upper()
        if name in ("BEGIN", "END"):
            inside = value if name == "BEGIN" else "VCALENDAR"
        elif inside in ("VCALENDAR", "VEVENT"):
            found.setdefault(name, value)
    return found


def _tell(name: str, value: str) -> str:
    if name == "METHOD":
        methods = {
            "REQUEST": _("puts the event in the calendar, or moves it"),
            "CANCEL": _("takes it out of the calendar"),
        }
        return methods.get(value, value)
    if name in ("DTSTART", "DTEND"):
        return _tell_time(value, is_end=name == "DTEND")
    return value.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ").replace("\\\\", "\\")


def _tell_time(value: str, *, is_end: bool) -> str:
    """The end of whole days is the day after the last one (RFC 5545 §3.6.1), which nobody wants to read."""
    try:
        if len(value) == 8:
            day = date(int(value[:4]), int(value[4:6]), int(value[6:]))
            return dates.format_day(day - timedelta(days=1) if is_end else day, language())
        return dates.format_moment(datetime.strptime(value[:15], "%Y%m%dT%H%M%S"), language())  # noqa: DTZ007
    except ValueError:
        return value
