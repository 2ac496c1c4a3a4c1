"""Secret calendars of who organises and of contacts: drafts and names, for as long as they may be seen, and no longer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.accounts import actions as accounts
from eventsys.accounts.models import Account
from eventsys.accounts.rules import MemberRole
from eventsys.accounts.team import actions as team
from eventsys.calendars.own.queries import Owner
from eventsys.calendars.rules import LinkKind
from eventsys.events.helpers.actions import set_helped
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Position
from eventsys.organisations.positions import actions as positions
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import NewSeat, Side, State
from tests.accounts.people import add_account
from tests.calendars.secret import events, fetch, lines, make, notes, set_states
from tests.events import given
from tests.registrations.people import add_contact, sign_up
from tests.statements import counted
from tests.workspace.seats import send_delegation
from tests.world import NOW, World, build


@pytest.fixture
def world(app: Flask) -> World:
    return build(capacity=60)


def organiser_of(account: Account, organiser_id: int) -> Owner:
    return Owner(LinkKind.ORGANISER, account_id=account.id, organiser_id=organiser_id)


def add_draft(organiser_id: int, title: str = "Kladd", day: date = date(2008, 10, 6)) -> int:
    with transaction() as session:
        return given.event(session, organiser_id, given.days(day), title=title, published=False, now=NOW).id


# Who organises


def test_an_organiser_sees_its_drafts_and_never_anothers_events(app: Flask, world: World) -> None:
    add_draft(world.secretariat)
    add_draft(world.unio, "Unios kladd")
    token = make(organiser_of(add_account("a@program.example", world.secretariat), world.secretariat))
    assert lines(app, token) == [
        ("Læringsseminar 2", "CONFIRMED"), ("Læringsseminar 2", "CONFIRMED"), ("Læringsseminar 3", "CONFIRMED"),
        ("Utkast: Kladd", "TENTATIVE"), ("Kvalitetskonferanse", "CONFIRMED"),
    ]  # fmt: skip
    addresses = [str(entry["URL"]) for entry in events(app, token)]
    assert addresses[0].endswith("/manage/events/laeringsseminar-2-pulje-ii")
    assert fetch(app, token).get_data(as_text=True).count("/manage/events/") == 10


def test_a_helper_sees_only_the_events_that_they_help_with(app: Flask, world: World) -> None:
    helper = add_account("h@program.example", world.secretariat, role=MemberRole.HELPER)
    token = make(organiser_of(helper, world.secretariat))
    assert lines(app, token) == []
    with transaction() as session:
        set_helped(session, helper.id, world.secretariat, [world.events["seminar3"].id])
    assert lines(app, token) == [("Læringsseminar 3", "CONFIRMED")]


def test_who_works_there_no_more_gets_nothing_more(app: Flask, world: World) -> None:
    add_account("owner@program.example", world.secretariat, role=MemberRole.OWNER)
    removed, closed = (add_account(f"{name}@program.example", world.secretariat) for name in "bc")
    tokens = [make(organiser_of(account, world.secretariat)) for account in (removed, closed)]
    assert [fetch(app, token).status_code for token in tokens] == [200, 200]
    with transaction() as session:
        team.remove(session, removed.id, world.secretariat)
        accounts.disable(session, session.get_one(Account, closed.id), now=clock.real_now())
    answers = [fetch(app, token) for token in tokens]
    assert [(answer.status_code, answer.mimetype) for answer in answers] == [(410, "text/plain")] * 2


# A contact


def contact_of(position: Position) -> Owner:
    return Owner(LinkKind.CONTACT, position_id=position.id)


def test_a_contact_sees_the_organisations_people_by_how_they_stand(app: Flask, world: World) -> None:
    token = make(contact_of(add_contact(world)))
    sign_up(world)
    waiting = [sign_up(world, 2), sign_up(world, 3)]
    sign_up(world, 4, organisation_id=world.municipalities["0301"])
    set_states([sign_up(world, 5)], state=State.CANCELLED)
    send_delegation(
        world, NewSeat(Side.POLITICIAN), NewSeat(Side.POLITICIAN), NewSeat(Side.POLITICIAN, "Per Vik", ""),
        run_id=world.run_id("seminar"),
    )  # fmt: skip
    set_states(waiting, state=State.WAITING)
    assert lines(app, token) == [("Læringsseminar 2", "CONFIRMED")]
    assert notes(app, token) == [
        ["Påmeldt: Per Vik, Person Nummer1, 2 uten navn", "Venteliste: Person Nummer2, Person Nummer3"]
    ]


def test_a_contacts_calendar_never_tells_of_a_union(app: Flask, world: World) -> None:
    token = make(contact_of(add_contact(world)))
    sign_up(world, 1, run_id=world.run_id("unio"), union_id=world.unions[0], side=None)
    assert lines(app, token) == []


def test_who_is_contact_no_more_gets_nothing_more(app: Flask, world: World) -> None:
    contact = add_contact(world)
    token = make(contact_of(contact))
    assert fetch(app, token).status_code == 200
    with transaction() as session:
        positions.end(session, session.get_one(Position, contact.id), on=NOW.date())
    assert fetch(app, token).status_code == 410


@pytest.mark.parametrize("kind", ["organiser", "contact"])
def test_the_statements_are_as_many_for_fifty_runs_as_for_one(app: Flask, world: World, kind: str) -> None:
    if kind == "contact":
        token = make(contact_of(add_contact(world)))
    else:
        token = make(organiser_of(add_account("a@program.example", world.secretariat), world.secretariat))
    sign_up(world)
    first = len(events(app, token))
    with counted(db.engine) as few:
        fetch(app, token)
    for number in range(49):
        with transaction() as session:
            day = date(2008, 9, 1) + timedelta(days=number)
            event = given.event(session, world.secretariat, given.days(day), title=f"Møte {number}", now=NOW)
        sign_up(world, 1, run_id=event.runs[0].id, form_token=f"form-{number + 9}")
    with counted(db.engine) as many:
        assert len(events(app, token)) == first + 49
    assert len(many) == len(few)


# What is public


def test_no_public_feed_carries_anybodys_name_or_address(app: Flask, world: World) -> None:
    add_account("a@program.example", world.secretariat, name="Ada Konto")
    add_contact(world)
    sign_up(world)
    sign_up(world, 2, run_id=world.run_id("unio"), union_id=world.unions[0], side=None)
    send_delegation(world, NewSeat(Side.POLITICIAN, "Per Vik", "per.vik@kommune.example"))
    db.session.rollback()
    people = db.session.execute(sa.select(Registration.name, Registration.email)).all()
    secrets = {word for row in people for word in row if word} | {"Ada Konto", "Nils Bekk", "Rita", "@kommune", "@bo."}
    paths = [
        "all", "cohorts/pulje-ii", "organisers/sekretariatet", "organisers/unio", "types/learning-seminar",
        "types/conference", "organisations/0821",
    ]  # fmt: skip
    client = app.test_client()
    for path in [*(f"/calendars/{path}.ics" for path in paths), f"/events/{world.events['unio'].slug}.ics"]:
        answer = client.get(path)
        text = answer.get_data(as_text=True).replace("\r\n ", "")
        assert (path, answer.status_code, [word for word in secrets if word in text]) == (path, 200, [])
        assert "BEGIN:VEVENT" in text
