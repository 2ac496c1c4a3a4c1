"""Who needs a gathering to keep a promise hears of it before its last chance, and a delegation whom it lacks, with one link
that mends it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.rules import MemberRole
from eventsys.events.models import Event, Run
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.obligations.actions import grant_excuse
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions import actions as positions
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Side, State
from eventsys.workflows.actions import plan
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.rules import Anchor, Audience, Relative, Unit
from tests.accounts.people import add_account, sign_in
from tests.mailing.sink import Sink
from tests.obligations.promises import SIDES, add_gathering, add_obligation, come
from tests.workflows import rows
from tests.workflows.rows import at, set_clock
from tests.workflows.test_emails import text_of
from tests.world import NOW, World

WARNED = at("2008-09-01 09:00")
CLOSES = date(2008, 9, 8)


def add_contact(world: World, number: str) -> None:
    with transaction() as session:
        organisation = session.get_one(Organisation, world.municipalities[number])
        positions.add_contact(
            session, organisation, name="Kontakten", email=f"kontakt@{number}.example", on=NOW.date(), now=NOW
        )


def write_to(world: World, number: str) -> None:
    with transaction() as session:
        session.get_one(Organisation, world.municipalities[number]).email = f"post@{number}.example"


@pytest.fixture
def last(world: World) -> Run:
    """The third seminar of pulje II, which promised two. Bø came once, Oslo twice; nobody else is in it."""
    with transaction() as session:
        session.execute(sa.update(Event).where(Event.id == world.events["seminar"].id).values(type="meeting"))
        add_obligation(session, world, sides=SIDES)
        first, second = add_gathering(session, world, date(2008, 3, 3)), add_gathering(session, world, date(2008, 5, 5))
        come(session, world, first, "0821")
        for run in (first, second):
            come(session, world, run, "0301")
        third = add_gathering(session, world, date(2008, 9, 15), title="Læringsseminar 4", closes_on=CLOSES)
        plan(session, now=NOW)
    write_to(world, "0821")
    write_to(world, "0301")
    return third


def warned() -> list[str]:
    db.session.rollback()
    found = sa.select(OutboxMessage.email).where(
        OutboxMessage.template == "last_chance", OutboxMessage.sent_at.is_not(None)
    )
    return sorted(db.session.scalars(found))


def wait(app: Flask, moment: datetime = WARNED) -> None:
    set_clock(moment)
    tick_until_idle(app)


def test_the_contact_of_who_needs_it_is_warned_a_week_before_and_nobody_else(
    app: Flask, world: World, last: Run, sink: Sink
) -> None:
    add_contact(world, "0821")
    wait(app, WARNED - timedelta(minutes=1))
    assert warned() == []
    wait(app)
    assert warned() == ["kontakt@0821.example"]
    (message,) = [one for one in sink.messages if one["To"] and "kontakt@0821" in one["To"]]
    assert "Bø (Telemark) har lovet å delta: Læringsseminarene (1 av 2 så langt)." in text_of(message)
    assert "Per i dag er ingen påmeldt." in text_of(message)


def test_the_official_mailbox_is_warned_where_there_is_no_contact(
    app: Flask, world: World, last: Run, sink: Sink
) -> None:
    wait(app)
    assert warned() == ["post@0821.example"]
    assert "http://127.0.0.1:5000/organisations/0821\n" in text_of(sink.messages[-1]) + "\n"


@pytest.mark.parametrize("way", ["signed up", "excused"])
def test_who_mends_it_or_is_excused_meanwhile_is_not_warned(
    app: Flask, world: World, last: Run, sink: Sink, way: str
) -> None:
    with transaction() as session:
        if way == "signed up":
            come(session, world, session.get_one(Run, last.id), "0821")
        else:
            event = session.get_one(Event, last.event_id)
            grant_excuse(session, event, world.municipalities["0821"], why="Streik", account_id=None, now=NOW)
    wait(app)
    assert warned() == []


def test_the_warning_came_before_the_last_chance_and_the_overview_shows_who_kept_the_promise(
    app: Flask, world: World, last: Run, sink: Sink, client: FlaskClient
) -> None:
    add_contact(world, "0821")
    wait(app)
    with transaction() as session:
        sent_at = session.scalars(sa.select(OutboxMessage.sent_at).filter_by(template="last_chance")).one()
        run = session.get_one(Run, last.id)
        come(session, world, run, "0821", state=State.ATTENDED)
        run.attendance_at = at("2008-09-16 16:00")
        assert sent_at is not None
        assert run.first_on is not None
        assert sent_at.date() <= CLOSES < run.first_on
    set_clock(at("2008-09-20 09:00"))
    sign_in(client, add_account("adviser@program.example", world.secretariat, role=MemberRole.OWNER))
    page = client.get("/manage/programmes/program/matrix?lang=en").text
    kept = {
        name: re.findall(r">(\d of \d)<span class=\"sr-only\"> ([^<]+)<", rest)
        for name, rest in re.findall(r'<tr><th scope="row"><a[^>]*>([^<]+)</a></th>(.*?)</tr>', page)
    }
    assert kept == {"Bø (Telemark)": [("2 of 2", "Kept")], "Oslo": [("2 of 2", "Kept")]}


def test_a_delegation_hears_whom_it_lacks_and_the_one_link_is_the_form_with_that_side(
    app: Flask, world: World, last: Run, sink: Sink, client: FlaskClient
) -> None:
    add_contact(world, "0301")
    with transaction() as session:
        organiser = session.get_one(Organiser, world.secretariat)
        rows.add_rule(
            session, organiser, "own-sides", Relative(Anchor.DEADLINE, -7, Unit.DAYS, time(9)),
            audience=Audience.CONTACTS_LACKING, template="lacking",
        )  # fmt: skip
        come(session, world, session.get_one(Run, last.id), "0301", sides=SIDES[:2])
        plan(session, now=NOW)
    wait(app)
    (message,) = [one for one in sink.messages if "kontakt@0301" in one["To"]]
    assert "men vi savner tillitsvalgte." in text_of(message)
    (link,) = re.findall(r"http://127\.0\.0\.1:5000(/events/\S+/delegations/new\?\S+)", text_of(message))
    assert link.endswith("&side=employee_representative")
    page = client.get(link).text
    assert re.search(r'<option value="employee_representative" selected>', page)
    hidden = dict(re.findall(r'<input type="hidden"[^>]*name="(\w+)" value="([^"]*)"', page))
    form = hidden | {
        "organisation": "Oslo", "name": "Kontakten", "email": "kontakt@0301.example", "do": "sign_up",
        "seat-1-name": "Kari Nordmann", "seat-1-email": "kari@kommune.example", "seat-1-part": "employee_representative",
    }  # fmt: skip
    answer = client.post(urlsplit(link).path.removesuffix("/new"), data=form)
    assert answer.status_code == 303, answer.text
    db.session.rollback()
    sides = db.session.scalars(
        sa.select(Registration.side).where(
            Registration.event_id == last.event_id, Registration.organisation_id == world.municipalities["0301"]
        )
    )
    assert set(sides) == {Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE}
