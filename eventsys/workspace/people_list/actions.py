"""Changes of many registrations in one transaction, each by the same action as if it were alone; the caller commits."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event
from eventsys.mailing.rules import BULK
from eventsys.registrations import actions as engine
from eventsys.registrations.attendance import actions as attendance
from eventsys.registrations.attendance.rules import HasNoPlace
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import (
    Actor,
    AddressIsTaken,
    CannotBeCancelled,
    NewRegistration,
    NotEnoughPlaces,
    OptionIsFull,
    QuotaIsFull,
    RegistrationIsClosed,
    RunIsFull,
    SessionsOverlap,
    Side,
    State,
    TooLate,
    WrongState,
)
from eventsys.workflows.actions.occasions import reason_of, wait_out_quiet
from eventsys.workflows.actions.recipients import Mailing, add_mails
from eventsys.workflows.audiences import select_registrations
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rules import LIVE, OccasionState
from eventsys.workspace.mail import mailings
from eventsys.workspace.mail.mailings import Letter
from eventsys.workspace.people_list.pasted import Checked
from eventsys.workspace.people_list.rules import MARKS, Act, Order, Parts, Why, why_not

REFUSALS: dict[type[Exception], Why] = {
    RunIsFull: Why.FULL,
    QuotaIsFull: Why.FULL,
    NotEnoughPlaces: Why.FULL,
    OptionIsFull: Why.OPTION_FULL,
    SessionsOverlap: Why.OPTION_FULL,
    AddressIsTaken: Why.TWICE,
    CannotBeCancelled: Why.BEEN,
    WrongState: Why.BEEN,
    HasNoPlace: Why.NO_PLACE,
    TooLate: Why.CLOSED,
    RegistrationIsClosed: Why.CLOSED,
}
KNOWN = tuple(REFUSALS)


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, why (for those who are told), whether anybody is told, and when."""

    account_id: int
    now: datetime
    why: str = ""
    silent: bool = False


def why_refused(refusal: Exception) -> Why:
    """What an engine's refusal means to who asked for it."""
    return next(why for kind, why in REFUSALS.items() if isinstance(refusal, kind))


def carry_out(session: Session, order: Order, rows: Sequence[Any], by: By) -> Parts:
    """Changes each that can be changed, in the list's order; says who was and who was not, with the reason.

    One that the engine refuses is left as it was and stops no other.
    """
    found = {one.id: one for one in _load(session, [row.id for row in rows])}
    parts = Parts()
    for row in rows:
        registration = found[row.id]
        why = why_not(order, registration)
        if why is None:
            why = _try(session, order, registration, by)
        if why is None:
            parts.able.append(row)
        else:
            parts.refused.append((row, why))
    return parts


def _load(session: Session, ids: Collection[int]) -> Sequence[Registration]:
    statement = sa.select(Registration).where(Registration.id.in_(ids))
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def _try(session: Session, order: Order, registration: Registration, by: By) -> Why | None:
    try:
        with session.begin_nested():
            change(session, order, registration, by)
    except KNOWN as refusal:
        return why_refused(refusal)
    return None


def change(session: Session, order: Order, registration: Registration, by: By) -> None:
    """One of the acts on one registration. Raises what the engine raises."""
    who: dict[str, Any] = {"account_id": by.account_id, "now": by.now}
    if order.act in MARKS:
        attendance.mark(session, registration, state=MARKS[order.act], **who)
    elif order.act is Act.MOVE:
        assert order.run_id is not None
        engine.move(session, registration, run_id=order.run_id, actor=Actor.ORGANISER, **who)
    elif order.act is Act.SIDE:
        engine.change_details(session, registration, side=order.side, actor=Actor.ORGANISER, **who)
    elif order.act is Act.PRIORITY:
        engine.set_priority(session, registration, priority=order.priority, **who)
    elif order.act is Act.CANCEL:
        engine.cancel(session, registration, actor=Actor.ORGANISER, why=by.why, silent=by.silent, **who)
    elif order.act is Act.DECLINE:
        engine.decline(session, registration, why=by.why, silent=by.silent, **who)
    else:
        decide = {Act.ACCEPT: engine.accept, Act.RESTORE: engine.restore}[order.act]
        decide(session, registration, silent=by.silent, **who)


