"""Which form of the language municipalities have chosen: the official list is taken in, and what was chosen when is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.organisations.language.actions import note_forms
from eventsys.organisations.language.imports import FormRow, read_forms
from eventsys.organisations.language.queries import list_forms
from eventsys.organisations.models import Organisation
from eventsys.organisations.queries import find_organisation
from eventsys.organisations.rules import LanguageForm, language_of
from tests.world import NOW, build

LIST = (
    "number;form;source;decided_on\n0821;nynorsk;;\n0301;Bokmål;sak 12/07;2007-04-01\n1119;nøytral;;\n9999;nynorsk;;\n"
)


def run(app: Flask, file: Path, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(
        args=["import", "language-forms", str(file), "--source", "FOR-2007-04-01-378", *options]
    )
    return result.exit_code, result.output


def write(tmp_path: Path, content: str = LIST) -> Path:
    file = tmp_path / "forms.csv"
    file.write_text(content, encoding="utf-8-sig")
    return file


def form_of(number: str) -> tuple[LanguageForm, str | None, date | None]:
    db.session.rollback()
    one = find_organisation(db.session(), number)
    assert one is not None
    return one.language_form, one.language_form_source, one.language_form_on


def test_the_list_sets_form_source_and_day_and_says_what_it_did(app: Flask, tmp_path: Path) -> None:
    build()
    line = "3 forms are new, 0 changed, 0 unchanged; no municipality has number 9999\n"
    assert run(app, write(tmp_path), "--decided", "2007-06-01") == (0, line)
    assert [form_of(number) for number in ("0821", "0301", "1119", "2021")] == [
        (LanguageForm.NYNORSK, "FOR-2007-04-01-378", date(2007, 6, 1)),
        (LanguageForm.BOKMAL, "sak 12/07", date(2007, 4, 1)),
        (LanguageForm.NEUTRAL, "FOR-2007-04-01-378", date(2007, 6, 1)),
        (LanguageForm.UNKNOWN, None, None),
    ]
    again = "0 forms are new, 0 changed, 3 unchanged; no municipality has number 9999\n"
    assert run(app, write(tmp_path), "--decided", "2007-06-01") == (0, again)


def test_a_dry_run_of_the_list_writes_nothing(app: Flask, tmp_path: Path) -> None:
    build()
    code, said = run(app, write(tmp_path), "--dry-run")
    assert (code, said.endswith("nothing is written (--dry-run)\n")) == (0, True)
    assert form_of("0821")[0] is LanguageForm.UNKNOWN


def test_bad_rows_are_named_and_nothing_is_taken(app: Flask, tmp_path: Path) -> None:
    build()
    file = write(tmp_path, "number;form\n821;nynorsk\n0301;svensk\n1119;bokmål\n1119;nynorsk\n")
    code, said = run(app, file)
    assert code == 1
    assert [line for line in said.splitlines() if line.startswith("line")] == [
        "line 2: number '821': four digits are needed",
        "line 3: form 'svensk': bokmål, nynorsk or nøytral is needed",
        "line 5: number 1119 is there twice",
    ]
    assert form_of("1119")[0] is LanguageForm.UNKNOWN
    assert run(app, file, "--skip-bad")[0] == 0
    assert form_of("1119")[0] is LanguageForm.BOKMAL


@pytest.mark.parametrize(
    "content",
    [b"", b"name;form\n0101;nynorsk\n", b"number;form;form\n", "number;form\n0101;bokmål\n".encode("latin-1")],
)
def test_what_is_no_such_list_is_refused_whole(content: bytes) -> None:
    good, bad = read_forms(content)
    assert (good, len(bad)) == ([], 1)


def test_commas_and_fewer_columns_are_read_too() -> None:
    assert read_forms(b"number,form\n0101,bm\n") == ([FormRow("0101", LanguageForm.BOKMAL, "", None)], [])


def choose(form: LanguageForm, source: str, on: date | None, today: date) -> list[tuple[date, LanguageForm, str]]:
    with transaction() as session:
        one = session.get_one(Organisation, session.query(Organisation).filter_by(number="0821").one().id)
        one.language_form, one.language_form_source, one.language_form_on = form, source, on
        note_forms(session, [one], account_id=None, today=today, now=NOW)
        return [(row.from_on, row.form, row.source) for row in list_forms(session, one.id)]


def test_what_was_chosen_when_is_kept_newest_first_and_not_written_twice(app: Flask) -> None:
    build()
    assert choose(LanguageForm.UNKNOWN, "", None, date(2008, 1, 1)) == []
    first = (date(2007, 4, 1), LanguageForm.NEUTRAL, "sak 1/07")
    assert choose(LanguageForm.NEUTRAL, "sak 1/07", date(2007, 4, 1), date(2008, 1, 1)) == [first]
    assert choose(LanguageForm.NEUTRAL, "sak 1/07", date(2007, 4, 1), date(2008, 2, 1)) == [first]
    second = (date(2008, 3, 1), LanguageForm.NYNORSK, "sak 2/08")
    assert choose(LanguageForm.NYNORSK, "sak 2/08", None, date(2008, 3, 1)) == [second, first]
    assert choose(LanguageForm.NYNORSK, "sak 2/08", None, date(2008, 4, 1)) == [second, first]


def test_a_neutral_or_unknown_one_is_written_to_in_the_senders_language() -> None:
    assert [language_of(form, "en") for form in LanguageForm] == ["nb", "nn", "en", "en"]
