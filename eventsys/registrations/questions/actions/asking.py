"""Questions added, changed, put in order, taken away, copied to another event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.registrations.models import Question, QuestionVersion
from eventsys.registrations.questions.queries import (
    count_answers,
    count_chosen,
    list_last_to_choose,
    list_newest,
    list_used_keys,
)
from eventsys.registrations.questions.rules import (
    CannotBeChanged,
    ChoiceIsTaken,
    QuestionFacts,
    QuestionIsNeeded,
    ShownIf,
    keep_keys,
    move,
    order_shown,
    read_asks,
    read_options,
    write_asks,
    write_options,
)


def add_question(
    session: Session,
    event: Event,
    facts: QuestionFacts,
    *,
    key: str | None = None,
    account_id: int | None = None,
    now: datetime,
) -> Question:
    """The last question of the event's form."""
    lock_form(session, event.id)
    last = session.scalar(sa.select(sa.func.max(Question.position)).where(Question.event_id == event.id))
    question = Question(
        organiser_id=event.organiser_id,
        event_id=event.id,
        key=key,
        position=0 if last is None else last + 1,
        kind=facts.kind,
        sensitive=facts.sensitive,
        erase_days=facts.erase_days,
    )
    session.add(question)
    session.flush()
    _add_version(session, question.id, 1, facts, account_id=account_id, now=now)
    return question


def lock_form(session: Session, event_id: int) -> None:
    """The event's row, which those who sign up lock too: nobody answers a question while it is changed."""
    session.execute(sa.select(Event.id).where(Event.id == event_id).with_for_update())


def _add_version(
    session: Session, question_id: int, number: int, facts: QuestionFacts, *, account_id: int | None, now: datetime
) -> None:
    options = keep_keys(facts.options, list_used_keys(session, question_id))
    version = QuestionVersion(
        question_id=question_id,
        number=number,
        label=dict(facts.label),
        hint=dict(facts.hint),
        required=facts.required,
        options=write_options(options),
        asks=write_asks(facts.asks),
        at=now,
        account_id=account_id,
    )
    session.add(version)
    session.flush()


def change_question(
    session: Session, question: Question, facts: QuestionFacts, *, account_id: int | None = None, now: datetime
) -> bool:
    """Asks it by other words from now on; what was answered keeps the words it was asked by. Says whether it changed.

    What it is (its kind, whether it is sensitive, when answers are erased) changes only while nobody has answered:
    raises `CannotBeChanged`. Raises `ChoiceIsTaken` where more chose an option than it would take.
    """
    lock_form(session, question.event_id)
    is_same = (question.kind, question.sensitive, question.erase_days) == (
        facts.kind, facts.sensitive, facts.erase_days,
    )  # fmt: skip
    if not is_same and count_answers(session, question.event_id).get(question.id):
        raise CannotBeChanged
    question.kind, question.sensitive, question.erase_days = facts.kind, facts.sensitive, facts.erase_days
    require_room(session, question, facts)
    newest = next(version for one, version in list_newest(session, question.event_id) if one.id == question.id)
    if is_same and _says_the_same(newest, facts):
        return False
    _add_version(session, question.id, newest.number + 1, facts, account_id=account_id, now=now)
    return True


def require_room(session: Session, question: Question, facts: QuestionFacts) -> None:
    """Raises `ChoiceIsTaken` for the first option that more people have than it would take."""
    limited = [option for option in facts.options if option.key and option.limit is not None]
    taken = count_chosen(session, question.event_id) if limited else {}
    for option in limited:
        many, most = taken.get((question.id, option.key), 0), option.limit or 0
        if many > most:
            names = list_last_to_choose(session, question.id, option.key, how_many=many - most)
            raise ChoiceIsTaken(many, names, option.key)


def _says_the_same(version: QuestionVersion, facts: QuestionFacts) -> bool:
    said = (version.label, version.hint, version.required, version.options, read_asks(version.asks))
    return said == (facts.label, facts.hint, facts.required, write_options(facts.options), facts.asks)


def move_question(session: Session, question: Question, *, up: bool) -> None:
    """A place further up or down. Raises `QuestionIsNeeded` where one would stand before the one it depends on."""
    lock_form(session, question.event_id)
    rows = list_newest(session, question.event_id)
    questions = {one.id: one for one, _version in rows}
    order = move(list(questions), question.id, up=up)
    needs = _list_needs(rows)
    if not order_shown([str(questions[one].public_id) for one in order], needs):
        neighbour = rows[list(questions).index(question.id) + (-1 if up else 1)][1]
        raise QuestionIsNeeded(neighbour.label)
    for place, question_id in enumerate(order):
        questions[question_id].position = place
    session.flush()


def _list_needs(rows: Sequence[tuple[Question, QuestionVersion]]) -> dict[str, str]:
    """Which question each depends on, by public ids."""
    pairs = [(question, read_asks(version.asks).shown_if) for question, version in rows]
    return {str(question.public_id): shown_if.question for question, shown_if in pairs if shown_if}


def remove_question(session: Session, question: Question, *, now: datetime) -> None:
    """Asks it no more; what was answered stays readable. Raises `QuestionIsNeeded` where another depends on it."""
    lock_form(session, question.event_id)
    rows = list_newest(session, question.event_id)
    needs = _list_needs(rows)
    for one, version in rows:
        if needs.get(str(one.public_id)) == str(question.public_id):
            raise QuestionIsNeeded(version.label)
    if count_answers(session, question.event_id).get(question.id):
        question.removed_at = now
        question.key = None
        session.flush()
        return
    session.execute(sa.delete(QuestionVersion).where(QuestionVersion.question_id == question.id))
    session.delete(question)
    session.flush()


def copy_questions(
    session: Session, from_event_id: int, to_event_id: int, *, account_id: int | None = None, now: datetime
) -> None:
    """The questions as they are asked now, under ids of their own. Days are the old event's and are not copied."""
    target = session.get_one(Event, to_event_id)
    copies: dict[str, str] = {}
    for question, version in list_newest(session, from_event_id):
        asks = read_asks(version.asks)
        facts = QuestionFacts(
            kind=question.kind,
            label=version.label,
            hint=version.hint,
            required=version.required,
            options=read_options(version.options),
            asks=replace(asks, change_by=None, shown_if=_follow(asks.shown_if, copies)),
            sensitive=question.sensitive,
            erase_days=question.erase_days,
        )
        copy = add_question(session, target, facts, key=question.key, account_id=account_id, now=now)
        copies[str(question.public_id)] = str(copy.public_id)


def _follow(shown_if: ShownIf | None, copies: Mapping[str, str]) -> ShownIf | None:
    """The condition on the copy of the question it was on."""
    if shown_if is None or shown_if.question not in copies:
        return None
    return replace(shown_if, question=copies[shown_if.question])
