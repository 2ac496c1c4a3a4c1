"""What is kept of somebody: on a page, in a file, and erased by one press, in every table."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.events.models import MeetingItem, MeetingMinutes, Speaker
from eventsys.extensions import Base, db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.obligations.models import Excuse
from eventsys.organisations.models import Person, Position
from eventsys.privacy.held import HELD
from eventsys.privacy.models import Erasure
from eventsys.privacy.rules import ErasureKind
from eventsys.registrations.models import Delegation, PlainAnswer, Registration
from eventsys.registrations.rules import State
from eventsys.site.models import BrochureOrder, SiteDocument
from eventsys.site.rules import DocumentKind
from eventsys.workflows.actions import notice_changes
from tests.guards.kept_rows import add_promised_rows
from tests.registrations.people import add_contact, delegate, open_pages
from tests.registrations.seats import sign_up
from tests.world import NOW, World, build

KEY = "sletteprove@kommune.example"
NAME = "Åse Slettemoen"


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def take_part(world: World, number: int = 1, **more: Any) -> int:
    return sign_up(world, number, **{"name": NAME, "email": KEY} | more)


def add_everything(session: Session, world: World) -> None:
    """What else the address left behind it."""
    own: dict[str, Any] = {"organiser_id": world.secretariat}
    document = SiteDocument(
        **own, slug="heftet", kind=DocumentKind.BROCHURE, title={"nb": "Heftet"}, created_at=NOW, revised_at=NOW
    )
    session.add_all([document, Speaker(**own, name=NAME, email=KEY, email_key=KEY, created_at=NOW)])
    session.flush()
    session.add(
        BrochureOrder(
            **own, document_id=document.id, form_token="x", copies=1, language="nb", name=NAME, postal_address="Veien 1",
            email=KEY, email_key=KEY, created_at=NOW, erase_on=NOW.date() + timedelta(days=90),
        )
    )  # fmt: skip


def find_marks() -> set[str]:
    db.session.rollback()
    marks = (KEY, "slettemoen", "veien 1")
    return {
        table.name
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
        if any(mark in " ".join(map(str, row)).casefold() for mark in marks)
    }


def erase(client: FlaskClient, who: str = "*") -> int:
    return client.post("/me/erasure", data={"who": who, "sure": "1"}).status_code


def test_strangers_are_sent_to_the_page_that_mails_a_link(client: FlaskClient, world: World) -> None:
    take_part(world)
    for answer in (client.get("/me/data"), client.get("/me/data.json"), client.post("/me/erasure", data={"who": "*"})):
        assert (answer.status_code, answer.location) == (303, "/me")
    assert "registrations" in find_marks()


def test_the_page_and_the_file_hold_everything_and_nobody_elses(client: FlaskClient, world: World) -> None:
    take_part(world)
    sign_up(world, 2)
    with transaction() as session:
        notice_changes(session, now=NOW)
        add_everything(session, world)
    open_pages(client, KEY)
    page, answer = client.get("/me/data"), client.get("/me/data.json")
    kept = json.loads(answer.data)["kept"]
    assert {"registrations", "history", "mails", "orders", "speakers"} <= set(kept)
    assert [row["name"] for row in kept["registrations"]] == [NAME]
    assert kept["orders"][0]["postal_address"] == "Veien 1"
    assert kept["registrations"][0]["state"] == "confirmed"
    shown = client.get("/me/data?lang=nn").get_data(as_text=True)
    assert [word in shown for word in (">Har plass<", ">Påmeld<", ">confirmed<", ">registered<")] == [
        True,
        True,
        False,
        False,
    ]
    assert "Person Nummer2" not in page.get_data(as_text=True) + answer.get_data(as_text=True)
    assert (page.headers["Cache-Control"], answer.headers["Cache-Control"]) == ("no-store", "no-store")


def test_nothing_is_erased_before_somebody_is_sure(client: FlaskClient, world: World) -> None:
    take_part(world)
    open_pages(client, KEY)
    before = find_marks()
    answer = client.post("/me/erasure", data={"who": "*"})
    assert (answer.status_code, find_marks()) == (422, before)
    assert client.post("/me/erasure", data={"who": "noen andre", "sure": "1"}).status_code == 404


def test_erasing_reaches_every_table_and_the_next_gets_the_place(client: FlaskClient, app: Flask) -> None:
    world = build(capacity=1)
    mine, next_one = take_part(world), sign_up(world, 2)
    with transaction() as session:
        notice_changes(session, now=NOW)
        add_everything(session, world)
    add_contact(world, name=NAME, email=KEY)
    open_pages(client, KEY)
    assert erase(client) == 303
    assert find_marks() == {"speakers"}
    states = dict(db.session.execute(sa.select(Registration.id, Registration.state)).all())
    assert states == {mine: State.CANCELLED, next_one: State.CONFIRMED}
    assert client.get("/me/data").status_code == 303


def test_a_speakers_name_stays_in_the_programme_and_the_address_goes(client: FlaskClient, world: World) -> None:
    with transaction() as session:
        add_everything(session, world)
    take_part(world)
    open_pages(client, KEY)
    erase(client)
    db.session.rollback()
    assert db.session.execute(sa.select(Speaker.name, Speaker.email, Speaker.email_key)).one() == (NAME, "", "")


def test_who_came_stays_as_a_number(client: FlaskClient, world: World) -> None:
    number = take_part(world)
    with transaction() as session:
        session.execute(sa.update(Registration).values(state=State.ATTENDED))
        clock.set_to(session, NOW + timedelta(days=30))
    open_pages(client, KEY)
    erase(client)
    db.session.rollback()
    row = db.session.get_one(Registration, number)
    assert (row.state, row.organisation_id, row.side is not None, row.name, row.email) == (
        State.ATTENDED, world.municipalities["0821"], True, "", "",
    )  # fmt: skip


def test_no_mail_follows_and_those_that_waited_do_not_go(client: FlaskClient, world: World) -> None:
    take_part(world)
    with transaction() as session:
        notice_changes(session, now=NOW)
    open_pages(client, KEY)
    erase(client)
    with transaction() as session:
        notice_changes(session, now=NOW)
    db.session.rollback()
    waiting = sa.select(sa.func.count()).where(
        OutboxMessage.state == MailState.QUEUED, OutboxMessage.template != "own_pages"
    )
    assert db.session.scalar(waiting) == 0


def test_one_of_several_behind_an_address_goes_alone(client: FlaskClient, world: World) -> None:
    take_part(world)
    other = sign_up(world, 2, name="Ola Fjelltun", email=KEY)
    open_pages(client, KEY)
    assert "Ola Fjelltun" in client.get("/me/data").get_data(as_text=True)
    assert erase(client, "åse slettemoen") == 303
    db.session.rollback()
    row = db.session.get_one(Registration, other)
    assert (row.name, row.state) == ("Ola Fjelltun", State.CONFIRMED)
    assert db.session.scalars(sa.select(Person.name_key).where(Person.email_key == KEY)).all() == ["ola fjelltun"]
    assert client.get("/me/data").status_code == 200


def test_a_delegations_registrar_is_forgotten_and_the_colleagues_stay(client: FlaskClient, world: World) -> None:
    delegate(world, "Ola Fjelltun, ola@bo.example", event="seminar", email=KEY)
    open_pages(client, KEY)
    erase(client)
    db.session.rollback()
    assert db.session.execute(sa.select(Delegation.name, Delegation.email, Delegation.email_key)).one() == ("", "", "")
    names = sa.select(Registration.name, Registration.state)
    assert db.session.execute(names).all() == [("Ola Fjelltun", State.CONFIRMED)]


def test_counts_are_told_and_nobody_is_named(client: FlaskClient, world: World) -> None:
    take_part(world)
    open_pages(client, KEY)
    erase(client)
    db.session.rollback()
    (told,) = db.session.scalars(sa.select(Erasure))
    assert told.kind is ErasureKind.PERSON
    assert {"places": 1, "registrations": 1, "people": 1}.items() <= told.counts.items()


def test_asking_twice_finds_nothing_more(client: FlaskClient, world: World) -> None:
    take_part(world)
    open_pages(client, KEY)
    assert (erase(client), erase(client)) == (303, 303)


def test_a_contacts_words_about_visits_and_excuses_are_shown_and_erased(client: FlaskClient, world: World) -> None:
    take_part(world)
    with transaction() as session:
        add_promised_rows(session, world, mark="Veien 1")
        session.execute(sa.update(Excuse).values(position_id=sa.select(Position.id).scalar_subquery(), why=""))
        session.execute(sa.update(Position).values(name=NAME, email=KEY, email_key=KEY))
        session.execute(sa.update(MeetingItem).values(presenter=""))
        session.execute(sa.update(MeetingMinutes).values(present=""))
    open_pages(client, KEY)
    kept = json.loads(client.get("/me/data.json").data)["kept"]
    assert (kept["visits"][0]["wish"], kept["about_visits"][0]["words"]) == ("Veien 1", "Veien 1")
    assert kept["excuses"][0]["words"] == "Veien 1"
    assert client.get("/me/data").status_code == 200
    erase(client)
    assert find_marks() == set()


OTHERS = frozenset("accounts account_invitations organisers contact_people organisations event_contacts people".split())
"""Whom the address is not its own: who works here (their page is the team's), official addresses, and keys alone."""
UNNAMED = frozenset("mail_copies call_recipients".split())
"""Partners' and organisations' official addresses."""


def test_every_table_with_an_address_is_on_the_page() -> None:
    with_address = {table.name for table in Base.metadata.sorted_tables if "email_key" in table.columns}
    assert with_address == {one.model.__tablename__ for one in HELD if one.through is None} | (
        {name for name in OTHERS | UNNAMED if "email_key" in Base.metadata.tables[name].columns}
    )


def test_what_hangs_on_a_seat_is_on_the_page_too() -> None:
    hanging = {one.model for one in HELD if one.through is not None and one.through[1] is Registration}
    assert PlainAnswer in hanging
    of_seats = {
        table.name
        for table in Base.metadata.sorted_tables
        if "registration_id" in table.columns
        and {"text", "words", "why", "facts", "union_id"} & set(table.columns.keys())
    }
    assert of_seats == {model.__tablename__ for model in hanging} | {"invitations"}
