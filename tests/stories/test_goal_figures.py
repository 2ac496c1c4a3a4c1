"""A municipality follows its sickness absence for three years: a goal, pasted figures, a correction, and the neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.extensions import db, transaction
from eventsys.programmes.models import GoalFigure
from tests import world
from tests.accounts.people import add_account
from tests.programmes.projects.given import add_contact, add_network, path_of
from tests.stories import browsing
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation
from tests.world import World

FIGURES = "Når\tFravær i prosent\n12.2007\t9,5\n06.2008\t9,3\n12.2008\t9.0\n2009\t8,4\n30.6.2010\t7,9\nvet ikke ennå"
THREE_YEARS = [
    (date(2007, 12, 31), 9.5), (date(2008, 6, 30), 9.3), (date(2008, 12, 31), 8.8), (date(2009, 12, 31), 8.4),
    (date(2010, 6, 30), 7.9), (date(2010, 12, 31), 7.4),
]  # fmt: skip


@pytest.fixture
def programme(app: Flask) -> World:
    return world.build()


@pytest.fixture
def links(programme: World) -> dict[str, str]:
    """The page of the contact of two municipalities of one network."""
    with transaction() as session:
        add_network(session, programme, "0821", "2021")
        return {number: path_of(add_contact(session, programme, number), number) for number in ("0821", "2021")}


@pytest.fixture
def site(links: dict[str, str], database_url: str) -> Iterator[Site]:
    with installation(database_url) as site:
        yield site


def test_sickness_absence_is_followed_for_three_years(
    app: Flask, site: Site, programme: World, links: dict[str, str], open_browser: OpenBrowser
) -> None:
    page = open_browser("en-GB")
    page.goto(f"{site.base}{links['0821']}")
    page.get_by_role("link", name="Projects and goals").click()
    write_project(page)
    write_goal(page)
    paste_figures(page)
    correct_one(page)
    assert read_figures() == THREE_YEARS
    page.get_by_role("link", name="Nærvær i hjemmetjenesten").click()
    expect(page.get_by_text("Reached")).to_be_visible()
    expect(page.locator(".goal-chart")).to_have_attribute(
        "aria-label",
        "From 9.5 % on 31 December 2007 to 7.4 % on 31 December 2010. The target is 7.5 % by 31 December 2010.",
    )
    page.get_by_text("Show (", exact=False).click()
    expect(page.get_by_text("31 December 2008: corrected from 9 % to 8.8 %")).to_be_visible()
    browsing.photograph(page, "goal-figures")

    neighbour = open_browser("en-GB")
    neighbour.goto(f"{site.base}{links['2021']}/projects/networks")
    neighbour.get_by_role("link", name="Nærvær i hjemmetjenesten").click()
    expect(neighbour.locator(".goal-chart")).to_be_visible()
    assert neighbour.locator("main form").count() == 0

    secretary = open_browser("en-GB")
    browsing.enter(secretary, site.base, add_account("solveig@program.example", programme.secretariat), app)
    secretary.goto(f"{site.base}/manage/projects?cohort=pulje-ii")
    secretary.get_by_role("link", name="Nærvær i hjemmetjenesten").click()
    expect(secretary.get_by_text("Now 7.4 %")).to_be_visible()


def write_project(page: Page) -> None:
    page.get_by_role("link", name="New project").click()
    page.get_by_label("Name").fill("Nærvær i hjemmetjenesten")
    page.get_by_role("radio", name="Sickness absence").check()
    page.get_by_label("What you do").fill("Vi prøver ny turnus i to soner.")
    page.get_by_role("button", name="Save").click()


def write_goal(page: Page) -> None:
    page.get_by_role("link", name="New goal").click()
    page.get_by_label("What you want to reach").fill("Lavere sykefravær")
    page.get_by_label("Unit").fill("%")
    page.locator("#target_value").fill("7,5")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#target_on-error")).to_be_visible()
    expect(page.locator("#target_value")).to_have_value("7,5")
    page.locator("#target_on").fill("31.12.2010")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The goal is saved.")).to_be_visible()


def paste_figures(page: Page) -> None:
    """Nothing is written until the lines have been looked at; the one that cannot be read is left out."""
    page.get_by_role("link", name="Put in figures").click()
    page.get_by_label("The lines").fill(FIGURES)
    page.get_by_role("button", name="See what they are read as").click()
    expect(page.get_by_text("5 lines can be read. 1 cannot. Nothing is written yet.")).to_be_visible()
    browsing.photograph(page, "goal-figures-pasted")
    assert read_figures() == []
    page.get_by_role("button", name="Write those that can be read").click()
    expect(page.get_by_text("5 figures are put in.")).to_be_visible()


def correct_one(page: Page) -> None:
    for on, value in (("2010", "7,4"), ("31.12.2008", "8,8")):
        page.get_by_label("Day, month or year").fill(on)
        page.locator("#value").fill(value)
        page.get_by_role("button", name="Put it in").click()
    expect(page.get_by_text("1 figure is corrected.")).to_be_visible()


def read_figures() -> list[tuple[date, float]]:
    db.session.rollback()
    found = db.session.execute(sa.select(GoalFigure.on, GoalFigure.value).order_by(GoalFigure.on))
    return [(on, value) for on, value in found]
