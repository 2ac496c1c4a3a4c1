"""Last autumn's series is made again for next year, every day on its weekday, shown and changed before anything is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.events.models import Event, EventSession, Run, Series
from eventsys.events.rules import EventStatus
from eventsys.extensions import db
from eventsys.registrations.models import Registration
from tests import world
from tests.accounts.people import add_account
from tests.stories import browsing
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation
from tests.world import World


@pytest.fixture
def autumn(app: Flask) -> World:
    return world.build()


@pytest.fixture
def site(autumn: World, database_url: str) -> Iterator[Site]:
    with installation(database_url) as site:
        yield site


def test_last_autumns_series_is_made_again_with_its_weekdays(
    app: Flask, site: Site, autumn: World, open_browser: OpenBrowser
) -> None:
    page = open_browser("en-GB")
    browsing.enter(page, site.base, add_account("solveig@program.example", autumn.secretariat), app)
    gather(page, site)
    page.get_by_role("link", name="The whole series again").click()
    expect(page.get_by_label("Name in bokmål")).to_have_value("Læringsseminar, høsten 2009")
    days = [page.locator(f"#{one}").input_value() for one in list_days(page)]
    assert days == ["31.08.2009", "01.09.2009", "07.09.2009"]
    expect(page.locator("tbody tr").first).to_contain_text("Monday–Tuesday 31 August–1 September 2009")
    browsing.photograph(page, "series-again")
    assert count_events() == 4

    change_one_day(page)
    page.get_by_role("button", name="Make the drafts").click()
    expect(page.get_by_text("2 drafts are made.")).to_be_visible()
    browsing.photograph(page, "series-made")
    runs = find_runs("Læringsseminar, høsten 2009")
    assert [first for first, _status in runs] == [date(2009, 8, 31), date(2009, 9, 1), date(2009, 9, 14)]
    assert {status for _first, status in runs} == {EventStatus.DRAFT}
    assert [first.weekday() for first, _status in runs] == [0, 1, 0]
    made = sa.select(Event.id).where(Event.status == EventStatus.DRAFT)
    for table in (Registration, EventSession):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(table).where(table.event_id.in_(made))) == 0


def gather(page: Page, site: Site) -> None:
    """The two seminars of the autumn in a series of their own."""
    page.goto(f"{site.base}/manage/series")
    page.get_by_role("link", name="New series").click()
    page.get_by_label("Name in bokmål").fill("Læringsseminar, høsten 2008")
    page.get_by_role("button", name="Save").click()
    for name in ("Læringsseminar 2", "Læringsseminar 3"):
        page.get_by_role("checkbox", name=re.compile(name)).check()
    page.get_by_role("button", name="Put them in the series").click()
    expect(page.get_by_text("2 events are in the series now.")).to_be_visible()


def list_days(page: Page) -> list[str]:
    return [one.get_attribute("id") or "" for one in page.locator('input[name^="first_on-"]').all()]


def change_one_day(page: Page) -> None:
    """The last one a week later still; a day that does not exist is said beside the field, and the rest is kept."""
    last = page.locator('input[name^="first_on-"]').last
    name = last.get_attribute("id")
    last.fill("31.9.2009")
    page.get_by_role("button", name="Make the drafts").click()
    expect(page.locator(f"#{name}-error")).to_be_visible()
    page.locator(f"#{name}").fill("14.09.2009")


def count_events() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Event)) or 0


def find_runs(name: str) -> list[tuple[date | None, EventStatus]]:
    db.session.rollback()
    series = next(row for row in db.session.scalars(sa.select(Series)) if row.name["nb"] == name)
    statement = (
        sa.select(Run.first_on, Event.status)
        .join(Event, Event.id == Run.event_id)
        .where(Event.series_id == series.id)
        .order_by(Run.sort_at)
    )
    return [(first, status) for first, status in db.session.execute(statement)]
