"""The official list is taken in whole, once, and a bad row is named."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.organisations.actions import Counts, import_municipalities
from eventsys.organisations.imports import BadRow, MunicipalityRow, read_municipalities
from eventsys.organisations.models import Organisation, OrganisationWord
from eventsys.organisations.queries import find_organisation
from eventsys.organisations.rules import LanguageForm, OrganisationKind

OFFICIAL = Path(__file__).parents[2] / "eventsys" / "demo" / "data" / "municipalities-2008.csv"
HALDEN = MunicipalityRow(number="0101", name="Halden", county="Østfold")


def run(app: Flask, file: Path, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["import", "municipalities", str(file), *options])
    return result.exit_code, result.output


def count(table: type[Organisation] | type[OrganisationWord]) -> int | None:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table))


def test_the_second_import_changes_nothing(app: Flask) -> None:
    first = run(app, OFFICIAL)
    words = count(OrganisationWord)
    assert [first, run(app, OFFICIAL), count(Organisation), count(OrganisationWord)] == [
        (0, "430 municipalities: 430 new, 0 changed, 0 unchanged\n"),
        (0, "430 municipalities: 0 new, 0 changed, 430 unchanged; no change\n"),
        430,
        words,
    ]


def test_a_dry_run_writes_nothing(app: Flask) -> None:
    line = "430 municipalities: 430 new, 0 changed, 0 unchanged; nothing is written (--dry-run)\n"
    assert (run(app, OFFICIAL, "--dry-run"), count(Organisation)) == ((0, line), 0)


def test_numbers_keep_their_zero_and_the_language_form_is_not_guessed(app: Flask) -> None:
    run(app, OFFICIAL)
    halden = find_organisation(db.session(), "0101")
    assert halden is not None
    assert (halden.number, halden.name, halden.county, halden.label, halden.language_form) == (
        "0101", "Halden", "Østfold", "Halden", LanguageForm.UNKNOWN,
    )  # fmt: skip


def test_the_six_names_that_repeat_show_their_county(app: Flask) -> None:
    run(app, OFFICIAL)
    other = sa.select(Organisation.label).where(Organisation.label != Organisation.name)
    assert set(db.session.scalars(other)) == {
        "Bø (Nordland)", "Bø (Telemark)", "Herøy (Møre og Romsdal)", "Herøy (Nordland)", "Nes (Akershus)",
        "Nes (Buskerud)", "Os (Hedmark)", "Os (Hordaland)", "Sande (Møre og Romsdal)", "Sande (Vestfold)",
        "Våler (Hedmark)", "Våler (Østfold)",
    }  # fmt: skip


def test_nothing_is_written_while_a_row_is_bad(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("number;name;county\n0101;Halden;Østfold\n104;Moss;Østfold\n")
    code, output = run(app, file)
    assert (code, output.splitlines(), count(Organisation)) == (
        1,
        [
            "line 3: number '104': four digits are needed: has the zero in front been lost?",
            "Error: Nothing is imported: 1 row is bad. Mend the file, or add --skip-bad to take the rest.",
        ],
        0,
    )


def test_bad_rows_can_be_left_out(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("number;name;county\n0101;Halden;Østfold\n104;Moss;Østfold\n")
    code, output = run(app, file, "--skip-bad")
    assert (code, output.splitlines()[-1]) == (
        0, "1 municipalities: 1 new, 0 changed, 0 unchanged, 1 bad left out",
    )  # fmt: skip


def test_a_file_that_is_not_there_is_an_error(app: Flask, tmp_path: Path) -> None:
    assert run(app, tmp_path / "none.csv")[0] == 2


def test_two_that_swap_names_are_changed_and_found_by_the_new_ones(app: Flask) -> None:
    def rows(first: str, second: str) -> list[MunicipalityRow]:
        names = (("0101", first), ("0104", second))
        return [MunicipalityRow(number=number, name=name, county="Østfold") for number, name in names]

    with transaction() as session:
        import_municipalities(session, rows("Halden", "Moss"))
    with transaction() as session:
        counts = import_municipalities(session, rows("Moss", "Halden"))
    labels = {o.number: o.label for o in db.session.scalars(sa.select(Organisation))}
    assert (counts, labels) == (Counts(new=0, changed=2, unchanged=0), {"0101": "Moss", "0104": "Halden"})


def test_a_namesake_gives_the_one_that_was_there_its_county(app: Flask) -> None:
    with transaction() as session:
        import_municipalities(session, [MunicipalityRow(number="0821", name="Bø", county="Telemark")])
    with transaction() as session:
        import_municipalities(session, [MunicipalityRow(number="1867", name="Bø", county="Nordland")])
    labels = sa.select(Organisation.label).where(Organisation.kind == OrganisationKind.MUNICIPALITY)
    assert set(db.session.scalars(labels)) == {"Bø (Telemark)", "Bø (Nordland)"}


@pytest.mark.parametrize(
    "content",
    [
        b"number;name;county\n0101;Halden;\xc3\x98stfold\n",
        b"\xef\xbb\xbfnumber;name;county\r\n0101;Halden;\xc3\x98stfold\r\n",
        b"number,name,county\n\n0101, Halden ,\xc3\x98stfold",
        b'Number;Name;County\n"0101";"Halden";"O\xcc\x82stfold"\n'.replace(b"O\xcc\x82", b"\xc3\x98"),
    ],
)
def test_files_as_spreadsheets_write_them_are_read(content: bytes) -> None:
    assert read_municipalities(content) == ([HALDEN], [])


@pytest.mark.parametrize(
    "content, bad",
    [
        (b"", [BadRow(1, "the first line must be number;name;county")]),
        (b"0101;Halden;X\n", [BadRow(1, "the first line must be number;name;county")]),
        (b"number;name;county\n0101;Halden\n", [BadRow(2, "2 columns instead of 3")]),
        (b"number;name;county\n01o1;Halden;X\n", [BadRow(2, "number '01o1': four digits are needed")]),
        (b"number;name;county\n0101;;X\n", [BadRow(2, "name '': String should have at least 1 character")]),
        (b"number;name;county\n0101;A\x01;X\n", [BadRow(2, "name 'A\\x01': it holds a control character")]),
        (b"number;name;county\n0101;Halden;\xd8stfold\n", [BadRow(2, "not UTF-8; save the file as CSV UTF-8")]),
    ],
)
def test_what_cannot_be_taken_is_named_by_line(content: bytes, bad: list[BadRow]) -> None:
    assert read_municipalities(content) == ([], bad)


def test_the_same_number_twice_is_bad_the_second_time() -> None:
    content = "number;name;county\n0101;Halden;Østfold\n0101;Moss;Østfold\n".encode()
    assert read_municipalities(content) == ([HALDEN], [BadRow(3, "number 0101 is on line 2 already")])
