"""Contacts of the organisations in one's own programmes: say yes or no to who asks, add one, end one; official mailboxes.

A contact sees what an organisation sends to everybody's events, so no other organiser makes one, nor one that only takes
an organisation into its programme which another keeps.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import AnyRow, db, transaction
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions import actions, emails, queries
from eventsys.organisations.queries import find_by_label
from eventsys.organisations.rules import PositionRole
from eventsys.registrations.forms import AddressForm
from eventsys.registrations.people.forms import PersonForm
from eventsys.registrations.people.links import contact_path
from eventsys.web import Access, access
from eventsys.workspace.registers.queries.scope import select_kept_contacts
from eventsys.workspace.views.frame import account, blueprint, log, name_moment, today
from eventsys.workspace.views.organisations import key_of


@blueprint.get("/contacts", endpoint="contacts")
@access(Access.ORGANISER)
def index() -> str:
    return show({}, {})


def show(typed: dict[str, str], errors: dict[str, str]) -> str:
    """`typed` and `errors` by field: of the form for a contact (`organisation`, `name`, `email`), or for a mailbox
    (`mailbox_of`, `mailbox`)."""
    session, day = db.session(), today()
    mine = list_mine(session)
    return render_template(
        "workspace/contacts.html",
        has_members=bool(mine),
        asked=[describe(row) for row in queries.list_asked(session, mine, on=day)],
        contacts=[describe(row) for row in queries.list_all_contacts(session, mine, on=day)],
        typed=typed,
        errors=errors,
    )


def list_mine(session: Session) -> set[int]:
    """The organisations whose contacts are this organiser's to decide."""
    return set(session.scalars(select_kept_contacts(account().organiser.id, on=today())))


def describe(row: AnyRow) -> dict[str, Any]:
    position = row.Position
    return {
        "public_id": position.public_id,
        "name": position.name,
        "email": position.email,
        "organisation": row.Organisation.label,
        "mailbox": row.Organisation.email,
        "asked": name_moment(position.asked_at),
        "confirmed": name_moment(position.confirmed_at),
    }


@blueprint.post("/contacts", endpoint="add_contact")
@access(Access.ORGANISER)
def add() -> Response | tuple[str, int]:
    """A contact whom the organiser knows; the link is mailed at once."""
    form = PersonForm(request.form)
    valid = form.validate()
    errors = {name: str(message) for name, message in form.list_errors()}
    organisation = find_meant(request.form.get("organisation", ""))
    if organisation is None:
        errors["organisation"] = _("Write the name or number of a municipality in your programme")
    if not valid or organisation is None:
        return show({**request.form.to_dict()}, errors), 422
    with transaction() as session:
        found = session.get_one(Organisation, organisation)
        position = actions.add_contact(
            session, found, name=form.name.data, email=form.email.data, account_id=account().id, on=today(),
            now=clock.now(),
        )  # fmt: skip
        note(session, LogVerb.ADDED, found, position)
        mail_link(session, found, position)
    flash(_("%(name)s is contact now. The link is on its way by mail.", name=form.name.data), "success")
    return redirect(url_for(".contacts"), 303)


def find_meant(text: str) -> int | None:
    """The one municipality of one's own programmes that the words mean."""
    session = db.session()
    found = find_by_label(session, text) if text.strip() else []
    return found[0].id if len(found) == 1 and found[0].id in list_mine(session) else None


def mail_link(session: Session, organisation: Organisation, position: Any) -> None:
    path = contact_path(organisation, position)
    emails.send_contact_link(session, organisation, position, path=path, now=clock.now())


def note(session: Session, verb: LogVerb, organisation: Organisation, position: Position) -> None:
    """In the log, whose words about people go when the ordinary time is over."""
    log(
        session, verb, "position", f"{organisation.kind}/{key_of(organisation)}",
        f"{position.name}, {organisation.label}", after={"role": position.role, "confirmed": position.confirmed_at},
        about_people=True,
    )  # fmt: skip


def find_contact(session: Session, public_id: uuid.UUID) -> AnyRow:
    """Who is or asks to be a contact; what else somebody is in an organisation is not said yes or no to here."""
    row = queries.find_position(session, public_id)
    if row is None or row.Position.role is not PositionRole.CONTACT or row.Organisation.id not in list_mine(session):
        abort(404)
    return row


@blueprint.post("/contacts/<uuid:public_id>/confirmation", endpoint="confirm_contact")
@access(Access.ORGANISER)
def confirm(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        row = find_contact(session, public_id)
        if actions.confirm(session, row.Position, account_id=account().id, now=clock.now()):
            note(session, LogVerb.CHANGED, row.Organisation, row.Position)
            mail_link(session, row.Organisation, row.Position)
    flash(_("%(name)s is contact now. The link is on its way by mail.", name=row.Position.name), "success")
    return redirect(url_for(".contacts"), 303)


@blueprint.post("/contacts/<uuid:public_id>/end", endpoint="end_contact")
@access(Access.ORGANISER)
def end(public_id: uuid.UUID) -> Response:
    """A no to who asks, or the end of who is contact: the link opens nothing more."""
    with transaction() as session:
        row = find_contact(session, public_id)
        if actions.end(session, row.Position, on=today()):
            note(session, LogVerb.REMOVED, row.Organisation, row.Position)
    flash(_("%(name)s is not contact.", name=row.Position.name), "success")
    return redirect(url_for(".contacts"), 303)


@blueprint.post("/contacts/mailbox", endpoint="set_mailbox")
@access(Access.ORGANISER)
def set_mailbox() -> Response | tuple[str, int]:
    """The official mailbox of a municipality; those who wait for a yes from it are asked about at once."""
    typed = {"mailbox_of": request.form.get("mailbox_of", ""), "mailbox": request.form.get("mailbox", "")}
    form = AddressForm(request.form.__class__({"email": typed["mailbox"]}))
    organisation, errors = find_meant(typed["mailbox_of"]), {}
    if organisation is None:
        errors["mailbox_of"] = _("Write the name or number of a municipality in your programme")
    if not form.validate():
        errors["mailbox"] = str(form.email.errors[0])
    if errors or organisation is None:
        return show(typed, errors), 422
    with transaction() as session:
        found = session.get_one(Organisation, organisation)
        before = {"email": found.email}
        actions.set_mailbox(session, found, email=form.email.data)
        after = {"email": form.email.data}
        log(session, LogVerb.CHANGED, "organisation", key_of(found), found.label, before=before, after=after)
        for position in queries.list_asked_of(session, found.id, on=today()):
            token = actions.issue_confirmation(session, position, real_now=clock.real_now())
            path = url_for("registrations.confirm_contact", token=token)
            emails.send_question(session, found, position, token, path=path, now=clock.now())
    flash(_("The official mailbox of %(name)s is %(email)s.", name=found.label, email=form.email.data), "success")
    return redirect(url_for(".contacts"), 303)
