"""What somebody answers in a browser, turned into values or errors; nothing here reads the database."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict

from eventsys import dates
from eventsys import filetypes as kinds_of_file
from eventsys.events.materials.labels import name_size
from eventsys.registrations.questions.labels import name_limits, name_types
from eventsys.registrations.questions.rules import (
    MOST_LONG,
    MOST_SHORT,
    NO,
    YES,
    AskedQuestion,
    GivenAnswer,
    GivenFile,
    ShownAnswer,
    is_for,
    is_shown,
)
from eventsys.registrations.rules import QuestionKind, Side

Typed = MultiDict[str, str]
Files = Mapping[str, FileStorage]


def field_name(prefix: str, public_id: uuid.UUID) -> str:
    """What the question's field is called, and its id; `prefix` tells the seats of one form apart."""
    return f"{prefix}q-{public_id}"


def read_answers(
    questions: Sequence[AskedQuestion],
    formdata: Typed,
    files: Files,
    prefix: str = "",
    *,
    side: Side | None,
    cohort_ids: Collection[int],
    changing: bool = False,
    kept_files: Collection[uuid.UUID] = (),
) -> tuple[list[GivenAnswer], dict[str, str]]:
    """An answer to each question, and what is wrong by the name of its field.

    One who is not asked (another side, another answer) answers with nothing, whatever the browser sent. With `changing`
    the questions that are closed are left as they are; a question in `kept_files` has its file already.
    """
    given: list[GivenAnswer] = []
    errors: dict[str, str] = {}
    chosen: dict[str, Collection[str]] = {}
    for question in questions:
        if changing and question.closed:
            chosen[str(question.public_id)] = _typed_keys(question, formdata, prefix)
            continue
        asked = is_for(question.asks, side, cohort_ids) and is_shown(question.shown_if, chosen)
        if not asked:
            given.append(GivenAnswer(question.id, question.version_id))
            continue
        name = field_name(prefix, question.public_id)
        try:
            answer = _read(question, name, formdata, files)
        except ValueError as error:
            errors[name] = str(error)
            chosen[str(question.public_id)] = _typed_keys(question, formdata, prefix)
            continue
        if answer.is_empty and question.public_id in kept_files and f"{name}-remove" not in formdata:
            continue
        if answer.is_empty and question.required:
            errors[name] = _tell_missing(question)
        chosen[str(question.public_id)] = _keys(question, answer)
        given.append(answer)
    return given, errors


def _typed_keys(question: AskedQuestion, formdata: Typed, prefix: str) -> Collection[str]:
    return formdata.getlist(field_name(prefix, question.public_id))


def _keys(question: AskedQuestion, answer: GivenAnswer) -> Collection[str]:
    if question.kind is QuestionKind.YES_NO:
        return (answer.text,) if answer.text else ()
    return answer.options


def _read(question: AskedQuestion, name: str, formdata: Typed, files: Files) -> GivenAnswer:
    """What was typed; raises `ValueError` with what to say."""
    kind = question.kind
    if kind in (QuestionKind.ONE_OF, QuestionKind.SOME_OF):
        return GivenAnswer(question.id, question.version_id, options=_read_options(question, formdata.getlist(name)))
    if kind is QuestionKind.FILE:
        return GivenAnswer(question.id, question.version_id, file=_read_file(question, files.get(name)))
    text = _READERS[kind](question, formdata.get(name, ""))
    return GivenAnswer(question.id, question.version_id, text=text or None)


def _read_options(question: AskedQuestion, typed: Iterable[str]) -> tuple[str, ...]:
    wanted = {key for key in typed if key}
    known = [option.key for option in question.options]
    if not wanted <= set(known):
        raise ValueError(_("Choose one of those that are there now."))
    if question.kind is QuestionKind.ONE_OF and len(wanted) > 1:
        raise ValueError(_("Choose one only."))
    return tuple(key for key in known if key in wanted)


def _read_short(_question: AskedQuestion, text: str) -> str:
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return _not_longer(plain, MOST_SHORT)


def _read_long(_question: AskedQuestion, text: str) -> str:
    return _not_longer(text.replace("\r\n", "\n").replace("\0", "").strip(), MOST_LONG)


def _not_longer(text: str, most: int) -> str:
    if len(text) > most:
        raise ValueError(_("At most %(most)s characters; this is %(length)s.", most=most, length=len(text)))
    return text


def _read_number(question: AskedQuestion, text: str) -> str:
    """A number as it is kept: with a point, without spaces and needless zeros."""
    plain = "".join(text.split()).replace(",", ".")
    if not plain:
        return ""
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(_("Write a number, such as 3 or 2,5.")) from error
    if not number.is_finite() or abs(number) >= 10**12 or len(plain) > 20:
        raise ValueError(_("Write a number, such as 3 or 2,5."))
    lowest, highest = question.asks.minimum, question.asks.maximum
    if (lowest is not None and number < Decimal(str(lowest))) or (
        highest is not None and number > Decimal(str(highest))
    ):
        raise ValueError(name_limits(question.asks))
    return f"{number.normalize() + 0:f}"


def _read_yes_no(_question: AskedQuestion, text: str) -> str:
    return text if text in (YES, NO) else ""


def _read_date(_question: AskedQuestion, text: str) -> str:
    try:
        day = dates.read_day(text)
    except ValueError as error:
        raise ValueError(_("Write a day that exists, such as 01.09.2008.")) from error
    return day.isoformat() if day else ""


_READERS = {
    QuestionKind.SHORT_TEXT: _read_short,
    QuestionKind.LONG_TEXT: _read_long,
    QuestionKind.NUMBER: _read_number,
    QuestionKind.YES_NO: _read_yes_no,
    QuestionKind.DATE: _read_date,
}


def _read_file(question: AskedQuestion, sent: FileStorage | None) -> GivenFile | None:
    if sent is None or not sent.filename:
        return None
    most = question.asks.max_bytes
    content = sent.stream.read(most + 1)
    if len(content) > most:
        raise ValueError(_("The file is too large. The most is %(size)s.", size=name_size(most)))
    name = kinds_of_file.clean_name(sent.filename)
    kind = kinds_of_file.sniff(content)
    if not content or kind not in question.asks.file_types or kinds_of_file.ending_of(name) != kind:
        raise ValueError(_("Choose a file of one of these types: %(types)s.", types=name_types(question.asks)))
    return GivenFile(name, kinds_of_file.MEDIA_TYPES[kind], content)


def _tell_missing(question: AskedQuestion) -> str:
    if question.kind is QuestionKind.FILE:
        return _("Choose a file.")
    if question.kind in (QuestionKind.ONE_OF, QuestionKind.SOME_OF, QuestionKind.YES_NO):
        return _("Choose an answer.")
    return _("Write an answer.")


def type_answers(answers: Iterable[ShownAnswer], prefix: str = "") -> Typed:
    """The form as if somebody had typed the answers that are there."""
    typed = Typed()
    for answer in answers:
        name = field_name(prefix, answer.public_id)
        if answer.keys:
            typed.setlist(name, list(answer.keys))
        elif answer.kind is QuestionKind.DATE and answer.text:
            year, month, day = answer.text.split("-")
            typed[name] = f"{day}.{month}.{year}"
        elif answer.text is not None:
            typed[name] = answer.text
    return typed
