"""What somebody who orders brochures is told: that the order has come, and that it was sent or cannot be."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from eventsys import texts
from eventsys.mailing import outbox, templates
from eventsys.organisers.models import Organiser
from eventsys.site.models import BrochureOrder, SiteDocument
from eventsys.site.rules import OrderState

TEMPLATES = {
    OrderState.RECEIVED: "brochure_ordered",
    OrderState.SENT: "brochure_sent",
    OrderState.DECLINED: "brochure_declined",
}


def send_word(
    session: Session, ordered: BrochureOrder, document: SiteDocument, *, path: str, reader: str, now: datetime
) -> None:
    """A mail in the language of the reader, due at once, about how the order stands. It is the organiser's own."""
    organiser = session.get_one(Organiser, ordered.organiser_id)
    base_url = current_app.config["BASE_URL"]
    template = TEMPLATES[ordered.state]
    title = texts.read(document.title, reader).value
    values = {
        "asked": f"{ordered.copies} × «{title}»",
        "organiser": organiser.name,
        "site": current_app.config["SITE_NAME"],
        "site_link": f"{base_url}/",
        "link": f"{base_url}{path}",
    }
    outbox.enqueue(
        session,
        organiser_id=organiser.id,
        reason_key=f"brochure/{ordered.public_id}/{ordered.state.value}",
        template=template,
        email=ordered.email,
        name=ordered.name,
        language=reader,
        due_at=now,
        now=now,
        content=templates.render(template, reader, values),
    )
