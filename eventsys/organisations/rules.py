"""What an organisation is, and how names are compared, searched and sorted. Pure."""

from __future__ import annotations

import enum
import re
import unicodedata


class OrganisationKind(enum.StrEnum):
    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    COUNTY = "county"
    COMPANY = "company"
    STATE_BODY = "state_body"
    ASSOCIATION = "association"
    CONFEDERATION = "confederation"
    UNION = "union"
    OTHER = "other"


class PositionRole(enum.StrEnum):
    """What somebody is in an organisation. The side they represent at an event is kept there; this only suggests it."""

    CONTACT = "contact"
    POLITICIAN = "politician"
    ADMINISTRATION = "administration"
    EMPLOYEE_REPRESENTATIVE = "employee_representative"
    PROJECT_LEADER = "project_leader"
    ADVISER = "adviser"


class LanguageForm(enum.StrEnum):
    BOKMAL = "bokmal"
    NYNORSK = "nynorsk"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"


def name_key(name: str) -> str:
    """How a person's name is compared: NFC, casefolded, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss"})


def search_words(text: str) -> list[str]:
    """The words of a name as people without its letters type them: «Bø (Telemark)» gives bo, telemark."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return list(dict.fromkeys(re.findall(r"\w+", plain)))


def sort_key(text: str) -> str:
    """Norwegian order by plain comparison: æ ø å last, aa as å, other accents as their letter."""
    text = unicodedata.normalize("NFC", text).casefold().replace("aa", "å")
    out = []
    for character in text:
        if character in "æøå":
            out.append({"æ": "{", "ø": "|", "å": "}"}[character])
        else:
            out.extend(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))
    return "".join(out)
