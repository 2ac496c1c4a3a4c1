"""What the site's documents and orders may be. Pure."""

from __future__ import annotations

import enum


class DocumentKind(enum.StrEnum):
    DOCUMENT = "document"
    BROCHURE = "brochure"
    TALK = "talk"


class OrderState(enum.StrEnum):
    """Of an order of brochures on paper."""

    RECEIVED = "received"
    SENT = "sent"
    DECLINED = "declined"
