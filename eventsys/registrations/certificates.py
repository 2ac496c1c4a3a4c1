"""The certificate of attendance as PDF, in the participant's language. Who may have one is `attendance.rules`'s to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from eventsys import dates, texts
from eventsys.documents import make_pdf
from eventsys.events.models import Event, Run
from eventsys.organisers.models import Organiser
from eventsys.registrations.attendance.labels import name_hours, name_time
from eventsys.registrations.attendance.rules import Hours, count_hours
from eventsys.registrations.models import Registration
from eventsys.venues.models import Venue


def make_certificate(
    registration: Registration,
    run: Run,
    event: Event,
    organiser: Organiser,
    *,
    venue: Venue | None,
    organisation: str | None,
    sessions: Sequence[Hours],
    site: str,
    language: str,
    taken_at: datetime,
) -> bytes:
    """One page: who, from where, what, when, how many hours. The same bytes as long as nothing of it changes."""
    title = texts.read(event.title, language)
    with force_locale(language):
        values = {
            "site": site,
            "heading": _("Certificate of attendance"),
            "name": registration.name,
            "organisation": organisation or "",
            "attended": _("has attended"),
            "event": title.value,
            "event_language": title.language,
            "facts": list_facts(run, venue, sessions, language),
            "organiser": organiser.name,
            "issued": _("Attendance was recorded on %(day)s", day=name_day(taken_at, organiser, language)),
        }
        heading = _("Certificate of attendance: %(name)s", name=registration.name)
    return make_pdf("certificate", values, title=heading, language=language, at=taken_at)


def list_facts(run: Run, venue: Venue | None, sessions: Sequence[Hours], language: str) -> list[tuple[str, str]]:
    hours = count_hours(run.starts_local, run.ends_local, sessions)
    facts = [
        (_("When"), name_time(run, language)),
        (_("Where"), ", ".join(part for part in (venue.name, venue.address) if part) if venue else ""),
        (_("Extent"), name_hours(hours, language) if hours else ""),
    ]
    return [fact for fact in facts if fact[1]]


def name_day(moment: datetime, organiser: Organiser, language: str) -> str:
    return dates.format_day(dates.to_local(moment, organiser.timezone).date(), language)
