"""What feeds and their secret addresses can be, and which calendar program is which. Pure."""

from __future__ import annotations

import enum


class LinkKind(enum.StrEnum):
    """Whose secret calendar it is: of what is signed up under an address; of a contact's organisation; of who organises."""

    PERSONAL = "personal"
    CONTACT = "contact"
    ORGANISER = "organiser"


MOST_LINKS = 10
"""Addresses that somebody can have at once."""


class TooManyLinks(Exception):
    """There are `MOST_LINKS` already."""


class Client(enum.StrEnum):
    """The calendar programs that people know by name, as far as what they say of themselves tells."""

    GOOGLE = "google"
    OUTLOOK_WEB = "outlook_web"
    OUTLOOK = "outlook"
    APPLE = "apple"
    THUNDERBIRD = "thunderbird"
    OTHER = "other"


_SIGNS = (
    (Client.GOOGLE, ("google-calendar", "googlebot", "feedfetcher-google", "google.com")),
    (Client.OUTLOOK_WEB, ("microsoft.exchange", "exchange/", "office365", "hotmail", "outlook-web")),
    (Client.OUTLOOK, ("microsoft outlook", "microsoft office", "ms-office")),
    (Client.APPLE, ("dataaccessd", "calendaragent", "icloud", "accountsd", "remindd", "ios/", "macos/", "mac os x/")),
    (Client.THUNDERBIRD, ("thunderbird", "lightning")),
)
"""Reported by others who run feeds; in this order, the first that fits."""


def find_client(user_agent: str) -> Client:
    """Which program a User-Agent tells of."""
    said = user_agent.lower()
    return next((client for client, signs in _SIGNS if any(sign in said for sign in signs)), Client.OTHER)
