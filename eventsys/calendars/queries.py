"""Reads feeds: which runs stand in one, by a statement that reads no entry; then the kept entries of those runs."""

from __future__ import annotations

import enum
import functools
import json
import uuid
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event, EventClause, Run
from eventsys.events.queries import concerns, is_public
from eventsys.events.rules import BELOW_DAYS, RunStatus, is_long
from eventsys.extensions import Translated
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import UNITS, unit_address
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Cohort, Network, Programme
from eventsys.venues.models import Venue

CANCELLED_STAYS = timedelta(days=30)
LANGUAGES = ("nb", "nn", "en")
AnySelect = sa.Select[*tuple[Any, ...]]


class Kind(enum.StrEnum):
    """What a feed is of; all but `ALL` are of one thing with a key: its slug or, of an organisation, its number."""

    ALL = "all"
    COHORT = "cohort"
    NETWORK = "network"
    ORGANISER = "organiser"
    TYPE = "type"
    VENUE = "venue"
    ORGANISATION = "organisation"
    EVENT = "event"


class Wanted(NamedTuple):
    """One condition of a feed: what its events belong to."""

    kind: Kind
    key: str


# Where ten networks that all meet «in October» are one line.
OVERVIEWS = frozenset({Kind.ALL, Kind.COHORT, Kind.ORGANISER, Kind.TYPE, Kind.VENUE})


class Window(NamedTuple):
    """The days a feed tells of, inclusive, open where None; and today, which old cancellations are counted from."""

    from_on: date | None
    to_on: date | None
    today: date


class Entry(NamedTuple):
    """One run in a feed, its revision, and its organiser's language."""

    run_id: int
    uid: uuid.UUID
    sequence: int
    revised_at: datetime
    language: str


@dataclass(frozen=True)
class Feed:
    """What a feed consists of, before any entry is read. `names` are those of all that it is of, in order. `language` is
    the organiser's own, None where there are several organisers: each entry then is in its own."""

    names: tuple[Translated, ...]
    language: str | None
    entries: tuple[Entry, ...]


def find_feed(session: Session, wanted: Sequence[Wanted], window: Window, *, tentative: bool = True) -> Feed | None:
    """The feed of all that belongs to everything `wanted`, in one statement; None if there is nothing of such a kind and
    key. Drafts and closed events are in none; without `tentative`, neither is what has no days yet."""
    values: dict[str, Any] = {f"key_{place}": one.key for place, one in enumerate(wanted)}
    values |= {
        "from_on": window.from_on,
        "to_on": window.to_on,
        "today": window.today,
        "stays_from": window.today - CANCELLED_STAYS,
    }
    kinds = tuple(one.kind for one in wanted)
    statement = _feed(kinds, window.from_on is not None, window.to_on is not None, tentative)
    # Row by row: the session would hold them all at once.
    rows = iter(session.connection().execute(statement, values))
    first = next(rows, None)
    if first is None:
        return None
    shown = (row for row in chain([first], rows) if row.run_id is not None)
    shown = _one_line_a_series(shown) if OVERVIEWS.issuperset(kinds) else shown
    return Feed(
        names=tuple(_in_all(first._mapping[f"name_{place}"]) for place in range(len(kinds))),
        language=first.language_0,
        entries=tuple(Entry(row.run_id, row.uid, row.sequence, row.revised_at, row.language) for row in shown),
    )


def _in_all(name: Any) -> Translated:
    return name if isinstance(name, dict) else dict.fromkeys(LANGUAGES, name)


@functools.cache
def _feed(kinds: tuple[Kind, ...], begins: bool, ends: bool, tentative: bool) -> sa.Select[Any]:
    """The statement for kinds of feeds, with a window that begins or ends or neither; its values are bound at each use."""

    def day(name: str) -> Any:
        return sa.bindparam(name, type_=sa.Date())

    keys: list[Any] = [sa.bindparam(f"key_{place}", type_=sa.String()) for place in range(len(kinds))]
    window = Window(day("from_on") if begins else None, day("to_on") if ends else None, day("today"))
    pairs = list(zip(kinds, keys, strict=True))
    targets = [_target(kind, key).subquery(f"target_{place}") for place, (kind, key) in enumerate(pairs)]
    runs = _runs(pairs, window, tentative).subquery("wanted")
    named = [
        column
        for place, target in enumerate(targets)
        for column in (target.c.target_name.label(f"name_{place}"), target.c.target_language.label(f"language_{place}"))
    ]
    every: Any = targets[0]
    for target in targets[1:]:
        every = every.join(target, sa.true())
    return sa.select(*named, runs).select_from(every.outerjoin(runs, sa.true())).order_by(runs.c.sort_at, runs.c.run_id)


def read_entries(session: Session, entries: Sequence[Entry], language: str | None) -> list[tuple[Entry, str]]:
    """The kept entries in the feed's order, each with the revision it is of. `language` None: each organiser's own."""
    rows = session.execute(_entries(language), {"ids": [entry.run_id for entry in entries]})
    found = {row[0]: (Entry(*row[:5]), row[5] or "") for row in rows}
    return [found[entry.run_id] for entry in entries if entry.run_id in found]


