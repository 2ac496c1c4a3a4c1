"""The lists of the intake: applications with what is thought of them, decisions, and letters. Each in a few statements."""

from __future__ import annotations

import enum
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.intake.queries import is_open_to
from eventsys.programmes.intake.rules import LetterState, Outcome, mean
from eventsys.programmes.models import (
    Application,
    ApplicationArea,
    ApplicationMember,
    Assessment,
    AssessmentPoints,
    Decision,
    DecisionLetter,
    Intake,
)


class Sort(enum.StrEnum):
    NAME = "name"
    POINTS = "points"
    MINE = "mine"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. `shortlisted` is an intake's ordinal, 0 for none; `assessed` whether oneself has."""

    search: str = ""
    state: ApplicationState | None = None
    area: Area | None = None
    shortlisted: int | None = None
    assessed: bool | None = None
    sort: Sort = Sort.NAME


@dataclass(frozen=True, slots=True)
class Listed:
    """One application. `mine` is the sum of one's own points; `mean` of all assessors', for whom has given their own."""

    id: int
    public_id: uuid.UUID
    label: str
    number: str
    state: ApplicationState
    sent_at: datetime | None
    areas: tuple[Area, ...]
    case_number: str
    shortlisted: int | None
    mine: int | None
    mean: float | None
    assessed: int


def list_applications(session: Session, *, call_id: int, account_id: int) -> list[Listed]:
    """Every application of the call that the account may read, by name; three statements."""
    mine = sa.and_(Application.call_id == call_id, is_open_to(account_id))
    rows = session.execute(
        sa.select(Application, Organisation.label, Organisation.number, Intake.ordinal)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Intake, Intake.id == Application.shortlisted_intake_id)
        .where(mine)
        .order_by(Organisation.sort_key, Application.id)
    ).all()
    areas = _list_areas(session, mine)
    sums = _list_sums(session, mine)
    return [_listed(row, areas.get(row.Application.id, ()), sums[row.Application.id], account_id) for row in rows]


def _list_areas(session: Session, mine: sa.ColumnElement[bool]) -> dict[int, tuple[Area, ...]]:
    statement = sa.select(ApplicationArea).join(Application, Application.id == ApplicationArea.application_id)
    found: dict[int, set[Area]] = defaultdict(set)
    for one in session.scalars(statement.where(mine)):
        found[one.application_id].add(one.area)
    return {number: tuple(area for area in Area if area in chosen) for number, chosen in found.items()}


def _list_sums(session: Session, mine: sa.ColumnElement[bool]) -> defaultdict[int, dict[int, int]]:
    """By application the sum that each account gave."""
    statement = (
        sa.select(
            Assessment.application_id,
            Assessment.account_id,
            sa.func.coalesce(sa.func.sum(AssessmentPoints.points), 0).label("points"),
        )
        .join(Application, Application.id == Assessment.application_id)
        .outerjoin(AssessmentPoints, AssessmentPoints.assessment_id == Assessment.id)
        .where(mine)
        .group_by(Assessment.application_id, Assessment.account_id)
    )
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for row in session.execute(statement):
        found[row.application_id][row.account_id] = int(row.points)
    return found


def _listed(
    row: sa.Row[Application, str, str | None, int | None],
    areas: tuple[Area, ...],
    sums: dict[int, int],
    account_id: int,
) -> Listed:
    application = row.Application
    own = sums.get(account_id)
    return Listed(
        application.id, application.public_id, row.label, row.number or "", application.state, application.sent_at,
        areas, application.case_number, row.ordinal, own, None if own is None else mean([*sums.values()]), len(sums),
    )  # fmt: skip


