"""Reads of the first page, each one statement, however many events there are. Of a helper, its own events alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, EventStatus, Precision, RunStatus
from eventsys.extensions import AnyRow, Translated
from eventsys.registrations.models import ChangeRequest, Registration
from eventsys.registrations.queries import count_places
from eventsys.registrations.rules import ENDED, HOLDS_A_PLACE, Places, State

MOST_SHOWN = 20
JUST_BEEN = timedelta(days=30)
SOON = timedelta(days=7)
GOES = (Event.status == EventStatus.PUBLISHED, Run.status == RunStatus.PLANNED)


@dataclass(frozen=True, slots=True)
class Mine:
    """Whose page it is, on which day; `slugs` where it is a helper's."""

    organiser_id: int
    on: date
    slugs: frozenset[str] | None = None

    def events(self) -> list[sa.ColumnElement[bool]]:
        """The conditions that an event is there for them."""
        own = Event.organiser_id == self.organiser_id
        return [own] if self.slugs is None else [own, Event.slug.in_(sorted(self.slugs))]


def is_ahead(on: date) -> sa.ColumnElement[bool]:
    """That a run is not over: its days are not known, or the last of them is that day or later."""
    return sa.or_(Run.last_on.is_(None), Run.last_on >= on)


# --- what is on and what is coming ----------------------------------------------------------------------------------


def list_coming(session: Session, mine: Mine) -> list[Event]:
    """The soonest `MOST_SHOWN` that are not over or cancelled, with runs and venues."""
    begins = sa.func.min(Run.sort_at)
    ids = (
        sa.select(Event.id)
        .join(Run, Run.event_id == Event.id)
        .where(*mine.events(), Event.status != EventStatus.CANCELLED, is_ahead(mine.on))
        .group_by(Event.id)
        .order_by(begins, Event.id)
        .limit(MOST_SHOWN)
    )
    statement = sa.select(Event).where(Event.id.in_(ids.scalar_subquery()))
    found = session.scalars(statement.options(selectinload(Event.runs).joinedload(Run.venue)))
    return sorted(found, key=lambda event: (_next(event, mine.on), event.id))


def _next(event: Event, on: date) -> Any:
    return min(run.sort_at for run in event.runs if run.last_on is None or run.last_on >= on)


class Counts(NamedTuple):
    """How many events there are at all, how many are coming, and how many of these are drafts."""

    all: int
    coming: int
    drafts: int


def count_events(session: Session, mine: Mine) -> Counts:
    ahead = sa.exists().where(Run.event_id == Event.id, is_ahead(mine.on))
    coming = sa.and_(Event.status != EventStatus.CANCELLED, ahead)
    draft = sa.and_(Event.status == EventStatus.DRAFT, ahead)
    counts = [sa.func.count(), *(sa.func.count(sa.case((condition, 1))) for condition in (coming, draft))]
    return Counts._make(session.execute(sa.select(*counts).where(*mine.events())).one())


def find_draft(session: Session, mine: Mine) -> AnyRow | None:
    """A draft that is not over: slug, title."""
    ahead = sa.exists().where(Run.event_id == Event.id, is_ahead(mine.on))
    columns: tuple[Any, ...] = (Event.slug, Event.title)
    draft = sa.select(*columns).where(*mine.events(), Event.status == EventStatus.DRAFT, ahead)
    return session.execute(draft.order_by(Event.id).limit(1)).first()


def list_today(session: Session, mine: Mine) -> list[AnyRow]:
    """What is on that day: slug, title, the run's public name, when it begins and how many are expected and have come."""
    expected = sa.func.count(sa.case((Registration.state.in_(HOLDS_A_PLACE), 1)))
    come = sa.func.count(sa.case((Registration.state == State.ATTENDED, 1)))
    columns: tuple[Any, ...] = (
        Event.slug, Event.title, Run.uid, Run.starts_local, Run.first_on, expected.label("expected"), come.label("come"),
    )  # fmt: skip
    statement = (
        sa.select(*columns)
        .select_from(Run)
        .join(Event, Event.id == Run.event_id)
        .outerjoin(Registration, Registration.run_id == Run.id)
        .where(*mine.events(), *GOES, Run.precision.in_(DATED))
        .where(Run.first_on <= mine.on, Run.last_on >= mine.on)
        .group_by(Event.id, Run.id)
        .order_by(Run.sort_at, Run.id)
    )
    return list(session.execute(statement))


# --- what waits -----------------------------------------------------------------------------------------------------


class Ahead(NamedTuple):
    """A run that is on and not over, and how full it is."""

    slug: str
    title: Translated
    uid: uuid.UUID
    precision: Precision
    first_on: date | None
    last_on: date | None
    places: Places


