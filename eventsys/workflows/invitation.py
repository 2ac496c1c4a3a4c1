"""The calendar part of a mail: for who has or had a place, one attendee each, a rising SEQUENCE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from eventsys.events import ics
from eventsys.mailing.message import one_line
from eventsys.registrations.rules import State
from eventsys.workflows.causes import Cause
from eventsys.workflows.facts import Facts
from eventsys.workflows.rules import Demands


def list_calendar_runs(causes: Sequence[Cause], demands: Demands) -> list[int]:
    """The run whose entry the mail carries, if it carries one."""
    first = _find(causes, demands)
    return [first.registration.run_id] if first is not None and first.registration is not None else []


def make_calendar(
    facts: Facts, causes: Sequence[Cause], demands: Demands, *, email: str, language: str, sender: str
) -> tuple[str, bytes | None]:
    """The method and the calendar, for who has or had a place; none below whole days. RFC 5546: one attendee, the reader.

    SEQUENCE rises with the run and by two each time the person leaves, the leaving itself in between, so that who signs
    up again is newer than having left.
    """
    first = _find(causes, demands)
    if first is None or first.registration is None:
        return "", None
    run, event = facts.runs[first.registration.run_id], facts.events[first.event_id]
    whole_run = first.change is None
    is_leaving = demands.calendar == "CANCEL" and not whole_run
    content = ics.request(
        facts.calendars[run.id],
        method=cast(Literal["REQUEST", "CANCEL"], demands.calendar),
        sequence=run.sequence + 2 * facts.times_left.get(first.registration.id, 0) - is_leaving,
        organiser=(one_line(event.organiser), sender),
        attendee=(one_line(first.registration.name), email),
        whole_run=whole_run,
        revised_at=max(run.revised_at, first.change.at) if first.change else run.revised_at,
        language=language,
    )
    return (demands.calendar, content) if content else ("", None)


def _find(causes: Sequence[Cause], demands: Demands) -> Cause | None:
    return next((cause for cause in causes if _is_in_calendar(cause)), None) if demands.calendar else None


def _is_in_calendar(cause: Cause) -> bool:
    """Whether the person was told of a place, so that there is an entry to make, move or take away."""
    if cause.registration is None:
        return False
    if cause.change is not None and cause.change.to_state is State.CANCELLED:
        return cause.change.from_state is State.CONFIRMED
    return cause.registration.state is not State.WAITING and cause.registration.state is not State.REQUESTED
