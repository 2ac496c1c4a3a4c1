"""Erases who wrote an application and what they wrote, and what was written about it, when its case has had its time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.files import StoredFile
from eventsys.programmes.models import (
    Application,
    ApplicationConfirmation,
    ApplicationDraft,
    ApplicationFile,
    ApplicationMember,
    ApplicationVersion,
    Assessment,
    CallRecipient,
    CaseChange,
    DecisionLetter,
    Disqualification,
)
from eventsys.workflows.retention.cases import select_applications_over, select_calls_over
from eventsys.workflows.retention.periods import ERASED, SIGN_IN, Groups, delete, update

Ids = sa.Select[int]
TOLD = ("way_of_working", "involvement", "timetable", "cooperation", "treated_by")
"""What an application says in words that may be about people."""


def erase_cases(session: Session, groups: Groups, *, now: datetime, real_now: datetime) -> dict[str, int]:
    """Members open nothing any more. Who applied, for what, with which figures and how it was decided stays."""
    over, calls = select_applications_over(groups, now.date()), select_calls_over(groups, now.date())
    return {
        "unsaved applications": _erase_unsaved(session, over, real_now=real_now),
        "applicants": _erase_members(session, over, now=now),
        "confirmations": _blank(session, ApplicationConfirmation, over, "name", "title"),
        "sent applications": delete(session, ApplicationVersion, ApplicationVersion.application_id.in_(over)),
        "texts of applications": _blank(session, Application, over, *TOLD, key=Application.id),
        "files of applications": _forget_files(session, over),
        "notes about applications": _blank(session, Assessment, over, "notes")
        + _blank(session, Disqualification, over, "why"),
        "letters about applications": update(
            session,
            DecisionLetter,
            DecisionLetter.application_id.in_(over),
            DecisionLetter.text.is_not(None),
            text=None,
        ),
        "words of cases": _erase_words(session, over, calls),
    }


def _erase_unsaved(session: Session, over: Ids, *, real_now: datetime) -> int:
    is_old = ApplicationDraft.seen_at < real_now - SIGN_IN
    return delete(session, ApplicationDraft, sa.or_(is_old, ApplicationDraft.application_id.in_(over)))


def _erase_members(session: Session, over: Ids, *, now: datetime) -> int:
    return update(
        session,
        ApplicationMember,
        ApplicationMember.application_id.in_(over),
        ApplicationMember.email_key != ERASED,
        name=ERASED,
        email=ERASED,
        email_key=ERASED,
        ended_at=sa.func.coalesce(ApplicationMember.ended_at, now),
    )


def _blank(session: Session, model: Any, over: Ids, *columns: str, key: Any = None) -> int:
    """Takes the words out of these columns; how many rows had any."""
    told = sa.or_(*(getattr(model, name) != ERASED for name in columns))
    key = model.application_id if key is None else key
    return update(session, model, key.in_(over), told, **dict.fromkeys(columns, ERASED))


def _forget_files(session: Session, over: Ids) -> int:
    """With their bytes."""
    of_them = ApplicationFile.application_id.in_(over)
    ids = session.scalars(sa.select(ApplicationFile.file_id).where(of_them)).all()
    delete(session, ApplicationFile, of_them)
    if ids:
        delete(session, StoredFile, StoredFile.id.in_(ids))
    return len(ids)


def _erase_words(session: Session, over: Ids, calls: Ids) -> int:
    """What was said along with an act, and why an organisation said no."""
    of_application = CaseChange.application_id.in_(over)
    of_call = sa.and_(CaseChange.application_id.is_(None), CaseChange.call_id.in_(calls))
    said = update(session, CaseChange, CaseChange.words != ERASED, sa.or_(of_application, of_call), words=ERASED)
    declined = CallRecipient.words != ERASED
    return said + update(session, CallRecipient, declined, CallRecipient.call_id.in_(calls), words=ERASED)
