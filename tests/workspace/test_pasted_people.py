"""Lines of people pasted from a spreadsheet: what each is read as, and what is wrong with it."""

from __future__ import annotations

import pytest

from eventsys.organisations.rules import OrganisationKind
from eventsys.workspace.people_list import pasted
from eventsys.workspace.people_list.pasted import Checked, Dates, Pasted, Register
from eventsys.workspace.registers.finding import Finder, Known
from eventsys.workspace.registers.rows import Line, Wrong

BO, BO_NORTH, OSLO = (
    Known(1, OrganisationKind.MUNICIPALITY, "Bø (Telemark)", "0821", "Bø"),
    Known(2, OrganisationKind.MUNICIPALITY, "Bø (Nordland)", "1867", "Bø"),
    Known(3, OrganisationKind.MUNICIPALITY, "Oslo", "0301", "Oslo"),
)


def register(**more: object) -> Register:
    facts: dict[str, object] = {
        "finder": Finder([BO, BO_NORTH, OSLO]),
        "runs": [Dates(7, None, ["1.–2. september 2008", "1.–2. september"])],
        "run_id": 7,
        "there": set(),
        "addresses": {"a@x.example": "a@x.example"},
        "parts": {"politiker": "politician"},
        **more,
    }
    return Register(**facts)  # type: ignore[arg-type]


def cells(**more: str) -> dict[str, str]:
    return {"name": "Ann", "email": "a@x.example", "organisation": "Oslo", "part": "politiker", **more}


def check_one(register: Register, **more: str) -> Checked:
    (found,) = pasted.check([Line(1, cells(**more))], register)
    return found


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["\t", ";", ","])
def test_lines_are_cut_at_tabs_semicolons_or_commas(sign: str) -> None:
    text = sign.join(["Ann", "a@x.example", "Oslo", "politiker"]) + "\r\n\r\n" + sign.join(["Bo", "b@x.example"])
    first = {"name": "Ann", "email": "a@x.example", "organisation": "Oslo", "part": "politiker"}
    assert pasted.read(text) == Pasted([Line(1, first), Line(3, {"name": "Bo", "email": "b@x.example"})])


def test_a_heading_says_the_order_of_columns_and_what_is_not_read_is_told() -> None:
    text = "Skostørrelse;Telefon;E-post;Navn\n41;+47 22;a@x.example;Ann"
    assert pasted.read(text) == Pasted(
        [Line(2, {"email": "a@x.example", "name": "Ann"})], unread=("Skostørrelse", "Telefon"), headless=False
    )


@pytest.mark.parametrize(
    "heading",
    ["Navn\tE-post\tKommune\tRepresenterer\tDato", "Namn\tE-post\tKommune\tRepresenterer\tDatoar",
     "Name\tE-mail\tMunicipality\tRepresents\tDates", "NAVN\tepost\tfra\tside\tdager"],
)  # fmt: skip
def test_headings_are_known_in_every_language(heading: str) -> None:
    found = pasted.read(heading + "\nAnn\ta@x.example\tOslo\tpolitiker\t1. september")
    assert found == Pasted([Line(2, {**cells(), "run": "1. september"})], headless=False)


def test_a_number_wins_over_a_name_and_the_files_own_signs_are_taken_off() -> None:
    found = pasted.read('"Name";"E-mail";"From";"Number"\n"\'=Ann";"a@x.example";"Bø";"0821"')
    assert found.lines == [Line(2, {"name": "=Ann", "email": "a@x.example", "organisation": "0821"})]


def test_a_cell_with_line_breaks_in_it_is_one_cell_and_the_next_line_has_its_own_number() -> None:
    found = pasted.read('"Ann\nMari"\ta@x.example\nBo\tb@x.example')
    assert [(line.number, line.cells["name"]) for line in found.lines] == [(1, "Ann Mari"), (3, "Bo")]


@pytest.mark.parametrize("text", ["", " \n\t\n", "Navn;E-post"])
def test_nothing_to_read_is_no_lines(text: str) -> None:
    assert list(pasted.read(text).lines) == []


# --- what is wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell, found",
    [("Bø (Telemark)", BO), ("bø  (telemark)", BO), ("0821", BO), ("821", BO), ("1867", BO_NORTH), ("Oslo", OSLO),
     ("Oslo kommune", OSLO), ("301", OSLO)],
)  # fmt: skip
def test_an_organisation_is_known_by_label_number_or_the_only_name(cell: str, found: Known) -> None:
    assert check_one(register(), organisation=cell).organisation == found


@pytest.mark.parametrize(
    "more, wrong",
    [
        ({"name": ""}, Wrong("no_name")),
        ({"name": "x" * 201}, Wrong("long_name")),
        ({"email": ""}, Wrong("no_email")),
        ({"email": "ann(at)x"}, Wrong("bad_email", "ann(at)x")),
        ({"organisation": ""}, Wrong("no_organisation")),
        ({"organisation": "Bø"}, Wrong("which_organisation", "Bø (Telemark), Bø (Nordland)")),
        ({"organisation": "Atlantis"}, Wrong("unknown_organisation", "Atlantis")),
        ({"part": ""}, Wrong("no_part")),
        ({"part": "konge"}, Wrong("unknown_part", "konge")),
        ({"run": "3. mai"}, Wrong("unknown_run", "3. mai")),
    ],
)
def test_what_is_wrong_with_a_line_is_said(more: dict[str, str], wrong: Wrong) -> None:
    assert check_one(register(), **more).wrong == [wrong]


def test_dates_must_be_said_where_there_are_several() -> None:
    assert check_one(register(run_id=None)).wrong == [Wrong("no_run")]
    assert check_one(register(run_id=None), run="1.-2. September 2008").run_id == 7


def test_who_is_signed_up_already_or_stands_twice_is_told() -> None:
    there = register(there={(7, "a@x.example", "ann")})
    assert check_one(there, name="ANN").wrong == [Wrong("there_already")]
    lines = pasted.check([Line(2, cells()), Line(5, cells(name="ann"))], register())
    assert [line.wrong for line in lines] == [[], [Wrong("twice", "2")]]
