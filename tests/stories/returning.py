"""What comes back to a running demo, delivered as a mail server does it: over LMTP, to the mail's own address."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mailing.returns.samples import BOUNCE
from tests.stories.serving import BIN, Process, free_ports, programs

STARTS_WITHIN = 30


def come_back(database: Path, mails: Sequence[tuple[str, bytes]]) -> None:
    """Delivers each content to the address of the mail with that id, through a listener of its own on the database."""
    (port,) = free_ports(1)
    surroundings = {
        "DATABASE_URL": f"sqlite:///{database}",
        "MAIL_BOUNCE_ADDRESS": BOUNCE,
        "MAIL_RETURNS_LMTP_PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    local, _at, domain = BOUNCE.partition("@")
    with programs([[BIN / "eventsys", "lmtp"]], surroundings) as (process,):
        connection = connect(port, process)
        for public_id, content in mails:
            deliver(connection, f"{local}+{public_id.replace('-', '')}@{domain}", content)
        connection.quit()


def deliver(connection: smtplib.LMTP, address: str, content: bytes) -> None:
    """As long as the mail that it is about is on its way, it is asked for again."""
    for _try in range(20):
        try:
            connection.sendmail("", [address], content)
            return
        except smtplib.SMTPDataError:
            time.sleep(0.5)
    raise TimeoutError(address)


def connect(port: int, process: Process) -> smtplib.LMTP:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, "the listener ended at the start"
        try:
            return smtplib.LMTP("127.0.0.1", port)
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(port)
