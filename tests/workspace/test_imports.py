"""People whom an organiser adds: by hand, and by pasting from a spreadsheet, all or nobody, by the one action."""

from __future__ import annotations

import html
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.events.actions import cancel_run
from eventsys.extensions import db, transaction
from eventsys.organisations import actions as organisations
from eventsys.organisations.rules import OrganisationKind
from eventsys.registrations.models import Registration, RegistrationChange, UnionPosition
from eventsys.registrations.rules import Actor, Change, Side, State
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.workspace.seats import EVENT, sign_up
from tests.world import BASE_URL, World

NONCE = "a-nonce-of-this-check-page"
TWO = "Kari Lyng\tkari@bo.example\t0821\tPolitiker\t1.–2. september\nOla Li\tola@ha.example\tHå\tadministrasjon\t2.9.2008\n"


# --- pasting --------------------------------------------------------------------------------------------------------


def look(client: FlaskClient, text: str, **more: str) -> str:
    return client.post(f"{EVENT}/additions/check", data={"text": text, **more}).get_data(as_text=True)


def save(client: FlaskClient, text: str, **more: str) -> TestResponse:
    return client.post(f"{EVENT}/additions", data={"text": text, "nonce": NONCE, **more})


def everybody() -> list[tuple[str, str, Side | None, int, State]]:
    db.session.rollback()
    columns = (
        Registration.name, Registration.email, Registration.side, Registration.organisation_id, Registration.state,
    )  # fmt: skip
    return [tuple(row) for row in db.session.execute(sa.select(*columns).order_by(Registration.id))]


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_check_shows_what_each_line_was_understood_as_and_saves_nothing(adviser: FlaskClient, world: World) -> None:
    page = plain(look(adviser, TWO))
    assert "2 people can be added" in page
    assert "Kari Lyng kari@bo.example Bø (Telemark) Political leadership 1–2 September" in page
    assert "Ola Li ola@ha.example Hå Administrative leadership 2–3 September" in page
    assert "send the confirmation to 2 people" in page
    assert everybody() == []


def test_all_are_added_by_the_engine_and_nobody_is_mailed_unless_that_is_ticked(
    adviser: FlaskClient, world: World
) -> None:
    answer = save(adviser, TWO)
    assert (answer.status_code, answer.location) == (303, f"{EVENT}/participants")
    numbers = world.municipalities
    assert everybody() == [
        ("Kari Lyng", "kari@bo.example", Side.POLITICIAN, numbers["0821"], State.CONFIRMED),
        ("Ola Li", "ola@ha.example", Side.ADMINISTRATION, numbers["1119"], State.CONFIRMED),
    ]
    changes = db.session.scalars(sa.select(RegistrationChange)).all()
    assert {(one.change, one.actor, one.noticed_at is None) for one in changes} == {
        (Change.REGISTERED, Actor.ORGANISER, False)
    }
    page = plain(adviser.get(f"{EVENT}/participants").get_data(as_text=True))
    assert "2 people are added. No mail was sent about it." in page


def test_with_the_tick_everybody_gets_the_confirmation(adviser: FlaskClient, world: World) -> None:
    save(adviser, TWO, tell="1")
    db.session.rollback()
    noticed = db.session.scalars(sa.select(RegistrationChange.noticed_at)).all()
    assert list(noticed) == [None, None]
    page = plain(adviser.get(f"{EVENT}/participants").get_data(as_text=True))
    assert "The confirmation goes to 2 people." in page


def test_one_wrong_line_keeps_everybody_out(adviser: FlaskClient, world: World) -> None:
    wrong = TWO + "Per Pil\tper(at)bo\tBø\tkonge\t3. mai\n"
    page = plain(look(adviser, wrong))
    assert "1 line must be mended" in page
    assert "“per(at)bo” is no e-mail address." in page
    assert "Write which one is meant: Bø (Nordland), Bø (Telemark)." in page
    assert "“konge” is nothing one can represent here." in page
    assert "The event has no dates called “3. mai”." in page
    answer = save(adviser, wrong)
    assert (answer.status_code, everybody()) == (422, [])


def test_a_page_that_is_sent_twice_adds_nobody_twice(adviser: FlaskClient, world: World) -> None:
    save(adviser, TWO)
    assert save(adviser, TWO).status_code == 303
    assert len(everybody()) == 2
    assert "They were added already." in adviser.get(f"{EVENT}/participants").get_data(as_text=True)


def test_the_same_lines_pasted_anew_say_that_all_are_signed_up(adviser: FlaskClient, world: World) -> None:
    save(adviser, TWO)
    page = plain(look(adviser, TWO))
    assert page.count("Is signed up for these dates already.") == 2


@pytest.mark.parametrize(
    "kind, number, cell",
    [
        (OrganisationKind.DISTRICT, "030105", "Frogn bydel"), (OrganisationKind.COUNTY, "08", "08"),
        (OrganisationKind.COMPANY, "912345678", "912345678"),
    ],
)  # fmt: skip
def test_people_come_from_districts_counties_and_companies_too(
    adviser: FlaskClient, world: World, kind: OrganisationKind, number: str, cell: str
) -> None:
    with transaction() as session:
        made = organisations.add(session, kind=kind, name="Frogn bydel", number=number).id
    save(
        adviser, f"Navn;E-post;Bydel;Representerer;Dato\nKari Lyng;kari@frogn.example;{cell};politiker;1.–2. september"
    )
    adviser.post(f"{EVENT}/additions/one", data=by_hand(world, name="Ola Li", organisation=cell, nonce=NONCE + "2"))
    assert [(row[0], row[3]) for row in everybody()] == [("Kari Lyng", made), ("Ola Li", made)]


