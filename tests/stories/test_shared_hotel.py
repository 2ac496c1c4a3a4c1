"""Unio arranges its conference at the hotel where the quality conference is: it sees the shared day and the numbers, and
none of the other organiser's people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.stories import browsing
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, demo

OTHERS = "Kvalitetskonferanse"
SHARED = "27. november 2008"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo(tmp_path_factory.mktemp("hotel")) as site:
        yield site


def list_people(page: Page, site: Site, slug: str) -> list[str]:
    """The names in an event's list of participants; none where the page is not the reader's."""
    answer = page.goto(f"{site.base}/manage/events/{slug}/participants")
    if answer is None or answer.status != 200:
        return []
    return [name.inner_text().strip() for name in page.locator("main tbody th a").all()]


def test_unio_sees_the_shared_day_and_nobody_of_the_other_organisers(site: Site, open_browser: OpenBrowser) -> None:
    secretary, unio = open_browser("nb-NO"), open_browser("nb-NO")
    browsing.sign_in(secretary, site.base)
    theirs = list_people(secretary, site, "laeringsseminar-2-pulje-ii")
    assert theirs

    browsing.sign_in(unio, site.base, "Torbjørn Rognhaugen")
    expect(unio.get_by_text(SHARED).first).to_be_visible()
    expect(unio.get_by_text(OTHERS).first).to_be_visible()
    browsing.photograph(unio, "shared-hotel-unio")
    for address in (
        "/manage/", "/manage/events", "/manage/beds-and-chairs", "/manage/rooms?on=2008-11-27", "/manage/venues/oslo-plaza",
        f"/manage/search?q={theirs[0].split()[-1]}", "/manage/mail", "/manage/log",
    ):  # fmt: skip
        unio.goto(f"{site.base}{address}")
        page = unio.content()
        assert [name for name in theirs if name in page] == [], address
    assert list_people(unio, site, "laeringsseminar-2-pulje-ii") == []
    for slug in ("laeringsseminar-2-pulje-ii", "kvalitetskonferanse"):
        answer = unio.goto(f"{site.base}/manage/events/{slug}")
        assert answer is not None
        assert answer.status == 404
