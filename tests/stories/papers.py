"""A paper and a speaker of the demo, for the pages that show them."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Page

from tests.stories.serving import Site


def put_up(page: Page, site: Site, seminar: str) -> dict[str, str]:
    """An invitation for everybody as a file; the first of those who speak."""
    page.goto(f"{site.base}/manage/events/{seminar}/materials/new")
    page.locator("#files").set_input_files(
        [FilePayload(name="Innbydelse.txt", mimeType="text/plain", buffer=b"Velkommen")]
    )
    page.locator("[name=access][value=everybody]").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/{seminar}/materials")
    paper = page.locator("main a[href*='/materials/'][href$='/edit']").first.get_attribute("href") or ""
    page.goto(f"{site.base}/manage/speakers")
    speaker = page.locator("main th a").first.get_attribute("href") or ""
    return {"material": paper.split("/")[-2], "speaker": speaker.rpartition("/")[2]}


def session_of(page: Page) -> str:
    """The session that was just saved: the table's address ends in it."""
    found = re.search(r"#session-([\w-]{36})$", page.url)
    assert found is not None, page.url
    return found[1]
