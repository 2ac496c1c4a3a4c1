"""An application is sent, taken back, asked to be supplemented, and supplemented. What was sent is never changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.programmes.applications.actions.locking import lock, note_act
from eventsys.programmes.applications.actions.members import require_open
from eventsys.programmes.applications.queries import list_versions, read_facts
from eventsys.programmes.applications.rules import (
    MAY_WITHDRAW,
    ApplicationState,
    CannotBeDone,
    FileKind,
    IsNotWhole,
    IsTooLate,
    list_missing,
    to_json,
)
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.models import (
    Application,
    ApplicationDraft,
    ApplicationFile,
    ApplicationMember,
    ApplicationVersion,
    Call,
)

MAY_BE_SUPPLEMENTED = (ApplicationState.SENT, ApplicationState.SUPPLEMENT)


def send(
    session: Session, application: Application, member: ApplicationMember, *, now: datetime
) -> ApplicationVersion | None:
    """What is sent from now on stands as its first version; None where it was sent already. `now` is when the sender's
    request came in, before it waited for others. Raises `IsTooLate` and `IsNotWhole`, and everything stays as it was."""
    application = lock(session, application.id)
    if application.state is not ApplicationState.DRAFT:
        return None
    call = session.get_one(Call, application.call_id)
    require_open(call, now)
    if missing := list_missing(read_facts(session, application)):
        raise IsNotWhole(missing)
    application.state, application.sent_at, application.changed_at = ApplicationState.SENT, now, now
    session.flush()
    session.execute(sa.delete(ApplicationDraft).where(ApplicationDraft.application_id == application.id))
    version = _keep_version(session, application, now)
    note_act(session, application, CaseAct.SENT, member_id=member.id, now=now)
    return version


def _keep_version(session: Session, application: Application, now: datetime) -> ApplicationVersion:
    number = len(list_versions(session, application.id)) + 1
    facts = to_json(read_facts(session, application))
    version = ApplicationVersion(application_id=application.id, number=number, facts=facts, at=now)
    session.add(version)
    session.flush()
    return version


def withdraw(session: Session, application: Application, member: ApplicationMember, *, now: datetime) -> bool:
    """Takes a sent application back; False where that was done already. Raises `CannotBeDone` when it is decided on, or
    was not sent."""
    application = lock(session, application.id)
    if application.state is ApplicationState.WITHDRAWN:
        return False
    if application.state not in MAY_WITHDRAW:
        raise CannotBeDone
    application.state, application.changed_at = ApplicationState.WITHDRAWN, now
    session.flush()
    note_act(session, application, CaseAct.WITHDRAWN, member_id=member.id, now=now)
    return True


def ask_to_supplement(
    session: Session, application: Application, *, words: str, by: date, account_id: int, now: datetime
) -> None:
    """Opens a sent application for files and words until the end of a day. Raises `CannotBeDone`."""
    application = lock(session, application.id)
    if application.state not in MAY_BE_SUPPLEMENTED:
        raise CannotBeDone
    application.state, application.supplement_by = ApplicationState.SUPPLEMENT, by
    application.changed_at = now
    session.flush()
    facts = {"by": by.isoformat()}
    act = CaseAct.ASKED_TO_SUPPLEMENT
    note_act(session, application, act, account_id=account_id, words=words, facts=facts, now=now)


def supplement(
    session: Session, application: Application, member: ApplicationMember, *, words: str, now: datetime
) -> ApplicationVersion | None:
    """What was asked for has come: a new version beside the first. None where nobody waits for it any more, or nothing
    was added. Raises `IsTooLate`."""
    application = lock(session, application.id)
    if application.state is not ApplicationState.SUPPLEMENT:
        return None
    call = session.get_one(Call, application.call_id)
    until = ends_at(application, call)
    if now >= until:
        raise IsTooLate(now, until)
    if not words.strip() and not _has_new_files(session, application):
        raise IsNotWhole([])
    application.state, application.changed_at = ApplicationState.SENT, now
    session.flush()
    note_act(session, application, CaseAct.SUPPLEMENTED, member_id=member.id, words=words.strip(), now=now)
    return _keep_version(session, application, now)


def ends_at(application: Application, call: Call) -> datetime:
    """The moment from which a supplement is too late: the end of the day that was said."""
    day = application.supplement_by or call.closes_local.date()
    return dates.to_utc(datetime.combine(day + timedelta(days=1), datetime.min.time()), call.timezone)


def _has_new_files(session: Session, application: Application) -> bool:
    """Whether a file came since the last version."""
    last = list_versions(session, application.id)[-1:]
    files = sa.select(ApplicationFile.public_id).filter_by(application_id=application.id, kind=FileKind.SUPPLEMENT)
    sent = {file["public_id"] for version in last for file in version.facts["files"]}
    return any(str(public_id) not in sent for public_id in session.scalars(files))
