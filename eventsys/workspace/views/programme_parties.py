"""Who is behind a programme: parties and partners, one at a time, and the order in which they are named."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.programmes.grants.queries import lock_own
from eventsys.programmes.labels import PARTY_KINDS, PARTY_ROLES
from eventsys.programmes.models import Programme, ProgrammeParty
from eventsys.programmes.parties import actions
from eventsys.programmes.parties.queries import find_party
from eventsys.programmes.rules import PartyFacts, PartyRole
from eventsys.web import LANGUAGES, Access, access
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.memberships.forms import read_party, type_party
from eventsys.workspace.views.frame import account, blueprint, log
from eventsys.workspace.views.organisation import name
from eventsys.workspace.views.programmes import Answer, own_programme


@blueprint.get("/programmes/<slug>/parties/new", endpoint="new_party")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    role = request.args.get("role", "")
    typed = Typed({"role": role if role in set(PartyRole) else PartyRole.PARTY.value, "kind": "state"})
    return show_form(own_programme(db.session(), slug), None, typed, {})


@blueprint.post("/programmes/<slug>/parties", endpoint="create_party")
@access(Access.ORGANISER)
def create(slug: str) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_party(reader)
    if facts is None:
        return show_form(own_programme(db.session(), slug), None, reader.typed, reader.errors), 422
    with transaction() as session:
        programme = lock(session, slug)
        row = actions.add_party(session, programme, facts)
        log(session, LogVerb.ADDED, "programme", slug, name(row.name), after=fields_of(row))
    flash(_("%(name)s is added.", name=name(dict(facts.name))), "success")
    return back(slug)


@blueprint.get("/programmes/<slug>/parties/<uuid:party>/edit", endpoint="edit_party")
@access(Access.ORGANISER)
def edit(slug: str, party: uuid.UUID) -> str:
    programme, row = find(slug, party)
    facts = PartyFacts(row.role, row.kind, row.name, row.email, row.url)
    return show_form(programme, row, type_party(facts), {})


@blueprint.post("/programmes/<slug>/parties/<uuid:party>", endpoint="update_party")
@access(Access.ORGANISER)
def update(slug: str, party: uuid.UUID) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_party(reader)
    if facts is None:
        return show_form(*find(slug, party), reader.typed, reader.errors), 422
    with transaction() as session:
        row = find_party(session, lock(session, slug).id, party) or abort(404)
        before = fields_of(row)
        actions.change_party(session, row, facts)
        log(session, LogVerb.CHANGED, "programme", slug, name(row.name), before=before, after=fields_of(row))
    flash(_("The changes are saved."), "success")
    return back(slug)


@blueprint.post("/programmes/<slug>/parties/<uuid:party>/move", endpoint="move_party")
@access(Access.ORGANISER)
def move(slug: str, party: uuid.UUID) -> Response:
    with transaction() as session:
        row = find_party(session, lock(session, slug).id, party) or abort(404)
        before = {"position": row.position}
        if actions.move_party(session, row, up=request.form.get("way") == "up"):
            after = {"position": row.position}
            log(session, LogVerb.CHANGED, "programme", slug, name(row.name), before=before, after=after)
    return back(slug)


@blueprint.get("/programmes/<slug>/parties/<uuid:party>/removal", endpoint="confirm_remove_party")
@access(Access.ORGANISER)
def confirm(slug: str, party: uuid.UUID) -> str:
    programme, row = find(slug, party)
    return render_template(
        "workspace/place_confirm.html",
        title=_("Take away %(name)s?", name=name(row.name)),
        text=_("It is named with the programme no more, and gets no copies of letters that are sent from now on."),
        action=url_for(".remove_party", slug=slug, party=party),
        button=_("Take away"),
        back=url_for(".show_programme", slug=slug),
        crumbs=crumbs(programme),
    )


@blueprint.post("/programmes/<slug>/parties/<uuid:party>/removal", endpoint="remove_party")
@access(Access.ORGANISER)
def remove(slug: str, party: uuid.UUID) -> Response:
    """One that is gone already is no fault."""
    with transaction() as session:
        row = find_party(session, lock(session, slug).id, party)
        if row is not None:
            log(session, LogVerb.REMOVED, "programme", slug, name(row.name), before=fields_of(row), after={})
            actions.remove_party(session, row)
    flash(_("It is taken away."), "success")
    return back(slug)


def back(slug: str) -> Response:
    return redirect(url_for(".show_programme", slug=slug, _anchor="parties"), 303)


def lock(session: Session, slug: str) -> Programme:
    return lock_own(session, slug, organiser_id=account().organiser.id) or abort(404)


def find(slug: str, party: uuid.UUID) -> tuple[Programme, ProgrammeParty]:
    programme = own_programme(db.session(), slug)
    return programme, find_party(db.session(), programme.id, party) or abort(404)


def fields_of(row: ProgrammeParty) -> dict[str, Any]:
    """The party as the log keeps it."""
    return {"role": row.role, "kind": row.kind, "name": row.name, "email": row.email, "url": row.url}


def crumbs(programme: Programme) -> list[tuple[str, str]]:
    here = url_for(".show_programme", slug=programme.slug)
    return [(url_for(".programmes"), _("Programmes")), (here, name(programme.name))]


def show_form(programme: Programme, row: ProgrammeParty | None, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/party_form.html",
        crumbs=crumbs(programme),
        slug=programme.slug,
        party=row,
        title=name(row.name) if row else _("Somebody behind the programme"),
        typed=typed,
        errors=errors,
        roles=[(one.value, str(label)) for one, label in PARTY_ROLES.items()],
        kinds=[(one.value, str(label)) for one, label in PARTY_KINDS.items()],
        language_options=list(LANGUAGES.items()),
    )
