"""A question that another answer decides: seen with its condition without JavaScript, and only when it is asked with it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.stories import browsing
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import demo
from tests.stories.test_accessibility import SEMINAR


def open_form(page: Page, base: str) -> Page:
    """The form as participants meet it, on the organisers' page of questions."""
    browsing.sign_in(page, base)
    page.goto(f"{base}/manage/events/{SEMINAR}/questions")
    shipped = page.locator("form[action$='/questions/shipped'] button")
    if shipped.count():
        shipped.click()
        page.wait_for_url("**/questions")
    page.locator("details.preview summary").click()
    return page


def test_what_is_not_asked_is_hidden_and_without_javascript_says_when_it_is_asked(
    open_browser: OpenBrowser, tmp_path: Path
) -> None:
    with demo(tmp_path) as site:
        page = open_form(open_browser("nb-NO"), site.base)
        other, more = page.get_by_label("Noe annet", exact=True), page.get_by_label("Hva annet er det med maten?")
        expect(more).to_be_hidden()
        other.check()
        expect(more).to_be_visible()
        other.uncheck()
        expect(more).to_be_hidden()

        plain = open_form(open_browser("nb-NO", java_script_enabled=False), site.base)
        expect(plain.get_by_label("Hva annet er det med maten?")).to_be_visible()
        expect(plain.locator(".condition")).to_contain_text("Noe annet")
