"""Verbs of privacy: erasing somebody who asks for it, and noting what was erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Person, PersonWord, Position
from eventsys.privacy.held import HELD, Held, Whose
from eventsys.privacy.models import Erasure
from eventsys.privacy.queries import Ids, find_ids, select_rows
from eventsys.privacy.rules import ErasureKind
from eventsys.programmes.models import GroupMembership
from eventsys.registrations.actions import cancel
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import LEAVABLE, Actor
from eventsys.tokens import OneTimeToken
from eventsys.workflows.retention.periods import delete, update

WAITING = (MailState.QUEUED, MailState.DEFERRED, MailState.UNCERTAIN, MailState.FAILED)


def note(session: Session, kind: ErasureKind, counts: Mapping[str, int], *, now: datetime) -> None:
    """How many rows of what; nothing where nothing went."""
    if any(counts.values()):
        session.add(Erasure(kind=kind, at=now, counts={name: count for name, count in counts.items() if count}))
        session.flush()


def erase_person(session: Session, whose: Whose, *, today: date, now: datetime) -> dict[str, int]:
    """Forgets who somebody is, in every table, and says how many rows of each. Places to come are given up first and go
    to the next; what has been stays as a number without a name: who attended, for whom, from where. No mail follows.

    What belongs to an application stays with the case.
    """
    ids = find_ids(session, whose)
    counts = {"places": _leave(session, ids[Registration], now=now)}
    _end(session, ids, today)
    mails = OutboxMessage.id.in_(ids[OutboxMessage])
    update(session, OutboxMessage, mails, OutboxMessage.state.in_(WAITING), state=MailState.CANCELLED)
    for held in sorted(HELD, key=lambda one: one.through is None):
        if not held.is_kept:
            counts[held.key] = _erase(session, held, ids)
    if whose.name_key is None:
        delete(session, OneTimeToken, OneTimeToken.subject == whose.email_key)
    counts["people"] = _forget_keys(session, whose)
    note(session, ErasureKind.PERSON, counts, now=now)
    return counts


def _leave(session: Session, ids: Sequence[int], *, now: datetime) -> int:
    """By the organiser's right, since a deadline binds nobody to be known. Events are locked in the order of their ids."""
    live = sa.select(Registration).where(Registration.id.in_(ids), Registration.state.in_(LEAVABLE))
    rows = list(session.scalars(live.order_by(Registration.event_id, Registration.id)))
    for row in rows:
        cancel(session, row, actor=Actor.SYSTEM, silent=True, now=now)
    return len(rows)


def _end(session: Session, ids: Ids, today: date) -> None:
    """Whoever was a contact or in a group is it no more, and their links open nothing."""
    for model in (Position, GroupMembership):
        own = model.id.in_(ids[model])
        ends_on = sa.case((model.from_on > today, model.from_on), else_=today)
        update(session, model, own, sa.or_(model.to_on.is_(None), model.to_on > today), to_on=ends_on)
        update(session, model, own, link_version=model.link_version + 1)


def _erase(session: Session, held: Held, ids: Ids) -> int:
    rows = select_rows(held, ids)
    if held.blank is None:
        return delete(session, held.model, rows)
    values = dict(held.blank)
    if held.model is OutboxMessage:
        values["reason_key"] = sa.literal("erased/") + sa.cast(OutboxMessage.id, sa.String())
    return update(session, held.model, rows, **values)


def _forget_keys(session: Session, whose: Whose) -> int:
    theirs = [Person.email_key == whose.email_key]
    if whose.name_key is not None:
        theirs.append(Person.name_key == whose.name_key)
    people = list(session.scalars(sa.select(Person.id).where(*theirs)))
    delete(session, PersonWord, PersonWord.person_id.in_(people))
    return update(session, Person, Person.id.in_(people), email_key=None, name_key=None)
