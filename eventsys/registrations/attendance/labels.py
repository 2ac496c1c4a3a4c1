"""What pages and documents call the day: hours, how attendance stands, a seat nobody has a name for."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys import dates
from eventsys.events.models import Run
from eventsys.registrations.attendance.rules import Attendance
from eventsys.registrations.labels import SIDES
from eventsys.registrations.rules import Side


def name_person(name: str, organisation: str | None, side: Side | None) -> str:
    """The name, or «not named (Bø (Telemark), Administrative leadership)» where nobody has said one yet."""
    if name:
        return name
    about = ", ".join(str(part) for part in (organisation, SIDES[side] if side else "") if part)
    return _("not named (%(where)s)", where=about) if about else _("not named")


def tell_attendance(attendance: Attendance) -> str:
    """How the attendance of a run stands, in a sentence. One that was not taken says so."""
    if attendance.taken_at is None and not attendance.came:
        return _("Attendance has not been taken.")
    came = _("%(came)d of %(expected)d came.", came=attendance.came, expected=attendance.expected)
    if attendance.taken_at is not None:
        return came
    so_far = _("%(came)d of %(expected)d have come so far.", came=attendance.came, expected=attendance.expected)
    return " ".join((so_far, _("Attendance has not been taken.")))


def name_hours(hours: float, language: str) -> str:
    """«11 timer», «5,5 timer»."""
    text = f"{hours:.1f}".removesuffix(".0")
    text = text if language == "en" else text.replace(".", ",")
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if hours == 1 else 2, hours=text)


def name_time(run: Run, language: str) -> str:
    """When a run is, as exactly as it is known, in the language of a document."""
    if run.starts_local is None or run.ends_local is None:
        return dates.format_span(run.precision, run.first_on, run.last_on, language)
    start = dates.format_moment(run.starts_local, language)
    if run.first_on == run.last_on:
        return f"{start}–{_clock(run.ends_local, language)}"
    return _("%(start)s to %(end)s", start=start, end=dates.format_moment(run.ends_local, language))


def _clock(moment: datetime, language: str) -> str:
    return dates.format_clock(moment, language).removeprefix("kl. ")
