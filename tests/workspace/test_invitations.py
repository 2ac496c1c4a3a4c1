"""Invitations on the organisers' pages: chosen, looked at, sent now or later, followed, reminded of, taken back."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.rules import MemberRole
from eventsys.audiences.rules import Kind
from eventsys.events.models import EventHelper
from eventsys.extensions import db, transaction
from eventsys.invitations import actions
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.registrations.models import HeldPlaces
from tests.accounts.people import add_account, sign_in
from tests.audiences.given import add_position, add_representative, all_of, cohort, of
from tests.invitations.given import do, history, invite, standings, the_invitation
from tests.statements import counted
from tests.workspace.test_audiences import logged, save
from tests.world import NOW, World

HERE = "/manage/events/{}/invitations"


@pytest.fixture
def here(world: World) -> str:
    return HERE.format(world.events["conference"].slug)


def order(client: FlaskClient, here: str, **typed: Any) -> Any:
    """The form sent, looked at, and its button pressed."""
    check = client.post(f"{here}/check", data=typed)
    assert check.status_code == 200, check.text
    number = re.search(r'name="round" value="([^"]+)"', check.text)
    assert number is not None
    return client.post(here, data={**typed, "round": number[1]})


def rounds() -> list[InvitationRound]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(InvitationRound).order_by(InvitationRound.id)))


def test_those_the_event_is_for_are_invited_from_the_empty_page(adviser: FlaskClient, world: World, here: str) -> None:
    add_position(world, "Anne", "0821")
    add_position(world, "Dag", "2021")
    assert f"{here}/new" in adviser.get(here).text.split("<main")[1]
    check = adviser.post(f"{here}/check", data={"whom": "event", "when": "now"})
    assert (check.status_code, rounds(), standings()) == (200, [], {})
    for text in ("Anne", "Dag", "Bø (Telemark)", "/invitations/preview/nn"):
        assert text in check.text
    answer = order(adviser, here, whom="event", when="now")
    assert (answer.status_code, standings()) == (303, {"Anne": "asked", "Dag": "asked"})
    page = adviser.get(here).text
    assert all(text in page for text in ("Anne", "anne@kommune.example", "Project leader in Bø (Telemark)"))


def test_the_same_page_sent_twice_is_one_round(adviser: FlaskClient, world: World, here: str) -> None:
    add_position(world, "Anne", "0821")
    typed = {"whom": "event", "when": "now", "round": str(uuid.uuid4())}
    assert [adviser.post(here, data=typed).status_code for _ in range(2)] == [303, 303]
    assert (len(rounds()), len(history())) == (1, 1)


def test_a_round_for_later_waits_can_be_stopped_and_follows(adviser: FlaskClient, world: World, here: str) -> None:
    add_position(world, "Anne", "0821")
    public_id = save(world, "Pulje II", all_of(cohort(world, 2)))
    answer = order(adviser, here, whom=str(public_id), when="later", on="20.08.2008", at="10.00", follows="1")
    (row,) = rounds()
    assert (answer.status_code, row.send_at, row.follows, row.sent_at, standings()) == (
        303, datetime(2008, 8, 20, 8, tzinfo=UTC), True, None, {},
    )  # fmt: skip
    stop = f"{here}/rounds/{row.public_id}/stop"
    assert [adviser.post(stop).status_code for _ in range(2)] == [303, 303]
    assert rounds()[0].stopped_at is not None
    assert logged() == [("added", "invitation_round", "Kvalitetskonferanse"), ("changed", "invitation_round", "Kvalitetskonferanse")]  # fmt: skip  # noqa: E501


def test_places_are_held_for_each_of_their_organisations(adviser: FlaskClient, world: World, here: str) -> None:
    add_position(world, "Anne", "0821")
    add_position(world, "Dag", "2021")
    order(adviser, here, whom="event", when="now", places="3", held_until="25.08.2008")
    held = db.session.execute(sa.select(HeldPlaces.organisation_id, HeldPlaces.places, HeldPlaces.by_invitation))
    assert sorted(tuple(row) for row in held) == [
        (world.municipalities["0821"], 3, True),
        (world.municipalities["2021"], 3, True),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"whom": ""}, "whom"),
        ({"whom": str(uuid.UUID(int=1))}, "whom"),
        ({"when": "later"}, "on"),
        ({"when": "later", "on": "17.08.2008", "at": "10.00"}, "on"),
        ({"places": "2"}, "held_until"),
        ({"held_until": "25.08.2008"}, "places"),
        ({"places": "2", "held_until": "01.08.2008"}, "held_until"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    adviser: FlaskClient, here: str, wrong: dict[str, str], field: str
) -> None:
    typed = {"whom": "event", "when": "now", **wrong}
    for path in (f"{here}/check", here):
        page = adviser.post(path, data=typed)
        assert (page.status_code, f'href="#{field}"' in page.text, rounds()) == (422, True, [])


def test_the_invitation_is_shown_in_each_language(adviser: FlaskClient, here: str) -> None:
    pages = {code: adviser.get(f"{here}/preview/{code}?until=2008-08-25") for code in ("nb", "nn", "en")}
    assert [page.status_code for page in pages.values()] == [200, 200, 200]
    found = [text in pages[code].text for code, text in (("nb", "Du er invitert"), ("nn", "Du er invitert"))]
    assert (found, "sandbox" in pages["nb"].headers["Content-Security-Policy"]) == ([True, True], True)
    assert "25. august 2008" in pages["nb"].text
    assert adviser.get(f"{here}/preview/xx").status_code == 404


@pytest.fixture
def three(world: World) -> World:
    """Anne, Berit and Cato are asked to the conference; Berit has said no."""
    for name, number in (("Anne", "0821"), ("Berit", "0821"), ("Cato", "0301")):
        add_position(world, name, number)
    invite(world, "conference")
    do(actions.decline, the_invitation("Berit").id, words="Er på reise.")
    return world


def test_the_list_tells_the_answers_and_is_filtered(adviser: FlaskClient, three: World, here: str) -> None:
    page = adviser.get(here).text
    assert all(text in page for text in ("Anne", "Berit", "Cato", "Er på reise."))
    declined, oslo = (adviser.get(f"{here}?{what}").text.split('id="list"')[1] for what in ("show=declined", "q=oslo"))
    names = [[name for name in ("Anne", "Berit", "Cato") if name in text] for text in (declined, oslo)]
    assert names == [["Berit"], ["Cato"]]


def test_reminding_asks_first_and_reminds_once_a_day(adviser: FlaskClient, three: World, here: str) -> None:
    with transaction() as session:
        clock.set_to(session, NOW + timedelta(days=2))
    assert "2" in adviser.get(f"{here}/nudge").text
    before = len(history())
    assert [adviser.post(f"{here}/nudge").status_code for _ in range(2)] == [303, 303]
    assert history()[before:] == [("Anne", "nudged", "organiser", True), ("Cato", "nudged", "organiser", True)]
    assert adviser.get(f"{here}/nudge").location == here
    assert "Nobody can be reminded now" in adviser.get(here).text


def test_one_is_taken_back_and_sent_again(adviser: FlaskClient, three: World, here: str) -> None:
    path = f"{here}/{the_invitation('Anne').public_id}"
    assert [adviser.post(f"{path}/withdrawal").status_code for _ in range(2)] == [303, 303]
    assert standings()["Anne"] == "withdrawn"
    assert [adviser.post(f"{path}/asking").status_code for _ in range(2)] == [303, 303]
    assert [row[1] for row in history() if row[0] == "Anne"] == ["asked", "withdrawn", "asked"]


def test_anothers_event_and_invitations_are_not_there(client: FlaskClient, three: World, here: str) -> None:
    sign_in(client, add_account("unio@unio.example", three.unio))
    one, row = the_invitation("Anne").public_id, rounds()[0].public_id
    got = [client.get(f"{here}{end}").status_code for end in ("", "/new", "/nudge", "/preview/nb")]
    posted = [
        client.post(f"{here}{end}").status_code
        for end in ("", "/check", "/nudge", "/reading", f"/{one}/withdrawal", f"/{one}/asking", f"/rounds/{row}/stop")
    ]
    own = HERE.format(three.events["unio"].slug)
    crossed = [client.post(f"{own}{end}").status_code for end in (f"/{one}/withdrawal", f"/rounds/{row}/stop")]
    assert (got, posted, crossed) == ([404] * 4, [404] * 7, [404] * 2)


def test_representatives_are_shown_by_a_post_that_is_noted(client: FlaskClient, world: World) -> None:
    sign_in(client, add_account("unio@unio.example", world.unio))
    here = HERE.format(world.events["unio"].slug)
    add_representative(world, "Rita", 0, "0821")
    invite(world, "unio", clauses=(all_of(of(Kind.UNION, world.confederation)),))
    closed = client.get(here).text
    assert ("Rita" in closed, "Forskerforbundet" in closed, logged()) == (False, False, [])
    assert "Rita" not in client.get(f"{here}?q=rita").text.split('id="list"')[1].replace('value="rita"', "")
    opened = client.post(f"{here}/reading").text
    assert ("Rita" in opened, "Forskerforbundet" in opened) == (True, True)
    assert logged() == [("read", "representative", "Unios konferanse")]


def test_a_helper_and_a_reader_do_not_open_the_names(client: FlaskClient, world: World) -> None:
    add_representative(world, "Rita", 0, "0821")
    invite(world, "unio", clauses=(all_of(of(Kind.UNION, world.confederation)),))
    here = HERE.format(world.events["unio"].slug)
    helper = add_account("hjelper@unio.example", world.unio, role=MemberRole.HELPER)
    with transaction() as session:
        session.add(EventHelper(account_id=helper.id, event_id=world.events["unio"].id, organiser_id=world.unio))
    sign_in(client, helper)
    assert ("Rita" in client.get(here).text, client.post(f"{here}/reading").status_code) == (False, 403)
    sign_in(client, add_account("leser@unio.example", world.unio, role=MemberRole.READER))
    assert ("Rita" in client.get(here).text, client.post(f"{here}/reading").status_code) == (False, 403)


def test_the_list_takes_the_same_statements_with_one_row_and_fifty(
    adviser: FlaskClient, world: World, here: str
) -> None:
    def count() -> int:
        with counted(db.engine) as sent:
            assert adviser.get(here).status_code == 200
        return len(sent)

    add_position(world, "Anne", "0821")
    invite(world, "conference")
    few = count()
    for number in range(50):
        add_position(world, f"Person {number}", "0301")
    for ordinal in (1, 2, 3):
        invite(world, "conference", clauses=(all_of(cohort(world, ordinal)),))
    many = db.session.scalar(sa.select(sa.func.count(Invitation.id)))
    db.session.rollback()
    assert (many, count()) == (51, few)


def test_it_is_said_when_sign_up_opens_after_the_invitation_goes_out(
    adviser: FlaskClient, world: World, here: str
) -> None:
    add_position(world, "Anne", "0821")
    with transaction() as session:
        session.merge(world.events["conference"]).opens_on = date(2008, 9, 15)
    typed = {"whom": "event", "when": "now"}
    assert "Sign-up opens 15 September 2008." in adviser.post(f"{here}/check", data=typed).text
    later = {**typed, "when": "later", "on": "15.09.2008", "at": "10.00"}
    assert "Sign-up opens" not in adviser.post(f"{here}/check", data=later).text
