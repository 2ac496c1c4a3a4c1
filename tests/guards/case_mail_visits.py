"""Somebody who writes an application of each organiser's call, and a mail that they got about it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.models import Application, ApplicationMember, Call, CaseChange
from eventsys.tokens import Purpose, capability
from eventsys.workflows.cases.mails import CaseMail, add_case_mails
from tests.calling import add_member
from tests.world import NOW

EMAIL = "skriver-{}@kommune.example"


def add_case_mail_things(session: Session, organiser_id: int, marker: str) -> None:
    application = session.scalars(sa.select(Application).filter_by(organiser_id=organiser_id)).first()
    assert application is not None
    call = session.get_one(Call, application.call_id)
    address = EMAIL.format(organiser_id)
    member = add_member(session, application, number=9, email=address, email_key=address, name=f"{marker}-kladd")
    change = CaseChange(
        organiser_id=organiser_id, call_id=call.id, application_id=application.id, member_id=member.id, at=NOW,
        act=CaseAct.ASKED_FOR_LINK, noticed_at=NOW,
    )  # fmt: skip
    session.add(change)
    session.flush()
    mail = CaseMail(
        organiser_id=organiser_id, reason=f"case/{change.id}/{address}", template="application_link", email=address,
        name=member.name, language="nb", due_at=NOW, next_try_at=NOW, priority=0, change_id=change.id,
        member_id=member.id,
    )  # fmt: skip
    add_case_mails(session, [mail], now=NOW)
    sent = {"state": MailState.SENT, "sent_at": NOW, "subject": f"{marker}-kladd", "text": f"Hilsen {marker}-kladd"}
    session.execute(sa.update(OutboxMessage).where(OutboxMessage.email_key == address).values(**sent))
    add_answer(session, change, mail, f"{marker}-søknad")


def add_answer(session: Session, link: CaseChange, mail: CaseMail, words: str) -> None:
    """What an application is asked to say more of is for its assessors, in the mail too."""
    asked = CaseChange(
        organiser_id=link.organiser_id, call_id=link.call_id, application_id=link.application_id, at=NOW,
        act=CaseAct.ASKED_TO_SUPPLEMENT, noticed_at=NOW, words=words,
    )  # fmt: skip
    session.add(asked)
    session.flush()
    reason = f"case/{asked.id}/{mail.email}"
    add_case_mails(session, [mail._replace(reason=reason, template="supplement_asked", change_id=asked.id)], now=NOW)
    sent = {"state": MailState.SENT, "sent_at": NOW, "subject": words, "text": f"Hilsen {words}"}
    session.execute(sa.update(OutboxMessage).where(OutboxMessage.reason_key == reason).values(**sent))


def case_mail_values(organiser_id: int) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""
    member = db.session().scalars(sa.select(ApplicationMember).filter_by(email=EMAIL.format(organiser_id))).one()
    token = capability(Purpose.APPLICATION, member.public_id, member.link_version)
    return {"site.application_mails": {"token": token}}
