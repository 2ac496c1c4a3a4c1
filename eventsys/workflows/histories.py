"""Reads how seats came to stand as they do: what has overtaken a change, who has left a run, who waits where, what was
asked for; a batch in a few statements."""

from __future__ import annotations

import functools
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import EventSession, Run
from eventsys.extensions import AnyRow, dialect_of, is_among
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.models import (
    ChangeRequest,
    Question,
    QuestionVersion,
    Registration,
    RegistrationChange,
)
from eventsys.registrations.queue.queries import list_units
from eventsys.registrations.queue.rules import find_place
from eventsys.registrations.rules import Asked, Change, Decision, State
from eventsys.workflows.causes import Cause, Registered
from eventsys.workflows.models import MailCause, Rule
from eventsys.workflows.rules import Trigger

TITLED = ("session", "question")
ABOUT_REQUESTS = (Change.ASKED, Change.ANSWERED)


class Request(NamedTuple):
    """What somebody asks for, in their own words, the run they would move to, and what was answered."""

    registration_id: int
    asked: Asked
    words: str
    at: datetime
    decision: Decision | None
    decided_at: datetime | None
    run_id: int | None
    precision: Any
    first_on: Any
    last_on: Any


@dataclass(slots=True)
class Histories:
    """`overtaken` holds the changes that a later one has made old. How often a person has left a run: `left`; a seat been
    given away: `given_away`; an address been told of that in a run: `told_gone`. `positions` are of those who wait,
    `dropped` has titles of what there was no room for, `requests` are by the change that tells of them."""

    overtaken: set[int] = field(default_factory=set)
    left: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    given_away: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    told_gone: dict[tuple[str, int], int] = field(default_factory=dict)
    positions: dict[int, int] = field(default_factory=dict)
    dropped: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: dict[int, Request] = field(default_factory=dict)

    def count_leavings(self, seat: Registered, run_id: int) -> int:
        """How often whoever has the seat has left the run, so that a calendar sees which of two mails is newer."""
        of_person = self.left.get((seat.person_id, run_id), 0) if seat.person_id is not None else 0
        return of_person + self.told_gone.get((seat.email_key, run_id), 0)


def read_histories(session: Session, causes: Sequence[Cause]) -> Histories:
    """All of these causes' seats. What no cause asks for is not read."""
    found = Histories()
    seats = {cause.registration.id: cause.registration for cause in causes if cause.registration}
    if any(cause.change or cause.before is not None for cause in causes):
        _read_moves(session, found, causes, seats.values())
        _read_told_gone(session, found, seats.values())
    found.positions = _find_positions(session, seats.values())
    _read_dropped(session, found, causes)
    _read_requests(session, found, causes)
    return found


# --- what came after, and who has left --------------------------------------------------------------------------------


@functools.cache
def _moves(dialect: str) -> sa.Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        Registration.person_id,
        Registration.run_id,
        RegistrationChange.id,
        RegistrationChange.registration_id,
        RegistrationChange.change,
        RegistrationChange.from_run_id,
    )
    return (
        sa.select(*columns)
        .join(Registration, Registration.id == RegistrationChange.registration_id)
        .where(
            sa.or_(
                sa.and_(
                    is_among(Registration.person_id, "people", dialect),
                    is_among(Registration.event_id, "events", dialect),
                ),
                is_among(Registration.id, "ids", dialect),
            ),
            sa.or_(
                RegistrationChange.from_state.is_distinct_from(RegistrationChange.to_state),
                RegistrationChange.from_run_id.is_not(None),
                RegistrationChange.change == Change.HANDED_OVER,
            ),
        )
        .order_by(RegistrationChange.id)
    )


def _read_moves(session: Session, found: Histories, causes: Iterable[Cause], seats: Collection[Registered]) -> None:
    """Which change of state or run was each seat's last, and how often its person has left a run."""
    wanted = {
        "people": sorted({seat.person_id for seat in seats if seat.person_id is not None}),
        "events": sorted({cause.event_id for cause in causes}),
        "ids": sorted(seat.id for seat in seats if seat.person_id is None),
    }
    by_seat: dict[int, list[AnyRow]] = defaultdict(list)
    for row in session.execute(_moves(dialect_of(session)), wanted):
        by_seat[row.registration_id].append(row)
    for moves in by_seat.values():
        _count(found, moves)
    found.overtaken = {
        cause.change.id
        for cause in causes
        if cause.change and cause.registration and _last(by_seat[cause.registration.id]) > cause.change.id
    }


