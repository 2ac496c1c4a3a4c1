"""For whom an event is, as choices in a form: clauses to keys and back. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from eventsys import texts
from eventsys.events.models import EventClause
from eventsys.events.rules import ClauseFacts, ClauseKind, Role
from eventsys.web import language
from eventsys.workspace.queries import Audiences

Option = tuple[str, str]


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


def keys_of(clauses: Sequence[EventClause], audiences: Audiences) -> list[str]:
    """The keys of the choices that an event's clauses stand for."""
    of_clause = {(facts.kind, target_of(facts)): key for key, facts in _every_choice(audiences)}
    found = [of_clause.get((clause.kind, target_of(clause))) for clause in clauses]
    return [key for key in found if key is not None]


def make_clauses(keys: Sequence[str], role: Role | None, audiences: Audiences) -> list[ClauseFacts]:
    """The clauses of the choices that were made; the role narrows all but the representatives. Unknown keys are not."""
    chosen = [facts for key, facts in _every_choice(audiences) if key in keys]
    return [
        facts if facts.kind is ClauseKind.REPRESENTATIVES or role is None else replace(facts, role=role)
        for facts in chosen
    ]


def list_unlisted(clauses: Sequence[EventClause], audiences: Audiences) -> list[ClauseFacts]:
    """The clauses that the form has no choice for: editing an event keeps them."""
    listed = {(facts.kind, target_of(facts)) for _key, facts in _every_choice(audiences)}
    return [_facts(clause) for clause in clauses if (clause.kind, target_of(clause)) not in listed]


def find_programme(clauses: Sequence[ClauseFacts], audiences: Audiences) -> int | None:
    """The programme of what the event is for; none for an event that is for nobody in a programme."""
    programmes = {row.id: row.programme_id for row in audiences.cohorts}
    of_networks = {row.id: row.programme_id for row in audiences.networks}
    for clause in clauses:
        if clause.programme_id is not None:
            return clause.programme_id
        if clause.cohort_id in programmes:
            return programmes[clause.cohort_id]
        if clause.network_id in of_networks:
            return of_networks[clause.network_id]
    return None


def target_of(clause: ClauseFacts | EventClause) -> int | None:
    return clause.cohort_id or clause.network_id or clause.programme_id or clause.organisation_id


def _every_choice(audiences: Audiences) -> Iterator[tuple[str, ClauseFacts]]:
    for cohort in audiences.cohorts:
        yield f"cohort:{cohort.slug}", ClauseFacts(ClauseKind.COHORT, cohort_id=cohort.id)
    for programme in audiences.programmes:
        yield f"networks:{programme.slug}", ClauseFacts(ClauseKind.ANY_NETWORK, programme_id=programme.id)
    for row in audiences.confederations:
        yield f"representatives:{row.id}", ClauseFacts(ClauseKind.REPRESENTATIVES, organisation_id=row.id)
    for network in audiences.networks:
        yield f"network:{network.slug}", ClauseFacts(ClauseKind.NETWORK, network_id=network.id)


def _facts(clause: EventClause) -> ClauseFacts:
    return ClauseFacts(
        clause.kind,
        cohort_id=clause.cohort_id,
        network_id=clause.network_id,
        programme_id=clause.programme_id,
        organisation_id=clause.organisation_id,
        role=clause.role,
    )
