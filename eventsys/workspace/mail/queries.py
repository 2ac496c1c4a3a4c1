"""Reads of the organiser's whole outbox, a page at a time; what is about one event is counted by `workflows.queries`.

Every statement walks an index in the order that it shows, so a page costs the same in an outbox of a million mails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.extensions import AnyRow
from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.models import Registration
from eventsys.workflows.models import CaseCause, MailCause, Rule

MAILS_A_PAGE = 50
MOST_COUNTED = 10_000
FEW = 2_000
MOST_PEOPLE = 200
MOST_CHOICES = 100
DAY = timedelta(days=1)
LATE = timedelta(minutes=10)
LAST_SIGN = "\U0010ffff"
WAITING = (MailState.QUEUED, MailState.SENDING, MailState.DEFERRED)
UNSENT = (*WAITING, MailState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mails: all that hold. `before` is where a page begins, as the page before it said; nonsense is the first."""

    state: MailState | None = None
    search: str = ""
    template: str = ""
    event_id: int | None = None
    rule_id: int | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class MailPage:
    """Mails, newest first (by address where one was searched for), and where the next page begins; empty at the end."""

    mails: list[OutboxMessage]
    after: str


# --- figures --------------------------------------------------------------------------------------------------------


def count_states(session: Session, organiser_id: int, states: Iterable[MailState]) -> dict[MailState, int]:
    """How many mails are in each of the states, counted up to `MOST_COUNTED`; one statement."""
    wanted = list(states)
    counts = [_count(OutboxMessage.organiser_id == organiser_id, OutboxMessage.state == state) for state in wanted]
    return dict(zip(wanted, session.execute(sa.select(*counts)).one(), strict=True))


def count_since(session: Session, organiser_id: int, state: MailState, since: datetime) -> int:
    """How many mails that were due after a moment are in the state, up to `MOST_COUNTED`."""
    conditions = (
        OutboxMessage.organiser_id == organiser_id,
        OutboxMessage.state == state,
        OutboxMessage.due_at > since,
    )
    return session.scalar(sa.select(_count(*conditions))) or 0


def has_any(session: Session, organiser_id: int) -> bool:
    found = sa.select(OutboxMessage.id).where(OutboxMessage.organiser_id == organiser_id).limit(1)
    return session.scalar(found) is not None


