"""How public lists and pages show events: rows by month, dates as type, what can be done about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from eventsys import dates, texts
from eventsys.events.labels import TYPES, join_words, name_clauses, name_run
from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, EventStatus, Precision, RunStatus
from eventsys.organisers.models import Organiser
from eventsys.registrations import labels
from eventsys.registrations.labels import is_few, name_places
from eventsys.registrations.rules import Places
from eventsys.web import language


@dataclass(frozen=True, slots=True)
class Row:
    """One event in a list, as the macro `event_row` wants it."""

    url: str
    title: str
    meta: str
    tags: list[tuple[str, str]]
    rail_main: str
    rail_small: str
    inexact: bool
    cancelled: bool
    action_url: str
    action_label: str
    action_secondary: bool
    note: str
    note_few: bool
    month: str


def list_months(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """The rows under their months, «August 2008», in the order they came."""
    return [(month, list(found)) for month, found in groupby(rows, key=lambda row: row.month)]


def describe(event: Event, places: Mapping[int, Places], today: date, *, names_organiser: bool) -> Row:
    runs = [run for run in event.runs if run.status is RunStatus.PLANNED] or event.runs
    main, small, inexact = name_rail(runs)
    note, few = name_note(event, runs, places, today)
    action_url, action_label, secondary = choose_action(event, runs, today)
    return Row(
        url=url_for("site.event", slug=event.slug),
        title=texts.read(event.title, language()).value,
        meta=name_meta(runs, event.organiser if names_organiser else None),
        tags=[(str(TYPES[event.type]), "neutral"), *name_clauses(event.clauses)],
        rail_main=main,
        rail_small=small,
        inexact=inexact,
        cancelled=event.status is EventStatus.CANCELLED,
        action_url=action_url,
        action_label=action_label,
        action_secondary=secondary,
        note=note,
        note_few=few,
        month=name_month(runs[0]),
    )


def name_month(run: Run) -> str:
    if run.first_on is None:
        return dates.UNKNOWN[language()].capitalize()
    return f"{dates.MONTHS[language()][run.first_on.month - 1].capitalize()} {run.first_on.year}"


def name_rail(runs: Sequence[Run]) -> tuple[str, str, bool]:
    """What stands in the rail of dates: («28–29», «to.–fr.», False), or («okt.», «dato kommer», True)."""
    run, code = runs[0], language()
    if run.precision not in DATED or run.first_on is None or run.last_on is None:
        return name_inexact(run), _("date to come"), True
    last = max(other.last_on or run.last_on for other in runs)
    same_month = (run.first_on.year, run.first_on.month) == (last.year, last.month)
    main = f"{run.first_on.day}–{last.day}" if last > run.first_on and same_month else f"{run.first_on.day}"
    if last > run.first_on and not same_month:
        main = f"{run.first_on.day}.{run.first_on.month}–{last.day}.{last.month}"
    if len(runs) > 1:
        return main, _("%(count)s dates", count=name_count(len(runs))), False
    return main, dates.format_weekdays(run.first_on, last, code, short=True), False


def name_count(count: int) -> str:
    return {2: _("two"), 3: _("three"), 4: _("four")}.get(count, str(count))


def name_inexact(run: Run) -> str:
    if run.first_on is None:
        return "?"
    if run.precision is Precision.MONTH:
        return dates.SHORT_MONTHS[language()][run.first_on.month - 1]
    return name_run(run, year=False)


def name_meta(runs: Sequence[Run], organiser: Organiser | None) -> str:
    """«Velg 1.–2. eller 2.–3. september · Radisson SAS Plaza Oslo», «Oslo Plaza · arrangør: Unio»."""
    parts = []
    if len(runs) > 1:
        names = [name_run(run, year=False) for run in runs]
        if len({run.first_on.month for run in runs if run.first_on}) == 1:
            names = [*(name.rsplit(" ", 1)[0] for name in names[:-1]), names[-1]]
        either = _("or")
        parts.append(_("Choose %(dates)s", dates=join_words(names, last=either)))
    venues = dict.fromkeys(run.venue.name for run in runs if run.venue)
    parts.append(", ".join(venues) or _("Venue to come"))
    if organiser is not None:
        parts.append(_("organiser: %(name)s", name=organiser.name))
    return " · ".join(parts)


def is_open(event: Event, runs: Sequence[Run], today: date) -> bool:
    """Whether anybody may sign up from the public pages; those who are invited have a link of their own."""
    return not event.by_invitation and any(labels.is_open(event, run, today) for run in runs)


def choose_action(event: Event, runs: Sequence[Run], today: date) -> tuple[str, str, bool]:
    """The button: sign up where that is open, follow in the calendar while the day is not known, else none."""
    if is_open(event, runs, today):
        return url_for("registrations.new", slug=event.slug), _("Sign up"), False
    if event.status is EventStatus.PUBLISHED and runs[0].precision not in DATED:
        return url_for("site.event", slug=event.slug) + "#calendar", _("Follow in the calendar"), True
    return "", "", False


def name_note(event: Event, runs: Sequence[Run], places: Mapping[int, Places], today: date) -> tuple[str, bool]:
    """What is short or soon, in words, and whether it is urgent: places left first, then the deadline."""
    if event.status is EventStatus.CANCELLED:
        return _("Cancelled"), True
    if event.by_invitation:
        return _("by invitation"), False
    if event.opens_on and today < event.opens_on:
        return _("registration opens %(day)s", day=_day(event.opens_on)), False
    if not is_open(event, runs, today):
        return "", False
    few = [run for run in runs if is_few(places[run.id])]
    if few:
        run, suffix = few[0], ""
        if len(runs) > 1 and run.first_on and run.last_on:
            suffix = f" {dates.format_days(run.first_on, run.last_on, language(), year=False)}"
        return name_places(places[run.id]) + suffix, True
    return " · ".join(_quiet_facts(event, runs, places)), False


def _quiet_facts(event: Event, runs: Sequence[Run], places: Mapping[int, Places]) -> list[str]:
    facts = []
    if len(runs) == 1 and places[runs[0].id].capacity is not None:
        found = places[runs[0].id]
        facts.append(_("%(taken)d of %(capacity)d places", taken=found.taken, capacity=found.capacity))
    if event.closes_on:
        facts.append(_("deadline %(day)s", day=_day(event.closes_on)))
    return facts


def _day(day: date) -> str:
    return dates.format_day(day, language(), year=False)
