"""Takes what came back, from the mailbox or from the listener: each mail in a transaction of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from flask import Flask, current_app

from eventsys import clock
from eventsys.extensions import transaction
from eventsys.mailing.returns import actions, lmtp, rules
from eventsys.mailing.returns.imap import Mailbox, read_unseen

log = structlog.get_logger()


def take(raw: bytes, envelope_to: str = "") -> bool:
    """Keeps one returned mail and does what it means; false where it must come again because its mail is on its way."""
    config = current_app.config
    returned = rules.read(raw, bounce_address=config["MAIL_BOUNCE_ADDRESS"], envelope_to=envelope_to)
    try:
        with transaction() as session:
            added = actions.take(
                session,
                returned,
                site_name=config["SITE_NAME"],
                address=config["MAIL_DEFAULT_SENDER"],
                now=clock.now(),
            )
    except actions.NotYet:
        return False
    if added is not None:
        log.info("a mail came back", kind=returned.kind.value, returned_id=added)
    return True


def read_mailbox(app: Flask, *, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Takes what is unseen in the mailbox of the settings, if there is one; how many. Raises what the mailbox raises."""
    with app.app_context():
        mailbox = _find_mailbox()
    if mailbox is None:
        return 0

    def take_one(raw: bytes) -> bool:
        try:
            with app.app_context():
                return take(raw)
        except Exception as error:
            # One that cannot be kept stays unseen, and stops no other.
            log.error("a returned mail could not be taken", exc_info=error)
            return False

    return read_unseen(mailbox, take_one, goes_on=goes_on)


def listen(app: Flask, *, ready: Callable[[], None] = lambda: None) -> None:
    """Takes what the mail server delivers over LMTP, until the process is told to end."""

    def take_one(raw: bytes, address: str) -> bool:
        with app.app_context():
            return take(raw, address)

    host, port = app.config["MAIL_RETURNS_LMTP_HOST"], app.config["MAIL_RETURNS_LMTP_PORT"]
    asyncio.run(lmtp.serve(take_one, host, port, ready))


def _find_mailbox() -> Mailbox | None:
    config = current_app.config
    if not config["MAIL_RETURNS_IMAP_HOST"]:
        return None
    return Mailbox(
        host=config["MAIL_RETURNS_IMAP_HOST"],
        port=config["MAIL_RETURNS_IMAP_PORT"],
        user=config["MAIL_RETURNS_IMAP_USER"] or "",
        password=config["MAIL_RETURNS_IMAP_PASSWORD"] or "",
        use_ssl=config["MAIL_RETURNS_IMAP_USE_SSL"],
        folder=config["MAIL_RETURNS_IMAP_FOLDER"],
    )
