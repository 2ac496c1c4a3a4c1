"""The page of an invitation: what it shows, that looking at it changes nothing, and the ways to answer."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys.audiences.rules import Reach
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.invitations import actions
from eventsys.invitations.links import invitation_token
from eventsys.invitations.models import Invitation, InvitationChange
from eventsys.registrations.models import Delegation, Registration
from tests.audiences.given import add_position, all_of, cohort, set_mailbox
from tests.invitations.given import do, invite, invite_anne, standings, the_invitation
from tests.world import World, build

ANNE = {"name": "Anne", "email": "anne@kommune.example", "organisation": "Bø (Telemark)", "side": "administration"}


@pytest.fixture
def world(app: Flask) -> World:
    return build()


@pytest.fixture
def link(world: World) -> str:
    """Anne's, to the seminar, which nobody enters without an invitation; from Bø (Telemark)."""
    with transaction() as session:
        session.execute(sa.update(Event).where(Event.slug == world.events["seminar"].slug).values(by_invitation=True))
    invite_anne(world)
    return link_of("Anne")


def link_of(name: str) -> str:
    return f"/invitations/{invitation_token(the_invitation(name))}"


def send(client: FlaskClient, path: str, world: World, **typed: Any) -> TestResponse:
    """The form at the path filled in for the seminar's first run and sent."""
    page = client.get(f"{path}/new")
    assert page.status_code == 200
    nonce = re.search(r'name="nonce" value="([^"]+)"', page.text)
    assert nonce is not None
    run = str(world.events["seminar"].runs[0].uid)
    return client.post(path, data={"run": run, "nonce": nonce[1], **typed})


def seats() -> list[tuple[str, str]]:
    rows = db.session.execute(sa.select(Registration.name, Registration.state).order_by(Registration.id)).all()
    db.session.rollback()
    return [(name, state.value) for name, state in rows]


def count_acts() -> int:
    many = db.session.scalar(sa.select(sa.func.count(InvitationChange.id)))
    db.session.rollback()
    return many or 0


def test_looking_at_it_changes_nothing_and_shows_the_ways_to_answer(client: FlaskClient, link: str) -> None:
    before = count_acts()
    page = client.get(link)
    assert (page.status_code, page.headers["Cache-Control"], count_acts()) == (200, "no-store", before)
    for text in ("Læringsseminar 2", "1.–2. september 2008", "/registrations/new", "/delegations/new", "/refusal"):
        assert text in page.text


def test_that_it_was_opened_is_noted_when_the_page_says_so(client: FlaskClient, link: str) -> None:
    assert "hx-trigger" in client.get(link).text
    assert [client.post(f"{link}/opened").status_code for _ in range(2)] == [204, 204]
    assert (the_invitation("Anne").opened_at is not None, count_acts()) == (True, 2)
    assert "hx-trigger" not in client.get(link).text


def test_a_yes_is_the_prefilled_form_sent(client: FlaskClient, world: World, link: str) -> None:
    page = client.get(f"{link}/registrations/new").text
    for value in ("Anne", "anne@kommune.example", "Bø (Telemark)"):
        assert f'value="{value}"' in page
    answer = send(client, f"{link}/registrations", world, **ANNE)
    assert (answer.status_code, seats(), standings()) == (303, [("Anne", "confirmed")], {"Anne": "accepted"})
    assert "/registrations/" in client.get(link).text


def test_the_same_form_sent_twice_is_one_seat_and_the_link_then_signs_up_nobody_else(
    client: FlaskClient, world: World, link: str
) -> None:
    typed = {**ANNE, "run": str(world.events["seminar"].runs[0].uid)}
    nonce = re.search(r'name="nonce" value="([^"]+)"', client.get(f"{link}/registrations/new").text)
    assert nonce is not None
    answers = [client.post(f"{link}/registrations", data={**typed, "nonce": nonce[1]}) for _ in range(2)]
    assert ([one.status_code for one in answers], seats()) == ([303, 303], [("Anne", "confirmed")])
    another = client.post(f"{link}/registrations", data={**typed, "name": "Berit", "email": "b@kommune.example"})
    assert (another.status_code, len(seats())) == (409, 1)
    assert client.get(f"{link}/registrations/new").status_code == 303


def test_without_the_link_nobody_enters(client: FlaskClient, world: World, link: str) -> None:
    slug = world.events["seminar"].slug
    for path in (f"/events/{slug}/registrations", f"/events/{slug}/delegations"):
        page = client.get(f"{path}/new")
        assert (page.status_code, "<form" in page.text.split("<main")[1]) == (200, False)
        run = str(world.events["seminar"].runs[0].uid)
        typed = {**ANNE, "run": run, "seat-1-name": "Anne", "seat-1-part": "administration", "do": "sign_up"}
        assert client.post(path, data=typed).status_code == 409
    assert seats() == []


def test_an_invited_one_may_come_from_anywhere(client: FlaskClient, world: World, link: str) -> None:
    answer = send(client, f"{link}/registrations", world, **{**ANNE, "organisation": "Bø (Nordland)"})
    assert (answer.status_code, seats()) == (303, [("Anne", "confirmed")])


