"""One organisation: what the register says, what it belongs to, who is what in it, and what came before and after it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import texts
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisations.labels import KINDS, LANGUAGE_FORMS, POSITION_ROLES
from eventsys.organisations.language.queries import list_forms
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.queries import list_of_organisation
from eventsys.organisations.register import queries
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.actions import CohortIsFull, place_in_cohort, place_in_network
from eventsys.programmes.places import queries as places
from eventsys.programmes.places.actions import end_place
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.registers.labels import name_day
from eventsys.workspace.views.frame import account, blueprint, log, today
from eventsys.workspace.views.organisations import Answer, address_of, days, find, rights


@blueprint.get("/organisations/<kind>/<key>", endpoint="organisation")
@access(Access.READER)
def show(kind: str, key: str) -> str:
    session = db.session()
    return show_page(session, find(session, kind, key), Typed(), {})


def show_page(session: Session, row: Organisation, typed: Typed, errors: dict[str, str]) -> str:
    mine = rights(session)
    parent = session.get(Organisation, row.parent_id) if row.parent_id else None
    successor = session.get(Organisation, row.successor_id) if row.successor_id else None
    return render_template(
        "workspace/organisation.html",
        organisation=row,
        kind=KINDS[row.kind],
        url=address_of(row),
        language_form=LANGUAGE_FORMS[row.language_form],
        decided=name_day(row.language_form_on),
        forms=[(name_day(one.from_on), LANGUAGE_FORMS[one.form], one.source) for one in list_forms(session, row.id)],
        ended=name_day(row.valid_to),
        parent=link_to(parent),
        successor=link_to(successor),
        before=[link_to(one) for one in queries.list_before(session, row.id)],
        belonging=[link_to(one) for one in queries.list_parts(session, row.id)],
        may_edit=mine.may_change(row.id),
        **describe_places(session, row),
        may_say=mine.may_address(row.id),
        **describe_people(session, row, shown=mine.may_see(row.id)),
        typed=typed,
        errors=errors,
    )


def link_to(row: Organisation | None) -> dict[str, str] | None:
    return {"url": address_of(row), "label": row.label} if row is not None else None


# --- cohorts and networks -------------------------------------------------------------------------------------------


def describe_places(session: Session, row: Organisation) -> dict[str, Any]:
    """Where it belongs and belonged, and where one can put it."""
    organiser_id = account().organiser.id
    cohorts, networks = places.list_own_cohorts(session, organiser_id), places.list_own_networks(session, organiser_id)
    own = {f"cohort:{one.slug}" for one in cohorts} | {f"network:{one.slug}" for one in networks}
    found = [(m, f"cohort:{c.slug}", name(c.name)) for m, c, _p in places.list_cohort_places(session, [row.id])]
    found += [(m, f"network:{n.slug}", n.name) for m, n, _p in places.list_network_places(session, [row.id])]
    offered = [(f"cohort:{one.slug}", name(one.name)) for one in cohorts]
    offered += [(f"network:{one.slug}", one.name) for one in networks]
    return {
        "places": [
            {
                "key": key,
                "name": title,
                "days": days(place.from_on, place.to_on),
                "from_on": place.from_on.isoformat(),
                "may_end": key in own and (place.to_on is None or place.to_on >= today()),
            }
            for place, key, title in found
        ],
        "offered": offered,
    }


def name(title: dict[str, str]) -> str:
    return texts.read(title, language()).value


@blueprint.post("/organisations/<kind>/<key>/places", endpoint="place_organisation")
@access(Access.ORGANISER)
def place(kind: str, key: str) -> Answer:
    """Into a cohort or a network of one's own, from a day."""
    reader = Reader(Typed(request.form))
    try:
        with transaction() as session:
            row = find(session, kind, key)
            which, slug = find_place(session, reader.typed.get("place", ""))
            from_on = reader.day("place_from") or today()
            if which is None:
                reader.errors["place"] = _("Choose a cohort or a network.")
            if which is not None and not reader.errors:
                put_into(session, row, slug, which, from_on)
                kind_of, _colon, key_of = slug.partition(":")
                log(session, LogVerb.ADDED, kind_of, key_of, row.label, after={"from_on": from_on})
    except CohortIsFull as error:
        reader.errors["place"] = _("The cohort is full: it takes %(ceiling)d. Raise the ceiling first, or end a place.",
                                   ceiling=error.cohort.ceiling or 0)  # fmt: skip
    if reader.errors:
        session = db.session()
        return show_page(session, find(session, kind, key), reader.typed, reader.errors), 422
    flash(_("%(name)s is placed there.", name=row.label), "success")
    return redirect(address_of(row), 303)


def find_place(session: Session, key: str) -> tuple[int | None, str]:
    """The id of the organiser's own cohort or network with this key."""
    kind, _colon, slug = key.partition(":")
    organiser_id = account().organiser.id
    cohorts = places.list_own_cohorts(session, organiser_id) if kind == "cohort" else []
    networks = places.list_own_networks(session, organiser_id) if kind == "network" else []
    ids = {one.slug: one.id for one in cohorts} | {one.slug: one.id for one in networks}
    return ids.get(slug), key


def put_into(session: Session, row: Organisation, key: str, which: int, from_on: date) -> None:
    if key.startswith("cohort:"):
        place_in_cohort(session, cohort_id=which, organisation_id=row.id, from_on=from_on)
    else:
        place_in_network(session, network_id=which, organisation_id=row.id, from_on=from_on)


@blueprint.post("/organisations/<kind>/<key>/places/end", endpoint="end_place")
@access(Access.ORGANISER)
def leave(kind: str, key: str) -> Response:
    """Out of a cohort or a network of one's own, from today."""
    wanted, since = request.form.get("place", ""), request.form.get("from_on", "")
    with transaction() as session:
        row = find(session, kind, key)
        which, _key = find_place(session, wanted)
        found = [*places.list_cohort_places(session, [row.id]), *places.list_network_places(session, [row.id])]
        mine = [one for one in found if which is not None and key_of_place(one) == wanted]
        chosen = next((one[0] for one in mine if one[0].from_on.isoformat() == since), None) or abort(404)
        if end_place(session, chosen, on=today()):
            kind_of, _colon, slug = wanted.partition(":")
            log(session, LogVerb.REMOVED, kind_of, slug, row.label)
        url = address_of(row)
    flash(_("%(name)s is there no more from today.", name=row.label), "success")
    return redirect(url, 303)


def key_of_place(row: Any) -> str:
    return f"cohort:{row.Cohort.slug}" if hasattr(row, "Cohort") else f"network:{row.Network.slug}"


# --- who is what ----------------------------------------------------------------------------------------------------


def describe_people(session: Session, row: Organisation, *, shown: bool) -> dict[str, Any]:
    """Those who are or were something in it; nobody of an organisation that is not one's own to keep."""
    rows = list_of_organisation(session, row.id, on=today()) if shown else []
    return {
        "sees_people": shown,
        "people": [describe_position(one) for one in rows if lasts(one)],
        "past": [describe_position(one) for one in rows if not lasts(one)],
        "roles": [("", _("Choose")), *((role.value, str(label)) for role, label in POSITION_ROLES.items())],
    }


def lasts(row: Position) -> bool:
    return row.to_on is None or row.to_on > today()


def describe_position(row: Position) -> dict[str, Any]:
    return {
        "public_id": row.public_id,
        "name": row.name,
        "email": row.email,
        "role": POSITION_ROLES[row.role],
        "days": days(row.from_on, row.to_on),
        "asks": row.role is PositionRole.CONTACT and row.confirmed_at is None,
    }
