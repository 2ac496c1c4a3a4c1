"""A list of people read line by line: what each becomes in an organisation or a group, and what is wrong with a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from eventsys.mailing.addresses import email_key
from eventsys.organisations.rules import PositionRole, name_key
from eventsys.workspace.lines import read_day
from eventsys.workspace.people_list.checks import read_address
from eventsys.workspace.registers.finding import Finder, Known
from eventsys.workspace.registers.rows import Change, Checked, Line, Wrong, find_repeated, fold

HEADINGS = {
    "name": "navn namn name fulltnavn fulltnamn",
    "email": "epost epostadresse mail email emailaddress",
    "organisation": "organisasjon kommune kommunenavn kommunenamn organisation municipality fra frå from kommunenummer",
    "role": "rolle role stilling verv representerer",
    "from_on": "fradato fradag fraogmed fom since fromdate begynner byrjar",
    "to_on": "tildato tildag til tilogmed tom until todate slutter sluttar",
    "language": "språk målform language",
}
ORDER = ("name", "email", "organisation", "role")
ROLES = {
    PositionRole.CONTACT: "kontakt kontaktperson contact",
    PositionRole.PROJECT_LEADER: "prosjektleder prosjektleiar projectleader",
    PositionRole.ADVISER: "rådgiver rådgjevar adviser prosjektmedarbeider prosjektmedarbeidar",
    PositionRole.POLITICIAN: "politiker politikar politician ordfører ordførar varaordfører varaordførar mayor",
    PositionRole.ADMINISTRATION: "administrasjon administrasjonen administration iadministrasjonen rådmann",
    PositionRole.EMPLOYEE_REPRESENTATIVE: "tillitsvalgt tillitsvald employeerepresentative hovedtillitsvalgt",
}
ROLE_OF = {word: role for role, words in ROLES.items() for word in words.split()}
LANGUAGE_OF = {
    "bokmål": "nb",
    "bm": "nb",
    "nb": "nb",
    "nynorsk": "nn",
    "nn": "nn",
    "engelsk": "en",
    "english": "en",
    "en": "en",
}
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class There:
    """What is known of somebody who is the same already: the days and the language."""

    from_on: date
    to_on: date | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Register:
    """What lines are checked against: the organisations they may name, and what there is, by address, name, organisation
    (None in a group) and role (None in a group). `role` is meant by a line without one; `group` when all go into one."""

    finder: Finder
    there: Mapping[tuple[str, str, int | None, PositionRole | None], There]
    on: date
    role: PositionRole | None = None
    group: bool = False


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A line and what somebody is by it."""

    checked: Checked
    name: str
    email: str
    organisation_id: int | None
    role: PositionRole | None
    from_on: date
    to_on: date | None
    language: str | None


def check_people(lines: Sequence[Line], register: Register) -> list[PersonLine]:
    found = [_check(line, register) for line in lines]
    keys = [(one.checked.number, _key(one, register)) for one in found if not one.checked.wrong]
    find_repeated(keys, {one.checked.number: one.checked.wrong for one in found})
    return found


def _key(line: PersonLine, register: Register) -> tuple[str, str, int | None, PositionRole | None]:
    who = email_key(line.email), name_key(line.name)
    return (*who, None, None) if register.group else (*who, line.organisation_id, line.role)


def _check(line: Line, register: Register) -> PersonLine:
    wrong: list[Wrong] = []
    name = read_name(line, wrong)
    email = read_email(line, wrong)
    organisation = register.finder.read(line.cells.get("organisation", ""), wrong)
    role = None if register.group else _read_role(line, register, organisation, wrong)
    from_on = _read_day(line, "from_on", wrong) or register.on
    to_on = _read_day(line, "to_on", wrong)
    if to_on is not None and to_on < from_on:
        wrong.append(Wrong("ends_before"))
    language = _read_language(line, wrong)
    place = organisation.id if organisation else None
    bare = PersonLine(Checked(line.number, {}), name, email, place, role, from_on, to_on, language)
    there = register.there.get(_key(bare, register)) if name and email else None
    said = "from_on" in line.cells
    days = _changes(there, from_on if said else None, to_on if "to_on" in line.cells else None, language)
    shown = {
        "name": name or line.cells.get("name", ""),
        "email": email or line.cells.get("email", ""),
        "organisation": organisation.label if organisation else line.cells.get("organisation", ""),
        "role": role.value if role else line.cells.get("role", ""),
        "from_on": (there.from_on if there and not said else from_on).isoformat(),
        "to_on": to_on.isoformat() if to_on else "",
        "language": language or "",
    }
    checked = Checked(line.number, shown, there is not None, days, wrong)
    return PersonLine(checked, name, email, place, role, from_on, to_on, language)


def read_name(line: Line, wrong: list[Wrong]) -> str:
    name = line.cells.get("name", "")
    if not name:
        wrong.append(Wrong("no_name"))
    elif len(name) > LONGEST_NAME:
        wrong.append(Wrong("too_long", name[:40]))
    return name[:LONGEST_NAME]


def read_email(line: Line, wrong: list[Wrong]) -> str:
    cell = line.cells.get("email", "")
    address = read_address(cell) if cell else ""
    if not address:
        wrong.append(Wrong("bad_email" if cell else "no_email", cell))
    return address


def _read_role(line: Line, register: Register, organisation: Known | None, wrong: list[Wrong]) -> PositionRole | None:
    if organisation is None and "organisation" not in line.cells:
        wrong.append(Wrong("no_organisation"))
    cell = line.cells.get("role", "")
    role = ROLE_OF.get(fold(cell)) if cell else register.role
    if role is None:
        wrong.append(Wrong("bad_role" if cell else "no_role", cell))
    return role


def _read_day(line: Line, name: str, wrong: list[Wrong]) -> date | None:
    cell = line.cells.get(name, "")
    day = read_day(cell) if cell else None
    if cell and day is None:
        wrong.append(Wrong("bad_day", cell))
    return day


def _read_language(line: Line, wrong: list[Wrong]) -> str | None:
    cell = line.cells.get("language", "")
    language = LANGUAGE_OF.get(fold(cell)) if cell else None
    if cell and language is None:
        wrong.append(Wrong("bad_language", cell))
    return language


def _changes(there: There | None, from_on: date | None, to_on: date | None, language: str | None) -> list[Change]:
    if there is None:
        return []
    pairs = [
        ("from_on", there.from_on, from_on or there.from_on),
        ("to_on", there.to_on, to_on or there.to_on),
        ("language", there.language, language or there.language),
    ]
    return [Change(name, str(was or ""), str(becomes or "")) for name, was, becomes in pairs if was != becomes]
