"""Lists of colleagues as people have them: from a mail, a spreadsheet, a document."""

from __future__ import annotations

import pytest

from eventsys.registrations.pasted import MOST_LINES, Pasted, read_people

WORDS = {"administrasjon": "administration", "politiker": "politician", "tillitsvalgt": "employee_representative"}
KARI = Pasted("Kari Fjell", "kari@kommune.example", "administration")


@pytest.mark.parametrize(
    "line",
    [
        "Kari Fjell; kari@kommune.example; administrasjon",
        "Kari Fjell;kari@kommune.example;Administrasjon;",
        "Kari Fjell\tkari@kommune.example\tadministrasjon",
        "administrasjon\tKari Fjell\tkari@kommune.example",
        "kari@kommune.example, Kari Fjell, administrasjon",
        "Kari Fjell <kari@kommune.example>; administrasjon",
        '"Fjell, Kari" <kari@kommune.example>, administrasjon',
        "1. Kari Fjell; kari@kommune.example; administrasjon",
        "• Kari Fjell ; kari@kommune.example ; administrasjon",
        '"Kari Fjell";"kari@kommune.example";"administrasjon"',
    ],
)
def test_a_line_gives_name_address_and_side_however_it_is_written(line: str) -> None:
    assert read_people(line, WORDS) == [KARI]


def test_five_lines_are_five_people_and_headings_and_empty_lines_nobody() -> None:
    kari = "Kari Fjell\tkari@kommune.example\tadministrasjon"
    text = f"\ufeffNavn\tE-post\tSide\r\n{kari}\r\n\r\nOla Vik\t\tpolitiker\r\n\t\t\r\nEva Lund"
    assert read_people(text, WORDS) == [KARI, Pasted("Ola Vik", part="politician"), Pasted("Eva Lund")]


def test_the_addresses_of_a_mail_are_a_person_each() -> None:
    text = "Fjell, Kari <kari@kommune.example>; Ola Vik <ola@kommune.example>; eva@kommune.example"
    assert read_people(text, WORDS) == [
        Pasted("Kari Fjell", "kari@kommune.example"),
        Pasted("Ola Vik", "ola@kommune.example"),
        Pasted(email="eva@kommune.example"),
    ]


def test_a_side_alone_is_a_place_without_a_name() -> None:
    assert read_people("; ; tillitsvalgt\ntillitsvalgt", WORDS) == [Pasted(part="employee_representative")] * 2


def test_what_finds_no_field_is_kept_to_be_told() -> None:
    assert read_people("Kari Fjell; kari@kommune.example; rådgiver; 99 00 00 00", WORDS) == [
        Pasted("Kari Fjell", "kari@kommune.example", unknown="rådgiver; 99 00 00 00")
    ]


def test_a_name_with_a_comma_and_no_address_stays_a_name() -> None:
    assert read_people("Fjell, Kari", WORDS) == [Pasted("Fjell, Kari")]


def test_a_list_is_read_to_an_end() -> None:
    assert len(read_people("Kari Fjell\n" * 5_000, WORDS)) == MOST_LINES
