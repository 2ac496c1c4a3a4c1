"""Reads of what mails about calls, applications and decisions are about, and of who may not read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.intake.queries import is_open_to
from eventsys.programmes.models import Application, ApplicationMember, Call, CallRecipient, CaseChange, Disqualification
from eventsys.workflows.models import CaseCause

OF_ASSESSORS = (CaseAct.ASKED_TO_SUPPLEMENT, CaseAct.SUPPLEMENTED, CaseAct.LETTER_SENT)
"""What tells of what stands in an application, or what was thought of it."""


class CaseRow(NamedTuple):
    """What made a mail about a case: the act and its moment, which call, whom it is about. `name` is its reader's where
    they write the application."""

    act: CaseAct
    acted_at: datetime
    call: str
    call_title: dict[str, str]
    organisation: str | None
    name: str | None
    is_copy: bool


def list_case_causes(session: Session, outbox_ids: Sequence[int]) -> dict[int, list[CaseRow]]:
    """What made each of those mails that are about cases; one statement however many mails."""
    where = sa.func.coalesce(Application.organisation_id, CallRecipient.organisation_id)
    columns: tuple[Any, ...] = (
        CaseCause.outbox_id, CaseChange.act, CaseChange.at, Call.slug, Call.title, Organisation.label,
        ApplicationMember.name, CaseCause.is_copy,
    )  # fmt: skip
    rows = session.execute(
        sa.select(*columns)
        .select_from(CaseCause)
        .join(CaseChange, CaseChange.id == CaseCause.change_id)
        .join(Call, Call.id == CaseChange.call_id)
        .outerjoin(Application, Application.id == CaseChange.application_id)
        .outerjoin(CallRecipient, CallRecipient.id == CaseChange.recipient_id)
        .outerjoin(Organisation, Organisation.id == where)
        .outerjoin(ApplicationMember, ApplicationMember.id == CaseCause.member_id)
        .where(CaseCause.outbox_id.in_(outbox_ids))
    )
    return {row[0]: [CaseRow(*row[1:])] for row in rows}


def list_closed(session: Session, outbox_ids: Sequence[int], account_id: int) -> set[int]:
    """Which of these mails the account may not read: what tells of an application to others than its assessors, and
    everything about one for which it is disqualified."""
    disqualified = sa.exists().where(
        Disqualification.application_id == Application.id, Disqualification.account_id == account_id
    )
    of_others = sa.and_(CaseChange.act.in_(OF_ASSESSORS), sa.not_(is_open_to(account_id)))
    statement = (
        sa.select(CaseCause.outbox_id)
        .join(CaseChange, CaseChange.id == CaseCause.change_id)
        .join(Application, Application.id == CaseChange.application_id)
        .where(CaseCause.outbox_id.in_(outbox_ids), sa.or_(disqualified, of_others))
    )
    return set(session.scalars(statement)) if outbox_ids else set()


def find_address(session: Session, mail: OutboxMessage) -> tuple[str, str] | None:
    """Address and name that a mail about a case goes to if it is sent again: a member's as they are now, unless they have
    left; None for a mail that is about no case, or whose reader is nobody any more."""
    row = session.execute(
        sa.select(CaseCause.member_id, ApplicationMember)
        .outerjoin(ApplicationMember, ApplicationMember.id == CaseCause.member_id)
        .where(CaseCause.outbox_id == mail.id)
    ).first()
    if row is None or not mail.email_key:
        return None
    member: ApplicationMember | None = row.ApplicationMember
    if member is None:
        return mail.email, mail.name
    return (member.email, member.name) if member.ended_at is None and member.email_key else None
