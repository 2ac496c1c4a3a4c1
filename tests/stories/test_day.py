"""A day at the door: a ticket before the camera, a name, a code, somebody unannounced; and a certificate to take home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from eventsys import clock
from eventsys.accounts import actions as accounts
from eventsys.accounts.rules import MemberRole
from eventsys.demo.mails import list_mails
from eventsys.extensions import transaction
from eventsys.registrations.actions import register
from eventsys.registrations.links import registration_token
from tests import papers, world
from tests.stories import browsing, camera
from tests.stories.browsing import SECRETARY
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation
from tests.world import NOW, somebody

MORNING = datetime(2008, 9, 2, 7, tzinfo=UTC)
PEOPLE = {1: "Kari Lyngmyrvoll", 2: "Ola Rognvikmo", 3: "Ailo Snølidal", 4: "Berit Storflaten"}
NORA = "nora.fjellvang@kommune.example"
DOOR = "manage/events/laeringsseminar-2-pulje-ii/check-in"


@pytest.fixture
def tokens() -> dict[str, str]:
    """By name, the link of each; filled in by the site."""
    return {}


@pytest.fixture
def site(app: Flask, database_url: str, tokens: dict[str, str]) -> Iterator[Site]:
    """The seminar's morning, with four who have a place on 2–3 September and a secretary at the door."""
    places = world.build()
    with transaction() as session:
        accounts.add(
            session, email="solveig@program.example", key="solveig@program.example", name=SECRETARY,
            organiser_id=places.secretariat, role=MemberRole.OWNER, language="en", now=NOW,
        )  # fmt: skip
        for number, name in PEOPLE.items():
            form = somebody(places, number, name=name, run_id=places.run_id("seminar", 1), language="nb")
            tokens[name] = registration_token(register(session, form, now=NOW).registration)
        clock.set_to(session, MORNING)
    with installation(database_url) as site:
        # Links are signed with the secret of the installation, which is that of the tests.
        yield site
    for address in (*(f"person{number}@kommune.example" for number in PEOPLE), NORA):
        for mail in list_mails(site.mails, address=address, limit=1000):
            (site.mails / f"{mail.name}.eml").unlink()


def test_a_day_at_the_door_from_the_first_ticket_to_the_certificate(
    site: Site, open_browser: OpenBrowser, chromium: Browser, tokens: dict[str, str], tmp_path: Path
) -> None:
    participant, secretary = open_browser("nb-NO"), open_browser("en-GB")
    code = look_at_ticket(participant, site, tokens["Kari Lyngmyrvoll"], tmp_path / "ticket.y4m")
    assert kind_of_certificate(participant, site, tokens["Kari Lyngmyrvoll"]) == "text/html"

    read_with_camera(chromium, site, tmp_path / "ticket.y4m")
    open_door(secretary, site)
    expect(standing(secretary)).to_have_text("1 of 4 have come so far. Attendance has not been taken.")
    type_code(secretary, code)
    find_by_name(secretary)
    let_nora_in(secretary)
    expect(standing(secretary)).to_have_text("3 of 5 have come so far. Attendance has not been taken.")

    record(secretary)
    take_home(participant, site, tokens["Kari Lyngmyrvoll"])
    for away in ("Ailo Snølidal", "Berit Storflaten"):
        assert kind_of_certificate(participant, site, tokens[away]) == "text/html"


def look_at_ticket(page: Page, site: Site, token: str, path: Path) -> str:
    """The short code; the square is filmed for a camera to be held before it."""
    page.goto(f"{site.base}/registrations/{token}/ticket")
    camera.film(camera.read_square(page), path)
    return page.locator(".ticket .code").inner_text()


