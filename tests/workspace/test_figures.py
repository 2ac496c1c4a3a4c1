"""The figures of an event: over time, who comes from where, the times before; few are not told where a seat tells of a
union."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.rules import MemberRole
from eventsys.events.models import Event, Series
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import cancel
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Actor, Side, State
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.workspace.seats import find, plain, sign_up
from tests.world import NOW, World

FIGURES = "/manage/events/laeringsseminar-2-pulje-ii/figures"
UNIO = "/manage/events/unios-konferanse/figures"
DAY = timedelta(days=1)


def at(moment: int) -> None:
    """So many days after the world begins."""
    with transaction() as session:
        clock.set_to(session, NOW + moment * DAY)


def rows(client: FlaskClient, url: str, caption: str) -> list[list[str]]:
    """The body of one table, cell by cell."""
    page = client.get(url).get_data(as_text=True)
    tables = re.findall(r"<table.*?</table>", page, re.S)
    body = next((table for table in tables if f">{caption}<" in table), "").partition("<tbody>")[2]
    return [_cells(row) for row in re.findall(r"<tr.*?</tr>", body, re.S)]


def _cells(row: str) -> list[str]:
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in cells]


def test_before_anybody_comes_there_is_nothing_to_count(adviser: FlaskClient) -> None:
    page = adviser.get(FIGURES).get_data(as_text=True)
    assert "Nothing to count yet" in page
    assert '<svg class="chart"' not in page


def test_sign_ups_grow_and_shrink_by_day(adviser: FlaskClient, world: World) -> None:
    for number in range(1, 5):
        sign_up(world, number)
    at(2)
    with transaction() as session:
        row = session.merge(find(1))
        cancel(session, row, actor=Actor.PARTICIPANT, now=clock.now())
        session.execute(sa.update(Event).values(offer_hours=None))
    at(3)
    expected = [["18 August 2008", "3", "1"], ["20 August 2008", "3", "0"], ["21 August 2008", "3", "0"]]
    assert rows(adviser, FIGURES, "Sign-ups over time") == expected
    page = adviser.get(FIGURES).get_data(as_text=True)
    assert "From 18 August 2008 to 21 August 2008: 3 of 103 places taken at the end." in plain(page)
    assert 'd="M0 ' in page


def test_places_are_told_by_side_cohort_and_organisation(adviser: FlaskClient, world: World) -> None:
    second = world.run_id("seminar", 1)
    sides = (Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE)
    for number, side in enumerate(sides, 1):
        sign_up(world, number, side=side, run_id=second)
    sign_up(world, 4, side=Side.POLITICIAN, run_id=second, organisation_id=world.municipalities["0301"])
    sides_told = [[name, count] for name, count, _bar in rows(adviser, FIGURES, "Places by side")]
    assert sides_told == [
        ["Political leadership", "2"],
        ["Administrative leadership", "1"],
        ["Employees (elected representative)", "1"],
    ]
    assert [row[:2] for row in rows(adviser, FIGURES, "Places by cohort")] == [["Pulje II", "4"]]
    assert rows(adviser, FIGURES, "Places by organisation") == [
        ["Bø (Telemark)", "3", "1", "1", "1", "–"],
        ["Oslo", "1", "1", "–", "–", "–"],
    ]
    page = plain(adviser.get(FIGURES).get_data(as_text=True))
    assert "2 organisations come. 1 has all three sides with it." in page


def test_those_nobody_comes_from_are_named(adviser: FlaskClient, world: World) -> None:
    def missing() -> list[str]:
        page = adviser.get(FIGURES).get_data(as_text=True).partition('id="nobody-from"')[2]
        return re.findall(r"<li>(.*?)</li>", page.partition("</ul>")[0])

    assert missing() == ["Bø (Telemark)", "Oslo"]
    sign_up(world, 1)
    assert missing() == ["Oslo"]


@pytest.fixture
def union(client: FlaskClient, app: Flask, world: World) -> FlaskClient:
    sign_in(client, add_account("rep@unio.example", world.unio))
    return client


def test_where_a_seat_tells_of_a_union_few_are_not_told(union: FlaskClient, world: World) -> None:
    own = {"run_id": world.run_id("unio"), "side": None, "union_id": world.unions[0]}
    for number in range(1, 10):
        place = "0301" if number < 7 else ("0821", "1119", "2021")[number - 7]
        sign_up(world, number, organisation_id=world.municipalities[place], **own)
    assert rows(union, UNIO, "Places by organisation") == [["The others together", "9"]]
    sign_up(world, 10, organisation_id=world.municipalities["1867"], **own)
    sign_up(world, 11, organisation_id=world.municipalities["1867"], **own)
    assert rows(union, UNIO, "Places by organisation") == [["Oslo", "6"], ["The others together", "5"]]
    page = plain(union.get(UNIO).get_data(as_text=True))
    assert "numbers below five are not shown one by one" in page
    assert "Karasjok" not in page


def test_another_organisers_figures_are_not_there(union: FlaskClient) -> None:
    assert union.get(FIGURES).status_code == 404


def test_readers_see_figures_and_who_checks_people_in_does_not(client: FlaskClient, world: World) -> None:
    for role, status in ((MemberRole.READER, 200), (MemberRole.DOOR, 403)):
        sign_in(client, add_account(f"{role}@program.example", world.secretariat, role=role))
        assert client.get(FIGURES).status_code == status


def test_earlier_ones_of_the_series_stand_beside_it(adviser: FlaskClient, world: World) -> None:
    _into_series(world)
    sign_up(world, 1)
    sign_up(world, 2)
    at(7)
    sign_up(world, 3, run_id=world.run_id("seminar3"), organisation_id=world.municipalities["2021"])
    with transaction() as session:
        session.execute(
            sa.update(Registration).where(Registration.name == "Person Nummer1").values(state=State.ATTENDED)
        )
    at(14)
    seminar3 = "/manage/events/laeringsseminar-3-pulje-i/figures"
    assert rows(adviser, seminar3, "Beside the times before") == [
        ["Læringsseminar 3 this one", "8 September 2008", "1", "1", "–", "–"],
        ["Læringsseminar 2", "1 September 2008", "2", "2", "103", "1"],
    ]
    assert "7 days before" in adviser.get(seminar3).get_data(as_text=True)
    assert "Beside the times before" not in adviser.get(FIGURES).get_data(as_text=True)


def _into_series(world: World) -> None:
    with transaction() as session:
        series = Series(organiser_id=world.secretariat, slug="ls", name={"nb": "Læringsseminar"}, created_at=NOW)
        session.add(series)
        session.flush()
        ids = [world.events[name].id for name in ("seminar", "seminar3")]
        session.execute(sa.update(Event).where(Event.id.in_(ids)).values(series_id=series.id))


def test_one_and_fifty_people_take_the_same_number_of_statements(adviser: FlaskClient, world: World) -> None:
    def statements() -> int:
        with counted(db.engine) as sent:
            adviser.get(FIGURES)
        return len(sent)

    second = world.run_id("seminar", 1)
    sign_up(world, 1, run_id=second)
    before = statements()
    for number in range(2, 51):
        place = ("0821", "0301")[number % 2]
        sign_up(world, number, run_id=second, organisation_id=world.municipalities[place])
    assert statements() == before


def test_the_curve_ends_when_the_event_begins(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 1)
    with transaction() as session:
        clock.set_to(session, NOW.replace(year=2009))
    last = rows(adviser, FIGURES, "Sign-ups over time")[-1]
    assert last == ["1 September 2008", "1"]
    assert date(2008, 9, 1) == world.events["seminar"].runs[0].first_on
