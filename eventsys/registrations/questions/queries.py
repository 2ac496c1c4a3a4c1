"""Reads about questions and answers. The sensitive answers of others are read by `read_sensitive` alone, which notes it."""

from __future__ import annotations

import functools
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow, Translated
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Cohort
from eventsys.registrations.models import (
    AnswerFile,
    PlainAnswer,
    Question,
    QuestionVersion,
    Registration,
    SensitiveAccess,
    SensitiveAnswer,
)
from eventsys.registrations.questions.rules import (
    SHIPPED_KEYS,
    AskedQuestion,
    Option,
    ShownAnswer,
    read_asks,
    read_options,
)
from eventsys.registrations.rules import HOLDS_A_PLACE

SENSITIVE_ANSWERS = "answers"
"""What the access row of a reading of sensitive answers is about."""


def list_questions(session: Session, event_id: int, *, on: date) -> list[AskedQuestion]:
    """The questions of the event's form in order, by their newest words, with what is left of options with a limit."""
    asked = [_ask(question, version, on) for question, version in list_newest(session, event_id)]
    return _name_cohorts(session, _count_left(session, event_id, asked, on=on))


def list_newest(session: Session, event_id: int) -> list[tuple[Question, QuestionVersion]]:
    """The questions that are asked, in order, each with its newest version."""
    return [(question, version) for question, version in session.execute(_newest(), {"event_id": event_id})]


@functools.cache
def _newest() -> sa.Select[Question, QuestionVersion]:
    newer = sa.orm.aliased(QuestionVersion)
    newest = sa.select(sa.func.max(newer.number)).where(newer.question_id == Question.id).correlate(Question)
    return (
        sa.select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(
            Question.event_id == sa.bindparam("event_id"),
            Question.removed_at.is_(None),
            QuestionVersion.number == newest.scalar_subquery(),
        )
        .order_by(Question.position, Question.id)
    )


def _ask(question: Question, version: QuestionVersion, on: date) -> AskedQuestion:
    asks = read_asks(version.asks)
    return AskedQuestion(
        id=question.id,
        version_id=version.id,
        public_id=question.public_id,
        key=question.key,
        kind=question.kind,
        label=version.label,
        hint=version.hint,
        required=version.required,
        options=read_options(version.options),
        asks=asks,
        sensitive=question.sensitive,
        erase_days=question.erase_days,
        closed=asks.change_by is not None and on > asks.change_by,
    )


def _count_left(
    session: Session, event_id: int, asked: Sequence[AskedQuestion], *, on: date
) -> Sequence[AskedQuestion]:
    if not any(option.limit is not None for question in asked for option in question.options):
        return asked
    taken = count_chosen(session, event_id)
    return [replace(question, options=tuple(_with_left(question, taken))) for question in asked]


def _with_left(question: AskedQuestion, taken: Mapping[tuple[int, str], int]) -> Iterator[Option]:
    for option in question.options:
        chosen = taken.get((question.id, option.key), 0)
        yield option if option.limit is None else replace(option, left=max(option.limit - chosen, 0))


def _name_cohorts(session: Session, asked: Sequence[AskedQuestion]) -> list[AskedQuestion]:
    """Only where a question is for some cohorts."""
    ids = {cohort for question in asked for cohort in question.asks.cohorts}
    if not ids:
        return list(asked)
    rows = session.execute(sa.select(Cohort.id, Cohort.name).where(Cohort.id.in_(ids)))
    names = {row.id: row.name for row in rows}
    return [
        replace(question, cohort_names=tuple(names[one] for one in question.asks.cohorts if one in names))
        for question in asked
    ]


def count_chosen(session: Session, event_id: int) -> dict[tuple[int, str], int]:
    """How many who hold a place chose each option of each question."""
    counts: dict[tuple[int, str], int] = {}
    for table in (PlainAnswer, SensitiveAnswer):
        statement = (
            sa.select(table.question_id, table.option, sa.func.count())
            .join(Registration, Registration.id == table.registration_id)
            .where(Registration.event_id == event_id, table.option.is_not(None))
            .where(Registration.state.in_(HOLDS_A_PLACE))
            .group_by(table.question_id, table.option)
        )
        counts.update({(row[0], row[1] or ""): row[2] for row in session.execute(statement)})
    return counts


def list_last_to_choose(session: Session, question_id: int, option: str, *, how_many: int) -> list[str]:
    """Who of those that hold a place and chose the option came last; of a seat without a name its organisation.

    Nobody where the question is sensitive: who chose what there is told by `read_sensitive` alone.
    """
    chose = sa.exists().where(
        PlainAnswer.registration_id == Registration.id,
        PlainAnswer.question_id == question_id,
        PlainAnswer.option == option,
    )
    statement = (
        sa.select(Registration.name, Organisation.label)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.state.in_(HOLDS_A_PLACE), chose)
        .order_by(Registration.queued_at.desc(), Registration.id.desc())
        .limit(how_many)
    )
    return [name or label or "" for name, label in reversed(session.execute(statement).all())]


def list_answers(session: Session, registration_id: int, *, include_sensitive: bool) -> list[ShownAnswer]:
    """What one person answered, in the order of the form, with the words each question was asked by.

    With `include_sensitive` for the person's own page alone: an organiser reads those with `read_sensitive`.
    """
    found = [_row(row) for row in session.execute(_answers_of_one(PlainAnswer, registration_id))]
    if include_sensitive:
        found += [_row(row) for row in session.execute(_answers_of_one(SensitiveAnswer, registration_id))]
    return _group(found).get(registration_id, [])


