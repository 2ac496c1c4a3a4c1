"""The audiences that are registrations, and those who have signed up seats for others."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from eventsys.events.models import Run
from eventsys.events.rules import RunStatus
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.rules import State
from eventsys.workflows.audiences.columns import NOT_OTHERWISE, Recipients, mail_language
from eventsys.workflows.rules import ALIVE


def select_registrations(states: Sequence[State], *, event_id: int, run_id: int | None) -> Recipients:
    """The same of the registrations in these states. An address that has been erased is nobody's."""
    found = (
        sa.select(
            Registration.organiser_id,
            Registration.email,
            Registration.email_key,
            Registration.name,
            mail_language().label("language"),
            Registration.id.label("registration_id"),
            *NOT_OTHERWISE,
        )
        .join(Organiser, Organiser.id == Registration.organiser_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.event_id == event_id, Registration.state.in_(states), Registration.email_key != "")
    )
    return _of_runs(found, event_id, run_id)


def _of_runs(found: Recipients, event_id: int, run_id: int | None) -> Recipients:
    if run_id is not None:
        return found.where(Registration.run_id == run_id)
    goes = sa.select(Run.id).where(Run.event_id == event_id, Run.status != RunStatus.CANCELLED)
    return found.where(Registration.run_id.in_(goes))


def select_registrars(event_id: int, run_id: int | None) -> Recipients:
    """Those who have signed up seats and not said who comes, a row for each such seat."""
    found = (
        sa.select(
            Registration.organiser_id,
            Delegation.email,
            Delegation.email_key,
            Delegation.name,
            mail_language(Delegation).label("language"),
            Registration.id.label("registration_id"),
            *NOT_OTHERWISE,
        )
        .join(Delegation, Delegation.id == Registration.delegation_id)
        .join(Organiser, Organiser.id == Registration.organiser_id)
        .outerjoin(Organisation, Organisation.id == Delegation.organisation_id)
        .where(Registration.event_id == event_id, Registration.person_id.is_(None), Registration.state.in_(ALIVE))
        .where(Delegation.email_key != "")
    )
    return _of_runs(found, event_id, run_id)
