"""The calendar part of a mail: for who has or had a place, one attendee each, a rising SEQUENCE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from eventsys.events import ics
from eventsys.mailing.message import one_line
from eventsys.workflows.causes import Cause
from eventsys.workflows.facts import Facts
from eventsys.workflows.rules import HAS_A_PLACE, Demands, Trigger, Whom


def list_calendar_runs(causes: Sequence[Cause], demands: Demands) -> list[int]:
    """The run whose entry the mail carries, if it carries one."""
    first = _find(causes, demands)
    return [first.speaks_of] if first is not None and first.speaks_of is not None else []


def make_calendar(
    facts: Facts, causes: Sequence[Cause], demands: Demands, *, email: str, language: str, sender: str
) -> tuple[str, bytes | None]:
    """The method and the calendar, for who has or had a place; none below whole days. RFC 5546: one attendee, the reader.

    SEQUENCE rises with the run and by two each time the person leaves, the leaving itself in between, so that who signs
    up again is newer than having left.
    """
    first = _find(causes, demands)
    if first is None or first.registration is None or first.speaks_of is None:
        return "", None
    run, event = facts.runs[first.speaks_of], facts.events[first.event_id]
    whole_run = first.change is None
    is_leaving = demands.calendar == "CANCEL" and not whole_run
    histories, seat = facts.histories, first.registration
    times = histories.count_leavings(seat, run.id)
    if demands.whom is Whom.FIRST:
        times = histories.given_away.get(seat.id, 1)
    content = ics.request(
        facts.calendars[run.id],
        method=cast(Literal["REQUEST", "CANCEL"], demands.calendar),
        sequence=run.sequence + 2 * times - is_leaving,
        organiser=(one_line(event.organiser), sender),
        attendee=(one_line(name_of(first)), email),
        whole_run=whole_run,
        revised_at=max(run.revised_at, first.change.at) if first.change else run.revised_at,
        language=language,
    )
    return (demands.calendar, content) if content else ("", None)


def _find(causes: Sequence[Cause], demands: Demands) -> Cause | None:
    """The seat whose reader the entry is for; of a delegation's the registrar's own, if one is."""
    if not demands.calendar:
        return None
    return next((cause for cause in causes if _is_in_calendar(cause, demands) and _is_readers(cause, demands)), None)


def _is_readers(cause: Cause, demands: Demands) -> bool:
    seat = cause.registration
    return demands.whom is not Whom.REGISTRAR or (seat is not None and seat.person_id == seat.registrar_id)


def _is_in_calendar(cause: Cause, demands: Demands) -> bool:
    """Whether somebody was told of a place, so that there is an entry to make, move or take away."""
    seat, change = cause.registration, cause.change
    if seat is None or seat.person_id is None:
        return False
    if change is not None and demands.calendar == "CANCEL":
        return change.from_state in HAS_A_PLACE
    return seat.state in HAS_A_PLACE


def name_of(cause: Cause) -> str:
    """Whose seat it is; of one that was given away, whose it was."""
    if cause.rule is not None and cause.rule.trigger is Trigger.GIVEN_AWAY and cause.change is not None:
        return str(cause.change.facts.get("name") or "")
    return cause.registration.name if cause.registration is not None else ""
