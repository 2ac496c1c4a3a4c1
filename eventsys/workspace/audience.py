"""For whom an event is, as choices in a form: clauses to keys and back. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from eventsys import texts
from eventsys.events.actions import clause_facts
from eventsys.events.models import EventClause
from eventsys.events.rules import ClauseFacts, ClauseKind, Role
from eventsys.web import language
from eventsys.workspace.queries import Audiences

Option = tuple[str, str]
BY_NAME = (ClauseKind.REPRESENTATIVES, ClauseKind.GROUP)


def list_options(audiences: Audiences) -> list[Option]:
    """Cohorts, all networks of a programme at once, and a confederation's elected representatives."""
    several = len(audiences.programmes) > 1
    options = [(f"cohort:{row.slug}", texts.read(row.name, language()).value) for row in audiences.cohorts]
    for programme in audiences.programmes:
        name = texts.read(programme.name, language()).value
        label = _("All regional networks of %(programme)s", programme=name) if several else _("All regional networks")
        options.append((f"networks:{programme.slug}", label))
    for row in audiences.confederations:
        label = _("Elected representatives in %(organisation)s", organisation=row.name)
        options.append((f"representatives:{row.id}", label))
    return options


def list_network_options(audiences: Audiences) -> list[Option]:
    return [(f"network:{row.slug}", row.name) for row in audiences.networks]


def list_group_options(audiences: Audiences) -> list[Option]:
    return [(f"group:{row.slug}", texts.read(row.name, language()).value) for row in audiences.groups]


def list_union_options(audiences: Audiences) -> list[Option]:
    """The elected representatives of single unions, for those who arrange for them."""
    return [
        (f"union:{row.id}", _("Elected representatives in %(organisation)s", organisation=row.label or row.name))
        for row in audiences.unions
    ]


def name_options(audiences: Audiences) -> dict[str, str]:
    """What each key stands for, of every choice there is."""
    lists = (list_options, list_group_options, list_union_options, list_network_options)
    return {key: str(label) for make in lists for key, label in make(audiences)}


def keys_of(clauses: Sequence[EventClause], audiences: Audiences) -> list[str]:
    """The keys of the choices that an event's clauses stand for."""
    of_clause = {(facts.kind, target_of(facts)): key for key, facts in _every_choice(audiences)}
    found = [of_clause.get((clause.kind, target_of(clause))) for clause in clauses]
    return [key for key in found if key is not None]


def make_clauses(keys: Sequence[str], role: Role | None, audiences: Audiences) -> list[ClauseFacts]:
    """The clauses of the choices that were made; the role narrows all but representatives and groups, whose members are
    there by name. Unknown keys are not."""
    chosen = [facts for key, facts in _every_choice(audiences) if key in keys]
    return [facts if facts.kind in BY_NAME or role is None else replace(facts, role=role) for facts in chosen]


def list_unlisted(clauses: Sequence[EventClause], audiences: Audiences) -> list[ClauseFacts]:
    """The clauses that the form has no choice for: editing an event keeps them."""
    listed = {(facts.kind, target_of(facts)) for _key, facts in _every_choice(audiences)}
    return [clause_facts(clause) for clause in clauses if (clause.kind, target_of(clause)) not in listed]


def find_programme(clauses: Sequence[ClauseFacts], audiences: Audiences) -> int | None:
    """The programme of what the event is for; none for an event that is for nobody in a programme."""
    programmes = {row.id: row.programme_id for row in audiences.cohorts}
    of_networks = {row.id: row.programme_id for row in audiences.networks}
    of_groups = {row.id: row.programme_id for row in audiences.groups}
    for clause in clauses:
        if clause.programme_id is not None:
            return clause.programme_id
        if clause.cohort_id in programmes:
            return programmes[clause.cohort_id]
        if clause.network_id in of_networks:
            return of_networks[clause.network_id]
        if clause.group_id in of_groups and of_groups[clause.group_id] is not None:
            return of_groups[clause.group_id]
    return None


def target_of(clause: ClauseFacts | EventClause) -> int | None:
    return clause.cohort_id or clause.network_id or clause.programme_id or clause.organisation_id or clause.group_id


def _every_choice(audiences: Audiences) -> Iterator[tuple[str, ClauseFacts]]:
    for cohort in audiences.cohorts:
        yield f"cohort:{cohort.slug}", ClauseFacts(ClauseKind.COHORT, cohort_id=cohort.id)
    for programme in audiences.programmes:
        yield f"networks:{programme.slug}", ClauseFacts(ClauseKind.ANY_NETWORK, programme_id=programme.id)
    for row in audiences.confederations:
        yield f"representatives:{row.id}", ClauseFacts(ClauseKind.REPRESENTATIVES, organisation_id=row.id)
    for row in audiences.unions:
        yield f"union:{row.id}", ClauseFacts(ClauseKind.REPRESENTATIVES, organisation_id=row.id)
    for group in audiences.groups:
        yield f"group:{group.slug}", ClauseFacts(ClauseKind.GROUP, group_id=group.id)
    for network in audiences.networks:
        yield f"network:{network.slug}", ClauseFacts(ClauseKind.NETWORK, network_id=network.id)
