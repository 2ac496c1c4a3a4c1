"""Reads feeds: which runs stand in one, by a statement that reads no entry; then the kept entries of those runs."""

from __future__ import annotations

import enum
import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event, EventClause, Run
from eventsys.events.queries import concerns
from eventsys.events.rules import BELOW_DAYS, EventStatus, RunStatus, is_long
from eventsys.extensions import Translated
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import OrganisationKind
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Cohort, Network, Programme

CANCELLED_STAYS = timedelta(days=30)
LANGUAGES = ("nb", "nn", "en")
AnySelect = sa.Select[*tuple[Any, ...]]


class Kind(enum.StrEnum):
    """What a feed is of; all but `ALL` are of one thing with a key: its slug or, of an organisation, its number."""

    ALL = "all"
    COHORT = "cohort"
    NETWORK = "network"
    ORGANISER = "organiser"
    ORGANISATION = "organisation"
    EVENT = "event"


# Where ten networks that all meet «in October» are one line.
OVERVIEWS = frozenset({Kind.ALL, Kind.COHORT, Kind.ORGANISER})


class Window(NamedTuple):
    """The days a feed tells of, inclusive, open where None; and today, which old cancellations are counted from."""

    from_on: date | None
    to_on: date | None
    today: date


class Entry(NamedTuple):
    """One run in a feed, its revision, and its organiser's language."""

    run_id: int
    sequence: int
    revised_at: datetime
    language: str


@dataclass(frozen=True)
class Feed:
    """What a feed consists of, before any entry is read. `language` is the organiser's own, None where there are
    several organisers: each entry then is in its own."""

    name: Translated
    language: str | None
    entries: tuple[Entry, ...]


def find_feed(session: Session, kind: Kind, key: str, window: Window) -> Feed | None:
    """The feed in one statement; None if there is nothing of that kind and key. Drafts are in none."""
    values = {
        "key": key,
        "from_on": window.from_on,
        "to_on": window.to_on,
        "today": window.today,
        "stays_from": window.today - CANCELLED_STAYS,
    }
    rows = session.execute(_feed(kind, window.from_on is not None, window.to_on is not None), values).all()
    if not rows:
        return None
    shown = [row for row in rows if row.run_id is not None]
    shown = _one_line_a_series(shown) if kind in OVERVIEWS else shown
    name = rows[0].target_name
    return Feed(
        name=name if isinstance(name, dict) else dict.fromkeys(LANGUAGES, name),
        language=rows[0].target_language,
        entries=tuple(Entry(row.run_id, row.sequence, row.revised_at, row.language) for row in shown),
    )


@functools.cache
def _feed(kind: Kind, begins: bool, ends: bool) -> sa.Select[Any]:
    """The statement for a kind of feed, with a window that begins or ends or neither; its values are bound at each use."""

    def day(name: str) -> Any:
        return sa.bindparam(name, type_=sa.Date())

    key: Any = sa.bindparam("key", type_=sa.String())
    window = Window(day("from_on") if begins else None, day("to_on") if ends else None, day("today"))
    target, runs = _target(kind, key).subquery("target"), _runs(kind, key, window).subquery("wanted")
    return (
        sa.select(target, runs).select_from(target.outerjoin(runs, sa.true())).order_by(runs.c.sort_at, runs.c.run_id)
    )


def read_entries(session: Session, feed: Feed, language: str | None) -> list[tuple[Entry, str]]:
    """The kept entries in the feed's order, each with the revision it is of. `language` None: each organiser's own."""
    rows = session.execute(_entries(language), {"ids": [entry.run_id for entry in feed.entries]})
    found = {row[0]: (Entry(*row[:4]), row[4] or "") for row in rows}
    return [found[entry.run_id] for entry in feed.entries if entry.run_id in found]


@functools.cache
def _entries(language: str | None) -> Any:
    """The kept entries of the runs `ids`, in a language or each organiser's own."""
    return (
        sa.select(Run.id, Run.sequence, Run.revised_at, Organiser.language, _text(language))
        .join(Event, Run.event_id == Event.id)
        .join(Organiser, Event.organiser_id == Organiser.id)
        .where(Run.id.in_(sa.bindparam("ids", expanding=True)))
    )


def _text(language: str | None) -> sa.ColumnElement[str]:
    kept: dict[str, sa.ColumnElement[str]] = {code: Run.ics[code].as_string() for code in LANGUAGES}
    if language is not None:
        return kept[language]
    own: sa.ColumnElement[str] = sa.case(
        *((Organiser.language == code, kept[code]) for code in ("nn", "en")), else_=kept["nb"]
    )
    return own


