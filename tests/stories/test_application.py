"""A municipality applies: one writes, a colleague joins, both keep what they wrote, it is sent, a receipt comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.demo.mails import list_mails
from eventsys.extensions import transaction
from eventsys.programmes.cases.links import recipient_path
from tests import world
from tests.calling import add_call, add_recipient
from tests.stories.browsing import wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation

KARI, OLA = "kari.nordmann@bo.example", "ola.nordmann@bo.example"
LINK = re.compile(r"/applications/[\w-]{43}")


@pytest.fixture
def letter(app: Flask) -> str:
    """The path of the municipality's own page of the call."""
    autumn = world.build()
    with transaction() as session:
        call = add_call(session, autumn)
        return recipient_path(call.slug, add_recipient(session, call, autumn.municipalities["0821"]))


@pytest.fixture
def site(letter: str, database_url: str) -> Iterator[Site]:
    with installation(database_url) as site:
        yield site
    for mail in [*list_mails(site.mails, address=KARI), *list_mails(site.mails, address=OLA)]:
        (site.mails / f"{mail.name}.eml").unlink()


def test_two_write_one_application_and_it_is_sent(
    site: Site, letter: str, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    kari, ola = open_browser("en-GB"), open_browser("en-GB", viewport={"width": 390, "height": 844})
    begin(kari, site, letter)
    kari.get_by_role("link", name="Write the application").click()
    kari.wait_for_url("**/applications/*")
    mine = kari.url
    kari.get_by_label("How we will work").fill("Grupper på hver arbeidsplass.")
    expect(kari.locator("[data-autosave-state]")).to_contain_text("not sent")
    share(kari, mine)
    ola.goto(site.base + find_link(ola, site, OLA))
    expect(ola.get_by_label("How we will work")).to_have_value("Grupper på hver arbeidsplass.")

    kari.goto(mine)
    kari.get_by_label("Timetable").fill("Karis plan")
    expect(kari.locator("[data-autosave-state]")).to_contain_text("not sent")
    ola.get_by_label("How we secure involvement").fill("Tillitsvalgte er med.")
    ola.get_by_label("Timetable").fill("Olas plan")
    expect(ola.locator("[data-autosave-others]")).to_contain_text("Kari Nordmann has changed this too: Timetable")
    ola.get_by_role("button", name="Save", exact=True).click()
    ola.get_by_label("Both, one after the other").check()
    ola.get_by_role("button", name="Save", exact=True).click()
    expect(ola.get_by_label("Timetable")).to_have_value("Karis plan\n\nOlas plan")
    expect(ola.get_by_label("How we secure involvement")).to_have_value("Tillitsvalgte er med.")

    kari.goto(mine)
    write_the_rest(kari, tmp_path)
    kari.get_by_role("button", name="Send the application").click()
    expect(kari.get_by_text("It is sent", exact=True)).to_be_visible()
    for page, address in ((kari, KARI), (ola, OLA)):
        wait_for_mails(page, site.base, address, 2)


def begin(page: Page, site: Site, letter: str) -> None:
    page.goto(site.base + letter)
    page.get_by_label("Name").fill("Kari Nordmann")
    page.get_by_label("E-mail").fill(KARI)
    page.get_by_role("button", name="Begin the application").click()


def share(page: Page, mine: str) -> None:
    page.goto(f"{mine}/colleagues")
    page.get_by_label("Name").fill("Ola Nordmann")
    page.get_by_label("E-mail").fill(OLA)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("Was asked to write too")).to_be_visible()


def find_link(page: Page, site: Site, address: str) -> str:
    wait_for_mails(page, site.base, address, 1)
    mails = list_mails(site.mails, address=address)
    found = LINK.search((site.mails / f"{mails[0].name}.eml").read_text().replace("=\n", ""))
    assert found is not None
    return found[0]


def write_the_rest(page: Page, folder: Path) -> None:
    page.get_by_label("Sickness absence").first.check()
    page.get_by_label("The goal").fill("Lavere sykefravær")
    page.get_by_label("It can be measured").check()
    for label, value in (("Unit", "%"), ("Starting point", "9,5"), ("Figure", "7"), ("To be reached by", "31.12.2010")):
        page.get_by_label(label).fill(value)
    page.get_by_label("Treated by").fill("Kommunestyret")
    page.get_by_label("The day it was treated").fill("1.9.2008")
    paper = folder / "Vedtak.txt"
    paper.write_text("Sak 12/08: vedtatt.")
    page.get_by_label("The decision or the case paper").set_input_files(paper)
    page.get_by_label("How we worked together").fill("Vi skrev den sammen.")
    for side in ("politicians", "administration", "employees"):
        part = page.get_by_role("group", name=f"The {side}")
        part.get_by_label("Name").fill("Kari Nordmann")
        part.get_by_label("Confirmed on").fill("2.9.2008")
    page.get_by_role("button", name="Save and look it through").click()
    expect(page.get_by_text("Nothing is missing")).to_be_visible()
