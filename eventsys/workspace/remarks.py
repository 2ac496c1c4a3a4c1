"""Remarks about a pasted line as sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from flask_babel import gettext as _

from eventsys import dates
from eventsys.events.announcements import Remark
from eventsys.events.labels import ROLES, TYPES, join_words
from eventsys.events.rules import EventType, Role
from eventsys.web import language

Values = Sequence[str]


def tell(remark: Remark) -> str:
    """The sentence of a remark; a code that has none is shown with its facts rather than hidden."""
    sentence = _SENTENCES.get(remark.code)
    return sentence(remark.values) if sentence else " ".join((remark.code, *remark.values))


def _day(iso: str) -> str:
    return dates.format_day(date.fromisoformat(iso), language())


def _weekday(number: str) -> str:
    return dates.WEEKDAYS[language()][int(number)]


def _month(iso: str) -> str:
    year, month = iso.split("-")[:2]
    return f"{dates.MONTHS[language()][int(month) - 1]} {year}"


def _span(values: Values) -> str:
    return dates.format_days(date.fromisoformat(values[0]), date.fromisoformat(values[1]), language())


def _quoted(values: Values) -> str:
    return ", ".join(f"«{value}»" for value in values)


def _weekend(values: Values) -> str:
    day, weekday, fits = values
    if fits:
        return _(
            "%(day)s is a %(weekday)s; did you mean %(year)s?", day=_day(day), weekday=_weekday(weekday), year=fits
        )
    return _("%(day)s is a %(weekday)s.", day=_day(day), weekday=_weekday(weekday))


def _weekday_differs(values: Values) -> str:
    day, said, real, fits = values
    facts = {"day": _day(day), "said": _weekday(said), "real": _weekday(real), "year": fits}
    if fits:
        return _("%(day)s is a %(real)s, not a %(said)s; did you mean %(year)s?", **facts)
    return _("%(day)s is a %(real)s, not a %(said)s.", **facts)


def _no_such_day(values: Values) -> str:
    day, month, year = values
    if month.isdigit() and 1 <= int(month) <= 12:
        name = dates.MONTHS[language()][int(month) - 1]
        return _("There is no %(day)s %(month)s %(year)s.", day=f"{day}.", month=name, year=year)
    return _("There is no day %(day)s.%(month)s.%(year)s.", day=day, month=month, year=year)


def _end_before_start(values: Values) -> str:
    named = [_day(value) if len(value) == 10 else _month(value) if len(value) == 7 else value for value in values]
    return _("The end, %(last)s, is before the start, %(first)s.", first=named[0], last=named[1])


def _long_span(values: Values) -> str:
    return _("That is %(count)s days in a row: %(span)s.", count=values[2], span=_span(values))


def _two_types(values: Values) -> str:
    names = [str(TYPES[EventType(value)]) for value in values]
    either = _("or")
    return _("It could be several things: %(types)s.", types=join_words(names, last=either))


def _several_roles(values: Values) -> str:
    names = [str(ROLES[Role(value)]).lower() for value in values]
    return _("Several roles are named: %(roles)s. Choose whom it is for.", roles=join_words(names))


_SENTENCES: dict[str, Callable[[Values], str]] = {
    "no_date": lambda v: _("No date was found."),
    "no_such_day": _no_such_day,
    "no_such_week": lambda v: _("There is no week %(week)s in %(year)s.", week=v[0], year=v[1]),
    "no_such_time": lambda v: _("%(times)s is no time of day.", times=_quoted(v)),
    "end_before_start": _end_before_start,
    "long_span": _long_span,
    "week_only": lambda v: _("Only the week is known. Set the days when you know them."),
    "month_only": lambda v: _("Only the month is known. Set the days when you know them."),
    "season_only": lambda v: _("Only the season is known: %(span)s. Set the days when you know them.", span=_span(v)),
    "which_winter": lambda v: _("The winter is taken to be %(span)s.", span=_span(v)),
    "date_to_come": lambda v: _("The date is to come. Set it when you know it."),
    "alternatives": lambda v: _("The line says «or»: participants choose one of the dates."),
    "other_year": lambda v: _("The line says %(said)s, not %(asked)s; the line is believed.", said=v[0], asked=v[1]),
    "weekday_differs": _weekday_differs,
    "weekend": _weekend,
    "more_dates": lambda v: _("More dates were left out: %(words)s.", words=_quoted(v)),
    "deadline": lambda v: _("The deadline was left out: %(words)s. Set it in the draft.", words=_quoted(v)),
    "several_times": lambda v: _("Several times are named, and these were left out: %(words)s.", words=_quoted(v)),
    "time_without_day": lambda v: _("There is a time without a day: %(words)s.", words=_quoted(v)),
    "no_type": lambda v: _("It was not understood what kind of event this is."),
    "two_types": _two_types,
    "several_ordinals": lambda v: _(
        "Several numbers are named, so it is left empty: %(numbers)s.", numbers=", ".join(v)
    ),
    "ambiguous_number": lambda v: _("%(words)s may be a number of a series or a day.", words=_quoted(v)),
    "all_cohorts": lambda v: _("The line says «all»; choose the cohorts in the draft."),
    "no_audience": lambda v: _("It is not said for whom it is, so it is for everybody until you choose."),
    "several_roles": _several_roles,
    "no_venue": lambda v: _("No place is named. Set it when you know it."),
    "misspelt": lambda v: _("«%(written)s» was read as «%(word)s».", written=v[0], word=v[1]),
    "called_off": lambda v: _("The line says «%(word)s». Is it called off?", word=v[0]),
    "moved": lambda v: _("The line says «%(word)s». Has it been moved?", word=v[0]),
    "leftover": lambda v: _("These words were not understood: %(words)s.", words=_quoted(v)),
    "control_characters": lambda v: _("The line had signs that cannot be shown; they are left out."),
    "too_long": lambda v: _("The line has %(length)s signs; at most %(most)s are read.", length=v[0], most=v[1]),
    "not_a_member": lambda v: _(
        "%(organiser)s arranges this, and you do not work for %(organiser)s here. Ask them to add it.", organiser=v[0]
    ),
    "unknown_cohort": lambda v: _(
        "There is no cohort %(number)s. Choose for whom it is before you publish.", number=v[0]
    ),
    "no_networks": lambda v: _("There are no networks to choose. Choose for whom it is before you publish."),
    "no_confederation": lambda v: _(
        "%(organiser)s is not known as a confederation. Choose for whom it is before you publish.", organiser=v[0]
    ),
    "no_end_time": lambda v: _("It is said when it begins but not when it ends; only the days are saved."),
}