def _target(kind: Kind, key: str) -> AnySelect:
    """What the feed is of, as one row of name and language, or none."""
    if kind is Kind.ALL:
        return sa.select(
            sa.literal("", sa.String()).label("target_name"),
            sa.cast(sa.null(), sa.String()).label("target_language"),
        )
    if kind is Kind.ORGANISATION:
        return sa.select(
            Organisation.label.label("target_name"), sa.cast(sa.null(), sa.String()).label("target_language")
        ).where(_is_municipality(Organisation, key))
    if kind is Kind.ORGANISER:
        return _named(Organiser.name).where(Organiser.slug == key)
    if kind is Kind.EVENT:
        public = Event.status != EventStatus.DRAFT
        return _named(Event.title).join(Event, Event.organiser_id == Organiser.id).where(Event.slug == key, public)
    table: type[Cohort] | type[Network] = Cohort if kind is Kind.COHORT else Network
    return (
        _named(table.name)
        .join(Programme, Programme.organiser_id == Organiser.id)
        .join(table, table.programme_id == Programme.id)
        .where(table.slug == key)
    )


def _named(name: Any) -> AnySelect:
    columns = (name.label("target_name"), Organiser.language.label("target_language"))
    return sa.select(*columns).select_from(Organiser)


def _is_municipality(table: Any, number: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.kind == OrganisationKind.MUNICIPALITY, table.number == number, table.valid_to.is_(None))


def _runs(kind: Kind, key: str, window: Window) -> AnySelect:
    """The published runs that have a date, in the window; cancelled ones until some time after their day."""
    statement = (
        sa.select(
            Run.id.label("run_id"),
            Run.sequence,
            Run.revised_at,
            Run.sort_at,
            Run.status,
            Run.precision,
            Run.first_on,
            Run.last_on,
            Organiser.language,
            Event.organiser_id,
            Event.programme_id,
            Event.type,
            Event.ordinal,
            sa.case((Run.precision.in_(BELOW_DAYS), Event.title)).label("title"),
        )
        .join(Event, Run.event_id == Event.id)
        .join(Organiser, Event.organiser_id == Organiser.id)
        .where(Event.status != EventStatus.DRAFT, Run.first_on.is_not(None), _belongs(kind, key, window.today))
        .where(sa.or_(Run.status != RunStatus.CANCELLED, Run.last_on >= sa.bindparam("stays_from", type_=sa.Date())))
    )
    if window.from_on is not None:
        statement = statement.where(Run.last_on >= window.from_on)
    return statement if window.to_on is None else statement.where(Run.first_on <= window.to_on)


def _belongs(kind: Kind, key: str, today: date) -> sa.ColumnElement[bool]:
    """The condition on an event that makes it the feed's."""
    if kind is Kind.ORGANISER:
        return Organiser.slug == key
    if kind is Kind.EVENT:
        return Event.slug == key
    if kind is Kind.COHORT:
        cohort = sa.select(Cohort.id).where(Cohort.slug == key).scalar_subquery()
        return sa.exists().where(EventClause.event_id == Event.id, EventClause.cohort_id == cohort)
    if kind is Kind.NETWORK:
        return _belongs_to_network(key)
    if kind is Kind.ORGANISATION:
        meant = aliased(Organisation)
        number = sa.select(meant.id).where(_is_municipality(meant, key)).scalar_subquery()
        return concerns(cast(int, number), today)
    return sa.true()


def _belongs_to_network(slug: str) -> sa.ColumnElement[bool]:
    """Events for the network, and those for every network of its programme."""
    network = sa.select(Network.id).where(Network.slug == slug).scalar_subquery()
    programme = sa.select(Network.programme_id).where(Network.slug == slug).scalar_subquery()
    meant = sa.or_(EventClause.network_id == network, EventClause.programme_id == programme)
    return sa.exists().where(EventClause.event_id == Event.id, meant)


def _one_line_a_series(rows: Sequence[sa.Row[Any]]) -> list[sa.Row[Any]]:
    """Of each series, only the first of those that share one long span of days not known yet."""
    shown, seen = [], set()
    for row in rows:
        if is_long(row.precision, row.first_on, row.last_on):
            series = _series(row)
            if series in seen:
                continue
            seen.add(series)
        shown.append(row)
    return shown


def _series(row: sa.Row[Any]) -> tuple[object, ...]:
    """The same kind of gathering by the same organiser, under the same title, in the same span."""
    title = json.dumps(row.title, sort_keys=True)
    of = (row.organiser_id, row.programme_id, row.type, row.ordinal, title)
    return (*of, row.status, row.precision, row.first_on, row.last_on)
