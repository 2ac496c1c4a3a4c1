"""Rounds: an audience is asked to an event, now or at a moment, and with `follows` whoever joins the audience later."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.audiences.queries import Hit, Listed
from eventsys.audiences.rules import Clause, is_restricted, keep_clauses, read_clauses
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.invitations.actions.history import note_act
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.invitations.queries import find_only_run, find_own_round, list_due_rounds, list_following_rounds, list_new
from eventsys.invitations.rules import InvitationAct, InvitationState
from eventsys.organisers.models import Organiser
from eventsys.registrations.actions import lock_event
from eventsys.registrations.limits.invited import hold_for_invited
from eventsys.registrations.rules import Actor


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """Whom a round asks and how; `send_at` None is now, `places` are held for each organisation until `held_until`."""

    clauses: tuple[Clause, ...]
    audience_id: int | None = None
    template: str = "invited"
    follows: bool = False
    places: int | None = None
    held_until: date | None = None
    send_at: datetime | None = None


class Sent(NamedTuple):
    """How many were asked, and for how many organisations and people places are held, of those that should have some."""

    asked: int
    held: int = 0
    wanted: int = 0


def plan_round(
    session: Session,
    event: Event,
    facts: RoundFacts,
    *,
    public_id: uuid.UUID | None = None,
    account_id: int | None = None,
    now: datetime,
) -> InvitationRound:
    """A round that is sent when its moment comes and the event is published. Whom it asks is decided then.

    One of this event by the `public_id` that a form gives is that one, so that a form sent twice is one round.
    """
    lock_event(session, event.id)
    public_id = public_id or uuid.uuid4()
    there = find_own_round(session, public_id, event_id=event.id)
    if there is not None:
        return there
    row = InvitationRound(
        public_id=public_id,
        organiser_id=event.organiser_id,
        event_id=event.id,
        audience_id=facts.audience_id,
        clauses=keep_clauses(facts.clauses),
        template=facts.template,
        follows=facts.follows,
        places=facts.places,
        held_until=facts.held_until,
        send_at=facts.send_at or now,
        created_at=now,
        account_id=account_id,
    )
    session.add(row)
    session.flush()
    return row


def send_round(session: Session, row: InvitationRound, *, now: datetime) -> Sent:
    """Asks everybody in the audience of today who is not asked or signed up already.

    A round that follows asks those who have joined it since. Nobody is asked to a draft, by a round that was stopped, or
    twice; where too few places are left to hold, the first in order get them and all are asked.
    """
    event, organiser = lock_event(session, row.event_id)
    session.refresh(row)
    if event.status is not EventStatus.PUBLISHED or row.stopped_at is not None or (row.sent_at and not row.follows):
        return Sent(0)
    clauses = read_clauses(row.clauses)
    on = dates.to_local(now, organiser.timezone).date()
    people = list_new(session, clauses, event_id=event.id, organiser_id=event.organiser_id, on=on)
    row.sent_at = row.sent_at or now
    made = [_make(row, clauses, one, now=now) for one in people]
    session.add_all(made)
    session.flush()
    note_act(
        session, made, InvitationAct.ASKED, _who(row, now), account_id=row.account_id if row.sent_at == now else None,
        now=now,
    )  # fmt: skip
    return Sent(len(made), *_hold(session, event, organiser, row, made, now=now))


def _who(row: InvitationRound, now: datetime) -> Actor:
    return Actor.ORGANISER if row.sent_at == now else Actor.SYSTEM


def _make(row: InvitationRound, clauses: Sequence[Clause], one: Listed, *, now: datetime) -> Invitation:
    return Invitation(
        organiser_id=row.organiser_id,
        event_id=row.event_id,
        round_id=row.id,
        person_id=one.person_id,
        organisation_id=one.organisation_id,
        name=one.name,
        email=one.email,
        email_key=one.email_key,
        language=one.language,
        reasons=[keep_reason(clauses, hit) for hit in one.reasons],
        is_restricted=any(is_restricted(clauses[hit.clause]) for hit in one.reasons),
        state=InvitationState.ASKED,
        asked_at=now,
        created_at=now,
    )


def keep_reason(clauses: Sequence[Clause], hit: Hit) -> dict[str, Any]:
    """A reason as it is kept: the whole clause, because the round's may be another's by the time it is read."""
    kept = {"clause": keep_clauses([clauses[hit.clause]])[0], "source": hit.source.value}
    said = {"organisation": hit.organisation, "role": hit.role, "of": hit.of}
    return kept | {name: value for name, value in said.items() if value}


def _hold(
    session: Session,
    event: Event,
    organiser: Organiser,
    row: InvitationRound,
    made: Sequence[Invitation],
    *,
    now: datetime,
) -> tuple[int, int]:
    """For how many places are held, of how many; none once the day is over, or where the event has several dates."""
    today = dates.to_local(now, organiser.timezone).date()
    run = find_only_run(session, event.id)
    if not made or row.places is None or row.held_until is None or row.held_until < today or run is None:
        return 0, 0
    organisations = dict.fromkeys(one.organisation_id for one in made if one.organisation_id is not None)
    people = [one.person_id for one in made if one.organisation_id is None and one.person_id is not None]
    held = hold_for_invited(
        session,
        run,
        organisation_ids=list(organisations),
        person_ids=people,
        places=row.places,
        held_until=row.held_until,
        now=now,
    )
    return held, len(organisations) + len(people)


def send_due_rounds(session: Session, *, now: datetime) -> int:
    """Sends what is due; says how many were asked."""
    return sum(send_round(session, row, now=now).asked for row in list_due_rounds(session, now=now))


def follow_rounds(session: Session, *, now: datetime) -> int:
    """Asks whoever has joined the audience of a round that follows, as long as its event takes sign-ups."""
    return sum(send_round(session, row, now=now).asked for row in list_following_rounds(session, now=now))


def stop_round(session: Session, row: InvitationRound, *, now: datetime) -> bool:
    """One that was not sent never is, and one that follows asks nobody more. False where there is nothing to stop."""
    lock_event(session, row.event_id)
    session.refresh(row)
    if row.stopped_at is not None or (row.sent_at is not None and not row.follows):
        return False
    row.stopped_at = now
    session.flush()
    return True


def forget_audience(session: Session, audience_id: int) -> None:
    """Rounds keep whom they asked, without the name of an audience that goes."""
    session.execute(
        sa.update(InvitationRound).where(InvitationRound.audience_id == audience_id).values(audience_id=None)
    )
