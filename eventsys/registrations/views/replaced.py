"""A link that has been replaced: says so, and mails a new one to the address that it belongs to, which it never shows."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.registrations import links, queries
from eventsys.registrations.own.actions import send_link
from eventsys.registrations.views.frame import blueprint
from eventsys.tokens import LinkIsRevoked, public_id_of
from eventsys.web import Access, access


@blueprint.errorhandler(LinkIsRevoked)
def replaced(_error: LinkIsRevoked) -> tuple[str, int]:
    """410, with a button for a new link where the old one was a registration's."""
    token = (request.view_args or {}).get("token", "")
    is_own = request.path.startswith("/registrations/")
    return render_template("registrations/replaced.html", token=token if is_own else "", noindex=True), 410


@blueprint.post("/registrations/links")
@access(Access.PUBLIC)
def send_new_link() -> Response:
    """Mails the link of today to the registration's address: at most once an hour, and the page says the same always."""
    token = request.form.get("token", "")
    public_id = public_id_of(token) or abort(404)
    row = queries.find_registration(db.session(), public_id)
    if row is None or not was_own(token, row.Registration):
        abort(404)
    with transaction() as tx:
        send_link(tx, tx.merge(row.Registration), now=clock.now())
    return redirect(url_for(".link_sent"), 303)


def was_own(token: str, registration: links.Linked) -> bool:
    """Whether the token opens the registration, or did."""
    try:
        return links.check_registration(token, registration)
    except LinkIsRevoked:
        return True


@blueprint.get("/registrations/links/sent")
@access(Access.PUBLIC)
def link_sent() -> str:
    return render_template(
        "registrations/said.html",
        heading=_("Look in your mailbox"),
        text=_("If the registration is still yours, a mail with the new link is on its way to its address."),
        more=_("Nothing within a few minutes? Look among unwanted mail, or write to the organiser."),
    )


@blueprint.get("/registrations/handed-over")
@access(Access.PUBLIC)
def handed_over() -> str:
    """Where the one who gave a place away ends: the link went with the place."""
    return render_template(
        "registrations/said.html",
        heading=_("The place is your colleague's now"),
        text=_("Your colleague gets a mail with a link of their own. The link you had opens nothing any more."),
        more=_("You get a receipt by mail too."),
    )
