"""Verbs on organisations and people: adding them, importing the official list, keeping labels apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import wire_address
from eventsys.organisations.imports import MunicipalityRow, split
from eventsys.organisations.models import Organisation, OrganisationWord, Person, PersonWord
from eventsys.organisations.queries import list_organisations
from eventsys.organisations.rules import OrganisationKind, address_key, name_key, search_words, sort_key

_SPELT_OUT = str.maketrans({"å": "aa", "Å": "Aa", "ø": "oe", "Ø": "Oe"})


class NameIsTaken(Exception):
    """Another organisation of the kind is called that, and neither county nor number tells them apart."""


class NumberIsTaken(Exception):
    """Another organisation of the kind has that number now."""


class Counts(NamedTuple):
    new: int
    changed: int
    unchanged: int


def add(
    session: Session,
    *,
    kind: OrganisationKind,
    name: str,
    number: str | None = None,
    county: str | None = None,
    parent_id: int | None = None,
    organiser_id: int | None = None,
    valid_from: date | None = None,
) -> Organisation:
    """A new organisation, told from its namesakes."""
    organisation = Organisation(
        kind=kind, name=name, number=number, county=county, parent_id=parent_id, organiser_id=organiser_id,
        valid_from=valid_from,
    )  # fmt: skip
    _keep(session, [*list_organisations(session, kind), organisation])
    return organisation


def import_municipalities(
    session: Session, rows: Sequence[MunicipalityRow], *, valid_from: date = date(2008, 1, 1)
) -> Counts:
    """Makes the municipalities of today those of the official list; one that is not in the list is left alone."""
    there = {o.number: o for o in list_organisations(session, OrganisationKind.MUNICIPALITY)}
    parts = split(rows, {number: (o.name, o.county) for number, o in there.items()})
    for row in parts.changed:
        there[row.number].name, there[row.number].county = row.name, row.county
    new = [
        Organisation(kind=OrganisationKind.MUNICIPALITY, valid_from=valid_from, **row.model_dump()) for row in parts.new
    ]
    if parts.new or parts.changed:
        _keep(session, [*there.values(), *new])
    return Counts(len(parts.new), len(parts.changed), len(parts.unchanged))


def set_labels(session: Session, kind: OrganisationKind) -> None:
    """Labels anew all of a kind that exist now: the name, with the county where the name repeats."""
    _keep(session, list_organisations(session, kind))


def keep_all(session: Session, kind: OrganisationKind, new: Sequence[Organisation] = ()) -> None:
    """Writes what has been changed of those of a kind that exist now, and new ones, with labels and words that fit.

    Raises `NumberIsTaken`, and `NameIsTaken` where nothing tells two apart.
    """
    everyone = [*list_organisations(session, kind), *new]
    if max(Counter(one.number for one in everyone if one.number).values(), default=1) > 1:
        raise NumberIsTaken
    _require_labels_apart(everyone)
    touched = [one for one in everyone if one in session.dirty or one in new]
    _keep(session, everyone)
    _write_words(session, touched)


def _require_labels_apart(everyone: Sequence[Organisation]) -> None:
    """No two have one label, or one address."""
    labels = _labels(everyone)
    keys = [address_key(one.number, label, None) for one, label in zip(everyone, labels, strict=True)]
    if len(set(labels)) < len(labels) or len(set(keys)) < len(keys):
        raise NameIsTaken


def find_or_add_person(session: Session, *, email: str, name: str, now: datetime) -> int:
    """The id of the person with this address and name. Raises `ValueError` on what is no address."""
    keys = {"email_key": wire_address(email).casefold(), "name_key": name_key(name)}
    added = session.scalar(
        _insert(session, Person).values(**keys, created_at=now).on_conflict_do_nothing().returning(Person.id)
    )
    if added is None:
        return session.scalars(sa.select(Person.id).filter_by(**keys)).one()
    words = sorted({word[:100] for word in search_words(name)})
    if words:
        session.execute(sa.insert(PersonWord), [{"person_id": added, "word": word} for word in words])
    return int(added)


def _insert(session: Session, model: type[Any]) -> Any:
    # `on_conflict_do_nothing` is spelt the same on both databases but belongs to each dialect's own INSERT.
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(model) if is_sqlite else postgresql.insert(model)


def _keep(session: Session, everyone: Sequence[Organisation]) -> None:
    """Writes these organisations, all of one kind, with labels and words that fit their names."""
    relabelled = []
    for organisation, label in zip(everyone, _labels(everyone), strict=True):
        if organisation.label != label:
            relabelled.append((organisation, label))
    for organisation, _label in relabelled:
        if organisation.id is not None:
            # Two that swap names must not meet the unique index half way.
            organisation.label = f"# {organisation.id}"
    session.flush()
    for organisation, label in relabelled:
        organisation.label, organisation.sort_key = label, sort_key(label)
    session.add_all(everyone)
    session.flush()
    _write_words(session, [organisation for organisation, _label in relabelled])


def _labels(everyone: Sequence[Organisation]) -> list[str]:
    names = Counter(o.name for o in everyone)
    labels = [f"{o.name} ({o.county})" if names[o.name] > 1 and o.county else o.name for o in everyone]
    repeated = Counter(labels)
    return [
        f"{label} {o.number}" if repeated[label] > 1 and o.number else label
        for o, label in zip(everyone, labels, strict=True)
    ]


def _write_words(session: Session, organisations: Sequence[Organisation]) -> None:
    if not organisations:
        return
    ids = [organisation.id for organisation in organisations]
    session.execute(sa.delete(OrganisationWord).where(OrganisationWord.organisation_id.in_(ids)))
    rows = [{"organisation_id": o.id, "word": word} for o in organisations for word in _words(o)]
    session.execute(sa.insert(OrganisationWord), rows)


def _words(organisation: Organisation) -> set[str]:
    """The words it is found by: of the label, of the label typed with «aa» for «å», and the number."""
    spellings = (organisation.label, organisation.label.translate(_SPELT_OUT), organisation.number or "")
    return {word[:100] for spelling in spellings for word in search_words(spelling)}
