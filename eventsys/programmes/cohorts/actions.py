"""Verbs on how a membership in a cohort stands: paused, on again, ended with a reason, or meant after all.

The rows of one organisation follow each other in time, so what counted on a day that has been stays as it was.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.log.actions import note
from eventsys.accounts.log.rules import find_differences
from eventsys.accounts.rules import LogVerb
from eventsys.organisations.models import Organisation
from eventsys.programmes.actions import CohortIsFull, lock_cohort
from eventsys.programmes.models import Cohort, CohortMembership, Programme
from eventsys.programmes.places.actions import A_DAY
from eventsys.programmes.queries import count_taken
from eventsys.programmes.rules import GO_ON, NEED_REASON, CohortFacts, MembershipStatus


class NeedsReason(Exception):
    """Withdrawal and exclusion are said with a reason."""


class BadDay(Exception):
    """The day is before the membership began."""

    def __init__(self, began: date) -> None:
        super().__init__(f"it began {began}")
        self.began = began


class CeilingTooLow(Exception):
    """More have a place than the cohort would take."""

    def __init__(self, taken: int) -> None:
        super().__init__(f"{taken} are in it")
        self.taken = taken


class OrdinalIsTaken(Exception):
    """Another cohort of the programme has this number."""


def change_cohort(session: Session, cohort: Cohort, facts: CohortFacts, *, on: date) -> None:
    """Its address stays. Raises `CeilingTooLow` and `OrdinalIsTaken`."""
    cohort = lock_cohort(session, cohort.id)
    taken = count_taken(session, cohort.id, on=on)
    if facts.ceiling is not None and facts.ceiling < taken:
        raise CeilingTooLow(taken)
    check_ordinal(session, cohort.programme_id, facts.ordinal, apart_from=cohort.id)
    cohort.ordinal, cohort.name, cohort.ceiling = facts.ordinal, dict(facts.name), facts.ceiling
    session.flush()


def check_ordinal(session: Session, programme_id: int, ordinal: int, *, apart_from: int = 0) -> None:
    """Raises `OrdinalIsTaken`. Lock the programme first where two may add at once."""
    same = sa.select(Cohort.id).filter_by(programme_id=programme_id, ordinal=ordinal).where(Cohort.id != apart_from)
    if session.scalar(same) is not None:
        raise OrdinalIsTaken


def set_status(
    session: Session,
    membership: CohortMembership,
    *,
    status: MembershipStatus,
    reason: str,
    on: date,
    account_id: int | None,
    now: datetime,
) -> CohortMembership:
    """The membership as it stands from now on, with what it was in the log.

    `on` is the first day of a pause, or of membership again; of all else it is the last day as a member. Raises
    `NeedsReason`, `BadDay`, and `CohortIsFull` where somebody who had left takes a place again.
    """
    cohort = lock_cohort(session, membership.cohort_id)
    session.refresh(membership)
    if status in NEED_REASON and not reason:
        raise NeedsReason
    before = _facts(membership)
    if on < membership.from_on:
        raise BadDay(membership.from_on)
    changed = (
        _go_on(session, cohort, membership, status, on)
        if status in GO_ON
        else _end(session, cohort, membership, on)
    )  # fmt: skip
    changed.status, changed.reason = status, reason
    session.flush()
    _note(session, cohort, changed, before, account_id, now)
    return changed


def _go_on(
    session: Session, cohort: Cohort, membership: CohortMembership, status: MembershipStatus, on: date
) -> CohortMembership:
    """The same row where it was so already or began that day; else that ends, and a new one begins."""
    if membership.to_on is not None:
        _check_room(session, cohort, max(on, membership.to_on + A_DAY))
        if on > membership.to_on:
            return _added(session, membership, on)
        membership.to_on = None
    if membership.status not in GO_ON or status is membership.status or on == membership.from_on:
        return membership
    membership.to_on = on - A_DAY
    return _added(session, membership, on)


def _end(session: Session, cohort: Cohort, membership: CohortMembership, on: date) -> CohortMembership:
    """A pause stays a pause: what ends it is a row of that one day."""
    if membership.to_on is not None and on > membership.to_on:
        _check_room(session, cohort, membership.to_on + A_DAY)
    if membership.status is MembershipStatus.PAUSED and on > membership.from_on:
        membership.to_on = on - A_DAY
        membership = _added(session, membership, on)
    membership.to_on = on
    return membership


def _check_room(session: Session, cohort: Cohort, from_on: date) -> None:
    if cohort.ceiling is not None and count_taken(session, cohort.id, on=from_on) >= cohort.ceiling:
        raise CohortIsFull(cohort)


def _added(session: Session, membership: CohortMembership, on: date) -> CohortMembership:
    row = CohortMembership(cohort_id=membership.cohort_id, organisation_id=membership.organisation_id, from_on=on)
    session.add(row)
    session.flush()
    return row


def _facts(membership: CohortMembership) -> dict[str, Any]:
    return {
        "status": membership.status,
        "reason": membership.reason,
        "from_on": membership.from_on,
        "to_on": membership.to_on,
    }


def _note(
    session: Session,
    cohort: Cohort,
    membership: CohortMembership,
    before: dict[str, Any],
    account_id: int | None,
    now: datetime,
) -> None:
    facts = find_differences(before, _facts(membership))
    if not facts:
        return
    programme = session.get_one(Programme, cohort.programme_id)
    organisation = session.get_one(Organisation, membership.organisation_id)
    note(
        session, organiser_id=programme.organiser_id, account_id=account_id, verb=LogVerb.CHANGED, object="cohort",
        key=cohort.slug, name=organisation.label, facts=facts, now=now,
    )  # fmt: skip
