"""People as the organiser knows them: the list, one person with seats, roles and groups, and who may be the same."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys.events.labels import name_run
from eventsys.extensions import db
from eventsys.organisations.labels import POSITION_ROLES
from eventsys.organisations.models import Person
from eventsys.organisations.positions.queries import list_of_people as list_positions
from eventsys.programmes.groups.queries import list_of_people as list_groups
from eventsys.registrations.labels import STATES
from eventsys.web import Access, access
from eventsys.workspace.registers.labels import INVITATION_STATES
from eventsys.workspace.registers.queries import people
from eventsys.workspace.registers.queries.people import Name, Scope
from eventsys.workspace.registers.queries.scope import sees_everybody, select_own_organisations, select_people
from eventsys.workspace.views.frame import account, blueprint, name_event, page_number, today, words
from eventsys.workspace.views.organisation import name
from eventsys.workspace.views.organisations import address_of, days

A_PAGE = 50
NOBODY = Name("", "", None)


def scope() -> Scope:
    """What this account may read of people, and move when two are merged."""
    return Scope(None if sees_everybody(account()) else account().organiser.id, today())


@blueprint.get("/people", endpoint="people")
@access(Access.READER)
def index() -> str:
    session, typed = db.session(), words("q")
    found = people.select_found(select_people(account(), on=today()), typed)
    count = people.count_people(session, found)
    pages = max(-(-count // A_PAGE), 1)
    page = min(page_number(), pages)
    rows = people.list_page(session, found, limit=A_PAGE, offset=(page - 1) * A_PAGE)
    return render_template(
        "workspace/people.html",
        people=describe_rows(session, rows),
        q=typed,
        count=count,
        page=page,
        pages=pages,
    )


def describe_rows(session: Session, rows: list[Person]) -> list[dict[str, Any]]:
    """Names as they were last given; the roles that people have now."""
    ids = [row.id for row in rows]
    names = people.find_names(session, ids, scope())
    roles: dict[int, list[str]] = {}
    for position, organisation in list_positions(session, ids, own_organisations()):
        if position.to_on is None or position.to_on > today():
            told = _("%(role)s, %(organisation)s", role=POSITION_ROLES[position.role], organisation=organisation.label)
            roles.setdefault(position.person_id, []).append(told)
    return [
        {
            "public_id": row.public_id,
            "name": name_person(names, row),
            "email": names.get(row.id, NOBODY).email or row.email_key,
            "organisation": names.get(row.id, NOBODY).organisation or "",
            "roles": roles.get(row.id, []),
        }
        for row in rows
    ]


def own_organisations() -> Any:
    return select_own_organisations(account().organiser.id, on=today())


def name_person(names: dict[int, Name], row: Person) -> str:
    return names.get(row.id, NOBODY).name or (row.name_key or "").title()


@blueprint.get("/people/doubles", endpoint="doubles")
@access(Access.ORGANISER)
def doubles() -> str:
    """Pairs of one name, or of one address and names that are alike."""
    session = db.session()
    pairs = people.list_doubles(session, select_people(account(), on=today()))
    rows = {
        one["public_id"]: one for one in describe_rows(session, [*{p.id: p for pair in pairs for p in pair}.values()])
    }
    return render_template(
        "workspace/doubles.html",
        pairs=[(rows[pair.first.public_id], rows[pair.second.public_id]) for pair in pairs],
        most=people.MOST_DOUBLES,
    )


def find(session: Session, public_id: uuid.UUID) -> Person:
    """A person whom this account sees, or 404."""
    return people.find_person(session, public_id, select_people(account(), on=today())) or abort(404)


@blueprint.get("/people/<uuid:public_id>", endpoint="person")
@access(Access.READER)
def show(public_id: uuid.UUID) -> str | Response:
    session = db.session()
    seen = select_people(account(), on=today())
    merged = people.find_merged(session, public_id, seen)
    if merged is not None:
        return redirect(url_for(".person", public_id=merged), 303)
    row = people.find_person(session, public_id, seen) or abort(404)
    ids = people.list_ids(session, row)
    (described,) = describe_rows(session, [row])
    return render_template(
        "workspace/person.html",
        person=described,
        positions=[describe_position(*found) for found in list_positions(session, ids, own_organisations())],
        groups=[describe_member(*found) for found in list_groups(session, account().organiser.id, ids)],
        seats=[describe_seat(found) for found in people.list_seats(session, ids, scope())],
        invitations=[describe_invitation(*found) for found in people.list_invitations(session, ids, scope())],
        sees_everybody=sees_everybody(account()),
    )


def describe_position(position: Any, organisation: Any) -> dict[str, Any]:
    return {
        "role": POSITION_ROLES[position.role],
        "organisation": organisation.label,
        "url": address_of(organisation),
        "days": days(position.from_on, position.to_on),
        "email": position.email,
    }


def describe_member(member: Any, group: Any) -> dict[str, Any]:
    return {"slug": group.slug, "name": name(group.name), "days": days(member.from_on, member.to_on)}


def describe_seat(row: Any) -> dict[str, Any]:
    return {
        "slug": row.Event.slug,
        "public_id": row.Registration.public_id,
        "is_own": row.Event.organiser_id == account().organiser.id,
        "title": name_event(row.Event),
        "dates": name_run(row.Run),
        "state": STATES[row.Registration.state],
        "organisation": row.organisation or "",
        "name": row.Registration.name,
        "email": row.Registration.email,
    }


def describe_invitation(invitation: Any, event: Any) -> dict[str, Any]:
    return {"title": name_event(event), "slug": event.slug, "state": INVITATION_STATES[invitation.state]}