def test_a_mailbox_signs_up_several(client: FlaskClient, world: World) -> None:
    set_mailbox(world, "0821", "post@bo.example")
    invite(world, clauses=(all_of(cohort(world, 2), reach=Reach.MAILBOXES),))
    link = link_of("Bø (Telemark)")
    people = {
        "seat-1-name": "Anne", "seat-1-email": "anne@kommune.example", "seat-1-part": "administration",
        "seat-2-name": "Berit", "seat-2-email": "berit@kommune.example", "seat-2-part": "politician",
    }  # fmt: skip
    typed = {"name": "Arkivet", "email": "post@bo.example", "organisation": "Bø (Telemark)", "do": "sign_up"}
    answer = send(client, f"{link}/delegations", world, **typed, **people)
    delegation = db.session.scalars(sa.select(Delegation)).one()
    assert (answer.status_code, the_invitation("Bø (Telemark)").delegation_id) == (303, delegation.id)
    assert [name for name, _state in seats()] == ["Anne", "Berit"]
    assert "/delegations/" in client.get(link).text


def test_a_no_with_a_word_can_be_changed_and_taken_back(client: FlaskClient, world: World, link: str) -> None:
    assert client.post(f"{link}/refusal", data={"words": "Reise\r\nden uka"}).status_code == 303
    assert (the_invitation("Anne").words, standings()) == ("Reise\nden uka", {"Anne": "declined"})
    assert client.post(f"{link}/refusal", data={"words": "Reise\r\nden uka"}).status_code == 303
    assert "Reise\nden uka" in client.get(link).text
    assert send(client, f"{link}/registrations", world, **ANNE).status_code == 303
    assert standings() == {"Anne": "accepted"}


def test_too_many_words_are_kept_and_refused(client: FlaskClient, link: str) -> None:
    page = client.post(f"{link}/refusal", data={"words": "nei " * 200})
    assert (page.status_code, "nei nei" in page.text, standings()) == (422, True, {"Anne": "asked"})


def test_passing_on_names_a_colleague(client: FlaskClient, link: str) -> None:
    wrong = client.post(f"{link}/colleague", data={"colleague_name": "Berit", "colleague_email": "berit"})
    assert (wrong.status_code, 'value="Berit"' in wrong.text) == (422, True)
    oneself = {"colleague_name": "Anne", "colleague_email": "anne@kommune.example"}
    assert client.post(f"{link}/colleague", data=oneself).status_code == 422
    right = {"colleague_name": "Berit", "colleague_email": "berit@kommune.example"}
    assert [client.post(f"{link}/colleague", data=right).status_code for _ in range(2)] == [303, 303]
    assert standings() == {"Anne": "passed_on", "Berit": "asked"}
    assert "Anne" in client.get(link_of("Berit")).text
    page = client.get(link).text
    assert ("Berit" in page, "/refusal" in page) == (True, False)


def test_what_was_taken_back_says_so_and_opens_nothing(client: FlaskClient, world: World, link: str) -> None:
    do(actions.withdraw, the_invitation("Anne").id)
    page = client.get(link)
    assert (page.status_code, "/registrations/new" in page.text) == (200, False)
    assert client.get(f"{link}/registrations/new").status_code == 303
    run = str(world.events["seminar"].runs[0].uid)
    assert client.post(f"{link}/registrations", data={**ANNE, "run": run}).status_code == 409
    assert client.post(f"{link}/refusal", data={}).status_code == 409
    assert seats() == []


def test_a_seat_under_another_address_is_not_opened_by_the_link(client: FlaskClient, world: World, link: str) -> None:
    """Whoever holds an invitation may type anybody's name."""
    send(client, f"{link}/registrations", world, **{**ANNE, "name": "Cato", "email": "cato@kommune.example"})
    assert standings() == {"Anne": "accepted"}
    page = client.get(link).text
    assert "/registrations/" not in page.split("<main")[1]


def test_a_link_that_never_was_is_not_found_and_one_that_was_replaced_is_gone(client: FlaskClient, link: str) -> None:
    assert client.get("/invitations/nothing").status_code == 404
    with transaction() as session:
        session.execute(sa.update(Invitation).values(link_version=1))
    assert client.get(link).status_code == 410


def test_a_late_one_may_still_ask_and_a_cancelled_event_says_so(client: FlaskClient, world: World, link: str) -> None:
    def set_event(**facts: Any) -> None:
        with transaction() as session:
            session.execute(sa.update(Event).where(Event.slug == world.events["seminar"].slug).values(**facts))

    set_event(closes_on=date(2008, 8, 1))
    asked = send(client, f"{link}/registrations", world, **ANNE, asks="1")
    assert (asked.status_code, seats()) == (303, [("Anne", "requested")])
    set_event(status="cancelled")
    page = client.get(link)
    assert (page.status_code, "/refusal" in page.text) == (200, False)


def test_the_form_of_the_invited_asks_nobody_whether_the_event_is_for_them(client: FlaskClient, link: str) -> None:
    page = client.get(f"{link}/registrations/new").text
    assert "hx-get" not in page.split('id="organisation"')[1].split(">")[0]


def test_whoever_passes_it_on_learns_nothing_of_who_has_the_address(
    client: FlaskClient, link: str, world: World
) -> None:
    add_position(world, "Berit Hemmelig", "0821", email="berit@kommune.example")
    invite(world)
    client.post(f"{link}/colleague", data={"colleague_name": "Noen", "colleague_email": "berit@kommune.example"})
    page = client.get(link).text
    assert (standings()["Anne"], "Hemmelig" in page) == ("passed_on", False)
