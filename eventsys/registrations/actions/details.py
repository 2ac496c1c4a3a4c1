"""What belongs to a seat is changed: sessions, nights, answers, and the side it counts for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.registrations.actions.deadlines import require_in_time
from eventsys.registrations.actions.history import record_change
from eventsys.registrations.actions.locking import lock_run
from eventsys.registrations.actions.options import Chosen, choose
from eventsys.registrations.actions.seats import find_last_day
from eventsys.registrations.actions.serving import find_today, serve_queue
from eventsys.registrations.limits.queries import list_standings, read_book
from eventsys.registrations.limits.rules import QUOTAS, Seat
from eventsys.registrations.models import Registration
from eventsys.registrations.questions.rules import GivenAnswer
from eventsys.registrations.rules import ENDED, HOLDS_A_PLACE, Actor, Asked, Change, QuotaIsFull, Side, WrongState


def change_details(
    session: Session,
    registration: Registration,
    *,
    session_ids: Collection[int] | None = None,
    night_ids: Collection[int] | None = None,
    answers: Sequence[GivenAnswer] | None = None,
    side: Side | None = None,
    actor: Actor,
    account_id: int | None = None,
    silent: bool = False,
    now: datetime,
) -> list[str]:
    """Changes what is given, leaves what is None, and says the names of what became another.

    Raises `WrongState`, `TooLate`, `OptionIsFull`, `SessionsOverlap`, and `QuotaIsFull` of the new side.
    """
    run, event, organiser = lock_run(session, registration.run_id)
    session.refresh(registration)
    if registration.state in ENDED:
        raise WrongState
    require_in_time(session, registration, run, organiser, Asked.CHANGE, event.change_by, actor=actor, now=now)
    changed = []
    if side is not None and side is not registration.side:
        change_side(session, event, registration, side, now=now)
        changed.append("side")
    last_day = find_last_day(session, run.id, now=now)
    chosen = Chosen(session_ids, night_ids, answers)
    changed += choose(session, registration, chosen, erase_after=last_day, now=now)
    if changed:
        more: dict[str, Any] = {"account_id": account_id, "facts": {"changed": changed}, "silent": silent}
        record_change(session, registration, Change.CHANGED, actor, registration.state, now=now, **more)
    if "side" in changed:
        serve_queue(session, event, now=now)
    return changed


def change_side(session: Session, event: Event, row: Registration, side: Side, *, now: datetime) -> None:
    """Counts the seat for another side. Raises `QuotaIsFull` where it has a place and that side has none left."""
    if row.state in HOLDS_A_PLACE:
        standings = list_standings(session, event.id, [row.run_id])
        book = read_book(session, event.id, standings, on=find_today(session, event, now=now))
        if row.run_id in book.capacity:
            book.take(Seat(row.organisation_id, row.side, row.person_id), row.run_id, -1)
            if book.find_full(Seat(row.organisation_id, side, row.person_id), row.run_id) in QUOTAS:
                raise QuotaIsFull
    row.side = side
    session.flush()
