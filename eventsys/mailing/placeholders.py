"""Every name that a mail's text may have in braces, what stands there when it is sent, and how it may be used."""

from __future__ import annotations

import enum


class Use(enum.StrEnum):
    """Where a placeholder may stand: in running text, as the address of a link, as a link that may become several, or as
    what a list under a heading of its own becomes, of which an item need not be a link. The last two may be empty."""

    TEXT = "text"
    URL = "url"
    LINKS = "links"
    LIST = "list"


PLACEHOLDERS: dict[str, tuple[Use, str]] = {
    "event": (Use.TEXT, "the event's title"),
    "short_date": (Use.TEXT, "its days without the year, as short as can be"),
    "when": (Use.TEXT, "its days with weekdays and, where they are set, clock times"),
    "place": (Use.TEXT, "the venue and its address, or that it is not set yet"),
    "before": (Use.TEXT, "when and where it was until it was moved"),
    "deadline": (Use.TEXT, "the last day to sign up, with its weekday"),
    "names_by": (Use.TEXT, "the last day to say who comes, with its weekday"),
    "organisation": (Use.TEXT, "the organisation that the mail is to, or that its person comes from"),
    "lacking": (Use.TEXT, "the sides that the organisation has signed up nobody of"),
    "promise": (Use.TEXT, "what the organisation promised to take part in, and how often it did"),
    "at_risk": (Use.TEXT, "whom it has signed up nobody of for the gathering that it needs"),
    "signed_up": (Use.TEXT, "who has signed up in the last day, with their organisations"),
    "signed_up_count": (Use.TEXT, "how many that is"),
    "who": (Use.TEXT, "the people that the mail is about, with their organisations"),
    "status": (Use.TEXT, "how they stand: a place, a number on the waiting list"),
    "position": (Use.TEXT, "their numbers on the waiting list"),
    "offered_until": (Use.TEXT, "until when a place is offered"),
    "registrar": (Use.TEXT, "who signed them up"),
    "asked": (Use.TEXT, "what the organiser is asked for"),
    "decision": (Use.TEXT, "the organiser's answer, yes or no"),
    "name": (Use.TEXT, "the reader's name, or their organisation's"),
    "programme": (Use.TEXT, "the programme that a call is for"),
    "call_title": (Use.TEXT, "the call's title"),
    "call_deadline": (Use.TEXT, "the last moment to apply, with its weekday"),
    "case_number": (Use.TEXT, "the number of the case in the archive"),
    "cohort": (Use.TEXT, "the cohort that an organisation is admitted to"),
    "intake": (Use.TEXT, "the intake that was decided on"),
    "arrived": (Use.TEXT, "when the application arrived, to the second"),
    "supplement_by": (Use.TEXT, "the last day to send what is missing, with its weekday"),
    "organiser": (Use.TEXT, "who arranges it"),
    "site": (Use.TEXT, "the name of the site"),
    "registrations": (Use.LINKS, "the personal page of each registration: see, change, cancel"),
    "delegations": (Use.LINKS, "the page of all that its reader has signed up, one of each delegation"),
    "certificates": (Use.LINKS, "each certificate of attendance"),
    "invitations": (Use.LINKS, "the personal page of each invitation: come, decline, pass on"),
    "held_until": (Use.LIST, "until when a place is held for the invited"),
    "passed_by": (Use.LIST, "the colleague who passed the invitation on"),
    "materials": (Use.LIST, "the papers of the event that are out, each with its link"),
    "line": (Use.LIST, "what the organiser adds about a change"),
    "seats": (Use.LIST, "each seat and how it stands, with its page where it has no address of its own"),
    "dropped": (Use.LIST, "what was chosen and there was no room for"),
    "why": (Use.LIST, "the reason that was given"),
    "words": (Use.LIST, "what was written to the organiser"),
    "grounds": (Use.LIST, "why an application got the answer it got"),
    "attachments": (Use.LIST, "the files that go with the text, with a link each where they are too big together"),
    "letter_to": (Use.TEXT, "in a partner's copy: how many the letter went to, and at which organisations"),
    "event_link": (Use.URL, "the event's public page"),
    "mend_link": (Use.URL, "a contact's form that signs up whom is missing; the organisation's page for its mailbox"),
    "call_link": (Use.URL, "the call's page, for the reader's organisation"),
    "application_link": (Use.URL, "the reader's own page of the application"),
    "participants_link": (Use.URL, "the organiser's page of who is coming"),
    "requests_link": (Use.URL, "the organiser's page of what is asked for after a deadline"),
    "site_link": (Use.URL, "the site's front page"),
    "unsubscribe_link": (Use.URL, "no more reminders to this address"),
    "link": (Use.URL, "the link of a sign-in mail"),
}
