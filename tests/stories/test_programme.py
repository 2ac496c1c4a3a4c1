"""The programme's table by keyboard alone: every link is reached, arrows move, Enter opens, and what is saved is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.stories import browsing
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, demo
from tests.stories.test_accessibility import SEMINAR, faults, scrolls_sideways

TABLE = "table.rooms-and-times"
MOST_STOPS = 200


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo(tmp_path_factory.mktemp("programme")) as site:
        yield site


def open_table(page: Page, site: Site) -> None:
    browsing.sign_in(page, site.base)
    page.goto(f"{site.base}/manage/events/{SEMINAR}/programme?lang=en")


def focused(page: Page) -> str:
    """What the keyboard is at, as a screen reader says it."""
    said: str = page.evaluate("document.activeElement.innerText.trim().replace(/\\s+/g, ' ')")
    return said


def tab_to(page: Page, name: str, *, key: str = "Tab") -> None:
    for _step in range(MOST_STOPS):
        page.keyboard.press(key)
        if focused(page) == name:
            return
    raise AssertionError(f"the keyboard does not come to {name}")


def press(page: Page, *keys: str) -> list[str]:
    """What the keyboard is at after each key."""
    seen = []
    for key in keys:
        page.keyboard.press(key)
        seen.append(focused(page).removeprefix("+ "))
    return seen


def test_a_session_is_moved_and_another_added_without_a_mouse(site: Site, open_browser: OpenBrowser) -> None:
    page = open_browser("en-GB")
    open_table(page, site)
    assert (faults(page, "programme-table"), scrolls_sideways(page)) == ([], False)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    go_through_the_table(page)

    page.keyboard.press("Enter")
    expect(page.get_by_label("Begins at")).to_have_value("10.30")
    expect(page.get_by_label("Room")).to_contain_text("Akerselva")
    page.get_by_label("Bokmål").first.focus()
    page.keyboard.type("Åpent kontor")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{SEMINAR}/programme#session-*")
    expect(page.locator(f"{TABLE} td.taken").filter(has_text="Åpent kontor")).to_be_visible()

    tab_to(page, "Welcome", key="Shift+Tab")  # back from the session that was saved, where the keyboard is now
    page.keyboard.press("Enter")
    page.get_by_label("Begins at").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("09.30")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{SEMINAR}/programme#session-*")
    first = page.locator(TABLE).first.locator("tbody tr").first
    expect(first.locator("th")).to_have_text("09:30–10:00")
    expect(first.locator("td.taken").first).to_contain_text("Welcome")
    expect(page.get_by_text("2 changes that nobody who is signed up has been told of")).to_be_visible()

    page.goto(f"{site.base}/events/{SEMINAR}/programme?lang=en")
    expect(page.locator("table.programme").first).to_contain_text("09:30–10:30")


def go_through_the_table(page: Page) -> None:
    tab_to(page, "Welcome")
    assert press(page, "ArrowDown", "ArrowDown", "ArrowDown") == [
        "Goals that can be measured", "Lunch", "Add a session: Plenumssalen, 13:00–15:00",
    ]  # fmt: skip
    assert press(page, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft") == [
        "Health and care", "Children and youth", "Sickness absence", "Children and youth",
    ]  # fmt: skip
    assert press(page, "Home", "End", "ArrowLeft", "ArrowUp", "ArrowUp") == [
        "Add a session: Plenumssalen, 13:00–15:00", "Add a session: Foajeen, 13:00–15:00", "Sickness absence", "Lunch",
        "Add a session: Akerselva, 10:30–12:00",
    ]  # fmt: skip


def test_a_room_that_is_taken_is_refused_and_the_form_keeps_what_was_typed(
    site: Site, open_browser: OpenBrowser
) -> None:
    page = open_browser("en-GB")
    open_table(page, site)
    page.get_by_role("link", name="Work in the municipalities").first.click()
    page.get_by_label("Begins at").fill("13.30")
    page.get_by_label("Room").select_option(label="Vaterland (takes 60)")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".ds-error-summary")).to_contain_text("Vaterland is taken 1 September 2008 13:00–15:00")
    expect(page.get_by_label("Begins at")).to_have_value("13.30")


def test_the_programme_is_made_without_scripts(site: Site, open_browser: OpenBrowser) -> None:
    page = open_browser("nb-NO", java_script_enabled=False)
    open_table(page, site)
    page.get_by_role("link", name="Add a session: Bjørvika, 10:30–12:00").first.click()
    page.get_by_role("button", name="One more speaker").click()
    page.get_by_role("radio", name="Break").check()
    expect(page.get_by_label("Begins at")).to_have_value("10.30")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(f"{TABLE} td.break").filter(has_text="Break").first).to_be_visible()
