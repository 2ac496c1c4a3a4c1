"""Verbs of questions and answers. The caller owns the transaction; for answers it holds the event's lock as well."""

from eventsys.registrations.questions.actions.answers import delete_answers, save_answers
from eventsys.registrations.questions.actions.asking import (
    add_question,
    change_question,
    copy_questions,
    move_question,
    remove_question,
)
from eventsys.registrations.questions.actions.shipped import add_shipped_questions

__all__ = [
    "add_question",
    "add_shipped_questions",
    "change_question",
    "copy_questions",
    "delete_answers",
    "move_question",
    "remove_question",
    "save_answers",
]
