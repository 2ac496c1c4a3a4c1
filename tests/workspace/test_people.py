"""People on the organisers' pages: whom an organiser sees and by what, one person, and lists that are taken in."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.extensions import db, transaction
from eventsys.invitations.models import Invitation
from eventsys.organisations.models import Person, Position
from eventsys.organisations.rules import PositionRole
from tests.accounts.people import add_account, sign_in
from tests.organisations.test_representatives import take_in
from tests.registrations.test_me import words_of
from tests.statements import counted
from tests.workspace.lists import read_check, send, told, workbook
from tests.workspace.merging import NAME, NEW, OLD, give_all, sign_up
from tests.world import NOW, World

CHECK, SAVE = "/manage/people/import/check", "/manage/people/import"
LIST = """Navn\tE-post\tKommune\tRolle\tFra dato\tSpråk
Kari Fjell\tKari@bo.example\t0821\tProsjektleder\t01.02.2008\tnynorsk
Ola Dal\tola@ha.example\tHå kommune\tKontaktperson\t\t
"""


@pytest.fixture
def unio(app: Flask, world: World) -> FlaskClient:
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    return client


def read(client: FlaskClient, address: str = "/manage/people") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return words_of(answer.get_data(as_text=True))


def address(person_id: int) -> str:
    return f"/manage/people/{db.session.scalar(sa.select(Person.public_id).where(Person.id == person_id))}"


def positions() -> list[tuple[str, int, str, date, str | None]]:
    db.session.rollback()
    columns = (Position.email, Position.organisation_id, Position.role, Position.from_on, Position.language)
    return [
        (row[0], row[1], row[2].value, row[3], row[4])
        for row in db.session.execute(sa.select(*columns).order_by(Position.id))
    ]


def test_an_organiser_sees_whom_it_knows_by_an_event_and_nobody_of_another(
    adviser: FlaskClient, unio: FlaskClient, world: World
) -> None:
    ours, theirs = sign_up(world, NEW), sign_up(world, "eva@forbund.example", "unio", name="Eva Haug")
    assert ("Kari Fjell" in read(adviser), "Eva Haug" in read(adviser)) == (True, False)
    assert ("Kari Fjell" in read(unio), "Eva Haug" in read(unio)) == (False, True)
    assert [adviser.get(address(theirs)).status_code, unio.get(address(ours)).status_code] == [404, 404]


def test_somebody_of_both_organisers_shows_each_its_own_seats(
    adviser: FlaskClient, unio: FlaskClient, world: World
) -> None:
    person = sign_up(world, NEW)
    sign_up(world, NEW, "unio")
    ours, theirs = read(adviser, address(person)), read(unio, address(person))
    assert ("Læringsseminar 2" in ours, "Unios konferanse" in ours) == (True, False)
    assert ("Læringsseminar 2" in theirs, "Unios konferanse" in theirs) == (False, True)


def test_who_is_known_by_a_union_alone_is_on_no_list(unio: FlaskClient, adviser: FlaskClient, world: World) -> None:
    take_in(world)
    for client in (unio, adviser):
        assert "You know nobody yet" in read(client)


def test_whoever_was_invited_for_a_union_is_on_no_list_either(unio: FlaskClient, world: World) -> None:
    with transaction() as session:
        person = Person(email_key="x@forbund.example", name_key="x dal", created_at=NOW)
        session.add(person)
        session.flush()
        number = person.id
    give_all(world, OLD, organiser_id=world.secretariat, person_id=number)
    with transaction() as session:
        session.execute(sa.update(Invitation).values(is_restricted=True, organiser_id=world.secretariat))
    assert unio.get(address(number)).status_code == 404


def test_a_person_shows_seats_roles_groups_and_invitations_but_no_union(adviser: FlaskClient, world: World) -> None:
    person = sign_up(world, OLD)
    give_all(world, OLD, organiser_id=world.secretariat, person_id=person)
    page = read(adviser, address(person))
    for words in (
        f"{NAME} Merge with somebody Mails {OLD} · Bø (Telemark)", "Project leader Bø (Telemark) from 1 January",
        f"Member Gruppe {OLD} from 1 January 2008", "Læringsseminar 2 1–2 September 2008 Has a place",
        "Kvalitetskonferanse : no answer",
    ):  # fmt: skip
        assert words in page.replace("Kvalitetskonferanse:", "Kvalitetskonferanse :"), words
    assert "Forskerforbundet" not in page


@pytest.mark.parametrize(("query", "found"), [("?q=kar", 1), ("?q=fjell%20kari", 1), ("?q=kari@", 1), ("?q=ola", 0)])
def test_people_are_found_by_the_beginnings_of_names_and_by_address(
    adviser: FlaskClient, world: World, query: str, found: int
) -> None:
    sign_up(world, OLD)
    assert ("1 person" in read(adviser, f"/manage/people{query}")) == bool(found)


def test_a_page_of_fifty_costs_as_many_statements_as_one(adviser: FlaskClient, world: World) -> None:
    def count() -> int:
        with counted(db.engine) as sent:
            read(adviser)
        return len(sent)

    sign_up(world, OLD)
    one = count()
    lines = "\n".join(f"Person Nummer{n};p{n}@ha.example;Hå;rådgiver" for n in range(60))
    assert send(adviser, SAVE, text=lines).status_code == 303
    assert count() == one
    assert "61 people · page 1 of 2" in read(adviser)


# --- lists ----------------------------------------------------------------------------------------------------------


def test_a_list_is_looked_at_then_taken_in_and_a_second_time_changes_nothing(
    adviser: FlaskClient, world: World
) -> None:
    lines = read_check(send(adviser, CHECK, text=LIST))
    assert lines == [
        ["2", "New", "Kari Fjell", "Kari@bo.example", "Bø (Telemark)", "Project leader", "1 February 2008", "Nynorsk"],
        ["3", "New", "Ola Dal", "ola@ha.example", "Hå", "Contact", "18 August 2008", ""],
    ]
    assert positions() == []
    assert "2 new, 0 changed" in told(send(adviser, SAVE, text=LIST), adviser)
    taken = [
        ("Kari@bo.example", world.municipalities["0821"], "project_leader", date(2008, 2, 1), "nn"),
        ("ola@ha.example", world.municipalities["1119"], "contact", date(2008, 8, 18), None),
    ]
    assert positions() == taken
    assert "0 new, 0 changed, 2 as they were" in told(send(adviser, SAVE, text=LIST), adviser)
    assert positions() == taken
    assert "Kari Fjell" not in str(db.session.execute(sa.select(LogEntry.name, LogEntry.facts)).all())


def test_a_workbook_and_a_role_said_once_for_all_do_the_same(adviser: FlaskClient, world: World) -> None:
    file = workbook(["Navn", "E-post", "Kommunenummer"], ["Kari Fjell", "kari@bo.example", 821])
    page = send(adviser, CHECK, file=file, what="role:project_leader")
    assert [line[1:6] for line in read_check(page)] == [
        ["New", "Kari Fjell", "kari@bo.example", "Bø (Telemark)", "Project leader"]
    ]
    sent = "Navn\tE-post\tKommunenummer\nKari Fjell\tkari@bo.example\t821"
    assert send(adviser, SAVE, text=sent, what="role:project_leader").status_code == 303
    assert [row[2] for row in positions()] == [PositionRole.PROJECT_LEADER]


def test_each_wrong_line_is_told_and_the_good_ones_can_be_taken_alone(adviser: FlaskClient, world: World) -> None:
    lines = [
        "Navn;E-post;Kommune;Rolle;Fra dato;Til dato;Språk",
        ";kari@bo.example;0821;kontakt;;;",
        "Kari;kari(at)bo;0821;kontakt;;;",
        "Kari;kari@bo.example;Bø;kontakt;;;",
        "Kari;kari@bo.example;Forskerforbundet;kontakt;;;",
        "Kari;kari@bo.example;;kontakt;;;",
        "Kari;kari@bo.example;0821;konge;;;",
        "Kari;kari@bo.example;0821;;;;",
        "Kari;kari@bo.example;0821;kontakt;i fjor;;",
        "Kari;kari@bo.example;0821;kontakt;1.1.2008;1.1.2007;",
        "Kari;kari@bo.example;0821;kontakt;;;latin",
        "Kari;kari@bo.example;0821;kontakt;;;",
        "KARI;KARI@bo.example;Bø (Telemark);kontakt;;;",
    ]
    text = "\n".join(lines)
    wrong = {line[0]: line[1].removeprefix("Must be mended ") for line in read_check(send(adviser, CHECK, text=text))}
    assert wrong == {
        "2": "The name is missing",
        "3": "«kari(at)bo» is no e-mail address",
        "4": "New",
        "5": "«Forskerforbundet» is none of the organisations that you may choose",
        "6": "The organisation is missing",
        "7": "«konge» is no role we know",
        "8": "The role is missing",
        "9": "«i fjor» is no day, such as 01.09.2008",
        "10": "It ends before it begins",
        "11": "«latin» is no language we write in",
        "12": "The same as line 4",
        "13": "The same as line 4",
    }
    assert send(adviser, SAVE, text=text).status_code == 422
    assert positions() == []
    assert "1 new, 0 changed, 0 as they were, 11 left out" in told(send(adviser, SAVE, text=text, skip="1"), adviser)


def test_municipalities_of_others_programmes_are_not_to_be_chosen(unio: FlaskClient, world: World) -> None:
    (line,) = read_check(send(unio, CHECK, text="Kari;kari@bo.example;0821;kontakt"))
    assert line[1] == "Must be mended «0821» is none of the organisations that you may choose"
    assert "1 new" in told(send(unio, SAVE, text="Eva;eva@udf.example;Utdanningsforbundet;rådgiver"), unio)


def test_a_list_may_go_into_a_group(adviser: FlaskClient, world: World) -> None:
    adviser.post("/manage/groups", data={"name_nb": "Styringsgruppa"})
    page = adviser.get(f"{SAVE}?group=styringsgruppa").get_data(as_text=True)
    assert 'value="group:styringsgruppa" selected' in page
    text = "Navn;E-post;Kommune\nKari Fjell;kari@bo.example;0301\nOla Dal;ola@stat.example;"
    answer = send(adviser, SAVE, text=text, what="group:styringsgruppa")
    assert answer.location == "/manage/groups/styringsgruppa"
    assert "2 members" in read(adviser, answer.location)
    assert "0 new, 0 changed, 2 as they were" in told(
        send(adviser, SAVE, text=text, what="group:styringsgruppa"), adviser
    )


def test_an_empty_list_says_so(adviser: FlaskClient, world: World) -> None:
    answer = send(adviser, CHECK, text="Navn;E-post\n")
    assert (answer.status_code, 'id="text-error"' in answer.get_data(as_text=True)) == (422, True)