def test_a_union_is_nothing_that_people_come_from(adviser: FlaskClient, world: World) -> None:
    page = plain(look(adviser, TWO.replace("Hå", "Forskerforbundet")))
    assert "We know no organisation called “Forskerforbundet” that people come from." in page


def test_who_does_not_fit_waits_and_that_is_said_before(adviser: FlaskClient, world: World) -> None:
    lines = "".join(f"P {n};p{n}@bo.example;0821;adm;1. september\n".replace("1. s", "1.–2. s") for n in range(5))
    lines = lines.replace(";adm;", ";administrasjon;")
    assert "1–2 September: 5 come and 3 places are left. The rest wait." in plain(look(adviser, lines))
    save(adviser, lines)
    assert [row[-1] for row in everybody()] == [State.CONFIRMED] * 3 + [State.WAITING] * 2
    page = plain(adviser.get(f"{EVENT}/participants").get_data(as_text=True))
    assert "5 people are added. 2 of them wait." in page


def test_a_line_that_the_engine_refuses_keeps_all_out(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        run = session.merge(world.events["seminar"].runs[1])
        cancel_run(session, run, base_url=BASE_URL, now=clock.now())
    answer = save(adviser, TWO)
    assert (answer.status_code, everybody()) == (422, [])


def test_lines_without_dates_mean_those_chosen_beside_them(adviser: FlaskClient, world: World) -> None:
    line = "Kari Lyng;kari@bo.example;0821;politiker"
    assert "The dates are missing." in plain(look(adviser, line))
    run = world.events["seminar"].runs[1]
    save(adviser, line, run=str(run.uid))
    db.session.rollback()
    assert db.session.scalars(sa.select(Registration.run_id)).all() == [run.id]


def test_the_lines_can_be_changed_with_all_that_was_pasted(adviser: FlaskClient, world: World) -> None:
    page = look(adviser, TWO, change="1")
    assert "Kari Lyng\tkari@bo.example" in page
    assert "Check the lines" in page


@pytest.mark.parametrize(
    "text, said", [("", "Paste some lines first."), ("a\n" * 1001, "At most 1000 lines at a time.")]
)
def test_nothing_and_too_much_are_refused(adviser: FlaskClient, text: str, said: str) -> None:
    for path in ("additions/check", "additions"):
        answer = adviser.post(f"{EVENT}/{path}", data={"text": text})
        assert answer.status_code == 422
        assert said in answer.get_data(as_text=True)


def test_a_check_of_a_hundred_lines_costs_the_statements_of_one(adviser: FlaskClient, world: World) -> None:
    def cost(lines: int) -> int:
        text = "".join(f"P {n};p{n}@bo.example;0821;politiker;1.–2. september\n" for n in range(lines))
        with counted(db.engine) as sent:
            look(adviser, text)
        return len(sent)

    assert cost(1) == cost(100)


# --- by hand --------------------------------------------------------------------------------------------------------


def by_hand(world: World, **more: str) -> dict[str, str]:
    run = world.events["seminar"].runs[0]
    return {
        "name": "Kari  Lyng", "email": "kari@bo.example", "organisation": "0821", "part": "politician",
        "run": str(run.uid), "nonce": NONCE, "tell": "1", **more,
    }  # fmt: skip


def test_somebody_is_added_by_hand_after_registration_has_closed(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        session.merge(world.events["seminar"]).closes_on = clock.now().date().replace(month=1)
    assert "Add somebody" in adviser.get(f"{EVENT}/additions/new").get_data(as_text=True)
    assert adviser.post(f"{EVENT}/additions/one", data=by_hand(world)).status_code == 303
    assert [row[:3] for row in everybody()] == [("Kari Lyng", "kari@bo.example", Side.POLITICIAN)]
    assert adviser.post(f"{EVENT}/additions/one", data=by_hand(world)).status_code == 303
    assert len(everybody()) == 1


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 1)
    answer = adviser.post(f"{EVENT}/additions/one", data=by_hand(world, email="kari", organisation="Bø", part=""))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.findall(r'<p class="ds-validation-message" id="(\w+)-error">', page) == ["email", "organisation", "part"]
    assert 'value="Kari Lyng"' in page
    again = by_hand(world, name="Person Nummer1", email="person1@kommune.example")
    assert "Is signed up for these dates already." in adviser.post(f"{EVENT}/additions/one", data=again).text


def test_a_confederations_event_asks_for_the_union(client: FlaskClient, world: World) -> None:
    sign_in(client, add_account("rep@unio.example", world.unio))
    event = f"/manage/events/{world.events['unio'].slug}"
    assert "Forskerforbundet" in client.get(f"{event}/additions/new").get_data(as_text=True)
    facts = by_hand(world, part=str(world.unions[1]), run="")
    assert client.post(f"{event}/additions/one", data=facts).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(UnionPosition.union_id)).all() == [world.unions[1]]
    line = "Ola Li;ola@ha.example;Hå;forskerforbundet"
    assert client.post(f"{event}/additions", data={"text": line, "nonce": NONCE + "2"}).status_code == 303
    db.session.rollback()
    assert sorted(db.session.scalars(sa.select(UnionPosition.union_id))) == sorted(world.unions)
