"""What every request meets: who may see a route, the language, security headers, static files' names."""

from __future__ import annotations

import enum
import functools
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    has_request_context,
    redirect,
    request,
    session,
    url_for,
)
from flask_babel import get_locale, get_translations
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from eventsys.errors import http_error, revoked_link, unforeseen_error
from eventsys.logs import log_request, new_number
from eventsys.tokens import LinkIsRevoked

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
LANGUAGE_COOKIE = "language"
YEAR = 365 * 24 * 3600

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

View = TypeVar("View", bound=Callable[..., Any])


class Access(enum.StrEnum):
    """Who may see a route: anybody, whoever holds the link, who is signed in with a right, or only a development run.

    The rights: whoever has a role at the organiser (member); who checks people in (door); who looks and changes nothing
    (reader); who works for some events, in a list of those alone (helper); who does the work (organiser); who decides who
    does (owner). `accounts.rights` says which role has which.
    """

    PUBLIC = "public"
    TOKEN = "token"
    MEMBER = "member"
    DOOR = "door"
    READER = "reader"
    HELPER = "helper"
    ORGANISER = "organiser"
    OWNER = "owner"
    DEVELOPMENT = "development"


SIGNED_IN = frozenset(Access) - {Access.PUBLIC, Access.TOKEN, Access.DEVELOPMENT}
EVENT_PAGES = "/manage/events/<slug>"
"""How the address of every page about one event begins."""
MOST_UPLOADED = 100 * 2**20
"""Several files of `files.MOST_BYTES` at once."""
MOST_UPLOADED_BY_LINK = 21 * 2**20
"""One file of `files.MOST_BYTES`, or several smaller ones, with what else the form holds."""


def access(who: Access) -> Callable[[View], View]:
    """Declares who may see the view. A route without a declaration answers 500: it fails closed."""

    def declare(view: View) -> View:
        view.access = who  # type: ignore[attr-defined]
        return view

    return declare


def declared_access(app: Flask, endpoint: str) -> Access | None:
    """What the endpoint's view declares; Flask's own static route is public."""
    if endpoint == "static":
        return Access.PUBLIC
    return getattr(app.view_functions.get(endpoint), "access", None)


def takes_files(view: View) -> View:
    """Declares that files are sent to the view. A form there may be as big as `MOST_UPLOADED` from who is signed in, and
    as `MOST_UPLOADED_BY_LINK` from who has a link to it; from anybody else it stays small."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def init_web(app: Flask, *, load_account: Callable[[], Any]) -> None:
    """Ties it all to `app`. `load_account` finds the signed-in account of the request, with its organiser, or None."""
    app.before_request(functools.partial(guard, load_account))
    app.after_request(end_request)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(LinkIsRevoked, revoked_link)
    app.register_error_handler(Exception, unforeseen_error)
    app.context_processor(page_context)
    app.jinja_env.globals.update(_=page_text, gettext=page_text, ngettext=page_count)


def page_text(text: str, **values: Any) -> Markup:
    """A text of a page in the request's language. Catalogues are ours and may hold marks; values are escaped."""
    translated = Markup(request_translations().ugettext(text))  # noqa: S704
    return translated % values if values else translated


def page_count(one: str, many: str, count: int, **values: Any) -> Markup:
    """A text of a page that has a number, which its placeholders call `num`."""
    translated = Markup(request_translations().ungettext(one, many, count))  # noqa: S704
    return translated % {"num": count, **values}


def begin_request() -> None:
    g.started = time.perf_counter()
    g.request_number = new_number()
    g.account = None
    # Before anything reads the form, which the check of its token does first.
    # The session is looked at last: who looks at it makes the answer depend on the cookie.
    view = current_app.view_functions.get(request.endpoint or "")
    if hasattr(view, "takes_files"):
        if getattr(view, "access", None) is Access.TOKEN:
            request.max_content_length = MOST_UPLOADED_BY_LINK
        elif "signed_in" in session:
            request.max_content_length = MOST_UPLOADED
    # No text of ours holds a NUL, and PostgreSQL refuses one: it is a probe, not a person.
    if "\0" in request.path or "%00" in request.query_string.decode("ascii", "replace"):
        abort(404)
    if request.method == "POST" and any("\0" in value for _name, value in request.form.items(multi=True)):
        abort(400)


