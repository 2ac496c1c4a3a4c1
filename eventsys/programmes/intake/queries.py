"""Who reads which application: one condition for every page, file and list; and finding what decisions are made of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import language_of
from eventsys.organisers.models import Organiser
from eventsys.programmes.intake.rules import Outcome, Scale
from eventsys.programmes.models import (
    Application,
    Assessment,
    AssessmentPoints,
    Assessor,
    Call,
    Criterion,
    Decision,
    DecisionLetter,
    Disqualification,
    Intake,
)


def is_open_to(account_id: int) -> sa.ColumnElement[bool]:
    """Of `Application`: it was sent, and the account is an assessor of its call and not disqualified for it."""
    assesses = sa.exists().where(Assessor.call_id == Application.call_id, Assessor.account_id == account_id)
    disqualified = sa.exists().where(
        Disqualification.application_id == Application.id, Disqualification.account_id == account_id
    )
    return sa.and_(Application.sent_at.is_not(None), assesses, ~disqualified)


def select_open_to(account_id: int) -> sa.Select[Application]:
    """The applications that the account may read. There is no other way to one: not for pages, files, lists or search."""
    return sa.select(Application).where(is_open_to(account_id))


def find_open(
    session: Session, public_id: uuid.UUID, *, call_id: int, account_id: int, for_update: bool = False
) -> Application | None:
    statement = select_open_to(account_id).where(Application.public_id == public_id, Application.call_id == call_id)
    if for_update:
        statement = statement.with_for_update(of=Application).execution_options(populate_existing=True)
    return session.scalar(statement)


def list_open(
    session: Session, public_ids: Iterable[uuid.UUID], *, call_id: int, account_id: int
) -> list[tuple[Application, Organisation]]:
    """Those of them that the account may read, in the order asked for, with whose they are."""
    ids = list(public_ids)
    statement = (
        select_open_to(account_id)
        .add_columns(Organisation)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.call_id == call_id, Application.public_id.in_(ids))
    )
    found = {row.Application.public_id: (row.Application, row.Organisation) for row in session.execute(statement)}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def find_assessor(session: Session, *, call_id: int, account_id: int) -> Assessor | None:
    return session.get(Assessor, (call_id, account_id), populate_existing=True)


def list_assessors(session: Session, call_id: int) -> list[tuple[Assessor, Account]]:
    statement = (
        sa.select(Assessor, Account)
        .join(Account, Account.id == Assessor.account_id)
        .where(Assessor.call_id == call_id)
        .order_by(Account.name, Account.id)
    )
    return [(row.Assessor, row.Account) for row in session.execute(statement)]


def list_disqualifications(session: Session, call_id: int) -> list[sa.Row[Disqualification, Account, Application, str]]:
    """Who is shut out from what: disqualification, account, application and the applicant's label."""
    statement = (
        sa.select(Disqualification, Account, Application, Organisation.label)
        .join(Application, Application.id == Disqualification.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Account, Account.id == Disqualification.account_id)
        .where(Application.call_id == call_id)
        .order_by(Account.name, Organisation.sort_key)
    )
    return list(session.execute(statement))


def list_applicants(session: Session, call_id: int) -> list[tuple[uuid.UUID, str]]:
    """Who has sent an application, by name alone: what an owner needs to shut somebody out from one."""
    statement = (
        sa.select(Application.public_id, Organisation.label)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.call_id == call_id, Application.sent_at.is_not(None))
        .order_by(Organisation.sort_key)
    )
    return [(row.public_id, row.label) for row in session.execute(statement)]


def list_criteria(session: Session, call_id: int) -> list[Criterion]:
    statement = sa.select(Criterion).where(Criterion.call_id == call_id).order_by(Criterion.position, Criterion.id)
    return list(session.scalars(statement))


def list_scales(session: Session, call_id: int) -> list[Scale]:
    return [Scale(one.id, one.public_id, one.most_points) for one in list_criteria(session, call_id)]


def find_criterion(session: Session, call_id: int, public_id: uuid.UUID) -> Criterion | None:
    return session.scalar(sa.select(Criterion).filter_by(call_id=call_id, public_id=public_id))


