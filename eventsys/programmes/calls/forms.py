"""What a recipient of a call types: who writes the application, or a word with a no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from eventsys.mailing.addresses import BadAddress, wire_address
from eventsys.programmes.calls.rules import LONGEST_WORDS

LONGEST_NAME, LONGEST_EMAIL = 200, 254


@dataclass(frozen=True, slots=True)
class Sent:
    """What was typed, by the field's name, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def read_contact(form: Mapping[str, str]) -> Sent:
    """Name and address of who is to write the application."""
    name, email = _line(form.get("name", "")), _line(form.get("email", ""))
    errors = {}
    if not name:
        errors["name"] = _("Write the name of the one who writes the application.")
    elif len(name) > LONGEST_NAME:
        errors["name"] = _tell_long(LONGEST_NAME, name)
    if not is_address(email):
        errors["email"] = _("Write an e-mail address, such as name@municipality.example.")
    return Sent({"name": name, "email": email}, errors)


def read_words(form: Mapping[str, str]) -> Sent:
    """The word with a no, in which lines stay; it may be empty."""
    words = form.get("words", "").replace("\r\n", "\n").strip()
    errors = {"words": _tell_long(LONGEST_WORDS, words)} if len(words) > LONGEST_WORDS else {}
    return Sent({"words": words}, errors)


def is_address(text: str) -> bool:
    try:
        wire_address(text)
    except BadAddress:
        return False
    return 0 < len(text) <= LONGEST_EMAIL


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _tell_long(most: int, text: str) -> str:
    return _("At most %(most)s characters; this is %(length)s.", most=most, length=len(text))
