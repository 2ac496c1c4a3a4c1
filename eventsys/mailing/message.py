"""An e-mail as a value, and its bytes as RFC 5322, 2045 and 6047 want them. Pure: no settings, no connection."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime

from eventsys.mailing.addresses import wire_address

LONGEST_NAME = 120
LONGEST_SUBJECT = 250


@dataclass(frozen=True, slots=True)
class Email:
    """What one mail says. `headers` are more header fields; `category` is what its reader may unsubscribe from.

    With `calendar` (a whole VCALENDAR, UTF-8) goes `calendar_method`: REQUEST or CANCEL.
    """

    subject: str
    text: str
    html: str
    from_name: str = ""
    reply_to: str = ""
    calendar: bytes | None = None
    calendar_method: str = ""
    category: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dropped:
    """That a mail is not to be sent after all, and why, for the organiser to read."""

    why: str


def build(
    email: Email, *, sender: str, to_name: str, to_address: str, message_id: str, date: datetime, language: str
) -> bytes:
    """The whole message, CRLF, lines of at most 998 octets. Raises `BadAddress` for an address that cannot be written.

    An address with letters beyond ASCII before its @ makes an internationalised message (RFC 6532); every other one is
    plain ASCII. Nothing in a value can begin a new header: control characters become spaces.
    """
    recipient = wire_address(to_address)
    fields = [
        _mailbox("From", email.from_name, wire_address(sender)),
        _mailbox("To", to_name, recipient),
        *([_mailbox("Reply-To", email.from_name, wire_address(email.reply_to))] if email.reply_to else []),
        _words("Subject", email.subject[:LONGEST_SUBJECT]),
        _plain("Date", format_datetime(date)),
        _plain("Message-ID", f"<{message_id}>"),
        _plain("Content-Language", language),
        _plain("Auto-Submitted", "auto-generated"),
        _plain("X-Auto-Response-Suppress", "OOF, AutoReply"),
        *(_plain(name, value) for name, value in email.headers.items()),
    ]
    return "".join(fields).encode() + _content(email).as_bytes()


def one_line(value: str) -> str:
    """The value with every run of white space and control characters as one space: safe in a header."""
    safe = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in value)
    return " ".join(safe.split())


# Header fields are written here and not by `EmailMessage`: it turns a long List-Unsubscribe or In-Reply-To into encoded
# words, which no client reads, and doubles the spaces of a long name.


def _plain(name: str, value: str) -> str:
    """A field of machine-readable ASCII, folded at spaces only. Raises `ValueError` for anything else."""
    line = one_line(value)
    if not (name + line).isascii() or not name.replace("-", "").isalnum():
        raise ValueError(f"the header field {name!r} takes plain ASCII only")
    return _fold(f"{name}: {line}")


def _words(name: str, value: str) -> str:
    """A field of free text, in encoded words (RFC 2047) where it is not plain ASCII or could be read as such words."""
    line = one_line(value)
    return _fold(f"{name}: {line}") if _is_safe(line) else f"{name}: {_encoded(line, len(name) + 2)}\r\n"


def _mailbox(name: str, display_name: str, address: str) -> str:
    """A field of one mailbox (RFC 5322 §3.4). An address beyond ASCII stands as it is, for SMTPUTF8 alone."""
    shown = one_line(display_name)[:LONGEST_NAME]
    if not shown:
        return _fold(f"{name}: {address}")
    if not _is_safe(shown):
        phrase = _encoded(shown, len(name) + 2)
    elif all(c.isalnum() or c in " -'" for c in shown):
        phrase = shown
    else:
        phrase = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name}: {phrase}\r\n <{address}>\r\n"


def _is_safe(line: str) -> bool:
    return line.isascii() and "=?" not in line


def _encoded(line: str, used: int) -> str:
    return Header(line, "utf-8", maxlinelen=76, header_name="x" * used).encode(linesep="\r\n")


def _fold(line: str) -> str:
    """The line folded at spaces to 78 columns where it has any. Raises `ValueError` beyond 998 octets without one."""
    first, *words = line.split(" ")
    lines = [first]
    for place, word in enumerate(words):
        # The first word stays on the field's own line: a line of the name alone is obsolete syntax.
        if place and len(lines[-1]) + 1 + len(word) > 78:
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    if max(len(part.encode()) for part in lines) > 998:
        raise ValueError("a header line is longer than 998 octets")
    return "\r\n".join(lines) + "\r\n"


def _content(email: Email) -> EmailMessage:
    """RFC 6047 and what clients do: the calendar as the last alternative, and the same bytes as a file."""
    message = EmailMessage(policy.SMTP)
    message.set_content(email.text, cte="quoted-printable")
    message.add_alternative(email.html, subtype="html", cte="quoted-printable")
    if email.calendar is not None:
        method = {"method": one_line(email.calendar_method), "charset": "utf-8"}
        message.add_alternative(email.calendar, maintype="text", subtype="calendar", params=method, cte="base64")
        message.add_attachment(
            email.calendar,
            maintype="application",
            subtype="ics",
            params={"name": "invite.ics"},
            filename="invite.ics",
            cte="base64",
        )
    return message
