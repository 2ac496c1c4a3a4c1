"""A call in the demo that has been sent, another that is a draft, and the link that a municipality got."""

from __future__ import annotations

import sqlalchemy as sa
from playwright.sync_api import Page

from eventsys import create_app
from eventsys.extensions import db
from eventsys.programmes.cases.links import recipient_path
from eventsys.programmes.models import Call, CallRecipient
from tests.conftest import settings
from tests.stories.serving import Site

LETTER = {
    "subject_nb": "Bli med i {programme}", "body_nb": "Til {organisation}.\n\n[Svar her]({call_link})",
    "subject_nn": "Ver med i {programme}", "body_nn": "Til {organisation}.\n\n[Svar her]({call_link})",
}  # fmt: skip


def call_for_applications(page: Page, site: Site) -> dict[str, str]:
    """What the addresses of the pages of calls need."""
    draft, sent = (write_call(page, site, title) for title in ("Søk neste år", "Søk i år"))
    page.goto(f"{site.base}/manage/calls/{sent}/sending")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/manage/calls/{sent}")
    return {"call": sent, "call_draft": draft, "call_token": find_link(site, sent)}


def find_link(site: Site, slug: str) -> str:
    """The end of the link in the letter that the first municipality got."""
    secret = (site.mails.parent / "demo.secret").read_text()
    app = create_app(settings(f"sqlite:///{site.mails.parent}/demo.db", SECRET_KEY=secret))
    with app.app_context():
        statement = sa.select(CallRecipient).join(Call, Call.id == CallRecipient.call_id).where(Call.slug == slug)
        recipient = db.session.scalars(statement.order_by(CallRecipient.id).limit(1)).one()
        return recipient_path(slug, recipient).rpartition("/")[2]


def write_call(page: Page, site: Site, title: str) -> str:
    """The address of a draft with a letter."""
    page.goto(f"{site.base}/manage/calls/new")
    for code in ("nb", "nn"):
        page.locator(f"#title_{code}").fill(title)
        page.locator(f"[name=name_{code}-0]").fill("Opptak")
    page.locator("#closes_on").fill("15.12.2008")
    page.locator("[name=ceiling-0]").fill("50")
    page.locator("main button[name=do][value=save]").click()
    page.wait_for_url("**/letter")
    for name, text in LETTER.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("form.text-editor button[type=submit]").click()
    page.wait_for_url("**/letter")
    page.wait_for_selector("form[action$='/files']")
    return page.url.split("/")[-2]
