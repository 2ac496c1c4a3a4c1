"""Verbs on what a call says: writing it, changing it, whom it goes to, its papers; a draft thrown away."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates, files
from eventsys.extensions import Translated
from eventsys.organisations.rules import search_words
from eventsys.programmes.calls.queries import list_used_intakes
from eventsys.programmes.calls.rules import (
    CallFacts,
    CallState,
    CannotBeChanged,
    ChangedMeanwhile,
    IntakeFacts,
    IntakeIsUsed,
)
from eventsys.programmes.models import Assessor, Call, CallFile, CallNudge, Criterion, Intake, Programme

LONGEST_SLUG = 70


def create_call(
    session: Session,
    programme: Programme,
    facts: CallFacts,
    *,
    clauses: Sequence[Mapping[str, Any]] = (),
    now: datetime,
) -> Call:
    """A draft, which nobody else knows of."""
    call = Call(
        organiser_id=programme.organiser_id,
        programme_id=programme.id,
        slug=_free_slug(session, facts.title),
        clauses=[dict(clause) for clause in clauses],
        created_at=now,
        **_columns(facts),
    )
    session.add(call)
    session.flush()
    _set_intakes(session, call, facts.intakes)
    return call


def _columns(facts: CallFacts) -> dict[str, Any]:
    return {
        "title": facts.title,
        "body": facts.body,
        "closes_local": facts.closes_local,
        "timezone": facts.timezone,
        "closes_at": dates.to_utc(facts.closes_local, facts.timezone),
        "case_number": facts.case_number,
    }


def _free_slug(session: Session, title: Translated) -> str:
    words = next((search_words(text) for text in title.values() if search_words(text)), ["call"])
    slug = "-".join(words)[:LONGEST_SLUG].strip("-")
    taken = set(session.scalars(sa.select(Call.slug).where(Call.slug.startswith(slug, autoescape=True))))
    numbered = (f"{slug}-{number}" for number in itertools.count(2))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)


def change_call(session: Session, call: Call, facts: CallFacts, *, edition: int) -> bool:
    """False where nothing differs; the address stays. Raises `CannotBeChanged`, `ChangedMeanwhile` where another saved
    since the form with `edition` was opened, and `IntakeIsUsed`."""
    lock_call(session, call)
    if call.state in (CallState.CLOSED, CallState.WITHDRAWN):
        raise CannotBeChanged
    if call.edition != edition:
        raise ChangedMeanwhile
    wanted = _columns(facts)
    differs = {name for name, value in wanted.items() if getattr(call, name) != value}
    for name in differs:
        setattr(call, name, wanted[name])
    changed = _set_intakes(session, call, facts.intakes)
    if differs or changed:
        call.edition += 1
    session.flush()
    return bool(differs) or changed


def lock_call(session: Session, call: Call) -> None:
    """Whoever changes a call, or sends it, takes turns."""
    session.refresh(call, with_for_update=True)


def _set_intakes(session: Session, call: Call, wanted: Sequence[IntakeFacts]) -> bool:
    """Whether anything changed. Raises `IntakeIsUsed`."""
    there = {row.ordinal: row for row in session.scalars(sa.select(Intake).filter_by(call_id=call.id))}
    gone = [row for ordinal, row in there.items() if ordinal not in {facts.ordinal for facts in wanted}]
    if gone and list_used_intakes(session, call.id) & {row.id for row in gone}:
        raise IntakeIsUsed
    for row in gone:
        session.delete(row)
    changed = bool(gone)
    for facts in wanted:
        changed = _set_intake(session, call, there.get(facts.ordinal), facts) or changed
    session.flush()
    return changed


def _set_intake(session: Session, call: Call, row: Intake | None, facts: IntakeFacts) -> bool:
    columns = {name: getattr(facts, name) for name in IntakeFacts.__slots__}
    if row is None:
        session.add(Intake(call_id=call.id, **columns))
        return True
    differs = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in differs:
        setattr(row, name, columns[name])
    return bool(differs)


def set_audience(session: Session, call: Call, clauses: Sequence[Mapping[str, Any]]) -> bool:
    """Whom it goes to, while it is a draft. Raises `CannotBeChanged`."""
    lock_call(session, call)
    if call.state is not CallState.DRAFT:
        raise CannotBeChanged
    wanted = [dict(clause) for clause in clauses]
    if call.clauses == wanted:
        return False
    call.clauses = wanted
    call.edition += 1
    session.flush()
    return True


def remove_draft(session: Session, call: Call) -> bool:
    """A draft thrown away with its intakes, papers, criteria and assessors; False for what somebody else may know of."""
    lock_call(session, call)
    if call.state is not CallState.DRAFT:
        return False
    for file_id in session.scalars(sa.select(CallFile.file_id).filter_by(call_id=call.id)).all():
        session.execute(sa.delete(CallFile).filter_by(file_id=file_id))
        files.forget(session, file_id)
    for table in (CallNudge, Intake, Criterion, Assessor):
        session.execute(sa.delete(table).filter_by(call_id=call.id))
    session.delete(call)
    session.flush()
    return True


def add_paper(session: Session, call: Call, *, public_id: uuid.UUID, name: str, content: bytes, now: datetime) -> None:
    """A file on the call's page, with bytes of its own. Raises a `files.FileIsRefused`."""
    kept = files.keep(session, name=name, content=content, now=now)
    last = session.scalar(sa.select(sa.func.max(CallFile.position)).filter_by(call_id=call.id))
    place = 0 if last is None else last + 1
    title = dict.fromkeys(("nb", "nn"), kept.name)
    session.add(CallFile(public_id=public_id, call_id=call.id, file_id=kept.id, title=title, position=place))
    session.flush()


def remove_paper(session: Session, call: Call, public_id: uuid.UUID) -> None:
    row = session.scalar(sa.select(CallFile).filter_by(call_id=call.id, public_id=public_id))
    if row is not None:
        file_id = row.file_id
        session.delete(row)
        session.flush()
        files.forget(session, file_id)
