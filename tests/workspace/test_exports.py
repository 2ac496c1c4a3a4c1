"""Files of participants: both grades, the hotel's list, and that nothing in them runs, is rounded or is sensitive."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.extensions import db
from eventsys.registrations.models import SensitiveAccess
from eventsys.registrations.rules import NewSeat, Side
from eventsys.workspace.people_list.sheets import Table, inert, write_csv, write_xlsx
from tests.accounts.people import add_account, sign_in
from tests.workspace.seats import (
    EVENT,
    LIST,
    answer,
    ask_about_bus,
    ask_about_food,
    offer_nights,
    send_delegation,
    sign_up,
    unnamed,
)
from tests.world import World

NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def read_xlsx(body: bytes) -> list[list[list[tuple[str, str]]]]:
    """The rows of each sheet, a cell as its type and its text."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(part.text or "" for part in one.iter(f"{SHEET}t")) for one in shared]
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        return [_read_sheet(book.read(name), texts) for name in names]


def _read_sheet(source: bytes, texts: list[str]) -> list[list[tuple[str, str]]]:
    assert b"<f>" not in source
    rows = ElementTree.fromstring(source).iter(f"{SHEET}row")
    return [[(cell.get("t", "n"), texts[int(cell[0].text or 0)]) for cell in row if len(cell)] for row in rows]


def words(rows: list[list[tuple[str, str]]]) -> list[list[str]]:
    return [[text for _kind, text in row] for row in rows]


@pytest.mark.parametrize(
    "value, cell",
    [
        ("=1+1", "'=1+1"), ("+47 22 33 44 55", "'+47 22 33 44 55"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "' =1"),
        ("＝1", "'＝1"), ("  =1", "'  =1"), ("0301", "0301"), ("Bø; og Hå", "Bø; og Hå"), ("", ""), ("a\r\nb", "a  b"),
        ("a\0b", "a b"),
    ],
)  # fmt: skip
def test_a_cell_that_would_run_is_made_text(value: str, cell: str) -> None:
    assert inert(value) == cell


def test_separators_in_a_cell_stay_in_it() -> None:
    body = write_csv([Table("x", ["Navn"], [['Bø; "Hå"']])]).decode("utf-8-sig")
    assert body == '"Navn"\r\n"Bø; ""Hå"""\r\n'


def test_every_cell_of_a_workbook_is_text_and_kept_as_it_is() -> None:
    cells = ["=1+1", "+47 22 33 44 55", "0301", "https://evil.example", "12", "æøå", "x" * 40_000]
    (sheet,) = read_xlsx(write_xlsx([Table("A/B: [1]*", ["=Navn"], [[cell] for cell in cells])], title="x", now=NOW))
    assert {kind for row in sheet for kind, _text in row} == {"s"}
    assert words(sheet) == [["=Navn"], *([cell[:32_000]] for cell in cells)]


