"""Every name that a mail's text may have in braces, what stands there when it is sent, and how it may be used."""

from __future__ import annotations

import enum


class Use(enum.StrEnum):
    """Where a placeholder may stand: in running text, as the address of a link, or as a link that may become several."""

    TEXT = "text"
    URL = "url"
    LINKS = "links"


PLACEHOLDERS: dict[str, tuple[Use, str]] = {
    "event": (Use.TEXT, "the event's title"),
    "short_date": (Use.TEXT, "its days without the year, as short as can be"),
    "when": (Use.TEXT, "its days with weekdays and, where they are set, clock times"),
    "place": (Use.TEXT, "the venue and its address, or that it is not set yet"),
    "before": (Use.TEXT, "when and where it was until it was moved"),
    "deadline": (Use.TEXT, "the last day to sign up, with its weekday"),
    "organisation": (Use.TEXT, "the organisation that the mail is to, or that its person comes from"),
    "lacking": (Use.TEXT, "the sides that the organisation has signed up nobody of"),
    "signed_up": (Use.TEXT, "who has signed up in the last day, with their organisations"),
    "signed_up_count": (Use.TEXT, "how many that is"),
    "who": (Use.TEXT, "the people that the mail is about, with their organisations"),
    "organiser": (Use.TEXT, "who arranges it"),
    "site": (Use.TEXT, "the name of the site"),
    "registrations": (Use.LINKS, "the personal page of each registration: see, change, cancel"),
    "event_link": (Use.URL, "the event's public page"),
    "participants_link": (Use.URL, "the organiser's page of who is coming"),
    "site_link": (Use.URL, "the site's front page"),
    "unsubscribe_link": (Use.URL, "no more reminders to this address"),
    "link": (Use.URL, "the link of a sign-in mail"),
}
