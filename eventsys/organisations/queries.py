"""Reads about organisations: finding one by what people type, and the unions of a confederation."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.models import Organisation, OrganisationWord
from eventsys.organisations.rules import LanguageForm, OrganisationKind, name_key, search_words

MUNICIPALITIES = (OrganisationKind.MUNICIPALITY,)
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


def find_organisation(
    session: Session, number: str, kind: OrganisationKind = OrganisationKind.MUNICIPALITY
) -> Organisation | None:
    """The organisation that has this number now."""
    if "\0" in number:
        return None
    return session.scalar(_valid((kind,)).where(Organisation.number == number))


def find_by_label(session: Session, label: str, *, kinds: Sequence[OrganisationKind] = MUNICIPALITIES) -> list[Found]:
    """The one with exactly this label or number; else all whose words begin with all words typed, best first."""
    candidates = _search(session, label, kinds)
    exact = [c for c in candidates if name_key(label) in (name_key(c.label), c.number)]
    return exact or candidates[:MOST_FOUND]


def suggest(
    session: Session, text: str, *, kinds: Sequence[OrganisationKind] = MUNICIPALITIES, limit: int = 8
) -> list[Found]:
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


def _rank(candidate: Found, text: str, first_word: str) -> tuple[bool, bool, bool, bool, str]:
    # Folding makes «hå» and «ha» the same word; the name as it is written decides who comes first.
    typed, name = name_key(text), name_key(candidate.name)
    first = search_words(candidate.name)[:1]
    return (
        typed not in (name_key(candidate.label), name, candidate.number),
        not name.startswith(typed),
        first != [first_word],
        not (first and first[0].startswith(first_word)),
        candidate.sort_key,
    )
