"""Answers kept, taken back, erased."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.registrations.models import AnswerFile, PlainAnswer, Question, QuestionVersion, SensitiveAnswer
from eventsys.registrations.models import Registration as Seat
from eventsys.registrations.questions.rules import GivenAnswer, GivenFile

Answer = PlainAnswer | SensitiveAnswer


def save_answers(
    session: Session, registration: Seat, given: Sequence[GivenAnswer], *, erase_after: date, now: datetime
) -> list[uuid.UUID]:
    """Makes the answers to the questions given what they say and leaves others; returns those that changed.

    `erase_after` is the day from which a question's days until erasure are counted. An answer that says the same stays,
    under the words it was given by last. Raises `LookupError` for a question or version that the event has not.
    """
    if not given:
        return []
    questions = _find_questions(session, registration.event_id, given)
    kept = _find_kept(session, registration.id, questions.values())
    changed = [answer for answer in given if _is_other(answer, kept[answer.question_id])]
    for answer in changed:
        for row in kept[answer.question_id]:
            session.delete(row)
    session.flush()
    rows: dict[type[Answer], list[dict[str, Any]]] = defaultdict(list)
    for answer in changed:
        question = questions[answer.question_id]
        rows[_table(question)] += _list_rows(registration.id, question, answer, erase_after)
    for table, values in rows.items():
        if values:
            session.execute(sa.insert(table), values)
    for answer in changed:
        if answer.file is not None:
            _keep_file(session, registration.id, answer.question_id, answer.file)
    return [questions[answer.question_id].public_id for answer in changed]


def _find_questions(session: Session, event_id: int, given: Sequence[GivenAnswer]) -> dict[int, Question]:
    """The questions of the answers, each with the version answered."""
    asked = {(answer.question_id, answer.version_id) for answer in given}
    rows = session.execute(
        sa.select(Question, QuestionVersion.id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.event_id == event_id, QuestionVersion.id.in_({version for _question, version in asked}))
    )
    found = {(question.id, version_id): question for question, version_id in rows}
    if set(found) != asked:
        raise LookupError(asked - set(found))
    return {question_id: question for (question_id, _version), question in found.items()}


def _find_kept(session: Session, registration_id: int, questions: Collection[Question]) -> dict[int, list[Answer]]:
    kept: dict[int, list[Answer]] = defaultdict(list)
    ids = [question.id for question in questions]
    rows: list[Answer] = []
    if any(not question.sensitive for question in questions):
        mine = (PlainAnswer.registration_id == registration_id, PlainAnswer.question_id.in_(ids))
        rows += session.scalars(sa.select(PlainAnswer).where(*mine))
    if any(question.sensitive for question in questions):
        private = (SensitiveAnswer.registration_id == registration_id, SensitiveAnswer.question_id.in_(ids))
        rows += session.scalars(sa.select(SensitiveAnswer).where(*private))
    for row in rows:
        kept[row.question_id].append(row)
    return kept


def _table(question: Question) -> type[PlainAnswer] | type[SensitiveAnswer]:
    return SensitiveAnswer if question.sensitive else PlainAnswer


def _is_other(given: GivenAnswer, kept: Sequence[Answer]) -> bool:
    """Whether the answer is another one now; one that is the same is under the newest words from now on."""
    if given.file is not None or {(row.option, row.text) for row in kept} != _values(given):
        return True
    for row in kept:
        row.version_id = given.version_id
    return False


def _list_rows(
    registration_id: int, question: Question, given: GivenAnswer, erase_after: date
) -> Iterator[dict[str, Any]]:
    erase_on = erase_after + timedelta(days=question.erase_days) if question.erase_days is not None else None
    for option, text in sorted(_values(given), key=str):
        yield {
            "registration_id": registration_id,
            "question_id": question.id,
            "version_id": given.version_id,
            "option": option,
            "text": text,
            "erase_on": erase_on,
        }


def _values(given: GivenAnswer) -> set[tuple[str | None, str | None]]:
    if given.options:
        return {(option, None) for option in given.options}
    text = given.file.name if given.file is not None else given.text
    return set() if text is None else {(None, text)}


def _keep_file(session: Session, registration_id: int, question_id: int, file: GivenFile) -> None:
    answered = (PlainAnswer.registration_id == registration_id, PlainAnswer.question_id == question_id)
    answer_id = session.scalars(sa.select(PlainAnswer.id).where(*answered)).one()
    row = AnswerFile(answer_id=answer_id, media_type=file.media_type, size=len(file.content), content=file.content)
    session.add(row)
    session.flush()


def delete_answers(session: Session, registration_id: int) -> None:
    """All that was answered for the seat, the files and the sensitive ones too."""
    for table in (PlainAnswer, SensitiveAnswer):
        session.execute(sa.delete(table).where(table.registration_id == registration_id))
