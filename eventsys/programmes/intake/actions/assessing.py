"""Who assesses, by what, what they think, who is shut out, and what is set aside for an intake."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import Translated
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.cases.actions import note
from eventsys.programmes.intake import queries
from eventsys.programmes.intake.rules import DECIDABLE, CaseNumberIsTaken
from eventsys.programmes.models import (
    Application,
    Assessment,
    AssessmentPoints,
    Assessor,
    Call,
    Criterion,
    Disqualification,
)


def appoint(session: Session, *, call_id: int, account_id: int, may_decide: bool) -> Assessor:
    """Makes the account an assessor of the call, or says anew whether it may decide."""
    found = session.get(Assessor, (call_id, account_id))
    if found is None:
        found = Assessor(call_id=call_id, account_id=account_id, may_decide=may_decide)
        session.add(found)
    found.may_decide = may_decide
    session.flush()
    return found


def dismiss(session: Session, *, call_id: int, account_id: int) -> bool:
    """They read no more; what they thought of applications stays. Whether they were one."""
    found = session.get(Assessor, (call_id, account_id))
    if found is None:
        return False
    session.delete(found)
    session.flush()
    return True


def add_criterion(session: Session, *, call_id: int, name: Translated, help: Translated, most_points: int) -> Criterion:
    last = session.scalar(sa.select(sa.func.max(Criterion.position)).where(Criterion.call_id == call_id))
    place = 0 if last is None else last + 1
    criterion = Criterion(call_id=call_id, position=place, name=name, help=help, most_points=most_points)
    session.add(criterion)
    session.flush()
    return criterion


def change_criterion(
    session: Session, criterion: Criterion, *, name: Translated, help: Translated, most_points: int
) -> bool:
    """False where somebody has given more points by it than it would then take."""
    _given, most = queries.count_given(session, criterion.call_id).get(criterion.id, (0, 0))
    if most > most_points:
        return False
    criterion.name, criterion.help, criterion.most_points = name, help, most_points
    session.flush()
    return True


def remove_criterion(session: Session, criterion: Criterion) -> bool:
    """False where somebody has given points by it."""
    if criterion.id in queries.count_given(session, criterion.call_id):
        return False
    session.delete(criterion)
    session.flush()
    return True


def move_criterion(session: Session, criterion: Criterion, *, by: int) -> None:
    """One place up or down among those of its call."""
    every = queries.list_criteria(session, criterion.call_id)
    here = every.index(criterion)
    there = min(max(here + by, 0), len(every) - 1)
    every.insert(there, every.pop(here))
    for place, one in enumerate(every):
        one.position = place
    session.flush()


def disqualify(
    session: Session,
    call: Call,
    application: Application,
    account_id: int,
    *,
    why: str,
    by_account_id: int,
    now: datetime,
) -> bool:
    """From now on the account has no access to the application. False where it had none already."""
    if session.get(Disqualification, (application.id, account_id)) is not None:
        return False
    row = Disqualification(
        application_id=application.id, account_id=account_id, why=why, at=now, by_account_id=by_account_id
    )
    session.add(row)
    facts = {"account": account_id}
    note(
        session, call, CaseAct.DISQUALIFIED, application_id=application.id, account_id=by_account_id, facts=facts,
        now=now,
    )  # fmt: skip
    return True


def lift_disqualification(
    session: Session, call: Call, application: Application, account_id: int, *, by_account_id: int, now: datetime
) -> bool:
    """Whether there was one. Nobody lifts their own."""
    found = session.get(Disqualification, (application.id, account_id))
    if found is None or account_id == by_account_id:
        return False
    session.delete(found)
    facts = {"account": account_id}
    note(
        session, call, CaseAct.NOT_DISQUALIFIED, application_id=application.id, account_id=by_account_id, facts=facts,
        now=now,
    )  # fmt: skip
    return True


def save_assessment(
    session: Session,
    call: Call,
    application: Application,
    *,
    account_id: int,
    notes: str,
    points: Mapping[int, int],
    now: datetime,
) -> Assessment:
    """What the account thinks, in place of what it thought: notes, and points by criterion. Points that the criterion does
    not take raise `ValueError`."""
    most = {one.id: one.most_points for one in queries.list_criteria(session, call.id)}
    if any(number not in most or not 0 <= given <= most[number] for number, given in points.items()):
        raise ValueError(points)
    found = queries.find_assessment(session, application.id, account_id)
    if found is None:
        assessment = Assessment(application_id=application.id, account_id=account_id, at=now)
        session.add(assessment)
        was: Mapping[int, int] = {}
    else:
        assessment, was = found
        if (assessment.notes, was) == (notes, points):
            return assessment
        assessment.edition += 1
    assessment.notes, assessment.at = notes, now
    session.flush()
    gone = sa.delete(AssessmentPoints).where(AssessmentPoints.assessment_id == assessment.id)
    session.execute(gone.execution_options(synchronize_session=False))
    session.add_all(
        AssessmentPoints(assessment_id=assessment.id, criterion_id=one, points=given) for one, given in points.items()
    )
    note(session, call, CaseAct.ASSESSED, application_id=application.id, account_id=account_id, now=now)
    return assessment


def shortlist(
    session: Session,
    call: Call,
    application_ids: Collection[int],
    *,
    intake_id: int | None,
    account_id: int,
    now: datetime,
) -> int:
    """Sets those of them that the account may read, and that nobody has decided on, aside for an intake, or for none; how
    many that changed."""
    statement = (
        queries.select_open_to(account_id)
        .where(Application.call_id == call.id, Application.id.in_(list(application_ids)))
        .where(Application.state.in_(DECIDABLE))
        .order_by(Application.id)
        .with_for_update(of=Application)
        .execution_options(populate_existing=True)
    )
    changed = [one for one in session.scalars(statement) if one.shortlisted_intake_id != intake_id]
    act = CaseAct.NOT_SHORTLISTED if intake_id is None else CaseAct.SHORTLISTED
    for application in changed:
        application.shortlisted_intake_id = intake_id
        note(session, call, act, application_id=application.id, account_id=account_id, now=now)
    return len(changed)


def set_case_number(session: Session, application: Application, number: str) -> None:
    """Raises `CaseNumberIsTaken`."""
    taken = (
        Application.organiser_id == application.organiser_id,
        Application.case_number == number,
        Application.id != application.id,
    )
    if number and session.scalar(sa.select(Application.id).where(*taken).limit(1)):
        raise CaseNumberIsTaken
    application.case_number = number
    session.flush()
