"""The whole programme of an event, by time or by room, and the papers that everybody may open."""

from __future__ import annotations

import uuid

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.errors import error_page
from eventsys.events.materials.answers import send_material
from eventsys.events.materials.queries import find_material
from eventsys.events.materials.rules import Reader, is_out, may_open
from eventsys.events.models import Event
from eventsys.events.queries import find_public_event
from eventsys.extensions import db
from eventsys.site.programme import describe_programme
from eventsys.site.views.frame import blueprint
from eventsys.web import Access, access, language


@blueprint.get("/events/<slug>/programme", endpoint="event_programme")
@access(Access.PUBLIC)
def show(slug: str) -> str:
    event = public_event(slug)
    by_room = request.args.get("view") == "room"
    return render_template(
        "site/event_programme.html",
        event=event,
        title=texts.read(event.title, language()),
        by_room=by_room,
        **describe_programme(db.session(), event, by_room=by_room),
    )


@blueprint.get("/events/<slug>/materials/<uuid:public_id>", endpoint="event_material")
@access(Access.PUBLIC)
def show_material(slug: str, public_id: uuid.UUID) -> Response | tuple[str, int]:
    """One that is for some alone says where these find it."""
    now = clock.now()
    material = find_material(db.session(), public_event(slug).id, public_id)
    if material is None or not is_out(material.published_at, now=now):
        abort(404)
    if may_open(material.access, material.published_at, Reader.ANYBODY, now=now):
        return send_material(material, cache_control="private, no-cache")
    action = (url_for("registrations.me"), _("My registrations"))
    text = _("Open it from your own page: the link to that is in the mail that you got when you signed up.")
    return error_page(403, _("This paper is for those who are signed up"), text, action=action)


def public_event(slug: str) -> Event:
    return find_public_event(db.session(), slug) or abort(404)
