"""An application as its assessors read it: what was sent, never what is being written, and what they think of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import LogVerb
from eventsys.files import StoredFile
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications.queries import read_facts
from eventsys.programmes.applications.rules import ApplicationFacts, from_json
from eventsys.programmes.models import (
    Application,
    ApplicationFile,
    ApplicationVersion,
    Assessment,
    AssessmentPoints,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, in its last version; `at` when that was, `number` which it is."""

    facts: ApplicationFacts
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """One of several that are read beside each other, with one's own points by criterion."""

    application: Application
    organisation: Organisation
    sent: Sent
    points: Mapping[int, int] | None


def read_sent(session: Session, application: Application) -> Sent:
    """What is decided on. While a supplement is being written it is what was sent before."""
    newest = session.scalar(
        sa.select(ApplicationVersion)
        .where(ApplicationVersion.application_id == application.id)
        .order_by(ApplicationVersion.number.desc())
        .limit(1)
    )
    return _sent(session, application, newest)


def _sent(session: Session, application: Application, newest: ApplicationVersion | None) -> Sent:
    if newest is None:
        return Sent(read_facts(session, application), 1, application.sent_at or application.changed_at)
    return Sent(from_json(newest.facts), newest.number, newest.at)


def read_several(
    session: Session, found: Sequence[tuple[Application, Organisation]], *, account_id: int
) -> list[Beside]:
    ids = [application.id for application, _organisation in found]
    rows = session.scalars(
        sa.select(ApplicationVersion)
        .where(ApplicationVersion.application_id.in_(ids))
        .order_by(ApplicationVersion.application_id, ApplicationVersion.number)
    )
    newest = {row.application_id: row for row in rows}
    points = _read_points(session, ids, account_id)
    return [
        Beside(
            application,
            organisation,
            _sent(session, application, newest.get(application.id)),
            points.get(application.id),
        )
        for application, organisation in found
    ]


def _read_points(session: Session, ids: Sequence[int], account_id: int) -> dict[int, dict[int, int]]:
    statement = (
        sa.select(Assessment.application_id, AssessmentPoints.criterion_id, AssessmentPoints.points)
        .outerjoin(AssessmentPoints, AssessmentPoints.assessment_id == Assessment.id)
        .where(Assessment.application_id.in_(ids), Assessment.account_id == account_id)
    )
    found: dict[int, dict[int, int]] = {}
    for row in session.execute(statement):
        given = found.setdefault(row.application_id, {})
        if row.criterion_id is not None:
            given[row.criterion_id] = row.points
    return found


def find_sent_file(session: Session, application: Application, public_id: uuid.UUID) -> StoredFile | None:
    """A file of the application, where it was sent: what is being put up now is its writers' yet."""
    if str(public_id) not in {one.public_id for one in read_sent(session, application).facts.files}:
        return None
    return session.scalar(
        sa.select(StoredFile)
        .join(ApplicationFile, ApplicationFile.file_id == StoredFile.id)
        .where(ApplicationFile.application_id == application.id, ApplicationFile.public_id == public_id)
    )


def list_sent_files(session: Session, application: Application) -> list[StoredFile]:
    """The files that were sent, in order, with their bytes."""
    wanted = [one.public_id for one in read_sent(session, application).facts.files]
    rows = session.execute(
        sa.select(ApplicationFile.public_id, StoredFile)
        .join(StoredFile, StoredFile.id == ApplicationFile.file_id)
        .where(ApplicationFile.application_id == application.id)
        .options(sa.orm.undefer(StoredFile.content))
    )
    found = {str(row.public_id): row.StoredFile for row in rows}
    return [found[one] for one in wanted if one in found]


def was_read(session: Session, public_id: uuid.UUID, *, account_id: int, since: datetime) -> bool:
    """Whether the log tells that the account has read the application since then."""
    of = (LogEntry.account_id == account_id, LogEntry.verb == LogVerb.READ, LogEntry.object == "application")
    statement = sa.select(LogEntry.id).where(*of, LogEntry.key == str(public_id), LogEntry.at > since)
    return session.scalar(statement.limit(1)) is not None
