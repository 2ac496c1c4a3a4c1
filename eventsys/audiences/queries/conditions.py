"""One condition of an audience as SQL, on a row that says that somebody is something somewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsys.audiences.queries import scope
from eventsys.audiences.rules import Condition, Kind
from eventsys.organisations.models import Organisation, Position, Representative
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.models import Cohort, CohortMembership, GroupMembership, Network, NetworkMembership
from eventsys.programmes.queries import lasts
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import ENDED, State

True_ = sa.ColumnElement[bool]
Column = Any


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and for which day."""

    organiser_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Row:
    """What of a row conditions ask about. `person` is None for an organisation; what the row itself says by `own` is
    decided there, and anything else by looking the person up."""

    person: Column | None
    organisation: Column
    own: Mapping[Kind, Callable[[Condition, Asked], True_]]


def meets(row: Row, condition: Condition, asked: Asked) -> True_:
    """Whether the row meets the condition. A «not» about what is out of scope is met by nobody."""
    if not condition.negated:
        own = row.own.get(condition.kind)
        return own(condition, asked) if own else _looked_up(row, condition, asked)
    found = _looked_up(row, condition, asked)
    outside = _count_allowed(condition, asked)
    return sa.not_(found) if outside is None else sa.and_(sa.not_(found), outside)


def _looked_up(row: Row, condition: Condition, asked: Asked) -> True_:
    """Never NULL: a row without an organisation is in no cohort."""
    found: True_
    if condition.kind in _OF_ORGANISATIONS:
        ids = _OF_ORGANISATIONS[condition.kind](condition, asked)
        return sa.and_(row.organisation.is_not(None), row.organisation.in_(ids))
    if condition.kind is Kind.PERSON:
        return sa.false() if row.person is None else row.person.in_(condition.ids)
    if row.person is None:
        found = row.organisation.in_(_at_events(Registration.organisation_id, condition, asked))
    else:
        found = row.person.in_(_OF_PEOPLE[condition.kind](condition, asked))
    return found


# --- organisations ----------------------------------------------------------------------------------------------------


def _in_cohorts(condition: Condition, asked: Asked) -> Any:
    return sa.select(CohortMembership.organisation_id).where(
        CohortMembership.cohort_id.in_(condition.ids),
        CohortMembership.cohort_id.in_(scope.cohorts(asked.organiser_id)),
        lasts(CohortMembership, asked.on),
    )


def _in_networks(condition: Condition, asked: Asked) -> Any:
    return sa.select(NetworkMembership.organisation_id).where(
        NetworkMembership.network_id.in_(condition.ids),
        NetworkMembership.network_id.in_(scope.networks(asked.organiser_id)),
        lasts(NetworkMembership, asked.on),
    )


def _in_programmes(condition: Condition, asked: Asked) -> Any:
    """In any cohort or network of the programmes."""
    allowed = scope.programmes(asked.organiser_id)
    in_cohorts = (
        sa.select(CohortMembership.organisation_id)
        .join(Cohort, Cohort.id == CohortMembership.cohort_id)
        .where(Cohort.programme_id.in_(condition.ids), Cohort.programme_id.in_(allowed))
        .where(lasts(CohortMembership, asked.on))
    )
    in_networks = (
        sa.select(NetworkMembership.organisation_id)
        .join(Network, Network.id == NetworkMembership.network_id)
        .where(Network.programme_id.in_(condition.ids), Network.programme_id.in_(allowed))
        .where(lasts(NetworkMembership, asked.on))
    )
    return sa.union_all(in_cohorts, in_networks)


def _of_kinds(condition: Condition, _asked: Asked) -> Any:
    kind = aliased(Organisation)
    return sa.select(kind.id).where(kind.kind.in_(condition.words))


_OF_ORGANISATIONS: dict[Kind, Callable[[Condition, Asked], Any]] = {
    Kind.COHORT: _in_cohorts,
    Kind.NETWORK: _in_networks,
    Kind.PROGRAMME: _in_programmes,
    Kind.ORGANISATION: lambda condition, _asked: condition.ids,
    Kind.ORGANISATION_KIND: _of_kinds,
}


# --- people -----------------------------------------------------------------------------------------------------------


