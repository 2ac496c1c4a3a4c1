"""A municipality asks for an adviser's visit, one of two times is accepted, and it stands in the calendars of both."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.extensions import transaction
from tests import world
from tests.accounts.people import add_account
from tests.programmes.projects.given import add_contact, path_of
from tests.stories import browsing
from tests.stories.browsing import Invitation, read_invitation, wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation
from tests.world import World

ADVISER, CONTACT = "radgiver@program.example", "kontakt-0821@kommune.example"
DAYS = {1: ("06.10.2008", "10.00", "12.00"), 2: ("09.10.2008", "13.00", "15.00")}


@pytest.fixture
def programme(app: Flask) -> World:
    return world.build()


@pytest.fixture
def link(programme: World) -> str:
    with transaction() as session:
        return path_of(add_contact(session, programme))


@pytest.fixture
def site(link: str, database_url: str) -> Iterator[Site]:
    with installation(database_url) as site:
        yield site


def test_a_visit_is_asked_for_accepted_and_in_both_calendars(
    app: Flask, site: Site, programme: World, link: str, open_browser: OpenBrowser
) -> None:
    account = add_account(ADVISER, programme.secretariat, name="Rådgiver", language="en")
    contact, adviser, post = open_browser("en-GB"), open_browser("en-GB"), open_browser("en-GB")
    browsing.enter(adviser, site.base, account, app)
    ask(contact, site, link)
    wait_for_mails(post, site.base, ADVISER, 1)
    offer(adviser, site)
    (subject, _mail), *_rest = wait_for_mails(post, site.base, CONTACT, 1)
    assert "Bø (Telemark)" in subject
    contact.reload()
    contact.get_by_role("radio", name=re.compile("Thursday 9 October 2008")).check()
    contact.get_by_role("button", name="Answer").click()
    expect(contact.get_by_text("The visit is agreed.")).to_be_visible()
    browsing.photograph(contact, "visit-agreed")
    found = [read_newest(post, site, address, 2) for address in (CONTACT, ADVISER)]
    assert [(one.method, one.first[:16], one.last[:16]) for one in found] == [
        ("REQUEST", "2008-10-09T13:00", "2008-10-09T15:00"),
    ] * 2  # fmt: skip
    assert found[0].uid == found[1].uid

    adviser.reload()
    browsing.photograph(adviser, "visit-adviser")
    adviser.get_by_text("Call the visit off").click()
    adviser.locator("#line").fill("Flyet er innstilt")
    adviser.get_by_role("button", name="Call it off").click()
    expect(adviser.get_by_text("The visit is called off.")).to_be_visible()
    assert {read_newest(post, site, address, 3).method for address in (CONTACT, ADVISER)} == {"CANCEL"}


def ask(page: Page, site: Site, link: str) -> None:
    page.goto(f"{site.base}{link}")
    page.get_by_role("link", name="Visits").click()
    page.get_by_role("link", name="Ask for a visit").click()
    page.get_by_label("What the visit is about").fill("Hjelp til å komme i gang med målene")
    page.get_by_label("Where").fill("Rådhuset i Bø")
    page.get_by_role("button", name="Ask for the visit").click()
    expect(page.get_by_text("You have asked for a visit.")).to_be_visible()


def offer(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/manage/")
    page.get_by_role("link", name="See what is asked for").click()
    page.get_by_role("link", name="Bø (Telemark)").click()
    for place, (day, starts, ends) in DAYS.items():
        page.locator(f"#on-{place}").fill(day)
        page.locator(f"#from-{place}").fill(starts)
        page.locator(f"#to-{place}").fill(ends)
    page.get_by_role("button", name="Offer the times").click()
    expect(page.get_by_text("The times are offered.")).to_be_visible()


def read_newest(page: Page, site: Site, address: str, how_many: int) -> Invitation:
    (_subject, mail), *_rest = wait_for_mails(page, site.base, address, how_many)
    page.goto(mail)
    return read_invitation(page, mail.rstrip("/"))
