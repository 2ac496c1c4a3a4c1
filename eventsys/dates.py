"""Dates and clock times as each language writes them and as people type them, and wall-clock time turned into moments.
Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember".split(),
    "nn": "januar februar mars april mai juni juli august september oktober november desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
SHORT_MONTHS = {
    "nb": "jan. feb. mars april mai juni juli aug. sep. okt. nov. des.".split(),
    "nn": "jan. feb. mars april mai juni juli aug. sep. okt. nov. des.".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
WEEKDAYS = {
    "nb": "mandag tirsdag onsdag torsdag fredag lørdag søndag".split(),
    "nn": "måndag tysdag onsdag torsdag fredag laurdag søndag".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
SHORT_WEEKDAYS = {
    "nb": "ma. ti. on. to. fr. lø. sø.".split(),
    "nn": "må. ty. on. to. fr. la. sø.".split(),
    "en": "Mon Tue Wed Thu Fri Sat Sun".split(),
}
SEASONS = {
    "nb": {3: "våren", 6: "sommeren", 9: "høsten", 12: "vinteren"},
    "nn": {3: "våren", 6: "sommaren", 9: "hausten", 12: "vinteren"},
    "en": {3: "spring", 6: "summer", 9: "autumn", 12: "winter"},
}
UNKNOWN = {"nb": "dato kommer", "nn": "dato kjem", "en": "date to come"}
WEEK = {"nb": "uke", "nn": "veke", "en": "week"}
TIMEZONE = "Europe/Oslo"
"""Where what belongs to no organiser, and to no event, is."""
FIRST_YEAR, LAST_YEAR = 1900, 2200

_DAY = re.compile(r"(\d{1,2})\s*[./]\s*(\d{1,2})\s*[./]\s*(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})\s*[./]\s*(\d{4})")


def format_day(day: date, language: str, *, weekday: bool = False, year: bool = True) -> str:
    """«1. september 2008», in English «1 September 2008»; with the weekday first where asked."""
    text = f"{_ordinal(day, language)} {_month(day, language)}" + (f" {day.year}" if year else "")
    return f"{WEEKDAYS[language][day.weekday()]} {text}" if weekday else text


def format_days(first: date, last: date, language: str, *, year: bool = True) -> str:
    """«1.–2. september 2008», «30. september–1. oktober 2008», «30. desember 2008–2. januar 2009»."""
    if first == last:
        return format_day(first, language, year=year)
    end = format_day(last, language, year=year)
    if first.year != last.year:
        return f"{format_day(first, language)}–{format_day(last, language)}"
    if first.month != last.month:
        return f"{format_day(first, language, year=False)}–{end}"
    return f"{_ordinal(first, language)}–{end}"


def format_span(precision: str, first: date | None, last: date | None, language: str, *, year: bool = True) -> str:
    """A run's days as exactly as they are known: days, «uke 36 2008», «oktober 2008», «høsten 2009», «dato kommer»."""
    if first is None or last is None or precision == "unknown":
        return UNKNOWN[language]
    suffix = f" {first.year}" if year else ""
    if precision == "week":
        return f"{WEEK[language]} {first.isocalendar().week}{suffix}"
    if precision == "season":
        return f"{SEASONS[language][_season(first)]}{suffix}"
    if precision == "month":
        return _format_months(first, last, language) + (f" {last.year}" if year else "")
    return format_days(first, last, language, year=year)


def format_weekdays(first: date, last: date, language: str, *, short: bool = False) -> str:
    """«mandag–tirsdag», short «ma.–ti.»; one weekday for one day."""
    names = (SHORT_WEEKDAYS if short else WEEKDAYS)[language]
    start, end = names[first.weekday()], names[last.weekday()]
    return start if first == last else f"{start}–{end}"


def format_clock(moment: time | datetime, language: str) -> str:
    """«kl. 10.00»; in English «10:00»."""
    return f"{moment:%H:%M}" if language == "en" else f"kl. {moment:%H.%M}"


def format_moment(local: datetime, language: str) -> str:
    """«mandag 18. august 2008, kl. 08.00», of a local time."""
    return f"{format_day(local.date(), language, weekday=True)}, {format_clock(local, language)}"


def format_short_moment(local: datetime, language: str, *, today: date | None = None) -> str:
    """«ma. 25. aug. kl. 09.00», of a local time; for lists. Where `today` is said, other years than its are named too."""
    day = local.date()
    month = SHORT_MONTHS[language][day.month - 1]
    if today is not None and day.year != today.year:
        month = f"{month} {day.year}"
    weekday = SHORT_WEEKDAYS[language][day.weekday()]
    return f"{weekday} {_ordinal(day, language)} {month} {format_clock(local, language)}"


def read_day(text: str, *, takes_months: bool = True) -> date | None:
    """«1.9.2008», «01.09.2008», «2008-09-01»; a month alone («09.2008») is its first day. Raises `ValueError`."""
    text = text.strip()
    if not text:
        return None
    if found := _DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif takes_months and (found := _MONTH.fullmatch(text)):
        month, year, day = int(found[1]), int(found[2]), 1
    else:
        raise ValueError(text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(text)
    return date(year, month, day)


def to_utc(local: datetime, timezone: str) -> datetime:
    """The moment of a wall-clock time: one that does not exist moves forward to the first that does, one that exists
    twice is the first of the two. `local` is naive, `timezone` an IANA name."""
    zone = ZoneInfo(timezone)
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    return _end_of_gap(local, zone)


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after a gap in local time is where the offset of before the gap gives way to the one after."""
    before = local.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
    after = local.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    low, high = (local - max(before, after)).replace(tzinfo=UTC), (local - min(before, after)).replace(tzinfo=UTC)
    earlier_offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == earlier_offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def to_local(moment: datetime, timezone: str) -> datetime:
    """The naive wall-clock time of a moment at a place."""
    return moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)


def _ordinal(day: date, language: str) -> str:
    return str(day.day) if language == "en" else f"{day.day}."


def _month(day: date, language: str) -> str:
    return MONTHS[language][day.month - 1]


def _format_months(first: date, last: date, language: str) -> str:
    names = [_month(first, language)]
    if (first.year, first.month) != (last.year, last.month):
        names.append(_month(last, language))
    return "/".join(names)


def _season(first: date) -> int:
    return {1: 12, 2: 12}.get(first.month, first.month // 3 * 3)