def guard(load_account: Callable[[], Any]) -> AnyResponse | None:
    """Lets the request through to a route only as the route declares. Rights are read at each request."""
    if request.endpoint is None:
        return None
    who = declared_access(current_app, request.endpoint)
    if who is None:
        raise RuntimeError(f"no access declared for {request.endpoint}")
    if who is Access.DEVELOPMENT and not current_app.config.get("DEVELOPMENT"):
        abort(404)
    if who in SIGNED_IN or (who is Access.DEVELOPMENT and "signed_in" in session):
        g.account = load_account()
    if who not in SIGNED_IN:
        return None
    if g.account is None:
        return redirect(url_for("accounts.new", next=request.full_path if request.method == "GET" else None), 303)
    event = event_of_request()
    if event is not None and not g.account.knows(event):
        abort(404)
    if not g.account.may(who, event):
        abort(403)
    return None


def event_of_request() -> str | None:
    """The slug of the event that this request's address is of."""
    rule, values = request.url_rule, request.view_args or {}
    return values.get("slug") if rule is not None and rule.rule.startswith(EVENT_PAGES) else None


def choose_language() -> str:
    """`?lang=`, then the cookie of the switch, then what the browser accepts (regions stripped, `no` read as `nb`)."""
    if "language" not in g:
        g.language = _chosen() or _accepted() or "nb"
    language: str = g.language
    return language


def _chosen() -> str | None:
    asked = (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
    return next((code for code in asked if code in LANGUAGES), None)


def _accepted() -> str | None:
    for value, _quality in request.accept_languages:
        code = value.replace("_", "-").split("-")[0].lower()
        code = "nb" if code == "no" else code
        if code in LANGUAGES:
            return code
    return None


def language_was_chosen() -> str | None:
    """The language that the visitor chose by link or switch; None if it was only guessed from the browser."""
    return _chosen()


def language() -> str:
    """The language of this page: a request's own, or the one forced for a mail."""
    return choose_language() if has_request_context() else str(get_locale() or "nb")


def request_translations() -> Any:
    """The catalogue of this request, found once: a page asks for some fifty texts."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def end_request(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if current_app.config["BASE_URL"].startswith("https:"):
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    chosen = request.args.get("lang") in LANGUAGES and response.mimetype == "text/html"
    if chosen and response.status_code == 200:
        response.set_cookie(
            LANGUAGE_COOKIE, request.args["lang"], max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure
        )
    _make_conditional(response)
    _log(response)
    return response


def _make_conditional(response: Response) -> None:
    """HTML is private and checked at each visit; pages behind a token or a sign-in are not kept at all."""
    if "Cache-Control" in response.headers or response.direct_passthrough:
        return
    who = declared_access(current_app, request.endpoint or "")
    if who is not Access.PUBLIC or request.method not in ("GET", "HEAD") or response.status_code != 200:
        response.headers["Cache-Control"] = "no-store"
        return
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    if not response.is_streamed:
        response.add_etag()
        response.make_conditional(request)


def _log(response: Response) -> None:
    if "started" in g:
        route = request.url_rule.rule if request.url_rule else None
        log_request(g.request_number, request.method, route, response.status_code, g.started)


def page_context() -> dict[str, Any]:
    """What every template may use."""
    config = current_app.config
    return {
        "site_name": config["SITE_NAME"],
        "lang": language(),
        "languages": [(code, name, _address_in(code)) for code, name in LANGUAGES.items()],
        "nav_items": _navigation(),
        "account": g.get("account"),
        "static_url": static_url,
        "accessibility_url": config["ACCESSIBILITY_STATEMENT_URL"],
        "privacy_url": url_for("site.privacy"),
        "demo_now": None,
    }


def _address_in(code: str) -> str:
    if request.endpoint and request.method in ("GET", "HEAD"):
        args = {**request.args.to_dict(flat=False), "lang": code}
        return f"{quote(request.script_root + request.path)}?{urlencode(args, doseq=True)}"
    return f"?lang={code}"


def _navigation() -> list[tuple[str, str, bool]]:
    items = [
        ("site.index", _("Events")),
        ("registrations.me", _("My registrations")),
        ("calendars.index", _("Calendars")),
        ("site.programme", _("The programme")),
    ]
    here = "site.programme" if request.path.startswith("/programme/") else request.endpoint
    return [(url_for(endpoint), label, endpoint == here) for endpoint, label in items]


def static_url(name: str) -> str:
    """The address of a static file with its content's hash, so that it may be kept for ever."""
    return f"{request.script_root}/static/{name}?v={_static_hash(name)}"


@functools.cache
def _static_hash(name: str) -> str:
    return hashlib.sha256((Path(__file__).parent / "static" / name).read_bytes()).hexdigest()[:12]
