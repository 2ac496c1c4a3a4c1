"""What an organiser types about a question, turned into values or errors; nothing here reads the database."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator, Sequence

from flask_babel import gettext as _

from eventsys.extensions import Translated
from eventsys.filetypes import MEDIA_TYPES
from eventsys.registrations.questions.rules import (
    DECIDES,
    MOST_BYTES,
    NO,
    SENSITIVE_DAYS,
    WITH_OPTIONS,
    YES,
    AskedQuestion,
    Asks,
    Option,
    QuestionFacts,
    ShownIf,
)
from eventsys.registrations.rules import QuestionKind, Side
from eventsys.workspace.forms import LANGUAGES, MOST_PEOPLE, Reader, Typed, write_day

MOST_OPTIONS, SPARE_OPTIONS, MORE_OPTIONS = 60, 3, 5
MOST_DAYS = 3650
SIZES = (200_000, 500_000, MOST_BYTES)
_NUMBER = re.compile(r"[-−]?\d{1,9}([.,]\d{1,6})?")


def list_deciding(questions: Sequence[AskedQuestion], before: uuid.UUID | None) -> Iterator[AskedQuestion]:
    """The questions on whose answer one may depend: those that stand before it."""
    for question in questions:
        if question.public_id == before:
            return
        if question.kind in DECIDES:
            yield question


def keys_of(question: AskedQuestion) -> tuple[str, ...]:
    return (YES, NO) if question.kind is QuestionKind.YES_NO else tuple(option.key for option in question.options)


def read_question(
    reader: Reader,
    kind: QuestionKind,
    *,
    deciding: Sequence[AskedQuestion],
    cohort_ids: Collection[int],
    sensitive_days: int = SENSITIVE_DAYS,
) -> QuestionFacts | None:
    """The question that was typed; None if something is wrong with it. What is sensitive is kept `sensitive_days` where
    nothing else is said."""
    label = _read_texts(reader, "label", most=300)
    if not any(label.get(code) for code in ("nb", "nn")):
        reader.errors["label_nb"] = _("Write the question, in bokmål or nynorsk.")
    hint = _read_texts(reader, "hint", most=600)
    options = _read_options(reader) if kind in WITH_OPTIONS else ()
    sensitive = "sensitive" in reader.typed
    if sensitive and kind is QuestionKind.FILE:
        reader.errors["sensitive"] = _("A file cannot be sensitive: ask for the few words you need instead.")
    erase_days = reader.number("erase_days", most=MOST_DAYS)
    if sensitive and erase_days is None and "erase_days" not in reader.errors:
        erase_days = sensitive_days
    asks = _read_asks(reader, kind, deciding, cohort_ids)
    if reader.errors or asks is None:
        return None
    required = "required" in reader.typed
    return QuestionFacts(kind, label, hint, required, options, asks, sensitive, erase_days)


def _read_texts(reader: Reader, name: str, *, most: int) -> Translated:
    written = {code: reader.text(f"{name}_{code}", most=most) for code in LANGUAGES}
    return {code: text for code, text in written.items() if text}


def count_options(typed: Typed) -> int:
    """How many lines for options the form has."""
    text = typed.get("rows", "")
    return min(int(text), MOST_OPTIONS) if text.isascii() and text.isdigit() and len(text) < 4 else SPARE_OPTIONS


def _read_options(reader: Reader) -> tuple[Option, ...]:
    """The lines that say something, in the order of the page."""
    options: list[Option] = []
    for row in range(count_options(reader.typed)):
        label = _read_texts(reader, f"option-{row}", most=200)
        limit = reader.number(f"limit-{row}", most=MOST_PEOPLE)
        if label:
            options.append(Option(_read_key(reader.typed.get(f"key-{row}", ""), options), label, limit))
        elif limit is not None:
            reader.errors[f"option-{row}_nb"] = _("Write what can be chosen, or take the number away.")
    if len(options) < 2 and "option-0_nb" not in reader.errors:
        reader.errors["option-0_nb"] = _("Write at least two that can be chosen.")
    return tuple(options)


def _read_key(text: str, options: Sequence[Option]) -> str:
    """The key that the line had; a new one is given to what is no key, or another line's."""
    is_key = text.isascii() and text.isdigit() and len(text) < 5
    return text if is_key and text not in {option.key for option in options} else ""


