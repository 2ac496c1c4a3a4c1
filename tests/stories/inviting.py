"""An audience and an invitation in the demo, for the pages that show them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.stories.browsing import wait_for_mails
from tests.stories.serving import Site

ADDRESS = "invitert@bo-telemark.example"


def invite(page: Page, site: Site, seminar: str) -> dict[str, str]:
    """The contacts of the seminar's cohort are an audience, which is invited; the link that one of them got."""
    add_contact(page, site)
    page.goto(f"{site.base}/manage/audiences/new?event={seminar}")
    page.get_by_role("checkbox", name="Kontaktpersoner").first.check()
    page.locator("#name").fill("Kontaktpersoner")
    page.locator("button[name=do][value=save]").click()
    page.wait_for_url("**/invitations/new?**")
    audience = page.url.rpartition("audience=")[2]
    page.locator(f"input[name=whom][value='{audience}']").check()
    page.locator("input[name=when][value=later]").check()
    expect(page.locator("#on")).to_be_visible()
    page.locator("input[name=when][value=now]").check()
    expect(page.locator("#on")).to_be_hidden()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/invitations/check")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**/{seminar}/invitations")
    mails = wait_for_mails(page, site.base, ADDRESS, 2)
    link = next(found for _subject, mail in mails if (found := find_link(page, mail)))
    return {"audience": audience, "invitation": link}


def add_contact(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/manage/contacts")
    form = page.locator("form[action$='/contacts']")
    form.locator("[name=name]").fill("Ingrid Viterud")
    form.locator("[name=email]").fill(ADDRESS)
    form.locator("[name=organisation]").fill("Bø (Telemark)")
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()


def find_link(page: Page, mail: str) -> str:
    page.goto(mail)
    found = re.search(r"/invitations/([\w-]{43})", page.content())
    return found[1] if found else ""
