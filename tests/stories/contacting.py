"""A contact of Bø in the demo, somebody who asks to be one, and the links that they and a participant get by mail."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page

from eventsys.demo.mails import list_mails, read_mail
from tests.stories.browsing import MAIL_COMES_WITHIN
from tests.stories.serving import Site

CONTACT, NEW, MAILBOX = "nils.bekkelid@bo.example", "anders.lislid@bo.example", "arkiv@bo.example"
OWN_PAGES = r"/me/([\w-]{43})"


def find_links(page: Page, site: Site, address: str) -> dict[str, str]:
    """What opens the contact's page, one of its seats, the question about a new contact, and one's own pages; those of the
    address are opened in the browser."""
    send(page, f"{site.base}/manage/contacts", "add", organisation="0821", name="Nils Bekkelid", email=CONTACT)
    send(page, f"{site.base}/manage/contacts", "box", mailbox_of="0821", mailbox=MAILBOX)
    send(page, f"{site.base}/organisations/0821", "new", name="Anders Lislid", email=NEW)
    contact = read_link(site, CONTACT, r"/organisations/0821/contacts/([\w-]{43})")
    page.goto(f"{site.base}/organisations/0821/contacts/{contact}")
    seat = page.locator("main a[href*='/seats/']").first.get_attribute("href") or ""
    ask_for_own_pages(page, site, address)
    page.goto(f"{site.base}/me/{read_link(site, address, OWN_PAGES)}")
    page.locator("main form button").click()
    page.wait_for_url("**/me")
    ask_for_own_pages(page, site, CONTACT)
    return {
        "contact": contact,
        "contact_seat": seat.rpartition("/")[2],
        "contact_question": read_link(site, MAILBOX, r"/contacts/([\w-]{43})"),
        "own_pages": read_link(site, CONTACT, OWN_PAGES),
    }


def ask_for_own_pages(page: Page, site: Site, address: str) -> None:
    """From the page of a municipality, which has the form whatever is open in this browser."""
    send(page, f"{site.base}/organisations/0821", "known", email=address)
    page.wait_for_url("**/me/sent")


def send(page: Page, address: str, form: str, **values: str) -> None:
    """Fills in the form under a heading, by the names of its fields, and sends it."""
    page.goto(address)
    section = page.locator(f"section[aria-labelledby={form}]")
    for name, value in values.items():
        section.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        section.locator("button[type=submit]").click()


def read_link(site: Site, address: str, pattern: str) -> str:
    """What the pattern finds in the newest mail to the address that has it, once there is one."""
    until = time.monotonic() + MAIL_COMES_WITHIN
    while time.monotonic() < until:
        mails = [read_mail(site.mails, mail.name) for mail in list_mails(site.mails, address=address, limit=20)]
        found = [match[1] for mail in mails if mail and (match := re.search(pattern, mail.text))]
        if found:
            return found[0]
        time.sleep(0.3)
    raise TimeoutError(pattern)
