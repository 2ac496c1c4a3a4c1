"""What the sign-up forms say of sessions and nights, and of places that are too few, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys import dates, texts
from eventsys.events.labels import name_run
from eventsys.events.models import EventSession, Run
from eventsys.registrations.limits.queries import Options
from eventsys.registrations.rules import NotEnoughPlaces, WhenFull
from eventsys.registrations.signup.queries import OwnPlaces
from eventsys.web import language


class Offered(NamedTuple):
    """A session or night to choose: `value` is what the browser sends, `language` that of its name."""

    value: str
    label: str
    language: str
    hint: str
    is_full: bool


def describe_sessions(options: Options) -> list[Offered]:
    """The sessions to choose among, with when, where and what is left."""
    return [_describe_session(one.session, one.limit.left) for one in options.sessions]


def _describe_session(one: EventSession, left: int | None) -> Offered:
    title = texts.read(one.title, language())
    parts = (_name_time(one), one.room.name if one.room else one.place, name_left(left))
    return Offered(str(one.id), title.value, title.language, " · ".join(filter(None, parts)), left == 0)


def _name_time(one: EventSession) -> str:
    if one.starts_local is None:
        return ""
    code = language()
    begins = (
        f"{dates.format_day(one.starts_local.date(), code, year=False)} {dates.format_clock(one.starts_local, code)}"
    )
    if one.ends_local is None:
        return begins
    end = dates.format_clock(one.ends_local, "en" if code == "en" else "nb").removeprefix("kl. ")
    return f"{begins}–{end}"


def describe_nights(options: Options) -> list[Offered]:
    """The nights that can be had, from which day to which, with the hotel and the rooms left."""
    return [_describe_night(one.night.on, one.hotel, one.limit.left) for one in options.nights]


def _describe_night(on: date, hotel: str, left: int | None) -> Offered:
    code = language()
    first, second = (dates.format_day(day, code, weekday=True, year=False) for day in (on, on + timedelta(1)))
    label = _("From %(first)s to %(second)s", first=first, second=second)
    return Offered(on.isoformat(), label, code, " · ".join(filter(None, (hotel, _name_rooms(left)))), left == 0)


def _name_rooms(left: int | None) -> str:
    if left is None:
        return ""
    return ngettext("%(num)d room left", "%(num)d rooms left", left) if left else _("Full")


def name_left(left: int | None) -> str:
    if left is None:
        return ""
    return ngettext("%(num)d place left", "%(num)d places left", left) if left else _("Full")


def tell_short(short: NotEnoughPlaces) -> str:
    """«Det er 3 plasser igjen, og dere er 5.»"""
    if not short.left:
        return _("It is full now, and you are %(asked)d.", asked=short.asked)
    return ngettext(
        "There is %(num)d place left, and you are %(asked)d.",
        "There are %(num)d places left, and you are %(asked)d.",
        short.left,
        asked=short.asked,
    )


def list_ways(short: NotEnoughPlaces, runs: Sequence[dict[str, Any]], chosen: str) -> list[tuple[str, str, str]]:
    """What a registrar may do when places are too few: (value, label, hint). Other dates are those with room for all."""
    ways = [_describe_take(short)]
    if short.asked > 1:
        hint = _("You keep your place in the list. While too few places are free for all, they go to those behind you.")
        ways.append((WhenFull.TOGETHER.value, _("Wait together: all get a place, or nobody"), hint))
    for run in runs:
        left = run["places"].left
        if str(run["uid"]) != chosen and run["open"] and (left is None or left >= short.asked):
            label = _("Take %(date)s instead, for all", date=run["name"])
            ways.append((f"run-{run['uid']}", label, name_left(left)))
    return ways


def _describe_take(short: NotEnoughPlaces) -> tuple[str, str, str]:
    wait = short.asked - short.left
    if not short.left:
        return (
            WhenFull.TAKE.value,
            _("Wait, each for a place"),
            _("Each gets a place as soon as one is free, in the order of your list."),
        )
    label = ngettext(
        "Take the %(left)d, and let %(num)d wait", "Take the %(left)d, and let %(num)d wait", wait, left=short.left
    )
    return WhenFull.TAKE.value, label, _("The first in your list get the places.")


def tell_own_places(own: OwnPlaces | None) -> list[str]:
    """What an organisation has at the event, and what is kept for it, a sentence each."""
    if own is None:
        return []
    told = []
    if own.most is not None and own.taken >= own.most:
        told.append(
            _("All of your %(most)d places are taken. Who signs up now comes on the waiting list.", most=own.most)
        )
    elif own.most is not None:
        told.append(_("You have %(taken)d of at most %(most)d places.", taken=own.taken, most=own.most))
    if own.free is not None:
        told.append(
            ngettext(
                "%(num)d place is free of charge; you pay for more yourselves.",
                "%(num)d places are free of charge; you pay for more yourselves.",
                own.free,
            )
        )
    return told + [_tell_held(run, until, places) for run, until, places in own.held]


def _tell_held(run: Run, until: date, places: int) -> str:
    return ngettext(
        "%(num)d place on %(dates)s is kept for you until %(day)s.",
        "%(num)d places on %(dates)s are kept for you until %(day)s.",
        places,
        dates=name_run(run, year=False),
        day=dates.format_day(until, language(), year=False),
    )
