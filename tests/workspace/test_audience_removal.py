"""An audience is taken away once no mail is to go to it; what went to it keeps its name."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.audiences.models import AudienceRecord
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.workflows.actions import expand, plan
from eventsys.workflows.models import Rule
from tests.audiences.given import add_position, all_of, cohort
from tests.workspace.rules import KEY, SENTENCE
from tests.workspace.test_mail_audiences import RULES, save_audience
from tests.workspace.test_mailings import EVENT, LETTER
from tests.world import World


def made(world: World) -> tuple[str, str]:
    """Anne of cohort II: the address of the audience, and how a form names it."""
    add_position(world, "Anne", "0821")
    _id, value = save_audience(world, all_of(cohort(world, 2)))
    return f"/manage/audiences/{value.removeprefix('saved:')}", value


def names() -> list[tuple[str, bool]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(AudienceRecord))
    return [(row.name, bool(row.clauses)) for row in rows]


def test_a_rule_that_is_yet_to_send_keeps_it_and_is_named_with_the_way_there(
    adviser: FlaskClient, world: World
) -> None:
    path, value = made(world)
    assert adviser.post(RULES, data={**SENTENCE, "audience": value}).status_code == 303
    page = adviser.get(f"{path}/removal").text
    assert f'<a href="{RULES}/{KEY}">Reminder</a>' in page
    assert adviser.get(f"{RULES}/{KEY}").status_code == 200
    assert (adviser.post(f"{path}/removal").status_code, names()) == (303, [("Prosjektledere", True)])


def test_a_rule_that_was_taken_away_keeps_it_no_more(adviser: FlaskClient, world: World) -> None:
    path, value = made(world)
    adviser.post(RULES, data={**SENTENCE, "audience": value})
    adviser.post(f"{RULES}/{KEY}/removal")
    assert "Yes, take it away" in adviser.get(f"{path}/removal").text
    assert adviser.post(f"{path}/removal").status_code == 303
    assert [adviser.get(path).status_code, adviser.get(f"{path}/edit").status_code] == [404, 404]
    assert "Prosjektledere" not in adviser.get("/manage/audiences").text
    assert value not in adviser.get(f"{RULES}/new").text
    assert adviser.post(RULES, data={**SENTENCE, "audience": value}).status_code == 422
    save_audience(world, all_of(cohort(world, 2)))
    assert sorted(names()) == [("Prosjektledere", True), (f"Prosjektledere (–{clock.now():%d.%m.%Y})", False)]


def test_a_letter_keeps_it_until_it_is_sent_and_its_page_stays(adviser: FlaskClient, world: World) -> None:
    path, value = made(world)
    letter = adviser.post(f"{EVENT}/mailings", data={**LETTER, "audience": value}).location
    assert re.search(rf'<a href="{re.escape(letter)}">[^<]+</a>', adviser.get(f"{path}/removal").text)
    adviser.post(f"{letter}/sending")
    with transaction() as session:
        plan(session, now=clock.now())
        expand(session, now=clock.now())
    db.session.rollback()
    assert db.session.scalars(sa.select(OutboxMessage.name)).all() == ["Anne"]
    assert (adviser.post(f"{path}/removal").status_code, names()[0][1]) == (303, False)
    pages = [adviser.get(one, follow_redirects=True) for one in (letter, f"{EVENT}/mail")]
    assert [page.status_code for page in pages] == [200, 200]
    db.session.rollback()
    assert db.session.scalars(sa.select(Rule.audience_id).where(Rule.audience_id.is_not(None))).all() != []


def test_an_audience_that_nothing_ever_named_goes_for_good(adviser: FlaskClient, world: World) -> None:
    path, _value = made(world)
    adviser.post(f"{path}/removal")
    assert names() == []
