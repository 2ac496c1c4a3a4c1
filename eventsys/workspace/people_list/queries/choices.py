"""What the list can be filtered by beside what every list has."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.events.models import Event
from eventsys.extensions import AnyRow, Translated
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Cohort
from eventsys.registrations.models import (
    Question,
    QuestionVersion,
    Registration,
)
from eventsys.registrations.questions.rules import NO, YES
from eventsys.registrations.rules import QuestionKind
from eventsys.workspace.people_list.queries.listing import of_event
from eventsys.workspace.people_list.rules import NO_ANSWER


class Choices(NamedTuple):
    """What the list can be filtered by beside what every list has."""

    organisations: list[AnyRow]
    cohorts: list[Cohort]
    questions: list[ListedQuestion]


class ListedQuestion(NamedTuple):
    """An ordinary question of the event, also one that is asked no more: its words and options as last asked."""

    id: int
    public_id: uuid.UUID
    kind: QuestionKind
    label: Translated
    options: list[tuple[str, Translated]]

    @property
    def keys(self) -> list[str]:
        """What an answer can be filtered by."""
        if self.kind is QuestionKind.YES_NO:
            return [YES, NO, NO_ANSWER]
        return [*(key for key, _label in self.options), NO_ANSWER]


def list_choices(session: Session, event: Event) -> Choices:
    columns: tuple[Any, ...] = (Organisation.id, Organisation.label)
    there = sa.select(Registration.organisation_id).where(*of_event(event))
    organisations = sa.select(*columns).where(Organisation.id.in_(there)).order_by(Organisation.sort_key)
    cohorts = sa.select(Cohort).order_by(Cohort.programme_id, Cohort.ordinal)
    return Choices(
        list(session.execute(organisations)), list(session.scalars(cohorts)), list_ordinary_questions(session, event)
    )


def list_ordinary_questions(session: Session, event: Event) -> list[ListedQuestion]:
    """Those whose answers are no special category, in the order of the form."""
    newer = aliased(QuestionVersion)
    newest = sa.select(sa.func.max(newer.number)).where(newer.question_id == Question.id).correlate(Question)
    columns: tuple[Any, ...] = (
        Question.id, Question.public_id, Question.kind, QuestionVersion.label, QuestionVersion.options,
    )  # fmt: skip
    rows = session.execute(
        sa.select(*columns)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.event_id == event.id, Question.organiser_id == event.organiser_id)
        .where(Question.sensitive.is_(False), QuestionVersion.number == newest.scalar_subquery())
        .order_by(Question.position, Question.id)
    )
    return [
        ListedQuestion(row.id, row.public_id, row.kind, row.label, [(one["key"], one["label"]) for one in row.options])
        for row in rows
    ]
