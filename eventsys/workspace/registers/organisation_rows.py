"""A list of organisations read line by line: which there are already, what each line changes, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from eventsys.organisations.models import Organisation
from eventsys.organisations.register.actions import OrganisationFacts, facts_of
from eventsys.organisations.rules import LanguageForm, OrganisationKind, name_key, read_organisation_number
from eventsys.workspace.lines import read_day
from eventsys.workspace.people_list.checks import read_address
from eventsys.workspace.registers.queries.scope import Rights
from eventsys.workspace.registers.rows import Change, Checked, Line, Wrong, find_repeated, fold

HEADINGS = {
    "number": "nummer number nr kommunenummer kommunenr knr fylkesnummer bydelsnummer municipalitynumber",
    "name": "navn namn name kommune kommunenavn kommunenamn organisasjon organisation municipality",
    "county": "fylke fylkesnavn fylkesnamn county",
    "email": "epost epostadresse mail email postmottak mailbox officialmailbox",
    "postal_address": "postadresse adresse postaladdress address",
    "organisation_number": "organisasjonsnummer orgnr orgnummer organisationnumber",
    "language_form": "målform maalform målføre languageform language",
    "language_form_source": "kilde kjelde source",
    "language_form_on": "dato gjelderfra gjeldfrå vedtatt vedteke date decided",
}
ORDER = ("number", "name", "county", "email")
FORMS = {
    LanguageForm.BOKMAL: "bokmål bokmaal bm nb bokmal",
    LanguageForm.NYNORSK: "nynorsk nn",
    LanguageForm.NEUTRAL: "nøytral neutral nøytralt n",
    LanguageForm.UNKNOWN: "ukjent ukjend unknown",
}
FORM_OF = {word: form for form, words in FORMS.items() for word in words.split()}
LONGEST = {"number": 20, "name": 200, "county": 100, "email": 254, "postal_address": 500, "language_form_source": 200}
DIGITS = {OrganisationKind.MUNICIPALITY: 4, OrganisationKind.DISTRICT: 6, OrganisationKind.COUNTY: 2}
"""How many digits the numbers of a kind have; a spreadsheet may have taken the zero in front."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What holds of every line: where its language form is from, and of which day, unless it says so itself; what may
    not be corrected."""

    source: str | None
    on: date | None
    rights: Rights


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """A line, the id of the organisation that it is about, and what that is afterwards."""

    checked: Checked
    id: int | None
    facts: OrganisationFacts


def check_organisations(
    lines: Sequence[Line], there: Sequence[Organisation], kind: OrganisationKind, usual: Usual
) -> list[OrganisationLine]:
    """`there` are those of the kind that exist now."""
    index = _Index(there)
    found = [_check(line, index, kind, usual) for line in lines]
    keys = [
        (one.checked.number, one.id if one.id is not None else (one.facts.number or name_key(one.facts.name)))
        for one in found
    ]
    find_repeated(keys, {one.checked.number: one.checked.wrong for one in found})
    return found


class _Index:
    """Those that there are, by number, by organisation number and by name."""

    def __init__(self, there: Sequence[Organisation]) -> None:
        self.by_number = {one.number: one for one in there if one.number}
        self.by_register = {one.organisation_number: one for one in there if one.organisation_number}
        self.by_name: dict[str, list[Organisation]] = {}
        for one in there:
            for key in {name_key(one.label), name_key(one.name)}:
                self.by_name.setdefault(key, []).append(one)

    def find(self, facts: OrganisationFacts, wrong: list[Wrong]) -> Organisation | None:
        if facts.number:
            return self._find_numbered(facts, wrong)
        if facts.organisation_number in self.by_register:
            return self.by_register[facts.organisation_number]
        named = self._find_named(facts)
        if len(named) > 1:
            wrong.append(Wrong("which_organisation", ", ".join(one.label for one in named)))
        return named[0] if len(named) == 1 else None

    def _find_numbered(self, facts: OrganisationFacts, wrong: list[Wrong]) -> Organisation | None:
        found = self.by_number.get(facts.number or "")
        if found is None and not wrong and facts.name and (same := self._find_named(facts)):
            if same[0].number is None:
                return same[0]
            wrong.append(Wrong("other_number", f"{same[0].number} {same[0].label}"))
        return found

    def _find_named(self, facts: OrganisationFacts) -> list[Organisation]:
        named = self.by_name.get(name_key(facts.name), []) if facts.name else []
        inside = [one for one in named if facts.county and name_key(one.county or "") == name_key(facts.county)]
        return inside or ([] if facts.county and facts.number else named)


def _check(line: Line, index: _Index, kind: OrganisationKind, usual: Usual) -> OrganisationLine:
    wrong: list[Wrong] = []
    said = _read(line, kind, usual, wrong)
    typed = replace(OrganisationFacts(""), **said)
    known = index.find(typed, wrong)
    if known is None and not typed.name and not wrong:
        wrong.append(Wrong("no_name"))
    was = facts_of(known) if known is not None else OrganisationFacts("")
    if known is not None and name_key(typed.name) in (name_key(known.name), name_key(known.label)):
        said.pop("name")  # «Bø (Telemark)» and «BØ» are no new names
    if known is not None and not usual.rights.may_address(known.id):
        said.pop("email", None)
    if said.get("language_form") == was.language_form and "language_form_on" not in line.cells:
        said.pop("language_form_on", None)  # the day of a form that stays as it is stays too
    facts = replace(was, **said)
    changes = [
        Change(name, str(getattr(was, name) or ""), str(value))
        for name, value in said.items()
        if known is not None and getattr(was, name) != value
    ]
    if known is not None and changes and not usual.rights.may_change(known.id):
        wrong.append(Wrong("not_yours", known.label))
    typed_cells = line.cells if wrong else {}
    shown = {name: typed_cells.get(name) or str(getattr(facts, name) or "") for name in HEADINGS}
    checked = Checked(line.number, shown, known is not None, changes, wrong)
    return OrganisationLine(checked, known.id if known is not None else None, facts)


def _read(line: Line, kind: OrganisationKind, usual: Usual, wrong: list[Wrong]) -> dict[str, Any]:
    """The fields that the line says anything of, as they are kept."""
    said: dict[str, Any] = {}
    for name, longest in LONGEST.items():
        cell = line.cells.get(name, "")
        if len(cell) > longest:
            wrong.append(Wrong("too_long", cell[:40]))
        elif cell:
            said[name] = cell
    if "number" in said:
        said["number"] = _read_number(said["number"], kind, wrong)
    if "email" in said:
        said["email"] = _read_email(said["email"], wrong)
    if number := line.cells.get("organisation_number", ""):
        said["organisation_number"] = _read_register_number(number, wrong)
    _read_form(line, usual, said, wrong)
    return said


def _read_number(cell: str, kind: OrganisationKind, wrong: list[Wrong]) -> str:
    digits = DIGITS.get(kind)
    if digits is None:
        return cell
    full = cell.zfill(digits) if len(cell) == digits - 1 else cell
    if len(full) != digits or not (full.isascii() and full.isdigit()):
        wrong.append(Wrong("bad_number", cell))
    return full


def _read_email(cell: str, wrong: list[Wrong]) -> str:
    address = read_address(cell)
    if not address:
        wrong.append(Wrong("bad_email", cell))
    return address


def _read_register_number(cell: str, wrong: list[Wrong]) -> str:
    try:
        return read_organisation_number(cell)
    except ValueError:
        wrong.append(Wrong("bad_register_number", cell))
        return cell[:9]


def _read_form(line: Line, usual: Usual, said: dict[str, Any], wrong: list[Wrong]) -> None:
    """The language form, with where it is from and of which day; none is taken without a source."""
    said.pop("language_form_source", None)
    cell = line.cells.get("language_form", "")
    if not cell:
        return
    form = FORM_OF.get(fold(cell))
    if form is None:
        wrong.append(Wrong("bad_language_form", cell))
        return
    said["language_form"] = form
    source = line.cells.get("language_form_source", usual.source or "")
    if form is not LanguageForm.UNKNOWN and not source:
        wrong.append(Wrong("no_source"))
    said["language_form_source"] = source or None
    day_cell = line.cells.get("language_form_on", "")
    day = read_day(day_cell) if day_cell else usual.on
    if day_cell and day is None:
        wrong.append(Wrong("bad_day", day_cell))
    said["language_form_on"] = day
