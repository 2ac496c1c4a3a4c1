"""Reads of the search: whose words begin so, among those whom the organiser may see.."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from eventsys.events.models import Event, EventWord, Run
from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation, Person, PersonWord, Representative
from eventsys.organisations.queries import LONGEST_SEARCH, MOST_WORDS, suggest
from eventsys.organisations.representatives.queries import lasts, select_own_unions
from eventsys.organisations.rules import OrganisationKind, search_words
from eventsys.registrations.models import Registration
from eventsys.workspace.mail.queries import Wanted, list_mails, select_mails
from eventsys.workspace.search.scope import Seeing, is_among, list_sources, sees

MOST_PEOPLE, MOST_EVENTS, MOST_ORGANISATIONS, MOST_MAILS = 20, 10, 8, 5
FEWEST_LETTERS = 2
"""Of the longest word, for people: a letter alone is the beginning of thousands of names."""
FEW_KNOWN = 3_000
"""Who knows no more than so many seats is looked through first; of many people the words are looked up first."""
AT_ONCE = 4 * MOST_PEOPLE
LAST_SIGN = "\U0010ffff"


class FoundPeople(NamedTuple):
    """Ids, the best first, and whether there are more."""

    ids: list[int]
    are_more: bool


# --- people ---------------------------------------------------------------------------------------------------------


def find_people(session: Session, seeing: Seeing, text: str) -> FoundPeople:
    """Those of whom a word of the name begins with each of the words, or whose address begins so."""
    text = text[:LONGEST_SEARCH]
    if "@" in text:
        ids = _find_by_address(session, seeing, email_key(text))
        return FoundPeople(ids[:MOST_PEOPLE], len(ids) > MOST_PEOPLE)
    words = _longest_first(text)
    if not words or is_too_short(text):
        return FoundPeople([], False)
    few = _knows_few(session, seeing)
    found = _ids(session, _among_own(session, seeing, words) if few else _by_words(session, seeing, words))
    return FoundPeople(_best(session, found, words)[:MOST_PEOPLE], len(found) > MOST_PEOPLE)


def is_too_short(text: str) -> bool:
    """Whether it is too little to look for people by."""
    words = _longest_first(text)
    return "@" not in text and bool(words) and len(words[0]) < FEWEST_LETTERS


def _longest_first(text: str) -> list[str]:
    return sorted(search_words(text[:LONGEST_SEARCH])[:MOST_WORDS], key=len, reverse=True)


def find_representatives(session: Session, organiser_id: int, text: str, *, on: date) -> set[int]:
    """The rows of representatives of the organiser's own unions with all the words in the name: ids, never names."""
    words = _longest_first(text)
    if not words or is_too_short(text):
        return set()
    begins = Beginnings(session)
    own = Representative.union_id.in_(select_own_unions(organiser_id))
    statement = sa.select(Representative.id).where(own, lasts(on))
    for word in words:
        statement = statement.where(_has_word(begins, Representative.person_id, word))
    return set(session.scalars(statement.limit(MOST_PEOPLE)))


def _ids(session: Session, statement: sa.Select[Any]) -> list[int]:
    return list(dict.fromkeys(session.scalars(statement.limit(AT_ONCE))))


def _knows_few(session: Session, seeing: Seeing) -> bool:
    """Whether the organiser's events have few seats: counted no further than that."""
    seats = sa.select(sa.literal(1)).select_from(Event).join(Registration, Registration.event_id == Event.id)
    some = seats.where(Event.organiser_id == seeing.organiser_id).limit(FEW_KNOWN + 1).subquery()
    return (session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) <= FEW_KNOWN


def _by_words(session: Session, seeing: Seeing, words: Sequence[str]) -> sa.Select[Any]:
    """Along the index of words from where the longest begins, exact words first, until there are enough."""
    begins = Beginnings(session)
    person_id = PersonWord.person_id
    statement = sa.select(person_id).where(begins.of(PersonWord.word, words[0]), sees(seeing, PersonWord, person_id))
    for other in words[1:]:
        statement = statement.where(_has_word(begins, person_id, other))
    in_order: Any = PersonWord.word if begins.is_plain else sa.text("person_words.word USING ~<~")
    return statement.order_by(in_order, person_id)


def _among_own(session: Session, seeing: Seeing, words: Sequence[str]) -> sa.Select[Any]:
    """Everybody whom the organiser knows, and of them those with the words."""
    begins = Beginnings(session)
    known = sa.union(*(_by_event(source, seeing) for source in list_sources(seeing))).subquery("known")
    person_id = known.c[0]
    conditions = [_has_word(begins, person_id, word) for word in words]
    return sa.select(person_id).where(person_id.is_not(None), *conditions).order_by(person_id)


