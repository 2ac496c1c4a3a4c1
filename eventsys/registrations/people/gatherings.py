"""How the page of an organisation shows its seats: by event, with sides and names, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsys import dates, texts
from eventsys.events.labels import name_run
from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, ClauseKind, EventStatus, RunStatus
from eventsys.extensions import AnyRow
from eventsys.organisations.models import Organisation, Position
from eventsys.registrations import labels
from eventsys.registrations.links import contact_token
from eventsys.registrations.people.labels import describe_state, name_count_of_unnamed, name_rail
from eventsys.registrations.people.links import sign_up_path
from eventsys.registrations.rules import Side, State
from eventsys.web import language

SIDE_WORDS = {
    Side.POLITICIAN: _l("politician"),
    Side.ADMINISTRATION: _l("administration"),
    Side.EMPLOYEE_REPRESENTATIVE: _l("employees"),
    Side.OTHER: _l("other"),
}


@dataclass(frozen=True, slots=True)
class Gathering:
    """One event at which an organisation has seats: who, how many of each side, and who looks after them. `slug` is empty
    for one without a public page."""

    title: str
    slug: str
    when: str
    seats: str
    sides: str
    unnamed: str
    delegations: list[tuple[str, str]]
    people: list[dict[str, Any]]


def list_gatherings(rows: Sequence[AnyRow], organisation: Organisation, reader: Position) -> list[Gathering]:
    """The seats of an organisation by event, in the order in which they came, for the contact who reads."""
    by_event = groupby(rows, key=lambda row: int(row.Event.id))
    return [describe_gathering(list(found), organisation, reader) for _event, found in by_event]


def describe_gathering(rows: list[AnyRow], organisation: Organisation, reader: Position) -> Gathering:
    event: Event = rows[0].Event
    runs = list({row.Run.id: row.Run for row in rows}.values())
    return Gathering(
        title=texts.read(event.title, language()).value,
        slug="" if event.is_closed else event.slug,
        when=" · ".join(name_run(run) for run in runs),
        seats=ngettext("%(num)d place", "%(num)d places", len(rows)),
        sides=count_sides(row.Registration.side for row in rows),
        unnamed=name_count_of_unnamed(sum(not row.Registration.name for row in rows)),
        delegations=list_delegations(rows, reader),
        people=[describe_seat(row, organisation, many_runs=len(runs) > 1) for row in rows],
    )


def count_sides(sides: Iterable[Side | None]) -> str:
    """«politiker: 1 · administrasjon: 3», in the order of the form; empty where nobody has a side."""
    found = list(sides)
    counts = [(word, found.count(side)) for side, word in SIDE_WORDS.items()]
    return " · ".join(f"{word}: {count}" for word, count in counts if count)


def list_delegations(rows: list[AnyRow], reader: Position) -> list[tuple[str, str]]:
    """The page of each delegation, by a link that is this contact's, with the name of its registrar."""
    delegations = {row.Delegation.id: row.Delegation for row in rows if row.Delegation is not None}
    return [
        (url_for("registrations.delegation", token=contact_token(found, reader)), found.name)
        for found in delegations.values()
    ]


def describe_seat(row: AnyRow, organisation: Organisation, *, many_runs: bool) -> dict[str, Any]:
    registration = row.Registration
    state, kind = describe_state(registration)
    side = labels.SIDES[registration.side] if registration.side else ""
    return {
        "public_id": registration.public_id,
        "name": registration.name,
        "unnamed": name_unnamed(organisation, registration.side),
        "side": str(side) if registration.name else "",
        "when": name_run(row.Run, year=False) if many_runs else "",
        "state": state,
        "kind": kind,
        "may_hand_over": bool(registration.name) and registration.state in MAY_BE_HANDED_OVER,
    }


MAY_BE_HANDED_OVER = (State.CONFIRMED, State.OFFERED, State.WAITING)


def name_unnamed(organisation: Organisation, side: Side | None) -> str:
    """«ikke navngitt (Bø, administrasjon)»."""
    where = ", ".join(str(word) for word in (organisation.name, SIDE_WORDS[side] if side else "") if word)
    return _("not named (%(where)s)", where=where)


def may_be_signed_up_for(event: Event, day: date) -> bool:
    """Whether an organisation can still send somebody, now or later: neither called off, nor closed, nor for unions."""
    tells_union = event.asks_union or any(row.kind is ClauseKind.REPRESENTATIVES for row in event.clauses)
    is_over = event.closes_on is not None and event.closes_on < day
    return event.status is EventStatus.PUBLISHED and not tells_union and not is_over and bool(list_planned(event))


def list_planned(event: Event) -> list[Run]:
    """The runs that are on and have days."""
    return [run for run in event.runs if run.status is RunStatus.PLANNED and run.precision in DATED]


def describe_missing(event: Event, day: date, *, token: str) -> dict[str, Any]:
    """An event that nobody of the organisation is signed up for, and where the contact behind the link signs up."""
    runs = list_planned(event)
    main, small = name_rail(runs[0])
    is_open = any(labels.is_open(event, run, day) for run in runs)
    return {
        "url": url_for("site.event", slug=event.slug),
        "title": texts.read(event.title, language()).value,
        "meta": " · ".join(name_run(run) for run in runs),
        "rail_main": main,
        "rail_small": small,
        "is_open": is_open,
        "new_url": sign_up_path(event.slug, token),
        "again_url": sign_up_path(event.slug, token, again=True),
        "note": name_deadline(event, day),
    }


def name_deadline(event: Event, day: date) -> str:
    """When registration opens, or the last day to sign up."""
    if event.opens_on is not None and day < event.opens_on:
        return _("registration opens %(day)s", day=dates.format_day(event.opens_on, language(), year=False))
    if event.closes_on is None:
        return ""
    return _("deadline %(day)s", day=dates.format_day(event.closes_on, language(), year=False))
