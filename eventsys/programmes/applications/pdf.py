"""An application as PDF, in one language: what was sent, or what it says while it is written."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from eventsys import texts
from eventsys.documents import make_pdf
from eventsys.programmes.applications.rules import ApplicationFacts
from eventsys.programmes.applications.shown import describe, tell_second


def make_application(
    facts: ApplicationFacts, *, language: str, at: datetime, is_sent: bool = True, timezone: str = "Europe/Oslo"
) -> bytes:
    """The same bytes as long as nothing of it changes. `at` is when it was sent, or last changed."""
    call, programme = texts.read(facts.call, language), texts.read(facts.programme, language)
    with force_locale(language):
        moment = tell_second(at, timezone, language)
        values = {
            "heading": _("Application"),
            "organisation": facts.organisation,
            "call": call.value,
            "call_language": call.language,
            "programme": programme.value,
            "programme_language": programme.language,
            "moment": _("Sent %(moment)s", moment=moment) if is_sent else _("Draft, changed %(moment)s", moment=moment),
            "is_sent": is_sent,
            "written_in": facts.language,
            "nothing": _("Nothing is written here."),
            "parts": [asdict(part) for part in describe(facts, language, timezone=timezone)],
        }
        title = _("Application from %(name)s", name=facts.organisation)
    return make_pdf("application", values, title=title, language=language, at=at)
