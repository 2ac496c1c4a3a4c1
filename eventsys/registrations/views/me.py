"""One's own pages for everything under an address: ask for a link, open them with it, close them."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.addresses import BadAddress, email_key, wire_address
from eventsys.organisations.positions.queries import list_positions
from eventsys.programmes.groups.queries import list_of_address
from eventsys.registrations.people import actions, emails, labels, queries
from eventsys.registrations.people.actions import LINK, OPEN
from eventsys.registrations.people.links import COOKIE
from eventsys.registrations.views.frame import blueprint
from eventsys.web import Access, access, language


@blueprint.get("/me")
@access(Access.PUBLIC)
def me() -> Response:
    """Everything under the address whose link opened the pages in this browser; else the form that asks for one."""
    opened = cookie.get(COOKIE)
    key = queries.find_usable(db.session(), opened, OPEN, real_now=clock.real_now()) if opened else None
    page = show_all(key) if key else render_template("registrations/me_new.html", email="", error=None)
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def show_all(key: str) -> str:
    tx, day = db.session(), clock.today()
    rows = queries.list_of_address(tx, key)
    colleagues = [row for row in rows if row.Registration.name and labels.is_a_colleagues(row)]
    looked_after = queries.list_looked_after(tx, key)
    coming = [row for row in looked_after if row.seats and (row.ends_on is None or row.ends_on >= day)]
    past = [row for row in reversed(looked_after) if row not in coming]
    return render_template(
        "registrations/me.html",
        address=key,
        people=labels.list_people(rows, today=day),
        looked_after=[labels.describe_looked_after(row, colleagues) for row in coming],
        was_looked_after=[labels.describe_looked_after(row, colleagues) for row in past],
        positions=[labels.describe_position(row) for row in list_positions(tx, key, on=day)],
        groups=[labels.describe_membership(row) for row in list_of_address(tx, key, on=day)],
    )


@blueprint.post("/me")
@access(Access.PUBLIC)
def ask_for_own_pages() -> AnyResponse | tuple[str, int]:
    email = request.form.get("email", "").strip()
    try:
        wire_address(email)
    except BadAddress:
        error = _("Write an e-mail address, such as name@municipality.example.")
        return render_template("registrations/me_new.html", email=email, error=error), 422
    with transaction() as tx:
        mail_link(tx, email_key(email))
    return redirect(url_for(".own_pages_sent"), 303)


def mail_link(session: Session, key: str) -> None:
    """A link to the address if anything is registered under it; the same statements and no mail for any other."""
    now = clock.now()
    token = actions.ask_for_link(session, key, real_now=clock.real_now())
    known = queries.find_known(session, key)
    if token is not None and known is not None:
        path = url_for(".confirm_own_pages", token=token)
        emails.send_link(session, known, token, language=language(), path=path, now=now)


@blueprint.get("/me/sent")
@access(Access.PUBLIC)
def own_pages_sent() -> str:
    return render_template("registrations/me_sent.html")


@blueprint.get("/me/<token>")
@access(Access.TOKEN)
def confirm_own_pages(token: str) -> str | tuple[str, int]:
    """A button, for programs that look into mail open links."""
    if queries.find_usable(db.session(), token, LINK, real_now=clock.real_now()) is None:
        return own_pages_expired(token)
    return render_template("registrations/me_confirm.html", token=token)


def own_pages_expired(token: str) -> tuple[str, int]:
    was_ours = queries.find_subject(db.session(), token, LINK) is not None
    return render_template("registrations/me_expired.html", token=token if was_ours else None), 410


@blueprint.post("/me/<token>")
@access(Access.TOKEN)
def open_own_pages(token: str) -> AnyResponse | tuple[str, int]:
    with transaction() as tx:
        opened = actions.open_pages(tx, token, real_now=clock.real_now())
    if opened is None:
        return own_pages_expired(token)
    cookie[COOKIE] = opened
    return redirect(url_for(".me"), 303)


@blueprint.post("/me/<token>/renewal")
@access(Access.TOKEN)
def renew_own_pages(token: str) -> AnyResponse | tuple[str, int]:
    """A new link to the address that the old one went to, which is told to nobody."""
    with transaction() as tx:
        key = queries.find_subject(tx, token, LINK)
        if key is not None:
            mail_link(tx, key)
    return redirect(url_for(".own_pages_sent"), 303) if key else own_pages_expired(token)


@blueprint.post("/me/end")
@access(Access.PUBLIC)
def close_own_pages() -> AnyResponse:
    opened = cookie.pop(COOKIE, None)
    if isinstance(opened, str):
        with transaction() as tx:
            actions.close_pages(tx, opened, real_now=clock.real_now())
    flash(_("Your page is closed in this browser."), "success")
    return redirect(url_for(".me"), 303)
