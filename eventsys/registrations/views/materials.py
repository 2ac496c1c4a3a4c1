"""A paper of the event behind one's own link."""

from __future__ import annotations

import uuid

from flask import abort
from werkzeug.wrappers import Response

from eventsys.events.materials.answers import send_material
from eventsys.events.materials.queries import find_material
from eventsys.extensions import db
from eventsys.registrations.materials import find_paper
from eventsys.registrations.views.frame import blueprint, find_by_token
from eventsys.web import Access, access


@blueprint.get("/registrations/<token>/materials/<uuid:public_id>")
@access(Access.TOKEN)
def material(token: str, public_id: uuid.UUID) -> Response:
    row = find_by_token(token)
    found = find_material(db.session(), row.Event.id, public_id) or abort(404)
    return send_material(find_paper(db.session(), row, token, found) or abort(404))
