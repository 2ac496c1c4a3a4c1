"""The list of participants: order, answers, cancelling, filters, columns, pages, and unions kept apart."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration, SensitiveAccess
from eventsys.registrations.rules import State
from tests.accounts.people import add_account, sign_in
from tests.world import World, somebody

LIST = "/manage/events/laeringsseminar-2-pulje-ii/participants"


@pytest.fixture
def full(adviser: FlaskClient, world: World) -> FlaskClient:
    """Three with a place, two who wait, one at the other dates, one from elsewhere who asks."""
    for number in range(1, 6):
        sign_up(world, number)
    sign_up(world, 6, run_id=world.run_id("seminar", 1))
    sign_up(world, 7, organisation_id=world.municipalities["1119"], asks=True)
    return adviser


def sign_up(world: World, number: int, **more: object) -> None:
    with transaction() as session:
        register(session, somebody(world, number, **more), now=clock.now())


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<th scope=\"row\"><a [^>]+>Person Nummer(\d+)", page)]


def address(number: int) -> str:
    name = f"Person Nummer{number}"
    return f"{LIST}/{db.session.scalars(sa.select(Registration.public_id).where(Registration.name == name)).one()}"


def state_of(number: int) -> State:
    db.session.rollback()
    name = f"Person Nummer{number}"
    return db.session.scalars(sa.select(Registration.state).where(Registration.name == name)).one()


def test_who_asks_stands_first_then_who_comes_then_who_waits_in_order(full: FlaskClient) -> None:
    page = full.get(LIST).get_data(as_text=True)
    assert numbers(page) == [7, 1, 2, 3, 6, 4, 5]
    assert re.findall(r'<td class="numbers" data-label="No.">(\d+)</td>', page) == ["1", "2"]
    assert "7 registrations" in page
    assert "3 of 3 places taken, 2 waiting" in page


def test_an_accepted_person_goes_behind_those_who_wait(full: FlaskClient) -> None:
    assert full.post(f"{address(7)}/acceptance").status_code == 303
    assert state_of(7) is State.WAITING
    assert numbers(full.get(f"{LIST}?state=waiting").get_data(as_text=True)) == [4, 5, 7]


def test_a_declined_person_is_told_no(full: FlaskClient) -> None:
    answer = full.post(f"{address(7)}/refusal?state=requested")
    assert (answer.status_code, answer.location) == (303, f"{LIST}?state=requested")
    assert state_of(7) is State.DECLINED
    full.post(f"{address(7)}/acceptance")
    assert state_of(7) is State.DECLINED


def test_cancelling_asks_first_and_gives_the_place_to_the_first_who_waits(full: FlaskClient) -> None:
    page = full.get(f"{address(2)}/cancellation").get_data(as_text=True)
    assert "Cancel the registration of Person Nummer2?" in page
    assert state_of(2) is State.CONFIRMED
    assert full.post(f"{address(2)}/cancellation").status_code == 303
    assert [state_of(number) for number in (2, 4, 5)] == [State.CANCELLED, State.CONFIRMED, State.WAITING]
    assert full.post(f"{address(2)}/cancellation").status_code == 303


@pytest.mark.parametrize(
    "query, found",
    [
        ("state=confirmed", [1, 2, 3, 6]),
        ("q=nummer6", [6]),
        ("q=person7%40kommune", [7]),
        ("q=Rogaland", []),
        ("q=H%C3%A5", [7]),
        ("state=nonsense&run=nonsense", [7, 1, 2, 3, 6, 4, 5]),
    ],
)
def test_the_list_is_filtered_in_the_address(full: FlaskClient, query: str, found: list[int]) -> None:
    assert numbers(full.get(f"{LIST}?{query}").get_data(as_text=True)) == found


def test_the_list_is_filtered_by_dates(full: FlaskClient, world: World) -> None:
    uid = world.events["seminar"].runs[1].uid
    assert numbers(full.get(f"{LIST}?run={uid}").get_data(as_text=True)) == [6]


def test_a_search_keeps_the_place_in_the_waiting_list(full: FlaskClient) -> None:
    page = full.get(f"{LIST}?q=nummer5").get_data(as_text=True)
    assert re.findall(r'<td class="numbers" data-label="No.">(\d+)</td>', page) == ["2"]


def test_unions_are_shown_only_when_asked_for_and_that_is_noted(client: FlaskClient, world: World) -> None:
    account = add_account("rep@unio.example", world.unio)
    sign_in(client, account)
    sign_up(world, 1, run_id=world.run_id("unio"), union_id=world.unions[0], side=None)
    slug = world.events["unio"].slug
    for path in (f"/manage/events/{slug}/participants", f"/manage/events/{slug}/participants.csv"):
        assert "Forskerforbundet" not in client.get(path).get_data(as_text=True)
    assert db.session.scalars(sa.select(SensitiveAccess.id)).all() == []
    assert client.get(f"/manage/events/{slug}/participants/unions").status_code == 405
    page = client.post(f"/manage/events/{slug}/participants/unions").get_data(as_text=True)
    assert "Forskerforbundet" in page
    db.session.rollback()
    accesses = db.session.execute(sa.select(SensitiveAccess.event_id, SensitiveAccess.account_id, SensitiveAccess.what))
    assert [tuple(row) for row in accesses] == [(world.events["unio"].id, account.id, "unions")]


def test_an_event_without_people_says_so(adviser: FlaskClient) -> None:
    assert "Nobody has signed up yet" in adviser.get(LIST).get_data(as_text=True)
