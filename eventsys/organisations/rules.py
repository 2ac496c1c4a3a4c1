"""What an organisation is, and how names are compared, searched and sorted. Pure."""

from __future__ import annotations

import enum
import re
import unicodedata
from datetime import date


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


UNITS = (OrganisationKind.MUNICIPALITY, OrganisationKind.DISTRICT, OrganisationKind.COUNTY, OrganisationKind.COMPANY)
"""What takes part with people of its own: it has a page, a calendar and contacts for everybody to find."""


def unit_address(kind: OrganisationKind, number: str | None) -> str:
    """What a unit is called in public addresses: a municipality by its number, another by its kind too, for a county may
    have a number that a company has. Empty for what is no unit and for what has no number."""
    if number is None or kind not in UNITS:
        return ""
    return number if kind is OrganisationKind.MUNICIPALITY else f"{kind.value}-{number}"


def read_unit_address(text: str) -> tuple[OrganisationKind, str]:
    """The kind and the number that an address names."""
    for kind in UNITS[1:]:
        if text.startswith(f"{kind.value}-"):
            return kind, text.removeprefix(f"{kind.value}-")
    return OrganisationKind.MUNICIPALITY, text


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


def language_of(form: LanguageForm, default: str) -> str:
    """The language in which an organisation of that form is written to; a neutral or unknown one in the sender's."""
    return {LanguageForm.BOKMAL: "nb", LanguageForm.NYNORSK: "nn"}.get(form, default)


WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
"""Of the digits of an organisation number, by which the last one is checked (modulus 11)."""


def read_organisation_number(text: str) -> str:
    """The nine digits of a number in the Register of Legal Entities, spaces or not. Raises `ValueError`."""
    digits = "".join(text.split())
    if len(digits) != 9 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(text)
    left = -sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False)) % 11
    if left != int(digits[8]):
        raise ValueError(text)
    return digits


def address_key(number: str | None, label: str, valid_to: date | None) -> str:
    """What an organisation is called in addresses, beside its kind: its number, else its label; of one that has ended
    with its last day."""
    key = number or "-".join(re.findall(r"\w+", label.casefold()))
    return f"{key}~{valid_to.isoformat()}" if valid_to else key


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
