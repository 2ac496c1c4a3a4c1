"""An event copied with one press: the draft that comes of it is opened."""

from __future__ import annotations

from flask import current_app, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import transaction
from eventsys.web import Access, access
from eventsys.workspace.copying import copy_event
from eventsys.workspace.views.frame import account, blueprint, own_event


@blueprint.post("/events/<slug>/copy", endpoint="copy_event")
@access(Access.ORGANISER)
def copy(slug: str) -> Response:
    with transaction() as session:
        made = copy_event(
            session,
            own_event(session, slug),
            organiser=account().organiser,
            base_url=current_app.config["BASE_URL"],
            account_id=account().id,
            now=clock.now(),
        )
    flash(_("This is the copy: a draft without days, people and mail. Its rules count from now."), "success")
    return redirect(url_for(".event", slug=made.slug), 303)
