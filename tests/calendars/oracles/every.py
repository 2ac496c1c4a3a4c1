"""Every reader there is, by the name of its library. All but `icalendar` are ones that nothing of ours writes with."""

from __future__ import annotations

from tests.calendars.oracles import Reader, by_ical, by_icalendar, by_vobject

READERS = {
    "icalendar": Reader(by_icalendar.read, by_icalendar.misreads),
    "vobject": Reader(by_vobject.read, by_vobject.misreads),
    "ical": Reader(by_ical.read, by_ical.misreads),
}