def _by_event(source: sa.Select[Any], seeing: Seeing) -> sa.Select[Any]:
    """The same rows, reached through the organiser's events where they are of one: that is where the index is."""
    table = source.selected_columns[0].table
    if "event_id" not in table.c:
        return source
    events = sa.select(Event.id).where(Event.organiser_id == seeing.organiser_id)
    return source.where(table.c.event_id.in_(events))


def _has_word(begins: Beginnings, person_id: Any, word: str) -> sa.ColumnElement[bool]:
    one = aliased(PersonWord)
    return sa.exists().where(one.person_id == person_id, begins.of(one.word, word))


def _find_by_address(session: Session, seeing: Seeing, key: str) -> list[int]:
    """Those with exactly this address, else those whose address begins so, which no index of every database finds."""
    for fits in (Person.email_key == key, Beginnings(session).of(Person.email_key, key)):
        known = sa.select(Person.id).where(fits, sees(seeing, Person, Person.id))
        if ids := _ids(session, known.order_by(Person.email_key, Person.name_key)):
            return ids
    return []


def _best(session: Session, ids: Sequence[int], words: Sequence[str]) -> list[int]:
    """Those with the most of the words in full first, then by name."""
    whole = session.execute(
        sa.select(Person.id, Person.name_key, PersonWord.word)
        .outerjoin(PersonWord, sa.and_(PersonWord.person_id == Person.id, PersonWord.word.in_(words)))
        .where(Person.id.in_(ids))
    ).all()
    exact = Counter(number for number, _name, word in whole if word is not None)
    names = {number: name or "" for number, name, _word in whole}
    return sorted(names, key=lambda number: (-exact[number], names[number], number))


class Beginnings:
    """Comparisons by bytes, whatever language the database sorts in: «kari» up to what no longer begins so."""

    def __init__(self, session: Session) -> None:
        self.is_plain = session.get_bind().dialect.name == "sqlite"

    def of(self, column: Any, word: str) -> sa.ColumnElement[bool]:
        at_least, below = (">=", "<") if self.is_plain else ("~>=~", "~<~")
        return sa.and_(column.bool_op(at_least)(word), column.bool_op(below)(word + LAST_SIGN))


# --- organisations, events, mails -----------------------------------------------------------------------------------


def find_organisations(session: Session, text: str) -> list[Organisation]:
    """Of the register that all share, best first."""
    found = suggest(session, text, kinds=tuple(OrganisationKind), limit=MOST_ORGANISATIONS)
    rows = session.scalars(sa.select(Organisation).where(Organisation.id.in_([one.id for one in found])))
    by_id = {row.id: row for row in rows}
    return [by_id[one.id] for one in found]


def find_events(session: Session, seeing: Seeing, text: str) -> list[Event]:
    """Those with all the words in a title, with runs and venues, the latest first."""
    words = search_words(text[:LONGEST_SEARCH])[:MOST_WORDS]
    if not words:
        return []
    begins, last = Beginnings(session), sa.select(sa.func.max(Run.sort_at)).where(Run.event_id == Event.id)
    statement = sa.select(Event).where(Event.organiser_id == seeing.organiser_id)
    for word in words:
        one = aliased(EventWord)
        statement = statement.where(sa.exists().where(one.event_id == Event.id, begins.of(one.word, word)))
    if seeing.slugs is not None:
        statement = statement.where(is_among(seeing.slugs))
    statement = statement.options(selectinload(Event.runs).joinedload(Run.venue))
    return list(session.scalars(statement.order_by(last.scalar_subquery().desc(), Event.id.desc()).limit(MOST_EVENTS)))


def find_mails(session: Session, organiser_id: int, text: str, keys: Sequence[str]) -> list[OutboxMessage]:
    """The organiser's newest mails to these addresses; where an address was searched for, to those that begin so."""
    if "@" in text:
        return list_mails(session, organiser_id, Wanted(search=text[:LONGEST_SEARCH])).mails[:MOST_MAILS]
    if not keys:
        return []
    statement = select_mails(organiser_id).where(OutboxMessage.email_key.in_(keys))
    newest = statement.order_by(OutboxMessage.due_at.desc(), OutboxMessage.id.desc()).limit(MOST_MAILS)
    return list(session.scalars(newest))
