"""Pauses: mail of a rule, an event, an organiser or everybody waits in the outbox until it is let go again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.accounts.models import Account
from eventsys.events.models import Event
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import insert_into
from eventsys.mailing.rules import BULK
from eventsys.organisers.models import INSTALLATION, Organiser
from eventsys.workflows.models import MailCause, Pause, Rule
from eventsys.workflows.rules.moments import after_quiet

NEVER_HELD = "sign_in"
"""Who cannot sign in cannot resume either."""
TEST_PREFIX = "test/"
"""Mail that organisers send themselves to see it: they pause to mend a text, and then want to see it mended."""


@dataclass(frozen=True, slots=True)
class PauseRow:
    """One pause that holds mail of an organiser: of one event, of one rule, of all it has, or of everybody. `rule_ids` are
    the rule and the nearer ones of its key, which are held with it."""

    organiser_id: int
    event_id: int | None
    event_slug: str | None
    event_title: dict[str, str] | None
    rule_id: int | None
    rule_key: str | None
    rule_template: str | None
    since: datetime
    by: str | None
    of_everybody: bool
    rule_ids: frozenset[int] = frozenset()


def pause(
    session: Session,
    *,
    organiser_id: int,
    event_id: int | None = None,
    rule_id: int | None = None,
    account_id: int | None,
    now: datetime,
) -> bool:
    """Holds what is to go out, until `resume`; false when it was held already. `LookupError` for a foreign event or rule.

    Of everybody: the pause of the installation's own organiser.
    """
    _check_owner(session, organiser_id, event_id, rule_id)
    values = {
        "organiser_id": organiser_id,
        "event_id": event_id,
        "rule_id": rule_id,
        "since": now,
        "account_id": account_id,
    }
    insert: Any = insert_into(session, Pause).values(values).on_conflict_do_nothing()
    return session.scalar(insert.returning(Pause.id)) is not None


def resume(session: Session, *, organiser_id: int, event_id: int | None = None, rule_id: int | None = None) -> bool:
    """Lets go what `pause` with the same arguments held; false when nothing was."""
    statement = (
        sa.delete(Pause)
        .where(
            Pause.organiser_id == organiser_id,
            Pause.event_id.is_not_distinct_from(event_id),
            Pause.rule_id.is_not_distinct_from(rule_id),
        )
        .returning(Pause.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(statement) is not None


def _check_owner(session: Session, organiser_id: int, event_id: int | None, rule_id: int | None) -> None:
    """That what is to be paused is the organiser's own."""
    if event_id is not None:
        owner = session.scalar(sa.select(Event.organiser_id).where(Event.id == event_id))
    elif rule_id is not None:
        owner = session.scalar(sa.select(Rule.organiser_id).where(Rule.id == rule_id))
    else:
        return
    if owner != organiser_id:
        raise LookupError("the organiser has no such event or rule")


def list_pauses(session: Session, organiser_id: int) -> list[PauseRow]:
    """Everything that holds mail of the organiser, the widest first; a second statement where a rule is among it."""
    is_everybody = Organiser.slug == INSTALLATION
    columns: tuple[Any, ...] = (
        Pause.organiser_id,
        Pause.event_id,
        Event.slug,
        Event.title,
        Pause.rule_id,
        Rule.key,
        Rule.template,
        Pause.since,
        Account.name,
        is_everybody,
    )
    rows = session.execute(
        sa.select(*columns)
        .join(Organiser, Organiser.id == Pause.organiser_id)
        .outerjoin(Event, Event.id == Pause.event_id)
        .outerjoin(Rule, Rule.id == Pause.rule_id)
        .outerjoin(Account, Account.id == Pause.account_id)
        .where(sa.or_(Pause.organiser_id == organiser_id, sa.and_(is_everybody, *_whole())))
        .order_by(is_everybody.desc(), Pause.event_id.is_not(None), Pause.rule_id.is_not(None), Pause.since, Pause.id)
    )
    found = [PauseRow(*row) for row in rows]
    reached = _reach(session, [row.rule_id for row in found if row.rule_id is not None])
    return [replace(row, rule_ids=reached.get(row.rule_id or 0, frozenset())) for row in found]