def _read_asks(
    reader: Reader, kind: QuestionKind, deciding: Sequence[AskedQuestion], cohort_ids: Collection[int]
) -> Asks | None:
    lowest, highest = _read_number(reader, "minimum"), _read_number(reader, "maximum")
    if lowest is not None and highest is not None and highest < lowest:
        reader.errors["maximum"] = _("The highest number cannot be below the lowest.")
    types = tuple(name for name in MEDIA_TYPES if name in reader.typed.getlist("file_types"))
    if kind is QuestionKind.FILE and not types:
        reader.errors["file_types"] = _("Choose at least one type of file.")
    shown_if = _read_condition(reader, deciding)
    change_by = reader.day("change_by")
    chosen = {int(text) for text in reader.typed.getlist("cohorts") if text.isascii() and text.isdigit()}
    return Asks(
        sides=tuple(side for side in Side if side.value in reader.typed.getlist("sides")),
        cohorts=tuple(sorted(chosen & set(cohort_ids))),
        shown_if=shown_if,
        change_by=change_by,
        file_types=types if kind is QuestionKind.FILE else (),
        max_bytes=_read_size(reader.typed),
        minimum=lowest if kind is QuestionKind.NUMBER else None,
        maximum=highest if kind is QuestionKind.NUMBER else None,
    )


def _read_size(typed: Typed) -> int:
    return next((size for size in SIZES if str(size) == typed.get("max_bytes")), MOST_BYTES)


def _read_number(reader: Reader, name: str) -> float | None:
    text = "".join(reader.typed.get(name, "").split())
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        reader.errors[name] = _("Write a number, such as 3 or 2,5.")
        return None
    return float(text.replace(",", ".").replace("−", "-"))


def _read_condition(reader: Reader, deciding: Sequence[AskedQuestion]) -> ShownIf | None:
    """Answers that make the question be asked, all of one question before it."""
    known = {f"{question.public_id}:{key}": question for question in deciding for key in keys_of(question)}
    ticked = [value for value in reader.typed.getlist("shown_if") if value in known]
    questions = {known[value].public_id for value in ticked}
    if len(questions) > 1:
        reader.errors["shown_if"] = _("Choose answers to one question only.")
    if len(questions) != 1:
        return None
    return ShownIf(str(questions.pop()), tuple(value.partition(":")[2] for value in ticked))


def type_question(facts: QuestionFacts) -> Typed:
    """The form as if somebody had typed the question as it is."""
    asks = facts.asks
    typed = Typed(
        {
            **{f"label_{code}": facts.label.get(code, "") for code in LANGUAGES},
            **{f"hint_{code}": facts.hint.get(code, "") for code in LANGUAGES},
            "erase_days": str(facts.erase_days or ""),
            "change_by": write_day(asks.change_by),
            "minimum": _write_number(asks.minimum),
            "maximum": _write_number(asks.maximum),
            "max_bytes": str(asks.max_bytes),
            "rows": str(min(len(facts.options) + SPARE_OPTIONS, MOST_OPTIONS)),
        }
    )
    for flag in ("required", "sensitive"):
        if getattr(facts, flag):
            typed[flag] = "1"
    for row, option in enumerate(facts.options):
        typed.update({f"key-{row}": option.key, f"limit-{row}": str(option.limit or "")})
        typed.update({f"option-{row}_{code}": option.label.get(code, "") for code in LANGUAGES})
    typed.setlist("sides", [side.value for side in asks.sides])
    typed.setlist("cohorts", [str(cohort) for cohort in asks.cohorts])
    typed.setlist("file_types", list(asks.file_types))
    if asks.shown_if:
        typed.setlist("shown_if", [f"{asks.shown_if.question}:{key}" for key in asks.shown_if.options])
    return typed


def _write_number(number: float | None) -> str:
    return "" if number is None else f"{number:g}".replace(".", ",")
