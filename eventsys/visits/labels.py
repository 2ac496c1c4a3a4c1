"""Visits as pages show them, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import dates, texts
from eventsys.events.labels import name_run
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import AnyRow
from eventsys.organisations.positions.queries import Happened
from eventsys.visits.emails import name_time
from eventsys.visits.models import VisitChange, VisitTime
from eventsys.visits.queries import Choice
from eventsys.visits.rules import VisitAct, VisitKind, VisitState
from eventsys.web import language

COLORS = {
    VisitState.ASKED: "warning",
    VisitState.OFFERED: "info",
    VisitState.ACCEPTED: "success",
    VisitState.DECLINED: "neutral",
    VisitState.WITHDRAWN: "neutral",
    VisitState.CANCELLED: "neutral",
}
KINDS = {
    VisitKind.ADVISER: _l("A visit of an adviser"),
    VisitKind.PROJECT_WORKER: _l("A visit of a union’s project worker"),
}
STATES = {
    VisitState.ASKED: _l("Asked for"),
    VisitState.OFFERED: _l("Times are offered"),
    VisitState.ACCEPTED: _l("Agreed"),
    VisitState.DECLINED: _l("Declined"),
    VisitState.WITHDRAWN: _l("Withdrawn"),
    VisitState.CANCELLED: _l("Called off"),
}


def name_kind(kind: VisitKind) -> str:
    return str(KINDS[kind])


def name_state(state: VisitState) -> str:
    return str(STATES[state])


def find_state(row: AnyRow) -> VisitState:
    """One whose event was cancelled on the event's own page is called off too."""
    cancelled = row.Run is not None and (
        row.Run.status is RunStatus.CANCELLED or row.Event.status is EventStatus.CANCELLED
    )
    return VisitState.CANCELLED if cancelled else row.Visit.state


def describe(row: AnyRow) -> dict[str, Any]:
    """A visit as a row of a list and the head of its page."""
    state = find_state(row)
    return {
        "public_id": row.Visit.public_id,
        "kind": name_kind(row.Visit.kind),
        "state": name_state(state),
        "color": COLORS[state],
        "is": state.value,
        "wish": row.Visit.wish,
        "place": row.Visit.place,
        "comes": row.comes or "",
        "when": name_when(row),
        "asked_on": dates.format_day(row.Visit.created_at.date(), language()),
    }


def name_when(row: AnyRow) -> str:
    """The day and the clock of an agreed visit; the day alone where its event was moved to days without a clock."""
    run = row.Run
    if run is None:
        return ""
    if run.starts_local is None or run.ends_local is None or run.first_on != run.last_on:
        return name_run(run)
    return name_time(run.starts_local, run.ends_local, language())


def list_options(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    """Whom one can ask; the programme is named where there are several."""
    several = len({choice.programme.id for choice in choices}) > 1
    return [(key_of(choice), _name_choice(choice, several)) for choice in choices]


def key_of(choice: Choice) -> str:
    return f"{choice.kind.value}/{choice.programme.slug}"


def _name_choice(choice: Choice, several: bool) -> str:
    kind = name_kind(choice.kind)
    return f"{kind} – {texts.read(choice.programme.name, language()).value}" if several else kind


def describe_times(times: Sequence[VisitTime]) -> list[tuple[str, str]]:
    return [(str(one.public_id), name_time(one.starts_local, one.ends_local, language())) for one in times]


class Told(NamedTuple):
    """A row of the history."""

    at: str
    who: str
    what: str
    words: str


def describe_changes(changes: Sequence[Happened[VisitChange]], timezone: str) -> list[Told]:
    return [
        Told(
            dates.format_short_moment(dates.to_local(one.change.at, timezone), language()),
            one.who,
            name_act(one.change.act),
            one.change.words,
        )
        for one in changes
    ]


def name_act(act: VisitAct) -> str:
    return {
        VisitAct.ASKED: _("Asked for a visit"),
        VisitAct.TAKEN: _("Will come"),
        VisitAct.OFFERED: _("Offered times"),
        VisitAct.ACCEPTED: _("Chose a time"),
        VisitAct.DECLINED: _("Said no"),
        VisitAct.WITHDRAWN: _("Asks no more"),
        VisitAct.MOVED: _("Moved the visit"),
        VisitAct.CANCELLED: _("Called the visit off"),
    }[act]
