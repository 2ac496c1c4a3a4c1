"""Organisations and people in a browser: a list with a wrong line, two municipalities that merge, a person who is there
twice, and Unio's representatives; each page looked at by machine on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browsing import sign_in
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, demo
from tests.stories.test_accessibility import faults, scrolls_sideways

LIST = """Nummer;Navn;Fylke;E-post;Målform
0821;Bø;Telemark;postmottak@bo.example;nynorsk
1598;Nyby;Møre og Romsdal;post@nyby.example;
82;Feil;;;
"""
REPRESENTATIVES = """Navn;E-post;Forbund;Kommune
Kari Prøvedal;kari@forbund.example;Forskerforbundet;0301
Ola Prøvehaug;ola@forbund.example;Ukjent forbund;0301
"""
UNIO = "Torbjørn Rognhaugen"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo(tmp_path_factory.mktemp("registers")) as site:
        yield site


def look(page: Page, picture: str) -> None:
    """The page as it is has no fault that a machine can find, in any look, and fits the narrowest phone."""
    size = page.viewport_size
    assert (faults(page, picture), scrolls_sideways(page)) == ([], False)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size or {"width": 1280, "height": 900})


def test_an_adviser_imports_merges_and_lets_two_municipalities_become_one(
    site: Site, open_browser: OpenBrowser
) -> None:
    page = open_browser("en-GB")
    page.goto(f"{site.base}/")
    sign_in(page, site.base)
    import_organisations(page, site)
    merge_municipalities(page, site)
    merge_people(page, site)
    end_a_role(page, site)


def import_organisations(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/manage/organisations")
    page.get_by_role("link", name="Import a list").click()
    page.get_by_label("or lines pasted from a spreadsheet").fill(LIST)
    page.get_by_label("Source of the language forms").fill("Språkrådet")
    page.get_by_role("button", name="Check the lines").click()
    expect(page.get_by_role("heading", name="1 line must be mended")).to_be_visible()
    look(page, "list-check")
    page.get_by_role("button", name="Import the 2 good lines").click()
    expect(page.get_by_text("The list is imported: 1 new, 1 changed, 0 as they were, 1 left out.")).to_be_visible()


def merge_municipalities(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/manage/organisations/succession")
    fields = {
        "ending-0": "0821",
        "ending-1": "0822",
        "new_name": "Midtby",
        "new_number": "0899",
        "new_county": "Telemark",
    }
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="See what goes over").click()
    expect(page.get_by_role("heading", name="0899 Midtby comes after them")).to_be_visible()
    look(page, "succession")
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.get_by_role("heading", name="Midtby")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Came after")
    look(page, "organisation")


def merge_people(page: Page, site: Site) -> None:
    """The first two of the list, as if they were one."""
    page.goto(f"{site.base}/manage/people")
    names = [link.inner_text() for link in page.locator("main tbody th a").all()[:2]]
    page.get_by_role("link", name=names[0]).first.click()
    page.get_by_role("link", name="Merge with somebody").click()
    page.locator("main").get_by_label("Name or address").fill(names[1])
    page.locator("main").get_by_role("button", name="Find").click()
    look(page, "merge-choice")
    page.get_by_role("button", name=re.compile("See what would happen")).first.click()
    expect(page.get_by_role("heading", name=f"Merge into {names[0]}?")).to_be_visible()
    look(page, "merge-preview")
    page.get_by_role("button", name="Yes, they are one person").click()
    expect(page.get_by_text(f"They are one person now: {names[0]}.")).to_be_visible()
    look(page, "person")


def end_a_role(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/manage/organisations?own=1")
    page.locator("main tbody th a").first.click()
    page.get_by_role("link", name=re.compile("Days")).first.click()
    look(page, "position")
    page.get_by_role("button", name=re.compile("End it today")).click()
    expect(page.get_by_text("1 earlier")).to_be_visible()


def test_unio_imports_reads_and_erases_its_representatives(site: Site, open_browser: OpenBrowser) -> None:
    page = open_browser("en-GB")
    page.goto(f"{site.base}/dev/?lang=en")
    page.get_by_role("button", name=UNIO).click()
    page.wait_for_url(f"{site.base}/manage/")
    page.goto(f"{site.base}/manage/people")
    page.get_by_role("link", name="Representatives").click()
    expect(page.locator("main")).not_to_contain_text(".example")
    page.get_by_role("link", name="Import a list").click()
    page.get_by_label("or lines pasted from a spreadsheet").fill(REPRESENTATIVES)
    look(page, "representatives-import")
    page.get_by_role("button", name="Check the lines").click()
    expect(page.get_by_text("«Ukjent forbund» is none of your unions")).to_be_visible()
    look(page, "representatives-check")
    page.get_by_role("button", name="Import the 1 good line").click()
    page.get_by_label("Name or municipality").fill("prøvedal")
    page.get_by_role("button", name="Show names").click()
    expect(page.get_by_text("1 representative. It is noted that you read it now.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("kari@forbund.example")
    look(page, "representatives")
    page.get_by_role("link", name=re.compile("Erase.*Forskerforbundet")).click()
    look(page, "representatives-erase")
    page.get_by_role("button", name="Yes, erase them").click()
    expect(page.get_by_text(re.compile(r"representatives? (is|are) erased"))).to_be_visible()