# --- a mail to those who are chosen ---------------------------------------------------------------------------------


def write_to(
    session: Session,
    event: Event,
    ids: Collection[int],
    letter: Letter,
    *,
    account_id: int,
    timezone: str,
    now: datetime,
) -> bool:
    """The letter to these registrations, one mail to an address, now; False when it was ordered a moment ago.

    It is a one-off mail of the event like those to an audience: its occasion has fired already, with just these.
    Raises `BadTexts`.
    """
    key = mailings.save_draft(session, event, letter, account_id=account_id, timezone=timezone, now=now)
    mailing = mailings.find_mailing(session, event, key)
    assert mailing is not None
    if not mailing.is_draft:
        return False
    local = dates.to_local(now, timezone).replace(tzinfo=None)
    occasion = _fire(session, mailing.rule, event, local, dates.to_utc(local, timezone), account_id=account_id, now=now)
    recipients = select_registrations(LIVE, event_id=event.id, run_id=None).where(Registration.id.in_(ids))
    add_mails(
        session,
        recipients,
        Mailing(
            reason=reason_of(occasion),
            template=mailing.rule.template,
            event_id=event.id,
            rule_id=mailing.rule.id,
            due_at=occasion.due_at,
            next_try_at=wait_out_quiet(event.organiser, now, occasion.due_at),
            priority=BULK,
            occasion_id=occasion.id,
        ),
        now=now,
    )
    return True


def _fire(
    session: Session, rule: Rule, event: Event, local: datetime, due_at: datetime, *, account_id: int, now: datetime
) -> Occasion:
    rule.at_local, rule.enabled_at, rule.account_id = local, min(now, due_at), account_id
    occasion = Occasion(
        rule_id=rule.id, event_id=event.id, run_id=None, generation=0, due_at=due_at, state=OccasionState.FIRED,
        fired_at=now,
    )  # fmt: skip
    session.add(occasion)
    session.flush()
    return occasion


# --- people whom an organiser adds ----------------------------------------------------------------------------------


class LineIsRefused(Exception):
    """One line cannot be signed up, so none is."""

    def __init__(self, number: int, name: str, why: Why) -> None:
        super().__init__(number, name, why)
        self.number, self.name, self.why = number, name, why


def token_of(nonce: str, number: int) -> str:
    """The same for the same line of the same check page, so that a page sent twice signs up nobody twice."""
    return hashlib.sha256(f"added:{nonce}:{number}".encode()).hexdigest()


def was_added(session: Session, tokens: Collection[str]) -> bool:
    """Whether one of these lines has been signed up already."""
    return session.scalar(sa.select(Registration.id).where(Registration.form_token.in_(tokens)).limit(1)) is not None


def add_all(session: Session, event: Event, lines: Sequence[Checked], nonce: str, by: By) -> dict[State, int]:
    """Signs up every line, or none: says how many are in each state now. Raises `LineIsRefused`."""
    counts: dict[State, int] = {}
    for line in lines:
        try:
            made = engine.add_by_organiser(
                session, _form(event, line, nonce), account_id=by.account_id, silent=by.silent, now=by.now
            ).registration
        except KNOWN as refusal:
            raise LineIsRefused(line.number, line.name, why_refused(refusal)) from refusal
        counts[made.state] = counts.get(made.state, 0) + 1
    return counts


def _form(event: Event, line: Checked, nonce: str) -> NewRegistration:
    assert line.run_id is not None
    assert line.organisation is not None
    return NewRegistration(
        run_id=line.run_id,
        name=line.name,
        email=line.email,
        organisation_id=line.organisation.id,
        form_token=token_of(nonce, line.number),
        side=None if event.asks_union else Side(line.part),
        union_id=int(line.part) if event.asks_union else None,
    )
