"""A call sent to all organisations that it means: the list as it was then, and the row of each that becomes its letter.
The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.audiences.queries.conditions import Asked, Row, meets
from eventsys.audiences.queries.people import select_people
from eventsys.audiences.rules import OF_ORGANISATIONS, Clause, Reach, read_clauses
from eventsys.extensions import UTCDateTime
from eventsys.mailing.outbox import insert_into, random_id
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.calls.rules import CallState, CaseAct
from eventsys.programmes.cases.actions import note
from eventsys.programmes.models import Call, CallRecipient, CaseChange
from eventsys.workflows.cases.copying import add_copies_of_call
from eventsys.workflows.cases.texts import BY_LAW, read_letter

SENDABLE = (CallState.DRAFT, CallState.OPEN)


class CannotBeSent(ValueError):
    """The call is closed or withdrawn, or its deadline has passed."""


class NobodyIsMeant(ValueError):
    """The call says no audience."""


class LanguageIsMissing(ValueError):
    """The letter is not written in `languages`."""

    def __init__(self, languages: Collection[str]) -> None:
        super().__init__(", ".join(languages))
        self.languages = tuple(languages)


@dataclass(frozen=True, slots=True)
class Readers:
    """Who would get the letter now and has not: how many in each language; the organisations that have no official
    mailbox, by name; the languages in which the letter is not written; and how many got it already."""

    languages: Mapping[str, int]
    without_mailbox: Sequence[str]
    missing: Sequence[str]
    sent: int

    @property
    def count(self) -> int:
        return sum(self.languages.values())


def count_readers(session: Session, call: Call, *, on: date) -> Readers:
    """What sending it would do on that day; four statements, however many organisations there are."""
    clauses = _clauses_of(call)
    counted: dict[str, int] = {}
    without: list[str] = []
    if clauses:
        new = _select_new(call, clauses, on).subquery()
        rows = session.execute(sa.select(new.c.language, sa.func.count()).group_by(new.c.language))
        counted = {row[0]: row[1] for row in rows}
        without = list(session.scalars(_select_without_mailbox(call, clauses, on)))
    sent = sa.select(sa.func.count()).where(CallRecipient.call_id == call.id)
    missing = _list_missing(session, call, counted)
    return Readers(dict(sorted(counted.items())), without, missing, session.scalar(sent) or 0)


def send_call(session: Session, call: Call, *, on: date, account_id: int | None, now: datetime) -> int:
    """Keeps the list of those who get the call, makes it open, and has each told once; how many are new. Sent again it
    goes to those alone who have come in since.

    Raises `CannotBeSent`, `NobodyIsMeant`, and `LanguageIsMissing` where it is not written in both forms or in a
    language that somebody reads.
    """
    session.execute(sa.select(Call.id).where(Call.id == call.id).with_for_update())
    session.refresh(call)
    if call.state not in SENDABLE or now >= call.closes_at:
        raise CannotBeSent(call.state.value)
    clauses = _clauses_of(call)
    if not clauses:
        raise NobodyIsMeant
    new = _select_new(call, clauses, on).subquery()
    languages = session.scalars(sa.select(new.c.language).distinct()).all()
    if missing := _list_missing(session, call, languages):
        raise LanguageIsMissing(missing)
    if call.state is CallState.DRAFT:
        call.state = CallState.OPEN
        note(session, call, CaseAct.OPENED_CALL, account_id=account_id, now=now)
    call.sent_at = call.sent_at or now
    session.flush()
    _add_recipients(session, call, clauses, on, now)
    ids = _add_changes(session, call, account_id, now)
    if ids:
        organiser = session.get_one(Organiser, call.organiser_id)
        add_copies_of_call(session, organiser, call, change_id=ids[0], now=now)
    return len(ids)


def _clauses_of(call: Call) -> tuple[Clause, ...]:
    """Whom the call means: always their official mailboxes."""
    kept = read_clauses(call.clauses) if call.clauses else ()
    return tuple(Clause(conditions=one.conditions, reach=Reach.MAILBOXES) for one in kept)


def _select_new(call: Call, clauses: Sequence[Clause], on: date) -> sa.Select[*tuple[Any, ...]]:
    """The organisations that have a mailbox and have not got the call."""
    people = select_people(clauses, organiser_id=call.organiser_id, on=on).subquery("people")
    got_it = sa.select(CallRecipient.organisation_id).where(CallRecipient.call_id == call.id)
    return (
        sa.select(
            people.c.organisation_id, people.c.email, people.c.email_key, people.c.language, Organisation.language_form
        )
        .join(Organisation, Organisation.id == people.c.organisation_id)
        .where(people.c.person_id.is_(None), people.c.organisation_id.not_in(got_it))
    )


def _select_without_mailbox(call: Call, clauses: Sequence[Clause], on: date) -> sa.Select[str]:
    """Those meant that cannot be written to, in their order."""
    row, asked = aliased(Organisation), Asked(call.organiser_id, on)
    means = [
        sa.and_(
            *(meets(Row(None, row.id, {}), one, asked) for one in clause.conditions if one.kind in OF_ORGANISATIONS)
        )
        for clause in clauses
    ]
    return (
        sa.select(row.label)
        .where(sa.func.trim(sa.func.coalesce(row.email, "")) == "", sa.or_(*means))
        .where(
            sa.or_(row.valid_from.is_(None), row.valid_from <= on), sa.or_(row.valid_to.is_(None), row.valid_to >= on)
        )
        .order_by(row.sort_key)
    )


def _list_missing(session: Session, call: Call, languages: Collection[str]) -> list[str]:
    written = read_letter(session, call, "letter").texts
    return [code for code in dict.fromkeys((*BY_LAW, *sorted(languages))) if code not in written]


def _add_recipients(session: Session, call: Call, clauses: Sequence[Clause], on: date, now: datetime) -> None:
    new = _select_new(call, clauses, on).subquery("new")
    columns: dict[str, Any] = {
        "public_id": random_id(session),
        "link_version": sa.literal(0),
        "organiser_id": sa.literal(call.organiser_id, sa.Integer()),
        "call_id": sa.literal(call.id, sa.Integer()),
        "organisation_id": new.c.organisation_id,
        "email": new.c.email,
        "email_key": new.c.email_key,
        "language": new.c.language,
        "form": new.c.language_form,
        "words": sa.literal(""),
        "created_at": sa.literal(now, UTCDateTime()),
    }
    insert = insert_into(session, CallRecipient).from_select(
        [*columns], sa.select(*columns.values()).where(sa.true()), False
    )
    session.execute(insert.on_conflict_do_nothing())


def _add_changes(session: Session, call: Call, account_id: int | None, now: datetime) -> list[int]:
    """A row of the history for each who has none yet; their ids."""
    told = sa.exists().where(CaseChange.recipient_id == CallRecipient.id, CaseChange.act == CaseAct.CALLED)
    columns: dict[str, Any] = {
        "organiser_id": CallRecipient.organiser_id,
        "call_id": CallRecipient.call_id,
        "act": sa.literal(CaseAct.CALLED, CaseChange.act.type),
        "recipient_id": CallRecipient.id,
        "account_id": sa.literal(account_id, sa.Integer()),
        "at": sa.literal(now, UTCDateTime()),
        "words": sa.literal(""),
        "facts": sa.literal({}, CaseChange.facts.type),
    }
    select = sa.select(*columns.values()).where(CallRecipient.call_id == call.id, sa.not_(told))
    insert = sa.insert(CaseChange).from_select([*columns], select.order_by(CallRecipient.id), False)
    return sorted(session.scalars(insert.returning(CaseChange.id)))
