"""Answers a public feed. Nothing of it depends on who asks: no cookie is read or set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time

import sqlalchemy as sa
from flask import Response, current_app, request, stream_with_context
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock, dates, texts
from eventsys.calendars import answers, asked
from eventsys.calendars.asked import Asked
from eventsys.calendars.kept import bodies, let_keep
from eventsys.calendars.queries import Feed, Kind, Wanted, find_feed, read_entries
from eventsys.events import ics
from eventsys.events.labels import TYPES
from eventsys.events.rules import TIMEZONE, EventType
from eventsys.extensions import db

# Raised when the same facts give other bytes than before, so that no client keeps the old ones.
FORMAT = 1
PIECE = 500
"""So many entries are read at once. A feed of more is sent as it is read, and never kept."""


def serve(kind: Kind, key: str, page: str) -> Response:
    """The feed of this kind and key, narrowed as the address asks; `page` is the address of the page about it."""
    keep = let_keep(request.environ)
    try:
        wish = asked.read(kind, key, request.args, today=clock.today())
    except ValueError:
        return answers.plain("from and to must be days like 2008-09-01, the first not after the last", 400)
    feed = _find(db.session(), wish)
    if feed is None:
        return answers.plain("There is no such calendar.", 404)
    if len(feed.entries) > PIECE:
        del feed  # It is read again, in the state that is sent.
        return _stream(wish, kind, key, page)
    own = wish.language or feed.language
    head = _head(wish, feed, own, page)
    tag = answers.make_tag(FORMAT, own, head, feed.entries)
    changed_at = _changed_at(feed, wish.window.today)
    response = answers.answer(
        request,
        tag=tag,
        changed_at=changed_at,
        file_name=f"{key or kind}.ics",
        attached=kind is Kind.EVENT,
        write=lambda: bodies.find(tag) or bodies.keep(*_write(feed, own, head)),
    )
    keep(response, tag, changed_at, wish.window.today)
    return response


def _find(session: Session, wish: Asked) -> Feed | None:
    if not all(asked.is_type(one) for one in wish.wanted if one.kind is Kind.TYPE):
        return None
    return find_feed(session, wish.wanted, wish.window, tentative=wish.tentative)


def _write(feed: Feed, own: str | None, head: ics.Head) -> tuple[str, bytes]:
    """The bytes and their tag: of the revisions that were read now, should one be newer than the feed's."""
    read = read_entries(db.session(), feed.entries, own)
    entries = tuple(entry for entry, _text in read)
    body = ics.calendar(_revised(head, entries), [text.encode() for _entry, text in read])
    return answers.make_tag(FORMAT, own, head, entries), body


def _revised(head: ics.Head, entries: tuple[object, ...]) -> ics.Head:
    return replace(head, revised_at=max((entry.revised_at for entry in entries), default=None))  # type: ignore[attr-defined]


def _stream(wish: Asked, kind: Kind, key: str, page: str) -> Response:
    """A feed of very many entries, read and sent piece by piece out of one state of the database."""
    connection = db.engine.connect()
    if db.engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    session = Session(connection)
    try:
        feed = _find(session, wish)
    except BaseException:
        _close(session, connection)
        raise
    if feed is None:
        _close(session, connection)
        return answers.plain("There is no such calendar.", 404)
    own = wish.language or feed.language
    head = _head(wish, feed, own, page)
    tag = answers.make_tag(FORMAT, own, head, feed.entries)
    response = answers.answer(
        request,
        tag=tag,
        changed_at=_changed_at(feed, wish.window.today),
        file_name=f"{key or kind}.ics",
        write=lambda: (tag, stream_with_context(_write_pieces(session, feed, own, head))),
    )
    response.call_on_close(lambda: _close(session, connection))
    return response


def _close(session: Session, connection: sa.Connection) -> None:
    session.close()
    connection.close()


def _write_pieces(session: Session, feed: Feed, own: str | None, head: ics.Head) -> Iterator[bytes]:
    yield ics.begin(_revised(head, feed.entries))
    for start in range(0, len(feed.entries), PIECE):
        read = read_entries(session, feed.entries[start : start + PIECE], own)
        yield "".join(text for _entry, text in read).encode()
    yield ics.END


def _head(wish: Asked, feed: Feed, own: str | None, page: str) -> ics.Head:
    base, code = current_app.config["BASE_URL"].rstrip("/"), own or "nb"
    kinds = [one.kind for one in wish.wanted]
    with force_locale(code):
        named = [
            name_part(one, texts.read(name, code).value) for one, name in zip(wish.wanted, feed.names, strict=True)
        ]
        name = " · ".join(named)
        description = tell_holds(kinds, name)
    return ics.Head(
        name=name if kinds == [Kind.EVENT] else f"{current_app.config['SITE_NAME']}: {name}",
        description=description,
        url=base + page,
        source=base + asked.write_path(request.path, request.args),
    )


def name_part(wanted: Wanted, name: str) -> str:
    """What a feed is of, in the reader's language."""
    if wanted.kind is Kind.TYPE:
        return str(TYPES[EventType(wanted.key)])
    return name or _("All events")


def tell_holds(kinds: Sequence[Kind], name: str) -> str:
    """What a feed of these holds, in a sentence."""
    if len(kinds) > 1:
        return _("What belongs to all of these: %(names)s", names=name)
    return {
        Kind.ALL: _("Every published event"),
        Kind.COHORT: _("Everything the cohort is invited to"),
        Kind.NETWORK: _("The network's own gatherings, and those of all networks"),
        Kind.ORGANISER: _("Everything this organiser arranges"),
        Kind.TYPE: _("Every event of this kind"),
        Kind.VENUE: _("Everything at this place"),
        Kind.ORGANISATION: _("Everything that concerns %(municipality)s", municipality=name),
        Kind.EVENT: name,
    }[kinds[0]]


def _changed_at(feed: Feed, today: date) -> datetime:
    """When the feed last changed, as far as a time can tell: a new day moves its window."""
    midnight = dates.to_utc(datetime.combine(today, time.min), TIMEZONE)
    return max([midnight, *(entry.revised_at for entry in feed.entries)])
