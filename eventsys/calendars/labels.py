"""What pages call calendar programs, and how they say who last fetched a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys.calendars.rules import Client
from eventsys.labels import tell_ago

CLIENTS = {
    Client.GOOGLE: "Google",
    Client.OUTLOOK_WEB: _l("Outlook on the web"),
    Client.OUTLOOK: _l("Outlook on a computer"),
    Client.APPLE: "Apple",
    Client.THUNDERBIRD: "Thunderbird",
    Client.OTHER: _l("Another program"),
}


def tell_fetches(fetched: Mapping[Client, datetime], *, real_now: datetime) -> list[str]:
    """«Google: sist hentet for 9 timer siden», a sentence a program, the latest first."""
    return [
        _("%(program)s: last fetched %(ago)s", program=CLIENTS[client], ago=tell_ago(real_now - at))
        for client, at in fetched.items()
    ]
