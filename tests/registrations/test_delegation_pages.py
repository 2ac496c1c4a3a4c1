"""The registrar's page: every seat, names for those without, more seats, and all that can be done with one."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.registrations import links
from eventsys.registrations.models import ChangeRequest, Registration
from eventsys.registrations.rules import Side, State
from tests.registrations.desks import (
    REGISTRAR,
    changes_of,
    delegate,
    find,
    find_delegation,
    limit,
    mailed,
    post,
    read,
    receipt,
    seat_page,
    settle,
    sign_up,
    states,
    words,
)
from tests.statements import counted
from tests.world import NOW, build

YESTERDAY = date(2008, 8, 17)


def field(name: str, of: str = "") -> str:
    """What the field for a seat's name or address is called; the seat is the one of that name."""
    return f"{find(of).public_id}-{name}"


def test_the_page_lists_every_seat_and_says_how_many_have_a_place(client: FlaskClient) -> None:
    world = build()
    text = read(client, delegate(world, "Kari Fjell, kari@bo.example", "Ola Vik", "", ""))
    assert (
        "Signed up for Bø (Telemark) by Turid Bakke. 3 have a place · 1 is on the waiting list · 2 have no name yet"
        in text
    )
    assert text.count("not named (Bø (Telemark), Administrative leadership)") == 2
    assert "Kari Fjell Administrative leadership 1–2 September 2008 Has a place kari@bo.example" in text
    assert "Ola Vik Administrative leadership 1–2 September 2008 Has a place you" in text


def test_those_who_wait_are_told_their_place_and_the_rule(client: FlaskClient) -> None:
    world = build(capacity=1)
    text = read(client, delegate(world, "Kari Fjell", "Ola Vik", "Per Dal"))
    assert re.findall(r"On the waiting list Number \d", text) == [
        f"On the waiting list Number {number}" for number in (1, 2)
    ]
    assert "A group that needs more places than are free is passed over for that place, and keeps its number." in text


def test_those_who_wait_together_stand_in_one_place(client: FlaskClient) -> None:
    world = build(capacity=1)
    sign_up(world)
    text = read(client, delegate(world, "Kari Fjell", "Ola Vik", together=True))
    assert len(re.findall(r"On the waiting list Number 1\b", text)) == 2
    assert "Yours wait together: they get a place all at once, or not at all." in text


def test_a_place_without_a_name_gets_one_and_its_person_a_link(client: FlaskClient) -> None:
    world = build()
    settle(world, names_by=date(2008, 8, 25))
    page = delegate(world, "")
    assert "Give names by 25 August 2008." in read(client, page)
    form = {field("name"): "Kari Fjell", field("email"): "kari@bo.example"}
    assert post(client, page, "names", **form).status_code == 303
    assert (find("Kari Fjell").email, changes_of("Kari Fjell")) == (
        "kari@bo.example", [("registered", "registrar"), ("named", "registrar")],
    )  # fmt: skip
    assert "Who is coming?" not in read(client, page)


def test_several_names_are_kept_at_once_and_those_left_empty_can_wait(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "", "", "")
    db.session.rollback()
    ids = db.session.scalars(sa.select(Registration.public_id).order_by(Registration.id)).all()
    form = {f"{ids[0]}-name": "Kari Fjell", f"{ids[2]}-name": "Ola Vik", f"{ids[2]}-email": "ola@bo.example"}
    assert post(client, page, "names", **form).status_code == 303
    assert [name for name, _state in states()] == ["Kari Fjell", "", "Ola Vik"]
    assert (find("Kari Fjell").email, find("Ola Vik").email) == (REGISTRAR, "ola@bo.example")


@pytest.mark.parametrize("typed", [{"name": "", "email": "kari@bo.example"}, {"name": "Kari Fjell", "email": "kari"}])
def test_half_a_person_is_asked_about_and_kept_as_typed(client: FlaskClient, typed: dict[str, str]) -> None:
    world = build()
    page = delegate(world, "", "")
    (first, *_rest) = db.session.scalars(sa.select(Registration.public_id).order_by(Registration.id)).all()
    answer = post(client, page, "names", **{f"{first}-{name}": value for name, value in typed.items()})
    text = answer.get_data(as_text=True)
    assert (answer.status_code, all(f'value="{value}"' in text for value in typed.values())) == (422, True)
    assert [name for name, _state in states()] == ["", ""]


def test_one_name_that_cannot_be_used_keeps_all_of_them_back(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "Kari Fjell, kari@bo.example", "", "")
    ids = db.session.scalars(sa.select(Registration.public_id).order_by(Registration.id)).all()
    form = {f"{ids[1]}-name": "Ola Vik", f"{ids[2]}-name": "Kari Fjell", f"{ids[2]}-email": "kari@bo.example"}
    answer = post(client, page, "names", **form)
    said = words(answer)
    assert (answer.status_code, said.count("This name and address cannot be used here.")) == (409, 2)
    assert f'href="#{ids[2]}-name"' in answer.get_data(as_text=True)
    assert [name for name, _state in states()] == ["Kari Fjell", "", ""]


def test_a_name_may_be_for_another_side_than_was_foreseen(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "")
    one = seat_page(page, "")
    form = {"seat_name": "Kari Fjell", "seat_email": "", "seat_side": "politician"}
    assert post(client, one, "name", **form).status_code == 303
    assert (find("Kari Fjell").side, find("Kari Fjell").email) == (Side.POLITICIAN, REGISTRAR)


