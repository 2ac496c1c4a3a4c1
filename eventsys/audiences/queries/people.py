"""THE statement of whom an audience is, with the reasons: lists, counts, previews, invitations and mailings all use it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.queries.conditions import Asked
from eventsys.audiences.queries.sources import list_selects
from eventsys.audiences.rules import Clause, Source
from eventsys.organisations.models import Organisation
from eventsys.organisations.queries import by_form
from eventsys.organisers.models import Organiser

LISTED_AT_ONCE = 50
Without = sa.Select[Any] | sa.CompoundSelect[Any] | None


class Hit(NamedTuple):
    """One reason why somebody is in: the clause by its place, what makes us know them, where, and as what. `of` is the id
    of the group, the union or the event."""

    clause: int
    source: Source
    organisation: str
    role: str
    of: int | None


class Listed(NamedTuple):
    """Somebody in an audience, once, with every reason; without `person_id` an organisation's official mailbox."""

    person_id: int | None
    organisation_id: int | None
    name: str
    email: str
    email_key: str
    language: str
    organisation: str
    reasons: tuple[Hit, ...]


def select_people(clauses: Sequence[Clause], *, organiser_id: int, on: date) -> sa.Select[*tuple[Any, ...]]:
    """Everybody who is in the audience on that day, as the organiser may know them: a row for each person and mailbox.

    Columns: person_id, organisation_id, name, email, email_key, language. Of several addresses and organisations of one
    person it is the one of the position, else of the group, the representation, the registration.
    """
    best = _best(_hits(clauses, organiser_id, on))
    return _described(best, organiser_id).with_only_columns(*_columns(best), maintain_column_froms=True)


def count_people(
    session: Session, clauses: Sequence[Clause], *, organiser_id: int, on: date, without: Without = None
) -> int:
    hits = _hits(clauses, organiser_id, on)
    statement = sa.select(sa.func.count(sa.distinct(hits.c.who)))
    return session.scalar(statement if without is None else statement.where(hits.c.who.not_in(without))) or 0


def list_people(
    session: Session,
    clauses: Sequence[Clause],
    *,
    organiser_id: int,
    on: date,
    limit: int = LISTED_AT_ONCE,
    offset: int = 0,
    without: Without = None,
) -> list[Listed]:
    """Those from place `offset` on in the order of their names, with all reasons; one statement.

    `without` leaves some out: ids of people, and of organisations below zero; never null.
    """
    hits = _hits(clauses, organiser_id, on)
    best = _best(hits)
    ordered = _described(best, organiser_id).with_only_columns(
        *_columns(best), best.c.who, _label(Organisation.label, "organisation"), maintain_column_froms=True
    )
    if without is not None:
        ordered = ordered.where(best.c.who.not_in(without))
    page = ordered.order_by(best.c.name, best.c.who).limit(limit).offset(offset).cte("page")
    where = sa.orm.aliased(Organisation)
    rows = session.execute(
        sa.select(
            page, hits.c.clause, hits.c.source, _label(where.label, "at"), hits.c.role, hits.c.of,
        )
        .join(hits, hits.c.who == page.c.who)
        .outerjoin(where, where.id == hits.c.organisation_id)
        .order_by(page.c.name, page.c.who, hits.c.clause, hits.c.rank, where.label, hits.c.role, hits.c.id)
    )  # fmt: skip
    return list(_gather(rows))


def _label(column: Any, name: str) -> Any:
    return sa.func.coalesce(column, "").label(name)


def _hits(clauses: Sequence[Clause], organiser_id: int, on: date) -> sa.CTE:
    """A row for each reason that anybody is in. `who` is the person's id, or that of the organisation below zero."""
    asked = Asked(organiser_id, on)
    selects = [one for place, clause in enumerate(clauses) for one in list_selects(place, clause, asked)]
    return sa.union_all(*selects).cte("hits")


def _best(hits: sa.CTE) -> sa.Subquery:
    """One row for each: the address we know best, and where that is alike the earliest clause and the oldest row."""
    order = (hits.c.rank, hits.c.clause, hits.c.id)
    place = sa.func.row_number().over(partition_by=hits.c.who, order_by=order).label("place")
    ranked = sa.select(hits, place).subquery("ranked")
    return sa.select(ranked).where(ranked.c.place == 1).subquery("best")


def _described(best: sa.Subquery, organiser_id: int) -> sa.Select[Any]:
    return (
        sa.select(best)
        .join(Organiser, Organiser.id == organiser_id)
        .outerjoin(Organisation, Organisation.id == best.c.organisation_id)
    )


def _columns(best: sa.Subquery) -> tuple[Any, ...]:
    language = sa.func.coalesce(sa.func.nullif(best.c.language, ""), by_form(Organisation), Organiser.language)
    kept = (best.c.person_id, best.c.organisation_id, best.c.name, best.c.email, best.c.email_key)
    return (*kept, language.label("language"))


def _gather(rows: Any) -> Iterator[Listed]:
    found: dict[int, tuple[Any, list[Hit]]] = {}
    for row in rows:
        reason = Hit(row.clause, Source(row.source), row.at, row.role, row.of)
        reasons = found.setdefault(row.who, (row, []))[1]
        if reason not in reasons:
            reasons.append(reason)
    for row, reasons in found.values():
        facts = (row.person_id, row.organisation_id, row.name, row.email, row.email_key, row.language)
        yield Listed(*facts, row.organisation, tuple(reasons))
