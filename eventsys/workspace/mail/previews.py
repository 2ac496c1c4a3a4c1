"""Who would get a mail if it were due now, and any one of theirs written out as it would be sent."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.rules import asks_for_union
from eventsys.events.models import Event
from eventsys.mailing.message import Email
from eventsys.mailing.outbox import enqueue, mask_links
from eventsys.mailing.templates import Rendered
from eventsys.workflows import emails
from eventsys.workflows.audiences import Saved, read_needing, read_saved, select_recipients
from eventsys.workflows.emails import Origin
from eventsys.workflows.models import Rule
from eventsys.workflows.pauses import TEST_PREFIX
from eventsys.workspace.mail.occasions import group_by_address

READERS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Aim:
    """What is previewed: the mails of a rule about an event, to those of one run or of all, on a day."""

    event: Event
    rule: Rule
    run_id: int | None
    on: date
    saved: Saved | None = None
    needing: Collection[int] = ()

    @property
    def recipients(self) -> sa.Select[Any]:
        return select_recipients(
            self.rule.audience,
            event_id=self.event.id,
            run_id=self.run_id,
            on=self.on,
            saved=self.saved,
            needing=self.needing,
        )

    @property
    def is_restricted(self) -> bool:
        """Whether who reads it tells of membership in a union, so that no page may name them."""
        return self.saved is not None and asks_for_union(self.saved.clauses)


def take_aim(session: Session, event: Event, rule: Rule, run_id: int | None, on: date) -> Aim:
    """With the saved audience that the rule names, as it is now."""
    needing = read_needing(session, rule.audience, event_id=event.id, on=on)
    return Aim(event, rule, run_id, on, read_saved(session, rule.audience_id), needing)


@dataclass(frozen=True, slots=True)
class Reader:
    """One who gets a mail: an address with all whom the mail is about."""

    email: str
    name: str
    names: tuple[str, ...]
    language: str
    registration_ids: tuple[int, ...]
    organisation_id: int | None
    organisation: str = ""
    invitation_ids: tuple[int, ...] = ()


def count_readers(session: Session, aim: Aim, search: str = "") -> int:
    mails = _mails(aim, search).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(mails)) or 0


def list_readers(
    session: Session, aim: Aim, *, search: str = "", first: int, most: int = READERS_A_PAGE
) -> list[Reader]:
    """Those from place `first` on (from 0) in the order of their names; two statements."""
    order = _mails(aim, search).subquery()
    groups = session.execute(sa.select(order).order_by(order.c.name, order.c.email_key).offset(first).limit(most)).all()
    rows = aim.recipients.subquery()
    wanted = rows.c.email_key.in_([group.email_key for group in groups])
    people: dict[str, list[Any]] = {}
    for row in session.execute(sa.select(rows).where(wanted).order_by(rows.c.registration_id, rows.c.name)):
        people.setdefault(row.email_key, []).append(row)
    return [_reader(group, people.get(group.email_key, [])) for group in groups]


def _mails(aim: Aim, search: str) -> sa.Select[Any]:
    """One row for each mail; with `search` of those alone whose address or name has it."""
    recipients = aim.recipients
    if not search:
        return group_by_address(recipients)
    rows = recipients.subquery()
    in_name = [rows.c.name.contains(word, autoescape=True) for word in {search, search.title()}]
    in_address = rows.c.email_key.contains(search.casefold(), autoescape=True)
    found = sa.select(rows.c.email_key).where(sa.or_(in_address, *in_name))
    grouped = group_by_address(recipients).subquery()
    return sa.select(grouped).where(grouped.c.email_key.in_(found))


def _reader(group: Any, rows: list[Any]) -> Reader:
    names = tuple(dict.fromkeys(row.name for row in rows if row.name))
    mailbox = next((row for row in rows if row.organisation_id is not None), None)
    return Reader(
        email=group.email,
        name=group.name if group.people == 1 else "",
        names=names,
        language=group.language,
        registration_ids=tuple(sorted({row.registration_id for row in rows if row.registration_id is not None})),
        organisation_id=mailbox.organisation_id if mailbox else None,
        organisation=mailbox.name if mailbox else "",
        invitation_ids=tuple(sorted({row.invitation_id for row in rows if row.invitation_id is not None})),
    )


def write(session: Session, aim: Aim, reader: Reader, *, origin: Origin, now: datetime) -> Email:
    """The reader's mail as it would be sent, personal links masked."""
    return emails.preview(
        session,
        rule=aim.rule,
        event_id=aim.event.id,
        run_id=aim.run_id,
        registration_ids=reader.registration_ids,
        invitation_ids=reader.invitation_ids,
        organisation_id=reader.organisation_id,
        organisation=reader.organisation,
        name=reader.name,
        email=reader.email,
        language=reader.language,
        origin=origin,
        now=now,
    )


def send_test(
    session: Session,
    aim: Aim,
    email: Email,
    *,
    subject: str,
    language: str,
    to: tuple[int, str, str],
    now: datetime,
) -> None:
    """Puts a copy of the mail in the outbox to who asked for it (account, address, name), and to nobody else."""
    account_id, address, name = to
    enqueue(
        session,
        organiser_id=aim.event.organiser_id,
        reason_key=f"{TEST_PREFIX}{account_id}/{uuid.uuid4()}",
        template=aim.rule.template,
        email=address,
        name=name,
        language=language,
        due_at=now,
        now=now,
        content=Rendered(subject, mask_links(email.text), mask_links(email.html)),
    )
