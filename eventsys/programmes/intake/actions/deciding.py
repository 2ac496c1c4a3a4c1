"""Deciding on applications, many at once and never more than an intake takes; and taking a decision back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.programmes.actions import place_in_cohort
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.cases.actions import note
from eventsys.programmes.intake import queries
from eventsys.programmes.intake.rules import (
    DECIDABLE,
    STATE_OF,
    IsDisqualified,
    LacksCohort,
    LacksGrounds,
    LetterIsSent,
    LetterState,
    MayNotDecide,
    NoLaterIntake,
    Outcome,
    Ruling,
    StateHasChanged,
    check_room,
    list_without_grounds,
)
from eventsys.programmes.models import (
    Application,
    Call,
    CaseChange,
    Cohort,
    CohortMembership,
    Decision,
    Intake,
)
from eventsys.programmes.rules import MembershipStatus

Rulings = Mapping[int, Ruling]


def decide(session: Session, intake: Intake, outcomes: Rulings, *, account_id: int, now: datetime) -> uuid.UUID:
    """Decides on these applications, by id, all or none; the id of the batch.

    Locks the call's intakes, the cohort and the applications, each in order of id, and counts the ceiling under the lock, so
    that of two who decide at once the second is told what is left. Raises an `IntakeRefused`, or `CohortIsFull`.
    """
    call = session.get_one(Call, intake.call_id)
    intakes = lock_intakes(session, call.id)
    lock_cohorts(session, [intakes[intake.id].cohort_id])
    applications = lock_applications(session, call.id, outcomes)
    check(session, call, intakes, intakes[intake.id], applications, outcomes, account_id)
    batch = uuid.uuid4()
    placed = place_admitted(session, call, intakes[intake.id], applications, outcomes, now)
    replace_waiting(session, outcomes, now)
    for number, ruling in sorted(outcomes.items()):
        write(session, call, intakes[intake.id], applications[number], ruling, batch, placed, account_id, now)
    return batch


def lock_intakes(session: Session, call_id: int) -> dict[int, Intake]:
    """Every count of who is admitted holds until commit. On SQLite the transaction itself is the lock."""
    statement = sa.select(Intake).where(Intake.call_id == call_id).order_by(Intake.id).with_for_update()
    return {one.id: one for one in session.scalars(statement.execution_options(populate_existing=True))}


def lock_cohorts(session: Session, ids: Iterable[int | None]) -> None:
    wanted = [one for one in ids if one is not None]
    session.execute(sa.select(Cohort.id).where(Cohort.id.in_(wanted)).order_by(Cohort.id).with_for_update()).all()


def lock_applications(session: Session, call_id: int, ids: Iterable[int]) -> dict[int, Application]:
    statement = (
        sa.select(Application)
        .where(Application.call_id == call_id, Application.id.in_(list(ids)))
        .order_by(Application.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.id: one for one in session.scalars(statement)}


def check(
    session: Session,
    call: Call,
    intakes: Mapping[int, Intake],
    intake: Intake,
    applications: Mapping[int, Application],
    outcomes: Rulings,
    account_id: int,
) -> None:
    """Raises what stops the batch. Asked in this order: who, what they may read, what became of it, then the rest."""
    assessor = queries.find_assessor(session, call_id=call.id, account_id=account_id)
    if assessor is None or not assessor.may_decide:
        raise MayNotDecide
    mine = sa.select(Application.id).where(Application.id.in_(list(outcomes)), queries.is_open_to(account_id))
    if closed := set(applications) - set(session.scalars(mine)):
        raise IsDisqualified(closed)
    changed = {
        number
        for number, ruling in outcomes.items()
        if number not in applications
        or applications[number].state is not ruling.was
        or applications[number].state not in DECIDABLE
    }
    if changed:
        raise StateHasChanged(changed)
    for ruling in outcomes.values():
        later = intakes.get(ruling.later_id or 0)
        if ruling.outcome is Outcome.WAITING and (later is None or later.ordinal <= intake.ordinal):
            raise NoLaterIntake
    languages = queries.find_languages(session, call, outcomes)
    if bare := list_without_grounds(outcomes, languages):
        raise LacksGrounds(bare)
    more = sum(ruling.outcome is Outcome.ADMITTED for ruling in outcomes.values())
    if more and intake.cohort_id is None:
        raise LacksCohort
    check_room(ceiling=intake.ceiling, admitted=queries.count_admitted(session, intake.id), more=more)


def place_admitted(
    session: Session,
    call: Call,
    intake: Intake,
    applications: Mapping[int, Application],
    outcomes: Rulings,
    now: datetime,
) -> dict[int, date]:
    """Places those who are admitted in the cohort; from which day, by application, where they were not there before."""
    from_on = intake.starts_on or dates.to_local(now, call.timezone).date()
    admitted = [one for one in outcomes if outcomes[one].outcome is Outcome.ADMITTED]
    there = set(session.scalars(_members(intake.cohort_id, from_on)))
    placed = {}
    for number in sorted(admitted):
        organisation_id = applications[number].organisation_id
        assert intake.cohort_id is not None, "asked before"
        place_in_cohort(session, cohort_id=intake.cohort_id, organisation_id=organisation_id, from_on=from_on)
        if organisation_id not in there:
            placed[number] = from_on
    return placed


def _members(cohort_id: int | None, on: date) -> sa.Select[int]:
    lasts = sa.or_(CohortMembership.to_on.is_(None), CohortMembership.to_on >= on)
    return sa.select(CohortMembership.organisation_id).where(
        CohortMembership.cohort_id == cohort_id, CohortMembership.from_on <= on, lasts
    )


def replace_waiting(session: Session, outcomes: Rulings, now: datetime) -> None:
    """Whoever waited and is decided on now does not wait any more."""
    statement = sa.update(Decision).where(Decision.application_id.in_(list(outcomes)), Decision.reversed_at.is_(None))
    session.execute(statement.values(reversed_at=now).execution_options(synchronize_session="fetch"))


def write(
    session: Session,
    call: Call,
    intake: Intake,
    application: Application,
    ruling: Ruling,
    batch: uuid.UUID,
    placed: Mapping[int, date],
    account_id: int,
    now: datetime,
) -> None:
    """The decision, the application's new state, and the row of history from which it can be taken back."""
    to = ruling.later_id if ruling.outcome is Outcome.WAITING and ruling.later_id else intake.id
    session.add(
        Decision(
            application_id=application.id, intake_id=to, outcome=ruling.outcome, grounds=dict(ruling.grounds),
            batch=batch, account_id=account_id, decided_at=now,
        )
    )  # fmt: skip
    facts: dict[str, Any] = {"from": application.state.value, "to": ruling.outcome.value, "intake": intake.ordinal}
    if application.id in placed:
        facts |= {"cohort": intake.cohort_id, "placed_on": placed[application.id].isoformat()}
    application.state = STATE_OF[ruling.outcome]
    note(session, call, CaseAct.DECIDED, application_id=application.id, account_id=account_id, facts=facts, now=now)


