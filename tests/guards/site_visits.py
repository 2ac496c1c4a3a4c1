"""What each organiser has on the web site, and where: news, a document that can be ordered, an order, somebody to call."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.organisations.rules import search_words
from eventsys.site.contacts import actions as contacts
from eventsys.site.library import actions as library
from eventsys.site.models import ContactPerson
from eventsys.site.news import actions as news
from eventsys.site.orders import actions as orders
from eventsys.site.rules import ContactFacts, DocumentFacts, DocumentKind, NewsFacts, OrderFacts
from tests.world import NOW


def add_site_things(session: Session, organiser_id: int, marker: str) -> None:
    """News that is out and news that is not, a brochure that somebody has ordered, and a contact person."""
    for title, out in (("nyhet", NOW), ("kladd", None)):
        news.add(
            session,
            organiser_id=organiser_id,
            facts=NewsFacts({"nb": f"{marker}-{title}"}, {"nb": "Tekst"}, out),
            now=NOW,
        )
    facts = DocumentFacts(DocumentKind.BROCHURE, {"nb": f"Brosjyre {marker}"}, {}, True, 100, NOW)
    document = library.add(session, organiser_id=organiser_id, facts=facts, now=NOW)
    library.add_version(session, document, language="nb", name="brosjyre.txt", content=b"Brosjyre", now=NOW)
    wanted = OrderFacts(40, "nb", f"{marker}-person", "", "Gata 1\n0001 Oslo", "bestiller@kommune.example")
    orders.order(session, document, facts=wanted, form_token=marker, now=NOW)
    contacts.add(session, organiser_id=organiser_id, facts=ContactFacts(f"Rådgiver {marker}", {}, "", ""))


def site_values(organiser_id: int, marker: str) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""
    (word,) = search_words(marker)
    person = db.session.scalar(sa.select(ContactPerson.public_id).where(ContactPerson.organiser_id == organiser_id))
    document = {"slug": f"brosjyre-{word}", "code": "nb"}
    return {
        "site.news_item": {"slug": f"{word}-nyhet"},
        **{f"site.{endpoint}": document for endpoint in ("document_file", "new_order", "create_order")},
        **{
            f"workspace.{endpoint}": {"slug": f"{word}-kladd"}
            for endpoint in ("edit_news", "update_news", "confirm_news_removal", "remove_news")
        },
        **{
            f"workspace.{endpoint}": document
            for endpoint in ("edit_site_document", "update_site_document", "own_document_file")
        },
        **{f"workspace.{verb}_contact_person": {"public_id": person} for verb in ("edit", "update", "move", "remove")},
    }
