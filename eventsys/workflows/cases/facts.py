"""Reads what mails about cases speak of: the row of the history and all around it, a batch in a few statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.models import (
    Application,
    ApplicationMember,
    Call,
    CallNudge,
    CallRecipient,
    CaseChange,
    Cohort,
    Decision,
    DecisionLetter,
    Intake,
    Programme,
)
from eventsys.workflows.copies import WentTo
from eventsys.workflows.models import CaseCause


@dataclass(slots=True)
class CaseFacts:
    """What one mail speaks of. `member` reads it, `actor` did what it tells of, `inviter` asked the member in; `has_begun`
    says whether the organisation has an application, which the mail itself need not be about."""

    change: CaseChange
    call: Call
    programme: Programme
    organiser: Organiser
    organisation: Organisation | None = None
    recipient: CallRecipient | None = None
    nudge: CallNudge | None = None
    application: Application | None = None
    member: ApplicationMember | None = None
    actor: ApplicationMember | None = None
    inviter: ApplicationMember | None = None
    letter: DecisionLetter | None = None
    decision: Decision | None = None
    intake: Intake | None = None
    cohort: Cohort | None = None
    has_begun: bool = False
    is_copy: bool = False
    went_to: WentTo = field(default=WentTo(0, ()))


def find_case_facts(session: Session, outbox_ids: Collection[int]) -> dict[int, CaseFacts]:
    """By message; one that is about no case is no key. One statement, and one or two for copies."""
    found = {row[0]: CaseFacts(*row[1:]) for row in session.execute(_of_messages(outbox_ids))}
    for facts in found.values():
        if facts.is_copy:
            facts.went_to = _read_went_to(session, facts)
    return found


def find_letter_facts(session: Session, letter: DecisionLetter) -> CaseFacts:
    """The same of a letter that nobody has sent, to the organisation's mailbox."""
    application = session.get_one(Application, letter.application_id)
    call = session.get_one(Call, application.call_id)
    decision = session.get_one(Decision, letter.decision_id)
    intake = session.get_one(Intake, decision.intake_id)
    recipient_id = application.recipient_id
    facts = find_call_facts(session, call, session.get_one(Organisation, application.organisation_id))
    facts.change = CaseChange(act=CaseAct.LETTER_SENT, words="", facts={})
    facts.recipient = session.get(CallRecipient, recipient_id) if recipient_id is not None else None
    facts.application, facts.letter, facts.decision, facts.intake = application, letter, decision, intake
    facts.cohort = session.get(Cohort, intake.cohort_id) if intake.cohort_id is not None else None
    return facts


def find_call_facts(session: Session, call: Call, organisation: Organisation | None) -> CaseFacts:
    """The same of a call that nobody has sent."""
    return CaseFacts(
        change=CaseChange(act=CaseAct.CALLED, words="", facts={}),
        call=call,
        programme=session.get_one(Programme, call.programme_id),
        organiser=session.get_one(Organiser, call.organiser_id),
        organisation=organisation,
    )


def join_case(statement: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """Of rows of the history all that they are about, whichever of it there is."""
    whose = sa.func.coalesce(CaseChange.recipient_id, Application.recipient_id)
    where = sa.func.coalesce(Application.organisation_id, CallRecipient.organisation_id)
    return (
        statement.join(Call, Call.id == CaseChange.call_id)
        .outerjoin(Application, Application.id == CaseChange.application_id)
        .outerjoin(CallRecipient, CallRecipient.id == whose)
        .outerjoin(Organisation, Organisation.id == where)
        .outerjoin(CallNudge, CallNudge.id == CaseChange.nudge_id)
        .outerjoin(DecisionLetter, DecisionLetter.id == CaseChange.letter_id)
        .outerjoin(Decision, Decision.id == DecisionLetter.decision_id)
    )


def _of_messages(outbox_ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    """The columns stand in the order of `CaseFacts`."""
    actor, inviter = aliased(ApplicationMember), aliased(ApplicationMember)
    any_application = aliased(Application)
    has_begun = sa.exists().where(
        any_application.call_id == CaseChange.call_id, any_application.organisation_id == CallRecipient.organisation_id
    )
    columns: tuple[Any, ...] = (
        CaseCause.outbox_id, CaseChange, Call, Programme, Organiser, Organisation, CallRecipient, CallNudge, Application,
        ApplicationMember, actor, inviter, DecisionLetter, Decision, Intake, Cohort, has_begun, CaseCause.is_copy,
    )  # fmt: skip
    of_messages = sa.select(*columns).select_from(CaseCause).join(CaseChange, CaseChange.id == CaseCause.change_id)
    return (
        join_case(of_messages)
        .join(Programme, Programme.id == Call.programme_id)
        .join(Organiser, Organiser.id == CaseCause.organiser_id)
        .outerjoin(ApplicationMember, ApplicationMember.id == CaseCause.member_id)
        .outerjoin(actor, actor.id == CaseChange.member_id)
        .outerjoin(inviter, inviter.id == ApplicationMember.invited_by_id)
        .outerjoin(Intake, Intake.id == Decision.intake_id)
        .outerjoin(Cohort, Cohort.id == Intake.cohort_id)
        .where(CaseCause.outbox_id.in_(outbox_ids))
        .execution_options(populate_existing=True)
    )


def _read_went_to(session: Session, facts: CaseFacts) -> WentTo:
    """A call's copy stands for all that it was sent to at that moment, a decision's for that letter."""
    change = facts.change
    if change.act is not CaseAct.CALLED:
        counted = sa.select(sa.func.count()).where(CaseCause.change_id == change.id, CaseCause.is_copy.is_(False))
        return WentTo(session.scalar(counted) or 0, (facts.organisation.label,) if facts.organisation else ())
    labels = session.scalars(
        sa.select(Organisation.label)
        .join(CallRecipient, CallRecipient.organisation_id == Organisation.id)
        .join(CaseChange, CaseChange.recipient_id == CallRecipient.id)
        .where(CaseChange.call_id == change.call_id, CaseChange.act == CaseAct.CALLED, CaseChange.at == change.at)
        .order_by(Organisation.sort_key)
    ).all()
    return WentTo(len(labels), tuple(labels))
