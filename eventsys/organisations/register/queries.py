"""Reads of the register: lists with filters, one by its address, who came before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.models import Organisation, OrganisationWord, Position
from eventsys.organisations.queries import MOST_WORDS
from eventsys.organisations.rules import OrganisationKind, address_key, search_words


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which organisations a list shows: by words, of a kind, of those in `among`; those that have ended too."""

    words: str = ""
    kind: OrganisationKind | None = None
    ended: bool = False
    among: sa.Select[int] | None = None


def count_organisations(session: Session, wanted: Wanted) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(_select(wanted).subquery())) or 0


def list_page(session: Session, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Organisation]:
    """In Norwegian order."""
    statement = _select(wanted).order_by(Organisation.sort_key, Organisation.id).limit(limit).offset(offset)
    return list(session.scalars(statement))


def _select(wanted: Wanted) -> sa.Select[Organisation]:
    statement = sa.select(Organisation)
    if wanted.kind is not None:
        statement = statement.where(Organisation.kind == wanted.kind)
    if not wanted.ended:
        statement = statement.where(Organisation.valid_to.is_(None))
    if wanted.among is not None:
        statement = statement.where(Organisation.id.in_(wanted.among))
    for word in search_words(wanted.words)[:MOST_WORDS]:
        begins = OrganisationWord.word.startswith(word, autoescape=True)
        statement = statement.where(Organisation.id.in_(sa.select(OrganisationWord.organisation_id).where(begins)))
    return statement


def find_by_key(session: Session, kind: OrganisationKind, key: str) -> Organisation | None:
    """The one with this address; a number alone finds the latest that had it."""
    name = key.partition("~")[0]
    words = search_words(name.replace("-", " "))
    named = sa.select(OrganisationWord.organisation_id).where(
        OrganisationWord.word == words[0] if words else sa.false()
    )
    statement = sa.select(Organisation).where(
        Organisation.kind == kind,
        sa.or_(Organisation.number == name, sa.and_(Organisation.number.is_(None), Organisation.id.in_(named))),
    )
    found = list(session.scalars(statement.order_by(Organisation.valid_to.desc().nulls_first(), Organisation.id)))
    exact = [one for one in found if address_key(one.number, one.label, one.valid_to) == key]
    return next(iter(exact or [one for one in found if one.number == key]), None)


def list_before(session: Session, organisation_id: int) -> list[Organisation]:
    """Those that the organisation came after."""
    before = sa.select(Organisation).where(Organisation.successor_id == organisation_id)
    return list(session.scalars(before.order_by(Organisation.sort_key, Organisation.id)))


def list_parts(session: Session, organisation_id: int) -> list[Organisation]:
    """Those that belong to the organisation and exist now: a city's districts, a confederation's unions."""
    parts = sa.select(Organisation).where(Organisation.parent_id == organisation_id, Organisation.valid_to.is_(None))
    return list(session.scalars(parts.order_by(Organisation.sort_key, Organisation.id)))


def list_by_ids(session: Session, ids: Sequence[int]) -> list[Organisation]:
    """In Norwegian order."""
    statement = sa.select(Organisation).where(Organisation.id.in_(ids))
    return list(session.scalars(statement.order_by(Organisation.sort_key, Organisation.id)))


def list_all(session: Session) -> list[Any]:
    """Every organisation that exists now, as id, kind, label, number and name, to read a list against."""
    columns: tuple[Any, ...] = (
        Organisation.id, Organisation.kind, Organisation.label, Organisation.number, Organisation.name,
    )  # fmt: skip
    rows = sa.select(*columns).where(Organisation.valid_to.is_(None)).order_by(Organisation.sort_key, Organisation.id)
    return list(session.execute(rows))


def list_lasting(session: Session, organisation_ids: Sequence[int], *, on: date) -> list[Position]:
    """What people are in the organisations on that day or become later."""
    lasting = sa.select(Position).where(
        Position.organisation_id.in_(organisation_ids), sa.or_(Position.to_on.is_(None), Position.to_on > on)
    )
    return list(session.scalars(lasting.order_by(Position.id)))
