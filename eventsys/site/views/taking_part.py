"""The programme's public pages: what it is, who takes part, networks, figures. Nobody is named on them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import abort, current_app, render_template, request, url_for
from flask_babel import gettext as _

from eventsys import clock, dates, texts
from eventsys.events import queries as events
from eventsys.extensions import db
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import OrganisationKind, sort_key, unit_address
from eventsys.programmes.models import Cohort, Programme
from eventsys.programmes.queries import list_cohorts, list_programmes
from eventsys.programmes.rules import PartyRole
from eventsys.registrations.labels import SIDES
from eventsys.site import listing
from eventsys.site.taking_part import map as county_map
from eventsys.site.taking_part import queries
from eventsys.site.taking_part.labels import NETWORK_KINDS
from eventsys.site.taking_part.queries import Member
from eventsys.site.taking_part.totals import add_up
from eventsys.site.views.frame import blueprint
from eventsys.site.views.pages import list_rows
from eventsys.web import Access, access, language

WHERE = ("site.programme", "site.members", "site.networks", "site.programme_figures")


@blueprint.context_processor
def about_the_programme() -> dict[str, Any]:
    """The pages beside each other, on those that are about the programme."""
    return {"programme_pages": _list_pages} if request.endpoint in (*WHERE, "site.network") else {}


def _list_pages() -> list[tuple[str, str, bool]]:
    names = (_("About the programme"), _("Municipalities"), _("Networks"), _("Figures"))
    here = "site.networks" if request.endpoint == "site.network" else request.endpoint
    return [(url_for(one), name, one == here) for one, name in zip(WHERE, names, strict=True)]


@blueprint.get("/programme")
@access(Access.PUBLIC)
def programme() -> str:
    tx = db.session()
    parties, members = queries.list_parties(tx), queries.count_in_cohorts(tx, on=clock.today())
    cohorts = list_cohorts(tx)
    return render_template(
        "site/taking_part/programme.html",
        programmes=[
            {
                **_describe(one),
                "parties": [_describe_party(row) for row in parties[one.id] if row.role is PartyRole.PARTY],
                "partners": [_describe_party(row) for row in parties[one.id] if row.role is PartyRole.PARTNER],
                "cohorts": [_describe_cohort(row, members) for row in cohorts if row.programme_id == one.id],
            }
            for one in list_programmes(tx)
        ],
        calls=[
            {
                "title": texts.read(call.title, language()),
                "url": url_for("programmes.call", slug=call.slug),
                "closes": dates.format_moment(call.closes_local, language()),
            }
            for call in queries.list_open_calls(tx, now=clock.now())
        ],
    )


def _describe(programme: Programme) -> dict[str, Any]:
    days = ""
    if programme.begins_on and programme.ends_on:
        days = dates.format_days(programme.begins_on, programme.ends_on, language())
    return {
        "name": texts.read(programme.name, language()),
        "about": texts.read(programme.about, language()),
        "days": days,
    }


def _describe_party(party: Any) -> dict[str, Any]:
    return {"name": texts.read(party.name, language()), "url": party.url}


def _describe_cohort(cohort: Cohort, members: dict[int, int]) -> dict[str, Any]:
    return {
        "name": texts.read(cohort.name, language()).value,
        "slug": cohort.slug,
        "members": members.get(cohort.id, 0),
    }


@blueprint.get("/programme/members")
@access(Access.PUBLIC)
def members() -> str:
    """Who takes part, narrowed by county and cohort in the address."""
    tx = db.session()
    cohorts = list_cohorts(tx)
    county, slug = request.args.get("county", ""), request.args.get("cohort", "")
    chosen = next((cohort for cohort in cohorts if cohort.slug == slug), None)
    everybody = queries.list_members(tx, on=clock.today())
    in_cohort = [one for one in everybody if chosen is None or chosen.id in one.cohort_ids]
    shown = [one for one in in_cohort if not county or one.county == county]
    names = {cohort.id: texts.read(cohort.name, language()).value for cohort in cohorts}
    there = queries.count_municipalities(tx)
    of_county = Counter(one.county for one in in_cohort if one.kind is OrganisationKind.MUNICIPALITY)
    return render_template(
        "site/taking_part/members.html",
        county=county,
        cohort=chosen.slug if chosen else "",
        cohorts=[(cohort.slug, names[cohort.id]) for cohort in cohorts],
        county_options=[(name, name) for name in sorted({one.county for one in everybody if one.county}, key=sort_key)],
        groups=_by_county(shown, names),
        how_many=len(shown),
        everybody=len(everybody),
        tiles=county_map.draw_tiles(of_county, there),
        table=[(name, of_county[name], there[name]) for name in sorted(there, key=sort_key)],
        box=(
            county_map.COLUMNS * (county_map.SIZE + county_map.GAP) - county_map.GAP,
            county_map.ROWS * (county_map.SIZE + county_map.GAP) - county_map.GAP,
        ),
    )


def _by_county(shown: list[Member], names: dict[int, str]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(shown, key=lambda member: sort_key(member.county)):
        cohorts = ", ".join(names[cohort_id] for cohort_id in one.cohort_ids)
        found.setdefault(one.county, []).append({"label": one.label, "url": page_of(one), "cohorts": cohorts})
    return list(found.items())


def page_of(one: Member | Organisation) -> str:
    """Its own page, for what has one."""
    address = unit_address(one.kind, one.number)
    return url_for("site.municipality", number=address) if address else ""


@blueprint.get("/programme/networks")
@access(Access.PUBLIC)
def networks() -> str:
    rows = sorted(queries.list_networks(db.session(), on=clock.today()), key=lambda row: sort_key(row.network.name))
    return render_template(
        "site/taking_part/networks.html",
        networks=[
            {
                "name": row.network.name,
                "slug": row.network.slug,
                "kind": NETWORK_KINDS[row.network.kind],
                "members": row.members,
                "adviser": row.adviser,
            }
            for row in rows
        ],
    )


@blueprint.get("/programme/networks/<slug>")
@access(Access.PUBLIC)
def network(slug: str) -> str:
    tx = db.session()
    found = queries.find_network(tx, slug) or abort(404)
    rows = list_rows(events.list_public_events(tx, from_at=clock.now(), concern=queries.is_for_network(found)))
    return render_template(
        "site/taking_part/network.html",
        name=found.name,
        kind=NETWORK_KINDS[found.kind],
        about=texts.read(found.about, language()),
        members=[(one.label, page_of(one)) for one in queries.list_network_members(tx, found.id, on=clock.today())],
        months=listing.list_months(rows),
        feed=f"{current_app.config['BASE_URL']}{url_for('calendars.network', slug=slug)}",
    )


@blueprint.get("/programme/figures", endpoint="programme_figures")
@access(Access.PUBLIC)
def figures() -> str:
    tx = db.session()
    held = queries.list_held(tx, now=clock.now())
    counted = queries.count_held(tx, [one.event_id for one in held])
    members = queries.count_in_cohorts(tx, on=clock.today())
    cohorts = list_cohorts(tx)
    return render_template(
        "site/taking_part/figures.html",
        programmes=[
            {
                **_describe(one),
                "cohorts": [_describe_cohort(row, members) for row in cohorts if row.programme_id == one.id],
                "totals": (
                    totals := add_up(
                        {row.event_id: row.is_recorded for row in held if row.programme_id == one.id}, counted
                    )
                ),
                "sides": [(SIDES[side], count) for side, count in totals.sides.items()],
            }
            for one in list_programmes(tx)
        ],
    )
