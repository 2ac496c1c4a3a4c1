"""The rules that ship, switched on for every new organiser."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsys.mailing.outbox import insert_into
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import SHIPPED_AT_ONCE, SHIPPED_RELATIVE, Audience, Trigger


def add_default_rules(session: Session, *, organiser_id: int, now: datetime) -> None:
    """Gives the organiser the shipped rules it does not have yet, switched on from now. What it has stays as it is."""
    at_once = {"anchor": None, "offset_units": None, "unit": None, "clock_time": None}
    rows: list[dict[str, Any]] = [
        {"key": trigger.value, "trigger": trigger, "template": trigger.value, "audience": Audience.CONCERNED, **at_once}
        for trigger in SHIPPED_AT_ONCE
    ]
    for key, relative in SHIPPED_RELATIVE.items():
        when = {"anchor": relative.anchor, "offset_units": relative.offset, "unit": relative.unit}
        rows.append(
            {
                "key": key,
                "trigger": Trigger.RELATIVE,
                "audience": Audience.CONFIRMED,
                "template": key,
                **when,
                "clock_time": relative.clock_time,
            }
        )
    values = [{"organiser_id": organiser_id, "enabled_at": now, **row} for row in rows]
    session.execute(insert_into(session, Rule).values(values).on_conflict_do_nothing())
