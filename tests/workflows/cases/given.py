"""Given-data about mail of cases: a call whose letter is written, and the mails as they arrived."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CallState, CaseAct
from eventsys.programmes.cases.actions import note
from eventsys.programmes.models import Call, CallRecipient
from eventsys.workflows.cases.sending import send_call
from eventsys.workflows.cases.texts import write_letter
from eventsys.workflows.jobs import tick_until_idle
from tests.calling import add_application, add_call, add_member
from tests.mailing.sink import Sink
from tests.workflows.rows import set_clock
from tests.world import NOW, World, build

LETTER = {
    "nb": "Subject: {call_title}\n\nTil {organisation}: søk innen {call_deadline}.\n\n[Svar]({call_link})\n",
    "nn": "Subject: {call_title}\n\nTil {organisation}: søk innan {call_deadline}.\n\n[Svar]({call_link})\n",
}
ALL_MUNICIPALITIES = [{"conditions": [{"kind": "organisation_kind", "words": ["municipality"]}], "reach": "mailboxes"}]


@dataclass
class Case:
    """A world at 8 on a Monday with a call of the secretariat's that is written and not sent."""

    app: Flask
    sink: Sink
    world: World
    call_id: int

    @property
    def call(self) -> Call:
        return db.session.get_one(Call, self.call_id)

    def send(self, now: datetime = NOW) -> int:
        with transaction() as session:
            call = session.get_one(Call, self.call_id)
            return send_call(session, call, on=now.date(), account_id=None, now=now)

    def note(self, act: CaseAct, *, now: datetime = NOW, **more: Any) -> int:
        with transaction() as session:
            return note(session, session.get_one(Call, self.call_id), act, now=now, **more).id

    def tick(self, now: datetime = NOW) -> None:
        set_clock(now)
        tick_until_idle(self.app)
        db.session.rollback()
        db.session.expire_all()

    def change(self, model: Any, **values: Any) -> None:
        with transaction() as session:
            session.execute(sa.update(model).values(**values).execution_options(synchronize_session=False))

    def came(self) -> dict[str, EmailMessage]:
        """By address, the newest."""
        return dict(zip(self.sink.recipients, self.sink.messages, strict=True))


def build_case(app: Flask, sink: Sink, *, letter: Mapping[str, str] = LETTER) -> Case:
    set_clock(NOW)
    world = build()
    with transaction() as session:
        give_mailboxes(session, world, ["0821", "1867", "2021", "1119"])
        session.get_one(Organisation, world.municipalities["1119"]).language_form = LanguageForm.NYNORSK
        call = add_call(session, world, state=CallState.DRAFT)
        call.clauses, call.case_number = ALL_MUNICIPALITIES, "08/99"
        write_letter(session, call, "letter", letter, account_id=None, now=NOW)
        call_id = call.id
    tick_until_idle(app)
    return Case(app, sink, world, call_id)


def give_mailboxes(session: Session, world: World, numbers: Iterable[str]) -> None:
    for number in numbers:
        session.get_one(Organisation, world.municipalities[number]).email = mailbox_of(number)


def mailbox_of(number: str) -> str:
    return f"post@{number}.example"


def apply(case: Case, number: str, *, members: int = 1, state: ApplicationState, **more: Any) -> tuple[int, list[int]]:
    """An application of that municipality, which got the call, and of so many who write it: their ids."""
    with transaction() as session:
        call = session.get_one(Call, case.call_id)
        organisation_id = case.world.municipalities[number]
        recipient = session.query(CallRecipient).filter_by(organisation_id=organisation_id).one_or_none()
        application = add_application(session, call, organisation_id, state=state, recipient=recipient, **more)
        writers = [add_member(session, application, number=place + 1).id for place in range(members)]
        return application.id, writers


def member_mail(application_id: int, number: int = 1) -> str:
    return f"soker{number}-{application_id}@kommune.example"


def list_mails() -> list[tuple[str, str, str, str | None]]:
    """Text, address, state and why not of each, by address."""
    db.session.rollback()
    found = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.email, OutboxMessage.id))
    return [
        (mail.template, mail.email, mail.state.value, mail.answer if mail.state != "sent" else None) for mail in found
    ]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    content: str = body.get_content().replace("\r\n", "\n")
    return content


def link_in(message: EmailMessage, path: str) -> str:
    """The one link of the mail that begins so."""
    found: str
    (found,) = set(re.findall(rf"http://127\.0\.0\.1:5000({path}[^\s)>\"]*)", text_of(message)))
    return found