def list_plain_answers(session: Session, registration_ids: Collection[int]) -> dict[int, list[ShownAnswer]]:
    """The ordinary answers of several, by registration, in one statement."""
    if not registration_ids:
        return {}
    statement = _answers(PlainAnswer).where(PlainAnswer.registration_id.in_(registration_ids))
    return _group(_row(row) for row in session.execute(statement))


def read_sensitive(
    session: Session, *, event_id: int, account_id: int | None, now: datetime
) -> dict[int, list[ShownAnswer]]:
    """The sensitive answers of an event's registrations; leaves a row of who read them, so the caller commits."""
    session.add(SensitiveAccess(event_id=event_id, account_id=account_id, what=SENSITIVE_ANSWERS, at=now))
    session.flush()
    statement = _answers(SensitiveAnswer).join(Registration, Registration.id == SensitiveAnswer.registration_id)
    return _group(_row(row) for row in session.execute(statement.where(Registration.event_id == event_id)))


class _Given(NamedTuple):
    registration_id: int
    position: int
    question_id: int
    public_id: uuid.UUID
    kind: Any
    sensitive: bool
    label: Translated
    options: list[dict[str, Any]]
    option: str | None
    text: str | None


def _row(row: AnyRow) -> _Given:
    return _Given(*row)


def _answers(table: type[PlainAnswer] | type[SensitiveAnswer]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            table.registration_id, Question.position, Question.id, Question.public_id, Question.kind, Question.sensitive,
            QuestionVersion.label, QuestionVersion.options, table.option, table.text,
        )
        .join(Question, Question.id == table.question_id)
        .join(QuestionVersion, QuestionVersion.id == table.version_id)
    )  # fmt: skip


def _answers_of_one(
    table: type[PlainAnswer] | type[SensitiveAnswer], registration_id: int
) -> sa.Select[*tuple[Any, ...]]:
    return _answers(table).where(table.registration_id == registration_id)


def _group(rows: Iterable[_Given]) -> dict[int, list[ShownAnswer]]:
    """One answer for each question, its chosen options in the order in which they were offered."""
    together: dict[tuple[int, int, int], list[_Given]] = defaultdict(list)
    for row in rows:
        together[(row.registration_id, row.position, row.question_id)].append(row)
    grouped: dict[int, list[ShownAnswer]] = defaultdict(list)
    for (registration_id, _position, _question_id), given in sorted(together.items(), key=lambda pair: pair[0]):
        grouped[registration_id].append(_show(given))
    return dict(grouped)


def _show(given: Sequence[_Given]) -> ShownAnswer:
    first = given[0]
    chosen = {row.option for row in given}
    options = [option for option in read_options(first.options) if option.key in chosen]
    return ShownAnswer(
        public_id=first.public_id,
        kind=first.kind,
        label=first.label,
        sensitive=first.sensitive,
        options=tuple(option.label for option in options),
        keys=tuple(option.key for option in options),
        text=first.text,
    )


class KeptFile(NamedTuple):
    """A file that was given as an answer."""

    name: str
    media_type: str
    content: bytes


def find_file(session: Session, *, event_id: int, registration: uuid.UUID, question: uuid.UUID) -> KeptFile | None:
    """The file that a registration of the event answered the question with."""
    row = session.execute(
        sa.select(PlainAnswer.text, AnswerFile.media_type, AnswerFile.content)
        .join(AnswerFile, AnswerFile.answer_id == PlainAnswer.id)
        .join(Question, Question.id == PlainAnswer.question_id)
        .join(Registration, Registration.id == PlainAnswer.registration_id)
        .where(Registration.event_id == event_id, Registration.public_id == registration)
        .where(Question.public_id == question)
    ).one_or_none()
    return KeptFile(row[0] or "", row[1], row[2]) if row else None


def count_answers(session: Session, event_id: int) -> dict[int, int]:
    """How many registrations have answered each question, by the question's id."""
    counts: dict[int, int] = {}
    for table in (PlainAnswer, SensitiveAnswer):
        statement = (
            sa.select(table.question_id, sa.func.count(sa.distinct(table.registration_id)))
            .join(Question, Question.id == table.question_id)
            .where(Question.event_id == event_id)
            .group_by(table.question_id)
        )
        counts.update({row[0]: row[1] for row in session.execute(statement)})
    return counts


def find_question(session: Session, event_id: int, public_id: uuid.UUID) -> Question | None:
    """One question of the event's form that has not been taken away."""
    return session.scalar(
        sa.select(Question).where(
            Question.event_id == event_id, Question.public_id == public_id, Question.removed_at.is_(None)
        )
    )


def list_used_keys(session: Session, question_id: int) -> set[str]:
    """The key of every option that the question ever had."""
    versions = session.scalars(sa.select(QuestionVersion.options).where(QuestionVersion.question_id == question_id))
    return {option["key"] for options in versions for option in options}


def list_missing_shipped(session: Session, event_id: int) -> list[str]:
    """The keys of the shipped questions that the event does not ask."""
    there = set(session.scalars(sa.select(Question.key).where(Question.event_id == event_id)))
    return [key for key in SHIPPED_KEYS if key not in there]
