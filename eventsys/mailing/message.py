"""An e-mail as a value, and its bytes as RFC 5322, 2045 and 6047 want them. Pure: no settings, no connection."""

from __future__ import annotations

import binascii
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from string import ascii_letters, digits

from eventsys.mailing.addresses import wire_address

LONGEST_NAME = 120
LONGEST_SUBJECT = 250
LONGEST_WORD = 75
HEAD_ENDS = "</head>\n"
"""Where the part of an HTML page ends that all readers of a text have alike."""
STAYS = frozenset(ascii_letters + digits + "!*+-/")
"""What an encoded word (RFC 2047 §5) may have as it is wherever such a word stands."""


@dataclass(frozen=True, slots=True)
class Email:
    """What one mail says. `headers` are more header fields; `category` is what its reader may unsubscribe from.

    With `calendar` (a whole VCALENDAR, UTF-8) goes `calendar_method`: REQUEST or CANCEL. `has_files` says that files go
    along; they come as `parts`, whole parts of a message made by `files.make_part`, once for all mails that have them.
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
    has_files: bool = False
    parts: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A mail of which all is known and nothing is written. `write` needs no database, and may raise: then this mail alone
    cannot be sent. Files as in `Email`."""

    write: Callable[[], Email]
    has_files: bool = False
    parts: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """That a mail is not to be sent after all, and why, for the organiser to read."""

    why: str


class Lines(dict[str, bytes]):
    """A line, or several, in quoted-printable: what one line becomes does not depend on the others."""

    def __missing__(self, text: str) -> bytes:
        return self.setdefault(text, _quote(f"{text}\n"))


class Fields(dict[tuple[str, ...], str]):
    """What was written before, as most of it is the same in all mails of a batch: header fields by their names and values,
    and lines of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = Lines()

    def plain(self, name: str, value: str) -> str:
        return self.get((name, value)) or self.setdefault((name, value), _plain(name, value))

    def words(self, name: str, value: str) -> str:
        return self.get((name, value)) or self.setdefault((name, value), _words(name, value))

    def mailbox(self, name: str, display_name: str, address: str) -> str:
        key = (name, display_name, address)
        return self.get(key) or self.setdefault(key, _mailbox(name, display_name, wire_address(address)))


def build(
    email: Email,
    *,
    sender: str,
    to_name: str,
    to_address: str,
    message_id: str,
    date: datetime,
    language: str,
    fields: Fields | None = None,
) -> bytes:
    """The whole message, CRLF, lines of at most 998 octets; `fields` is what the mails of one batch share. Raises
    `BadAddress` for an address that cannot be written.

    An address with letters beyond ASCII before its @ makes an internationalised message (RFC 6532); every other one is
    plain ASCII. Nothing in a value can begin a new header: control characters become spaces.
    """
    kept = Fields() if fields is None else fields
    lines = [
        kept.mailbox("From", email.from_name, sender),
        _mailbox("To", to_name, wire_address(to_address)),
        *([kept.mailbox("Reply-To", email.from_name, email.reply_to)] if email.reply_to else []),
        kept.words("Subject", email.subject[:LONGEST_SUBJECT]),
        kept.plain("Date", format_datetime(date)),
        _plain("Message-ID", f"<{message_id}>"),
        kept.plain("Content-Language", language),
        "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n",
        *(_plain(name, value) for name, value in email.headers.items()),
    ]
    return "".join(lines).encode() + b"MIME-Version: 1.0\r\n" + _content(email, kept)


def one_line(value: str) -> str:
    """The value with every run of white space and control characters as one space: safe in a header."""
    if not value.isprintable():
        value = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in value)
    return " ".join(value.split())


# Written here and not by `EmailMessage`, which takes most of the time of sending, turns a long List-Unsubscribe or
# In-Reply-To into encoded words, which no client reads, and doubles the spaces of a long name.


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
    """The line in encoded words of whole characters; the first has `used` columns less."""
    words, word, room = [], "", LONGEST_WORD - used - len("=?utf-8?q??=")
    for c in line:
        sign = c if c in STAYS else "_" if c == " " else "".join(f"={byte:02X}" for byte in c.encode())
        if len(word) + len(sign) > room:
            words.append(word)
            word, room = "", LONGEST_WORD - len("=?utf-8?q??=")
        word += sign
    return "\r\n ".join(f"=?utf-8?q?{each}?=" for each in [*words, word])


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


# The boundaries hold "=_", which neither quoted-printable nor base64 can (RFC 2045 §6.7).


def _content(email: Email, kept: Fields) -> bytes:
    """RFC 6047 and what clients do: the calendar as the last alternative, and the same bytes as a file; then other files."""
    parts, files = [_text("plain", email.text, kept), _text("html", email.html, kept)], [*email.parts]
    if email.calendar is not None:
        if not email.calendar_method.isascii() or not email.calendar_method.isalpha():
            raise ValueError("a calendar needs its method")
        encoded = in_base64(email.calendar)
        kind = f'text/calendar; method="{email.calendar_method}"; charset="utf-8"'
        parts.append(base64_part(kind, "", encoded))
        disposition = 'Content-Disposition: attachment; filename="invite.ics"\r\n'
        files.insert(0, base64_part('application/ics; name="invite.ics"', disposition, encoded))
    inner = _multipart("alternative", parts)
    return _multipart("mixed", [inner, *files]) if files else inner


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    edge = f"--=_{kind}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="=_{kind}"\r\n'.encode()
    return b"\r\n".join([head, *(edge + b"\r\n" + part for part in parts), edge + b"--\r\n"])


def _text(kind: str, text: str, kept: Fields) -> bytes:
    """A part of text in quoted-printable; every kind of line end is CRLF, at the end of the text too."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    head, mark, rest = text.removesuffix("\n").rpartition(HEAD_ENDS)
    lines = [head + mark[:-1]] if mark else []
    fields = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return fields.encode() + b"".join(map(kept.lines.__getitem__, (*lines, *rest.split("\n"))))


def _quote(lines: str) -> bytes:
    return binascii.b2a_qp(lines.encode("utf-8", "replace").replace(b"\n", b"\r\n"))


def in_base64(content: bytes) -> bytes:
    """In lines of 76 columns."""
    line = binascii.b2a_base64(content, newline=False)
    return b"".join([line[start : start + 76] + b"\r\n" for start in range(0, len(line), 76)])


def base64_part(kind: str, more: str, encoded: bytes) -> bytes:
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n".encode() + encoded
