"""The form, one's own page, and what strangers and double clicks get."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys.extensions import db
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from tests.statements import counted
from tests.world import World, build


def fill_in(world: World, **more: str) -> dict[str, str]:
    return {
        "nonce": "n" * 20,
        "run": str(world.events["seminar"].runs[0].uid),
        "name": "Kari Fjell",
        "email": "kari@kommune.example",
        "organisation": "Bø (Telemark)",
        "side": "administration",
        **more,
    }


def post(client: FlaskClient, world: World, event: str = "seminar", **more: str) -> TestResponse:
    return client.post(f"/events/{world.events[event].slug}/registrations", data=fill_in(world, **more))


def rows() -> list[tuple[str, State]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(sa.select(Registration.name, Registration.state))]


def test_signing_up_leads_to_ones_own_page_which_says_where_the_mail_goes(client: FlaskClient) -> None:
    world = build()
    answer = post(client, world)
    assert (answer.status_code, rows()) == (303, [("Kari Fjell", State.CONFIRMED)])
    page = client.get(answer.location).get_data(as_text=True)
    assert "kari@kommune.example" in page
    assert "1.–2. september 2008" in page


def test_a_sign_up_takes_three_requests_and_at_most_twenty_statements(client: FlaskClient) -> None:
    world = build()
    with counted(db.engine) as seen:
        client.get(f"/events/{world.events['seminar'].slug}/registrations/new")
        client.get(post(client, world).location)
    assert len(seen) <= 20, "\n".join(seen)


def test_what_was_typed_is_kept_when_something_is_missing(client: FlaskClient) -> None:
    world = build()
    answer = post(client, world, email="ikke en adresse", side="")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, rows()) == (422, [])
    assert 'value="Kari Fjell"' in page
    assert 'value="Bø (Telemark)"' in page
    assert 'aria-describedby="email-error email-hint"' in page


def test_an_ambiguous_municipality_is_asked_about(client: FlaskClient) -> None:
    world = build()
    answer = post(client, world, organisation="Bø")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Bø (Nordland)" in page
    assert "Bø (Telemark)" in page


@pytest.mark.parametrize("name, label", [("bø telemark", "0821"), ("0821", "0821"), ("oslo", "0301")])
def test_a_municipality_is_found_however_it_is_written(client: FlaskClient, name: str, label: str) -> None:
    world = build()
    assert post(client, world, organisation=name).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Registration.organisation_id)).all() == [world.municipalities[label]]


def test_who_is_not_meant_is_told_the_own_cohort_and_its_event_and_may_ask_to_come(client: FlaskClient) -> None:
    world = build()
    refused = post(client, world, organisation="Karasjok")
    page = refused.get_data(as_text=True)
    assert (refused.status_code, rows()) == (409, [])
    assert "Pulje I" in page
    assert f'href="/events/{world.events["seminar3"].slug}"' in page
    asked = post(client, world, organisation="Karasjok", asks="1")
    assert (asked.status_code, rows()) == (303, [("Kari Fjell", State.REQUESTED)])


def test_choosing_the_municipality_says_at_once_whether_the_event_is_for_it(client: FlaskClient) -> None:
    world = build()
    address = f"/events/{world.events['seminar'].slug}/eligibility"
    meant, other = (
        client.get(address, query_string={"organisation": name}).get_data(as_text=True)
        for name in ("Bø (Telemark)", "Karasjok")
    )
    assert ('data-color="success"' in meant, 'name="asks"' in meant) == (True, False)
    assert ("Pulje I" in other, 'name="asks"' in other) == (True, True)


def test_two_tabs_with_the_form_make_one_registration_and_both_show_its_page(client: FlaskClient) -> None:
    world = build()
    address = f"/events/{world.events['seminar'].slug}/registrations/new"
    tabs = [read_nonce(client.get(address)) for _tab in range(2)]
    first, second = (post(client, world, nonce=nonce) for nonce in tabs)
    assert (first.status_code, first.location, len(rows())) == (303, second.location, 1)


def read_nonce(page: TestResponse) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page.get_data(as_text=True))
    assert found is not None
    return found[1]


def test_a_form_sent_again_for_somebody_else_is_kept_and_sent_once_more_signs_them_up_too(client: FlaskClient) -> None:
    world = build()
    own = post(client, world).location
    other = {"name": "Ola Vik", "email": "ola@kommune.example"}
    again = post(client, world, **other)
    page = again.get_data(as_text=True)
    assert (again.status_code, rows()) == (409, [("Kari Fjell", State.CONFIRMED)])
    assert ('value="Ola Vik"' in page, f'href="{own}"' in page) == (True, True)
    assert post(client, world, nonce=read_nonce(again), **other).status_code == 303
    assert rows() == [("Kari Fjell", State.CONFIRMED), ("Ola Vik", State.CONFIRMED)]


def test_forms_of_two_events_are_two_though_they_were_opened_in_one_browser(client: FlaskClient) -> None:
    world = build()
    conference = str(world.events["conference"].runs[0].uid)
    answers = post(client, world), post(client, world, "conference", run=conference)
    assert (len({answer.location for answer in answers}), len(rows())) == (2, 2)


def test_a_double_click_is_one_registration_and_shows_its_page(client: FlaskClient) -> None:
    world = build()
    first, second = post(client, world), post(client, world)
    assert (first.location, len(rows())) == (second.location, 1)


def test_a_stranger_with_the_same_name_and_address_sees_a_neutral_page(app: Flask, client: FlaskClient) -> None:
    world = build()
    own = post(client, world)
    stranger = post(app.test_client(), world)
    assert stranger.location == f"/events/{world.events['seminar'].slug}/registrations/received"
    page = app.test_client().get(stranger.location).get_data(as_text=True)
    assert (own.location in page, "kari@" in page) == (False, False)


def test_leaving_takes_a_post_and_a_mail_scanner_that_opens_the_link_changes_nothing(client: FlaskClient) -> None:
    world = build()
    link = post(client, world).location
    assert (client.get(link).status_code, client.get(f"{link}/cancellation").status_code) == (200, 405)
    assert rows() == [("Kari Fjell", State.CONFIRMED)]
    assert client.post(f"{link}/cancellation").status_code == 303
    assert rows() == [("Kari Fjell", State.CANCELLED)]


def test_a_mended_address_gives_a_new_link_and_the_old_one_is_gone(client: FlaskClient) -> None:
    world = build()
    link = post(client, world).location
    answer = client.post(f"{link}/email", data={"email": "kari.fjell@kommune.example"})
    assert (client.get(link).status_code, client.get(answer.location).status_code) == (410, 200)


@pytest.mark.parametrize("token", ["x", "A" * 43, "å" * 43, "%00"])
def test_a_made_up_link_opens_nothing(client: FlaskClient, token: str) -> None:
    build()
    assert client.get(f"/registrations/{token}").status_code == 404


def test_the_unions_conference_asks_for_the_union_instead_of_the_side(client: FlaskClient) -> None:
    world = build()
    page = client.get(f"/events/{world.events['unio'].slug}/registrations/new").get_data(as_text=True)
    assert ('name="side"' in page, re.findall(r'<option value="\d+"[^>]*>([^<]+)', page)) == (
        False, ["Forskerforbundet", "Utdanningsforbundet"],
    )  # fmt: skip
    answer = post(client, world, "unio", run="", union=str(world.unions[1]))
    assert (answer.status_code, rows()) == (303, [("Kari Fjell", State.CONFIRMED)])
    assert "Utdanningsforbundet" not in client.get(answer.location).get_data(as_text=True)


def test_a_full_run_says_so_before_the_form_is_filled_in_and_gives_a_place_in_the_list(client: FlaskClient) -> None:
    world = build(capacity=1)
    post(client, world)
    page = client.get(f"/events/{world.events['seminar'].slug}/registrations/new").get_data(as_text=True)
    assert "venteliste" in page
    link = post(client, world, name="Ola Vik", email="ola@kommune.example", nonce="m" * 20).location
    assert "nummer 1" in client.get(link).get_data(as_text=True)


@pytest.mark.parametrize("name", ["{{ 7*7 }}", "{last_name}", "<b>Kari</b>", 'R&D "AS"', "Kari\r\nBcc: x@y.example"])
def test_a_name_stays_just_what_it_is(client: FlaskClient, name: str) -> None:
    world = build()
    page = client.get(post(client, world, name=name).location).get_data(as_text=True)
    said = re.sub(r'href="[^"]*"', "", page.split("<main")[1].split("<form")[0])
    assert (rows()[0][0], "<b>Kari" in page, "49" in said) == (
        " ".join(name.split()), False, False,
    )  # fmt: skip


def test_the_one_chosen_among_namesakes_is_the_one_that_counts(client: FlaskClient) -> None:
    world = build()
    assert post(client, world, organisation="Bø", chosen="Bø (Telemark)").status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Registration.organisation_id)).all() == [world.municipalities["0821"]]


def test_an_address_that_makes_somebody_who_has_a_place_already_is_refused_and_nothing_changes(
    client: FlaskClient,
) -> None:
    world = build()
    first = post(client, world).location
    second = post(client, world, email="kari.f@kommune.example", nonce="m" * 20).location
    answer = client.post(f"{second}/email", data={"email": "kari@kommune.example"})
    assert (answer.status_code, "kari.f@kommune.example" in answer.get_data(as_text=True)) == (422, True)
    assert [client.get(link).status_code for link in (first, second)] == [200, 200]
    assert rows() == [("Kari Fjell", State.CONFIRMED)] * 2
