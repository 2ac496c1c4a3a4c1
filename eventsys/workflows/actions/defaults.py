"""The rules that ship, made for every new organiser; all but the digest are on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.outbox import insert_into
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import SHIPPED_AT_ONCE, Audience, Trigger
from eventsys.workflows.shipped import SHIPPED_TIMED


def add_default_rules(session: Session, *, organiser_id: int, now: datetime) -> int:
    """Gives the organiser the shipped rules it has never had, on from now; how many. What it has or has removed stays so."""
    whole = (Rule.organiser_id == organiser_id, Rule.event_id.is_(None), Rule.event_type.is_(None))
    had = set(session.scalars(sa.select(Rule.key).where(*whole)))
    rows = [row for row in _rows(organiser_id, now) if row["key"] not in had]
    if rows:
        session.execute(insert_into(session, Rule).values(rows).on_conflict_do_nothing())
    return len(rows)


def add_missing_rules(session: Session, *, now: datetime) -> int:
    """The same for all organisers that have rules, when a new release ships more; how many rules there are more."""
    have_rules = session.scalars(sa.select(Rule.organiser_id).where(Rule.event_id.is_(None)).distinct()).all()
    return sum(add_default_rules(session, organiser_id=organiser_id, now=now) for organiser_id in sorted(have_rules))


def _rows(organiser_id: int, now: datetime) -> list[dict[str, Any]]:
    no_time: dict[str, Any] = {"anchor": None, "offset_units": None, "unit": None, "clock_time": None}
    at_once: list[dict[str, Any]] = [
        {"key": trigger.value, "trigger": trigger, "template": trigger.value, "audience": Audience.CONCERNED, **no_time}
        for trigger in SHIPPED_AT_ONCE
    ]
    timed: list[dict[str, Any]] = [
        {
            "key": key,
            "trigger": Trigger.RELATIVE,
            "template": shipped.template,
            "audience": shipped.audience,
            "anchor": shipped.relative.anchor,
            "offset_units": shipped.relative.offset,
            "unit": shipped.relative.unit,
            "clock_time": shipped.relative.clock_time,
        }
        for key, shipped in SHIPPED_TIMED.items()
    ]
    is_off = {key for key, shipped in SHIPPED_TIMED.items() if not shipped.is_on}
    return [
        {"organiser_id": organiser_id, "enabled_at": None if row["key"] in is_off else now, **row}
        for row in (*at_once, *timed)
    ]
