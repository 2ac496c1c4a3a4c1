"""Reads of one mail and around it: what made it, who delivers it, whether it was ordered again; and a person's mails."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account
from eventsys.events.models import Event, EventChange
from eventsys.extensions import AnyRow
from eventsys.invitations.models import Invitation, InvitationChange
from eventsys.mailing.models import OutboxMessage, Worker
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Organisation, Person
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.workflows.models import MailCause, Occasion, Rule
from eventsys.workspace.mail.case_causes import find_address, list_case_causes
from eventsys.workspace.mail.queries import MAILS_A_PAGE, select_mails

AGAIN = "again"
MOST_AGAIN = 20


def list_causes(session: Session, outbox_ids: Sequence[int]) -> dict[int, list[Any]]:
    """What made each of the mails, in the order of the registrations; two statements however many mails.

    Rows of slug, event_title, name, organisation, Rule, due_at, change, changed_at, event_change, event_changed_at,
    invitation_act, invitation_acted_at; of mails about a case a `CaseRow`. The name is that of the seat or of the one
    invited.
    """
    columns: tuple[Any, ...] = (
        MailCause.outbox_id,
        Event.slug,
        Event.title.label("event_title"),
        sa.func.coalesce(Registration.name, Invitation.name).label("name"),
        Organisation.name.label("organisation"),
        Rule,
        Occasion.due_at,
        RegistrationChange.change,
        RegistrationChange.at.label("changed_at"),
        EventChange.kind.label("event_change"),
        EventChange.at.label("event_changed_at"),
        InvitationChange.act.label("invitation_act"),
        InvitationChange.at.label("invitation_acted_at"),
    )
    rows = session.execute(
        sa.select(*columns)
        .join(Event, Event.id == MailCause.event_id)
        .outerjoin(Registration, Registration.id == MailCause.registration_id)
        .outerjoin(Organisation, Organisation.id == MailCause.organisation_id)
        .outerjoin(Rule, Rule.id == MailCause.rule_id)
        .outerjoin(Occasion, Occasion.id == MailCause.occasion_id)
        .outerjoin(RegistrationChange, RegistrationChange.id == MailCause.registration_change_id)
        .outerjoin(EventChange, EventChange.id == MailCause.event_change_id)
        .outerjoin(Invitation, Invitation.id == MailCause.invitation_id)
        .outerjoin(InvitationChange, InvitationChange.id == MailCause.invitation_change_id)
        .where(MailCause.outbox_id.in_(outbox_ids))
        .order_by(MailCause.outbox_id, MailCause.registration_id, MailCause.id)
    )
    causes: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        causes[row.outbox_id].append(row)
    if left := [number for number in outbox_ids if number not in causes]:
        causes.update(list_case_causes(session, left))
    return causes


def find_worker(session: Session, mail: OutboxMessage) -> Worker | None:
    """The worker that has the mail now."""
    return session.get(Worker, mail.worker_id) if mail.worker_id else None


# --- sent again -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reader:
    """Where a mail goes if it is sent again: the address that its registrations have now, and which of them it has."""

    email: str
    name: str
    registration_ids: tuple[int, ...]


def find_reader(session: Session, mail: OutboxMessage) -> Reader | None:
    """None for a mail that nothing in the database speaks of any more, or that was written by the machine itself.

    Its own address if any of its registrations still has that: a personal link goes to nobody who has left.
    """
    rows = session.execute(
        sa.select(Registration.id, Registration.email, Registration.email_key, Registration.name)
        .select_from(MailCause)
        .outerjoin(Registration, Registration.id == MailCause.registration_id)
        .where(MailCause.outbox_id == mail.id)
        .order_by(Registration.id)
    ).all()
    people = [row for row in rows if row.id is not None]
    if not rows:
        address = find_address(session, mail)
        return Reader(*address, ()) if address is not None else None
    if not mail.email_key:
        return None
    if not people or mail.email_key in {row.email_key for row in people}:
        mine = tuple(row.id for row in people if row.email_key == mail.email_key)
        return Reader(mail.email, mail.name, mine)
    first = people[0]
    if not first.email_key:
        return None
    return Reader(first.email, first.name, tuple(row.id for row in people if row.email_key == first.email_key))


def again_key(mail: OutboxMessage, *, account_id: int, number: int) -> str:
    """Why a mail that somebody ordered once more exists: who, of which mail, for which time."""
    return f"{AGAIN}/{account_id}/{mail.public_id}/{number}"


def next_number(session: Session, mail: OutboxMessage, *, account_id: int) -> int | None:
    """For which time the account would order the mail again; None when it has done so often enough."""
    keys = {again_key(mail, account_id=account_id, number=n): n for n in range(1, MOST_AGAIN + 1)}
    found = session.scalars(sa.select(OutboxMessage.reason_key).where(OutboxMessage.reason_key.in_(keys)))
    return min(set(keys.values()) - {keys[key] for key in found}, default=None)


def find_ordered(session: Session, mail: OutboxMessage) -> tuple[str, uuid.UUID | None]:
    """Who ordered that the mail be sent again, and which mail that was; empty for one that nobody ordered."""
    kind, _slash, rest = mail.reason_key.partition("/")
    account_id, _slash, of = rest.partition("/")
    if kind != AGAIN or not account_id.isdigit():
        return "", None
    name = session.scalar(sa.select(Account.name).where(Account.id == int(account_id)))
    return name or "", uuid.UUID(of.partition("/")[0])


def find_by_reason(session: Session, reason_key: str) -> OutboxMessage | None:
    return session.scalar(sa.select(OutboxMessage).where(OutboxMessage.reason_key == reason_key))


def count_failed(session: Session, *, organiser_id: int, event_id: int) -> int:
    """How many mails of an event could not be delivered, and can be tried again."""
    return session.scalar(sa.select(sa.func.count()).select_from(select_failed(organiser_id, event_id).subquery())) or 0


def select_failed(organiser_id: int, event_id: int) -> sa.Select[OutboxMessage]:
    causes = sa.select(MailCause.id).where(MailCause.outbox_id == OutboxMessage.id, MailCause.event_id == event_id)
    return (
        sa.select(OutboxMessage)
        .where(OutboxMessage.organiser_id == organiser_id, OutboxMessage.state == MailState.FAILED, causes.exists())
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
    )


# --- a person -------------------------------------------------------------------------------------------------------


def list_names(session: Session, organiser_id: int, public_id: uuid.UUID) -> list[AnyRow]:
    """How a person is signed up with the organiser, the newest first: rows of name, email, email_key; none for a
    person of others."""
    columns: tuple[Any, ...] = (Registration.name, Registration.email, Registration.email_key)
    statement = (
        sa.select(*columns)
        .join(Person, Person.id == Registration.person_id)
        .where(Person.public_id == public_id, Registration.organiser_id == organiser_id)
        .order_by(Registration.id.desc())
    )
    return list(session.execute(statement))


def list_restricted(session: Session, outbox_ids: Sequence[int]) -> set[int]:
    """Which of these mails went to somebody because they are a union's representative: who that is, no list says."""
    statement = (
        sa.select(MailCause.outbox_id)
        .join(Invitation, Invitation.id == MailCause.invitation_id)
        .where(MailCause.outbox_id.in_(outbox_ids), Invitation.is_restricted.is_(True))
    )
    return set(session.scalars(statement)) if outbox_ids else set()


def list_mails_of(
    session: Session, organiser_id: int, public_id: uuid.UUID, keys: Sequence[str], *, before: int | None = None
) -> list[OutboxMessage]:
    """The organiser's mails to the person's addresses and about the person's registrations, newest first; a page and
    one more where there is a next one."""
    about = (
        sa.select(MailCause.outbox_id)
        .join(Registration, Registration.id == MailCause.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .where(Person.public_id == public_id, Registration.organiser_id == organiser_id)
    )
    to = sa.select(OutboxMessage.id).where(
        OutboxMessage.organiser_id == organiser_id, OutboxMessage.email_key.in_([key for key in keys if key])
    )
    ids = sa.union(about, to).subquery()
    statement = (
        select_mails(organiser_id)
        .where(OutboxMessage.id.in_(sa.select(ids.c[0])))
        .order_by(OutboxMessage.id.desc())
        .limit(MAILS_A_PAGE + 1)
    )
    if before is not None:
        statement = statement.where(OutboxMessage.id < before)
    return list(session.scalars(statement))
