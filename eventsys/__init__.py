"""eventsys: event and seminar management with e-mail workflows."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from eventsys.extensions import ROOT, babel, csrf, init_database

PACKAGES = (
    "organisers", "mailing", "accounts", "organisations", "programmes", "venues", "events", "registrations",
    "visits", "audiences", "invitations", "obligations", "workflows", "calendars", "followup", "site", "privacy",
    "workspace", "demo",
)  # fmt: skip


def create_app(settings: Mapping[str, Any]) -> Flask:
    """The application for these settings (`config.Config` lists them all). Reads and writes nothing yet."""
    app = Flask("eventsys", root_path=str(ROOT / "eventsys"), template_folder=str(ROOT / "templates"))
    app.config.update(settings)
    configure(app)
    init_database(app)
    register_packages(app)
    keep_feeds(app)
    return app


def keep_feeds(app: Flask) -> None:
    """Feeds that are still what they were are answered before the application is asked."""
    from eventsys.calendars.kept import KeptFeeds

    app.wsgi_app = KeptFeeds(app, app.wsgi_app)  # type: ignore[method-assign]


def configure(app: Flask) -> None:
    from eventsys import clock, logs, mailing, texts, tokens, web  # noqa: F401  (clock and tokens have tables)
    from eventsys.accounts.queries import find_signed_in
    from eventsys.events.helpers.queries import list_helped
    from eventsys.registrations.questions.labels import describe_questions

    secure = app.config["BASE_URL"].startswith("https:")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=web.YEAR,
        BABEL_DEFAULT_LOCALE="nb",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "eventsys" / "translations"),
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.filters["markdown"] = texts.to_html
    app.jinja_env.globals["describe_questions"] = describe_questions
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logs.init_logging(app.config["LOG_LEVEL"])
    babel.init_app(app, locale_selector=web.choose_language)
    # In this order, so that a form refused by the token's check has its request number too.
    app.before_request(web.begin_request)
    csrf.init_app(app)
    mailing.init_app(app)
    web.init_web(app, load_account=functools.partial(find_signed_in, list_helped))


def register_packages(app: Flask) -> None:
    """Blueprints and commands of every package that has them; importing a package's models makes its tables known."""
    from eventsys import commands

    for package in PACKAGES:
        for module in ("models", "views"):
            name = f"eventsys.{package}.{module}"
            if (ROOT / "eventsys" / package / f"{module}.py").exists() or (
                ROOT / "eventsys" / package / module
            ).is_dir():
                blueprint = getattr(importlib.import_module(name), "blueprint", None)
                if blueprint is not None:
                    app.register_blueprint(blueprint)
    commands.init_app(app)
