"""Tables of what is arranged: events and runs, their programme, their rooms."""

from eventsys.events.models.bookings import ContractDeadline, RoomBooking
from eventsys.events.models.events import (
    Event,
    EventChange,
    EventClause,
    EventContact,
    EventHelper,
    EventWord,
    Run,
    Series,
)
from eventsys.events.models.meetings import MeetingItem, MeetingMinutes
from eventsys.events.models.programme import EventSession, Material, SessionSpeaker, Speaker

__all__ = [
    "ContractDeadline",
    "Event",
    "EventChange",
    "EventClause",
    "EventContact",
    "EventHelper",
    "EventSession",
    "EventWord",
    "Material",
    "MeetingItem",
    "MeetingMinutes",
    "RoomBooking",
    "Run",
    "Series",
    "SessionSpeaker",
    "Speaker",
]
