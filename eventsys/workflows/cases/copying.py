"""Copies of letters in a case: to the archive and to partners, each a mail of its own that says whom the letter went to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.mailing.rules import BULK
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Call, CallRecipient, CaseChange, ProgrammeParty
from eventsys.programmes.rules import PartyRole
from eventsys.workflows.actions.copies import PREFIX
from eventsys.workflows.actions.occasions import wait_out_quiet
from eventsys.workflows.cases.mails import CaseMail, add_case_mails
from eventsys.workflows.cases.texts import key_of
from eventsys.workflows.copies import Partner
from eventsys.workflows.models import MailCopy, MailTemplate
from eventsys.workflows.texts import find_sources
from eventsys.workflows.texts.rules import LANGUAGES


def list_copied(session: Session, organiser: Organiser, call: Call, template: str) -> list[Partner]:
    """The archive, the programme's partners, and those whom the letter itself names; each address once."""
    of_letter = (MailTemplate.organiser_id == organiser.id, MailTemplate.key == template)
    named = session.execute(
        sa.select(MailCopy.name, MailCopy.email)
        .join(MailTemplate, MailTemplate.id == MailCopy.template_id)
        .where(*of_letter)
        .order_by(MailCopy.id)
    )
    is_partner = (ProgrammeParty.programme_id == call.programme_id, ProgrammeParty.role == PartyRole.PARTNER)
    partners = session.scalars(
        sa.select(ProgrammeParty).where(*is_partner, ProgrammeParty.email != "").order_by(ProgrammeParty.position)
    )
    found = [Partner("", organiser.archive_email)] if organiser.archive_email.strip() else []
    found += [Partner(_name_of(one, organiser.language), one.email) for one in partners]
    found += [Partner(*row) for row in named]
    return [*{email_key(one.email): one for one in reversed(found)}.values()][::-1]


def make_copies(
    organiser: Organiser,
    partners: Collection[Partner],
    change: CaseChange,
    *,
    template: str,
    language: str,
    read_by: Collection[str],
    now: datetime,
) -> Iterator[CaseMail]:
    """A mail for each but those who read the letter itself, whose addresses `read_by` are."""
    for one in partners:
        key = email_key(one.email)
        if key not in read_by:
            yield CaseMail(
                organiser_id=organiser.id,
                reason=f"{PREFIX}case/{change.id}/{key}",
                template=template,
                email=one.email,
                name=one.name,
                language=language,
                due_at=change.at,
                next_try_at=wait_out_quiet(organiser, max(change.at, now), change.at),
                priority=BULK,
                change_id=change.id,
                is_copy=True,
            )


def add_copies_of_call(session: Session, organiser: Organiser, call: Call, *, change_id: int, now: datetime) -> None:
    """One copy of the call for each, however many organisations it went to; the first of those rows stands for all."""
    template = key_of(call, "letter")
    if template is None:
        return
    partners = list_copied(session, organiser, call, template)
    if not partners:
        return
    readers = session.scalars(sa.select(CallRecipient.email).where(CallRecipient.call_id == call.id))
    written = find_sources(session, [(organiser.id, template)])[organiser.id, template]
    copies = make_copies(
        organiser,
        partners,
        session.get_one(CaseChange, change_id),
        template=template,
        language=next(code for code in (organiser.language, *LANGUAGES) if code in written),
        read_by={email_key(email) for email in readers},
        now=now,
    )
    add_case_mails(session, [*copies], now=now)


def _name_of(party: ProgrammeParty, language: str) -> str:
    return party.name.get(language) or next(iter(party.name.values()), "")
