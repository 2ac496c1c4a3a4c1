"""Erases what is kept of seats: names, addresses, answers, and what people wrote about them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Run
from eventsys.registrations.models import (
    AnswerFile,
    ChangeRequest,
    Delegation,
    PlainAnswer,
    Registration,
    RegistrationChange,
    SensitiveAnswer,
    UnionPosition,
)
from eventsys.registrations.rules import Change
from eventsys.workflows.retention.periods import ERASED, STRAY, delete, update

Runs = sa.Select[int]
NOTHING = "{}"


def erase_on_their_day(session: Session, *, now: datetime) -> dict[str, int]:
    """What has a day of its own, and who had a place before it was another's."""
    today = now.date()
    has_facts = sa.cast(RegistrationChange.facts, sa.String()) != NOTHING
    return {
        "unions": delete(session, UnionPosition, UnionPosition.erase_on <= today),
        "sensitive answers": delete(session, SensitiveAnswer, SensitiveAnswer.erase_on <= today),
        "answers": _delete_answers(session, PlainAnswer.erase_on <= today),
        "given away": update(
            session,
            RegistrationChange,
            RegistrationChange.change == Change.HANDED_OVER,
            RegistrationChange.at < now - STRAY,
            has_facts,
            facts={},
        ),
    }


def erase_over(session: Session, over: Runs, *, now: datetime) -> dict[str, int]:
    """All about the seats of runs that are long over, and about delegations of events that have no other runs."""
    seats = sa.select(Registration.id).where(Registration.run_id.in_(over))
    goes_on = sa.select(Run.event_id).where(Run.id.not_in(over))
    is_told = sa.or_(RegistrationChange.why.is_not(None), sa.cast(RegistrationChange.facts, sa.String()) != NOTHING)
    of_seats = RegistrationChange.registration_id.in_(seats)
    nobody = {"name": ERASED, "email": ERASED, "email_key": ERASED}
    return {
        "old sensitive answers": delete(session, SensitiveAnswer, SensitiveAnswer.registration_id.in_(seats)),
        "old answers": _delete_answers(session, PlainAnswer.registration_id.in_(seats)),
        "requests": update(
            session,
            ChangeRequest,
            ChangeRequest.registration_id.in_(seats),
            ChangeRequest.words != ERASED,
            words=ERASED,
        ),
        "changes": update(session, RegistrationChange, of_seats, is_told, why=None, facts={}),
        "registrations": update(
            session, Registration, Registration.run_id.in_(over), Registration.email_key != ERASED, **nobody
        ),
        "delegations": update(
            session, Delegation, Delegation.event_id.not_in(goes_on), Delegation.email_key != ERASED, **nobody
        ),
    }


def _delete_answers(session: Session, condition: sa.ColumnElement[bool]) -> int:
    """With the files that were given as answers."""
    delete(session, AnswerFile, AnswerFile.answer_id.in_(sa.select(PlainAnswer.id).where(condition)))
    return delete(session, PlainAnswer, condition)
