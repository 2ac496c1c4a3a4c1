"""Stopping mail on the organisers' pages: asked first, shown everywhere, and nobody stops another's."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.organisers.actions import add as add_organiser
from eventsys.organisers.models import INSTALLATION
from eventsys.workflows.models import Pause
from eventsys.workflows.pauses import pause
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.world import World

EVENT = "/manage/events/laeringsseminar-2-pulje-ii"


def banner(page: str) -> list[str]:
    """What stands above the page of what is stopped."""
    found = re.search(r'<aside class="stopped".*?</aside>', page, re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL) if found else []
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Pause)) or 0


def test_stopping_an_events_mail_is_asked_first_and_shown_on_every_page(adviser: FlaskClient) -> None:
    asked = read(adviser, f"{EVENT}/mail/pause")
    assert "No mail about «Læringsseminar 2» goes out until you let it go again." in asked
    assert how_many() == 0
    answer = adviser.post(f"{EVENT}/mail/pause", follow_redirects=True).get_data(as_text=True)
    assert "The mail is stopped. It waits here, and nothing is lost." in answer
    said = "All mail about «Læringsseminar 2» is stopped since Mon 18 Aug 08:00, by Adviser. Let it go again"
    for path in ("/manage/", "/manage/events", EVENT, f"{EVENT}/mail", "/manage/mail", "/manage/venues"):
        assert banner(read(adviser, path)) == [f"{said} : All mail about «Læringsseminar 2» is stopped"]


def test_what_was_stopped_is_let_go_with_one_button(adviser: FlaskClient) -> None:
    adviser.post(f"{EVENT}/mail/pause")
    adviser.post(f"{EVENT}/mail/pause")
    assert how_many() == 1
    answer = adviser.post("/manage/mail/resumption", data={"event": "laeringsseminar-2-pulje-ii"})
    assert (answer.status_code, answer.location) == (303, f"{EVENT}/mail")
    assert how_many() == 0
    assert banner(read(adviser, "/manage/")) == []


def test_a_rule_of_the_organisers_says_that_it_is_stopped_for_every_event(adviser: FlaskClient) -> None:
    asked = read(adviser, f"{EVENT}/mail/rules/reminder/pause")
    assert "It does not go out about any of your events until you let it go again." in asked
    adviser.post(f"{EVENT}/mail/rules/reminder/pause")
    (line,) = banner(read(adviser, "/manage/"))
    assert line.startswith("«Reminder» is stopped since Mon 18 Aug 08:00, by Adviser.")
    found = re.search(r'name="rule" value="(\d+)"', read(adviser, "/manage/"))
    assert found is not None
    adviser.post("/manage/mail/resumption", data={"rule": found[1]})
    assert how_many() == 0


def test_everything_of_an_organiser_is_stopped_from_its_mail_page(adviser: FlaskClient, world: World) -> None:
    assert "No mail goes out from Sekretariatet, about any event" in read(adviser, "/manage/mail/pause")
    adviser.post("/manage/mail/pause")
    (line,) = banner(read(adviser, "/manage/mail"))
    assert line.startswith("All mail from Sekretariatet is stopped")
    adviser.post("/manage/mail/resumption")
    assert how_many() == 0


def test_who_works_for_the_installation_stops_everybody_and_others_only_see_it(
    adviser: FlaskClient, app: Flask, world: World
) -> None:
    with transaction() as session:
        everybody = add_organiser(session, slug=INSTALLATION, name="Programmet", email="post@program.example").id
    operator = app.test_client()
    sign_in(operator, add_account("operator@program.example", everybody, name="Operator"))
    assert "No mail goes out from anybody who arranges here" in read(operator, "/manage/mail/pause")
    operator.post("/manage/mail/pause")
    said = "All mail of everybody who arranges here is stopped since Mon 18 Aug 08:00, by Operator."
    assert banner(read(adviser, "/manage/")) == [said]
    assert how_many() == 1
    adviser.post("/manage/mail/resumption")
    assert how_many() == 1
    assert banner(read(operator, "/manage/mail"))[0].startswith(f"{said} Let it go again")
    operator.post("/manage/mail/resumption")
    assert how_many() == 0


def test_what_another_organiser_has_is_not_there_to_be_stopped_or_let_go(adviser: FlaskClient, world: World) -> None:
    theirs = world.events["unio"].slug
    with transaction() as session:
        pause(session, organiser_id=world.unio, event_id=world.events["unio"].id, account_id=None, now=clock.now())
    for path in (f"/manage/events/{theirs}/mail/pause", f"/manage/events/{theirs}/mail/rules/reminder/pause"):
        assert (adviser.get(path).status_code, adviser.post(path).status_code) == (404, 404)
    assert adviser.post("/manage/mail/resumption", data={"event": theirs}).status_code == 404
    assert banner(read(adviser, "/manage/")) == []
    assert how_many() == 1


@pytest.mark.parametrize("rule", ["x", "-1", "9" * 40])
def test_a_rule_that_is_nowhere_is_not_let_go(adviser: FlaskClient, rule: str) -> None:
    assert adviser.post("/manage/mail/resumption", data={"rule": rule}).status_code == 404


def test_a_rule_that_is_not_there_cannot_be_stopped(adviser: FlaskClient) -> None:
    assert adviser.get(f"{EVENT}/mail/rules/nothing/pause").status_code == 404


def test_the_banner_costs_one_small_statement(adviser: FlaskClient) -> None:
    adviser.get("/manage/venues")
    with counted(db.engine) as sent:
        adviser.get("/manage/venues")
    assert sum("FROM pauses" in statement for statement in sent) == 1
