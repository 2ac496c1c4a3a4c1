"""What the invited type beside a sign-up: a word with a no, and who comes instead."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _

from eventsys.invitations.rules import LONGEST_WORDS
from eventsys.registrations.own.forms import Sent, read_person
from eventsys.registrations.own.rules import Typed


class Colleague(NamedTuple):
    name: str
    email: str


def read_words(sent: Sent) -> tuple[str, Typed]:
    """The words of a no, in which lines stay, and what is wrong with them."""
    words = sent.get("words", "").replace("\r\n", "\n").strip()
    typed = Typed({"words": words})
    if len(words) > LONGEST_WORDS:
        message = _("At most %(most)d characters; this is %(length)d.", most=LONGEST_WORDS, length=len(words))
        typed = Typed({"words": words}, (("words", message),))
    return words, typed


def read_colleague(sent: Sent) -> tuple[Colleague, Typed]:
    """Who comes instead, both name and address, and what is wrong with them."""
    form, typed = read_person(sent, "colleague_", needs_address=True)
    return Colleague(form["name"].data or "", form["email"].data or ""), typed
