"""Verbs on representatives: reading their names, which is noted; taking lists in, ending and erasing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.accounts.log.actions import note
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import AnyRow
from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import find_or_add_person
from eventsys.organisations.models import Organisation, OrganisationWord, PersonWord, Representative
from eventsys.organisations.queries import MOST_WORDS
from eventsys.organisations.representatives.queries import lasts, select_own_unions
from eventsys.organisations.representatives.rules import KEPT_AFTER_END
from eventsys.organisations.rules import name_key, search_words

OBJECT = "representative"
SHOWN_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, for which organiser, on which day of theirs."""

    organiser_id: int
    account_id: int | None
    on: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which are read: of one union, with these words in the name or the municipality's."""

    union_id: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class RepresentativeFacts:
    """What a union tells of one of its representatives."""

    name: str
    email: str
    union_id: int
    organisation_id: int | None = None
    language: str | None = None


def read(session: Session, wanted: Wanted, *, by: By) -> list[AnyRow]:
    """Rows of Representative, union and municipality (labels), by name; leaves a row of who read how many."""
    union, organisation = aliased(Organisation), aliased(Organisation)
    columns: tuple[Any, ...] = (Representative, union.label.label("union"), organisation.label.label("municipality"))
    statement = (
        sa.select(*columns)
        .join(union, union.id == Representative.union_id)
        .outerjoin(organisation, organisation.id == Representative.organisation_id)
        .where(Representative.union_id.in_(select_own_unions(by.organiser_id)), lasts(by.on), *_fits(wanted))
        .order_by(union.sort_key, Representative.name, Representative.id)
        .limit(SHOWN_AT_MOST)
    )
    rows = list(session.execute(statement))
    names = sorted({row.union for row in rows})
    _note(session, LogVerb.READ, name=", ".join(names), how_many=len(rows), by=by)
    return rows


def _fits(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.union_id is not None:
        found.append(Representative.union_id == wanted.union_id)
    for word in search_words(wanted.words)[:MOST_WORDS]:
        named = sa.select(PersonWord.person_id).where(PersonWord.word.startswith(word, autoescape=True))
        placed = sa.select(OrganisationWord.organisation_id).where(
            OrganisationWord.word.startswith(word, autoescape=True)
        )
        found.append(sa.or_(Representative.person_id.in_(named), Representative.organisation_id.in_(placed)))
    return found


def read_there(session: Session, organiser_id: int, *, on: date) -> dict[tuple[str, str, int, int | None], int]:
    """Who is there already, as (address, name, union, municipality) to the row's id: to check a list against, which tells
    nothing that the list does not say."""
    rows = session.execute(
        sa.select(
            Representative.email_key,
            Representative.name,
            Representative.union_id,
            Representative.organisation_id,
            Representative.id,
        ).where(Representative.union_id.in_(select_own_unions(organiser_id)), lasts(on))
    )
    return {(key, name_key(name), union_id, place): number for key, name, union_id, place, number in rows}


def save_all(session: Session, rows: Sequence[RepresentativeFacts], *, erase_on: date, by: By) -> tuple[int, int]:
    """Adds those who are new and keeps those who are there until the new day: how many of each."""
    there = read_there(session, by.organiser_id, on=by.on)
    kept, added = [], 0
    for facts in rows:
        known = there.get((email_key(facts.email), name_key(facts.name), facts.union_id, facts.organisation_id))
        if known is None:
            added += _add(session, facts, erase_on, by)
        else:
            kept.append(known)
    for place in range(0, len(kept), 500):
        session.execute(
            sa.update(Representative)
            .where(Representative.id.in_(kept[place : place + 500]))
            .values(erase_on=erase_on)
            .execution_options(synchronize_session=False)
        )
    _note(session, LogVerb.IMPORTED, how_many=added + len(kept), by=by)
    return added, len(kept)


def _add(session: Session, facts: RepresentativeFacts, erase_on: date, by: By) -> int:
    """One more, or again from today on whoever began and ended today."""
    person_id = find_or_add_person(session, email=facts.email, name=facts.name, now=by.now)
    same = {"person_id": person_id, "union_id": facts.union_id, "organisation_id": facts.organisation_id}
    row = session.scalar(sa.select(Representative).filter_by(**same, from_on=by.on))
    row = row or Representative(**same, from_on=by.on, organiser_id=by.organiser_id, created_at=by.now)
    row.name, row.email, row.email_key = facts.name, facts.email, email_key(facts.email)
    row.language, row.to_on, row.erase_on = facts.language, None, erase_on
    session.add(row)
    session.flush()
    return 1


def find(session: Session, public_id: uuid.UUID, *, organiser_id: int) -> Representative | None:
    """One of the organiser's own unions, to be ended: nothing of it is shown."""
    return session.scalar(
        sa.select(Representative).where(
            Representative.public_id == public_id, Representative.union_id.in_(select_own_unions(organiser_id))
        )
    )


def end(session: Session, row: Representative, *, by: By) -> bool:
    """Representative no more, and soon forgotten. False when it has ended already."""
    session.refresh(row, with_for_update=True)
    if row.to_on is not None and row.to_on <= by.on:
        return False
    row.to_on = max(by.on, row.from_on)
    row.erase_on = min(row.erase_on, row.to_on + KEPT_AFTER_END)
    session.flush()
    _note(session, LogVerb.CHANGED, how_many=1, by=by)
    return True


def erase_union(session: Session, union_id: int, *, by: By) -> int:
    """Erases all that is kept of the representatives of one of the organiser's own unions, at once; how many."""
    statement = sa.delete(Representative).where(
        Representative.union_id == union_id, Representative.union_id.in_(select_own_unions(by.organiser_id))
    )
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    _note(session, LogVerb.REMOVED, how_many=int(result.rowcount), by=by)
    return int(result.rowcount)


def note_seen(session: Session, how_many: int, *, by: By) -> None:
    """That somebody saw how many rows there are about people whom they know by name."""
    _note(session, LogVerb.READ, how_many=how_many, by=by)


def _note(session: Session, verb: LogVerb, *, how_many: int, by: By, name: str = "") -> None:
    # Who they are is what the log must not tell: it is kept longer than they are.
    note(
        session, organiser_id=by.organiser_id, account_id=by.account_id, verb=verb, object=OBJECT, key="", name=name,
        facts={"how_many": {"from": None, "to": how_many}}, now=by.now,
    )  # fmt: skip
