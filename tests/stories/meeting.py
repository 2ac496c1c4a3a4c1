"""Given-data of the stories: a closed meeting of the demo's steering group, with an agenda and minutes that are out."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from eventsys.demo.mails import read_mail
from tests.stories.browsing import wait_for_mails
from tests.stories.serving import Site

GROUP = "den-administrative-styringsgruppen"
MEMBER = "wenche.moselidal@departementet.example"


def hold(page: Page, site: Site) -> dict[str, str]:
    """The meeting's address, one item of its agenda, and the token of a member's link, which came by mail."""
    page.goto(f"{site.base}/manage/groups/{GROUP}/meetings/new")
    for name, value in {"first_on": "16.09.2008", "starts": "10.00", "ends": "12.00", "count": "1"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form .actions button").last.click()
    page.wait_for_url(f"{site.base}/manage/groups/{GROUP}/meetings")
    links = [link.get_attribute("href") or "" for link in page.locator("main td a[href$='/agenda']").all()]
    meeting = f"{site.base}{links[-1].removesuffix('/agenda')}"
    page.goto(f"{meeting}/agenda")
    page.locator("main [name=title]").fill("Godkjenning av referat")
    page.locator("main section form button").click()
    edit = page.locator("main a[href$='/edit'][href*='/agenda/']").first.get_attribute("href") or ""
    page.goto(f"{meeting}/minutes")
    page.locator("main form .actions button").last.click()
    page.locator("main button[name=state][value=out]").click()
    page.locator("main button[name=state][value=approved]").wait_for()
    mail = wait_for_mails(page, site.base, MEMBER, 2)[0][1]
    read = read_mail(site.mails, mail.rpartition("/")[2])
    assert read is not None
    link = re.search(r"/groups/([\w-]{43})", read.text)
    assert link is not None, read.text
    return {"meeting": meeting.rpartition("/")[2], "agenda_item": edit.split("/")[-2], "group_link": link[1]}
