"""What people do in a browser, in the words of the stories: sign in, sign up, look in the mailbox."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Page, expect

from eventsys.accounts.models import Account
from tests.accounts import people

SECRETARY = "Solveig Lyngflaten"
MAIL_COMES_WITHIN = 30


class Invitation(NamedTuple):
    """A calendar part or entry, as far as the stories look at it; `last` is the day after the last."""

    method: str
    uid: str
    sequence: int
    first: str
    last: str


def read_calendar(text: str) -> list[Invitation]:
    """Every event of a calendar, in its order."""
    calendar: Any = Calendar.from_ical(text)
    return [
        Invitation(
            str(calendar.get("METHOD", "")), str(event["UID"]), int(event.get("SEQUENCE", 0)),
            event["DTSTART"].dt.isoformat(), event["DTEND"].dt.isoformat(),
        )
        for event in calendar.walk("VEVENT")
    ]  # fmt: skip


def sign_in(page: Page, base: str, name: str = SECRETARY) -> None:
    """An organiser, with the one click of the demo."""
    page.goto(f"{base}/dev/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(f"{base}/manage/")


def enter(page: Page, base: str, account: Account, app: Flask) -> None:
    """Puts the session of somebody who has signed in into the browser."""
    client = app.test_client()
    people.sign_in(client, account)
    cookie = client.get_cookie("session")
    assert cookie is not None
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": base}])


def find_in_mail(page: Page, pattern: str) -> str:
    """What the pattern finds in the source of the caught mail that is open."""
    found = re.search(pattern, page.content())
    assert found is not None, pattern
    return found[0]


def choose_with_keyboard(page: Page, label: str, typed: str, wanted: str) -> None:
    """Types into the field and goes down the suggestions to the wanted one, without a mouse."""
    field = page.get_by_role("combobox", name=label)
    field.focus()
    page.keyboard.type(typed)
    options = page.get_by_role("option")
    expect(options.filter(has_text=wanted)).to_be_visible()
    for _step in range(options.count()):
        page.keyboard.press("ArrowDown")
        if page.locator('[role=option][aria-selected="true"]').inner_text() == wanted:
            break
    page.keyboard.press("Enter")
    expect(field).to_have_value(wanted)


def fill_form(page: Page, *, dates: str, name: str, email: str, typed: str, municipality: str) -> None:
    """Fills the form of registration that is open, and does not send it."""
    page.get_by_role("radio", name=dates).check()
    page.get_by_label("Navn").fill(name)
    page.get_by_label("E-post").fill(email)
    choose_with_keyboard(page, "Kommune", typed, municipality)
    # What is said of the municipality moves what is below it.
    expect(page.locator("#eligibility")).not_to_be_empty()
    page.get_by_role("radio", name="Administrativ ledelse").check()


def send_form(page: Page) -> None:
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/registrations/*")


def paste(page: Page, lines: str) -> None:
    """The organiser's page of what the lines become."""
    page.get_by_role("link", name="Paste a programme").first.click()
    page.get_by_label("The lines").fill(lines)
    page.get_by_label("The year that is meant").fill("2008")
    page.get_by_role("button", name="See what it becomes").click()


def move_second_run(page: Page, told: str) -> None:
    """From 2–3 to 3–4 September, on the organiser's page of the event, which says who is told before it is saved."""
    page.get_by_role("link").filter(has_text="Change: 2–3 September 2008").click()
    page.get_by_label("First day").fill("03.09.2008")
    page.get_by_label("Last day").fill("04.09.2008")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(told)).to_be_visible()
    page.get_by_role("button", name="Save and send").click()
    expect(page.get_by_text("The changes are saved.")).to_be_visible()


def wait_for_mails(page: Page, base: str, address: str, how_many: int) -> list[tuple[str, str]]:
    """Subject and address of the page of each mail to somebody, newest first, when there are so many."""
    until = time.monotonic() + MAIL_COMES_WITHIN
    found: list[tuple[str, str]] = []
    while len(found) < how_many and time.monotonic() < until:
        page.goto(f"{base}/dev/mail/?q={quote(address)}")
        links = page.locator("main tbody a").all()
        found = [(link.inner_text(), f"{base}{link.get_attribute('href')}") for link in links]
        if len(found) < how_many:
            time.sleep(0.3)
    assert len(found) == how_many, found
    return found


def read_invitation(page: Page, mail: str) -> Invitation:
    """The calendar part of a caught mail."""
    (invitation,) = read_calendar(page.request.get(f"{mail}/calendar.ics").text())
    return invitation


def read_feed(page: Page, address: str) -> list[Invitation]:
    return read_calendar(page.request.get(address).text())


def photograph(page: Page, name: str) -> None:
    """A picture of the whole page among the results of the tests, for people to look at."""
    page.screenshot(path=Path("test-results") / f"{name}.png", full_page=True)
