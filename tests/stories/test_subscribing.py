"""From the page of calendars to a feed: somebody finds their municipality, takes its address, and gets what it promises."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.calendars.oracles import Entry
from tests.calendars.oracles.every import READERS
from tests.stories import browsing
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, demo

BO = "Bø (Telemark)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo(tmp_path_factory.mktemp("subscribing")) as site:
        yield site


def fetch(address: str) -> tuple[Entry, ...]:
    """As a calendar program does, without any cookie; every reader finds the same."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        data = answer.read()
    first, *others = (reader.read(data).entries for reader in READERS.values())
    assert others == [first] * 2
    return first


def shown_address(card: Locator | Page) -> str:
    """The address that stands there to be copied, which is also what its link leads to."""
    link = card.get_by_role("link", name=re.compile("^http.*[.]ics"))
    address = link.inner_text()
    assert link.get_attribute("href") == address
    return address


def links(card: Locator | Page) -> set[str]:
    """Where the buttons for calendar programs lead."""
    found = card.locator("a.ds-button[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return set(found)


def one_click(address: str, name: str) -> set[str]:
    """What each program wants, the address whole and encoded: Outlook and Apple, Google, Outlook on the web."""
    webcal = address.replace("http://", "webcal://")
    encoded = quote(address, safe="")
    return {
        webcal,
        f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}",
        f"https://outlook.office.com/calendar/0/addfromweb?url={encoded}&name={quote_plus(name)}",
    }


def test_somebody_finds_the_calendar_of_their_municipality_and_gets_what_it_promises(
    site: Site, open_browser: OpenBrowser
) -> None:
    page = open_browser("nb-NO")
    page.goto(f"{site.base}/calendars/")
    browsing.choose_with_keyboard(page, "Alt for min kommune", "bø", BO)
    page.get_by_role("button", name="Vis", exact=True).click()
    card = page.locator("li.card").filter(has=page.get_by_role("heading", name=BO, exact=True))
    expect(card).to_be_visible()
    address = shown_address(card)
    assert address == f"{site.base}/calendars/organisations/0821.ics"
    assert one_click(address, f"Kvalitetskommuneprogrammet: {BO}") <= links(card)
    browsing.photograph(page, "subscribing")
    entries = fetch(address)
    assert [(entry.summary, entry.start, entry.end, entry.status, entry.transp) for entry in entries] == [
        ("Læringsseminar 2", date(2008, 9, 1), date(2008, 9, 3), "CONFIRMED", "OPAQUE"),
        ("Læringsseminar 2", date(2008, 9, 2), date(2008, 9, 4), "CONFIRMED", "OPAQUE"),
        (
            "Lokale nettverkssamlinger (oktober 2008, dagen er ikke bestemt)",
            date(2008, 10, 1),
            date(2008, 11, 1),
            "TENTATIVE",
            "TRANSPARENT",
        ),
        ("Kvalitetskonferanse", date(2008, 11, 26), date(2008, 11, 28), "CONFIRMED", "OPAQUE"),
    ]
    page.goto(entries[-1].url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kvalitetskonferanse")


def test_what_somebody_puts_together_is_one_address_that_every_program_gets_whole(
    site: Site, open_browser: OpenBrowser
) -> None:
    """The address has a question mark and ampersands, which a link inside a link must not lose."""
    page = open_browser("en-GB")
    page.goto(f"{site.base}/calendars/")
    page.get_by_role("combobox", name="Kind").select_option("learning-seminar")
    page.get_by_role("combobox", name="Cohort").select_option(label="Cohort II")
    page.get_by_role("checkbox", name="Leave out what has no day yet").check()
    page.get_by_role("button", name="Show the calendar").click()
    page.wait_for_url("**/calendars/subscribe*")
    address = shown_address(page)
    path, _question, query = address.partition("?")
    assert (path, sorted(query.split("&"))) == (
        f"{site.base}/calendars/all.ics", ["cohort=pulje-ii", "lang=en", "tentative=no", "type=learning-seminar"],
    )  # fmt: skip
    name = page.locator("h1").inner_text().removeprefix("Subscribe to ")
    assert one_click(address, f"Kvalitetskommuneprogrammet: {name}") <= links(page)
    browsing.photograph(page, "subscribing-put-together")
    assert [(entry.summary, entry.categories) for entry in fetch(address)] == [
        ("Learning seminar 2", ("learning seminar", "Cohort II")),
        ("Learning seminar 2", ("learning seminar", "Cohort II")),
    ]
