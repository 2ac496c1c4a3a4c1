"""Tables: an event's own questions in their versions, and the answers, of which the sensitive are kept apart."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.extensions import Base, Translated
from eventsys.registrations.rules import QuestionKind


class Question(Base):
    """One question of an event's form. What it says is in its newest version; what it is stays.

    `key` names a shipped question («food», «access»). Answers to a sensitive one stand in a table of their own and are
    erased `erase_days` after the run's last day; other answers go with the registration unless `erase_days` is set.
    """

    __tablename__ = "questions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.UniqueConstraint("event_id", "key"),
        sa.CheckConstraint("erase_days IS NULL OR erase_days >= 0", name="erase_days"),
        sa.CheckConstraint("NOT sensitive OR erase_days IS NOT NULL", name="sensitive_is_erased"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(index=True)
    key: Mapped[str | None] = mapped_column(sa.String(40))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[QuestionKind]
    sensitive: Mapped[bool] = mapped_column(default=False)
    erase_days: Mapped[int | None]
    removed_at: Mapped[datetime | None]


class QuestionVersion(Base):
    """What a question says, as it was asked from `at` on; never changed. The highest number is in force.

    `options`: [{"key", "label": Translated, "limit": int or null}]. `asks`: whom and when, validated by
    `questions.rules.Asks`: {"sides": [...], "cohorts": [ids], "shown_if": {"question": public id, "options": [keys]} or
    null, "change_by": ISO day or null, "file_types": [...], "max_bytes": int, "minimum"/"maximum": numbers or null}.
    """

    __tablename__ = "question_versions"
    __table_args__ = (sa.UniqueConstraint("question_id", "number"), sa.UniqueConstraint("id", "question_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("questions.id"))
    number: Mapped[int]
    label: Mapped[Translated]
    hint: Mapped[Translated] = mapped_column(default=dict)
    required: Mapped[bool] = mapped_column(default=False)
    options: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    asks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class _Answered:
    """One value that somebody gave: an option's key where there are options (a row for each that is chosen), else text:
    words, «yes»/«no», a number with a point, an ISO day, or a file's name."""

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    question_id: Mapped[int]
    version_id: Mapped[int]
    option: Mapped[str | None] = mapped_column(sa.String(40))
    text: Mapped[str | None]


def _of_answers(name: str) -> tuple[Any, ...]:
    one = sa.text("option IS NULL")
    return (
        sa.ForeignKeyConstraint(["version_id", "question_id"], ["question_versions.id", "question_versions.question_id"]),
        sa.CheckConstraint("(option IS NULL) <> (text IS NULL)", name="one_value"),
        sa.UniqueConstraint("registration_id", "question_id", "option"),
        sa.Index(f"uq_{name}_text", "registration_id", "question_id", unique=True, postgresql_where=one, sqlite_where=one),
        sa.Index(f"ix_{name}_question", "question_id", "option"),
    )  # fmt: skip


class PlainAnswer(_Answered, Base):
    """An answer to an ordinary question; `erase_on` where the question has a day of its own for that."""

    __tablename__ = "answers"
    __table_args__ = _of_answers("answers")

    erase_on: Mapped[date | None] = mapped_column(index=True)


class SensitiveAnswer(_Answered, Base):
    """An answer that only named queries read, each leaving a row of who did; erased on its day."""

    __tablename__ = "sensitive_answers"
    __table_args__ = _of_answers("sensitive_answers")

    erase_on: Mapped[date] = mapped_column(index=True)


class AnswerFile(Base):
    """The bytes of a file that was given as an answer; goes with it."""

    __tablename__ = "answer_files"

    answer_id: Mapped[int] = mapped_column(sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
