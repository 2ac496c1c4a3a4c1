"""Verbs on a programme's parties and partners. The caller has locked the programme, so that two who order them at once
come after each other."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsys.programmes.models import Programme, ProgrammeParty
from eventsys.programmes.parties.queries import list_parties
from eventsys.programmes.rules import PartyFacts


def add_party(session: Session, programme: Programme, facts: PartyFacts) -> ProgrammeParty:
    """Last of those with its role."""
    last = max((row.position for row in _list_alike(session, programme.id, facts)), default=0)
    row = ProgrammeParty(programme_id=programme.id, position=last + 1)
    _write(row, facts)
    session.add(row)
    session.flush()
    return row


def change_party(session: Session, row: ProgrammeParty, facts: PartyFacts) -> None:
    """One that gets another role is the last of its new kind."""
    if row.role is not facts.role:
        row.position = max((one.position for one in _list_alike(session, row.programme_id, facts)), default=0) + 1
    _write(row, facts)
    session.flush()


def move_party(session: Session, row: ProgrammeParty, *, up: bool) -> bool:
    """One place up or down among those with its role; False where there is none to change with."""
    rows = [one for one in list_parties(session, row.programme_id) if one.role is row.role]
    here = next(place for place, one in enumerate(rows) if one.id == row.id)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return False
    rows[here], rows[there] = rows[there], rows[here]
    for place, one in enumerate(rows, 1):
        one.position = place
    session.flush()
    return True


def remove_party(session: Session, row: ProgrammeParty) -> None:
    session.delete(row)
    session.flush()


def _list_alike(session: Session, programme_id: int, facts: PartyFacts) -> list[ProgrammeParty]:
    return [row for row in list_parties(session, programme_id) if row.role is facts.role]


def _write(row: ProgrammeParty, facts: PartyFacts) -> None:
    row.role, row.kind, row.name = facts.role, facts.kind, dict(facts.name)
    row.email, row.url = facts.email, facts.url
