"""A participant moved from the first days of a seminar to the second: one seat, two dates in the calendar, no place lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.demo.mails import list_mails
from eventsys.extensions import transaction
from eventsys.registrations.actions import register
from tests import world
from tests.stories import browsing
from tests.stories.browsing import Invitation, read_invitation, wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation
from tests.world import NOW, World, somebody

# Addresses of this story alone: the folder of caught mails is shared with stories that are told meanwhile.
KARI, WAITING = "kari.lyngmyrvoll@flytter.example", "ola.rognvikmo@flytter.example"


@pytest.fixture
def places(app: Flask) -> World:
    """The first days of the seminar take one person."""
    return world.build(capacity=1)


@pytest.fixture
def site(places: World, database_url: str) -> Iterator[Site]:
    with installation(database_url) as site:
        yield site
    for mail in list_mails(site.mails, address="@flytter.example", limit=1000):
        (site.mails / f"{mail.name}.eml").unlink()


def test_a_participant_moves_from_the_first_days_to_the_second(
    site: Site, places: World, open_browser: OpenBrowser
) -> None:
    kari = open_browser("nb-NO")
    sign_up(kari, site, places)
    own = kari.url
    ((_subject, confirmed),) = wait_for_mails(kari, site.base, KARI, 1)
    first = read_invitation(kari, confirmed)
    assert (first.method, first.first) == ("REQUEST", "2008-09-01T10:00:00+02:00")
    with transaction() as session:
        register(session, somebody(places, 2, language="nb", email=WAITING), now=NOW)
    wait_for_mails(kari, site.base, WAITING, 1)

    move(kari, own)
    removed, added = read_calendar_mails(kari, site)
    assert (removed.method, removed.uid, removed.sequence > first.sequence) == ("CANCEL", first.uid, True)
    assert (added.method, added.first, added.uid != first.uid) == ("REQUEST", "2008-09-02T10:00:00+02:00", True)
    (promoted, _mail), _waiting = wait_for_mails(kari, site.base, WAITING, 2)
    assert promoted.startswith("Læringsseminar 2, 1.–2. september:")


def sign_up(page: Page, site: Site, places: World) -> None:
    page.goto(f"{site.base}/events/{places.events['seminar'].slug}/registrations/new")
    browsing.fill_form(
        page, dates="1.–2. september", name="Kari Lyngmyrvoll", email=KARI, typed="bø", municipality="Bø (Telemark)"
    )
    browsing.send_form(page)
    expect(page.get_by_text("Du har plass, Kari Lyngmyrvoll.")).to_be_visible()


def move(page: Page, own: str) -> None:
    """On one's own page, in one step; the page says the new date, and what happened."""
    page.goto(own)
    page.get_by_text("Kom på en annen dato").click()
    page.get_by_role("radio", name="2.–3. september").check()
    browsing.photograph(page, "moving")
    page.get_by_role("button", name="Flytt til den datoen").click()
    expect(page.locator("dl.facts").first).to_contain_text("2.–3. september 2008")
    browsing.photograph(page, "moved")


def read_calendar_mails(page: Page, site: Site) -> tuple[Invitation, Invitation]:
    """What the two mails of the move ask the calendar to remove and to add."""
    newest = wait_for_mails(page, site.base, KARI, 3)[:2]
    found = {one.method: one for one in (read_invitation(page, mail) for _subject, mail in newest)}
    return found["CANCEL"], found["REQUEST"]
