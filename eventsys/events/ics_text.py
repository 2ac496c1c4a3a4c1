"""Texts and lines of iCalendar: what may stand in one, how it is escaped and folded. Pure."""

from __future__ import annotations

import unicodedata

import icalendar


def clean(text: str) -> str:
    """Without what nobody sees: control characters, halves of characters, marks of byte order. Every kind of line break
    is a newline, a tab a space."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    for other in ("\r", "\v", "\f", "\x85", "\u2028", "\u2029"):
        text = text.replace(other, "\n")
    text = text.replace("\t", " ").replace("\ufeff", "")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def fold(line: str) -> bytes:
    """A content line folded at 75 octets (RFC 5545 §3.1), never inside a character."""
    rest, folded, room = line.encode(), [], 75
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        folded.append(rest[:cut])
        rest, room = rest[cut:], 74
    return b"\r\n ".join([*folded, rest]) + b"\r\n"


class Text(icalendar.vText):
    """A text with the escapes of RFC 5545 §3.3.11 alone: the library makes a line break of a backslash before an N."""

    def to_ical(self) -> bytes:
        text = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()


def write_part(part: icalendar.Component) -> bytes:
    for name, value in list(part.items()):
        if isinstance(value, icalendar.vText):
            part[name] = Text(value)
        elif isinstance(value, icalendar.vCategory):
            value.cats = [Text(one) for one in value.cats]
    written: bytes = part.to_ical()
    return written
