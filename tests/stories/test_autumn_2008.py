"""The autumn of 2008 from its announcement on: pasted, published, signed up for, moved, in the browser and the mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.demo.build import DATA
from eventsys.demo.mails import list_mails
from tests.stories import browsing
from tests.stories.browsing import Invitation, read_feed, read_invitation, wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.given import build_world
from tests.stories.serving import Site, installation

UNDERSTOOD = [
    (
        "Oppstart for pulje III",
        ["Thursday–Friday 28–29 August 2008", "Kickoff", "Cohort III", "Thon Hotel Oslo Airport new place"],
        [],
    ),
    (
        "Læringsseminar 2",
        [
            "Monday–Tuesday 1–2 September 2008\nTuesday–Wednesday 2–3 September 2008",
            "Learning seminar, number 2",
            "Cohort II",
            "Radisson SAS Plaza Oslo new place",
        ],
        [],
    ),
    (
        "Læringsseminar 3",
        ["Monday–Tuesday 8–9 September 2008", "Learning seminar, number 3", "Cohort I", "Venue to come"],
        ["No place is named. Set it when you know it."],
    ),
    (
        "Prosjektledersamling",
        [
            "Thursday–Friday 18–19 September 2008",
            "Project leaders' gathering",
            "Cohort III · Project leaders",
            "Venue to come",
        ],
        ["No place is named. Set it when you know it."],
    ),
    (
        "Lokale nettverkssamlinger",
        ["October 2008", "Network gathering", "The regional networks", "Venue to come"],
        [
            "Only the month is known. Set the days when you know them.",
            "No place is named. Set it when you know it.",
            "«nettverksamlinger» was read as «nettverkssamlinger».",
        ],
    ),
    (
        "Kvalitetskonferanse",
        ["Wednesday–Thursday 26–27 November 2008", "Conference", "Cohort I, II and III", "Oslo Plaza new place"],
        [],
    ),
    (
        "Unios konferanse for tillitsvalgte",
        [
            "Thursday–Friday 27–28 November 2008",
            "Conference",
            "Elected representatives in Unio",
            "Oslo Plaza new place",
        ],
        [],
    ),
]
ORGANISERS = ["Sekretariatet"] * 6 + ["Unio"]
CONFIRMED = "Læringsseminar 2, 2.–3. september: plassen er bekreftet"
CHANGED = "Læringsseminar 2, 3.–4. september: tid eller sted er endret"
# When each reminder, practical mail and thanks are due in UTC, and what the page says of it.
PLANNED = [
    ("2008-08-25T07:00", "Reminder about 1–2 September; nobody has a place yet"),
    ("2008-08-26T07:00", "Next: 1 person gets the reminder about 2–3 September"),
    ("2008-08-29T10:00", "Practical information about 1–2 September; nobody has a place yet"),
    ("2008-09-01T10:00", "1 person gets the practical information about 2–3 September"),
    ("2008-09-03T07:00", "Thanks about 1–2 September, to those who came"),
    ("2008-09-04T07:00", "Thanks about 2–3 September, to those who came"),
]
PLANNED_AFTER = [
    PLANNED[0],
    ("2008-08-27T07:00", "Next: 1 person gets the reminder about 3–4 September"),
    PLANNED[2],
    ("2008-09-02T10:00", "1 person gets the practical information about 3–4 September"),
    PLANNED[4],
    ("2008-09-05T07:00", "Thanks about 3–4 September, to those who came"),
]
PARTICIPANT = "kari.lyngmyrvoll@bo-telemark.example"


@pytest.fixture
def site(app: Flask, database_url: str) -> Iterator[Site]:
    """The site on the database under test; the mails of the story are taken away after it."""
    build_world()
    with installation(database_url) as site:
        yield site
    for mail in list_mails(site.mails, address=PARTICIPANT):
        (site.mails / f"{mail.name}.eml").unlink()


def test_the_autumn_is_announced_signed_up_for_and_moved(site: Site, open_browser: OpenBrowser) -> None:
    secretary, participant = open_browser("en-GB"), open_browser("nb-NO")
    feed = f"{site.base}/calendars/cohorts/pulje-ii.ics"
    browsing.sign_in(secretary, site.base)
    browsing.paste(secretary, (DATA / "activities-2008.txt").read_text(encoding="utf-8"))
    assert read_preview(secretary) == [
        (title, [*facts, organiser], remarks)
        for (title, facts, remarks), organiser in zip(UNDERSTOOD, ORGANISERS, strict=True)
    ]
    save_and_publish(secretary, "Læringsseminar 2")
    announced = read_feed(participant, feed)
    assert [entry[2:] for entry in announced] == [(0, "2008-09-01", "2008-09-03"), (0, "2008-09-02", "2008-09-04")]

    sign_up(participant, site.base)
    (confirmed,) = wait_for_mails(participant, site.base, PARTICIPANT, 1)
    confirmation = read_invitation(participant, confirmed[1])
    assert confirmation == ("REQUEST", announced[1].uid, 0, "2008-09-02", "2008-09-04")
    planned = read_planned(secretary, "Læringsseminar 2")

    open_event(secretary, "Læringsseminar 2")
    browsing.move_second_run(secretary, "1 person who is signed up gets a mail about it.")
    moved = read_feed(participant, feed)
    assert moved == [announced[0], Invitation("", announced[1].uid, moved[1].sequence, "2008-09-03", "2008-09-05")]
    assert moved[1].sequence > announced[1].sequence
    changed, _confirmed = wait_for_mails(participant, site.base, PARTICIPANT, 2)
    change = read_invitation(participant, changed[1])
    assert change == ("REQUEST", announced[1].uid, change.sequence, "2008-09-03", "2008-09-05")
    assert change.sequence > confirmation.sequence
    assert (confirmed[0], changed[0]) == (CONFIRMED, CHANGED)
    assert (planned, read_planned(secretary, "Læringsseminar 2")) == (PLANNED, PLANNED_AFTER)


def read_preview(page: Page) -> list[tuple[str, list[str], list[str]]]:
    """Each line as it was understood: its title, its facts, and what there is to look at."""
    lines = page.locator("main section.choice")
    expect(lines.first).to_be_visible()
    return [
        (
            line.locator(".name").inner_text(),
            line.locator(".facts dd").all_inner_texts(),
            line.locator(".remarks li").all_inner_texts(),
        )
        for line in lines.all()
    ]


def save_and_publish(page: Page, title: str) -> None:
    """Saves all seven as drafts and publishes one, which then takes registrations until it begins."""
    page.get_by_role("button", name="Save the chosen lines as drafts").click()
    expect(page.get_by_text("7 drafts are saved.")).to_be_visible()
    page.get_by_role("link", name=title).click()
    expect(page.get_by_text("closes when the event begins")).to_be_visible()
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("The event is published.")).to_be_visible()


def sign_up(page: Page, base: str) -> None:
    """From the front page to one's own registration, the municipality found with the keyboard."""
    page.goto(f"{base}/")
    page.get_by_role("link").filter(has_text="Meld på: Læringsseminar 2").click()
    browsing.fill_form(
        page, dates="2.–3. september 2008", name="Kari Lyngmyrvoll", email=PARTICIPANT,
        typed="bø", municipality="Bø (Telemark)",
    )  # fmt: skip
    expect(page.get_by_text("Dette arrangementet er for Bø (Telemark).")).to_be_visible()
    browsing.send_form(page)
    expect(page.get_by_text("Du har plass, Kari Lyngmyrvoll.")).to_be_visible()


def read_planned(page: Page, title: str) -> list[tuple[str, str]]:
    """When what is due about the event, from its mail page; what goes out as it happens is left out."""
    open_event(page, title)
    page.get_by_label("This event").get_by_role("link", name="Mail").click()
    lines = page.locator(".sentences li").filter(has_text="see who")
    expect(lines.first).to_be_visible()
    return [
        (
            str(line.locator("time").get_attribute("datetime"))[: len("2008-08-25T07:00")],
            line.locator("span").first.inner_text().partition(" see who")[0],
        )
        for line in lines.all()
    ]


def open_event(page: Page, title: str) -> None:
    page.get_by_label("Organiser menu").get_by_role("link", name="Events").click()
    page.get_by_role("link", name=title).click()
