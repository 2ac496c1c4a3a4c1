"""What pages call the items of an agenda and the states of minutes, and how a meeting is named."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.events.meetings.rules import Rhythm
from eventsys.events.rules import ItemKind, MinutesState

ITEM_KINDS = {
    ItemKind.INFORMATION: _l("For information"),
    ItemKind.DISCUSSION: _l("For discussion"),
    ItemKind.DECISION: _l("For decision"),
}
MINUTES_STATES = {
    MinutesState.DRAFT: _l("Minutes being written"),
    MinutesState.OUT: _l("Minutes sent out"),
    MinutesState.APPROVED: _l("Minutes approved"),
}
STATE_KINDS = {MinutesState.DRAFT: "warning", MinutesState.OUT: "info", MinutesState.APPROVED: "success"}
RHYTHMS = {
    Rhythm.WEEKDAY: _l("Every month on the same weekday, such as its second Tuesday"),
    Rhythm.DAY: _l("Every month on the same day of the month"),
    Rhythm.WEEKS: _l("Every so many weeks"),
}
