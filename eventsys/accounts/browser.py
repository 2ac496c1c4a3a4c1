"""What a browser keeps of signing in: its session's token, and a mark of its own while a mailed link is on its way."""

from __future__ import annotations

import secrets

from flask import session as cookie

from eventsys.accounts.queries import COOKIE_TOKEN

MARK = "browser"


def begin_session(token: str) -> None:
    """A cookie with nothing in it from before the sign-in (session fixation), and the session's token."""
    cookie.clear()
    cookie[COOKIE_TOKEN] = token


def mark_browser() -> str:
    """The secret that this browser alone has, made at the first need: a mailed link works where it was asked for."""
    return str(cookie.setdefault(MARK, secrets.token_urlsafe(32)))


def read_mark() -> str:
    return str(cookie.get(MARK, ""))