def find_applicant(session: Session, call_id: int, public_id: uuid.UUID | None) -> Application | None:
    """An application that was sent, for an owner who sets who is shut out from it: never to be shown."""
    return session.scalar(
        sa.select(Application).where(
            Application.call_id == call_id, Application.public_id == public_id, Application.sent_at.is_not(None)
        )
    )


def count_given(session: Session, call_id: int) -> dict[int, tuple[int, int]]:
    """By criterion how many have given points by it, and the most that anybody gave."""
    statement = (
        sa.select(AssessmentPoints.criterion_id, sa.func.count(), sa.func.max(AssessmentPoints.points))
        .join(Criterion, Criterion.id == AssessmentPoints.criterion_id)
        .where(Criterion.call_id == call_id)
        .group_by(AssessmentPoints.criterion_id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(statement)}


def list_intakes(session: Session, call_id: int) -> list[Intake]:
    return list(session.scalars(sa.select(Intake).where(Intake.call_id == call_id).order_by(Intake.ordinal)))


def count_admitted(session: Session, intake_id: int) -> int:
    """How many are admitted in the intake as it is now; under its lock the count holds until commit."""
    statement = sa.select(sa.func.count()).select_from(Decision).where(
        Decision.intake_id == intake_id, Decision.outcome == Outcome.ADMITTED, Decision.reversed_at.is_(None)
    )  # fmt: skip
    return session.scalar(statement) or 0


def find_decision(session: Session, application_id: int) -> Decision | None:
    """The decision that stands."""
    return session.scalar(
        sa.select(Decision).where(Decision.application_id == application_id, Decision.reversed_at.is_(None))
    )


def find_letter(session: Session, decision_id: int) -> DecisionLetter | None:
    return session.scalar(sa.select(DecisionLetter).where(DecisionLetter.decision_id == decision_id))


def find_languages(session: Session, call: Call, application_ids: Iterable[int]) -> dict[int, str]:
    """By application the language of its letters: the applicant's form of the language, else the organiser's own."""
    default = session.scalar(sa.select(Organiser.language).where(Organiser.id == call.organiser_id)) or "nb"
    statement = (
        sa.select(Application.id, Organisation.language_form)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.id.in_(list(application_ids)))
    )
    return {row.id: language_of(row.language_form, default) for row in session.execute(statement)}


def list_case_numbers(session: Session, organiser_id: int) -> list[str]:
    taken = (Application.organiser_id == organiser_id, Application.case_number != "")
    return list(session.scalars(sa.select(Application.case_number).where(*taken)))


def find_assessment(
    session: Session, application_id: int, account_id: int
) -> tuple[Assessment, Mapping[int, int]] | None:
    """What the account thinks of the application, with its points by criterion."""
    found = session.scalar(
        sa.select(Assessment)
        .where(Assessment.application_id == application_id, Assessment.account_id == account_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        return None
    points = sa.select(AssessmentPoints.criterion_id, AssessmentPoints.points)
    rows = session.execute(points.where(AssessmentPoints.assessment_id == found.id))
    return found, {row.criterion_id: row.points for row in rows}


def list_others(session: Session, application_id: int, account_id: int) -> list[tuple[Assessment, str, dict[int, int]]]:
    """What the other assessors think: assessment, who, points by criterion. For whom has given their own alone."""
    statement = (
        sa.select(Assessment, Account.name)
        .join(Account, Account.id == Assessment.account_id)
        .where(Assessment.application_id == application_id, Assessment.account_id != account_id)
        .order_by(Account.name, Account.id)
    )
    rows = list(session.execute(statement))
    points: dict[int, dict[int, int]] = {row.Assessment.id: {} for row in rows}
    given = sa.select(AssessmentPoints).where(AssessmentPoints.assessment_id.in_(list(points)))
    for one in session.scalars(given):
        points[one.assessment_id][one.criterion_id] = one.points
    return [(row.Assessment, row.name, points[row.Assessment.id]) for row in rows]
