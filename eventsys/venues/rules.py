"""How names of venues are made into addresses; they are compared as people's names are. Pure."""

from __future__ import annotations

import enum

from eventsys.organisations.rules import search_words

SLUG_LENGTH = 70


class Layout(enum.StrEnum):
    """How chairs and tables of a room stand."""

    THEATRE = "theatre"
    CLASSROOM = "classroom"
    U_SHAPE = "u_shape"
    BOARDROOM = "boardroom"
    GROUPS = "groups"
    BANQUET = "banquet"
    STANDING = "standing"


class NameIsTaken(Exception):
    """Another venue in the register has this name."""


def slug_of(name: str) -> str:
    """«Radisson SAS Plaza Oslo» gives radisson-sas-plaza-oslo; a name without letters or digits gives venue."""
    words = [word for word in search_words(name) if word.isascii()]
    return "-".join(words)[:SLUG_LENGTH].strip("-") or "venue"
