"""What pages say of bookings."""

from __future__ import annotations

from flask_babel import gettext as _

from eventsys import dates, texts
from eventsys.events.bookings.rules import Booked, SharedDays
from eventsys.extensions import Translated


def name_booked(booked: Booked, language: str) -> str:
    """What somebody has a room for: the session, the event, or only that something is planned."""
    return name_title(booked.session_title or booked.event_title, language)


def name_title(title: Translated, language: str) -> str:
    """The title, or what stands for one that the reader may not know yet."""
    return texts.read(title, language).value if title else _("Not published yet")


def name_time(booked: Booked, language: str) -> str:
    """«1. september 2008 kl. 10.00–15.30», over days «1. september 2008 kl. 10.00–2. september 2008 kl. 15.30»."""
    starts, ends = (dates.to_local(at, booked.timezone) for at in (booked.starts_at, booked.ends_at))
    begin = f"{dates.format_day(starts.date(), language)} {dates.format_clock(starts, language)}"
    if starts.date() == ends.date():
        return f"{begin}–{ends:%H:%M}" if language == "en" else f"{begin}–{ends:%H.%M}"
    return f"{begin}–{dates.format_day(ends.date(), language)} {dates.format_clock(ends, language)}"


def tell_taken(booked: Booked, language: str) -> str:
    """Why a room cannot be had, for who asked for it."""
    return _(
        "%(room)s is taken %(time)s: %(what)s (%(organiser)s). Choose another room or another time.",
        room=booked.room,
        time=name_time(booked, language),
        what=name_booked(booked, language),
        organiser=booked.organiser,
    )


def tell_shared(shared: SharedDays, language: str) -> str:
    """The note to an organiser that another one is at the same place: who and when, and what as soon as it is public."""
    facts = {
        "venue": shared.venue,
        "days": dates.format_days(shared.first_on, shared.last_on, language),
        "organiser": shared.organiser,
        "event": texts.read(shared.event_title, language).value,
    }
    if not shared.other_title:
        return _("%(organiser)s is at %(venue)s %(days)s too, when you have «%(event)s».", **facts)
    other = texts.read(shared.other_title, language).value
    return _(
        "%(organiser)s is at %(venue)s %(days)s too, with «%(other)s», when you have «%(event)s».", other=other, **facts
    )
