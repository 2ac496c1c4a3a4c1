"""The application's pages: written, shared, looked through, sent, withdrawn, supplemented."""

from __future__ import annotations

import io
import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.programmes.applications import actions
from eventsys.programmes.applications.queries import list_members, list_versions, read_facts
from eventsys.programmes.applications.rules import ApplicationState, Area
from eventsys.programmes.cases.links import application_path
from eventsys.programmes.models import ApplicationMember
from tests.accounts.people import add_account
from tests.calling import CLOSES_AT
from tests.programmes.applications.whole import IN_TIME, application_of, begin, begin_whole
from tests.world import NOW, World


@pytest.fixture(autouse=True)
def in_english(client: FlaskClient) -> None:
    client.set_cookie("language", "en")


def page_of(answer: Any) -> str:
    db.session.rollback()
    text: str = answer.get_data(as_text=True)
    return " ".join(text.split())


def set_clock(at: Any) -> None:
    with transaction() as session:
        clock.set_to(session, at)


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields that a form carries along."""
    found = re.findall(r'<input type="hidden" name="(was|page|turn|edition)" value="([^"]*)"', page)
    return {name: value.replace("&#34;", '"') for name, value in found}


def new_goal_of(page: str) -> str:
    return str(re.findall(r'name="goal-([0-9a-f-]{36})-goal"', page)[-1])


def state_of(member: ApplicationMember) -> ApplicationState:
    db.session.rollback()
    application = application_of(db.session(), member)
    db.session.refresh(application)
    return application.state


def test_the_form_is_saved_and_says_what_is_missing(client: FlaskClient, world: World) -> None:
    _call, member = begin(world)
    path = application_path(member)
    page = page_of(client.get(path))
    assert "How we will work" in page
    goal = new_goal_of(page)
    typed = {
        **fields_of(page), "areas": ["health_care", "own"], "own_area": "Rekruttering", "way_of_working": "Grupper",
        f"goal-{goal}-goal": "Lavere sykefravær", f"goal-{goal}-is_measurable": "1", f"goal-{goal}-unit": "%",
        f"goal-{goal}-start_value": "9,50", f"goal-{goal}-target_value": "7.25", "treated_on": "1.2.2008",
    }  # fmt: skip
    answer = client.post(path, data=typed)
    assert (answer.status_code, answer.location) == (303, path)
    facts = read_facts(db.session(), application_of(db.session(), member))
    assert (facts.areas, facts.own_area, facts.treated_on) == (
        (Area.HEALTH_CARE, Area.OWN), "Rekruttering", date(2008, 2, 1),
    )  # fmt: skip
    assert [(one.public_id, one.start_value, one.target_value) for one in facts.goals] == [(goal, 9.5, 7.25)]
    page = page_of(client.get(path))
    assert "Goal 1: To be reached by" in page
    assert f'href="#goal-{goal}-target_on"' in page


def test_what_cannot_be_read_is_told_beside_the_field_and_kept_as_typed(client: FlaskClient, world: World) -> None:
    _call, member = begin(world)
    path = application_path(member)
    typed = {**fields_of(page_of(client.get(path))), "treated_on": "i fjor", "treated_by": "Kommunestyret"}
    answer = client.post(path, data=typed)
    page = page_of(answer)
    assert answer.status_code == 422
    assert 'value="i fjor"' in page
    assert page.count("Write a day, for instance 31.12.2010.") == 2
    facts = read_facts(db.session(), application_of(db.session(), member))
    assert (facts.treated_by, facts.treated_on) == ("Kommunestyret", None)
    assert "Something you wrote is not in the application" in page_of(client.get(path))
    assert 'value="i fjor"' in page_of(client.get(f"{path}?draft=1"))


def test_text_is_shown_as_it_was_typed(client: FlaskClient, world: World) -> None:
    _call, member = begin(world)
    path = application_path(member)
    words = "<script>alert(1)</script> & «så»"
    client.post(path, data={**fields_of(page_of(client.get(path))), "timetable": words})
    for page in (client.get(path), client.get(f"{path}/review")):
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; «så»" in page_of(page)


def test_a_file_comes_with_the_form_and_is_removed_after_a_question(client: FlaskClient, world: World) -> None:
    _call, member = begin(world)
    path = application_path(member)
    typed = {
        **fields_of(page_of(client.get(path))), "timetable": "Vår", "go": "upload",
        "council_file": (io.BytesIO(b"%PDF-1.7 vedtak"), "Vedtak.pdf"),
        "attachments": [(io.BytesIO(b"Plan"), "Plan.txt"), (io.BytesIO(b"MZ"), "virus.exe")],
    }  # fmt: skip
    answer = client.post(path, data=typed, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "virus.exe: Take a PDF" in page_of(answer)
    facts = read_facts(db.session(), application_of(db.session(), member))
    assert ([file.name for file in facts.files], facts.timetable) == (["Vedtak.pdf", "Plan.txt"], "Vår")
    plan = facts.files[1].public_id
    assert client.get(f"{path}/files/{plan}").get_data() == b"Plan"
    assert client.get(f"{path}/files/{plan}/removal").status_code == 200
    for _time in range(2):
        assert client.post(f"{path}/files/{plan}/removal").status_code == 303
    assert client.get(f"{path}/files/{plan}").status_code == 404


def test_a_file_of_twenty_megabytes_is_taken_and_a_bigger_form_is_not(client: FlaskClient, world: World) -> None:
    _call, member = begin(world)
    path = application_path(member)
    asked = fields_of(page_of(client.get(path)))

    def put_up(size: int) -> int:
        file = FileStorage(io.BytesIO(b"%PDF-1.7 ".ljust(size)), "Stor.pdf")
        boundary, body = encode_multipart({**asked, "attachments": file})
        return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}").status_code

    assert [put_up(20 * 2**20), put_up(22 * 2**20)] == [303, 413]


def test_a_colleague_gets_a_link_of_their_own_and_loses_it(client: FlaskClient, world: World) -> None:
    _call, member = begin(world)
    path = application_path(member)
    typed = {"name": "Ola Nordmann", "email": "ola@bo.example"}
    for _time in range(2):
        assert client.post(f"{path}/colleagues", data=typed).status_code == 303
    db.session.rollback()
    people = list_members(db.session(), member.application_id)
    assert [one.name for one in people] == ["Kari Nordmann", "Ola Nordmann"]
    theirs = application_path(people[1])
    assert client.get(theirs).status_code == 200
    assert "Was asked to write too" in page_of(client.get(f"{path}/colleagues"))
    assert client.post(f"{path}/colleagues/{people[1].public_id}/end").status_code == 303
    answer = client.get(theirs)
    assert (answer.status_code, "opens nothing any more" in page_of(answer)) == (410, True)
    assert client.post(f"{theirs}/sending").status_code == 410
    assert client.post(f"{path}/colleagues/{people[0].public_id}/end").status_code == 303
    assert client.get(path).status_code == 200


def test_an_address_that_is_none_is_refused_beside_the_field(client: FlaskClient, world: World) -> None:
    _call, member = begin(world)
    answer = client.post(f"{application_path(member)}/colleagues", data={"name": "Ola", "email": "nei"})
    assert (answer.status_code, 'value="nei"' in page_of(answer)) == (422, True)


def test_it_is_sent_from_the_page_that_shows_it_whole(client: FlaskClient, world: World) -> None:
    member = begin_whole(world)
    path = application_path(member)
    page = page_of(client.get(f"{path}/review"))
    assert ("Nothing is missing" in page, "Grupper på hver arbeidsplass." in page) == (True, True)
    set_clock(CLOSES_AT - timedelta(seconds=1))
    for _time in range(2):
        assert client.post(f"{path}/sending").location == path
    assert "It came Monday 15 September 2008, 14:59:59." in page_of(client.get(path))
    assert len(list_versions(db.session(), member.application_id)) == 1
    pdf = client.get(f"{path}/application.pdf")
    assert (pdf.status_code, pdf.get_data()[:5]) == (200, b"%PDF-")
    assert client.post(path, data={"timetable": "Noe annet"}).status_code == 409


def test_a_second_late_keeps_everything_and_is_told_the_second(client: FlaskClient, world: World) -> None:
    member = begin_whole(world)
    path = application_path(member)
    set_clock(CLOSES_AT + timedelta(seconds=1))
    answer = client.post(f"{path}/sending")
    page = page_of(answer)
    assert answer.status_code == 409
    assert "It came Monday 15 September 2008, 15:00:01." in page
    assert "What comes before Monday 15 September 2008, 15:00:00 is in time." in page
    assert "Grupper på hver arbeidsplass." in page
    assert state_of(member) is ApplicationState.DRAFT


def test_one_that_lacks_something_is_not_sent_and_what_is_listed(client: FlaskClient, world: World) -> None:
    _call, member = begin(world)
    answer = client.post(f"{application_path(member)}/sending")
    page = page_of(answer)
    assert (answer.status_code, "This has to be there before it is sent" in page) == (409, True)
    assert "At least one goal" in page


def test_it_is_withdrawn_after_a_question_and_begun_again(client: FlaskClient, world: World) -> None:
    member = begin_whole(world)
    path = application_path(member)
    client.post(f"{path}/sending")
    asked = page_of(client.get(f"{path}/withdrawal"))
    assert ("Withdraw the application?" in asked, ">Withdraw the application</button>" in asked) == (True, True)
    for _time in range(2):
        assert client.post(f"{path}/withdrawal").location == path
    assert "You can apply again until" in page_of(client.get(path))
    new = {client.post(f"{path}/again").location for _time in range(2)}
    assert len(new) == 1
    assert "Grupper på hver arbeidsplass." in page_of(client.get(new.pop() or ""))
    assert "To the new application" in page_of(client.get(path))


def test_what_is_asked_for_is_sent_later_once(client: FlaskClient, world: World) -> None:
    member = begin_whole(world)
    path = application_path(member)
    client.post(f"{path}/sending")
    account = add_account("saksbehandler@program.example", world.secretariat)
    with transaction() as session:
        actions.ask_to_supplement(
            session, application_of(session, member), words="Vi mangler planen.", by=date(2008, 9, 20),
            account_id=account.id, now=IN_TIME,
        )  # fmt: skip
    assert "Vi mangler planen." in page_of(client.get(path))
    assert client.post(f"{path}/supplement", data={"words": " "}).status_code == 422
    for _time in range(2):
        data = {"words": "Her er den.", "supplements": (io.BytesIO(b"Planen"), "Plan.txt")}
        answer = client.post(f"{path}/supplement", data=data, content_type="multipart/form-data")
        assert answer.status_code == 303
    page = page_of(client.get(path))
    assert ("Her er den." in page, "Plan.txt" in page) == (True, True)
    assert len(list_versions(db.session(), member.application_id)) == 2


@pytest.mark.parametrize("tail", ["", "/review", "/colleagues", "/application.pdf", "/withdrawal"])
def test_a_link_that_nobody_was_given_opens_nothing(client: FlaskClient, world: World, tail: str) -> None:
    begin(world)
    assert client.get(f"/applications/{'x' * 43}{tail}").status_code == 404


def test_the_link_of_one_opens_nothing_of_another(client: FlaskClient, world: World) -> None:
    member, other = begin_whole(world), begin_whole(world, email="per@ha.example", number="1119")
    file = read_facts(db.session(), application_of(db.session(), other)).files[0].public_id
    path = application_path(member)
    assert client.get(f"{path}/files/{file}").status_code == 404
    client.post(f"{path}/files/{file}/removal")
    client.post(f"{path}/colleagues/{other.public_id}/end")
    assert client.get(f"{application_path(other)}/files/{file}").status_code == 200
    assert client.get(f"{path}/files/{uuid.uuid4()}").status_code == 404
    assert NOW < IN_TIME
