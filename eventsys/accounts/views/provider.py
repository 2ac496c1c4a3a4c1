"""Sign-in at an OpenID Connect provider: there and back."""

from __future__ import annotations

import hmac
from typing import Any

import structlog
from flask import current_app, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from eventsys import clock
from eventsys.accounts import actions
from eventsys.accounts.browser import begin_session
from eventsys.accounts.oidc import actions as identities
from eventsys.accounts.oidc.client import NotSignedIn, address_to_sign_in, exchange
from eventsys.accounts.oidc.rules import Attempt, Identity, Provider, begin_attempt, find_provider
from eventsys.accounts.views.frame import NEXT, PENDING, blueprint, local_path
from eventsys.extensions import transaction
from eventsys.web import Access, access

ATTEMPT = "sign_in_attempt"
log = structlog.get_logger()


@blueprint.get("/sign-in/provider", endpoint="provider")
@access(Access.PUBLIC)
def leave() -> AnyResponse | tuple[str, int]:
    """Sends the browser to the provider. What it needs to come back is kept in its cookie and nowhere else.

    A link, not a form: the policy against foreign scripts lets no form end at another site.
    """
    provider = find_provider(current_app.config)
    if provider is None:
        return redirect(url_for("accounts.new"), 303)
    attempt = begin_attempt(local_path(request.args.get("next")))
    try:
        address = address_to_sign_in(provider, attempt, redirect_uri=return_address(), real_now=clock.real_now())
    except NotSignedIn as error:
        return refuse(provider, error)
    cookie[ATTEMPT] = attempt.as_dict()
    return redirect(address, 303)


def return_address() -> str:
    return f"{current_app.config['BASE_URL']}{url_for('accounts.come_back')}"


@blueprint.get("/sign-in/provider/return", endpoint="come_back")
@access(Access.PUBLIC)
def come_back() -> AnyResponse | tuple[str, int]:
    """Where the provider sends the browser. Writes, though it is a GET: only with the code of an attempt that this very
    browser began, once."""
    provider, kept = find_provider(current_app.config), cookie.pop(ATTEMPT, None)
    if provider is None or "state" not in request.args:
        return redirect(url_for("accounts.new"), 303)
    attempt = find_attempt(kept)
    if attempt is None:
        return render_template("accounts/provider_refused.html", provider=provider, again=True), 400
    try:
        identity = find_identity(provider, attempt)
    except NotSignedIn as error:
        return refuse(provider, error)
    with transaction() as session:
        account = identities.find_account(session, identity, now=clock.real_now())
        token = actions.sign_in(session, account, real_now=clock.real_now()) if account else None
    if token is None:
        return offer_link(provider, identity, attempt.next_path)
    begin_session(token)
    return redirect(attempt.next_path or url_for("workspace.index"), 303)


def find_attempt(kept: Any) -> Attempt | None:
    """The attempt that the browser began, if it is the one that the address comes back from."""
    attempt = Attempt(**kept) if isinstance(kept, dict) else None
    state = request.args["state"].encode()
    return attempt if attempt is not None and hmac.compare_digest(attempt.state.encode(), state) else None


def find_identity(provider: Provider, attempt: Attempt) -> Identity:
    """Who came back. Raises `NotSignedIn`; an answer that names another issuer is none (RFC 9207)."""
    code, issuer = request.args.get("code", ""), request.args.get("iss", provider.issuer)
    if issuer != provider.issuer or not code:
        raise NotSignedIn(f"no code: {request.args.get('error', '')[:100]}")
    return exchange(provider, attempt, code, redirect_uri=return_address(), real_now=clock.real_now())


def refuse(provider: Provider, error: NotSignedIn) -> tuple[str, int]:
    log.warning("sign-in at the provider failed", why=str(error)[:300])
    return render_template("accounts/provider_refused.html", provider=provider, again=False), 502


def offer_link(provider: Provider, identity: Identity, next_path: str) -> tuple[str, int]:
    """Nobody's account: whoever has one shows which by a mailed link in this browser, and ties the two."""
    cookie[PENDING] = {"issuer": identity.issuer, "subject": identity.subject, "name": identity.name}
    cookie[NEXT] = next_path
    page = render_template(
        "accounts/provider_unknown.html", provider=provider, email=identity.email, next_path=next_path
    )
    return page, 403
