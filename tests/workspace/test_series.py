"""Series: made, joined, the next of one, and a whole one in another year with its weekdays kept."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import selectinload

from eventsys.events.models import Event, Series
from eventsys.events.rules import EventStatus, Precision
from eventsys.extensions import db
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.world import World

SERIES = "/manage/series/laeringsseminar-hosten-2008"
BOTH = ["laeringsseminar-2-pulje-ii", "laeringsseminar-3-pulje-i"]


@pytest.fixture
def series(adviser: FlaskClient, world: World) -> FlaskClient:
    """A series of the world's two seminars, the second of which is number three."""
    adviser.post("/manage/series", data={"name_nb": "Læringsseminar, høsten 2008"})
    adviser.post(f"{SERIES}/events", data={"event": BOTH})
    return adviser


def events_of(name: str) -> list[Event]:
    db.session.rollback()
    db.session.expire_all()
    statement = sa.select(Event).join(Series, Series.id == Event.series_id).options(selectinload(Event.runs))
    found = db.session.scalars(statement.order_by(Event.id))
    names = {row.id: row.name["nb"] for row in db.session.scalars(sa.select(Series))}
    return [event for event in found if event.series_id and names[event.series_id] == name]


def fields(page: str) -> dict[str, list[str]]:
    """The ticked boxes and the first days of a copy's form."""
    ticked = re.findall(r'name="(keep|follow)" value="([^"]+)"[^>]* checked', page)
    found: dict[str, list[str]] = {"keep": [], "follow": []}
    for name, value in ticked:
        found[name].append(value)
    days = re.findall(r'name="(first_on-[^"]+)" value="([^"]*)"', page)
    return {**found, **{name: [value] for name, value in days}}


def test_the_list_says_what_a_series_is_for_until_there_is_one(adviser: FlaskClient, world: World) -> None:
    assert "No series yet" in adviser.get("/manage/series").get_data(as_text=True)
    answer = adviser.post("/manage/series", data={"name_nb": "Læringsseminar, høsten 2008"})
    assert (answer.status_code, answer.location) == (303, SERIES)
    assert adviser.post("/manage/series", data={"name_nb": "Læringsseminar, høsten 2008"}).location == SERIES
    assert "Læringsseminar, høsten 2008" in adviser.get("/manage/series").get_data(as_text=True)


def test_a_series_needs_a_norwegian_name(adviser: FlaskClient) -> None:
    answer = adviser.post("/manage/series", data={"name_en": "Kept name"})
    assert answer.status_code == 422
    assert 'value="Kept name"' in answer.get_data(as_text=True)


def test_events_join_and_their_history_says_so(series: FlaskClient) -> None:
    found = events_of("Læringsseminar, høsten 2008")
    assert [event.slug for event in found] == BOTH
    page = series.get(SERIES).get_data(as_text=True)
    assert all(f"/manage/events/{slug}" in page for slug in BOTH)
    assert "Kvalitetskonferanse" in page  # it is in no series, and can be put in this one


def test_another_name_keeps_the_address(series: FlaskClient) -> None:
    assert series.post(SERIES, data={"name_nb": "Seminarene", "name_nn": "Seminara"}).location == SERIES
    db.session.rollback()
    assert db.session.scalars(sa.select(Series.name)).all() == [{"nb": "Seminarene", "nn": "Seminara"}]


def test_another_organisers_series_is_not_there(app: Flask, series: FlaskClient, world: World) -> None:
    stranger = app.test_client()
    sign_in(stranger, add_account("unio@unio.example", world.unio))
    assert "høsten" not in stranger.get("/manage/series").get_data(as_text=True)
    for path in (SERIES, f"{SERIES}/edit", f"{SERIES}/next", f"{SERIES}/copy"):
        assert stranger.get(path).status_code == 404
    for path in (SERIES, f"{SERIES}/events", f"{SERIES}/copy"):
        assert stranger.post(path, data={"name_nb": "x", "keep": "x"}).status_code == 404


