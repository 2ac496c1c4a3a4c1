"""Sign-in by mailed link: ask for it, use it up with a button, sign out."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from eventsys import clock
from eventsys.accounts import actions, emails, queries
from eventsys.extensions import db, transaction
from eventsys.mailing.addresses import BadAddress, email_key, wire_address
from eventsys.web import Access, access

blueprint = Blueprint("accounts", __name__)

# One slash and no backslash: browsers read «//host» and «/\host» as another site.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")


@blueprint.get("/sign-in")
@access(Access.PUBLIC)
def new() -> str:
    next_path = local_path(request.args.get("next"))
    return render_template("accounts/new.html", email="", error=None, next_path=next_path, asked=bool(next_path))


@blueprint.post("/sign-in")
@access(Access.PUBLIC)
def create() -> AnyResponse | tuple[str, int]:
    email, next_path = request.form.get("email", "").strip(), local_path(request.form.get("next"))
    try:
        wire_address(email)
    except BadAddress:
        error = _("Write an e-mail address, such as name@municipality.example.")
        page = render_template("accounts/new.html", email=email, error=error, next_path=next_path, asked=False)
        return page, 422
    with transaction() as session:
        account, token = actions.ask_for_link(session, email_key(email), now=clock.real_now())
        if account is not None and token is not None:
            path = url_for("accounts.confirm", token=token)
            emails.send_link(session, account, token, path=path, now=clock.now())
    cookie["sign_in_next"] = next_path
    return redirect(url_for("accounts.sent"), 303)


@blueprint.get("/sign-in/sent")
@access(Access.PUBLIC)
def sent() -> str:
    return render_template("accounts/sent.html")


@blueprint.get("/sign-in/<token>")
@access(Access.TOKEN)
def confirm(token: str) -> str | tuple[str, int]:
    if not queries.may_be_used(db.session(), token, now=clock.real_now()):
        return render_template("accounts/expired.html"), 410
    return render_template("accounts/confirm.html", token=token)


@blueprint.post("/sign-in/<token>")
@access(Access.TOKEN)
def use(token: str) -> AnyResponse | tuple[str, int]:
    with transaction() as session:
        account = actions.use_link(session, token, now=clock.real_now())
        signed_in = actions.sign_in(session, account, real_now=clock.real_now()) if account else None
    if signed_in is None:
        return render_template("accounts/expired.html"), 410
    next_path = local_path(cookie.get("sign_in_next"))
    begin_session(signed_in)
    return redirect(next_path or url_for("workspace.index"), 303)


@blueprint.post("/sign-out")
@access(Access.PUBLIC)
def sign_out() -> AnyResponse:
    token = cookie.get(queries.COOKIE_TOKEN)
    if isinstance(token, str):
        with transaction() as session:
            actions.sign_out(session, token)
    cookie.clear()
    flash(_("You are signed out."), "success")
    return redirect(url_for("accounts.new"), 303)


@blueprint.after_app_request
def note_seen(response: Response) -> Response:
    """The session's own row is the one thing that a request for a page may write, and at most once a minute."""
    digest = g.pop("seen_digest", None)
    if digest is not None and response.status_code < 500:
        with transaction() as session:
            actions.note_seen(session, digest, real_now=clock.real_now())
    return response


def begin_session(token: str) -> None:
    """A cookie with nothing in it from before the sign-in (session fixation), and the session's token."""
    cookie.clear()
    cookie[queries.COOKIE_TOKEN] = token


def local_path(path: str | None) -> str:
    """The path if it leads to a page of this site, else nothing: no open redirects."""
    path = (path or "").removesuffix("?")
    return path if LOCAL_PATH.fullmatch(path) else ""
