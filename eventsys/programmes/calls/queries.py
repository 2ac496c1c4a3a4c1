"""Reads about calls: one by its address or by a recipient's link, its intakes, papers, nudges, and how far it has come."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.files import StoredFile
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CallState, CaseAct
from eventsys.programmes.models import (
    Application,
    Call,
    CallFile,
    CallNudge,
    CallRecipient,
    CaseChange,
    Cohort,
    Decision,
    Intake,
    Programme,
)
from eventsys.tokens import Purpose, check, public_id_of

ANSWERS = (CaseAct.BEGUN, CaseAct.ASKED_FOR_LINK, CaseAct.SAID_NO)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a recipient's link opens: the call, who got it, and the application of theirs that is not withdrawn."""

    call: Call
    programme: Programme
    organiser: Organiser
    recipient: CallRecipient
    organisation: Organisation
    application: Application | None


class Figures(NamedTuple):
    """How many got the call; how many of them opened it, and how many said no, have begun and not sent, and have sent."""

    recipients: int = 0
    opened: int = 0
    declined: int = 0
    begun: int = 0
    sent: int = 0


class Paper(NamedTuple):
    """A file on a call's page, without its bytes."""

    public_id: uuid.UUID
    name: str
    media_type: str
    size: int


def find_call(session: Session, slug: str, *, organiser_id: int | None = None) -> Call | None:
    """The organiser's own call; without an organiser one that anybody may know of, which is no draft."""
    if "\0" in slug:
        return None
    statement = sa.select(Call).where(Call.slug == slug)
    if organiser_id is None:
        return session.scalar(statement.where(Call.state != CallState.DRAFT))
    return session.scalar(statement.where(Call.organiser_id == organiser_id))


def find_open_recipient(session: Session, slug: str, token: str) -> Opened | None:
    """What the link opens; None for one that never was. Raises `tokens.LinkIsRevoked` for one that was replaced."""
    public_id = public_id_of(token)
    if public_id is None or "\0" in slug:
        return None
    row = session.execute(
        sa.select(Call, Programme, Organiser, CallRecipient, Organisation, Application)
        .join(CallRecipient, CallRecipient.call_id == Call.id)
        .join(Programme, Programme.id == Call.programme_id)
        .join(Organiser, Organiser.id == Call.organiser_id)
        .join(Organisation, Organisation.id == CallRecipient.organisation_id)
        .outerjoin(Application, is_application_of(CallRecipient))
        .where(CallRecipient.public_id == public_id, Call.slug == slug, Call.state != CallState.DRAFT)
    ).one_or_none()
    if row is None or not check(token, Purpose.CALL, public_id, row.CallRecipient.link_version):
        return None
    return Opened(*row)


def is_application_of(recipient: type[CallRecipient]) -> sa.ColumnElement[bool]:
    """That an application is the recipient's, and not withdrawn: there is at most one."""
    return sa.and_(
        Application.call_id == recipient.call_id,
        Application.organisation_id == recipient.organisation_id,
        Application.state != ApplicationState.WITHDRAWN,
    )


def list_calls(session: Session, organiser_id: int) -> list[tuple[Call, Programme]]:
    """The organiser's calls, the one that closes last first."""
    rows = session.execute(
        sa.select(Call, Programme)
        .join(Programme, Programme.id == Call.programme_id)
        .where(Call.organiser_id == organiser_id)
        .order_by(Call.closes_at.desc(), Call.id.desc())
    )
    return [(row.Call, row.Programme) for row in rows]


def describe_states(session: Session, call_ids: Sequence[int]) -> dict[int, Figures]:
    """The figures of several calls, in one statement; one that went to nobody is no key."""
    begun = Application.id.is_not(None)
    sent = Application.sent_at.is_not(None)

    def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((condition, 1)))

    declined = sa.and_(CallRecipient.declined_at.is_not(None), sa.not_(begun))
    rows = session.execute(
        sa.select(
            CallRecipient.call_id, sa.func.count(), count(CallRecipient.opened_at.is_not(None)), count(declined),
            count(sa.and_(begun, sa.not_(sent))), count(sent),
        )
        .outerjoin(Application, is_application_of(CallRecipient))
        .where(CallRecipient.call_id.in_(call_ids))
        .group_by(CallRecipient.call_id)
    )  # fmt: skip
    return {row[0]: Figures(*row[1:]) for row in rows}


def list_intakes(session: Session, call_id: int) -> list[tuple[Intake, Cohort | None]]:
    """In their order, each with the cohort that the admitted come into."""
    rows = session.execute(
        sa.select(Intake, Cohort)
        .outerjoin(Cohort, Cohort.id == Intake.cohort_id)
        .where(Intake.call_id == call_id)
        .order_by(Intake.ordinal)
    )
    return [(row.Intake, row.Cohort) for row in rows]


def list_used_intakes(session: Session, call_id: int) -> set[int]:
    """The ids of those that somebody is on the shortlist of or was decided on in."""
    of_it = sa.select(Intake.id).where(Intake.call_id == call_id)
    shortlisted = sa.select(Application.shortlisted_intake_id).where(Application.shortlisted_intake_id.in_(of_it))
    decided = sa.select(Decision.intake_id).where(Decision.intake_id.in_(of_it))
    return {one for one in session.scalars(sa.union(shortlisted, decided)) if one is not None}


def list_cohorts_of(session: Session, programme_id: int) -> list[Cohort]:
    return list(session.scalars(sa.select(Cohort).filter_by(programme_id=programme_id).order_by(Cohort.ordinal)))


def list_papers(session: Session, call_id: int) -> list[Paper]:
    rows = session.execute(
        sa.select(CallFile.public_id, StoredFile.name, StoredFile.media_type, StoredFile.size)
        .join(StoredFile, StoredFile.id == CallFile.file_id)
        .where(CallFile.call_id == call_id)
        .order_by(CallFile.position, CallFile.id)
    )
    return [Paper(*row) for row in rows]


def find_paper(session: Session, call_id: int, public_id: uuid.UUID) -> StoredFile | None:
    return session.scalar(
        sa.select(StoredFile)
        .join(CallFile, CallFile.file_id == StoredFile.id)
        .where(CallFile.call_id == call_id, CallFile.public_id == public_id)
    )


def list_nudges(session: Session, call_id: int) -> list[CallNudge]:
    return list(session.scalars(sa.select(CallNudge).filter_by(call_id=call_id).order_by(CallNudge.due_at)))


def find_nudge(session: Session, call_id: int, public_id: uuid.UUID) -> CallNudge | None:
    return session.scalar(sa.select(CallNudge).filter_by(call_id=call_id, public_id=public_id))


def count_answers(session: Session, recipient: CallRecipient, *, now: datetime) -> int:
    """How often the recipient's organisation began, asked for a link or said no in the last hour."""
    theirs = sa.select(Application.id).where(
        Application.call_id == recipient.call_id, Application.organisation_id == recipient.organisation_id
    )
    statement = (
        sa.select(sa.func.count())
        .select_from(CaseChange)
        .where(CaseChange.call_id == recipient.call_id, CaseChange.act.in_(ANSWERS))
        .where(CaseChange.at > now - timedelta(hours=1))
        .where(sa.or_(CaseChange.recipient_id == recipient.id, CaseChange.application_id.in_(theirs)))
    )
    return session.scalar(statement) or 0


def list_cohort_names(session: Session, ids: Sequence[int]) -> list[dict[str, str]]:
    if not ids:
        return []
    return list(session.scalars(sa.select(Cohort.name).where(Cohort.id.in_(ids)).order_by(Cohort.ordinal)))
