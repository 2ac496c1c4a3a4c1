"""A steering group's year: eleven meetings made at once, one moved, an agenda, minutes that a member reads by the link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.demo.mails import list_mails
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventType
from eventsys.extensions import db
from tests import world
from tests.accounts.people import add_account
from tests.stories import browsing
from tests.stories.browsing import read_invitation, wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation
from tests.world import World

MEMBER = "kari.fjell@departementet.example"
PUBLIC = ("/", "/events/", "/municipalities/0301", "/organisations/0301", "/calendars/all.ics", "/contact")
LINK = re.compile(r"/groups/[\w-]{43}")


@pytest.fixture
def autumn(app: Flask) -> World:
    return world.build()


@pytest.fixture
def site(autumn: World, database_url: str) -> Iterator[Site]:
    with installation(database_url) as site:
        yield site
    for mail in list_mails(site.mails, address=MEMBER):
        (site.mails / f"{mail.name}.eml").unlink()


def test_a_steering_group_meets_for_a_year_and_nobody_else_learns_of_it(
    app: Flask, site: Site, autumn: World, open_browser: OpenBrowser
) -> None:
    page, member = open_browser("en-GB"), open_browser("nb-NO", viewport={"width": 390, "height": 844})
    browsing.enter(page, site.base, add_account("solveig@program.example", autumn.secretariat), app)
    make_group(page, site)
    make_meetings(page)
    days = list_days()
    assert (len(days), days[0], days[-1]) == (11, date(2008, 9, 9), date(2009, 8, 11))
    mails = wait_for_mails(member, site.base, MEMBER, 11)
    invited = {read_invitation(member, mail[1]) for mail in mails}
    assert {one.method for one in invited} == {"REQUEST"}
    assert sorted(one.first[:10] for one in invited) == [day.isoformat() for day in days]

    move_the_second(page, site)
    changed = wait_for_mails(member, site.base, MEMBER, 12)[0]
    moved = read_invitation(member, changed[1])
    (was,) = [one for one in invited if one.uid == moved.uid]
    assert (was.first[:10], moved.first[:10], moved.method) == ("2008-10-14", "2008-10-15", "REQUEST")
    assert moved.sequence > was.sequence

    write_agenda(page)
    write_minutes(page)
    told = wait_for_mails(member, site.base, MEMBER, 13)[0]
    assert told[0].startswith("Referat: ")
    read_as_member(member, told[1])
    look_as_stranger(open_browser("nb-NO"), site, find_slugs())


def make_group(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/manage/groups")
    page.get_by_label("Name, Bokmål").fill("Styringsgruppa")
    page.get_by_label("Kind").select_option("steering")
    page.get_by_role("button", name="Make the group").click()
    page.locator("#name").fill("Kari Fjell")
    page.locator("#email").fill(MEMBER)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("1 member", exact=True)).to_be_visible()


def make_meetings(page: Page) -> None:
    """On the second Tuesday of each month but July; the days are shown first."""
    page.get_by_role("link", name="Meetings", exact=True).first.click()
    page.get_by_role("link", name="Make the meetings").click()
    page.get_by_label("The first meeting").fill("09.09.2008")
    page.get_by_label("Begins at").fill("10.00")
    page.get_by_label("Ends at").fill("12.00")
    page.get_by_role("button", name="Show the days").click()
    expect(page.get_by_role("checkbox", name="Tuesday 14 October 2008")).to_be_checked()
    browsing.photograph(page, "meetings-form")
    page.get_by_role("button", name="Make the meetings").click()
    expect(page.get_by_text("11 meetings are made.")).to_be_visible()
    browsing.photograph(page, "meetings")


def move_the_second(page: Page, site: Site) -> None:
    page.get_by_role("link", name=re.compile("Steering group meeting 2$")).click()
    page.get_by_role("link").filter(has_text="Change: 14 October 2008").click()
    page.get_by_label("First day").fill("15.10.2008")
    page.get_by_label("Last day").fill("15.10.2008")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Save and send").click()
    expect(page.get_by_text("15 October 2008").first).to_be_visible()


def write_agenda(page: Page) -> None:
    """With the keyboard alone: the second item is put before the first."""
    page.get_by_role("link", name="Agenda", exact=True).click()
    for title in ("Økonomi", "Godkjenning av referat"):
        page.get_by_label("What it is about").fill(title)
        page.get_by_label("What it is about").press("Enter")
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button").filter(has_text="Up: Godkjenning av referat").press("Enter")
    expect(page.locator(".agenda h2").first).to_have_text("Godkjenning av referat")
    browsing.photograph(page, "agenda")


def write_minutes(page: Page) -> None:
    page.get_by_role("link", name="Minutes", exact=True).click()
    expect(page.get_by_label("Who was there")).to_have_value("Kari Fjell")
    page.get_by_label("What came of it").last.fill("Regnskapet er godkjent.")
    page.get_by_role("button", name="Save the minutes").click()
    page.get_by_role("button", name="Send them out to the group").click()
    expect(page.get_by_text("1 member is told by mail.")).to_be_visible()
    browsing.photograph(page, "minutes")


def read_as_member(page: Page, mail: str) -> None:
    """From the mail to the minutes, and to all the meetings of the group."""
    page.goto(mail)
    address = browsing.find_in_mail(page, rf"https?://[^\s\"<]+{LINK.pattern}/meetings/[\w-]+")
    page.goto(address)
    expect(page.get_by_text("Regnskapet er godkjent.")).to_be_visible()
    browsing.photograph(page, "members-minutes")
    page.goto(address.partition("/meetings/")[0])
    expect(page.locator(".meetings > li")).to_have_count(11)
    browsing.photograph(page, "members-meetings")


def look_as_stranger(page: Page, site: Site, slugs: list[str]) -> None:
    for slug in slugs:
        for more in ("", ".ics", "/programme", "/registrations/new", "/delegations/new"):
            assert page.request.get(f"{site.base}/events/{slug}{more}").status == 404
    assert page.request.get(f"{site.base}/groups/{'A' * 43}").status == 404
    for address in PUBLIC:
        assert "styringsgruppa" not in page.request.get(f"{site.base}{address}").text().casefold()


def list_days() -> list[date]:
    db.session.rollback()
    rows = db.session.scalars(
        sa.select(Run).join(Event).where(Event.type == EventType.STEERING_GROUP).order_by(Run.sort_at)
    )
    return [run.first_on for run in rows if run.first_on]


def find_slugs() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Event.slug).where(Event.type == EventType.STEERING_GROUP)))