def find_oldest_unsent(session: Session, organiser_id: int, *, now: datetime) -> OutboxMessage | None:
    """The mail that has been due for longest and has not gone, also where it waits for its next try."""
    oldest: list[Any] = [
        sa.select(OutboxMessage.id)
        .where(OutboxMessage.organiser_id == organiser_id, OutboxMessage.state == state, OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .scalar_subquery()
        for state in UNSENT
    ]
    statement = sa.select(OutboxMessage).where(sa.or_(*(OutboxMessage.id == one for one in oldest)))
    return session.scalar(statement.order_by(OutboxMessage.due_at, OutboxMessage.id).limit(1))


def _count(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(_some(MOST_COUNTED, *conditions)).scalar_subquery()


def _some(most: int, *conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """In the order of an index: without one a planner that plans for any state reads the whole table until it has found
    enough of a state that few mails are in."""
    some = sa.select(sa.literal(1)).select_from(OutboxMessage).where(*conditions).order_by(OutboxMessage.due_at)
    return some.limit(most).subquery()


# --- one page -------------------------------------------------------------------------------------------------------


def list_mails(session: Session, organiser_id: int, wanted: Wanted) -> MailPage:
    """A page of the outbox. By address where one is searched for, else by what made the mails, else by time: the
    narrowest first, and a state that few mails are in before all of them."""
    is_few = wanted.state is not None and _is_few(session, organiser_id, wanted.state)
    if wanted.search:
        return _by_address(session, organiser_id, wanted, is_few=is_few)
    if _has_cause(wanted) and not is_few:
        return _by_cause(session, organiser_id, wanted)
    return _by_time(session, organiser_id, wanted)


def select_mails(organiser_id: int) -> sa.Select[OutboxMessage]:
    """The organiser's, without what no list shows."""
    bodies = [sa.orm.defer(column) for column in (OutboxMessage.text, OutboxMessage.html, OutboxMessage.calendar)]
    return sa.select(OutboxMessage).where(OutboxMessage.organiser_id == organiser_id).options(*bodies)


def _is_few(session: Session, organiser_id: int, state: MailState) -> bool:
    some = _some(FEW, OutboxMessage.organiser_id == organiser_id, OutboxMessage.state == state)
    counted = session.scalar(sa.select(sa.func.count()).select_from(some))
    return (counted or 0) < FEW


def _by_time(session: Session, organiser_id: int, wanted: Wanted) -> MailPage:
    statement = select_mails(organiser_id)
    if wanted.state is not None:
        statement = statement.where(OutboxMessage.state == wanted.state)
    if wanted.template:
        statement = statement.where(OutboxMessage.template == wanted.template)
    if _has_cause(wanted):
        statement = statement.where(
            _causes(organiser_id, wanted).where(MailCause.outbox_id == OutboxMessage.id).exists()
        )
    if (place := _read_moment(wanted.before)) is not None:
        due_at, number = sa.literal(place[0], OutboxMessage.due_at.type), sa.literal(place[1])
        # The first condition says nothing new; a planner that cannot weigh pairs finds the index by it.
        statement = statement.where(
            OutboxMessage.due_at <= due_at,
            sa.tuple_(OutboxMessage.due_at, OutboxMessage.id) < sa.tuple_(due_at, number),
        )
    rows = session.scalars(
        statement.order_by(OutboxMessage.due_at.desc(), OutboxMessage.id.desc()).limit(MAILS_A_PAGE + 1)
    ).all()
    return _page(rows, lambda mail: f"{mail.due_at.isoformat()}~{mail.id}")


def _by_cause(session: Session, organiser_id: int, wanted: Wanted) -> MailPage:
    """Newest first as they were made, which is the order of the index of what made them."""
    causes = _causes(organiser_id, wanted)
    if (number := _read_number(wanted.before)) is not None:
        causes = causes.where(MailCause.outbox_id < number)
    if wanted.state is not None:
        causes = causes.where(_mail_has(OutboxMessage.state, wanted.state))
    if wanted.template:
        causes = causes.where(_mail_has(OutboxMessage.template, wanted.template))
    ids = causes.distinct().order_by(MailCause.outbox_id.desc()).limit(MAILS_A_PAGE + 1).correlate(None)
    statement = select_mails(organiser_id).where(OutboxMessage.id.in_(ids)).order_by(OutboxMessage.id.desc())
    return _page(session.scalars(statement).all(), lambda mail: str(mail.id))


def _by_address(session: Session, organiser_id: int, wanted: Wanted, *, is_few: bool) -> MailPage:
    """By address: those that begin so, and all addresses of people whose name has the words in it."""
    statement = select_mails(organiser_id)
    if is_few:
        statement = statement.where(OutboxMessage.state == wanted.state)
        wanted = replace(wanted, state=None)
    statement = statement.where(*_by_the_way(wanted))
    if _has_cause(wanted):
        statement = statement.where(
            _causes(organiser_id, wanted).where(MailCause.outbox_id == OutboxMessage.id).exists()
        )
    order = _ByteOrder(session)
    last, _tilde, number = wanted.before.rpartition("~")
    if last and (place := _read_number(number)) is not None:
        statement = statement.where(order.at_least(last), sa.or_(order.above(last), OutboxMessage.id > place))
    statement = statement.order_by(order.ascending(), OutboxMessage.id).limit(MAILS_A_PAGE + 1)
    key = email_key(wanted.search)
    begins = order.at_least(key), order.at_most(key + LAST_SIGN)
    found = {mail.id: mail for mail in session.scalars(statement.where(*begins))}
    if "@" not in key:
        keys = session.scalars(_keys_by_name(organiser_id, wanted.search)).all()
        found |= {mail.id: mail for mail in session.scalars(statement.where(OutboxMessage.email_key.in_(keys)))}
    rows = sorted(found.values(), key=lambda mail: (mail.email_key.encode(), mail.id))
    return _page(rows, lambda mail: f"{mail.email_key}~{mail.id}")


class _ByteOrder:
    """Comparisons of addresses as their index keeps them: by bytes, whatever language the database sorts in."""

    def __init__(self, session: Session) -> None:
        self.is_plain = session.get_bind().dialect.name == "sqlite"

    def at_least(self, key: str) -> sa.ColumnElement[bool]:
        return OutboxMessage.email_key.bool_op(">=" if self.is_plain else "~>=~")(key)

    def at_most(self, key: str) -> sa.ColumnElement[bool]:
        return OutboxMessage.email_key.bool_op("<=" if self.is_plain else "~<=~")(key)

    def above(self, key: str) -> sa.ColumnElement[bool]:
        return OutboxMessage.email_key.bool_op(">" if self.is_plain else "~>~")(key)

    def ascending(self) -> Any:
        return OutboxMessage.email_key if self.is_plain else sa.text("outbox.email_key USING ~<~")


def _keys_by_name(organiser_id: int, words: str) -> sa.Select[str]:
    forms = {words, words.lower(), words.title()}
    in_name = [Registration.name.contains(form, autoescape=True) for form in sorted(forms)]
    return (
        sa.select(Registration.email_key)
        .where(Registration.organiser_id == organiser_id, Registration.email_key != "", sa.or_(*in_name))
        .distinct()
        .order_by(Registration.email_key)
        .limit(MOST_PEOPLE)
    )


def _has_cause(wanted: Wanted) -> bool:
    return wanted.event_id is not None or wanted.rule_id is not None


def _causes(organiser_id: int, wanted: Wanted) -> sa.Select[int]:
    """What was made because of the event or the rule: the ids, as the index of either has them."""
    statement = sa.select(MailCause.outbox_id).where(MailCause.organiser_id == organiser_id)
    if wanted.rule_id is not None:
        statement = statement.where(MailCause.rule_id == wanted.rule_id)
    if wanted.event_id is not None:
        statement = statement.where(MailCause.event_id == wanted.event_id)
    return statement


def _mail_has(column: sa.orm.InstrumentedAttribute[Any], value: str) -> sa.ColumnElement[bool]:
    """Looked up for each row: a join would be begun at the side of all mails. As a CASE, since a planner takes for rare
    what it has no statistics for, and prepares for a long search; but what few mails are is not looked for here."""
    of_mail = sa.select(column).where(OutboxMessage.id == MailCause.outbox_id).correlate(MailCause).scalar_subquery()
    return sa.case((of_mail == value, sa.true()), else_=sa.false())


def _by_the_way(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """State and text looked at in each row that another index finds; `coalesce` keeps their own indexes out of it."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(sa.func.coalesce(OutboxMessage.state, sa.literal("")) == wanted.state)
    if wanted.template:
        found.append(sa.func.coalesce(OutboxMessage.template, "") == wanted.template)
    return found


def _page(rows: Sequence[OutboxMessage], place_of: Callable[[OutboxMessage], str]) -> MailPage:
    shown = list(rows[:MAILS_A_PAGE])
    return MailPage(shown, place_of(shown[-1]) if len(rows) > MAILS_A_PAGE else "")


def _read_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _read_moment(text: str) -> tuple[datetime, int] | None:
    """Where a page by time begins; None for the first, and for an address that was not made here."""
    moment, _tilde, number = text.partition("~")
    try:
        at, place = datetime.fromisoformat(moment), _read_number(number)
    except ValueError:
        return None
    return (at, place) if at.tzinfo is not None and place is not None else None


# --- what one can choose among --------------------------------------------------------------------------------------


def list_events(session: Session, organiser_id: int) -> list[AnyRow]:
    """The newest events to choose among: rows of slug, title."""
    columns: tuple[Any, ...] = (Event.slug, Event.title)
    statement = sa.select(*columns).where(Event.organiser_id == organiser_id).order_by(Event.id.desc())
    return list(session.execute(statement.limit(MOST_CHOICES)))


def list_templates(session: Session, organiser_id: int) -> list[str]:
    """The texts that rules of the organiser send, and those that went out about cases."""
    of_cases = sa.select(OutboxMessage.template).join(CaseCause, CaseCause.outbox_id == OutboxMessage.id)
    of_rules = sa.select(Rule.template).where(Rule.organiser_id == organiser_id)
    return list(session.scalars(sa.union(of_rules, of_cases.where(CaseCause.organiser_id == organiser_id))))


def find_rule(session: Session, organiser_id: int, rule_id: int) -> Rule | None:
    return session.scalar(sa.select(Rule).where(Rule.id == rule_id, Rule.organiser_id == organiser_id))