def list_ahead(session: Session, mine: Mine) -> list[Ahead]:
    """Every run that is published and not over, soonest first; two statements."""
    columns: tuple[Any, ...] = (
        Event.slug, Event.title, Run.uid, Run.precision, Run.first_on, Run.last_on, Run.id,
    )  # fmt: skip
    statement = (
        sa.select(*columns)
        .join(Event, Event.id == Run.event_id)
        .where(*mine.events(), *GOES, is_ahead(mine.on))
        .order_by(Run.sort_at, Run.id)
    )
    rows = session.execute(statement).all()
    places = count_places(session, [row.id for row in rows]) if rows else {}
    return [Ahead._make((*row[:-1], places[row.id])) for row in rows]


class Requested(NamedTuple):
    """An event at which somebody waits for an answer: `how_many` have asked to come, `asking` ask for something after its
    deadline."""

    slug: str
    title: Translated
    how_many: int
    asking: int


def list_requested(session: Session, mine: Mine) -> list[Requested]:
    requested = Registration.event_id == Event.id, Registration.state == State.REQUESTED
    how_many = sa.select(sa.func.count()).where(*requested).correlate(Event).scalar_subquery()
    still_open = (
        sa.select(Registration.event_id, sa.func.count().label("how_many"))
        .join(ChangeRequest, ChangeRequest.registration_id == Registration.id)
        .where(ChangeRequest.organiser_id == mine.organiser_id, ChangeRequest.decided_at.is_(None))
        .group_by(Registration.event_id)
        .subquery()
    )
    asking = sa.func.coalesce(still_open.c.how_many, 0)
    statement = (
        sa.select(Event.slug, Event.title, how_many, asking)
        .outerjoin(still_open, still_open.c.event_id == Event.id)
        .where(*mine.events(), Event.status == EventStatus.PUBLISHED, sa.or_(how_many > 0, asking > 0))
        .order_by(Event.id)
    )
    return [Requested(*row) for row in session.execute(statement)]


class Lacking(NamedTuple):
    """Published events that are not over and have a text in some language and not in this one: how many, and the soonest
    few as slug and title."""

    how_many: int
    soonest: list[tuple[str, Translated]]


def find_lacking(session: Session, mine: Mine, codes: Sequence[str], *, most: int) -> dict[str, Lacking]:
    """By language, where there are any. Title and description count, each where it is written in another language."""
    each = [sa.select(_select_lacking(mine, code, most).subquery()) for code in codes]
    rows = session.execute(sa.union_all(*each).order_by("begins", "id")).all()
    by_code = {code: [row for row in rows if row.code == code] for code in codes}
    return {
        code: Lacking(found[0].how_many, [(row.slug, row.title) for row in found])
        for code, found in by_code.items()
        if found
    }


def _select_lacking(mine: Mine, code: str, most: int) -> sa.Select[*tuple[Any, ...]]:
    begins = sa.select(sa.func.min(Run.sort_at)).where(Run.event_id == Event.id).scalar_subquery().label("begins")
    ahead = sa.exists().where(Run.event_id == Event.id, is_ahead(mine.on))
    how_many = sa.func.count().over().label("how_many")
    columns: tuple[Any, ...] = (sa.literal(code).label("code"), Event.slug, Event.title, how_many, begins, Event.id)
    return (
        sa.select(*columns)
        .where(*mine.events(), Event.status == EventStatus.PUBLISHED, ahead, _lacks(code))
        .order_by(begins, Event.id)
        .limit(most)
    )


def _lacks(code: str) -> sa.ColumnElement[bool]:
    return sa.or_(*(_is_written_but_in(column, code) for column in (Event.title, Event.description)))


def _is_written_but_in(column: Any, code: str) -> sa.ColumnElement[bool]:
    others = [column[other].as_string().is_not(None) for other in ("nb", "nn", "en") if other != code]
    return sa.and_(column[code].as_string().is_(None), sa.or_(*others))


class Undone(NamedTuple):
    """A run at which something is not done: how many people, or seats, it is about."""

    slug: str
    title: Translated
    uid: uuid.UUID
    how_many: int


def list_unrecorded(session: Session, mine: Mine) -> list[Undone]:
    """Runs of the last month that are over and whose attendance nobody has taken, with who had a place."""
    over = (Run.last_on < mine.on, Run.last_on >= mine.on - JUST_BEEN, Run.attendance_at.is_(None))
    return _undone(session, mine, *over, Registration.state == State.CONFIRMED)


def list_unnamed(session: Session, mine: Mine) -> list[Undone]:
    """Runs whose places are to be named by a day that is near, with how many have no name."""
    near = (Event.names_by >= mine.on, Event.names_by <= mine.on + SOON, is_ahead(mine.on))
    return _undone(session, mine, *near, Registration.person_id.is_(None), Registration.state.not_in(ENDED))


def _undone(session: Session, mine: Mine, *conditions: sa.ColumnElement[bool]) -> list[Undone]:
    statement = (
        sa.select(Event.slug, Event.title, Run.uid, sa.func.count())
        .select_from(Run)
        .join(Event, Event.id == Run.event_id)
        .join(Registration, Registration.run_id == Run.id)
        .where(*mine.events(), *GOES, *conditions)
        .group_by(Event.id, Run.id)
        .order_by(Run.sort_at, Run.id)
    )
    return [Undone(*row) for row in session.execute(statement)]
