"""The pages under /dev/, for trying: the mail that was sent, the clock, and signing in with one click."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from eventsys import clock, dates
from eventsys.accounts.actions import sign_in as open_session
from eventsys.accounts.queries import COOKIE_TOKEN
from eventsys.demo import mails, queries
from eventsys.demo.clock import STEPS, move
from eventsys.extensions import db, transaction
from eventsys.web import CSP, Access, access, language

blueprint = Blueprint("demo", __name__)

IN_A_FRAME = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@blueprint.app_context_processor
def demo_context() -> dict[str, Any]:
    """What the banner and the sign-in page show; nothing outside a demo."""
    if not current_app.config["DEVELOPMENT"]:
        return {}
    context: dict[str, Any] = {"demo_accounts": lambda: queries.list_accounts(db.session())}
    if clock.is_moved():
        local = dates.to_local(clock.now(), dates.TIMEZONE)
        context["demo_now"] = {
            "text": dates.format_moment(local, language()),
            "csrf": generate_csrf(),
            "mail_url": url_for("demo.mail"),
            "clock_url": url_for("demo.clock"),
        }
    return context


@blueprint.get("/dev/")
@access(Access.DEVELOPMENT)
def index() -> str:
    return render_template("demo/index.html")


@blueprint.post("/dev/sign-in")
@access(Access.DEVELOPMENT)
def sign_in() -> AnyResponse:
    """Signs in as an account of the demo, without the mailed link."""
    account = queries.find_account(db.session(), request.form.get("account", "")) or abort(404)
    with transaction() as session:
        token = open_session(session, account, real_now=clock.real_now())
    cookie.clear()
    cookie[COOKIE_TOKEN] = token
    return redirect(url_for("workspace.index"), 303)


@blueprint.post("/dev/clock", endpoint="clock")
@access(Access.DEVELOPMENT)
def move_clock() -> AnyResponse:
    """Moves everybody's time forward through all that falls due on the way."""
    step = STEPS.get(request.form.get("step", "")) or abort(400)
    move(current_app._get_current_object(), step)  # type: ignore[attr-defined]
    return redirect(local_referrer(), 303)


def local_referrer() -> str:
    """The page of this site that the form was on, if it can be shown again; else the front page."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    try:
        current_app.url_map.bind(request.host).match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@blueprint.get("/dev/mail/")
@access(Access.DEVELOPMENT)
def mail() -> str:
    address = request.args.get("q", "").strip()[:320]
    found = mails.list_mails(folder(), address=address)
    return render_template("demo/mails.html", mails=found, address=address, say=say_moment)


@blueprint.get("/dev/mail/<name>")
@access(Access.DEVELOPMENT)
def one_mail(name: str) -> Response:
    found = find_mail(name)
    facts = mails.describe_calendar(found.calendar) if found.calendar else []
    page = render_template("demo/mail.html", mail=found, calendar_facts=facts, say=say_moment)
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return response


@blueprint.get("/dev/mail/<name>/html")
@access(Access.DEVELOPMENT)
def mail_html(name: str) -> Response:
    """The mail's own HTML, which may do nothing but show itself."""
    response = Response(find_mail(name).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = IN_A_FRAME
    return response


@blueprint.get("/dev/mail/<name>/calendar.ics")
@access(Access.DEVELOPMENT)
def mail_calendar(name: str) -> Response:
    calendar = find_mail(name).calendar or abort(404)
    response = Response(calendar.encode(), mimetype="text/calendar")
    response.headers["Content-Disposition"] = "attachment; filename=calendar.ics"
    return response


def find_mail(name: str) -> mails.Mail:
    return mails.read_mail(folder(), name) or abort(404)


def folder() -> Path:
    return mails.mail_folder(current_app.config["DATABASE_URL"])


def say_moment(moment: datetime | None) -> str:
    if moment is None or moment.tzinfo is None:
        return ""
    return dates.format_short_moment(dates.to_local(moment, dates.TIMEZONE), language())
