"""Each shipped text in each language, from a real worker over SMTP: read back by the standard library, seen in a browser."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from eventsys.extensions import db
from eventsys.mailing.templates import FOLDER
from tests.faults.letters import BY_TIME, CALENDARS, LANGUAGES, TEMPLATES, Letter, address_of, send_all
from tests.mailing.sink import parse
from tests.stories.conftest import ARGUMENTS, CHROMIUM
from tests.tables import empty
from tests.world import NOW

ONCE = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
    "Auto-Submitted",
)
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 800, "height": 600}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 800, "height": 600}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 640}, "color_scheme": "light", "device_scale_factor": 2},
}
EVERY = [(template, language) for template in TEMPLATES for language in LANGUAGES]
AT_THE_BOTTOM = "http://127.0.0.1:5000/"
"""The site, below each mail's HTML."""
Letters = dict[tuple[str, str], Letter]


@pytest.fixture(scope="module")
def letters(sqlite_app: Flask) -> Iterator[Letters]:
    with sqlite_app.app_context():
        yield send_all(sqlite_app)
        db.session.remove()
        empty(db.engine)


@pytest.fixture(params=EVERY, ids="-".join)
def which(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A text and a language."""
    found: tuple[str, str] = request.param
    return found


def types_of(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def content_of(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content.replace("\r\n", "\n")


def test_every_text_that_ships_is_among_the_letters() -> None:
    assert {path.name.split(".")[0] for path in FOLDER.glob("*.md")} == {*TEMPLATES}


def test_its_structure_is_text_then_html_then_the_calendar(letters: Letters, which: tuple[str, str]) -> None:
    message = parse(letters[which].content)
    both = ["multipart/alternative", "text/plain", "text/html"]
    with_calendar = ["multipart/mixed", *both, "text/calendar", "application/ics"]
    assert types_of(message) == (with_calendar if which[0] in CALENDARS else both)
    assert [part.defects for part in message.walk() if part.defects] == []


def test_its_bytes_are_what_every_mail_server_takes(letters: Letters, which: tuple[str, str]) -> None:
    content = letters[which].content
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_its_header_has_each_field_once_and_says_who_when_and_in_which_language(
    letters: Letters, which: tuple[str, str]
) -> None:
    letter = letters[which]
    message = parse(letter.content)
    assert {name: len(message.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert message["To"].addresses[0].addr_spec == address_of(*which)
    assert abs((parsedate_to_datetime(message["Date"]) - NOW).total_seconds()) < 120
    said = (message["Message-ID"], message["Content-Language"], message["Auto-Submitted"])
    assert tuple(map(str, said)) == (f"<{letter.message_id}>", which[1], "auto-generated")


def test_it_can_be_unsubscribed_from_unless_it_answers_what_its_reader_did(
    letters: Letters, which: tuple[str, str]
) -> None:
    message = parse(letters[which].content)
    if which[0] not in (*BY_TIME, "materials_published"):
        assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == (None, None)
        return
    assert str(message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    link = str(message["List-Unsubscribe"]).removeprefix("<").removesuffix(">")
    assert re.fullmatch(r"http://127\.0\.0\.1:5000/unsubscribe/[\w-]{43}", link)
    assert link in content_of(message, "plain")


def test_its_text_and_its_html_say_the_same_with_nothing_left_to_fill_in(
    letters: Letters, which: tuple[str, str]
) -> None:
    message = parse(letters[which].content)
    plain, html = content_of(message, "plain"), content_of(message, "html")
    assert re.findall(r"\{\w+\}", f"{message['Subject']}{plain}{html}") == []
    assert f'lang="{which[1]}"' in html
    said = {*re.findall(r"https?://[^\s<>\"')]+", plain)}
    linked = {*re.findall(r'href="(https?://[^"]+)"', html)}
    assert said <= linked <= said | {AT_THE_BOTTOM}


def test_its_calendar_part_is_the_entry_of_the_feeds_twice_the_same(letters: Letters, which: tuple[str, str]) -> None:
    if which[0] not in CALENDARS:
        return
    letter = letters[which]
    parts = [
        part for part in parse(letter.content).walk() if part.get_content_type() in ("text/calendar", "application/ics")
    ]
    inline, attached = parts
    assert inline.get_param("method") == CALENDARS[which[0]]
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True)
    calendar: Any = icalendar.Calendar.from_ical(attached.get_payload(decode=True))  # type: ignore[arg-type]
    [entry] = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), str(entry["ATTENDEE"])) == (CALENDARS[which[0]], f"mailto:{address_of(*which)}")
    if which[0] not in ("run_cancelled", "moved_from"):
        assert str(entry["UID"]) == letter.uid
    assert int(entry["SEQUENCE"]) >= 0
    assert entry["DTSTAMP"].dt.tzinfo is not None


# --- in the browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize("look", LOOKS)
def test_it_looks_right_and_asks_nobody_for_anything(
    letters: Letters, browser: Browser, tmp_path: Path, look: str
) -> None:
    """Pictures of each text, in a language by turns; kept in the folder that ARTEFACTS names."""
    context = browser.new_context(**LOOKS[look], java_script_enabled=True, reduced_motion="reduce")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    too_wide = []
    for place, template in enumerate(TEMPLATES):
        language = LANGUAGES[place % len(LANGUAGES)]
        page.set_content(content_of(parse(letters[template, language].content), "html"))
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            too_wide.append(template)
        page.screenshot(path=tmp_path / f"{template}.{language}.{look}.png", full_page=True)
    context.close()
    assert (too_wide, asked) == ([], [])
    if os.environ.get("ARTEFACTS"):
        shutil.copytree(tmp_path, Path(os.environ["ARTEFACTS"]) / "mails", dirs_exist_ok=True)
