"""Networks: made and changed, who is in one and what it arranges. Who advises one is said on the page of advisers."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import texts
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes import actions
from eventsys.programmes.cohorts import queries
from eventsys.programmes.grants.queries import find_readable, lock_own
from eventsys.programmes.labels import NETWORK_KINDS
from eventsys.programmes.models import Network, NetworkMembership, Programme
from eventsys.programmes.places.actions import end_place
from eventsys.programmes.rules import NetworkFacts
from eventsys.web import LANGUAGES, Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.memberships.forms import read_network, type_network
from eventsys.workspace.memberships.queries import list_gatherings
from eventsys.workspace.views.frame import account, blueprint, log, name_dates, name_event, today
from eventsys.workspace.views.organisations import Answer, describe_member
from eventsys.workspace.views.organisations import find as find_organisation
from eventsys.workspace.views.programme_parties import crumbs
from eventsys.workspace.views.programmes import keep_own, may_edit, own_programme


@blueprint.get("/programmes/<slug>/networks/new", endpoint="new_network")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    return show_form(own_programme(db.session(), slug), None, Typed({"kind": "regional"}), {})


@blueprint.post("/programmes/<slug>/networks", endpoint="create_network")
@access(Access.ORGANISER)
def create(slug: str) -> Answer:
    reader = Reader(Typed(request.form))
    facts, made = read_network(reader), ""
    with transaction() as session:
        programme = lock_own(session, slug, organiser_id=account().organiser.id) or abort(404)
        names = [row.Network.name for row in queries.list_networks(session, [programme.id], on=today())]
        if facts is not None and facts.name in names:
            reader.errors["name"] = _("The programme has a network of that name already.")
        elif facts is not None:
            made = save_new(session, programme, facts)
    if reader.errors:
        return show_form(own_programme(db.session(), slug), None, reader.typed, reader.errors), 422
    flash(_("The network is made. Put those who are in it into it."), "success")
    return redirect(url_for(".network", network=made), 303)


def save_new(session: Session, programme: Programme, facts: NetworkFacts) -> str:
    """The address of the new one."""
    slug = actions.free_slug(session, Network.slug, {"nb": facts.name}, fallback="network")
    row = actions.add_network(session, programme_id=programme.id, slug=slug, name=facts.name)
    actions.change_network(session, row, facts)
    log(session, LogVerb.ADDED, "network", slug, row.name, after=fields_of(row))
    return slug


def find(session: Session, slug: str) -> tuple[Network, Programme]:
    """A network that one may read, or 404."""
    row = queries.find_network(session, slug, organiser_id=account().organiser.id) or abort(404)
    return row.Network, row.Programme


def find_own(session: Session, slug: str) -> tuple[Network, Programme]:
    return keep_own(*find(session, slug))


@blueprint.get("/networks/<network>/edit", endpoint="edit_network")
@access(Access.ORGANISER)
def edit(network: str) -> str:
    row, programme = find_own(db.session(), network)
    return show_form(programme, row, type_network(NetworkFacts(row.name, row.kind, row.about)), {})


@blueprint.post("/networks/<network>", endpoint="update_network")
@access(Access.ORGANISER)
def update(network: str) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_network(reader)
    if facts is None:
        row, programme = find_own(db.session(), network)
        return show_form(programme, row, reader.typed, reader.errors), 422
    with transaction() as session:
        row, _programme = find_own(session, network)
        session.refresh(row, with_for_update=True)
        before = fields_of(row)
        actions.change_network(session, row, facts)
        log(session, LogVerb.CHANGED, "network", network, row.name, before=before, after=fields_of(row))
    flash(_("The changes are saved."), "success")
    return redirect(url_for(".network", network=network), 303)


def fields_of(row: Network) -> dict[str, Any]:
    """The network as the log keeps it."""
    return {"name": row.name, "kind": row.kind, "about": row.about}


def show_form(programme: Programme, row: Network | None, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/network_form.html",
        crumbs=crumbs(programme),
        programme=programme,
        network=row,
        title=row.name if row else _("New network"),
        typed=typed,
        errors=errors,
        kinds=[(one.value, str(label)) for one, label in NETWORK_KINDS.items()],
        language_options=list(LANGUAGES.items()),
    )


@blueprint.get("/networks/<network>", endpoint="network")
@access(Access.READER)
def show(network: str) -> str:
    session = db.session()
    row, programme = find(session, network)
    adviser = session.get_one(Organiser, row.organiser_id or programme.organiser_id)
    return render_template(
        "workspace/network.html",
        network=row,
        programme=programme,
        crumbs=crumbs(programme) if may_read(session, programme) else [],
        title=row.name,
        kind=NETWORK_KINDS[row.kind],
        about=texts.read(row.about, language()),
        adviser=adviser.name,
        may_edit=may_edit(programme),
        members=[describe(*one) for one in queries.list_network_members(session, row.id, on=today())],
        gatherings=[describe_event(one) for one in list_gatherings(session, row, account().organiser.id)],
    )


def may_read(session: Session, programme: Programme) -> bool:
    """An adviser may read the network without the programme."""
    return find_readable(session, programme.slug, organiser_id=account().organiser.id) is not None


def describe(row: NetworkMembership, organisation: Organisation) -> dict[str, Any]:
    return describe_member(organisation, row.from_on, row.to_on)


def describe_event(event: Any) -> dict[str, Any]:
    """One's own leads to where it is arranged, another's to what everybody sees of it."""
    own = event.organiser_id == account().organiser.id
    url = url_for(".event", slug=event.slug) if own else url_for("site.event", slug=event.slug)
    return {"url": url, "title": name_event(event), "dates": name_dates(event)}


@blueprint.post("/networks/<network>/members/<kind>/<key>/end", endpoint="end_network_member")
@access(Access.ORGANISER)
def leave(network: str, kind: str, key: str) -> Response:
    """Out of the network from today; who is out already is no fault."""
    with transaction() as session:
        row, _programme = find_own(session, network)
        organisation = find_organisation(session, kind, key)
        rows = queries.list_network_members(session, row.id, on=today())
        for place in [one.NetworkMembership for one in rows if one.Organisation.id == organisation.id]:
            if end_place(session, place, on=today()):
                log(session, LogVerb.REMOVED, "network", network, organisation.label)
        label = organisation.label
    flash(_("%(name)s is there no more from today.", name=label), "success")
    return redirect(url_for(".network", network=network), 303)
