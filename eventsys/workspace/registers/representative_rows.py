"""A union's list of representatives read line by line, and what is wrong with a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eventsys.mailing.addresses import email_key
from eventsys.organisations.representatives.actions import RepresentativeFacts
from eventsys.organisations.rules import name_key
from eventsys.workspace.registers.finding import Finder
from eventsys.workspace.registers.person_rows import LANGUAGE_OF, read_email, read_name
from eventsys.workspace.registers.rows import Checked, Line, Wrong, find_repeated, fold

HEADINGS = {
    "name": "navn namn name tillitsvalgt tillitsvald fulltnavn fulltnamn",
    "email": "epost epostadresse mail email emailaddress",
    "union": "forbund union medlemsforbund fagforening organisasjon",
    "organisation": "kommune kommunenavn kommunenamn kommunenummer municipality arbeidssted arbeidsstad",
    "language": "språk målform language",
}
ORDER = ("name", "email", "union", "organisation")


@dataclass(frozen=True, slots=True)
class Register:
    """The unions and municipalities that lines may name, and who is there already. `union_id` is meant by a line without
    a union."""

    unions: Finder
    municipalities: Finder
    there: Mapping[tuple[str, str, int, int | None], int]
    labels: Mapping[int, str]
    union_id: int | None = None


@dataclass(frozen=True, slots=True)
class RepresentativeLine:
    checked: Checked
    facts: RepresentativeFacts | None


def check_representatives(lines: Sequence[Line], register: Register) -> list[RepresentativeLine]:
    found = [_check(line, register) for line in lines]
    keys = [(one.checked.number, _key(one.facts)) for one in found if one.facts]
    find_repeated(keys, {one.checked.number: one.checked.wrong for one in found})
    return found


def _key(facts: RepresentativeFacts) -> tuple[str, str, int, int | None]:
    return email_key(facts.email), name_key(facts.name), facts.union_id, facts.organisation_id


def _check(line: Line, register: Register) -> RepresentativeLine:
    wrong: list[Wrong] = []
    name, email = read_name(line, wrong), read_email(line, wrong)
    union_id = _read_union(line, register, wrong)
    place = register.municipalities.read(line.cells.get("organisation", ""), wrong)
    cell = line.cells.get("language", "")
    language = LANGUAGE_OF.get(fold(cell)) if cell else None
    if cell and language is None:
        wrong.append(Wrong("bad_language", cell))
    facts = None
    if name and email and union_id is not None and not wrong:
        facts = RepresentativeFacts(name, email, union_id, place.id if place else None, language)
    shown = {
        "name": name or line.cells.get("name", ""),
        "email": email or line.cells.get("email", ""),
        "union": register.labels.get(union_id or 0, line.cells.get("union", "")),
        "organisation": place.label if place else line.cells.get("organisation", ""),
        "language": language or "",
    }
    known = facts is not None and _key(facts) in register.there
    return RepresentativeLine(Checked(line.number, shown, known, [], wrong), facts)


def _read_union(line: Line, register: Register, wrong: list[Wrong]) -> int | None:
    cell = line.cells.get("union", "")
    if not cell:
        if register.union_id is None:
            wrong.append(Wrong("no_union"))
        return register.union_id
    found = register.unions.find(cell)
    if len(found) != 1:
        wrong.append(Wrong("unknown_union", cell))
        return None
    return found[0].id
