"""A list of organisations: each line is shown with what it does, then all of it is taken in or nothing."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.extensions import db
from eventsys.organisations.models import Organisation
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.workspace.lists import read_check, send, told, workbook
from tests.world import World

CHECK, SAVE = "/manage/organisations/import/check", "/manage/organisations/import"
LIST = """Nr;Navn;Fylke;E-post;Målform;Farge
821;Bø;Telemark;postmottak@bo.example;nynorsk;blå
0301;Oslo;Oslo;;;
1556;Frei;Møre og Romsdal;post@frei.example;bokmål;
"""
SAID = {"kind": "municipality", "source": "Språkrådet", "on": "01.01.2008"}


def rows() -> dict[str, tuple[str, str | None, str, str | None]]:
    db.session.rollback()
    columns = (
        Organisation.number, Organisation.name, Organisation.email, Organisation.language_form,
        Organisation.language_form_source,
    )  # fmt: skip
    found = db.session.execute(sa.select(*columns).where(Organisation.number.in_(("0821", "0301", "1556"))))
    return {row[0]: (row[1], row[2], row[3].value, row[4]) for row in found}


TAKEN_IN = {
    "0821": ("Bø", "postmottak@bo.example", "nynorsk", "Språkrådet"),
    "0301": ("Oslo", None, "unknown", None),
    "1556": ("Frei", "post@frei.example", "bokmal", "Språkrådet"),
}


def test_each_line_is_shown_with_what_it_does_and_nothing_is_changed(adviser: FlaskClient, world: World) -> None:
    before = rows()
    answer = send(adviser, CHECK, text=LIST, **SAID)
    assert (answer.status_code, [line[:4] for line in read_check(answer)]) == (
        200,
        [
            ["2", "Changes E-mail: nothing → postmottak@bo.example Language form: Not known → Nynorsk Source: nothing →"
             " Språkrådet Decided on: nothing → 1 January 2008", "0821", "Bø"],
            ["3", "As it is", "0301", "Oslo"],
            ["4", "New", "1556", "Frei"],
        ],
    )  # fmt: skip
    assert ("Columns that are not read: Farge." in answer.get_data(as_text=True), rows()) == (True, before)


def test_the_list_is_taken_in_once_however_often_it_is_sent(adviser: FlaskClient, world: World) -> None:
    assert "1 new, 1 changed, 1 as it was" in told(send(adviser, SAVE, text=LIST, **SAID), adviser)
    assert rows() == TAKEN_IN
    again = {**SAID, "on": "01.06.2008"}
    assert "0 new, 0 changed, 3 as they were" in told(send(adviser, SAVE, text=LIST, **again), adviser)
    assert rows() == TAKEN_IN
    assert "There is nothing new in the list" in send(adviser, CHECK, text=LIST, **SAID).get_data(as_text=True)
    facts = db.session.scalars(sa.select(LogEntry.facts).order_by(LogEntry.id)).all()
    assert facts[0] == {name: {"from": None, "to": 1} for name in ("new", "changed", "same")}


def test_a_workbook_does_the_same(adviser: FlaskClient, world: World) -> None:
    file = workbook(
        ["Navn", "Nummer", "Fylke", "E-post", "Målform"],
        ["Bø", 821, "Telemark", "postmottak@bo.example", "nynorsk"],
        ["Frei", 1556, "Møre og Romsdal", "post@frei.example", "bm"],
    )
    check = send(adviser, CHECK, file=file, **SAID)
    text = check.get_data(as_text=True).split('<textarea name="text"')[1].split(">", 1)[1].split("</textarea>")[0]
    assert send(adviser, SAVE, text=text, **SAID).status_code == 303
    assert rows() == TAKEN_IN


def test_wrong_lines_are_told_each_and_nothing_is_taken_in_until_they_are_left_out(
    adviser: FlaskClient, world: World
) -> None:
    lines = [
        "Nummer;Navn;Fylke;E-post;Organisasjonsnummer;Målform",
        "82;Bø;Telemark;;;",
        "1557;Gjemnes;;post(at)gjemnes;;",
        "1560;Tingvoll;;;123456789;",
        "1563;Sunndal;;;;samisk",
        "1566;;;;;",
        "1567;Rindal;;;;",
        "1567;Rindal igjen;;;;",
        "1505;Oslo;Oslo;;;",
        ";Bø;;post@bo.example;;",
    ]
    answer = send(adviser, CHECK, text="\n".join(lines), kind="municipality")
    wrong = {line[0]: line[1].removeprefix("Must be mended ") for line in read_check(answer)}
    assert wrong == {
        "2": "«82» has not the number of digits that it should",
        "3": "«post(at)gjemnes» is no e-mail address",
        "4": "«123456789» is no organisation number",
        "5": "«samisk» is no language form",
        "6": "The name is missing",
        "7": "New",
        "8": "The same as line 7",
        "9": "There is one of that name with another number: 0301 Oslo. Say that one comes after it instead.",
        "10": "Several are meant: Bø (Nordland), Bø (Telemark)",
    }
    sent = "\n".join(lines)
    assert send(adviser, SAVE, text=sent, kind="municipality").status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 8
    assert "1 new, 0 changed, 0 as they were, 8 left out" in told(
        send(adviser, SAVE, text=sent, kind="municipality", skip="1"), adviser
    )
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 9


def test_a_language_form_without_a_source_is_not_taken(adviser: FlaskClient, world: World) -> None:
    answer = send(adviser, CHECK, text="Nummer;Navn;Målform\n0301;Oslo;bokmål", kind="municipality")
    assert read_check(answer)[0][1] == "Must be mended Say where the language form is from"


def test_unions_are_found_by_name(adviser: FlaskClient, app: Flask, world: World) -> None:
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    text = "Navn;E-post\nutdanningsforbundet;post@udf.example\nPresteforeningen;post@prest.example"
    assert "1 new, 1 changed" in told(send(client, SAVE, text=text, kind="union"), client)
    emails = sa.select(Organisation.name, Organisation.email).where(Organisation.kind == "union").order_by("name")
    assert [tuple(row) for row in db.session.execute(emails)] == [
        ("Forskerforbundet", None), ("Presteforeningen", "post@prest.example"),
        ("Utdanningsforbundet", "post@udf.example"),
    ]  # fmt: skip


def test_what_another_organiser_keeps_is_not_corrected_by_a_list(app: Flask, world: World) -> None:
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    text = "Nummer;Navn;Fylke;E-post\n0821;Bø;Vestfold;\n1119;Hå;Rogaland;unio@unio.example"
    lines = read_check(send(client, CHECK, text=text, kind="municipality"))
    assert [line[1] for line in lines] == [
        "Must be mended Bø (Telemark) is in another organiser's programme", "As it is",
    ]  # fmt: skip


def test_an_empty_form_and_a_file_that_is_no_list_say_so_and_keep_what_was_typed(
    adviser: FlaskClient, world: World
) -> None:
    for sent in ({"text": " "}, {"text": "", "file": b"PK\x03\x04 broken"}):
        answer = send(adviser, CHECK, **sent, **SAID)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, 'id="text-error"' in page, "Språkrådet" in page) == (422, True, True)
    answer = send(adviser, CHECK, text=LIST, change="1", **SAID)
    assert (answer.status_code, "821;Bø;Telemark" in answer.get_data(as_text=True)) == (200, True)


def test_a_hundred_lines_cost_as_many_statements_as_one(adviser: FlaskClient, world: World) -> None:
    def count(lines: int) -> int:
        text = "Nummer;Navn\n" + "\n".join(f"{number};Ny {number}" for number in range(3000, 3000 + lines))
        with counted(db.engine) as sent:
            assert send(adviser, CHECK, text=text, kind="municipality").status_code == 200
        return len(sent)

    assert count(1) == count(100)
