"""What pages say about questions and answers, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup, escape

from eventsys import dates, texts
from eventsys.events.materials.labels import name_size
from eventsys.registrations.labels import SIDES
from eventsys.registrations.questions.rules import NO, YES, AskedQuestion, Asks, ShownAnswer
from eventsys.registrations.rules import QuestionKind
from eventsys.web import language

KINDS = {
    QuestionKind.SHORT_TEXT: _l("A line of text"),
    QuestionKind.LONG_TEXT: _l("A longer text"),
    QuestionKind.ONE_OF: _l("One of several"),
    QuestionKind.SOME_OF: _l("Some of several"),
    QuestionKind.NUMBER: _l("A number"),
    QuestionKind.YES_NO: _l("Yes or no"),
    QuestionKind.DATE: _l("A day"),
    QuestionKind.FILE: _l("A file"),
}
YES_OR_NO = {YES: _l("Yes"), NO: _l("No")}


def _decimal() -> str:
    return "." if language() == "en" else ","


def name_number(number: float | str) -> str:
    """A number that is kept with a point, as the language writes it."""
    text = f"{number:g}" if isinstance(number, float) else str(number)
    return text.replace(".", _decimal()).replace("-", "−")


def name_types(asks: Asks) -> str:
    return ", ".join(asks.file_types)


def name_limits(asks: Asks) -> str:
    """What a number may be; empty where it may be anything."""
    lowest, highest = asks.minimum, asks.maximum
    if lowest is not None and highest is not None:
        return _("From %(low)s to %(high)s.", low=name_number(lowest), high=name_number(highest))
    if lowest is not None:
        return _("At least %(low)s.", low=name_number(lowest))
    return _("At most %(high)s.", high=name_number(highest)) if highest is not None else ""


def describe_questions(questions: Sequence[AskedQuestion]) -> list[dict[str, Any]]:
    """Each question as the form's macro shows it."""
    asked = {str(question.public_id): question for question in questions}
    return [_describe(question, asked) for question in questions]


def _describe(question: AskedQuestion, asked: dict[str, AskedQuestion]) -> dict[str, Any]:
    hints = (texts.read(question.hint, language()), name_rules(question), name_change_by(question))
    condition, for_whom = name_condition(question, asked), name_for_whom(question)
    shown_if = question.shown_if
    return {
        "public_id": question.public_id,
        "name": f"q-{question.public_id}",
        "kind": question.kind.value,
        "label": mark_language(texts.read(question.label, language())),
        "hint": Markup(" ").join(_marked(hint) for hint in (*hints, name_keeping(question)) if _marked(hint)),
        "must": question.required and not (condition or for_whom),
        "condition": condition,
        "for_whom": for_whom,
        "options": list(_list_options(question)),
        "closed": question.closed,
        "accept": ",".join(f".{kind}" for kind in question.asks.file_types),
        "if_name": f"q-{shown_if.question}" if shown_if and shown_if.question in asked else "",
        "if_values": " ".join(shown_if.options) if shown_if else "",
        "sides": " ".join(side.value for side in question.asks.sides),
    }


def mark_language(text: texts.Text) -> Markup:
    """The text, marked where it is in another language than the page."""
    if text.language == language() or not text.value:
        return escape(text.value)
    return Markup('<span lang="{}">{}</span>').format(text.language, text.value)


def _marked(text: texts.Text | str) -> Markup:
    return escape(text) if isinstance(text, str) else mark_language(text)


def _list_options(question: AskedQuestion) -> Iterator[tuple[str, Markup | str, str, bool]]:
    """(key, label, what is left, whether it is full); of one that may be left out, nothing is a choice too."""
    if question.kind in (QuestionKind.ONE_OF, QuestionKind.YES_NO) and not question.required:
        yield "", _("No answer"), "", False
    if question.kind is QuestionKind.YES_NO:
        yield from ((key, str(label), "", False) for key, label in YES_OR_NO.items())
    for option in question.options:
        label = mark_language(texts.read(option.label, language()))
        yield option.key, label, name_left(option.left), option.left == 0


def name_left(left: int | None) -> str:
    if left is None:
        return ""
    return ngettext("%(num)d place left", "%(num)d places left", left) if left else _("Full")


def name_rules(question: AskedQuestion) -> str:
    """What is accepted, of a number or a file."""
    if question.kind is QuestionKind.NUMBER:
        return name_limits(question.asks)
    if question.kind is QuestionKind.DATE:
        return _("For example 01.09.2008.")
    if question.kind is QuestionKind.FILE:
        size = name_size(question.asks.max_bytes)
        return _("%(types)s; at most %(size)s.", types=name_types(question.asks), size=size)
    return ""


def name_change_by(question: AskedQuestion) -> str:
    if question.change_by is None:
        return ""
    return _("Can be changed until %(day)s.", day=dates.format_day(question.change_by, language()))


def name_for_whom(question: AskedQuestion) -> str:
    """«Bare politisk ledelse, Pulje II»; empty for everybody."""
    sides = [str(SIDES[side]) for side in question.asks.sides]
    cohorts = [texts.read(name, language()).value for name in question.cohort_names]
    return _("Only for: %(whom)s", whom=", ".join(sides + cohorts)) if sides or cohorts else ""


def name_condition(question: AskedQuestion, asked: dict[str, AskedQuestion]) -> str:
    """«Bare hvis du svarte Ja på «Overnatting»»; empty where nothing decides it."""
    if question.shown_if is None or question.shown_if.question not in asked:
        return ""
    other = asked[question.shown_if.question]
    labels = [name_option(other, key) for key in question.shown_if.options]
    return _(
        "Only if you answer %(answer)s to “%(question)s”",
        answer=_(" or ").join(label for label in labels if label),
        question=texts.read(other.label, language()).value,
    )


def name_option(question: AskedQuestion, key: str) -> str:
    if question.kind is QuestionKind.YES_NO:
        return str(YES_OR_NO.get(key, ""))
    return next((texts.read(option.label, language()).value for option in question.options if option.key == key), "")


def name_keeping(question: AskedQuestion) -> str:
    """Who sees the answer and when it is erased, where that is not as with the rest of the registration."""
    if question.erase_days is None:
        return ""
    days = ngettext(
        "It is deleted %(num)d day after the event.", "It is deleted %(num)d days after the event.", question.erase_days
    )
    if not question.sensitive:
        return days
    return _("Only the organiser sees your answer, and each time it is read is noted.") + f" {days}"


def name_answer(answer: ShownAnswer) -> str:
    """The answer in words."""
    if answer.options:
        return ", ".join(texts.read(label, language()).value for label in answer.options)
    text = answer.text or ""
    if answer.kind is QuestionKind.YES_NO:
        return str(YES_OR_NO.get(text, text))
    if answer.kind is QuestionKind.DATE:
        return dates.format_day(date.fromisoformat(text), language())
    return name_number(text) if answer.kind is QuestionKind.NUMBER else text
