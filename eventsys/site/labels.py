"""What the site's documents and orders are called on pages."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys.site.rules import DocumentKind, OrderState

DOCUMENT_KINDS = {
    DocumentKind.DOCUMENT: _l("Document"),
    DocumentKind.BROCHURE: _l("Brochure"),
    DocumentKind.TALK: _l("Talk"),
}
ORDER_STATES = {
    OrderState.RECEIVED: _l("Not sent yet"),
    OrderState.SENT: _l("Sent"),
    OrderState.DECLINED: _l("Declined"),
}
ORDER_COLOURS = {OrderState.RECEIVED: "warning", OrderState.SENT: "success", OrderState.DECLINED: "neutral"}


def tell_publication(published_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Whether visitors see a thing of the site, and the colour in which its organisers read that."""
    if published_at is None:
        return _("Draft"), "warning"
    return (_("Published"), "success") if published_at <= now else (_("Comes out later"), "info")
