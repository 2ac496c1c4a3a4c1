"""Reads announcements of events as people write them, line by line, in bokmål or nynorsk. Pure: no clock, no store."""

from eventsys.events.announcements.reading import LONGEST_LINE, read
from eventsys.events.announcements.shapes import Announcement, Remark, Span

__all__ = ["LONGEST_LINE", "Announcement", "Remark", "Span", "read"]
