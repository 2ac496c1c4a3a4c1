"""What pages and mails call what a contract asks for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.events.rules import DeadlineKind

KINDS = {
    DeadlineKind.ROOMS: _l("Release of meeting rooms"),
    DeadlineKind.BEDS: _l("Release of hotel rooms"),
    DeadlineKind.MEALS: _l("Number of meals"),
    DeadlineKind.OTHER: _l("Something else"),
}