@functools.cache
def _entries(language: str | None) -> Any:
    """The kept entries of the runs `ids`, in a language or each organiser's own."""
    return (
        sa.select(Run.id, Run.uid, Run.sequence, Run.revised_at, Organiser.language, _text(language))
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
    if kind in (Kind.ALL, Kind.TYPE):
        return _of_several(sa.literal("", sa.String()))
    if kind is Kind.VENUE:
        return _of_several(Venue.name).where(_is_venue(key))
    if kind is Kind.ORGANISATION:
        return _of_several(Organisation.label).where(_is_unit(Organisation, key))
    if kind is Kind.ORGANISER:
        return _named(Organiser.name).where(Organiser.slug == key)
    if kind is Kind.EVENT:
        return _named(Event.title).join(Event, Event.organiser_id == Organiser.id).where(Event.slug == key, is_public())
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


def _of_several(name: Any) -> AnySelect:
    """Of organisers who may write in different languages."""
    return sa.select(name.label("target_name"), sa.cast(sa.null(), sa.String()).label("target_language"))


def _is_venue(slug: str) -> sa.ColumnElement[bool]:
    """A place that one organiser keeps to itself has no public calendar."""
    return sa.and_(Venue.slug == slug, Venue.organiser_id.is_(None))


def _is_unit(table: Any, address: Any) -> sa.ColumnElement[bool]:
    """That an organisation has this public address now: said in SQL, for the address is bound at each use."""
    addresses = [(kind, unit_address(kind, "")) for kind in UNITS]
    meant = [
        sa.and_(table.kind == kind, sa.literal(before) + table.number == address) for kind, before in addresses[1:]
    ]
    is_municipality = sa.and_(table.kind == UNITS[0], table.number == address)
    return sa.and_(sa.or_(is_municipality, *meant), table.valid_to.is_(None))


def _runs(wanted: Sequence[tuple[Kind, str]], window: Window, tentative: bool) -> AnySelect:
    """The published runs that have a date, in the window; cancelled ones until some time after their day."""
    statement = (
        sa.select(
            Run.id.label("run_id"),
            Run.uid,
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
        .where(is_public(), Run.first_on.is_not(None))
        .where(*(_belongs(kind, key, window.today) for kind, key in wanted))
        .where(sa.or_(Run.status != RunStatus.CANCELLED, Run.last_on >= sa.bindparam("stays_from", type_=sa.Date())))
    )
    if not tentative:
        statement = statement.where(Run.precision.not_in(BELOW_DAYS))
    if window.from_on is not None:
        statement = statement.where(Run.last_on >= window.from_on)
    return statement if window.to_on is None else statement.where(Run.first_on <= window.to_on)


def _belongs(kind: Kind, key: str, today: date) -> sa.ColumnElement[bool]:
    """The condition on an event and its run that makes it the feed's."""
    if kind is Kind.ORGANISER:
        return Organiser.slug == key
    if kind is Kind.EVENT:
        return Event.slug == key
    if kind is Kind.TYPE:
        return Event.type == key
    if kind is Kind.VENUE:
        return Run.venue_id == sa.select(Venue.id).where(_is_venue(key)).scalar_subquery()
    if kind is Kind.COHORT:
        cohort = sa.select(Cohort.id).where(Cohort.slug == key).scalar_subquery()
        return sa.exists().where(EventClause.event_id == Event.id, EventClause.cohort_id == cohort)
    if kind is Kind.NETWORK:
        return _belongs_to_network(key)
    if kind is Kind.ORGANISATION:
        meant = aliased(Organisation)
        number = sa.select(meant.id).where(_is_unit(meant, key)).scalar_subquery()
        return concerns(cast(int, number), today)
    return sa.true()


def _belongs_to_network(slug: str) -> sa.ColumnElement[bool]:
    """Events for the network, and those for every network of its programme."""
    network = sa.select(Network.id).where(Network.slug == slug).scalar_subquery()
    programme = sa.select(Network.programme_id).where(Network.slug == slug).scalar_subquery()
    meant = sa.or_(EventClause.network_id == network, EventClause.programme_id == programme)
    return sa.exists().where(EventClause.event_id == Event.id, meant)


def _one_line_a_series(rows: Iterable[sa.Row[Any]]) -> Generator[sa.Row[Any], None, None]:
    """Of each series, only the first of those that share one long span of days not known yet."""
    seen = set()
    for row in rows:
        if is_long(row.precision, row.first_on, row.last_on):
            series = _series(row)
            if series in seen:
                continue
            seen.add(series)
        yield row


def _series(row: sa.Row[Any]) -> tuple[object, ...]:
    """The same kind of gathering by the same organiser, under the same title, in the same span."""
    title = json.dumps(row.title, sort_keys=True)
    of = (row.organiser_id, row.programme_id, row.type, row.ordinal, title)
    return (*of, row.status, row.precision, row.first_on, row.last_on)
