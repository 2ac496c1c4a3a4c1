"""Whom an audience is: the one SELECT of people, mailboxes and accounts that mails are made, counted and shown by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsys.accounts.models import Account, Membership
from eventsys.events.models import Event, EventClause, Run
from eventsys.events.queries import concerns
from eventsys.events.rules import RunStatus
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm, OrganisationKind
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.rules import Side, State
from eventsys.workflows.rules import ALIVE, LIVE, OF_ORGANISATIONS, STATES, Audience

SIDES = (Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE)
"""The sides that a municipality's delegation is to have."""
INVITED = aliased(Organisation, name="invited")
INVITED_ID = cast(int, sa.literal_column("invited.id", sa.Integer()))
"""Written out, so that `concerns`, which asks about it two subqueries down, reads it from the outermost FROM alone."""
OF_MEMBERS = (OrganisationKind.UNION, OrganisationKind.CONFEDERATION)

NONE = sa.cast(sa.null(), sa.Integer())
Recipients = sa.Select[*tuple[Any, ...]]


def select_recipients(audience: Audience, *, event_id: int, run_id: int | None, on: date) -> Recipients:
    """A row for each registration, organisation or account that the audience is on that day at the run; without a run,
    at all of the event's that have not been cancelled.

    Columns: organiser_id, email, email_key, name, language, registration_id, organisation_id. Organisations count for the
    whole event. `ValueError` for the one whom a change concerns, who is no audience.
    """
    if audience in STATES:
        return select_registrations(STATES[audience], event_id=event_id, run_id=run_id)
    if audience is Audience.ORGANISATIONS_WITHOUT:
        return _organisations(event_id, on).where(sa.not_(_has_signed_up(event_id).exists()))
    if audience is Audience.ORGANISATIONS_LACKING:
        return _organisations(event_id, on).where(
            _has_signed_up(event_id).exists(), _count_sides(event_id) < len(SIDES)
        )
    if audience is Audience.UNNAMED:
        return _registrars(event_id, run_id)
    if audience is Audience.ORGANISERS:
        return _organisers(event_id)
    raise ValueError(f"{audience.value} is nobody by itself")


def mail_language(
    of: type[Registration] | type[Delegation] = Registration, organisation: Any = Organisation
) -> sa.ColumnElement[str]:
    """The language of a mail about a registration, or to a delegation's registrar: chosen by the person, else the
    organisation's, else the organiser's.

    The statement joins `Organiser` and, outer, the organisation.
    """
    return sa.func.coalesce(sa.func.nullif(of.language, ""), _by_form(organisation), Organiser.language)


def _by_form(organisation: Any) -> sa.ColumnElement[str | None]:
    return sa.case(
        (organisation.language_form == LanguageForm.BOKMAL, "nb"),
        (organisation.language_form == LanguageForm.NYNORSK, "nn"),
    )


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
            NONE.label("organisation_id"),
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


def _registrars(event_id: int, run_id: int | None) -> Recipients:
    """Those who have signed up seats and not said who comes, a row for each such seat."""
    found = (
        sa.select(
            Registration.organiser_id,
            Delegation.email,
            Delegation.email_key,
            Delegation.name,
            mail_language(Delegation).label("language"),
            Registration.id.label("registration_id"),
            NONE.label("organisation_id"),
        )
        .join(Delegation, Delegation.id == Registration.delegation_id)
        .join(Organiser, Organiser.id == Registration.organiser_id)
        .outerjoin(Organisation, Organisation.id == Delegation.organisation_id)
        .where(Registration.event_id == event_id, Registration.person_id.is_(None), Registration.state.in_(ALIVE))
        .where(Delegation.email_key != "")
    )
    return _of_runs(found, event_id, run_id)


def _organisations(event_id: int, on: date) -> Recipients:
    """The organisations there are on that day that the event says it is for, with an official mailbox.

    An event without a clause is for everybody and has invited nobody. Unions are left out: who comes for which is a
    special category, and no mail is decided by it.
    """
    return (
        sa.select(
            Event.organiser_id,
            INVITED.email,
            sa.func.lower(sa.func.trim(INVITED.email)).label("email_key"),
            INVITED.label.label("name"),
            sa.func.coalesce(_by_form(INVITED), Organiser.language).label("language"),
            NONE.label("registration_id"),
            INVITED.id.label("organisation_id"),
        )
        .select_from(INVITED)
        .join(Event, Event.id == event_id)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .where(
            sa.func.trim(INVITED.email) != "",
            INVITED.kind.not_in(OF_MEMBERS),
            sa.or_(INVITED.valid_from.is_(None), INVITED.valid_from <= on),
            sa.or_(INVITED.valid_to.is_(None), INVITED.valid_to >= on),
            sa.select(EventClause.id).where(EventClause.event_id == event_id).exists(),
            concerns(INVITED_ID, on),
        )
    )


def _has_signed_up(event_id: int) -> sa.Select[int]:
    return (
        sa.select(Registration.id)
        .where(
            Registration.event_id == event_id,
            Registration.organisation_id == INVITED.id,
            Registration.state.in_(LIVE),
        )
        .correlate(INVITED)
    )


def _count_sides(event_id: int) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(sa.distinct(Registration.side)))
        .where(
            Registration.event_id == event_id,
            Registration.organisation_id == INVITED.id,
            Registration.state.in_(LIVE),
            Registration.side.in_(SIDES),
        )
        .correlate(INVITED)
        .scalar_subquery()
    )


def _organisers(event_id: int) -> Recipients:
    return (
        sa.select(
            Event.organiser_id,
            Account.email,
            Account.email_key,
            Account.name,
            Account.language,
            NONE.label("registration_id"),
            NONE.label("organisation_id"),
        )
        .select_from(Event)
        .join(Membership, Membership.organiser_id == Event.organiser_id)
        .join(Account, Account.id == Membership.account_id)
        .where(Event.id == event_id, Account.disabled_at.is_(None))
    )


def still_meant(audience: Audience, *, event_id: int, on: date, organisation_ids: Sequence[int]) -> sa.Select[int]:
    """Which of these organisations an audience of organisations still is."""
    if audience not in OF_ORGANISATIONS:
        raise ValueError(f"{audience.value} is no audience of organisations")
    found = select_recipients(audience, event_id=event_id, run_id=None, on=on).where(INVITED.id.in_(organisation_ids))
    return sa.select(found.subquery().c.organisation_id)
