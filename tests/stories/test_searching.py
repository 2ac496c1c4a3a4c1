"""The key / leads to the search field from any organisers' page, unless somebody writes or has switched it off."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.stories import browsing
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import demo
from tests.stories.test_accessibility import SEMINAR


def test_somebody_is_found_from_any_page_by_the_keyboard_alone(open_browser: OpenBrowser, tmp_path: Path) -> None:
    with demo(tmp_path) as site:
        page = open_browser("en-GB")
        browsing.sign_in(page, site.base)
        page.goto(f"{site.base}/manage/events/{SEMINAR}/figures")
        field = page.get_by_role("searchbox", name="Find a person, an event or a municipality")
        page.keyboard.press("/")
        expect(field).to_be_focused()
        page.keyboard.type("bø/")
        expect(field).to_have_value("bø/")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Bø (Telemark)")).to_be_visible()
        page.get_by_role("button", name="Switch it off").press("Enter")
        page.goto(f"{site.base}/manage/")
        page.keyboard.press("/")
        expect(field).not_to_be_focused()
        page.goto(f"{site.base}/manage/search")
        page.get_by_role("button", name="Switch it on").press("Enter")
        page.keyboard.press("/")
        expect(field).to_be_focused()
