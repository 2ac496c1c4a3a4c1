"""Sign-in by mailed link: ask for it, use it up with a button in the same browser, sign out."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from eventsys import clock
from eventsys.accounts import actions, emails, queries
from eventsys.accounts.browser import begin_session, mark_browser, read_mark
from eventsys.accounts.oidc import actions as identities
from eventsys.accounts.oidc.rules import Identity, find_provider
from eventsys.accounts.rules import LinkState
from eventsys.accounts.views.frame import NEXT, PENDING, blueprint, local_path
from eventsys.extensions import db, transaction
from eventsys.mailing.addresses import BadAddress, email_key, wire_address
from eventsys.web import Access, access


@blueprint.get("/sign-in")
@access(Access.PUBLIC)
def new() -> str:
    return show_form(local_path(request.args.get("next")), asked=bool(local_path(request.args.get("next"))))


def show_form(next_path: str, *, asked: bool = False, email: str = "", error: str | None = None) -> str:
    provider = find_provider(current_app.config)
    return render_template(
        "accounts/new.html", email=email, error=error, next_path=next_path, asked=asked, provider=provider
    )


@blueprint.post("/sign-in")
@access(Access.PUBLIC)
def create() -> AnyResponse | tuple[str, int]:
    email, next_path = request.form.get("email", "").strip(), local_path(request.form.get("next"))
    try:
        wire_address(email)
    except BadAddress:
        error = _("Write an e-mail address, such as name@municipality.example.")
        return show_form(next_path, email=email, error=error), 422
    with transaction() as session:
        now = clock.real_now()
        account, token = actions.ask_for_link(session, email_key(email), browser=mark_browser(), now=now)
        if account is not None and token is not None:
            path = url_for("accounts.confirm", token=token)
            emails.send_link(session, account, token, path=path, now=clock.now())
    cookie[NEXT] = next_path
    return redirect(url_for("accounts.sent"), 303)


@blueprint.get("/sign-in/sent")
@access(Access.PUBLIC)
def sent() -> str:
    return render_template("accounts/sent.html")


@blueprint.get("/sign-in/<token>")
@access(Access.TOKEN)
def confirm(token: str) -> str | tuple[str, int]:
    refused = find_refusal(token)
    if refused is not None:
        return refused
    provider, pending = find_provider(current_app.config), read_pending()
    tie = provider.label if provider is not None and pending is not None else ""
    return render_template("accounts/confirm.html", token=token, tie=tie, tie_name=pending.name if pending else "")


@blueprint.post("/sign-in/<token>")
@access(Access.TOKEN)
def use(token: str) -> AnyResponse | tuple[str, int]:
    refused = find_refusal(token)
    if refused is not None:
        return refused
    pending = read_pending() if request.form.get("tie") == "1" else None
    with transaction() as session:
        now = clock.real_now()
        account = actions.use_link(session, token, browser=read_mark(), now=now)
        if account is not None and pending is not None:
            identities.tie(session, account, pending, now=now)
        signed_in = actions.sign_in(session, account, real_now=now) if account else None
    if signed_in is None:
        return render_template("accounts/expired.html"), 410
    next_path = local_path(cookie.get(NEXT))
    begin_session(signed_in)
    return redirect(next_path or url_for("workspace.index"), 303)


def find_refusal(token: str) -> tuple[str, int] | None:
    """The page that says why the link does not work here; it is not used up by that."""
    state = queries.find_link_state(db.session(), token, browser=read_mark(), now=clock.real_now())
    if state is LinkState.ELSEWHERE:
        return render_template("accounts/other_browser.html"), 403
    return (render_template("accounts/expired.html"), 410) if state is LinkState.OVER else None


def read_pending() -> Identity | None:
    kept = cookie.get(PENDING)
    return Identity(**kept) if isinstance(kept, dict) else None


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
