"""An owner asks a colleague to join, and the link of the mail that came."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from eventsys.demo.mails import read_mail
from tests.stories.browsing import wait_for_mails
from tests.stories.serving import Site

COLLEAGUE = "turid.bakkeli@program.example"


def ask_colleague(page: Page, site: Site) -> dict[str, str]:
    page.goto(f"{site.base}/manage/team")
    member = (page.locator("main td a").first.get_attribute("href") or "").rpartition("/")[2]
    page.locator("#name").fill("Turid Bakkeli")
    page.locator("#email").fill(COLLEAGUE)
    page.locator("section.invite button[type=submit]").click()
    ((_subject, address),) = wait_for_mails(page, site.base, COLLEAGUE, 1)
    mail = read_mail(site.mails, address.rpartition("/")[2])
    assert mail is not None
    found = re.search(r"/manage/team/join/(\S+)", mail.text)
    assert found is not None
    return {"colleague": member, "joining": found[1]}
