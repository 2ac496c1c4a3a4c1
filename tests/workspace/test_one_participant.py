"""One participant's page and what is changed there, and what is asked for after a deadline."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import ask
from eventsys.registrations.models import (
    ChangeRequest,
    PlainAnswer,
    Registration,
    RegistrationNight,
    SensitiveAccess,
    SensitiveAnswer,
)
from eventsys.registrations.rules import Asked, Decision, Side, State
from tests.accounts.people import add_account, sign_in
from tests.workspace.seats import (
    EVENT,
    LIST,
    address,
    answer,
    ask_about_bus,
    ask_about_food,
    find,
    offer_nights,
    plain,
    press,
    send_delegation,
    sign_up,
    states,
    unnamed,
)
from tests.world import World


def show(client: FlaskClient, number: int) -> str:
    return plain(client.get(address(number)).get_data(as_text=True))


def change(client: FlaskClient, number: int, do: str, **more: object) -> TestResponse:
    return client.post(f"{address(number)}/changes", data={"do": do, **more})


def test_a_persons_page_says_what_there_is_and_what_happened(adviser: FlaskClient, world: World) -> None:
    bus = ask_about_bus(world)
    sign_up(world, 1, answers=(answer(bus, 1),), second_run_id=None)
    press(adviser, "cancel", 1)
    page = show(adviser, 1)
    assert "Person Nummer1 Cancelled" in page
    assert "Hvordan kommer du? Båt" in page
    assert "Cancelled the registration Has a place → Cancelled (by a person) Adviser" in page
    assert page.index("Cancelled the registration") < page.index("Signed up Person Nummer1")


def test_who_waits_is_told_with_their_number(four: FlaskClient) -> None:
    assert "Number 1 on the waiting list." in show(four, 4)


def test_one_person_is_moved_marked_and_given_a_priority(four: FlaskClient, world: World) -> None:
    second = world.events["seminar"].runs[1]
    change(four, 1, "move", run=str(second.uid))
    assert (find(1).run_id, states(1, 4)) == (second.id, [State.CONFIRMED, State.CONFIRMED])
    change(four, 1, "mark", state="attended")
    change(four, 2, "mark", state="absent")
    assert states(1, 2) == [State.ATTENDED, State.ABSENT]
    sign_up(world, 5)
    sign_up(world, 6)
    change(four, 6, "priority", priority="3")
    assert [find(number).priority for number in (5, 6)] == [0, 3]
    assert "Number 2 on the waiting list." in show(four, 5)


def test_sessions_nights_and_side_are_changed_together(adviser: FlaskClient, world: World) -> None:
    nights = offer_nights(world, date(2008, 9, 1))
    sign_up(world, 1)
    change(adviser, 1, "details", side="politician", night=[str(one) for one in nights.values()])
    assert find(1).side is Side.POLITICIAN
    assert db.session.scalars(sa.select(RegistrationNight.night_id)).all() == list(nights.values())
    change(adviser, 1, "details", side="politician")
    db.session.rollback()
    assert db.session.scalars(sa.select(RegistrationNight.night_id)).all() == []


def test_a_cancelled_one_comes_back_and_a_full_run_takes_nobody(four: FlaskClient, world: World) -> None:
    first = world.events["seminar"].runs[0]
    change(four, 4, "restore")
    assert "Nothing was changed: cannot be changed so in this state." in show(four, 4)
    press(four, "cancel", 4)
    change(four, 4, "restore")
    assert "Taken back: there is no free place, so they are on the waiting list." in show(four, 4)
    sign_up(world, 9, run_id=world.run_id("seminar", 1))
    change(four, 9, "move", run=str(first.uid))
    assert "Nothing was changed: there is no free place for them." in show(four, 9)
    assert find(9).run_id == world.run_id("seminar", 1)


def test_a_seat_without_a_name_gets_one_and_a_place_is_handed_over(adviser: FlaskClient, world: World) -> None:
    bus = ask_about_bus(world)
    (seat,) = send_delegation(world, unnamed())
    path = f"{LIST}/{seat.public_id}"
    assert "Give the seat a name" in plain(adviser.get(path).text)
    refused = adviser.post(f"{path}/changes", data={"do": "name", "name_name": "", "name_email": "x"})
    assert refused.status_code == 422
    adviser.post(f"{path}/changes", data={"do": "name", "name_name": "Person Nummer1", "name_email": ""})
    assert find(1).email == "rita@kommune.example"
    sign_up(world, 2, answers=(answer(bus),))
    change(adviser, 2, "hand_over", hand_over_name="Person Nummer3", hand_over_email="person3@kommune.example")
    assert find(3).email == "person3@kommune.example"
    assert db.session.scalars(sa.select(PlainAnswer.id)).all() == []
    change(adviser, 3, "address", address_email="ny@kommune.example")
    assert find(3).email == "ny@kommune.example"


def test_what_is_no_change_is_refused(four: FlaskClient) -> None:
    assert change(four, 1, "explode").status_code == 400
    assert change(four, 1, "move", run="x").status_code == 400
    assert change(four, 1, "mark", state="waiting").status_code == 400


def test_sensitive_answers_are_shown_only_when_asked_for_and_that_is_noted(adviser: FlaskClient, world: World) -> None:
    food = ask_about_food(world)
    sign_up(world, 1, answers=(answer(food, 1),))
    assert db.session.scalars(sa.select(SensitiveAnswer.id)).all() != []
    before = adviser.get(address(1)).get_data(as_text=True)
    after = adviser.post(f"{address(1)}/sensitive").get_data(as_text=True)
    assert before.count("<dt>") + 1 == after.count("<dt>")
    assert adviser.get(f"{address(1)}/sensitive").status_code == 405
    db.session.rollback()
    assert db.session.scalars(sa.select(SensitiveAccess.what)).all() == ["answers"]


def test_another_organisers_people_are_not_there(client: FlaskClient, four: FlaskClient, world: World) -> None:
    path = address(1)
    sign_in(client, add_account("rep@unio.example", world.unio))
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/changes", data={"do": "restore"}).status_code == 404
    assert client.post(f"{path}/sensitive").status_code == 404


# --- requests to decide ---------------------------------------------------------------------------------------------


def request_of(number: int, asked: Asked, **more: object) -> str:
    with transaction() as session:
        registration = session.merge(find(number))
        row = ask(session, registration, asked=asked, words="Jeg er blitt syk.", now=clock.now(), **more)
        return f"{EVENT}/requests/{row.public_id}/decision"


def test_what_is_asked_for_is_listed_and_a_yes_carries_it_out(four: FlaskClient) -> None:
    path = request_of(1, Asked.CANCEL)
    assert "1 person asks for something after the deadline" in four.get(LIST).get_data(as_text=True)
    assert "Læringsseminar 2»: the last day for it has passed; you decide." in four.get("/manage/").text
    page = plain(four.get(f"{EVENT}/requests").text)
    assert "Person Nummer1 Bø (Telemark), Administrative leadership" in page
    assert "Jeg er blitt syk." in page
    four.post(path, data={"decision": "accepted"})
    assert states(1, 4) == [State.CANCELLED, State.CONFIRMED]
    assert "Nothing to decide" in four.get(f"{EVENT}/requests").get_data(as_text=True)
    four.post(path, data={"decision": "declined"})
    db.session.rollback()
    assert db.session.scalars(sa.select(ChangeRequest.decision)).all() == [Decision.ACCEPTED]


def test_a_no_changes_nothing_but_the_history(four: FlaskClient) -> None:
    four.post(request_of(1, Asked.CANCEL), data={"decision": "declined", "why": "Hotellet tar betalt."})
    assert states(1) == [State.CONFIRMED]
    assert "Hotellet tar betalt." in show(four, 1)


def test_a_yes_that_cannot_be_carried_out_decides_nothing(four: FlaskClient, world: World) -> None:
    sign_up(world, 9, run_id=world.run_id("seminar", 1))
    path = request_of(9, Asked.MOVE, run_id=world.run_id("seminar"))
    four.post(path, data={"decision": "accepted"})
    db.session.rollback()
    assert db.session.scalars(sa.select(ChangeRequest.decision)).all() == [None]
    assert "there is no free place for them" in four.get(f"{EVENT}/requests").get_data(as_text=True)
    assert four.post(path, data={"decision": "perhaps"}).status_code == 400


def test_a_registration_without_side_or_organisation_is_shown(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 1, side=None)
    assert "Person Nummer1" in show(adviser, 1)
    assert db.session.scalars(sa.select(Registration.side)).all() == [None]
