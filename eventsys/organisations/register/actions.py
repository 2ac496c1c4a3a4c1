"""Verbs on the register: adding and correcting organisations, and ending those that others come after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.actions import keep_all
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.register.queries import list_lasting
from eventsys.organisations.rules import LanguageForm, OrganisationKind, PositionRole

A_DAY = timedelta(days=1)
GIVEN = (
    "person_id", "role", "name", "email", "email_key", "language", "to_on", "asked_at", "confirmed_at", "account_id",
)  # fmt: skip
"""What a position keeps when it goes over to another organisation."""


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What the register says of an organisation, beside its kind and since when it has been there."""

    name: str
    number: str | None = None
    county: str | None = None
    parent_id: int | None = None
    email: str | None = None
    postal_address: str | None = None
    organisation_number: str | None = None
    language_form: LanguageForm = LanguageForm.UNKNOWN
    language_form_source: str | None = None
    language_form_on: date | None = None


def facts_of(organisation: Organisation) -> OrganisationFacts:
    return OrganisationFacts(**{one.name: getattr(organisation, one.name) for one in fields(OrganisationFacts)})


def add_organisation(
    session: Session, *, kind: OrganisationKind, facts: OrganisationFacts, valid_from: date | None
) -> Organisation:
    """Raises `NumberIsTaken` and `NameIsTaken`."""
    organisation = Organisation(kind=kind, valid_from=valid_from, **asdict(facts))
    keep_all(session, kind, [organisation])
    return organisation


def edit_organisation(session: Session, organisation: Organisation, *, facts: OrganisationFacts) -> None:
    """Raises `NumberIsTaken` and `NameIsTaken`. One that has ended keeps the label that it had."""
    _set(organisation, facts)
    if organisation.valid_to is None:
        keep_all(session, organisation.kind)
    session.flush()


def save_all(
    session: Session,
    kind: OrganisationKind,
    rows: Sequence[tuple[int | None, OrganisationFacts]],
    *,
    valid_from: date | None,
) -> list[Organisation]:
    """Corrects those that have an id and adds the others. Raises `NumberIsTaken` and `NameIsTaken`."""
    there = {one.id: one for one in session.scalars(sa.select(Organisation).where(Organisation.kind == kind))}
    new, kept = [], []
    for known, facts in rows:
        if known is None:
            new.append(Organisation(kind=kind, valid_from=valid_from, **asdict(facts)))
        else:
            _set(there[known], facts)
            kept.append(there[known])
    keep_all(session, kind, new)
    return [*kept, *new]


def _set(organisation: Organisation, facts: OrganisationFacts) -> None:
    for name, value in asdict(facts).items():
        if getattr(organisation, name) != value:
            setattr(organisation, name, value)


def end_organisations(session: Session, ending: Sequence[Organisation], *, on: date) -> None:
    """They are no more from that day: their numbers and labels are free."""
    for one in ending:
        one.valid_to = on - A_DAY
    session.flush()


def point_to_successor(session: Session, ended: Sequence[Organisation], successor: Organisation) -> None:
    """What belongs to them now belongs to the successor."""
    for one in ended:
        one.successor_id = successor.id
    parts = sa.update(Organisation).where(
        Organisation.parent_id.in_([one.id for one in ended]), Organisation.valid_to.is_(None)
    )
    session.execute(parts.values(parent_id=successor.id).execution_options(synchronize_session=False))
    session.flush()


def pass_on_positions(
    session: Session, ended: Sequence[Organisation], successor: Organisation, *, on: date
) -> list[Position]:
    """Who is something in one that ended is the same in the successor from that day: the new positions."""
    passed: dict[tuple[int, PositionRole], Position] = {}
    for old in list_lasting(session, [one.id for one in ended], on=on):
        begins = max(on, old.from_on)
        if (old.person_id, old.role) not in passed:
            passed[old.person_id, old.role] = _begin_anew(old, successor.id, begins)
        old.to_on, old.link_version = begins, old.link_version + 1
    session.add_all(passed.values())
    session.flush()
    return list(passed.values())


def _begin_anew(old: Position, organisation_id: int, on: date) -> Position:
    return Position(
        organisation_id=organisation_id,
        from_on=on,
        **{name: getattr(old, name) for name in GIVEN},
    )
