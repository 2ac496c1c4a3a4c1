"""A server that is away is asked again after a while, not for every mail. Kept in the application, for its process."""

from __future__ import annotations

import time

import structlog
from flask import current_app

from eventsys.mailing.rules import REST

NO_REST = (0, 0.0)
log = structlog.get_logger()


def wake() -> None:
    """The server is there."""
    current_app.extensions["mail_rest"] = NO_REST


def is_resting() -> bool:
    until: float = current_app.extensions.get("mail_rest", NO_REST)[1]
    return time.monotonic() < until


def rest(why: str) -> None:
    times = current_app.extensions.get("mail_rest", NO_REST)[0]
    seconds = REST[min(times, len(REST) - 1)]
    current_app.extensions["mail_rest"] = (times + 1, time.monotonic() + seconds)
    log.warning("the mail server is away", why=why, seconds_until_next_try=seconds)