def reverse(session: Session, application: Application, *, account_id: int, now: datetime) -> None:
    """Takes back the decision that stands, as long as its letter has not been sent: the application is as it was, and a
    place in a cohort that came of it is no more. Raises `LetterIsSent`, `MayNotDecide`, `IsDisqualified`,
    `StateHasChanged`."""
    call = session.get_one(Call, application.call_id)
    intakes = lock_intakes(session, call.id)
    lock_cohorts(session, sorted({one.cohort_id for one in intakes.values() if one.cohort_id}))
    application = lock_applications(session, call.id, [application.id])[application.id]
    decision = check_reversible(session, call, application, account_id)
    decided = _last_decided(session, application.id)
    decision.reversed_at = now
    session.flush()
    before = session.scalar(
        sa.select(Decision)
        .where(Decision.application_id == application.id, Decision.reversed_at == decision.decided_at)
        .where(Decision.id != decision.id)
        .order_by(Decision.id.desc())
    )
    if before is not None:
        before.reversed_at = None
    was = ApplicationState(decided["from"])
    facts = {"from": application.state.value, "to": was.value}
    application.state = was
    _take_out(session, application.organisation_id, decided)
    note(session, call, CaseAct.REVERSED, application_id=application.id, account_id=account_id, facts=facts, now=now)


def check_reversible(session: Session, call: Call, application: Application, account_id: int) -> Decision:
    assessor = queries.find_assessor(session, call_id=call.id, account_id=account_id)
    if assessor is None or not assessor.may_decide:
        raise MayNotDecide
    open_to = sa.select(Application.id).where(Application.id == application.id, queries.is_open_to(account_id))
    if session.scalar(open_to) is None:
        raise IsDisqualified([application.id])
    decision = queries.find_decision(session, application.id)
    if decision is None:
        raise StateHasChanged([application.id])
    letter = queries.find_letter(session, decision.id)
    if letter is not None and letter.state is LetterState.SENT:
        raise LetterIsSent
    return decision


def _last_decided(session: Session, application_id: int) -> dict[str, Any]:
    """What became of it then; of a decision that came without a history, that it was to be decided on."""
    of = (CaseChange.application_id == application_id, CaseChange.act == CaseAct.DECIDED)
    statement = sa.select(CaseChange.facts).where(*of).order_by(CaseChange.id.desc()).limit(1)
    return session.scalar(statement) or {"from": ApplicationState.SENT.value}


def _take_out(session: Session, organisation_id: int, decided: Mapping[str, Any]) -> None:
    """What has become of a membership since, such as a pause, is not touched."""
    if "placed_on" not in decided:
        return
    session.execute(
        sa.delete(CohortMembership)
        .where(
            CohortMembership.cohort_id == decided["cohort"],
            CohortMembership.organisation_id == organisation_id,
            CohortMembership.from_on == date.fromisoformat(decided["placed_on"]),
            CohortMembership.to_on.is_(None),
            CohortMembership.status == MembershipStatus.MEMBER,
        )
        .execution_options(synchronize_session=False)
    )
