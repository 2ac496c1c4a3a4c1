"""Tickets and certificates: codes that survive scanners and fingers, and papers that say what is known and no more."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
import segno
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import Account
from eventsys.events.models import EventSession, Run
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm
from eventsys.registrations import tickets
from eventsys.registrations.actions import cancel, register
from eventsys.registrations.attendance.actions import mark, record_attendance
from eventsys.registrations.attendance.queries import find_by_ticket
from eventsys.registrations.links import registration_token
from eventsys.registrations.models import Registration, SessionSeat
from eventsys.registrations.rules import Actor, State
from eventsys.tokens import LinkIsRevoked
from tests import papers, world
from tests.accounts.people import add_account
from tests.world import World, somebody

AFTER = datetime(2008, 9, 2, 14, tzinfo=UTC)


@pytest.fixture
def small(app: Flask) -> World:
    return world.build()


@pytest.fixture
def adviser(small: World) -> Account:
    return add_account("adviser@program.example", small.secretariat)


def sign_up(small: World, number: int = 1, **more: Any) -> Registration:
    with transaction() as session:
        return register(session, somebody(small, number, **more), now=clock.now()).registration


def of_version(registration: Registration, version: int) -> Registration:
    return Registration(public_id=registration.public_id, link_version=version)


def find(registration: Registration, typed: str) -> uuid.UUID | None:
    found = find_by_ticket(db.session(), typed, event_id=registration.event_id)
    return found.public_id if found else None


def test_the_square_says_capitals_and_digits_alone(small: World) -> None:
    code = tickets.long_code(sign_up(small))
    assert re.fullmatch(r"[A-Z2-7]{52}", code)
    assert segno.make(code, error="m", micro=False).mode == "alphanumeric"


def test_a_ticket_is_found_by_its_square_and_by_its_short_code_however_it_is_typed(small: World) -> None:
    registration = sign_up(small)
    sign_up(small, 2)
    long, short = tickets.long_code(registration), tickets.short_code(registration)
    careless = short.replace("0", "O").replace("1", "l").replace("-", " – ")
    typed = [long, long.lower(), f" {long}\r\n", short, short.lower(), short.replace("-", ""), careless]
    assert [find(registration, one) for one in typed] == [registration.public_id] * 7


def test_what_is_no_ticket_of_the_event_finds_nobody(small: World) -> None:
    registration = sign_up(small)
    elsewhere = sign_up(small, 2, run_id=small.run_id("conference"))
    short = tickets.short_code(registration)
    slip = short[:-1] + ("7" if short[-1] != "7" else "8")
    typed = ["", "Andersen", "Person Nummer1", slip, "A" * 52, "K7QF-3M2", tickets.long_code(elsewhere)]
    assert [find(registration, one) for one in typed] == [None] * 7


def test_the_ticket_of_a_seat_that_is_anothers_now_says_so(small: World) -> None:
    registration = sign_up(small)
    with transaction() as session:
        session.merge(registration).link_version = 1
    db.session.expunge_all()
    for old in (tickets.long_code(of_version(registration, 0)), tickets.short_code(of_version(registration, 0))):
        with pytest.raises(LinkIsRevoked):
            find(registration, old)
    assert find(registration, tickets.short_code(of_version(registration, 1))) == registration.public_id


def test_the_ticket_has_a_square_and_a_code_for_who_has_a_place(client: FlaskClient, small: World) -> None:
    registration = sign_up(small)
    page = client.get(f"/registrations/{registration_token(registration)}/ticket?lang=en").get_data(as_text=True)
    assert tickets.short_code(registration) in page
    assert 'class="square"' in page
    assert "style=" not in page


def test_who_left_or_waits_has_no_ticket(client: FlaskClient, small: World) -> None:
    gone = sign_up(small)
    with transaction() as session:
        cancel(session, session.merge(gone), actor=Actor.PARTICIPANT, now=clock.now())
    waiting = [sign_up(small, number) for number in range(2, 6)][-1]
    for registration in (gone, waiting):
        page = client.get(f"/registrations/{registration_token(registration)}/ticket?lang=en").get_data(as_text=True)
        assert ("There is a ticket for those who have a place." in page, 'class="square"' in page) == (True, False)


def attend(registration: Registration, account: Account, *, taken: bool = True) -> None:
    with transaction() as session:
        mark(session, session.merge(registration), state=State.ATTENDED, account_id=account.id, now=AFTER)
        if taken:
            run = session.get_one(Run, registration.run_id)
            record_attendance(session, run, absent_ids=[], account_id=account.id, now=AFTER)


def ask_for_certificate(client: FlaskClient, registration: Registration, query: str = "") -> tuple[str, bytes]:
    """Whether it is one, and what it is; without one the person's own page comes, which says why."""
    address = f"/registrations/{registration_token(registration)}/certificate{query}"
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200
    return str(answer.mimetype), answer.data