def test_sheets_of_one_name_are_told_apart() -> None:
    body = write_xlsx([Table("Natt", ["x"], []), Table("natt", ["y"], [])], title="x", now=NOW)
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        names = [one.get("name") for one in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")]
    assert names == ["Natt", "natt 2"]


def test_the_full_grade_has_the_list_and_the_ordinary_answers_alone(adviser: FlaskClient, world: World) -> None:
    bus, food = ask_about_bus(world), ask_about_food(world)
    sign_up(world, 1, answers=(answer(bus, 1), answer(food, 1)))
    sign_up(world, 2, name='=HYPERLINK("http://evil.example")')
    got = adviser.get(f"{LIST}.csv")
    assert got.data.startswith(b"\xef\xbb\xbf")
    assert got.headers["Content-Disposition"] == 'attachment; filename="laeringsseminar-2-pulje-ii.csv"'
    assert read_csv(got.data) == [
        ["Name", "E-mail", "From", "Number", "Represents", "Dates", "State", "Signed up", "Second choice",
         "Sessions", "Nights", "Signed up by", "Priority", "Language", "Hvordan kommer du?"],
        ["Person Nummer1", "person1@kommune.example", "Bø (Telemark)", "0821", "Administrative leadership",
         "1–2 September 2008", "Has a place", "2008-08-18 08:00", "", "", "", "", "", "", "Båt"],
        ["'=HYPERLINK(\"http://evil.example\")", "person2@kommune.example", "Bø (Telemark)", "0821",
         "Administrative leadership", "1–2 September 2008", "Has a place", "2008-08-18 08:00", "", "", "", "", "", "", ""],
    ]  # fmt: skip
    workbook = adviser.get(f"{LIST}.xlsx")
    assert workbook.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    (sheet,) = read_xlsx(workbook.data)
    assert [row[0] for row in words(sheet)] == ["Name", "Person Nummer1", '=HYPERLINK("http://evil.example")']
    assert "0821" in words(sheet)[1]


def test_a_file_has_what_the_list_shows(adviser: FlaskClient, world: World) -> None:
    for number in range(1, 5):
        sign_up(world, number)
    rows = read_csv(adviser.get(f"{LIST}.csv?state=waiting").data)
    assert [row[0] for row in rows] == ["Name", "Person Nummer4"]


def test_the_public_grade_has_names_and_organisations_of_those_who_come(adviser: FlaskClient, world: World) -> None:
    for number in (3, 2, 1, 4):
        sign_up(world, number)
    send_delegation(world, unnamed())
    public = f"{LIST}.csv?grade=public"
    assert read_csv(adviser.get(public).data) == [
        ["Name", "Organisation"],
        ["Person Nummer1", "Bø (Telemark)"],
        ["Person Nummer2", "Bø (Telemark)"],
        ["Person Nummer3", "Bø (Telemark)"],
    ]
    (sheet,) = read_xlsx(adviser.get(f"{LIST}.xlsx?grade=public").data)
    assert words(sheet) == read_csv(adviser.get(public).data)


def test_a_confederations_event_has_no_public_list_and_no_file_has_unions(client: FlaskClient, world: World) -> None:
    sign_in(client, add_account("rep@unio.example", world.unio))
    sign_up(world, 1, run_id=world.run_id("unio"), union_id=world.unions[0], side=None)
    event = f"/manage/events/{world.events['unio'].slug}"
    assert client.get(f"{event}/participants.csv?grade=public").status_code == 404
    assert client.get(f"{event}/participants.xlsx?grade=public").status_code == 404
    assert "tells which union they are in" in client.get(f"{event}/files").get_data(as_text=True)
    assert "Forskerforbundet" not in client.get(f"{event}/participants.csv").get_data(as_text=True)
    assert db.session.scalars(sa.select(SensitiveAccess.id)).all() == []


def test_the_page_of_files_says_how_many_lines_each_has(adviser: FlaskClient, world: World) -> None:
    for number in range(1, 5):
        sign_up(world, number)
    page = adviser.get(f"{EVENT}/files").get_data(as_text=True)
    assert [text for text in ("4 lines.", "3 lines.", "0 guests.") if text not in page] == []
    assert "Of what the list shows now: 1 registration." in adviser.get(f"{EVENT}/files?state=waiting").get_data(True)


def test_the_hotel_gets_names_and_nights_and_food_as_counts_without_names(adviser: FlaskClient, world: World) -> None:
    food = ask_about_food(world)
    first, second = date(2008, 9, 1), date(2008, 9, 2)
    nights = offer_nights(world, first)
    late = offer_nights(world, second, place=1)
    for number in (1, 2):
        sign_up(world, number, night_ids=(nights[first],), answers=(answer(food, 1),))
    sign_up(world, 3, answers=(answer(food, 2),))
    sign_up(world, 4, night_ids=(nights[first],), answers=(answer(food, 1),))
    sign_up(world, 5, run_id=world.run_id("seminar", 1), night_ids=(late[second],))
    page = adviser.get(f"{EVENT}/hotel-list").get_data(as_text=True)
    assert re.findall(r"Person Nummer\d", page) == ["Person Nummer1", "Person Nummer2", "Person Nummer5"]
    got = adviser.post(f"{EVENT}/hotel-list", data={"kind": "csv"})
    rows = read_csv(got.data)
    assert rows[:4] == [
        ["Hotel", "Name", "Arrives", "Leaves", "Nights", "1 September", "2 September"],
        ["Fjordhotellet", "Person Nummer1", "2008-09-01", "2008-09-02", "1", "x", ""],
        ["Fjordhotellet", "Person Nummer2", "2008-09-01", "2008-09-02", "1", "x", ""],
        ["Fjordhotellet", "Person Nummer5", "2008-09-02", "2008-09-03", "1", "", "x"],
    ]
    assert [row[2] for row in rows[6:]] == ["2", "1"]
    assert all("Person" not in cell and "@" not in cell for row in rows[5:] for cell in row)
    assert [len(sheet) for sheet in read_xlsx(adviser.post(f"{EVENT}/hotel-list", data={"kind": "xlsx"}).data)] == [
        4,
        3,
    ]


def test_taking_the_hotels_list_out_is_noted_and_looking_at_the_page_is_not(adviser: FlaskClient, world: World) -> None:
    adviser.get(f"{EVENT}/hotel-list")
    assert db.session.scalars(sa.select(SensitiveAccess.what)).all() == []
    adviser.post(f"{EVENT}/hotel-list", data={"kind": "csv"})
    db.session.rollback()
    assert db.session.scalars(sa.select(SensitiveAccess.what)).all() == ["food counts"]
    assert adviser.post(f"{EVENT}/hotel-list", data={"kind": "pdf"}).status_code == 400


def test_a_guest_without_a_name_is_told_by_who_signed_them_up(adviser: FlaskClient, world: World) -> None:
    second = date(2008, 9, 2)
    late = offer_nights(world, second, place=1)
    send_delegation(world, NewSeat(side=Side.POLITICIAN, night_ids=(late[second],)))
    rows = read_csv(adviser.post(f"{EVENT}/hotel-list", data={"kind": "csv"}).data)
    assert rows[1][1] == "not named (signed up by Rita Registrar)"
