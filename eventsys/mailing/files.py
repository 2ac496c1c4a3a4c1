"""A file that goes with mails as a part of a message (RFC 2045, 2183, 2231). Pure; made once for all mails that have it."""

from __future__ import annotations

from urllib.parse import quote

from eventsys.mailing.message import base64_part, in_base64, one_line

LONGEST_PIECE = 60
PLAIN = frozenset(" !#$&+-.^_`|~()[]{},;@=")
"""What a name in quotation marks may have beside letters and digits."""
UNESCAPED = "!#$&+-.^_`|~"


def make_part(name: str, media_type: str, content: bytes) -> bytes:
    """The whole part: its fields and the file in base64. Nothing in the name can begin a new field."""
    disposition = f"Content-Disposition: attachment;\r\n {name_field(name)}\r\n"
    return base64_part(media_type, disposition, in_base64(content))


def name_field(name: str) -> str:
    """The parameter `filename`: in quotation marks where it is plain ASCII, else as RFC 2231 writes it, in pieces of whole
    characters where it is long."""
    line = one_line(name) or "file"
    if line.isascii() and "=?" not in line and all(sign.isalnum() or sign in PLAIN for sign in line):
        return f'filename="{line}"'
    pieces = [""]
    for sign in line:
        written = quote(sign, safe=UNESCAPED, errors="replace")
        if len(pieces[-1]) + len(written) > LONGEST_PIECE:
            pieces.append("")
        pieces[-1] += written
    if len(pieces) == 1:
        return f"filename*=utf-8''{pieces[0]}"
    first, *more = pieces
    parts = [f"filename*0*=utf-8''{first}", *(f"filename*{place}*={piece}" for place, piece in enumerate(more, 1))]
    return ";\r\n ".join(parts)
