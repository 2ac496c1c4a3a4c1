"""What is kept of a returned mail: its key, its beginning to look at, and its words without anybody's personal links."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
import uuid

MOST_KEPT = 64 * 1024
MOST_WORDS = 1000
COPY = re.compile(rb"(?im)^content-type:[ \t]*(?:message/(?:rfc822|global)|text/rfc822-headers)\b")
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
TRACE = {b"received", b"return-path", b"delivered-to", b"x-original-to"}
CODED_LINES = re.compile(rb"(?:^[A-Za-z0-9+/]{60,}={0,2}\r?\n){2,}", re.M)
# A token of 43 signs after a slash is somebody's personal link; quoted-printable may break it anywhere.
LINK = re.compile(rb"(?<=/)(?:[A-Za-z0-9_-](?:=\r?\n)?){43}(?![A-Za-z0-9_-])")


def make_key(raw: bytes, public_id: uuid.UUID | None) -> str:
    """What tells one returned mail from another however it came here: SHA-256 without the lines of its way."""
    head, blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = re.split(rb"\n(?![ \t])", head)
    kept = [line for line in fields if line.partition(b":")[0].strip().lower() not in TRACE]
    about = public_id.hex.encode() if public_id else b""
    return hashlib.sha256(b"\n".join([about, *kept]) + blank + body).hexdigest()


def keep_beginning(raw: bytes) -> bytes:
    """The beginning as it came, to look at: without the content of our own mail, coded lines and personal links."""
    copy = COPY.search(raw)
    if copy:
        headers = BLANK_LINE.search(raw, copy.end())
        end = BLANK_LINE.search(raw, headers.end()) if headers else None
        raw = raw[: end.start()] if end else raw
    return LINK.sub("…".encode(), CODED_LINES.sub(b"[...]\n", raw))[:MOST_KEPT]


def tidy(text: str, most: int) -> str:
    """One line of what somebody wrote, of at most so many signs, without any that a database or a page cannot hold."""
    safe = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text[: 4 * most])
    return " ".join(safe.split())[:most]


def from_html(source: str) -> str:
    source = re.sub(r"(?is)<(style|script)\b.{0,4000}?</\1\s*>", " ", source)
    return html.unescape(re.sub(r"<[^<>]*>", " ", source))


def to_plain(text: str) -> str:
    """What somebody wrote, beginning alone, personal links masked."""
    return tidy(LINK.sub("…".encode(), text.encode("utf-8", "replace")).decode("utf-8", "replace"), MOST_WORDS)
