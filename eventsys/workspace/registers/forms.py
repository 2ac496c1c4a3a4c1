"""What organisers type about organisations, people in them and groups, as values; nothing here reads the database."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flask_babel import gettext as _

from eventsys.organisations.rules import LanguageForm, OrganisationKind, PositionRole, read_organisation_number
from eventsys.web import LANGUAGES
from eventsys.workspace.forms import Reader

Choice = TypeVar("Choice", bound=enum.StrEnum)


def choose(reader: Reader, name: str, kind: type[Choice], *, required: str = "") -> Choice | None:
    """A value of the enum; None if it is empty or not one of them."""
    value = reader.typed.get(name, "")
    if value in set(kind):
        return kind(value)
    if required:
        reader.errors[name] = required
    return None


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """What was typed about an organisation; `parent` is the words for what it belongs to."""

    name: str
    number: str | None
    county: str | None
    parent: str
    email: str | None
    postal_address: str | None
    organisation_number: str | None
    language_form: LanguageForm
    language_form_source: str | None
    language_form_on: date | None


def read_organisation(reader: Reader, kind: OrganisationKind | None) -> OrganisationEntry:
    form = choose(reader, "language_form", LanguageForm) or LanguageForm.UNKNOWN
    source = reader.text("language_form_source", most=200)
    if form is not LanguageForm.UNKNOWN and not source:
        reader.errors["language_form_source"] = _("Write where that is known from, such as the council's decision.")
    number = reader.text("number", most=20)
    if kind is OrganisationKind.MUNICIPALITY and not (len(number) == 4 and number.isascii() and number.isdigit()):
        reader.errors["number"] = _("A municipality has a number of four digits, such as 0821.")
    return OrganisationEntry(
        name=reader.text("name", most=200, required=_("Write the name.")),
        number=number or None,
        county=reader.text("county", most=100) or None,
        parent=reader.text("parent", most=200),
        email=reader.email("email") or None,
        postal_address=reader.prose("postal_address", most=500) or None,
        organisation_number=_read_register_number(reader),
        language_form=form,
        language_form_source=source or None,
        language_form_on=reader.day("language_form_on"),
    )


def _read_register_number(reader: Reader) -> str | None:
    text = reader.text("organisation_number", most=20)
    try:
        return read_organisation_number(text) if text else None
    except ValueError:
        reader.errors["organisation_number"] = _(
            "That is no organisation number: nine digits, the last of which checks."
        )
        return None


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """What was typed about somebody in an organisation or a group."""

    name: str
    email: str
    language: str | None
    from_on: date
    to_on: date | None
    role: PositionRole | None = None
    organisation: str = ""


def read_person(reader: Reader, today: date, *, has_role: bool) -> PersonEntry:
    role = choose(reader, "role", PositionRole, required=_("Choose what they are.")) if has_role else None
    from_on, to_on = read_days(reader, today)
    language = reader.typed.get("language", "")
    return PersonEntry(
        name=reader.text("name", most=200, required=_("Write the name.")),
        email=reader.email("email", required=_("Write the e-mail address.")),
        language=language if language in LANGUAGES else None,
        from_on=from_on,
        to_on=to_on,
        role=role,
        organisation=reader.text("organisation", most=200),
    )


def read_days(reader: Reader, today: date) -> tuple[date, date | None]:
    from_on, to_on = reader.day("from_on") or today, reader.day("to_on")
    if to_on is not None and to_on < from_on:
        reader.errors["to_on"] = _("It cannot end before it begins.")
    return from_on, to_on


def read_titles(reader: Reader) -> dict[str, str]:
    """A name in the languages in which it was written."""
    titles = {code: reader.text(f"name_{code}", most=200) for code in LANGUAGES}
    if not any(titles[code] for code in ("nb", "nn")):
        reader.errors["name_nb"] = _("Write the name, in bokmål or nynorsk.")
    return {code: text for code, text in titles.items() if text}
