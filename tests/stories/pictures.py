"""Makes the pictures in docs/pictures from a demo of its own: `python -m tests.stories.pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.guards.source import ROOT
from tests.stories.browsing import sign_in
from tests.stories.conftest import ARGUMENTS, CHROMIUM
from tests.stories.serving import demo

FOLDER = ROOT / "docs" / "pictures"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(locale="nb-NO", viewport={"width": 1280, "height": 960}, reduced_motion="reduce")
        page.goto(f"{site.base}/")
        page.screenshot(path=FOLDER / "front.png", full_page=True)
        sign_in(page, site.base)
        pass_time(page, "+1 uke", "+1 dag")
        page.screenshot(path=FOLDER / "mail.png")
        browser.close()


def pass_time(page: Page, *steps: str) -> None:
    """Presses buttons of the demo's clock, and waits for the mail that this makes due."""
    for step in steps:
        page.get_by_role("button", name=step).click()
    page.get_by_role("link", name="Læringsseminar 2").click()
    page.get_by_role("link", name="E-post").last.click()
    while not page.get_by_text("117 sendt").is_visible():
        page.reload()


if __name__ == "__main__":
    main()
