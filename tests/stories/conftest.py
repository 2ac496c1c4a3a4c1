"""One Chromium for the stories, which is the system's own: nothing is downloaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path(os.environ.get("CHROMIUM") or "/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
PATIENCE = 20_000

OpenBrowser = Callable[..., Page]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"The browser stories need Chromium at {CHROMIUM}: install it, or say in CHROMIUM where it is.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser) -> Iterator[OpenBrowser]:
    """Opens somebody's own browser: `open_browser("nb-NO")`. Errors in its console fail the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(locale: str, **settings: Any) -> Page:
        chosen = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **settings}
        context = chromium.new_context(locale=locale, **chosen)
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda message: note(complaints, message.type, message.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        opened.append(context)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()
    assert complaints == []


def note(complaints: list[str], kind: str, text: str) -> None:
    """Keeps what is wrong; a form that is answered 422 or 409 is said to be an error by the browser alone."""
    if kind in ("error", "warning") and not text.startswith(
        "Failed to load resource: the server responded with a status of 4"
    ):
        complaints.append(text)