def narrow(rows: Sequence[Listed], wanted: Wanted) -> list[Listed]:
    """Those that are wanted, in the order that is."""
    search = wanted.search.casefold()
    found = [
        row
        for row in rows
        if search in f"{row.label} {row.number} {row.case_number}".casefold()
        and wanted.state in (None, row.state)
        and (wanted.area is None or wanted.area in row.areas)
        and (wanted.shortlisted is None or wanted.shortlisted == (row.shortlisted or 0))
        and (wanted.assessed is None or wanted.assessed == (row.mine is not None))
    ]
    if wanted.sort is Sort.POINTS:
        return sorted(found, key=lambda row: -1 if row.mean is None else row.mean, reverse=True)
    if wanted.sort is Sort.MINE:
        return sorted(found, key=lambda row: -1 if row.mine is None else row.mine, reverse=True)
    if wanted.sort is Sort.SENT:
        return sorted(found, key=lambda row: (row.sent_at is None, row.sent_at))
    return found


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands."""

    application_id: int
    public_id: uuid.UUID
    label: str
    case_number: str
    state: ApplicationState
    outcome: Outcome
    intake: int
    grounds: dict[str, str]
    decided_at: datetime
    by: str
    letter: LetterState | None


def list_decisions(session: Session, *, call_id: int, account_id: int) -> list[Decided]:
    """Of what the account may read, by outcome and name; one statement."""
    rows = session.execute(
        sa.select(Decision, Application, Organisation.label, Intake.ordinal, Account.name, DecisionLetter.state)
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Intake, Intake.id == Decision.intake_id)
        .outerjoin(Account, Account.id == Decision.account_id)
        .outerjoin(DecisionLetter, DecisionLetter.decision_id == Decision.id)
        .where(Application.call_id == call_id, Decision.reversed_at.is_(None), is_open_to(account_id))
        .order_by(Organisation.sort_key, Application.id)
    ).all()
    found = [
        Decided(
            row.Application.id, row.Application.public_id, row.label, row.Application.case_number,
            row.Application.state, row.Decision.outcome, row.ordinal, row.Decision.grounds, row.Decision.decided_at,
            row.name or "", row.state,
        )
        for row in rows
    ]  # fmt: skip
    order = list(Outcome)
    return sorted(found, key=lambda one: order.index(one.outcome))


@dataclass(frozen=True, slots=True)
class ListedLetter:
    """A letter, whose it is, and what is decided; `has_reader` where somebody takes part in the application or the
    organisation has a mailbox."""

    letter: DecisionLetter
    application_id: int
    application_public_id: uuid.UUID
    label: str
    case_number: str
    outcome: Outcome
    grounds: dict[str, str]
    has_reader: bool


def list_letters(
    session: Session, *, call_id: int, account_id: int, public_id: uuid.UUID | None = None
) -> list[ListedLetter]:
    """The letters about decisions that stand, and those that went; of what the account may read. One statement."""
    reads = sa.exists().where(ApplicationMember.application_id == Application.id, ApplicationMember.ended_at.is_(None))
    has_mailbox = sa.func.coalesce(Organisation.email, "") != ""
    stands = sa.or_(Decision.reversed_at.is_(None), DecisionLetter.state == LetterState.SENT)
    statement = (
        sa.select(
            DecisionLetter, Decision, Application, Organisation.label, sa.or_(reads, has_mailbox).label("reached")
        )
        .join(Decision, Decision.id == DecisionLetter.decision_id)
        .join(Application, Application.id == DecisionLetter.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.call_id == call_id, stands, is_open_to(account_id))
        .order_by(Organisation.sort_key, DecisionLetter.id)
    )
    if public_id is not None:
        statement = statement.where(DecisionLetter.public_id == public_id)
    rows = session.execute(statement.execution_options(populate_existing=True)).all()
    order = list(Outcome)
    found = [
        ListedLetter(
            row.DecisionLetter, row.Application.id, row.Application.public_id, row.label, row.Application.case_number,
            row.Decision.outcome, row.Decision.grounds, bool(row.reached),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: order.index(one.outcome))


def count_undrafted(session: Session, *, call_id: int, account_id: int) -> int:
    """How many decisions that stand have no letter yet, of what the account may read."""
    has = sa.exists().where(DecisionLetter.decision_id == Decision.id)
    statement = (
        sa.select(sa.func.count())
        .select_from(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.call_id == call_id, Decision.reversed_at.is_(None), ~has, is_open_to(account_id))
    )
    return session.scalar(statement) or 0


def list_waiting_for(session: Session, intake_id: int, account_id: int) -> set[int]:
    """The applications that wait for the intake, of what the account may read."""
    statement = (
        sa.select(Decision.application_id)
        .join(Application, Application.id == Decision.application_id)
        .where(Decision.intake_id == intake_id, Decision.outcome == Outcome.WAITING, Decision.reversed_at.is_(None))
        .where(is_open_to(account_id))
    )
    return set(session.scalars(statement))
