"""Reads about organisations: finding one by what people type, and the unions of a confederation."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.models import Organisation, OrganisationWord
from eventsys.organisations.rules import (
    UNITS,
    LanguageForm,
    OrganisationKind,
    name_key,
    read_unit_address,
    search_words,
    unit_address,
)

LONGEST_SEARCH = 200
MOST_WORDS = 8
MOST_FOUND = 12


class Found(NamedTuple):
    """An organisation that a search found: `number` as officially written, `name` without the county."""

    id: int
    label: str
    number: str | None
    name: str
    sort_key: str
    language_form: LanguageForm
    kind: OrganisationKind

    @property
    def address(self) -> str:
        """What it is called in public addresses."""
        return unit_address(self.kind, self.number)


def find_organisation(session: Session, address: str) -> Organisation | None:
    """The unit that has this address now: a municipality's number, or «county-08»."""
    kind, number = read_unit_address(address)
    if "\0" in number:
        return None
    return session.scalar(_valid((kind,)).where(Organisation.number == number))


def find_by_label(session: Session, label: str, *, kinds: Sequence[OrganisationKind] = UNITS) -> list[Found]:
    """The one with exactly this label, number or address, a municipality before others of the same; else all whose words
    begin with all words typed, best first."""
    kind, number = read_unit_address(label)
    candidates = _search(session, number, kinds if kind is OrganisationKind.MUNICIPALITY else (kind,))
    exact = [c for c in candidates if name_key(number) in (name_key(c.label), c.number)]
    municipalities = [c for c in exact if c.kind is OrganisationKind.MUNICIPALITY]
    return municipalities or exact or candidates[:MOST_FOUND]


def suggest(session: Session, text: str, *, kinds: Sequence[OrganisationKind] = UNITS, limit: int = 8) -> list[Found]:
    """What to offer somebody who is typing, best first."""
    return _search(session, text, kinds)[:limit]


def list_unions(session: Session, confederation_id: int) -> list[Organisation]:
    """The member unions of a confederation, in Norwegian order."""
    unions = _valid((OrganisationKind.UNION,)).where(Organisation.parent_id == confederation_id)
    return list(session.scalars(unions.order_by(Organisation.sort_key)))


def list_organisations(session: Session, kind: OrganisationKind) -> list[Organisation]:
    """All of a kind that exist now, in Norwegian order."""
    return list(session.scalars(_valid((kind,)).order_by(Organisation.sort_key)))


def _valid(kinds: Sequence[OrganisationKind]) -> sa.Select[Organisation]:
    return sa.select(Organisation).where(Organisation.kind.in_(kinds), Organisation.valid_to.is_(None))


def _search(session: Session, text: str, kinds: Sequence[OrganisationKind]) -> list[Found]:
    text = text[:LONGEST_SEARCH]
    words = search_words(text)[:MOST_WORDS]
    if not words:
        return []
    values = {f"word{place}": _escape(word) for place, word in enumerate(words)}
    rows = session.execute(_beginning_with(tuple(kinds), len(words)), values)
    return sorted((Found(*row) for row in rows), key=lambda c: _rank(c, text, words[0]))


@functools.cache
def _beginning_with(kinds: Sequence[OrganisationKind], count: int) -> Any:
    """The organisations of which a word begins with each of so many words: `word0`, `word1` and so on."""
    columns = [getattr(Organisation, name) for name in Found._fields]
    query: Any = _valid(kinds).with_only_columns(*columns)
    for place in range(count):
        word = sa.bindparam(f"word{place}", type_=sa.String())
        matching = sa.select(OrganisationWord.organisation_id).where(OrganisationWord.word.like(word + "%", escape="/"))
        query = query.where(Organisation.id.in_(matching))
    return query


def _escape(word: str) -> str:
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _rank(candidate: Found, text: str, first_word: str) -> tuple[bool, bool, bool, bool, bool, str]:
    # Folding makes «hå» and «ha» the same word; the name as it is written decides who comes first.
    typed, name = name_key(text), name_key(candidate.name)
    first = search_words(candidate.name)[:1]
    return (
        typed not in (name_key(candidate.label), name, candidate.number),
        candidate.kind is not OrganisationKind.MUNICIPALITY,
        not name.startswith(typed),
        first != [first_word],
        not (first and first[0].startswith(first_word)),
        candidate.sort_key,
    )


def by_form(organisation: Any) -> sa.ColumnElement[str | None]:
    """The language of an organisation's form, in SQL as `rules.language_of` says it; null for one that reads either."""
    return sa.case(
        (organisation.language_form == LanguageForm.BOKMAL, "nb"),
        (organisation.language_form == LanguageForm.NYNORSK, "nn"),
    )