def position_counts(position: Any, asked: Asked) -> True_:
    """The condition that a position holds and may be seen: a contact who has not been confirmed is none yet."""
    is_contact = position.role == PositionRole.CONTACT
    return sa.and_(
        _lasts_before_its_end(position, asked.on),
        sa.or_(sa.not_(is_contact), position.confirmed_at.is_not(None)),
        position.organisation_id.in_(scope.organisations(asked.organiser_id, asked.on)),
    )


def _lasts_before_its_end(row: Any, on: date) -> True_:
    """As `positions.queries.lasts` and `representatives.queries.lasts` say it: the day on which it ends does not count."""
    return sa.and_(row.from_on <= on, sa.or_(row.to_on.is_(None), row.to_on > on))


def membership_counts(membership: Any, asked: Asked) -> True_:
    return sa.and_(
        lasts(membership, asked.on),
        membership.group_id.in_(scope.groups(asked.organiser_id)),
    )


def representative_counts(representative: Any, asked: Asked) -> True_:
    """Seen by the union's organiser and its confederation's alone, until it is erased."""
    return sa.and_(
        _lasts_before_its_end(representative, asked.on),
        representative.erase_on > asked.on,
        representative.union_id.in_(scope.unions(asked.organiser_id)),
    )


def of_unions(representative: Any, condition: Condition) -> True_:
    """A confederation's id means all its unions."""
    union = aliased(Organisation)
    members = sa.select(union.id).where(union.parent_id.in_(condition.ids))
    return sa.or_(representative.union_id.in_(condition.ids), representative.union_id.in_(members))


def at_events(registration: Any, condition: Condition, asked: Asked) -> True_:
    """One's own events alone."""
    found = sa.and_(registration.event_id.in_(condition.ids), registration.organiser_id == asked.organiser_id)
    if condition.kind is Kind.REGISTERED:
        return sa.and_(found, registration.state.not_in(ENDED))
    return sa.and_(found, registration.state == State.ATTENDED) if condition.kind is Kind.ATTENDED else found


def _with_roles(condition: Condition, asked: Asked) -> Any:
    other = aliased(Position)
    return sa.select(other.person_id).where(other.role.in_(condition.words), position_counts(other, asked))


def _in_groups(condition: Condition, asked: Asked) -> Any:
    other = aliased(GroupMembership)
    return sa.select(other.person_id).where(other.group_id.in_(condition.ids), membership_counts(other, asked))


def _representing(condition: Condition, asked: Asked) -> Any:
    other = aliased(Representative)
    return sa.select(other.person_id).where(of_unions(other, condition), representative_counts(other, asked))


def _at_events(column: Any, condition: Condition, asked: Asked) -> Any:
    other = aliased(Registration)
    return sa.select(getattr(other, column.key)).where(
        at_events(other, condition, asked), getattr(other, column.key).is_not(None)
    )


def _who_at_events(condition: Condition, asked: Asked) -> Any:
    return _at_events(Registration.person_id, condition, asked)


_OF_PEOPLE: dict[Kind, Callable[[Condition, Asked], Any]] = {
    Kind.ROLE: _with_roles,
    Kind.GROUP: _in_groups,
    Kind.UNION: _representing,
    Kind.ANSWERED: _who_at_events,
    Kind.REGISTERED: _who_at_events,
    Kind.ATTENDED: _who_at_events,
}


# --- what a «not» may name --------------------------------------------------------------------------------------------

_SCOPES: dict[Kind, Callable[[int], Any]] = {
    Kind.COHORT: scope.cohorts,
    Kind.NETWORK: scope.networks,
    Kind.PROGRAMME: scope.programmes,
    Kind.GROUP: scope.groups,
    Kind.ANSWERED: scope.events,
    Kind.REGISTERED: scope.events,
    Kind.ATTENDED: scope.events,
}


def _count_allowed(condition: Condition, asked: Asked) -> True_ | None:
    """That everything named is in scope; None for kinds of which everybody may know."""
    if condition.kind is Kind.UNION:
        return scope.unions(asked.organiser_id).exists()
    ids = _SCOPES.get(condition.kind)
    if ids is None:
        return None
    allowed = ids(asked.organiser_id).subquery()
    named = sa.select(sa.func.count()).select_from(allowed).where(allowed.c.id.in_(condition.ids))
    return named.scalar_subquery() == len(set(condition.ids))
