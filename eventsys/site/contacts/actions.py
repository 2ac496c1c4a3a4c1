"""Verbs of contact people. The caller owns the transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsys.site.contacts import queries
from eventsys.site.models import ContactPerson
from eventsys.site.rules import ContactFacts


def add(session: Session, *, organiser_id: int, facts: ContactFacts) -> ContactPerson:
    """A new one, last in the list."""
    others = queries.list_own(session, organiser_id)
    person = ContactPerson(organiser_id=organiser_id, position=1 + max((one.position for one in others), default=0))
    _set(person, facts)
    session.add(person)
    session.flush()
    return person


def edit(session: Session, person: ContactPerson, *, facts: ContactFacts) -> None:
    _set(person, facts)
    session.flush()


def move(session: Session, person: ContactPerson, *, up: bool) -> None:
    """One place up or down the organiser's list; the first stays first, the last last."""
    people = list(queries.list_own(session, person.organiser_id))
    place = people.index(person)
    people.remove(person)
    people.insert(max(0, place - 1) if up else place + 1, person)
    for position, one in enumerate(people, 1):
        one.position = position
    session.flush()


def remove(session: Session, person: ContactPerson) -> None:
    session.delete(person)
    session.flush()


def _set(person: ContactPerson, facts: ContactFacts) -> None:
    person.name, person.title, person.email, person.phone = facts.name, facts.title, facts.email, facts.phone