def read_with_camera(chromium: Browser, site: Site, path: Path) -> None:
    """On the secretary's phone: the ticket marks its owner as come, and held there it changes nothing more."""
    browser, context = camera.open_phone(chromium, path, "en-GB")
    try:
        page = context.new_page()
        open_door(page, site)
        page.get_by_role("button", name="Read tickets with the camera").click()
        expect(told(page)).to_contain_text("Kari Lyngmyrvoll, Bø (Telemark) has come.")
        page.get_by_role("button", name="Turn the camera off").click()
    finally:
        browser.close()


def open_door(page: Page, site: Site) -> None:
    browsing.sign_in(page, site.base)
    page.goto(f"{site.base}/{DOOR}")
    page.get_by_role("navigation", name="Dates").get_by_role("link", name="2–3 September").click()
    expect(page.get_by_label("Name, municipality or code")).to_be_focused()


def told(page: Page) -> Locator:
    return page.locator("#told")


def standing(page: Page) -> Locator:
    return page.locator(".standing")


def type_code(page: Page, code: str) -> None:
    """As a hand scanner does, in small letters: the field is empty and ready for the next one afterwards."""
    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("Kari Lyngmyrvoll, Bø (Telemark) was here already")
    expect_ready(page)


def expect_ready(page: Page) -> None:
    """The field waits for the next one, without a click."""
    field = page.get_by_label("Name, municipality or code")
    expect(field).to_have_value("")
    expect(field).to_be_focused()


def find_by_name(page: Page) -> None:
    """The list follows what is typed; the wrong one is pressed, taken back, and the right one pressed."""
    page.keyboard.type("sno")
    expect(page.locator(".comers strong")).to_have_text(["Ailo Snølidal"])
    page.get_by_role("button").filter(has_text="Has come: Ailo Snølidal").click()
    expect(told(page)).to_contain_text("Ailo Snølidal, Bø (Telemark) has come.")
    told(page).get_by_role("button", name="Undo").click()
    expect(told(page)).to_contain_text("Ailo Snølidal, Bø (Telemark) is not marked any more.")
    expect_ready(page)
    page.keyboard.type("ola r")
    expect(page.locator(".comers strong")).to_have_text(["Ola Rognvikmo"])
    page.get_by_role("button").filter(has_text="Has come: Ola Rognvikmo").click()
    expect(told(page)).to_contain_text("Ola Rognvikmo, Bø (Telemark) has come.")
    expect_ready(page)


def let_nora_in(page: Page) -> None:
    """She is not in the list; what was typed of her stands in the form already."""
    page.keyboard.type("Nora")
    expect(page.get_by_text("0 people found")).to_be_visible()
    page.get_by_role("link", name="Sign up somebody who has come without a place").click()
    expect(page.get_by_label("Name")).to_have_value("Nora")
    page.get_by_label("Name").fill("Nora Fjellvang")
    page.get_by_label("E-mail").fill(NORA)
    browsing.choose_with_keyboard(page, "Municipality", "oslo", "Oslo")
    page.get_by_role("button", name="Has come").click()
    expect(told(page)).to_contain_text("Nora Fjellvang, Oslo has come.")


def record(page: Page) -> None:
    """Everybody came but those whom nobody saw at the door, who are ticked."""
    page.get_by_role("link", name="Record who came").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    page.get_by_role("button", name="Record attendance").click()
    expect(page.get_by_text("Attendance is recorded: 3 came, 2 did not.")).to_be_visible()


def kind_of_certificate(page: Page, site: Site, token: str) -> str:
    """PDF, or the page of one's own that says why there is none."""
    answer = page.request.get(f"{site.base}/registrations/{token}/certificate")
    return answer.headers["content-type"].partition(";")[0]


def take_home(page: Page, site: Site, token: str) -> None:
    answer = page.request.get(f"{site.base}/registrations/{token}/certificate")
    paper = papers.read(answer.body())
    assert (answer.status, paper.language, paper.accessible) == (200, "nb", True)
    said = ["Kari Lyngmyrvoll", "Bø (Telemark)", "Læringsseminar 2", "2. september 2008", "kl. 10.00", "11 "]
    assert [words for words in said if words not in paper.text] == []
