"""Who a call would go to, one by one, for the preview of its letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.queries.people import select_people
from eventsys.audiences.rules import Clause
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Call

LISTED_AT_ONCE = 20


class Addressed(NamedTuple):
    """An organisation with the mailbox and the language that it is written to in."""

    organisation: Organisation
    email: str
    language: str

    @property
    def key(self) -> str:
        """What an address names it by."""
        return self.organisation.number or self.organisation.label


def list_addressed(session: Session, call: Call, clauses: Sequence[Clause], *, on: date, words: str) -> list[Addressed]:
    """The first `LISTED_AT_ONCE` by name whose name has the words in it, or whose number they are; one statement."""
    if not clauses:
        return []
    people = select_people(clauses, organiser_id=call.organiser_id, on=on).subquery("people")
    statement = (
        sa.select(Organisation, people.c.email, people.c.language)
        .join(people, people.c.organisation_id == Organisation.id)
        .where(people.c.person_id.is_(None))
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(LISTED_AT_ONCE)
    )
    if words:
        named = Organisation.label.icontains(words, autoescape=True)
        statement = statement.where(sa.or_(named, Organisation.number == words))
    return [Addressed(*row) for row in session.execute(statement)]


def pick(found: Sequence[Addressed], key: str) -> Addressed | None:
    """The one that the address names, else the first."""
    return next((one for one in found if one.key == key), found[0] if found else None)
