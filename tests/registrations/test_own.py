"""One's own page: what it says, what can be done with it, and what it keeps from whom."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.models import ChangeRequest
from eventsys.registrations.rules import Decision, State
from tests.registrations.desks import find, limit, mailed, post, read, receipt, settle, sign_up, states, words
from tests.statements import counted
from tests.world import NOW, World, build

YESTERDAY = date(2008, 8, 17)
RULE = "A free place goes to the first in the list whom it fits. A group that needs more places than are free is passed over"


def test_the_page_says_first_the_state_then_when_and_where(client: FlaskClient) -> None:
    world = build()
    text = read(client, sign_up(world))
    assert text.index("Has a place") < text.index("1–2 September 2008") < text.index("What you can do")
    assert re.findall(r"What has happened (.*)", text)[0].endswith("Signed up · by you")


def test_who_waits_is_told_the_place_in_the_list_and_its_rule(client: FlaskClient) -> None:
    world = build(capacity=1)
    settle(world, promotion_stops_hours=24)
    sign_up(world)
    sign_up(world, 2)
    text = read(client, sign_up(world, 3))
    assert ("You are number 2 in the list." in text, RULE in text) == (True, True)
    assert "Then the place is given at once, and a mail comes. No place is given later than 24 hours before" in text


def test_who_waits_for_two_dates_is_told_the_place_in_both_lists(client: FlaskClient) -> None:
    world = build(capacity=1)
    limit(world, 1, 1)
    sign_up(world)
    sign_up(world, 2, run_id=world.run_id("seminar", 1))
    sign_up(world, 3, run_id=world.run_id("seminar", 1))
    text = read(client, sign_up(world, 4, second_run_id=world.run_id("seminar", 1)))
    assert "Number 1 for 1–2 September 2008 Number 2 for 2–3 September 2008" in text


def test_the_waiting_list_can_be_left(client: FlaskClient) -> None:
    world = build(capacity=1)
    sign_up(world)
    page = sign_up(world, 2)
    assert post(client, page, "cancellation").status_code == 303
    assert states() == [("Person Nummer1", State.CONFIRMED), ("Person Nummer2", State.CANCELLED)]


@pytest.mark.parametrize("act, state", [("offer", State.CONFIRMED), ("cancellation", State.CANCELLED)])
def test_an_offered_place_is_taken_or_let_go(client: FlaskClient, act: str, state: State) -> None:
    _world, page = offer(client)
    assert "The place is held until Monday 18 August 2008, 12:00" in read(client, page)
    assert post(client, page, act).status_code == 303
    assert states() == [("Person Nummer1", State.CANCELLED), ("Person Nummer2", state)]


def offer(client: FlaskClient) -> tuple[World, str]:
    """A world in which the second person has been offered the place that the first one left, for four hours."""
    world = build(capacity=1)
    settle(world, offer_hours=4)
    first, second = sign_up(world), sign_up(world, 2)
    post(client, first, "cancellation")
    return world, second


def test_an_offer_that_ran_out_is_told_and_the_list_goes_on(client: FlaskClient) -> None:
    _world, page = offer(client)
    with transaction() as session:
        clock.set_to(session, NOW + timedelta(hours=5))
    answer = post(client, page, "offer")
    assert (answer.status_code, "It is too late for that. Write to the organiser." in words(answer)) == (409, True)


def test_another_date_is_moved_to_in_one_step(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    other = str(world.events["seminar"].runs[1].uid)
    assert post(client, page, "run", move_run=other).status_code == 303
    assert (find("Person Nummer1").run_id, states()) == (
        world.run_id("seminar", 1), [("Person Nummer1", State.CONFIRMED)],
    )  # fmt: skip
    text = read(client, page)
    assert "2–3 September 2008" in text.partition("What you can do")[0]
    assert "Moved to another date (from 1–2 September 2008) · by you" in text


def test_a_full_date_keeps_the_place_there_is_and_says_what_to_do(client: FlaskClient) -> None:
    world = build(capacity=1)
    sign_up(world)
    page = sign_up(world, 2, run_id=world.run_id("seminar", 1))
    answer = post(client, page, "run", move_run=str(world.events["seminar"].runs[0].uid))
    said = words(answer)
    assert (answer.status_code, said.count("That date is full. Nothing was changed; choose another date")) == (409, 2)
    assert find("Person Nummer2").run_id == world.run_id("seminar", 1)


@pytest.mark.parametrize("run", ["", "nonsense"])
def test_no_date_is_asked_for(client: FlaskClient, run: str) -> None:
    world = build()
    answer = post(client, sign_up(world), "run", move_run=run)
    assert (answer.status_code, words(answer).count("Choose a date")) == (422, 2)


def test_a_place_handed_over_is_the_colleagues_and_the_old_link_opens_nothing(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    answer = post(client, page, "hand-over", to_name="Ola Vik", to_email="ola@bo.example")
    assert (answer.status_code, client.get(answer.location).status_code) == (303, 200)
    taken = find("Ola Vik")
    assert (taken.email, client.get(page).status_code, client.get(mailed(taken)).status_code) == (
        "ola@bo.example", 410, 200,
    )  # fmt: skip
    text = read(client, mailed(taken))
    assert "The place was handed over · by the one who had the place before" in text
    assert "person1@kommune.example" not in client.get(mailed(taken)).get_data(as_text=True)


def test_a_hand_over_needs_a_name_and_an_address_and_keeps_what_was_typed(client: FlaskClient) -> None:
    world = build()
    answer = post(client, sign_up(world), "hand-over", to_name="Ola Vik", to_email="ola")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'value="Ola Vik"' in page, 'value="ola"' in page) == (422, True, True)
    assert states() == [("Person Nummer1", State.CONFIRMED)]


LATE = [
    ("cancel_by", "cancellation", "cancel", {}),
    ("change_by", "run", "move", {"move_run": "other"}),
    ("hand_over_by", "hand-over", "hand_over", {"to_name": "Ola Vik", "to_email": "ola@bo.example"}),
]


@pytest.mark.parametrize("deadline, act, asked, form", LATE)
def test_after_a_deadline_the_organiser_is_asked_instead(
    client: FlaskClient, deadline: str, act: str, asked: str, form: dict[str, str]
) -> None:
    world = build()
    page = sign_up(world)
    terms: dict[str, Any] = {deadline: YESTERDAY}
    settle(world, **terms)
    form = {name: value.replace("other", str(world.events["seminar"].runs[1].uid)) for name, value in form.items()}
    answer = post(client, page, act, **form)
    assert (answer.status_code, "The last day for this has passed. Ask the organiser" in words(answer)) == (409, True)
    assert states() == [("Person Nummer1", State.CONFIRMED)]
    form |= {"asked": asked, f"{asked}_words": "Jeg er blitt syk."}
    assert post(client, page, "requests", **form).status_code == 303
    db.session.rollback()
    row = db.session.execute(sa.select(ChangeRequest)).scalar_one()
    run_id = world.run_id("seminar", 1) if asked == "move" else None
    assert (row.asked.value, row.words, row.run_id) == (asked, "Jeg er blitt syk.", run_id)
    assert "The organiser has not answered yet. You get the answer by mail." in read(client, page)


def test_a_question_to_the_organiser_needs_words(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    settle(world, cancel_by=YESTERDAY)
    answer = post(client, page, "requests", asked="cancel", cancel_words="  ")
    assert (answer.status_code, words(answer).count("Write a few words to the organiser")) == (422, 2)
    assert post(client, page, "requests", asked="everything").status_code == 400


def test_what_the_organiser_has_allowed_can_be_done_after_the_deadline(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    settle(world, hand_over_by=YESTERDAY)
    post(client, page, "requests", asked="hand_over", hand_over_words="Ola Vik skal komme.")
    with transaction() as session:
        request = session.execute(sa.select(ChangeRequest)).scalar_one()
        actions.decide(session, request, decision=Decision.ACCEPTED, account_id=None, now=NOW)  # type: ignore[arg-type]
    assert "The organiser said yes: do it below." in read(client, page)
    assert post(client, page, "hand-over", to_name="Ola Vik", to_email="ola@bo.example").status_code == 303
    assert find("Ola Vik").state is State.CONFIRMED


def test_a_wrong_address_is_mended_and_the_page_goes_on_without_what_the_new_one_may_know(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    answer = post(client, page, "email", email="kari@bo.example")
    assert (answer.status_code, client.get(page).status_code) == (303, 410)
    assert find("Person Nummer1").email == "kari@bo.example"
    assert answer.location == receipt(find("Person Nummer1"))


def test_once_the_run_has_begun_only_the_address_can_be_mended(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    with transaction() as session:
        clock.set_to(session, NOW + timedelta(days=15))
    text = read(client, page)
    shown = [said in text for said in ("Cancel my registration", "Come on another date", "Mend your e-mail address")]
    assert shown == [False, False, True]
    refused = post(client, page, "cancellation")
    assert "This registration cannot be cancelled now. Write to the organiser." in words(refused)
    refused = post(client, page, "run", move_run=str(world.events["seminar"].runs[1].uid))
    assert (refused.status_code, "It is too late for that. Write to the organiser." in words(refused)) == (409, True)
    assert states() == [("Person Nummer1", State.CONFIRMED)]


def test_a_cancelled_seat_shows_the_way_back_and_nothing_to_do(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    post(client, page, "cancellation")
    text = read(client, page)
    assert ("What you can do" in text, "See the event" in text, "Add to calendar" in text) == (False, True, False)
    assert "Has a place → Cancelled" in text


def test_the_calendar_file_has_the_date_of_the_seat_and_no_other(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world, run_id=world.run_id("seminar", 1))
    answer = client.get(f"{page}/calendar.ics")
    runs = world.events["seminar"].runs
    assert (answer.mimetype, re.findall(r"UID:(\S+)", answer.get_data(as_text=True))) == (
        "text/calendar", [str(runs[1].uid)],
    )  # fmt: skip


def test_the_page_is_as_many_statements_when_fifty_wait(client: FlaskClient) -> None:
    world = build(capacity=1)
    pages = [sign_up(world, number) for number in range(1, 52)]
    seen = []
    for page in (pages[1], pages[50]):
        with counted(db.engine) as statements:
            assert client.get(page).status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 11
