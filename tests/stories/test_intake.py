"""An intake: two who decide at one moment; letters that somebody reads and sends, each in its form of the language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.accounts.models import Account
from eventsys.demo.mails import list_mails
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Application
from tests import world
from tests.programmes.intake.given import Given
from tests.stories import browsing
from tests.stories.browsing import wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation

CEILING = 3
ARCHIVE = "arkiv@program.example"
MAILBOXES = [f"post{place}@kommune.example" for place in range(4)]
AT_ONCE = "form => setTimeout(() => form.requestSubmit(), 300)"


@pytest.fixture
def given(app: Flask) -> Given:
    """Four applications and room for three; the first and the last are of bokmål, the second of nynorsk."""
    given = Given(world.build(), ceiling=CEILING, sent=4)
    with transaction() as session:
        for mailbox, application_id in zip(MAILBOXES, given.applications, strict=True):
            whose = session.get_one(Application, application_id).organisation_id
            session.get_one(Organisation, whose).email = mailbox
        session.get_one(Organiser, given.world.secretariat).archive_email = ARCHIVE
    return given


@pytest.fixture
def site(given: Given, database_url: str) -> Iterator[Site]:
    with installation(database_url) as site:
        yield site
    for address in (*MAILBOXES, ARCHIVE):
        for mail in list_mails(site.mails, address=address):
            (site.mails / f"{mail.name}.eml").unlink()


def test_two_decide_at_the_same_moment_and_letters_go_in_each_form(
    app: Flask, site: Site, given: Given, open_browser: OpenBrowser
) -> None:
    pages = [open_browser("en-GB"), open_browser("en-GB", viewport={"width": 390, "height": 844})]
    for page, account_id in zip(pages, given.deciders, strict=True):
        db.session.rollback()
        browsing.enter(page, site.base, db.session.get_one(Account, account_id), app)
    first, second = pages
    choose(first, site, {"Kommune 00": "Admitted", "Kommune 01": "Admitted"})
    choose(second, site, {"Kommune 02": "Admitted", "Kommune 03": "Admitted"})
    for page in pages:
        page.locator("form[action$='/decisions']").evaluate(AT_ONCE)
    for page in pages:
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Before you decide")
    refused = [page for page in pages if page.get_by_text("There is room for 1 more.").count()]
    assert (len(refused), sorted(given.states())) == (1, ["admitted", "admitted", "sent", "sent"])

    decide_on_the_rest(first, site, given)
    assert sorted(given.states()) == ["admitted", "admitted", "admitted", "declined"]
    read_and_send(first, site)
    sent = {address: wait_for_mails(first, site.base, address, 1)[0][0] for address in MAILBOXES}
    assert [sent[MAILBOXES[0]].startswith("Svar på søknad"), sent[MAILBOXES[1]].startswith("Svar på søknad")] == [
        True
    ] * 2
    bodies = {address: read_mail(first, site, address) for address in MAILBOXES}
    assert ["Kommune 00" in bodies[MAILBOXES[0]], "søknaden dykkar" in bodies[MAILBOXES[1]]] == [True, True]
    assert len(wait_for_mails(first, site.base, ARCHIVE, 4)) == 4
    first.goto(f"{site.base}/manage/calls/utlysing/letters")
    expect(first.get_by_role("button", name="Send those that are ready")).to_have_count(0)
    assert first.locator("input[name=letter]").count() == 0


def choose(page: Page, site: Site, outcomes: dict[str, str]) -> None:
    """Up to the page that says what it comes to."""
    page.goto(f"{site.base}/manage/calls/utlysing/intakes/1?show=all")
    for name, outcome in outcomes.items():
        page.get_by_label(f"{name}: Outcome").select_option(outcome)
    page.get_by_role("button", name="See what this comes to").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you decide")


def decide_on_the_rest(page: Page, site: Site, given: Given) -> None:
    """One more is admitted, and the last declined, with grounds in both forms."""
    page.goto(f"{site.base}/manage/calls/utlysing/intakes/1?show=all")
    rows = page.get_by_role("combobox")
    assert rows.count() == 2
    rows.nth(0).select_option("Admitted")
    rows.nth(1).select_option("Refusal")
    page.get_by_role("button", name="See what this comes to").click()
    expect(page.locator(".ds-error-summary")).to_be_visible()
    page.get_by_label("Bokmål").fill("Målene kan ikke måles.")
    page.get_by_label("Nynorsk").fill("Måla kan ikkje målast.")
    page.get_by_role("button", name="See what this comes to").click()
    page.get_by_role("button", name="Decide on 2").click()
    page.wait_for_url("**/decisions")


def read_and_send(page: Page, site: Site) -> None:
    """Each letter is looked at and found good; then all are sent, after one was asked."""
    page.goto(f"{site.base}/manage/calls/utlysing/letters")
    page.get_by_role("button", name="Draft 4 letters").click()
    page.locator("table.people tbody th a").first.click()
    for number in range(1, 5):
        expect(page.get_by_text(f"{number} of 4")).to_be_visible()
        expect(page.frame_locator("iframe.letter-frame").get_by_role("heading").first).to_be_visible()
        page.get_by_role("button", name="Mark as ready").click()
        expect(page.get_by_role("button", name="A draft again")).to_be_visible()
        if number < 4:
            page.get_by_role("link", name="The next one").click()
    page.goto(f"{site.base}/manage/calls/utlysing/letters")
    page.get_by_role("button", name="Send those that are ready").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send 4 letters")
    page.get_by_role("button", name="Send them").click()
    expect(page.get_by_text("4 letters are on their way.")).to_be_visible()


def read_mail(page: Page, site: Site, address: str) -> str:
    ((_subject, mail),) = wait_for_mails(page, site.base, address, 1)
    return page.request.get(mail).text()
