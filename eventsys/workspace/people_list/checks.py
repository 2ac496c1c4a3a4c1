"""What pasted lines are checked against, read from the database and the catalogues."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event, Run
from eventsys.events.rules import DATED, ClauseKind, RunStatus
from eventsys.organisations.queries import list_unions
from eventsys.organisations.register.queries import list_all
from eventsys.organisations.rules import UNITS, name_key
from eventsys.registrations.forms import LONGEST_ADDRESS
from eventsys.registrations.forms import read_address as read_typed
from eventsys.registrations.labels import SIDES, list_part_words
from eventsys.registrations.models import Registration
from eventsys.web import LANGUAGES
from eventsys.workspace.people_list.pasted import Dates, Register
from eventsys.workspace.people_list.rules import LIVE
from eventsys.workspace.registers.finding import Finder
from eventsys.workspace.registers.rows import Line


def read_register(session: Session, event: Event, lines: Sequence[Line], *, run_id: int | None) -> Register:
    """All that the lines may name; the same few statements for one line and for a thousand."""
    parts = list_parts(session, event)
    return Register(
        finder=Finder(row for row in list_all(session) if row.kind in UNITS),
        runs=[Dates(run.id, run.first_on, name_in_all_languages(run)) for run in list_dated(event)],
        run_id=run_id,
        there=list_there(session, event),
        addresses={cell: read_address(cell) for cell in {line.cells.get("email", "") for line in lines}},
        parts={value: value for value, _name in parts} | list_part_words(parts),
    )


def list_dated(event: Event) -> list[Run]:
    """The runs that people can be put into."""
    return [run for run in event.runs if run.status is RunStatus.PLANNED and run.precision in DATED]


def name_in_all_languages(run: Run) -> list[str]:
    return [
        dates.format_span(run.precision, run.first_on, run.last_on, code, year=year)
        for code in LANGUAGES
        for year in (True, False)
    ]


def list_parts(session: Session, event: Event) -> list[tuple[str, str]]:
    """Whom one may represent at the event: the sides of a municipality, or the unions of a confederation."""
    if not event.asks_union:
        return [(side.value, str(label)) for side, label in SIDES.items()]
    meant = [row for row in event.clauses if row.kind is ClauseKind.REPRESENTATIVES]
    confederation = next((row.organisation_id for row in meant if row.organisation_id is not None), 0)
    return [(str(union.id), union.name) for union in list_unions(session, confederation)]


def list_there(session: Session, event: Event) -> set[tuple[int, str, str]]:
    """Who has a live seat: the run, and address and name as people are told apart."""
    rows = session.execute(
        sa.select(Registration.run_id, Registration.email_key, Registration.name).where(
            Registration.event_id == event.id, Registration.state.in_(LIVE), Registration.person_id.is_not(None)
        )
    )
    return {(run_id, key, name_key(name)) for run_id, key, name in rows}


def read_address(cell: str) -> str:
    """The address as it is kept, empty for what is none."""
    try:
        address = read_typed(cell)
    except ValueError:
        return ""
    return address if len(address) <= LONGEST_ADDRESS else ""
