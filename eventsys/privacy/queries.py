"""Reads of what is kept of the people behind an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow
from eventsys.organisations.rules import name_key
from eventsys.privacy.held import HELD, Held, Whose
from eventsys.privacy.models import Erasure
from eventsys.registrations.models import Registration


class Section(NamedTuple):
    """What one table holds: the names of its columns and the rows, oldest first."""

    held: Held
    rows: list[AnyRow]


Ids = Mapping[Any, Sequence[int]]
"""By table: the ids of the rows that are somebody's."""


def gather(session: Session, whose: Whose) -> list[Section]:
    """All that is kept, a statement or two for each table; what there is nothing of is left out."""
    ids = find_ids(session, whose)
    sections = []
    for held in HELD:
        columns = [getattr(held.model, name) for name in held.shown]
        order = held.model.__table__.primary_key.columns
        rows = list(session.execute(sa.select(*columns).where(select_rows(held, ids)).order_by(*order)))
        if rows:
            sections.append(Section(held, rows))
    return sections


def find_ids(session: Session, whose: Whose) -> Ids:
    """The rows that carry the address themselves; of one of several people, those with their name."""
    found: dict[Any, Sequence[int]] = {}
    for held in HELD:
        if held.through is None:
            name = held.model.name if held.has_name else sa.literal("")
            rows = session.execute(sa.select(held.model.id, name).where(held.model.email_key == whose.email_key))
            found[held.model] = [number for number, called in rows if _is_theirs(held, whose, called)]
    return found


def _is_theirs(held: Held, whose: Whose, name: str) -> bool:
    return whose.name_key is None or (held.has_name and name_key(name) == whose.name_key)


def select_rows(held: Held, ids: Ids) -> sa.ColumnElement[bool]:
    """The condition for a table's rows, their own or those that hang on them."""
    column, model = held.through or (held.model.id, held.model)
    return column.in_(ids[model])  # type: ignore[no-any-return]


def list_names(session: Session, email_key: str) -> dict[str, str]:
    """The people behind an address as seats name them: what is compared, to the name."""
    names = sa.select(Registration.name).where(Registration.email_key == email_key, Registration.name != "").distinct()
    return {name_key(name): name for name in sorted(session.scalars(names))}


def list_erasures(session: Session, *, limit: int = 60) -> list[Erasure]:
    """The newest first."""
    return list(session.scalars(sa.select(Erasure).order_by(Erasure.at.desc(), Erasure.id.desc()).limit(limit)))