def test_more_than_fit_are_signed_up_once_the_registrar_says_how_and_a_double_click_makes_them_once(
    client: FlaskClient,
) -> None:
    world = build(capacity=2)
    page = delegate(world, "Kari Fjell")
    nonce = re.findall(r'name="nonce" value="([^"]+)"', client.get(page).get_data(as_text=True))[0]
    form = {
        "nonce": nonce, "seat-1-name": "Ola Vik", "seat-1-email": "ola@bo.example", "seat-1-part": "politician",
        "seat-2-name": "", "seat-2-email": "", "seat-2-part": "administration", "seat-3-name": "",
    }  # fmt: skip
    short = post(client, page, "seats", **form)
    assert (short.status_code, words(short).count("There is 1 place left, and you are 2.")) == (409, 2)
    form["when_full"] = "1"
    assert [post(client, page, "seats", **form).status_code for _time in range(2)] == [303, 303]
    assert states() == [
        ("Kari Fjell", State.CONFIRMED), ("Ola Vik", State.CONFIRMED), ("", State.WAITING),
    ]  # fmt: skip


def test_more_people_need_a_side_and_nobody_is_refused(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "Kari Fjell")
    answer = post(client, page, "seats", **{"seat-1-name": "Ola Vik", "seat-1-part": ""})
    assert (answer.status_code, 'value="Ola Vik"' in answer.get_data(as_text=True)) == (422, True)
    assert post(client, page, "seats").status_code == 422
    assert states() == [("Kari Fjell", State.CONFIRMED)]


def test_a_seat_is_moved_handed_over_and_cancelled_by_its_registrar(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "Kari Fjell, kari@bo.example")
    old, one = mailed(find("Kari Fjell")), seat_page(page, "Kari Fjell")
    assert post(client, one, "run", move_run=str(world.events["seminar"].runs[1].uid)).status_code == 303
    assert post(client, one, "hand-over", to_name="Ola Vik", to_email="ola@bo.example").status_code == 303
    assert (find("Ola Vik").run_id, client.get(old).status_code) == (world.run_id("seminar", 1), 410)
    assert post(client, one, "cancellation").status_code == 303
    assert changes_of("Ola Vik") == [
        ("registered", "registrar"), ("moved", "registrar"), ("handed_over", "registrar"), ("cancelled", "registrar"),
    ]  # fmt: skip
    assert "Cancelled the registration · by you" in read(client, one)


def test_an_offer_to_a_colleague_is_taken_by_the_registrar(client: FlaskClient) -> None:
    world = build(capacity=1)
    settle(world, offer_hours=4)
    first = sign_up(world)
    page = delegate(world, "Kari Fjell")
    post(client, first, "cancellation")
    assert "Yes, take the place" in read(client, seat_page(page, "Kari Fjell"))
    assert post(client, seat_page(page, "Kari Fjell"), "offer").status_code == 303
    assert find("Kari Fjell").state is State.CONFIRMED


def test_an_address_is_mended_and_the_link_that_was_mailed_opens_nothing(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "Kari Fjell")
    shared = receipt(find("Kari Fjell"))
    assert f'href="{shared}"' in client.get(seat_page(page, "Kari Fjell")).get_data(as_text=True)
    assert post(client, seat_page(page, "Kari Fjell"), "email", email="kari@bo.example").status_code == 303
    assert (find("Kari Fjell").email, client.get(shared).status_code) == ("kari@bo.example", 410)
    assert (
        "/registrations/" not in client.get(seat_page(page, "Kari Fjell")).get_data(as_text=True).partition("<main")[2]
    )


def test_after_a_deadline_the_registrar_asks_the_organiser(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "Kari Fjell")
    settle(world, cancel_by=YESTERDAY)
    one = seat_page(page, "Kari Fjell")
    assert post(client, one, "cancellation").status_code == 409
    assert post(client, one, "requests", asked="cancel", cancel_words="Hun er syk.").status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(ChangeRequest.words)).all() == ["Hun er syk."]
    assert changes_of("Kari Fjell")[-1] == ("asked", "registrar")


def test_what_somebody_did_before_they_were_signed_up_is_not_the_registrars(client: FlaskClient) -> None:
    world = build()
    own = sign_up(world, name="Kari Fjell", email="kari@bo.example")
    post(client, own, "cancellation")
    with transaction() as session:
        session.execute(sa.text("UPDATE registration_changes SET at = :at"), {"at": NOW.replace(hour=1, tzinfo=None)})
    page = delegate(world, "Kari Fjell, kari@bo.example")
    text = read(client, seat_page(page, "Kari Fjell")).partition("What has happened")[2]
    assert text.count("·") == 1


def test_another_delegations_seat_is_not_there(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "Kari Fjell")
    sign_up(world)
    assert client.get(seat_page(page, "Person Nummer1")).status_code == 404
    assert post(client, seat_page(page, "Person Nummer1"), "cancellation").status_code == 404
    assert find("Person Nummer1").state is State.CONFIRMED


def test_a_link_of_another_kind_opens_no_delegation(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "Kari Fjell")
    token = links.registration_token(find("Kari Fjell"))
    assert [client.get(f"/delegations/{one}").status_code for one in (token, "x", "0" * 43)] == [404] * 3
    found = find_delegation()
    with transaction() as session:
        session.merge(found).link_version = 1
    newest = f"/delegations/{links.delegation_token(find_delegation())}"
    assert [client.get(one).status_code for one in (page, newest)] == [410, 200]


def test_the_page_is_as_many_statements_for_one_seat_as_for_fifty(client: FlaskClient) -> None:
    world = build(capacity=1)
    limit(world, 1, 1)
    few = delegate(world, "", "")
    many = delegate(world, *([""] * 51), place=1)
    seen = []
    for page in (few, many):
        with counted(db.engine) as statements:
            assert client.get(page).status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 6
