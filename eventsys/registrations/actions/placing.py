"""Where newcomers go: into a place that nobody who waits could have, or to the end of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.registrations.actions.serving import find_today, has_stopped, serve_queue
from eventsys.registrations.limits.queries import list_standings, read_book
from eventsys.registrations.limits.rules import Book, Kind, Seat
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import ENDED, HOLDS_A_PLACE, NotEnoughPlaces, QuotaIsFull, RunIsFull, State, WhenFull


class Placed(NamedTuple):
    """What became of a newcomer, and in which run."""

    state: State
    run_id: int


class Open(NamedTuple):
    """What can be taken now that all who wait and fit have been served; runs that newcomers may not take from apart."""

    book: Book
    closed: frozenset[int]

    def take(self, seats: Sequence[Seat], run_ids: Sequence[int]) -> int | None:
        """The first of the runs that takes all the seats."""
        runs = (run_id for run_id in run_ids if run_id in self.book.capacity and run_id not in self.closed)
        return next((run_id for run_id in runs if self.book.take_all_or_none(seats, run_id)), None)


def open_book(session: Session, event: Event, run_ids: Sequence[int], *, now: datetime) -> Open:
    """Serves those who wait, then says what is left. Near the beginning newcomers pass nobody who waits."""
    standings = list_standings(session, event.id, run_ids)
    if any(row.waits and not row.is_full for row in standings.values()) and serve_queue(session, event, now=now):
        standings = list_standings(session, event.id, run_ids)
    closed = frozenset(run_id for run_id, row in standings.items() if row.waits and has_stopped(event, row, now=now))
    return Open(read_book(session, event.id, standings, on=find_today(session, event, now=now)), closed)


def place_one(session: Session, event: Event, seat: Seat, run_ids: Sequence[int], *, now: datetime) -> Placed:
    """The first choice if it fits, else the second, else the end of the queue of both."""
    taken = open_book(session, event, run_ids, now=now).take([seat], run_ids)
    return Placed(State.WAITING, run_ids[0]) if taken is None else Placed(State.CONFIRMED, taken)


def place_all(
    session: Session,
    event: Event,
    seats: Sequence[Seat],
    choices: Sequence[Sequence[int]],
    when_full: WhenFull | None,
    *,
    now: datetime,
) -> list[Placed]:
    """Where each of the seats goes, of the runs that each may get, whose first is the same for all.

    Raises `NotEnoughPlaces` where not all fit in one and nobody said what to do then.
    """
    run_ids = list(dict.fromkeys(run_id for each in choices for run_id in each))
    opened = open_book(session, event, run_ids, now=now)
    taken = opened.take(seats, [run_id for run_id in run_ids if all(run_id in each for each in choices)])
    if taken is not None:
        return [Placed(State.CONFIRMED, taken)] * len(seats)
    if when_full is None:
        left = 0 if run_ids[0] in opened.closed else opened.book.count_fitting(seats, run_ids[0])
        raise NotEnoughPlaces(left, len(seats))
    waits = Placed(State.WAITING, run_ids[0])
    if when_full is WhenFull.TOGETHER:
        return [waits] * len(seats)
    each = [opened.take([seat], choice) for seat, choice in zip(seats, choices, strict=True)]
    return [waits if run_id is None else Placed(State.CONFIRMED, run_id) for run_id in each]


def place_there(session: Session, event: Event, seat: Seat, run_id: int, state: State, *, now: datetime) -> Placed:
    """Into this run and state, whoever waits. Raises `RunIsFull` or `QuotaIsFull` where the state takes a place and there
    is none."""
    if state in HOLDS_A_PLACE:
        standings = list_standings(session, event.id, [run_id])
        require_fits(read_book(session, event.id, standings, on=find_today(session, event, now=now)), seat, run_id)
    return Placed(state, run_id)


def require_fits(book: Book, seat: Seat, run_id: int) -> None:
    """Raises `RunIsFull` or `QuotaIsFull` where there is no room for one more such seat."""
    full = book.find_full(seat, run_id)
    if full is Kind.RUN:
        raise RunIsFull
    if full is not None:
        raise QuotaIsFull


def list_choices_of(session: Session, person_id: int | None, run_id: int, second_run_id: int | None) -> list[int]:
    """The runs that a newcomer may get; not the second where the person has a live seat in it."""
    if second_run_id is None or second_run_id == run_id:
        return [run_id]
    return [run_id] if has_live_seat(session, second_run_id, person_id) else [run_id, second_run_id]


def has_live_seat(session: Session, run_id: int, person_id: int | None, *, but_id: int = 0) -> bool:
    """Whether the person has a live registration in the run, other than `but_id`."""
    live = sa.exists().where(
        Registration.run_id == run_id,
        Registration.person_id == person_id,
        Registration.state.not_in(ENDED),
        Registration.id != but_id,
    )
    return bool(person_id is not None and session.scalar(sa.select(live)))
