"""What pages call audiences: a clause in words, why somebody is in it, what a form offers to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import texts
from eventsys.audiences.queries import Hit, Names, Targets
from eventsys.audiences.rules import OF_EVENTS, Clause, Condition, Kind, Reach, Source, is_restricted
from eventsys.events.labels import join_words
from eventsys.organisations.labels import KINDS, POSITION_ROLES
from eventsys.organisations.rules import OrganisationKind, PositionRole
from eventsys.web import language

Option = tuple[str, str]

REACHES = {
    Reach.PEOPLE: _l("the people"),
    Reach.MAILBOXES: _l("the official mailboxes"),
    Reach.PEOPLE_OR_MAILBOX: _l("the people, and the official mailbox of organisations without any"),
}
HOWS = {
    Kind.REGISTERED: _l("is signed up for"),
    Kind.ATTENDED: _l("came to"),
    Kind.ANSWERED: _l("has answered, yes or no, about"),
}
ROLES = {
    PositionRole.CONTACT: _l("contacts"),
    PositionRole.PROJECT_LEADER: _l("project leaders"),
    PositionRole.ADVISER: _l("advisers"),
    PositionRole.POLITICIAN: _l("politicians"),
    PositionRole.ADMINISTRATION: _l("the administration"),
    PositionRole.EMPLOYEE_REPRESENTATIVE: _l("employee representatives"),
}


def name_clause(clause: Clause, names: Names) -> str:
    """«Pulje II, prosjektledere, ikke påmeldt til Kickoff»."""
    said = [one for one in (_name_condition(condition, names) for condition in clause.conditions) if one]
    if clause.reach is not Reach.PEOPLE:
        said.append(str(REACHES[clause.reach]))
    return ", ".join(said)


def name_clauses(clauses: Sequence[Clause], names: Names) -> str:
    return "; ".join(name_clause(clause, names) for clause in clauses)


def _name_condition(condition: Condition, names: Names) -> str:
    kind = condition.kind
    words = list(_name_words(condition, names))
    meant = join_words(words, last=_("or"))
    if kind in OF_EVENTS:
        meant = f"{HOWS[kind]} {meant}"
    elif kind is Kind.UNION:
        meant = _("elected representatives in %(unions)s", unions=meant)
    elif kind is Kind.PROGRAMME:
        meant = _("anybody in %(programme)s", programme=meant)
    return _("not %(what)s", what=meant) if condition.negated else meant


def _name_words(condition: Condition, names: Names) -> Sequence[str]:
    if condition.kind is Kind.ROLE:
        return [str(ROLES[PositionRole(word)]) for word in condition.words]
    if condition.kind is Kind.ORGANISATION_KIND:
        return [str(KINDS[OrganisationKind(word)]) for word in condition.words]
    return [name_of(names, condition.kind, one) for one in condition.ids]


def name_of(names: Names, kind: Kind, one: int) -> str:
    """What is named by its id; what is gone, or another's by now, has no name."""
    found = names.of(kind, one)
    if found is None:
        return _("something that is not yours to aim at")
    return texts.read(found, language()).value if isinstance(found, dict) else str(found)


def name_reason(hit: Hit, clauses: Sequence[Clause], names: Names) -> str:
    """«Prosjektleder i Bø (Telemark)»: what makes somebody be in, without the clause."""
    if hit.source is Source.MAILBOX:
        return _("official mailbox")
    if hit.source is Source.POSITION:
        role = POSITION_ROLES[PositionRole(hit.role)]
        return _("%(role)s in %(organisation)s", role=role, organisation=hit.organisation)
    if hit.source is Source.GROUP:
        return _("member of %(group)s", group=name_of(names, Kind.GROUP, hit.of or 0))
    if hit.source is Source.REPRESENTATIVE:
        union = name_of(names, Kind.UNION, hit.of or 0)
        return f"{union}, {hit.organisation}" if hit.organisation else union
    asked = next((one for one in clauses[hit.clause].conditions if one.kind in OF_EVENTS and not one.negated), None)
    if asked is None:
        return _("signed up before")
    return f"{HOWS[asked.kind]} {name_of(names, asked.kind, hit.of or 0)}"


def list_named(hits: Sequence[Hit], clauses: Sequence[Clause]) -> list[tuple[Kind, int]]:
    """What reasons name by its id, to be read with the clauses' own."""
    kinds = {Source.GROUP: Kind.GROUP, Source.REPRESENTATIVE: Kind.UNION}
    found = [(kinds[hit.source], hit.of) for hit in hits if hit.source in kinds]
    for hit in hits:
        if hit.source is Source.REGISTRATION:
            found += [(one.kind, hit.of) for one in clauses[hit.clause].conditions if one.kind in OF_EVENTS]
    return [(kind, one) for kind, one in dict.fromkeys(found) if one is not None]


def read_reason(kept: Mapping[str, Any], names: Names, *, opens: bool = False) -> str:
    """A reason as an invitation keeps it, in words; one that names a union as restricted, but to who `opens` it."""
    if "passed_on_by" in kept:
        return _("passed on by %(name)s", name=kept["passed_on_by"])
    clause = Clause.model_validate(kept["clause"])
    if is_restricted(clause) and not opens:
        return _("restricted")
    hit = Hit(0, Source(kept["source"]), kept.get("organisation", ""), kept.get("role", ""), kept.get("of"))
    return f"{name_clause(clause, names)} – {name_reason(hit, [clause], names)}"


# --- what a form offers ---------------------------------------------------------------------------------------------


def list_offered(targets: Targets) -> dict[Kind, list[Option]]:
    """What may be ticked, as (value, label), by kind."""

    def translated(rows: Sequence[Any], column: str) -> list[Option]:
        return [(str(row.id), texts.read(getattr(row, column), language()).value) for row in rows]

    events = translated(targets.events, "title")
    return {
        Kind.COHORT: translated(targets.cohorts, "name"),
        Kind.NETWORK: [(str(row.id), row.name) for row in targets.networks],
        Kind.PROGRAMME: translated(targets.programmes, "name"),
        Kind.GROUP: translated(targets.groups, "name"),
        Kind.UNION: [(str(row.id), row.name) for row in targets.unions],
        Kind.ROLE: [(role.value, _first_up(str(label))) for role, label in ROLES.items()],
        Kind.ORGANISATION_KIND: [(kind.value, str(label)) for kind, label in KINDS.items()],
        **dict.fromkeys(OF_EVENTS, events),
    }


def list_reaches() -> list[Option]:
    return [(reach.value, _first_up(str(label))) for reach, label in REACHES.items()]


def list_hows() -> list[Option]:
    return [("", _("Whatever they have done")), *((kind.value, _first_up(str(label))) for kind, label in HOWS.items())]


def list_nots() -> list[Option]:
    return [("", _("Nobody for that")), *((kind.value, _first_up(str(label))) for kind, label in HOWS.items())]


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