def test_the_certificate_says_who_what_when_and_how_long(client: FlaskClient, small: World, adviser: Account) -> None:
    registration = sign_up(small, language="nb")
    attend(registration, adviser)
    kind, body = ask_for_certificate(client, registration)
    paper = papers.read(body)
    assert (kind, paper.language, paper.accessible, len(paper.pages)) == ("application/pdf", "nb", True, 1)
    said = [
        "Person Nummer1",
        "Bø (Telemark)",
        "Læringsseminar 2",
        "1. september 2008",
        "kl. 15.30",
        "11 ",
        "Sekretariatet",
    ]
    assert [words for words in said if words not in paper.text] == []
    assert ask_for_certificate(client, registration)[1] == body


def test_a_name_on_a_certificate_is_a_name_whatever_is_in_it(
    client: FlaskClient, small: World, adviser: Account
) -> None:
    name = '#eval("1") *Kari* $x$ \\ [Lyng] @ref <b>'
    registration = sign_up(small, name=name)
    attend(registration, adviser)
    assert name in papers.read(ask_for_certificate(client, registration)[1]).text


def test_the_certificate_is_in_the_persons_language_else_the_organisations(
    client: FlaskClient, small: World, adviser: Account
) -> None:
    with transaction() as session:
        session.get_one(Organisation, small.municipalities["0821"]).language_form = LanguageForm.NYNORSK
    own, theirs = sign_up(small, language="en"), sign_up(small, 2)
    for registration in (own, theirs):
        attend(registration, adviser, taken=registration is theirs)
    read = [papers.read(ask_for_certificate(client, one, query)[1]) for one, query in
            ((own, ""), (theirs, ""), (own, "?lang=nb"))]  # fmt: skip
    assert [paper.language for paper in read] == ["en", "nn", "nb"]
    assert "Certificate of attendance" in read[0].text
    assert "Læringsseminar 2 (nn)" in read[1].text


def test_the_hours_are_those_of_the_sessions_somebody_had(client: FlaskClient, small: World, adviser: Account) -> None:
    registration = sign_up(small, language="en")
    run = small.events["seminar"].runs[0]
    with transaction() as session:
        for hour, chosen in ((10, False), (12, True), (14, True)):
            row = EventSession(
                organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, title={"nb": "Økt"}, chosen=chosen,
                starts_local=datetime(2008, 9, 1, hour), ends_local=datetime(2008, 9, 1, hour + 1, 30),
            )  # fmt: skip
            session.add(row)
            session.flush()
        session.add(SessionSeat(registration_id=registration.id, session_id=row.id))
    attend(registration, adviser)
    assert "Extent 3 hours" in papers.read(ask_for_certificate(client, registration)[1]).text


def test_there_is_no_certificate_before_attendance_is_taken_nor_for_who_was_away(
    client: FlaskClient, small: World, adviser: Account
) -> None:
    came, away = sign_up(small), sign_up(small, 2)
    attend(came, adviser, taken=False)
    client.set_cookie("language", "en")
    kind, page = ask_for_certificate(client, came)
    assert (kind, "has not recorded yet who came" in page.decode()) == ("text/html", True)
    with transaction() as session:
        run = session.get_one(Run, came.run_id)
        record_attendance(session, run, absent_ids=[away.id], account_id=adviser.id, now=AFTER)
    kind, page = ask_for_certificate(client, away)
    assert (kind, "A certificate is for those who came" in page.decode()) == ("text/html", True)
    assert ask_for_certificate(client, came)[0] == "application/pdf"


def test_the_link_of_before_the_place_was_given_away_opens_neither(
    client: FlaskClient, small: World, adviser: Account
) -> None:
    registration = sign_up(small)
    attend(registration, adviser)
    old = registration_token(registration)
    with transaction() as session:
        session.merge(registration).link_version = 1
    answers = [client.get(f"/registrations/{old}/{page}").status_code for page in ("ticket", "certificate")]
    assert answers == [410, 410]
