"""The list itself: a page, all of it, its counts, who is where in the queue. Scoped to one event each."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.extensions import AnyRow
from eventsys.mailing.models import OutboxMessage, ReturnedMail
from eventsys.mailing.rules import MailState, ReturnKind
from eventsys.organisations.models import Organisation, Person
from eventsys.programmes.models import CohortMembership
from eventsys.programmes.queries import lasts
from eventsys.registrations.models import (
    ChangeRequest,
    Delegation,
    PlainAnswer,
    Registration,
)
from eventsys.registrations.queue.queries import list_units
from eventsys.registrations.rules import State
from eventsys.workflows.models import MailCause
from eventsys.workspace.people_list.rules import NO_ANSWER, ORDER, PAGE, Wanted

MOST_IDS = 5_000
RANK = sa.case({state: place for place, state in enumerate(ORDER)}, value=Registration.state)
IN_ORDER = (
    RANK,
    Registration.run_id,
    Registration.priority.desc(),
    Registration.queued_at,
    Registration.id,
)
"""By state as the page shows them, and within each in the order of the queue."""


def list_page(session: Session, event: Event, wanted: Wanted, *, on: date, page: int) -> list[AnyRow]:
    """One page of the list: the rows that hold, by state, in the order of the queue within each; without unions."""
    ids = select_ids(event, wanted, on=on).order_by(*IN_ORDER).limit(PAGE).offset((page - 1) * PAGE)
    return list(session.execute(_rows().where(Registration.id.in_(ids.scalar_subquery())).order_by(*IN_ORDER)))


def list_all(session: Session, event: Event, wanted: Wanted, *, on: date) -> list[AnyRow]:
    """Every row that holds, in the same order: for a file, or to change them all at once."""
    return list(session.execute(_rows().where(*conditions(event, wanted, on=on)).order_by(*IN_ORDER)))


def list_chosen(session: Session, event: Event, public_ids: Collection[uuid.UUID]) -> list[AnyRow]:
    """The rows of these registrations, those of the event alone, in the same order."""
    found: list[AnyRow] = []
    ids = list(public_ids)
    for start in range(0, len(ids), MOST_IDS):
        some = _rows().where(*of_event(event), Registration.public_id.in_(ids[start : start + MOST_IDS]))
        found += session.execute(some.order_by(*IN_ORDER))
    return found


def find_row(session: Session, event: Event, public_id: uuid.UUID) -> AnyRow | None:
    """One registration of the event as the list has it."""
    return next(iter(list_chosen(session, event, [public_id])), None)


def _rows() -> sa.Select[*tuple[Any, ...]]:
    columns = (
        Registration.id, Registration.public_id, Registration.name, Registration.email, Registration.side,
        Registration.state, Registration.run_id, Registration.second_run_id, Registration.priority,
        Registration.language, Registration.queued_at, Registration.created_at, Registration.offered_until,
        Registration.organisation_id, Organisation.label.label("organisation_label"),
        Organisation.number.label("organisation_number"), Person.public_id.label("person"),
        Delegation.name.label("registrar"), Delegation.email.label("registrar_email"),
    )  # fmt: skip
    return (
        sa.select(*columns)
        .outerjoin(Person, Person.id == Registration.person_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .outerjoin(Delegation, Delegation.id == Registration.delegation_id)
    )


def select_ids(event: Event, wanted: Wanted, *, on: date) -> sa.Select[int]:
    return sa.select(Registration.id).where(*conditions(event, wanted, on=on))


def of_event(event: Event) -> tuple[sa.ColumnElement[bool], ...]:
    return Registration.event_id == event.id, Registration.organiser_id == event.organiser_id


def conditions(event: Event, wanted: Wanted, *, on: date) -> list[sa.ColumnElement[bool]]:
    """What must hold of a registration of the event to be in the list; a cohort is that of the day."""
    equal = (
        (Registration.run_id, wanted.run_id),
        (Registration.state, wanted.state),
        (Registration.side, wanted.side),
        (Registration.organisation_id, wanted.organisation_id),
    )
    found = [*of_event(event), *(column == value for column, value in equal if value is not None)]
    if wanted.cohort_id is not None:
        found.append(Registration.organisation_id.in_(_members(wanted.cohort_id, on)))
    if wanted.answer is not None:
        found.append(_answered(*wanted.answer))
    if wanted.unnamed:
        found.append(Registration.person_id.is_(None))
    if wanted.undelivered:
        found.append(sa.not_(_delivered()))
    if wanted.search:
        found.append(_named_so(wanted.search))
    return found


def _members(cohort_id: int, on: date) -> sa.Select[int]:
    in_cohort = CohortMembership.cohort_id == cohort_id
    return sa.select(CohortMembership.organisation_id).where(in_cohort, lasts(CohortMembership, on))


def _answered(question_id: int, key: str) -> sa.ColumnElement[bool]:
    answers = sa.select(PlainAnswer.registration_id).where(PlainAnswer.question_id == question_id)
    if key == NO_ANSWER:
        return Registration.id.not_in(answers)
    same = sa.or_(PlainAnswer.option == key, sa.and_(PlainAnswer.option.is_(None), PlainAnswer.text == key))
    return Registration.id.in_(answers.where(same))


def _delivered() -> sa.ColumnElement[bool]:
    """Whether a mail about the registration was taken by a mail server and has not come back."""
    returned = sa.select(ReturnedMail.id).where(
        ReturnedMail.outbox_id == OutboxMessage.id, ReturnedMail.kind == ReturnKind.HARD_BOUNCE
    )
    arrived = (
        sa.select(MailCause.id)
        .join(OutboxMessage, OutboxMessage.id == MailCause.outbox_id)
        .where(MailCause.registration_id == Registration.id, OutboxMessage.state == MailState.SENT)
        .where(OutboxMessage.email_key == Registration.email_key, sa.not_(returned.exists()))
    )
    return arrived.correlate(Registration).exists()


def _named_so(search: str) -> sa.ColumnElement[bool]:
    labelled = sa.select(Organisation.id).where(Organisation.label.icontains(search, autoescape=True))
    return sa.or_(
        Registration.name.icontains(search, autoescape=True),
        Registration.email.icontains(search, autoescape=True),
        Registration.organisation_id.in_(labelled),
    )


class Counts(NamedTuple):
    """How many there are: of all by run and state, of those that hold by state, and who asks for something."""

    everybody: dict[tuple[int, State], int]
    shown: dict[State, int]
    asking: int

    @property
    def total(self) -> int:
        return sum(self.everybody.values())

    @property
    def of_shown(self) -> int:
        return sum(self.shown.values())


def count(session: Session, event: Event, wanted: Wanted, *, on: date) -> Counts:
    """One statement, whatever the list is filtered by."""
    holds = sa.and_(*conditions(event, wanted, on=on))
    shown: dict[State, int] = {}
    everybody: dict[tuple[int, State], int] = {}
    statement = (
        sa.select(
            Registration.run_id, Registration.state, sa.func.count(), sa.func.count(sa.case((holds, 1))),
            sa.func.count(_asks(event)),
        )
        .where(*of_event(event))
        .group_by(Registration.run_id, Registration.state)
    )  # fmt: skip
    asking = 0
    for run_id, state, all_of_them, some, ask in session.execute(statement):
        asking += ask
        everybody[run_id, state] = all_of_them
        if some:
            shown[state] = shown.get(state, 0) + some
    return Counts(everybody, shown, asking)


def _asks(event: Event) -> sa.ColumnElement[int | None]:
    """Something where the registration has a request that nobody has answered, else nothing."""
    still_open = sa.select(ChangeRequest.registration_id).where(
        ChangeRequest.organiser_id == event.organiser_id, ChangeRequest.decided_at.is_(None)
    )
    return sa.case((Registration.id.in_(still_open), 1))


def number_waiting(session: Session, event: Event) -> dict[int, int]:
    """The place of each who waits in the list of their first choice, from 1, as they were told it."""
    places: dict[int, int] = {}
    seen: Counter[int] = Counter()
    for unit in list_units(session, [run.id for run in event.runs]):
        seen.update(unit.runs)
        places.update({member.id: seen[member.run_id] for member in unit.members})
    return places
