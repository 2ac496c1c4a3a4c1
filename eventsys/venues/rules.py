"""How names of venues are compared and made into addresses. Pure."""

from __future__ import annotations

import re
import unicodedata

SLUG_LENGTH = 70

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss"})


class NameIsTaken(Exception):
    """Another venue in the register has this name."""


def name_key(name: str) -> str:
    """How venues' names are compared: NFC, casefolded, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def slug_of(name: str) -> str:
    """«Radisson SAS Plaza Oslo» gives radisson-sas-plaza-oslo; a name without letters or digits gives venue."""
    folded = unicodedata.normalize("NFD", name_key(name).translate(_LETTERS))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in folded if not unicodedata.combining(c)))
    return "-".join(words)[:SLUG_LENGTH].strip("-") or "venue"
