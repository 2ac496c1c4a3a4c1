"""A delegation that lacks the employees' side gets the mail, and its one link mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.accounts import actions as accounts
from eventsys.accounts.rules import MemberRole
from eventsys.demo.mails import list_mails, read_mail
from eventsys.events.models import Run
from eventsys.extensions import transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions import actions as positions
from eventsys.registrations.rules import Side
from eventsys.workflows.actions.switching import add_rule, make_key
from eventsys.workflows.rulefacts import RuleFacts, Scope
from eventsys.workflows.rules import Audience, Trigger
from tests import world
from tests.obligations.promises import SIDES, add_obligation
from tests.stories.browsing import SECRETARY, sign_in, wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, installation
from tests.stories.test_accessibility import faults, scrolls_sideways
from tests.workflows import rows
from tests.world import NOW

CONTACT = "nils.bekkelid@bo-telemark.example"


@pytest.fixture
def site(app: Flask, database_url: str) -> Iterator[Site]:
    """Bø has promised to come with all sides, and signed up a politician and somebody of the administration; a rule writes
    to the contacts of those who lack somebody, a quarter past eight."""
    places = world.build(capacity=10)
    with transaction() as session:
        accounts.add(
            session, email="solveig@program.example", key="solveig@program.example", name=SECRETARY,
            organiser_id=places.secretariat, role=MemberRole.OWNER, language="en", now=NOW,
        )  # fmt: skip
        municipality = session.get_one(Organisation, places.municipalities["0821"])
        positions.add_contact(session, municipality, name="Nils Bekkelid", email=CONTACT, on=NOW.date(), now=NOW)
        seminar = places.events["seminar"]
        run = session.get_one(Run, seminar.runs[0].id)
        for side in SIDES[:2]:
            rows.register(session, run, organisation=municipality, side=side, noticed=True)
        add_obligation(session, places, sides=SIDES, required=1)
        facts = RuleFacts(Trigger.ABSOLUTE, "lacking", Audience.CONTACTS_LACKING, at_local=datetime(2008, 8, 18, 8, 0))
        add_rule(session, Scope(places.secretariat, event_id=seminar.id), facts, key=make_key(), now=NOW)
    with installation(database_url) as site:
        yield site
    for mail in list_mails(site.mails, address=CONTACT, limit=1000):
        (site.mails / f"{mail.name}.eml").unlink()


def test_a_delegation_without_employees_is_told_and_one_link_mends_it(site: Site, open_browser: OpenBrowser) -> None:
    secretary, contact = open_browser("en-GB"), open_browser("nb-NO")
    ((_subject, mail),) = wait_for_mails(contact, site.base, CONTACT, 1)
    read = read_mail(site.mails, mail.rpartition("/")[2])
    assert read is not None
    assert "men vi savner tillitsvalgte." in read.text
    (link,) = re.findall(rf"{site.base}/events/\S+/delegations/new\?\S+", read.text)
    contact.goto(link)
    mend(contact)
    sign_in(secretary, site.base)
    secretary.goto(f"{site.base}/manage/programmes/program/matrix")
    row = secretary.locator("table.matrix tbody tr", has_text="Bø (Telemark)")
    expect(row.locator("abbr").first).to_have_attribute("title", "To come: signed up")
    assert (faults(secretary, "matrix"), scrolls_sideways(secretary)) == ([], False)


def mend(contact: Page) -> None:
    """The line for the side that is missing is there already: a name, and it is done."""
    person = contact.locator("fieldset.person").first
    expect(person.locator("select")).to_have_value(Side.EMPLOYEE_REPRESENTATIVE.value)
    person.locator("[name=seat-1-name]").fill("Siri Kvernmo")
    contact.locator("[name=run]").first.check()
    contact.locator("main form button[value=sign_up]").click()
    contact.wait_for_url(re.compile(r"/delegations/[\w-]{43}$"))
    expect(contact.locator("main")).to_contain_text("Siri Kvernmo")
