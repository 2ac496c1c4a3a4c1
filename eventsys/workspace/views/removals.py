"""Takes away a programme, a cohort or a network that was made by mistake; one that something hangs on says what."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.programmes.actions import lock_cohort
from eventsys.programmes.grants.queries import lock_own
from eventsys.programmes.models import Cohort, Network, Programme
from eventsys.programmes.removal import remove
from eventsys.web import Access, access
from eventsys.workspace.memberships.hanging import count_hanging
from eventsys.workspace.views import cohorts, networks_pages, programmes
from eventsys.workspace.views.editing import close_form
from eventsys.workspace.views.frame import account, blueprint, log, opens
from eventsys.workspace.views.organisation import name
from eventsys.workspace.views.programme_parties import crumbs

Removed = Programme | Cohort | Network


@blueprint.get("/programmes/<slug>/removal", endpoint="confirm_remove_programme")
@access(Access.OWNER)
def confirm_programme(slug: str) -> str:
    return ask(programmes.own_programme(db.session(), slug))


@blueprint.get("/cohorts/<cohort>/removal", endpoint="confirm_remove_cohort")
@access(Access.ORGANISER)
def confirm_cohort(cohort: str) -> str:
    return ask(*cohorts.find_own(db.session(), cohort))


@blueprint.get("/networks/<network>/removal", endpoint="confirm_remove_network")
@access(Access.ORGANISER)
def confirm_network(network: str) -> str:
    return ask(*networks_pages.find_own(db.session(), network))


@blueprint.post("/programmes/<slug>/removal", endpoint="remove_programme")
@access(Access.OWNER)
def remove_programme(slug: str) -> Response:
    with transaction() as session:
        row = lock_own(session, slug, organiser_id=account().organiser.id) or abort(404)
        is_gone = take_away(session, row, "programme", programmes.fields_of(row))
        if is_gone:
            close_form(session, programmes.name_form(row))
    return go_on(is_gone, url_for(".programmes"), url_for(".confirm_remove_programme", slug=slug))


@blueprint.post("/cohorts/<cohort>/removal", endpoint="remove_cohort")
@access(Access.ORGANISER)
def remove_cohort(cohort: str) -> Response:
    with transaction() as session:
        row, programme = cohorts.find_own(session, cohort)
        lock_cohort(session, row.id)
        home = url_for(".show_programme", slug=programme.slug)
        is_gone = take_away(session, row, "cohort", cohorts.fields_of(row))
    return go_on(is_gone, home, url_for(".confirm_remove_cohort", cohort=cohort))


@blueprint.post("/networks/<network>/removal", endpoint="remove_network")
@access(Access.ORGANISER)
def remove_network(network: str) -> Response:
    with transaction() as session:
        row, programme = networks_pages.find_own(session, network)
        session.refresh(row, with_for_update=True)
        home = url_for(".show_programme", slug=programme.slug)
        is_gone = take_away(session, row, "network", networks_pages.fields_of(row))
    return go_on(is_gone, home, url_for(".confirm_remove_network", network=network))


def take_away(session: Session, row: Removed, object: str, fields: dict[str, Any]) -> bool:
    """False where something hangs on it: then it stays. The caller has locked it."""
    if count_hanging(session, row):
        return False
    log(session, LogVerb.REMOVED, object, row.slug, name_of(row), before=fields)
    remove(session, row)
    return True


def go_on(is_gone: bool, home: str, question: str) -> Response:
    if is_gone:
        flash(_("It is taken away."), "success")
    return redirect(home if is_gone else question, 303)


def name_of(row: Removed) -> str:
    return row.name if isinstance(row, Network) else name(row.name)


def ask(row: Removed, programme: Programme | None = None) -> str:
    """Asks whether it is to go, or says what hangs on it; `programme` is whose the cohort or the network is."""
    home, action = addresses(row)
    before = crumbs(programme) if programme else [(url_for(".programmes"), _("Programmes"))]
    return render_template(
        "workspace/removal.html",
        crumbs=[*before, (home, name_of(row))],
        name=name_of(row),
        back=home,
        action=action,
        is_programme=isinstance(row, Programme),
        hanging=[describe(key, count, home) for key, count in count_hanging(db.session(), row).items()],
    )


def addresses(row: Removed) -> tuple[str, str]:
    """Its page, and where it is taken away."""
    if isinstance(row, Programme):
        return url_for(".show_programme", slug=row.slug), url_for(".remove_programme", slug=row.slug)
    if isinstance(row, Cohort):
        return url_for(".cohort", cohort=row.slug), url_for(".remove_cohort", cohort=row.slug)
    return url_for(".network", network=row.slug), url_for(".remove_network", network=row.slug)


def describe(key: str, count: int, home: str) -> tuple[str, str, int]:
    """Where it is seen, if anywhere, what it is, and how many."""
    names = {
        "cohorts": _("Cohorts"),
        "networks": _("Networks"),
        "calls": _("Calls"),
        "intakes": _("Intakes of calls"),
        "obligations": _("What is promised"),
        "projects": _("Projects"),
        "series": _("Series"),
        "groups": _("Groups"),
        "visits": _("Visits"),
        "events": _("Events"),
        "members": _("Members, today’s and former"),
        "quotas": _("Limits of places"),
        "audiences": _("Audiences, mail and invitations"),
    }
    pages = {"intakes": "calls", "obligations": "obligations", "series": "list_series", "audiences": "audiences"}
    here = ("cohorts", "networks", "members")
    page = pages.get(key, key)
    url = home if key in here else url_for(f".{page}") if opens(page) and key != "quotas" else ""
    return url, names[key], count
