"""How the pages of an address show what is registered under it: people, delegations, positions, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsys import dates, texts
from eventsys.events.labels import name_run
from eventsys.events.models import Run
from eventsys.events.rules import RunStatus
from eventsys.extensions import AnyRow
from eventsys.organisations.labels import POSITION_ROLES
from eventsys.organisations.models import Position
from eventsys.organisations.rules import PositionRole, name_key
from eventsys.programmes.groups.links import group_path
from eventsys.registrations import labels
from eventsys.registrations.links import delegation_token, registration_token
from eventsys.registrations.models import Registration
from eventsys.registrations.people.links import contact_path
from eventsys.registrations.rules import ENDED
from eventsys.web import language

ROLES = {**POSITION_ROLES, PositionRole.CONTACT: _l("Contact of the municipality")}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody behind an address, with what is to come, soonest first, and what has been, latest first."""

    anchor: str
    name: str
    coming: list[dict[str, Any]]
    past: list[dict[str, Any]]


def is_a_colleagues(row: AnyRow) -> bool:
    """Whether a registration has its address only because that is the registrar's, who is somebody else."""
    seat, delegation = row.Registration, row.Delegation
    if delegation is None or delegation.email_key != seat.email_key:
        return False
    return name_key(seat.name) != name_key(delegation.name)


def list_people(rows: Iterable[AnyRow], *, today: date) -> list[Person]:
    """The people behind an address by name; colleagues without an address of their own belong to their delegation."""
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        if row.Registration.person_id is not None and not is_a_colleagues(row):
            found.setdefault(row.Registration.person_id, []).append(row)
    people = [
        Person(
            f"person-{number}",
            theirs[-1].Registration.name,
            [describe_own(row) for row in theirs if is_coming(row, today)],
            [describe_own(row) for row in reversed(theirs) if not is_coming(row, today)],
        )
        for number, theirs in enumerate(found.values(), 1)
    ]
    return sorted(people, key=lambda person: person.name.casefold())


def is_coming(row: AnyRow, today: date) -> bool:
    """Whether the days are not over and the person is still on the list in some way."""
    is_over = row.Run.last_on is not None and row.Run.last_on < today
    return not is_over and row.Registration.state not in ENDED


def describe_own(row: AnyRow) -> dict[str, Any]:
    """One registration as the macro `event_row` wants it; it leads to its own page."""
    run, registration = row.Run, row.Registration
    cancelled = run.status is RunStatus.CANCELLED
    main, small = name_rail(run)
    facts = [name_run(run), row.venue, row.organisation]
    tag = (_("Cancelled"), "danger") if cancelled else describe_state(registration)
    return {
        "url": url_for("registrations.show", token=registration_token(registration)),
        "title": texts.read(row.Event.title, language()).value,
        "meta": " · ".join(fact for fact in facts if fact),
        "tags": [tag],
        "rail_main": main,
        "rail_small": small,
        "inexact": run.first_on is None,
        "cancelled": cancelled,
        "action_url": "",
        "note": name_offer(registration, run),
        "note_few": True,
    }


def describe_state(registration: Registration) -> tuple[str, str]:
    return str(labels.STATES[registration.state]), labels.STATE_KINDS[registration.state]


def name_offer(registration: Registration, run: Run) -> str:
    """Until when somebody must say yes to a place that is offered."""
    if registration.offered_until is None:
        return ""
    until = dates.format_moment(dates.to_local(registration.offered_until, run.timezone), language())
    return _("Answer before %(moment)s, or the place goes to the next", moment=until)


def name_rail(run: Run) -> tuple[str, str]:
    """«1–2» and «sept. 2008»: the lists of a person go over years."""
    if run.first_on is None or run.last_on is None:
        return "?", _("date to come")
    first, last = run.first_on, run.last_on
    one_month = (first.year, first.month) == (last.year, last.month)
    day = f"{first.day}–{last.day}" if one_month and first != last else str(first.day)
    return day, f"{dates.SHORT_MONTHS[language()][first.month - 1]} {first.year}"


def describe_looked_after(row: AnyRow, seats: Iterable[AnyRow]) -> dict[str, Any]:
    """One delegation: what for, how many, how many lack a name, its own page, and those whose mail comes here too."""
    return {
        "url": url_for("registrations.delegation", token=delegation_token(row.Delegation)),
        "title": texts.read(row.Event.title, language()).value,
        "organisation": row.organisation,
        "seats": ngettext("%(num)d place", "%(num)d places", row.seats),
        "unnamed": name_count_of_unnamed(row.unnamed),
        "people": [
            (url_for("registrations.show", token=registration_token(seat.Registration)), seat.Registration.name)
            for seat in seats
            if seat.Registration.delegation_id == row.Delegation.id and seat.Registration.state not in ENDED
        ],
    }


def name_count_of_unnamed(count: int) -> str:
    return ngettext("%(num)d without a name", "%(num)d without a name", count) if count else ""


def describe_position(row: AnyRow) -> dict[str, Any]:
    """What somebody is in an organisation; a confirmed contact has a page of it."""
    position: Position = row.Position
    is_contact = position.role is PositionRole.CONTACT
    confirmed = position.confirmed_at is not None
    return {
        "organisation": row.Organisation.label,
        "role": str(ROLES[position.role]),
        "name": position.name,
        "url": contact_path(row.Organisation, position) if is_contact and confirmed else "",
        "is_asked": is_contact and not confirmed,
    }


def describe_membership(row: AnyRow) -> dict[str, str]:
    """A group that somebody is in, with the way to its pages."""
    name = texts.read(row.Group.name, language()).value
    return {"url": group_path(row.GroupMembership), "group": name, "name": row.GroupMembership.name}