def test_the_next_has_the_next_number_and_no_days_until_they_are_set(series: FlaskClient) -> None:
    first = series.get(f"{SERIES}/next")
    assert first.status_code == 303
    assert first.location == "/manage/copies/laeringsseminar-3-pulje-i?next=1"
    page = series.get(first.location).get_data(as_text=True)
    assert 'value="laeringsseminar-hosten-2008" selected' in page
    assert all(value == [""] for name, value in fields(page).items() if name.startswith("first_on-"))


def test_the_whole_series_is_shown_a_year_later_on_the_same_weekdays_before_anything_is_made(
    series: FlaskClient,
) -> None:
    page = series.get(f"{SERIES}/copy").get_data(as_text=True)
    assert 'value="Læringsseminar, høsten 2009"' in page
    days = [value[0] for name, value in fields(page).items() if name.startswith("first_on-")]
    assert days == ["31.08.2009", "01.09.2009", "07.09.2009"]
    assert "Monday–Tuesday 31 August–1 September 2009" in page
    assert len(events_of("Læringsseminar, høsten 2009")) == 0


def test_a_series_made_again_is_one_of_its_own_with_the_days_that_were_shown(series: FlaskClient) -> None:
    form = fields(series.get(f"{SERIES}/copy").get_data(as_text=True))
    data = {**form, "name_nb": "Læringsseminar, høsten 2009", "shift": "year"}
    answers = {series.post(f"{SERIES}/copy", data=data).location for _press in range(2)}
    assert answers == {"/manage/series/laeringsseminar-hosten-2009"}
    made = events_of("Læringsseminar, høsten 2009")
    assert [(event.status, event.title["nb"], event.ordinal) for event in made] == [
        (EventStatus.DRAFT, "Læringsseminar 2", None),
        (EventStatus.DRAFT, "Læringsseminar 3", None),
    ]
    runs = [(run.first_on, run.last_on, run.precision) for event in made for run in event.runs]
    assert runs == [
        (date(2009, 8, 31), date(2009, 9, 1), Precision.EXACT),
        (date(2009, 9, 1), date(2009, 9, 2), Precision.EXACT),
        (date(2009, 9, 7), date(2009, 9, 8), Precision.EXACT),
    ]
    assert [run.starts_local and run.starts_local.hour for event in made for run in event.runs] == [10, 10, 10]


def test_days_are_reckoned_from_a_chosen_start_and_another_weekday_is_pointed_at(series: FlaskClient) -> None:
    form = fields(series.get(f"{SERIES}/copy").get_data(as_text=True))
    data = {**form, "name_nb": "Nye", "shift": "start", "begins_on": "02.09.2009", "count": "1"}
    page = series.post(f"{SERIES}/copy", data=data).get_data(as_text=True)
    days = [value[0] for name, value in fields(page).items() if name.startswith("first_on-")]
    assert days == ["02.09.2009", "03.09.2009", "09.09.2009"]
    assert page.count("another weekday") == 3
    assert len(events_of("Nye")) == 0


def test_a_wrong_day_is_said_beside_it_and_nothing_is_made(series: FlaskClient) -> None:
    form = fields(series.get(f"{SERIES}/copy").get_data(as_text=True))
    name = next(name for name in form if name.startswith("first_on-"))
    answer = series.post(f"{SERIES}/copy", data={**form, "name_nb": "Nye", name: "31.9.2009"})
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.get_data(as_text=True)
    nothing = series.post(f"{SERIES}/copy", data={"name_nb": "Nye"})
    assert "Choose something to make again." in nothing.get_data(as_text=True)
    assert len(events_of("Nye")) == 0


def test_the_list_takes_as_many_statements_for_one_as_for_many(app: Flask, series: FlaskClient) -> None:
    def statements() -> int:
        with counted(db.engine) as sent:
            assert series.get("/manage/series").status_code == 200
        return len(sent)

    one = statements()
    for number in range(12):
        series.post("/manage/series", data={"name_nb": f"Serie {number}"})
    assert statements() == one
