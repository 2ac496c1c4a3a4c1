"""Who is what in an organisation: adding somebody with a role, mending the days, ending it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions import actions as positions
from eventsys.organisations.positions.emails import send_contact_link
from eventsys.organisations.positions.queries import find_position
from eventsys.organisations.rules import PositionRole
from eventsys.registrations.people.links import contact_path
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.registers.forms import PersonEntry, read_days, read_person
from eventsys.workspace.views.frame import account, blueprint, log, today
from eventsys.workspace.views.organisation import describe_position, link_to, show_page
from eventsys.workspace.views.organisations import Answer, address_of, find, key_of, rights


@blueprint.post("/organisations/<kind>/<key>/people", endpoint="add_position")
@access(Access.ORGANISER)
def add_person(kind: str, key: str) -> Answer:
    """Somebody with a role in it; a contact gets the link at once."""
    reader = Reader(Typed(request.form))
    entry = read_person(reader, today(), has_role=True)
    if reader.errors or entry.role is None:
        return show_page(db.session(), find(db.session(), kind, key), reader.typed, reader.errors), 422
    with transaction() as session:
        row = find(session, kind, key)
        if not rights(session).may_address(row.id) or row.valid_to is not None:
            abort(403)
        position, is_new = positions.set_position(
            session, row.id, facts_of(entry, entry.role), account_id=account().id, now=clock.now()
        )
        note(session, position, row, LogVerb.ADDED if is_new else LogVerb.CHANGED)
        if is_new and entry.role is PositionRole.CONTACT and row.address:
            send_contact_link(session, row, position, path=contact_path(row, position), now=clock.now())
        url = address_of(row)
    flash(_("%(name)s is added.", name=entry.name), "success")
    return redirect(url, 303)


def facts_of(entry: PersonEntry, role: PositionRole) -> positions.PositionFacts:
    return positions.PositionFacts(entry.name, entry.email, role, entry.from_on, entry.to_on, entry.language)


def note(session: Session, position: Position, row: Organisation, verb: LogVerb, **before: Any) -> None:
    """In the log, whose words about people go when the ordinary time is over."""
    after = {"role": position.role, "from_on": position.from_on, "to_on": position.to_on}
    log(
        session, verb, "position", f"{row.kind}/{key_of(row)}", f"{position.name}, {row.label}",
        before=before or None, after=after, about_people=True,
    )  # fmt: skip


def find_own(session: Session, public_id: uuid.UUID) -> tuple[Position, Organisation]:
    """A position in an organisation whose people are this organiser's to keep, or 404."""
    row = find_position(session, public_id)
    if row is None or not row.Position.email_key or not rights(session).may_address(row.Organisation.id):
        abort(404)
    return row.Position, row.Organisation


@blueprint.get("/positions/<uuid:position>", endpoint="edit_position")
@access(Access.ORGANISER)
def edit_position(position: uuid.UUID) -> str:
    found, row = find_own(db.session(), position)
    typed = Typed({"from_on": write_day(found.from_on), "to_on": write_day(found.to_on)})
    return show_position(found, row, typed, {})


@blueprint.post("/positions/<uuid:position>", endpoint="update_position")
@access(Access.ORGANISER)
def update_position(position: uuid.UUID) -> Answer:
    reader = Reader(Typed(request.form))
    from_on, to_on = read_days(reader, today())
    try:
        with transaction() as session:
            found, row = find_own(session, position)
            before = {"from_on": found.from_on, "to_on": found.to_on}
            if not reader.errors:
                positions.set_days(session, found, from_on=from_on, to_on=to_on)
                note(session, found, row, LogVerb.CHANGED, **before, role=found.role)
    except positions.DayIsTaken:
        reader.errors["from_on"] = _("They began as the same on that day once before.")
    if reader.errors:
        return show_position(*find_own(db.session(), position), reader.typed, reader.errors), 422
    flash(_("The days are changed."), "success")
    return redirect(address_of(row), 303)


def show_position(found: Position, row: Organisation, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/position_form.html",
        position=describe_position(found),
        organisation=link_to(row),
        typed=typed,
        errors=errors,
    )


@blueprint.post("/positions/<uuid:position>/end", endpoint="end_position")
@access(Access.ORGANISER)
def end_position(position: uuid.UUID) -> Response:
    with transaction() as session:
        found, row = find_own(session, position)
        if positions.end(session, found, on=today()):
            note(session, found, row, LogVerb.REMOVED)
        url, who = address_of(row), found.name
    flash(
        _(
            "It has ended for %(name)s. Under the days you can take it back.",
            name=who,
        ),
        "success",
    )
    return redirect(url, 303)
