"""What is looked up for the pages of audiences: what lines name, who is in one, in words and with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys.audiences.queries import (
    LISTED_AT_ONCE,
    Hit,
    Listed,
    Names,
    count_people,
    find_people,
    list_people,
    read_names,
)
from eventsys.audiences.rules import Clause, Kind
from eventsys.mailing.addresses import email_key
from eventsys.organisations.queries import find_by_label
from eventsys.organisations.rules import OrganisationKind
from eventsys.workspace.audiences.forms import Part
from eventsys.workspace.audiences.labels import list_named, name_clause, name_reason

EVERY_KIND = tuple(OrganisationKind)
Without = sa.Select[Any] | sa.CompoundSelect[Any] | None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who looks, and for which day."""

    organiser_id: int
    on: date


class Person(NamedTuple):
    """Somebody in a list, with why."""

    name: str
    email: str
    organisation: str
    language: str
    is_mailbox: bool
    reasons: list[str]


class People(NamedTuple):
    """How many an audience is, and one page of them."""

    total: int
    listed: list[Person]


def look_up(session: Session, parts: Sequence[Part], asker: Asker) -> list[Clause] | None:
    """The clauses, once what lines name is found; None where something is wrong, which then stands in the parts."""
    for part in parts:
        _find_organisations(session, part)
        _find_people(session, part, asker)
    made = [part.make() for part in parts]
    clauses = [clause for clause in made if clause is not None]
    return clauses if len(clauses) == len(parts) else None


def _find_organisations(session: Session, part: Part) -> None:
    found, unclear = [], []
    for line in part.organisations:
        hits = find_by_label(session, line, kinds=EVERY_KIND)
        if len(hits) == 1:
            found.append(hits[0].id)
        else:
            unclear.append(f"«{line}»" + (": " + ", ".join(hit.label for hit in hits) if hits else ""))
    if unclear:
        part.errors[f"{part.prefix}organisations"] = _("Which is meant? %(names)s", names="; ".join(unclear))
    part.add(Kind.ORGANISATION, found)


def _find_people(session: Session, part: Part, asker: Asker) -> None:
    if not part.people:
        return
    keys = {line: email_key(line) for line in part.people}
    found = find_people(session, list(keys.values()), organiser_id=asker.organiser_id, on=asker.on)
    unknown = [line for line, key in keys.items() if key not in found]
    if unknown:
        told = _("You know nobody with this address: %(addresses)s", addresses=", ".join(unknown))
        part.errors[f"{part.prefix}people"] = told
    part.add(Kind.PERSON, [one for key in keys.values() for one in found.get(key, {})])


def read_people(
    session: Session,
    clauses: Sequence[Clause],
    asker: Asker,
    *,
    page: int = 1,
    most: int = LISTED_AT_ONCE,
    without: Without = None,
) -> People:
    """How many are in the audience, and page `page` of them with every reason."""
    asked: dict[str, Any] = {"organiser_id": asker.organiser_id, "on": asker.on, "without": without}
    total = count_people(session, clauses, **asked)
    rows = list_people(session, clauses, limit=most, offset=(page - 1) * most, **asked)
    hits = [hit for row in rows for hit in row.reasons]
    names = read_all_names(session, clauses, asker, more=list_named(hits, clauses))
    return People(total, [_describe(row, clauses, names) for row in rows])


def count(session: Session, clauses: Sequence[Clause], asker: Asker, *, without: Without = None) -> int:
    return count_people(session, clauses, organiser_id=asker.organiser_id, on=asker.on, without=without)


def read_all_names(
    session: Session, clauses: Sequence[Clause], asker: Asker, *, more: Sequence[tuple[Kind, int]] = ()
) -> Names:
    """The names of what clauses and reasons name."""
    return read_names(session, clauses, organiser_id=asker.organiser_id, on=asker.on, more=more)


def _describe(row: Listed, clauses: Sequence[Clause], names: Names) -> Person:
    reasons = list(dict.fromkeys(_tell(hit, clauses, names) for hit in row.reasons))
    is_mailbox = row.person_id is None
    return Person(row.name, row.email, "" if is_mailbox else row.organisation, row.language, is_mailbox, reasons)


def _tell(hit: Hit, clauses: Sequence[Clause], names: Names) -> str:
    """The reason, with the clause where there are several."""
    reason = name_reason(hit, clauses, names)
    return reason if len(clauses) == 1 else f"{name_clause(clauses[hit.clause], names)} – {reason}"
