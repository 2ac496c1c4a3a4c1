"""The feeds themselves. A public one can be narrowed: `?cohort=…&type=…`, `?tentative=no`."""

from __future__ import annotations

from flask import Response, url_for

from eventsys.calendars.own.serving import serve_link
from eventsys.calendars.queries import Kind
from eventsys.calendars.rooms.serving import serve_room
from eventsys.calendars.serving import serve
from eventsys.calendars.views.frame import blueprint
from eventsys.web import Access, access


@blueprint.get("/calendars/all.ics", endpoint="all")
@access(Access.PUBLIC)
def everything() -> Response:
    return serve(Kind.ALL, "", url_for(".index"))


@blueprint.get("/calendars/cohorts/<slug>.ics")
@access(Access.PUBLIC)
def cohort(slug: str) -> Response:
    return serve(Kind.COHORT, slug, url_for(".index"))


@blueprint.get("/calendars/networks/<slug>.ics")
@access(Access.PUBLIC)
def network(slug: str) -> Response:
    return serve(Kind.NETWORK, slug, url_for(".index"))


@blueprint.get("/calendars/organisers/<slug>.ics")
@access(Access.PUBLIC)
def organiser(slug: str) -> Response:
    return serve(Kind.ORGANISER, slug, url_for(".index"))


@blueprint.get("/calendars/types/<slug>.ics", endpoint="type")
@access(Access.PUBLIC)
def of_type(slug: str) -> Response:
    return serve(Kind.TYPE, slug, url_for(".index"))


@blueprint.get("/calendars/venues/<slug>.ics")
@access(Access.PUBLIC)
def venue(slug: str) -> Response:
    return serve(Kind.VENUE, slug, url_for(".index"))


@blueprint.get("/calendars/organisations/<number>.ics")
@access(Access.PUBLIC)
def organisation(number: str) -> Response:
    return serve(Kind.ORGANISATION, number, url_for(".index", municipality=number))


@blueprint.get("/events/<slug>.ics")
@access(Access.PUBLIC)
def event(slug: str) -> Response:
    return serve(Kind.EVENT, slug, f"/events/{slug}")


@blueprint.get("/calendars/rooms/<token>.ics")
@access(Access.TOKEN)
def room(token: str) -> Response:
    """When a room is taken, for one organiser; nothing but the token opens it."""
    return serve_room(token)


@blueprint.get("/calendars/personal/<token>.ics")
@access(Access.TOKEN)
def personal(token: str) -> Response:
    """A secret calendar: one's own, a contact's or an organiser's; nothing but the token opens it."""
    return serve_link(token)
