"""What went wrong, as pages: each with a number that the log has too."""

from __future__ import annotations

from typing import Any

import structlog
from flask import current_app, g, render_template, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from eventsys.tokens import LinkIsRevoked

log = structlog.get_logger()


def http_error(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    titles = {
        400: _("The form could not be read"),
        403: _("You may not see this"),
        404: _("There is nothing here"),
        405: _("This address cannot be used that way"),
        413: _("That was too much at once"),
        429: _("Too many tries"),
    }
    texts = {
        403: _("Your role does not include this. An owner of your team can change what you may."),
        400: _("Go back, load the page again and send the form once more. What you typed is still there."),
        404: _("The address may be wrong, or what was here has been taken away."),
        429: _("Wait a while and try again."),
    }
    status = error.code or 500
    return error_page(status, titles.get(status, _("This did not work")), texts.get(status, ""))


def revoked_link(_error: LinkIsRevoked) -> tuple[str, int]:
    title = _("This link has been replaced")
    text = _("There is a newer link in a later e-mail. Use that one, or ask for one to everything under your address.")
    action = (url_for("registrations.me"), _("My registrations"))
    return error_page(410, title, text, action=action)


def unforeseen_error(error: Exception) -> tuple[str, int]:
    log.error("unforeseen error", number=g.get("request_number"), exc_info=error)
    if current_app.testing or current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    title = _("Something went wrong here")
    return error_page(500, title, _("It is not your fault. Give us the number below if you write to us about it."))


def error_page(status: int, title: str, text: str, *, action: tuple[str, str] | None = None) -> tuple[str, int]:
    """What went wrong, in words; `action` is the address and the name of what helps best."""
    number = g.get("request_number", "")
    page = render_template("error.html", code=status, title=title, text=text, number=number, action=action)
    return page, status
