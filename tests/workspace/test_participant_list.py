"""Filters, columns and pages of the list of participants."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.models import (
    SensitiveAccess,
)
from eventsys.registrations.rules import NewSeat, Side
from eventsys.workflows.actions import notice_changes
from tests.statements import counted
from tests.workspace.seats import (
    LIST,
    answer,
    ask_about_bus,
    ask_about_food,
    names,
    numbers,
    offer_nights,
    send_delegation,
    sign_up,
    unnamed,
)
from tests.world import World


@pytest.mark.parametrize(
    "query, found",
    [
        ("side=politician", [2]),
        ("side=politician&state=waiting", []),
        ("cohort=pulje-ii", [1, 2, 3, 4]),
        ("cohort=pulje-i", []),
        ("side=king&cohort=x&organisation=x&answer=x&unnamed=x&mail=x", [1, 2, 3, 4]),
        ("q=%25", []),
        ("q=_erson", []),
    ],
)
def test_the_list_is_filtered_by_side_and_cohort(four: FlaskClient, query: str, found: list[int]) -> None:
    assert numbers(four, query) == found


def test_the_list_is_filtered_by_organisation(four: FlaskClient, world: World) -> None:
    assert numbers(four, f"organisation={world.municipalities['0301']}") == [2]
    assert re.findall(r"<option value=\"\d+\">([^<]+)", four.get(LIST).get_data(as_text=True)) == [
        "Bø (Telemark)",
        "Oslo",
    ]


def test_the_list_is_filtered_by_an_answer_and_by_none(adviser: FlaskClient, world: World) -> None:
    bus = ask_about_bus(world)
    for number, place in ((1, 0), (2, 1)):
        sign_up(world, number, answers=(answer(bus, place),))
    sign_up(world, 3)
    key = answer(bus, 1).options[0]
    assert numbers(adviser, f"answer={bus.public_id}:{key}") == [2]
    assert numbers(adviser, f"answer={bus.public_id}:-") == [3]
    assert numbers(adviser, f"answer={uuid.uuid4()}:{key}") == [1, 2, 3]


def test_no_sensitive_question_is_a_filter_or_a_column(adviser: FlaskClient, world: World) -> None:
    food = ask_about_food(world)
    sign_up(world, 1, answers=(answer(food, 1),))
    assert str(food.public_id) not in adviser.get(LIST).get_data(as_text=True)
    key = answer(food, 1).options[0]
    assert numbers(adviser, f"answer={food.public_id}:{key}&col=q-{food.public_id}") == [1]
    assert db.session.scalars(sa.select(SensitiveAccess.id)).all() == []


def test_seats_without_a_name_say_whose_they_are_and_can_be_listed_alone(four: FlaskClient, world: World) -> None:
    send_delegation(world, unnamed(Side.POLITICIAN), NewSeat(Side.ADMINISTRATION, "Ola Li"))
    assert names(four, "unnamed=1") == ["not named (Bø (Telemark), Political leadership)"]
    assert len(names(four)) == 6


def test_those_to_whom_no_mail_was_delivered_can_be_listed(four: FlaskClient) -> None:
    def send(number: int, state: MailState) -> None:
        mail = sa.update(OutboxMessage).where(OutboxMessage.email == f"person{number}@kommune.example")
        with transaction() as session:
            session.execute(mail.values(state=state))

    with transaction() as session:
        notice_changes(session, now=clock.now())
    assert numbers(four, "mail=none") == [1, 2, 3, 4]
    send(1, MailState.SENT)
    send(2, MailState.FAILED)
    send(4, MailState.SENT)
    assert numbers(four, "mail=none") == [2, 3]


def headings(client: FlaskClient, query: str) -> list[str]:
    page = client.get(f"{LIST}?{query}").get_data(as_text=True)
    head = page[page.index("<thead>") : page.index("</thead>")]
    return re.findall(r'<th scope="col">([^<]+)</th>', head)


def test_columns_are_chosen_in_the_address_and_the_usual_ones_come_of_themselves(
    adviser: FlaskClient, world: World
) -> None:
    bus, nights = ask_about_bus(world), offer_nights(world, date(2008, 9, 1))
    sign_up(world, 1, answers=(answer(bus, 1),), night_ids=tuple(nights.values()))
    assert headings(adviser, "") == ["Name", "From", "Represents", "Dates"]
    query = f"col=number&col=nights&col=nonsense&col=q-{bus.public_id}"
    assert headings(adviser, query) == ["Name", "Number", "Nights", "Hvordan kommer du?"]
    page = adviser.get(f"{LIST}?{query}").get_data(as_text=True)
    assert re.findall(r'<td data-label="[^"]+">([^<]+)</td>', page) == ["0821", "1 September", "Båt"]


def test_a_page_has_a_hundred_and_says_which_it_is(adviser: FlaskClient, world: World) -> None:
    for number in range(1, 103):
        sign_up(world, number, run_id=world.run_id("conference"))
    path = f"/manage/events/{world.events['conference'].slug}/participants"
    first, second = (adviser.get(f"{path}?q=person&page={page}").get_data(as_text=True) for page in (1, 2))
    assert [page.count('name="who"') for page in (first, second)] == [100, 2]
    assert "102 registrations · page 1 of 2" in first
    assert re.findall(r'<a href="([^"]+)" rel="(\w+)"', html.unescape(first)) == [(f"{path}?page=2&q=person", "next")]
    assert re.findall(r'<a href="([^"]+)" rel="(\w+)"', html.unescape(second)) == [(f"{path}?page=1&q=person", "prev")]
    assert adviser.get(f"{path}?page=99").get_data(as_text=True).count('name="who"') == 2


def test_the_list_costs_as_many_statements_for_a_full_page_as_for_one_person(
    adviser: FlaskClient, world: World
) -> None:
    bus, nights = ask_about_bus(world), offer_nights(world, date(2008, 9, 1))

    def cost() -> int:
        query = f"?col=nights&col=sessions&col=q-{bus.public_id}&answer={bus.public_id}:{answer(bus).options[0]}"
        with counted(db.engine) as sent:
            assert adviser.get(LIST + query).status_code == 200
        return len(sent)

    more = {"answers": (answer(bus),), "night_ids": tuple(nights.values())}
    sign_up(world, 1, **more)
    with_one = cost()
    for number in range(2, 41):
        sign_up(world, number, **more)
    assert cost() == with_one
