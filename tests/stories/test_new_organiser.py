"""A new organiser, from the mail that asks them in to a seminar that is published, with rooms, a programme, an audience and
invitations sent: one path through the pages, at a scripted human's pace well under ten minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys import clock
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import transaction
from eventsys.workflows.actions import add_default_rules
from tests.accounts.people import add_account
from tests.audiences.given import add_position
from tests.stories import browsing
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation
from tests.world import NOW, World, build

COLLEAGUE, LEADER = "ragnhild.holtet@program.example", "anne.ny@kommune.example"
A_KEY, A_CLICK, A_LOOK = 0.15, 1.5, 6.0
"""Seconds that somebody unhurried needs to type a letter, to find and press something, and to read a new page."""
TEN_MINUTES = 600.0


class Hand:
    """Does what a person does with the page, and counts how long a person would take."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seconds = 0.0

    def write(self, name: str, text: str) -> None:
        self.page.locator(f"main [name='{name}']").fill(text)
        self.seconds += A_CLICK + A_KEY * len(text)

    def choose(self, name: str, label: str) -> None:
        self.page.locator(f"main select[name='{name}']").select_option(label=label)
        self.seconds += A_CLICK

    def tick(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).first.check()
        self.seconds += A_CLICK

    def press(self, label: str, *, role: str = "button") -> None:
        """Goes on to another page and reads it; what the page itself has comes before the menu."""
        name = re.compile(f"^{re.escape(label)}")
        own = self.page.locator("main").get_by_role(role, name=name)  # type: ignore[arg-type]
        menu = self.page.locator("nav").get_by_role(role, name=name)  # type: ignore[arg-type]
        (own if own.count() else menu).first.click()
        self.page.wait_for_load_state()
        self.seconds += A_CLICK + A_LOOK

    def follow(self, label: str) -> None:
        self.press(label, role="link")


@pytest.fixture
def world(app: Flask) -> World:
    """The clock stands at the world's own moment; Anne leads the project in a municipality of cohort II."""
    with transaction() as session:
        clock.set_to(session, NOW)
    world = build()
    with transaction() as session:
        add_default_rules(session, organiser_id=world.secretariat, now=NOW)
    add_position(world, "Anne Ny", "0821", email=LEADER, language="en")
    return world


@pytest.fixture
def site(world: World, database_url: str) -> Iterator[Site]:
    with installation(database_url) as site:
        yield site


def test_a_new_organiser_publishes_a_seminar_and_invites_to_it(
    app: Flask, site: Site, world: World, open_browser: OpenBrowser
) -> None:
    link = ask_in(app, site, world, open_browser)
    page = open_browser("en-GB")
    hand = Hand(page)
    page.goto(link)
    hand.press("Yes, sign me in")
    begin(hand)
    open_rooms(hand)
    write_programme(hand)
    hand.follow("Overview")
    hand.follow("Publish")
    expect(page.get_by_text("Publish the event?")).to_be_visible()
    hand.press("Publish now")
    invite(hand)
    browsing.photograph(page, "new-organiser-invited")
    ((subject, mail),) = browsing.wait_for_mails(page, site.base, LEADER, 1)
    assert subject.startswith("Learning seminar, 8–9 October: you are invited")
    page.goto(mail)
    expect(page.get_by_text("you are invited").first).to_be_visible()
    assert hand.seconds < TEN_MINUTES, f"{hand.seconds:.0f} s"


def ask_in(app: Flask, site: Site, world: World, open_browser: OpenBrowser) -> str:
    """An owner asks a colleague in; the link that the mail has."""
    owner = open_browser("en-GB")
    browsing.enter(
        owner, site.base, add_account("owner@program.example", world.secretariat, role=MemberRole.OWNER), app
    )
    owner.goto(f"{site.base}/manage/team")
    hand = Hand(owner)
    hand.write("name", "Ragnhild Holtet")
    hand.write("email", COLLEAGUE)
    owner.locator("input[name=role][value=organiser]").check()
    owner.locator("select[name=language]").select_option("en")
    hand.press("Send the invitation")
    ((_subject, mail),) = browsing.wait_for_mails(owner, site.base, COLLEAGUE, 1)
    owner.goto(mail)
    return browsing.find_in_mail(owner, r"https?://[^/]+/manage/team/join/[\w-]+")


def begin(hand: Hand) -> None:
    """A learning seminar for cohort II on 8 and 9 October, in a place that nobody has used before."""
    hand.follow("Events")
    hand.follow("New event")
    hand.page.get_by_role("link", name="Learning seminar").first.click()
    for code, title in (("nb", "Læringsseminar"), ("nn", "Læringsseminar"), ("en", "Learning seminar")):
        hand.write(f"title_{code}", title)
    hand.page.locator("input[name=meant]").first.check()
    hand.page.locator("select[name=precision-0]").select_option("exact")
    for name, text in {
        "first_on-0": "08.10.2008", "last_on-0": "09.10.2008", "starts-0": "10.00", "ends-0": "15.00",
        "new_venue-0": "Fjordhotellet", "capacity-0": "60",
    }.items():  # fmt: skip
        hand.write(name, text)
    hand.press("Save the draft")
    expect(hand.page.get_by_text("This is a draft")).to_be_visible()


def open_rooms(hand: Hand) -> None:
    """Two rooms at the new place, and back to the event."""
    event = hand.page.url
    hand.follow("Places")
    hand.follow("Fjordhotellet")
    for name, capacity in (("Storsalen", "80"), ("Lillesalen", "30")):
        hand.follow("New room")
        hand.write("name", name)
        hand.write("capacity", capacity)
        hand.press("Save")
    hand.page.goto(event)
    hand.seconds += A_LOOK


def write_programme(hand: Hand) -> None:
    """A welcome in the big room and a session of one's own choice in the small one."""
    hand.follow("Programme")
    for link, title, starts, ends, room in (
        ("Add the first session", "Velkommen", "10.00", "11.00", "Storsalen"),
        ("Add a session", "Mål som kan måles", "11.00", "12.00", "Lillesalen"),
    ):
        hand.follow(link)
        for code in ("nb", "nn", "en"):
            hand.write(f"title_{code}", title)
        hand.write("on", "08.10.2008")
        hand.write("starts", starts)
        hand.write("ends", ends)
        option = hand.page.locator("select[name=room] option").filter(has_text=room).first
        hand.page.locator("select[name=room]").select_option(option.get_attribute("value"))
        hand.press("Save")
    expect(hand.page.locator("table.rooms-and-times").first).to_contain_text("Velkommen")


def invite(hand: Hand) -> None:
    """Cohort II's project leaders are named as an audience, seen, and invited."""
    hand.follow("Invitations")
    hand.follow("Invite")
    hand.follow("Somebody else: make an audience")
    hand.tick("Cohort II" if hand.page.get_by_label("Cohort II", exact=True).count() else "Pulje II")
    hand.tick("Project leaders")
    hand.write("name", "Project leaders of cohort II")
    hand.press("Save")
    hand.tick("Project leaders of cohort II")
    hand.press("See who gets it")
    expect(hand.page.get_by_text("Anne Ny").first).to_be_visible()
    hand.press("Yes, invite them")
