"""Reads a mailbox over IMAP: what is unseen is handed on and marked as seen afterwards. Knows no rows."""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eventsys.mailing.returns.rules import MOST_READ

UID = re.compile(rb"\d{1,10}")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where what comes back is kept. With `use_ssl` TLS from the first byte, and the certificate is verified.

    `timeout` is how many seconds each answer may take.
    """

    host: str
    port: int
    user: str
    password: str
    use_ssl: bool
    folder: str = "INBOX"
    timeout: float = 30


class MailboxFault(Exception):
    """The mailbox cannot be read; the text says what the server said."""


def read_unseen(mailbox: Mailbox, take: Callable[[bytes], bool], *, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Hands each unseen mail to `take`, the oldest first, and marks it as seen where that says true; how many.

    The mark comes last: who dies in between meets the mail again. Raises `MailboxFault`, `OSError`.
    """
    taken = 0
    with _opened(mailbox) as server:
        for uid in _list_unseen(server):
            if not goes_on():
                break
            raw = _fetch(server, uid)
            if raw is not None and take(raw):
                _ask(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
                taken += 1
    return taken


@contextlib.contextmanager
def _opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    """The server with the folder open, for the body; every wait is limited."""
    try:
        server = _connect(mailbox)
        try:
            _ask(server.login(mailbox.user, mailbox.password))
            _ask(server.select(_quoted(mailbox.folder)))
            yield server
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                server.logout()
    except imaplib.IMAP4.error as error:
        raise MailboxFault(str(error)) from error


def _connect(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.use_ssl:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=mailbox.timeout)
    return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=mailbox.timeout)


def _list_unseen(server: imaplib.IMAP4) -> list[str]:
    (line, *_more) = _ask(server.uid("SEARCH", "UNSEEN"))
    return [uid.decode() for uid in UID.findall(line or b"")]


def _fetch(server: imaplib.IMAP4, uid: str) -> bytes | None:
    """The beginning of one mail, without marking it; none where it has gone meanwhile."""
    for item in _ask(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_READ}>)")):
        if isinstance(item, tuple):
            return bytes(item[1])
    return None


def _ask(answer: tuple[str, Sequence[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise MailboxFault(b" ".join(part for part in data if isinstance(part, bytes)).decode("utf-8", "replace"))
    return list(data)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
