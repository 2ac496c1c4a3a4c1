"""What has been done: every history as one list in words, filtered, in pages, for its organiser alone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.log.actions import erase_words, note
from eventsys.accounts.log.rules import find_differences
from eventsys.accounts.models import Account, LogEntry
from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.events.rules import EventStatus
from eventsys.extensions import db, transaction
from eventsys.organisers.actions import set_periods
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import SensitiveAccess
from eventsys.workflows.texts.actions import new_text
from eventsys.workspace.history.queries import PAGE, Asked, list_lines
from tests.accounts.people import add_account
from tests.statements import counted
from tests.workspace.seats import sign_up
from tests.world import World


def write(world: World, number: int = 1, *, organiser_id: int = 0, **more: object) -> None:
    """A row about a place, by nobody in particular."""
    values: dict[str, object] = {
        "organiser_id": organiser_id or world.secretariat, "account_id": None, "verb": LogVerb.ADDED, "object": "venue",
        "key": f"sted-{number}", "name": f"Sted {number}", "now": clock.now(), **more,
    }  # fmt: skip
    with transaction() as session:
        note(session, **values)  # type: ignore[arg-type]


def rows_of(client: FlaskClient, **query: str) -> list[str]:
    """The text of each row of the list, tags taken out."""
    page = client.get("/manage/log", query_string=query).get_data(as_text=True)
    body = page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def test_a_change_is_told_with_who_when_and_from_what_to_what(adviser: FlaskClient, world: World) -> None:
    adviser.post("/manage/settings", data={"name": "Kontoret", "email": "post@program.example", "language": "nb"})
    first = rows_of(adviser)[0]
    assert "Adviser Changed Settings" in first
    assert "Name: Sekretariatet → became Kontoret" in first


def test_every_history_is_in_the_list(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 1)
    account_id = db.session.scalars(sa.select(Account.id)).one()
    with transaction() as session:
        event_id, at = world.events["seminar"].id, clock.now()
        session.add(SensitiveAccess(event_id=event_id, account_id=account_id, what="unions", at=at))
        new_text(session, organiser_id=world.secretariat, name="Takk", texts={"nb": "Subject: Takk\n\nHei\n"},
                 account_id=account_id, now=at)  # fmt: skip
    write(world)
    text = " | ".join(rows_of(adviser))
    for words in (
        "Published",
        "Signed up",
        "Read which unions people come from",
        "Saved version 1",
        "Added Place: Sted 1",
    ):
        assert words in text
    assert all("_" not in row for row in rows_of(adviser))


def test_the_list_shows_only_what_is_asked_for(adviser: FlaskClient, world: World) -> None:
    me = db.session.scalars(sa.select(Account.id)).one()
    write(world, 1)
    write(world, 2, account_id=me)
    assert len(rows_of(adviser, object="venue")) == 2
    assert ["Sted 2" in row for row in rows_of(adviser, object="venue", account=str(me))] == [True]
    assert ["Sted 1" in row for row in rows_of(adviser, object="venue", key="sted-1")] == [True]
    today = f"{clock.now():%d.%m.%Y}"
    assert len(rows_of(adviser, object="venue", since=today, until=today)) == 2
    yesterday = f"{clock.now() - timedelta(days=1):%d.%m.%Y}"
    assert rows_of(adviser, object="venue", until=yesterday) == []
    slug = world.events["seminar"].slug
    assert all("Læringsseminar 2" in row for row in rows_of(adviser, object="event", key=slug))


def test_what_is_no_day_is_said_beside_its_field(adviser: FlaskClient, world: World) -> None:
    page = adviser.get("/manage/log?since=32.13.2008&until=x").get_data(as_text=True)
    assert ('id="since-error"' in page, 'value="32.13.2008"' in page, 'id="until-error"' in page) == (True, True, True)


@pytest.mark.parametrize(
    "before", ["x", "2008-01-01_event_1", "2008-01-01T00:00:00+00:00_x_1", "a_b_c_d", f"{'9' * 99}_log_1"]
)
def test_an_address_that_is_mended_by_hand_shows_the_first_page(
    adviser: FlaskClient, world: World, before: str
) -> None:
    write(world)
    assert "Sted 1" in rows_of(adviser, before=before)[0]
    assert adviser.get("/manage/log?account=x&object=nothing&key=%27").status_code == 200


def test_pages_show_each_row_once_whatever_came_at_one_moment(adviser: FlaskClient, world: World) -> None:
    for number in range(2 * PAGE + 10):
        write(world, number)
    asked, place, seen = Asked(world.secretariat), None, []
    while True:
        lines, place = list_lines(db.session(), asked, before=place)
        seen += [(line.source, line.id) for line in lines]
        if place is None:
            break
    assert len(seen) == len(set(seen))
    written = db.session.scalars(sa.select(sa.func.count()).select_from(LogEntry)).one()
    assert sum(source == "log" for source, _id in seen) == written == 2 * PAGE + 10


def test_the_next_page_keeps_what_was_asked_for(adviser: FlaskClient, world: World) -> None:
    for number in range(PAGE + 5):
        write(world, number)
    page = adviser.get("/manage/log?object=venue").get_data(as_text=True)
    found = re.search(r'href="(/manage/log\?before=[^"]+)"', page)
    assert found
    following = adviser.get(found[1].replace("&amp;", "&")).get_data(as_text=True)
    assert following.count('<th scope="row">') == 5


def test_nothing_of_another_organisers_is_in_the_list(adviser: FlaskClient, world: World) -> None:
    write(world, organiser_id=world.unio, name="Rødstrupe")
    sign_up(world, 1, run_id=world.run_id("unio"), name="Rødstrupe", union_id=world.unions[0], side=None)
    add_account("kari@unio.example", world.unio, name="Rødstrupe")
    page = adviser.get("/manage/log").get_data(as_text=True)
    assert ("Rødstrupe" in page, "Unios konferanse" in page) == (False, False)


def test_names_are_text_and_not_markup(adviser: FlaskClient, world: World) -> None:
    write(world, name="<b>Sted</b>", facts={"name": {"from": "<i>", "to": "</table>"}})
    page = adviser.get("/manage/log").get_data(as_text=True)
    assert "&lt;b&gt;Sted&lt;/b&gt;" in page
    assert "&lt;/table&gt;" in page


def test_a_field_without_a_name_shows_no_word_of_the_program(adviser: FlaskClient, world: World) -> None:
    write(world, facts={"some_odd_field": {"from": 1, "to": 2}})
    row = rows_of(adviser)[0]
    assert ("Something else: 1 → became 2" in row, "odd" in row) == (True, False)


def test_the_list_costs_the_same_with_one_row_and_with_fifty(adviser: FlaskClient, world: World) -> None:
    def cost() -> int:
        with counted(db.engine) as sent:
            assert adviser.get("/manage/log").status_code == 200
        return len(sent)

    one = cost()
    for number in range(50):
        write(world, number)
    assert cost() == one


def test_words_about_people_are_kept_as_long_as_the_organiser_keeps_what_is_ordinary(
    adviser: FlaskClient, world: World
) -> None:
    with transaction() as session:
        set_periods(session, session.get_one(Organiser, world.secretariat), ordinary_months=12, sensitive_days=14)
    adviser.post("/manage/speakers", data={"name": "Siri Skriver", "affiliation": "forsker"})
    adviser.post("/manage/venues", data={"name": "Rådhuset", "address": "Torget 1", "municipality": ""})
    db.session.rollback()
    rows = db.session.scalars(sa.select(LogEntry)).all()
    assert {row.object: (row.erase_on - row.at.date()).days for row in rows if row.erase_on} == {
        "speaker": 365, "venue": 365,
    }  # fmt: skip


def test_words_about_people_go_on_their_day_and_the_row_stays(world: World) -> None:
    day = date(2008, 8, 18)
    facts = {"role": {"from": None, "to": "owner"}}
    for erase_on in (day, day + timedelta(days=1), None):
        write(world, erase_on=erase_on, name="Ola", facts=facts)
    with transaction() as session:
        assert erase_words(session, on=day) == 1
    with transaction() as session:
        assert erase_words(session, on=day) == 0
    rows = db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id)).all()
    assert [(row.name, row.facts) for row in rows] == [("", {}), ("Ola", facts), ("Ola", facts)]


def test_only_what_differs_is_kept_as_plain_values() -> None:
    before = {"name": "A", "capacity": 3, "status": EventStatus.DRAFT}
    after = {"name": "A", "capacity": None, "status": EventStatus.PUBLISHED, "days": {date(2008, 9, 1)}}
    assert find_differences(before, after) == {
        "capacity": {"from": 3, "to": None},
        "status": {"from": "draft", "to": "published"},
        "days": {"from": None, "to": ["2008-09-01"]},
    }


def test_saving_what_was_there_leaves_no_row(adviser: FlaskClient, app: Flask, world: World) -> None:
    page = adviser.get("/manage/settings").get_data(as_text=True)
    quiet = dict(re.findall(r'name="(quiet_\w+)" value="([^"]*)"', page))
    form = {"name": "Sekretariatet", "email": "post@program.example", "language": "nb", "quiet": "1", **quiet}
    adviser.post("/manage/settings", data=form)
    db.session.rollback()
    assert db.session.scalars(sa.select(LogEntry)).all() == []


def test_an_organiser_reads_the_log_and_a_reader_does_not(adviser: FlaskClient, app: Flask, world: World) -> None:
    from tests.accounts.people import sign_in

    statuses = {}
    for role in MemberRole:
        browser = app.test_client()
        sign_in(browser, add_account(f"{role}@program.example", world.secretariat, role=role))
        statuses[role] = browser.get("/manage/log").status_code
    assert statuses == {
        MemberRole.OWNER: 200, MemberRole.ORGANISER: 200, MemberRole.HELPER: 403, MemberRole.DOOR: 403,
        MemberRole.READER: 403,
    }  # fmt: skip
