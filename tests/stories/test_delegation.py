"""Five colleagues signed up by their municipality's contact, one of whom fills in the rest on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.accounts import actions as accounts
from eventsys.accounts.rules import MemberRole
from eventsys.demo.mails import list_mails, read_mail
from eventsys.events.models import Event
from eventsys.extensions import transaction
from eventsys.registrations.questions.actions import add_shipped_questions
from tests import world
from tests.stories import browsing
from tests.stories.browsing import SECRETARY, wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation
from tests.world import NOW

CONTACT, TURID = "nils.bekkelid@bo-telemark.example", "turid.myrvang@bo-telemark.example"
COLLEAGUES = """\
Turid Myrvang; turid.myrvang@bo-telemark.example; politician
Per Lislid; ; administration
Berit Haugmo; ; administration
Anders Vatnelid; ; employee representative
Siri Kvernmo; ; administration
"""
NAMES = ["Anders Vatnelid", "Berit Haugmo", "Per Lislid", "Siri Kvernmo", "Turid Myrvang"]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def site(app: Flask, database_url: str) -> Iterator[Site]:
    """A seminar on two dates that asks about food and access; nobody is signed up, and Bø has no contact."""
    places = world.build(capacity=10)
    with transaction() as session:
        accounts.add(
            session, email="solveig@program.example", key="solveig@program.example", name=SECRETARY,
            organiser_id=places.secretariat, role=MemberRole.OWNER, language="en", now=NOW,
        )  # fmt: skip
        add_shipped_questions(session, session.get_one(Event, places.events["seminar"].id), now=NOW)
    with installation(database_url) as site:
        yield site
    for address in (CONTACT, TURID):
        for mail in list_mails(site.mails, address=address, limit=1000):
            (site.mails / f"{mail.name}.eml").unlink()


def test_five_are_signed_up_by_a_contact_and_one_fills_in_the_rest_on_a_phone(
    site: Site, open_browser: OpenBrowser
) -> None:
    secretary, contact = open_browser("en-GB"), open_browser("en-GB")
    phone = open_browser("nn-NO", **PHONE)

    make_contact(secretary, site)
    ((_subject, mail),) = wait_for_mails(contact, site.base, CONTACT, 1)
    page = link_in(site, mail, "organisations/0821/contacts")
    contact.goto(page)
    expect(contact.locator("section[aria-labelledby=missing]")).to_contain_text("Læringsseminar 2")
    sign_up_five(contact)
    assert list_names(contact) == NAMES

    mails = wait_for_mails(contact, site.base, CONTACT, 2)
    listed = read_text(site, mails[0][1])
    assert [name for name in NAMES if name not in listed] == []
    ((_subject, mail),) = wait_for_mails(phone, site.base, TURID, 1)
    phone.goto(link_in(site, mail, "registrations"))
    fill_in_the_rest(phone)

    contact.goto(page)
    coming = contact.locator("section[aria-labelledby=coming]")
    expect(coming).to_contain_text("5 places")
    expect(coming).to_contain_text("politician: 1 · administration: 3 · employees: 1")
    expect(contact.locator("main")).not_to_contain_text("nøtter")
    find_again(contact, site)


def make_contact(secretary: Page, site: Site) -> None:
    """The organiser knows who the municipality's contact is, and says so."""
    browsing.sign_in(secretary, site.base)
    secretary.get_by_role("link", name="People", exact=True).click()
    secretary.get_by_role("link", name="Contacts").click()
    form = secretary.locator("section[aria-labelledby=add]")
    form.get_by_role("combobox", name="Municipality").fill("0821")
    expect(form.get_by_role("option")).to_have_count(1)
    form.get_by_role("option").click()
    form.get_by_label("Name").fill("Nils Bekkelid")
    form.get_by_label("E-mail").fill(CONTACT)
    form.get_by_role("button", name="Add the contact").click()
    expect(secretary.get_by_text("Nils Bekkelid is contact now.")).to_be_visible()


def sign_up_five(contact: Page) -> None:
    """From the contact's page, with a list pasted; who signs up is filled in already."""
    event = contact.locator("section[aria-labelledby=missing] article").filter(has_text="Læringsseminar 2")
    event.get_by_role("link", name="Sign up colleagues").click()
    expect(contact.get_by_label("Your name")).to_have_value("Nils Bekkelid")
    contact.get_by_role("radio", name="1–2 September 2008").first.check()
    contact.get_by_text("Paste a list").click()
    contact.get_by_label("The list").fill(COLLEAGUES)
    contact.get_by_role("button", name="Put them in the list").click()
    expect(contact.locator("fieldset.person")).to_have_count(5)
    contact.get_by_role("button", name="Sign them up").click()
    contact.wait_for_url(re.compile(r"/delegations/[\w-]{43}$"))


def list_names(contact: Page) -> list[str]:
    return sorted(contact.locator("main tbody th").all_inner_texts())


def fill_in_the_rest(phone: Page) -> None:
    """What only Turid knows, with her thumbs: what she does not eat, and how she gets in."""
    expect(phone.locator("h1")).to_have_text("Læringsseminar 2 (nn)")
    phone.locator("main a[href$='/details']").first.tap()
    phone.locator(".question textarea").first.fill("Eg treng ei rampe.")
    phone.locator(".question input[type=checkbox]").last.check()
    phone.locator(".question input[type=text]:visible").fill("Ikkje nøtter")
    browsing.photograph(phone, "delegation-phone")
    phone.locator("main form.stack button[type=submit]").tap()
    expect(phone.locator("main")).to_contain_text("Ikkje nøtter")
    expect(phone.locator("main")).to_contain_text("Eg treng ei rampe.")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]  # type: ignore[index]


def find_again(contact: Page, site: Site) -> None:
    """All that is registered under the contact's address, by a mailed link and a button."""
    contact.goto(f"{site.base}/me")
    contact.get_by_label("Your e-mail address").fill(CONTACT)
    contact.get_by_role("button", name="Send me a link").click()
    mails = wait_for_mails(contact, site.base, CONTACT, 3)
    contact.goto(link_in(site, mails[0][1], "me"))
    contact.get_by_role("button", name="See all of it").click()
    expect(contact.locator("section[aria-labelledby=delegations]")).to_contain_text("5 places")
    browsing.photograph(contact, "delegation-me")
    contact.get_by_role("link", name="Bø (Telemark)").click()
    expect(contact.get_by_role("heading", name="Who comes to what")).to_be_visible()


def read_text(site: Site, mail: str) -> str:
    """The text of a mail, given by its page."""
    read = read_mail(site.mails, mail.rpartition("/")[2])
    assert read is not None
    return read.text


def link_in(site: Site, mail: str, noun: str) -> str:
    """The first personal link of a kind in a mail."""
    found = re.search(rf"{site.base}/{noun}/[\w-]{{43}}", read_text(site, mail))
    assert found is not None, read_text(site, mail)
    return found[0]
