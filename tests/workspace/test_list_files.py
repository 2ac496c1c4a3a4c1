"""Files and pasted text as lines: every encoding of spreadsheets, and files that are traps."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest

from eventsys.workspace.lines import cut
from eventsys.workspace.registers.rows import read_table
from eventsys.workspace.registers.tables import MOST_BYTES, MOST_LINES, CannotBeRead, read_file
from tests.workspace.lists import workbook

TEXT = "Nummer;Navn\n0821;Bø\n1119;Hå\n"
HEADINGS = {"number": "nummer nr", "name": "navn name"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_file_is_read_however_a_spreadsheet_wrote_it(encoding: str) -> None:
    table = read_table(read_file(TEXT.encode(encoding)), HEADINGS, ("number", "name"), needs="name")
    assert [dict(line.cells) for line in table.lines] == [
        {"number": "0821", "name": "Bø"},
        {"number": "1119", "name": "Hå"},
    ]


def test_a_workbook_is_read_with_its_days_and_numbers_as_people_write_them() -> None:
    content = workbook(
        ["Navn", "Nummer", "Dato", "Tekst"],
        ["Bø", 821, date(2008, 1, 1), " to\nlinjer "],
        [],
        ["Hå", "0301", datetime(2008, 1, 2, 0, 0), 12.5],
    )
    assert list(cut(read_file(content))) == [
        (1, ["Navn", "Nummer", "Dato", "Tekst"]),
        (2, ["Bø", "821", "2008-01-01", "to linjer"]),
        (4, ["Hå", "0301", "2008-01-02", "12.5"]),
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb;c\n", [(1, ["a", "b;c"])]),
        ("a;b,c\r\n\r\nd;e", [(1, ["a", "b,c"]), (3, ["d", "e"])]),
        ("a,b\n'0301,x", [(1, ["a", "b"]), (2, ["0301", "x"])]),
        ('"Dal; Kari";x', [(1, ["Dal; Kari", "x"])]),
        ('"åpen', [(1, ["åpen"])]),
        ("\n \n", []),
    ],
)
def test_lines_are_cut_at_tabs_else_semicolons_else_commas(text: str, rows: list[tuple[int, list[str]]]) -> None:
    assert list(cut(text)) == rows


def test_without_headings_the_columns_are_in_the_usual_order_and_unknown_ones_are_named() -> None:
    plain = read_table("0821;Bø", HEADINGS, ("number", "name"), needs="name")
    named = read_table("Farge;Navn\nblå;Bø", HEADINGS, ("number", "name"), needs="name")
    assert [dict(plain.lines[0].cells), dict(named.lines[0].cells), list(named.unread)] == [
        {"number": "0821", "name": "Bø"},
        {"name": "Bø"},
        ["Farge"],
    ]


def swap_part(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with another part of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            new.writestr(item, part if item == name else old.read(item))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def bomb() -> bytes:
    return swap_part(workbook(["x"]), SHEET, b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>")


def laughs() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    sheet = (
        f'<!DOCTYPE w [<!ENTITY l0 "ha">{levels}]><worksheet {NAMESPACE}><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
    )
    return swap_part(workbook(["x"]), SHEET, sheet.encode())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"x" * (MOST_BYTES + 1), "too_big"),
        (b"PK\x03\x04 no zip at all", "not_a_table"),
        (b"%PDF-1.7\n\x00\x01", "not_a_table"),
        (swap_part(workbook(["x"]), SHEET, b"<worksheet"), "not_a_table"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(content: bytes, code: str) -> None:
    with pytest.raises(CannotBeRead) as refusal:
        read_file(content)
    assert refusal.value.code == code


def test_a_small_file_that_unpacks_into_a_huge_one_is_refused() -> None:
    content = bomb()
    assert len(content) < 100_000
    with pytest.raises(CannotBeRead) as refusal:
        read_file(content)
    assert refusal.value.code == "too_big"


def test_a_workbook_whose_words_multiply_is_refused() -> None:
    with pytest.raises(CannotBeRead) as refusal:
        read_file(laughs())
    assert refusal.value.code == "not_a_table"


def test_a_row_far_down_is_not_waited_for() -> None:
    sheet = f'<worksheet {NAMESPACE}><sheetData><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'  # noqa: E501
    text = read_file(swap_part(workbook(["x"]), SHEET, sheet.encode()))
    assert (list(cut(text)), text.count("\n") <= MOST_LINES + 2) == ([], True)