def held(session: Session) -> sa.ColumnElement[bool] | None:
    """Which rows of the outbox are to wait, as a condition; None when nothing is paused. One small statement, or two."""
    rows = session.execute(
        sa.select(Pause.organiser_id, Pause.event_id, Pause.rule_id, Organiser.slug).join(
            Organiser, Organiser.id == Pause.organiser_id
        )
    ).all()
    whole = [row for row in rows if row.event_id is None and row.rule_id is None]
    if any(row.slug == INSTALLATION for row in whole):
        return _may_be_held()
    reached = _reach(session, [row.rule_id for row in rows if row.rule_id is not None])
    conditions = (
        _of_organisers([row.organiser_id for row in whole]),
        _of_causes(MailCause.event_id, [row.event_id for row in rows if row.event_id is not None]),
        _of_causes(MailCause.rule_id, sorted(frozenset[int]().union(*reached.values()))),
    )
    found = [condition for condition in conditions if condition is not None]
    return sa.and_(_may_be_held(), sa.or_(*found)) if found else None


def _reach(session: Session, rule_ids: list[int]) -> dict[int, frozenset[int]]:
    """For each of these rules itself and those that take its place nearer by: to stop a kind of mail for all events is to
    stop it for the one that says it in its own way too."""
    if not rule_ids:
        return {}
    wide, near = aliased(Rule), aliased(Rule)
    is_of_all = sa.and_(wide.event_id.is_(None), wide.event_type.is_(None))
    is_same = sa.and_(near.organiser_id == wide.organiser_id, near.key == wide.key)
    rows = session.execute(
        sa.select(wide.id, near.id)
        .join(near, is_same)
        .outerjoin(Event, Event.id == near.event_id)
        .where(wide.id.in_(rule_ids), sa.or_(near.id == wide.id, is_of_all, Event.type == wide.event_type))
    )
    found: dict[int, set[int]] = {}
    for wide_id, near_id in rows:
        found.setdefault(wide_id, set()).add(near_id)
    return {wide_id: frozenset(near_ids) for wide_id, near_ids in found.items()}


def quiet(session: Session, *, now: datetime) -> sa.ColumnElement[bool] | None:
    """The same for the quiet hours: mail of rules of time, of the organisers where it is night. One small statement.

    What a rule makes is due behind them already; this holds what was late, tried again or let go in the night.
    """
    hours = session.execute(
        sa.select(Organiser.id, Organiser.quiet_from, Organiser.quiet_to, Organiser.timezone).where(
            Organiser.quiet_from.is_not(None)
        )
    )
    asleep = [row.id for row in hours if _is_night(row, now)]
    if not asleep:
        return None
    return sa.and_(_may_be_held(), OutboxMessage.priority >= BULK, OutboxMessage.organiser_id.in_(asleep))


def _is_night(hours: Any, now: datetime) -> bool:
    """A time zone that does not exist has no night: one such row must not stop everybody's mail."""
    try:
        return after_quiet(now, hours.quiet_from, hours.quiet_to, hours.timezone) > now
    except (ZoneInfoNotFoundError, ValueError):
        return False


def held_now(session: Session, *, now: datetime) -> sa.ColumnElement[bool] | None:
    """What waits at this moment, for a pause or for the morning."""
    found = [condition for condition in (held(session), quiet(session, now=now)) if condition is not None]
    return sa.or_(*found) if found else None


def _whole() -> tuple[sa.ColumnElement[bool], ...]:
    return Pause.event_id.is_(None), Pause.rule_id.is_(None)


def _may_be_held() -> sa.ColumnElement[bool]:
    return sa.and_(OutboxMessage.template != NEVER_HELD, OutboxMessage.reason_key.not_like(f"{TEST_PREFIX}%"))


def _of_organisers(ids: list[int]) -> sa.ColumnElement[bool] | None:
    return OutboxMessage.organiser_id.in_(ids) if ids else None


def _of_causes(column: sa.orm.InstrumentedAttribute[Any], ids: list[int]) -> sa.ColumnElement[bool] | None:
    if not ids:
        return None
    return sa.select(MailCause.id).where(MailCause.outbox_id == OutboxMessage.id, column.in_(ids)).exists()