def _last(moves: Sequence[AnyRow]) -> int:
    return max((move.id for move in moves if move.change is not Change.HANDED_OVER), default=0)


def _count(found: Histories, moves: Sequence[AnyRow]) -> None:
    """From the newest back, since a row tells which run the seat came from and not where it was."""
    run_id = moves[0].run_id
    for move in reversed(moves):
        if move.from_run_id is not None:
            run_id = move.from_run_id
        elif move.change is Change.HANDED_OVER:
            found.given_away[move.registration_id] += 1
            continue
        elif move.change is not Change.CANCELLED:
            continue
        found.given_away[move.registration_id] += 1
        if move.person_id is not None:
            found.left[move.person_id, run_id] += 1


@functools.cache
def _told_gone(dialect: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(OutboxMessage.email_key, Registration.run_id, sa.func.count().label("times"))
        .join(MailCause, MailCause.outbox_id == OutboxMessage.id)
        .join(Rule, Rule.id == MailCause.rule_id)
        .join(Registration, Registration.id == MailCause.registration_id)
        .where(
            is_among(OutboxMessage.email_key, "addresses", dialect),
            Rule.trigger == Trigger.GIVEN_AWAY,
        )
        .group_by(OutboxMessage.email_key, Registration.run_id)
    )


def _read_told_gone(session: Session, found: Histories, seats: Iterable[Registered]) -> None:
    """Who has been told that their place is somebody else's may come back with another."""
    rows = session.execute(_told_gone(dialect_of(session)), {"addresses": sorted({seat.email_key for seat in seats})})
    found.told_gone = {(row.email_key, row.run_id): row.times for row in rows}


# --- who waits, and what was asked for --------------------------------------------------------------------------------


def _find_positions(session: Session, seats: Iterable[Registered]) -> dict[int, int]:
    """The place of each of these who waits, from 1, in its run's waiting list."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for seat in seats:
        if seat.state is State.WAITING:
            waiting[seat.run_id].append(seat.id)
    found: dict[int, int] = {}
    for run_id, ids in waiting.items():
        units = list_units(session, [run_id])
        found |= {one: place for one in ids if (place := find_place(units, one)) is not None}
    return found


def list_dropped(cause: Cause) -> list[str]:
    """What a change says that there was no room for: «session:…», «question:…» with a public id, «night:» with a day."""
    return list(cause.change.facts.get("dropped") or ()) if cause.change is not None else []


def _read_dropped(session: Session, found: Histories, causes: Iterable[Cause]) -> None:
    names = {name for cause in causes for name in list_dropped(cause)}
    ids = {kind: [uuid.UUID(one) for k, _, one in (n.partition(":") for n in names) if k == kind] for kind in TITLED}
    if ids["session"]:
        titles = sa.select(EventSession.public_id, EventSession.title).where(EventSession.public_id.in_(ids["session"]))
        found.dropped |= {f"session:{row.public_id}": row.title for row in session.execute(titles)}
    if ids["question"]:
        labels = (
            sa.select(Question.public_id, QuestionVersion.label)
            .join(QuestionVersion, QuestionVersion.question_id == Question.id)
            .where(Question.public_id.in_(ids["question"]))
            .order_by(QuestionVersion.number)
        )
        found.dropped |= {f"question:{row.public_id}": row.label for row in session.execute(labels)}


def _read_requests(session: Session, found: Histories, causes: Iterable[Cause]) -> None:
    about = {
        cause.change.id: (cause.registration.id, cause.change)
        for cause in causes
        if cause.registration and cause.change and cause.change.change in ABOUT_REQUESTS
    }
    if not about:
        return
    columns: tuple[Any, ...] = (
        ChangeRequest.registration_id,
        ChangeRequest.asked,
        ChangeRequest.words,
        ChangeRequest.at,
        ChangeRequest.decision,
        ChangeRequest.decided_at,
        ChangeRequest.run_id,
        Run.precision,
        Run.first_on,
        Run.last_on,
    )
    rows = session.execute(
        sa.select(*columns)
        .outerjoin(Run, Run.id == ChangeRequest.run_id)
        .where(ChangeRequest.registration_id.in_({seat_id for seat_id, _change in about.values()}))
        .order_by(ChangeRequest.id)
    )
    for request in [Request(*row) for row in rows]:
        for change_id, (seat_id, change) in about.items():
            moment = request.at if change.change is Change.ASKED else request.decided_at
            if seat_id == request.registration_id and moment is not None and moment <= change.at:
                found.requests[change_id] = request
