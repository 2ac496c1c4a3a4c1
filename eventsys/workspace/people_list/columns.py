"""What the list's columns are called and what stands in each cell, as words, for the page and for files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from eventsys import dates, texts
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.extensions import Translated
from eventsys.registrations.labels import SIDES, STATES
from eventsys.registrations.questions.queries import list_plain_answers
from eventsys.registrations.questions.rules import NO, YES, ShownAnswer
from eventsys.registrations.rules import QuestionKind
from eventsys.web import LANGUAGES, language
from eventsys.workspace.people_list.queries import (
    MOST_IDS,
    ListedQuestion,
    list_nights_of,
    list_sessions_of,
)
from eventsys.workspace.people_list.rules import DEFAULT_COLUMNS, NO_ANSWER, Column

COLUMNS = {
    Column.ORGANISATION: _l("From"),
    Column.NUMBER: _l("Number"),
    Column.SIDE: _l("Represents"),
    Column.RUN: _l("Dates"),
    Column.SECOND_RUN: _l("Second choice"),
    Column.SESSIONS: _l("Sessions"),
    Column.NIGHTS: _l("Nights"),
    Column.REGISTRAR: _l("Signed up by"),
    Column.PRIORITY: _l("Priority"),
    Column.LANGUAGE: _l("Language"),
    Column.SIGNED_UP: _l("Signed up"),
}
YES_NO = {YES: _l("Yes"), NO: _l("No")}
QUESTION = "q-"


@dataclass(frozen=True, slots=True)
class Shown:
    """One column: its key in the address, its heading, and the words in the cell of a row."""

    key: str
    heading: str
    cell: Callable[[Any], str]


@dataclass(slots=True)
class Beside:
    """What stands beside the rows of a list, by registration; only what the chosen columns need is read."""

    answers: Mapping[int, Sequence[ShownAnswer]] = field(default_factory=dict)
    sessions: Mapping[int, Sequence[Translated]] = field(default_factory=dict)
    nights: Mapping[int, Sequence[tuple[date, str]]] = field(default_factory=dict)


def list_offered(event: Event, questions: Sequence[ListedQuestion]) -> list[tuple[str, str]]:
    """The keys and names of the columns that can be chosen."""
    several = len(event.runs) > 1
    fixed = [
        (column.value, str(name))
        for column, name in COLUMNS.items()
        if several or column not in (Column.RUN, Column.SECOND_RUN)
    ]
    return fixed + [(f"{QUESTION}{one.public_id}", texts.read(one.label, language()).value) for one in questions]


def choose(keys: Collection[str], offered: Sequence[tuple[str, str]]) -> list[str]:
    """The chosen keys of those offered, in their order; the usual ones when none is chosen."""
    usual = [key for key, _name in offered if key in set(DEFAULT_COLUMNS)]
    return [key for key, _name in offered if key in keys] or usual


def read_beside(session: Session, keys: Collection[str], ids: Collection[int]) -> Beside:
    """A statement for each kind of thing that the columns show."""
    beside = Beside()
    if any(key.startswith(QUESTION) for key in keys):
        beside.answers = read_answers(session, ids)
    if Column.SESSIONS in keys:
        beside.sessions = list_sessions_of(session, ids)
    if Column.NIGHTS in keys:
        beside.nights = list_nights_of(session, ids)
    return beside


def read_answers(session: Session, ids: Collection[int]) -> dict[int, list[ShownAnswer]]:
    numbers = list(ids)
    found: dict[int, list[ShownAnswer]] = {}
    for start in range(0, len(numbers), MOST_IDS):
        found |= list_plain_answers(session, numbers[start : start + MOST_IDS])
    return found


def show(event: Event, keys: Iterable[str], offered: Sequence[tuple[str, str]], beside: Beside) -> list[Shown]:
    """The chosen columns with what they put in a cell."""
    names, cells = dict(offered), _cells(event, beside)
    return [
        Shown(key, names[key], cells[Column(key)] if key in set(Column) else _answer_of(key, beside)) for key in keys
    ]


def _cells(event: Event, beside: Beside) -> dict[Column, Callable[[Any], str]]:
    runs = {run.id: name_run(run, year=False) for run in event.runs}
    sides = {side: str(name) for side, name in SIDES.items()}
    zone, code = event.organiser.timezone, language()
    return {
        Column.ORGANISATION: lambda row: row.organisation_label or "",
        Column.NUMBER: lambda row: row.organisation_number or "",
        Column.SIDE: lambda row: sides.get(row.side, ""),
        Column.RUN: lambda row: runs.get(row.run_id, ""),
        Column.SECOND_RUN: lambda row: runs.get(row.second_run_id, ""),
        Column.SESSIONS: lambda row: ", ".join(texts.read(one, code).value for one in beside.sessions.get(row.id, ())),
        Column.NIGHTS: lambda row: name_nights(beside.nights.get(row.id, ())),
        Column.REGISTRAR: lambda row: row.registrar or "",
        Column.PRIORITY: lambda row: str(row.priority or ""),
        Column.LANGUAGE: lambda row: LANGUAGES.get(row.language or "", ""),
        Column.SIGNED_UP: lambda row: dates.format_short_moment(dates.to_local(row.created_at, zone), code),
    }


def name_nights(nights: Sequence[tuple[date, str]]) -> str:
    return ", ".join(dates.format_day(on, language(), year=False) for on, _hotel in nights)


def _answer_of(key: str, beside: Beside) -> Callable[[Any], str]:
    public_id = key.removeprefix(QUESTION)

    def cell(row: Any) -> str:
        return next((tell_answer(one) for one in beside.answers.get(row.id, ()) if str(one.public_id) == public_id), "")

    return cell


def tell_answer(answer: ShownAnswer) -> str:
    """An answer in words, by the words it was given to."""
    if answer.options:
        return ", ".join(texts.read(label, language()).value for label in answer.options)
    text = answer.text or ""
    if answer.kind is QuestionKind.YES_NO:
        return str(YES_NO.get(text, text))
    return text


def list_answer_options(questions: Sequence[ListedQuestion]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the list can be filtered by, question by question: the key in the address and the words of the answer."""
    found = []
    for one in questions:
        words = {key: texts.read(label, language()).value for key, label in one.options}
        words |= {NO_ANSWER: _("No answer")}
        if one.kind is QuestionKind.YES_NO:
            words |= {key: str(label) for key, label in YES_NO.items()}
        options = [(f"{one.public_id}:{key}", words[key]) for key in one.keys]
        found.append((texts.read(one.label, language()).value, options))
    return found


def full_grade(event: Event, offered: Sequence[tuple[str, str]], beside: Beside) -> list[Shown]:
    """Every column of the file for the organisers themselves; the sensitive ones are in no file."""
    names, zone = {run.id: name_run(run) for run in event.runs}, event.organiser.timezone
    first = [
        Shown("name", _("Name"), lambda row: row.name),
        Shown("email", _("E-mail"), lambda row: row.email),
    ]
    states = {state: str(name) for state, name in STATES.items()}
    rest = show(event, [key for key, _name in offered if key not in (Column.RUN, Column.SIGNED_UP)], offered, beside)
    rest.insert(3, Shown("run", _("Dates"), lambda row: names[row.run_id]))
    rest.insert(4, Shown("state", _("State"), lambda row: states[row.state]))
    rest.insert(
        5, Shown("signed_up", _("Signed up"), lambda row: f"{dates.to_local(row.created_at, zone):%Y-%m-%d %H:%M}")
    )
    return first + rest


def public_grade() -> list[Shown]:
    """What anybody may ask a public body for: who came, and from where."""
    return [
        Shown("name", _("Name"), lambda row: row.name),
        Shown("organisation", _("Organisation"), lambda row: row.organisation_label or ""),
    ]
