"""What the site's news, documents and orders may be. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

Translated = dict[str, str]

KEPT = timedelta(days=365)
"""How long an order that nobody has answered keeps its name and address."""
KEPT_AFTER = timedelta(days=90)
"""The same once it was sent or declined, in case a parcel comes back."""
MOST_ORDERS_AN_HOUR = 10
"""From one address; a school class that plays with the form stops here."""


class DocumentKind(enum.StrEnum):
    DOCUMENT = "document"
    BROCHURE = "brochure"
    TALK = "talk"


class OrderState(enum.StrEnum):
    """Of an order of brochures on paper."""

    RECEIVED = "received"
    SENT = "sent"
    DECLINED = "declined"


class EditedMeanwhile(Exception):
    """Somebody else saved the same thing since the form was opened."""


class NotOnPaper(Exception):
    """The document cannot be ordered."""


class TooManyCopies(Exception):
    """More than one order may have; `most` are allowed."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TooManyOrders(Exception):
    """The address has ordered too often in the last hour."""


@dataclass(frozen=True, slots=True)
class NewsFacts:
    """Title and Markdown text by language; seen by everybody from `published_at`, by nobody where that is null."""

    title: Translated
    text: Translated
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    kind: DocumentKind
    title: Translated
    summary: Translated
    on_paper: bool
    most_copies: int
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Who wants how many in which language, and where to; `postal_address` has line breaks."""

    copies: int
    language: str
    name: str
    organisation: str
    postal_address: str
    email: str


@dataclass(frozen=True, slots=True)
class ContactFacts:
    name: str
    title: Translated
    email: str
    phone: str


def may_become(state: OrderState, wanted: OrderState) -> bool:
    """Whether an order may go from one state to the other: what was answered stays so."""
    return state is OrderState.RECEIVED and wanted is not OrderState.RECEIVED
