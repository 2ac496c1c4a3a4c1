"""Tickets: what the code of one says, the short code under it to type, and reading back what a scanner or a person gives."""

from __future__ import annotations

import base64
import re
import uuid
from dataclasses import dataclass

import segno
from markupsafe import Markup

from eventsys.registrations.links import Linked, check_ticket, ticket_token
from eventsys.tokens import LinkIsRevoked, Purpose, capability, public_id_of

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are read as other signs when they are typed."""
READ_AS = str.maketrans("ILO", "110")
FROM_ID, FROM_SIGNATURE = 30, 10
"""Bits of the short code: enough of the id to find a few rows, enough of the signature to know a slip of the finger."""
LONG = re.compile(r"[A-Z2-7]{52}\Z")
SHORT = re.compile(r"[0-9A-HJKMNP-TV-Z]{8}\Z")


@dataclass(frozen=True, slots=True)
class Code:
    """What was scanned or typed, and between which ids the seat is; `token` is the whole one, if it was scanned."""

    first: uuid.UUID
    last: uuid.UUID
    token: str | None = None
    short: str | None = None


def long_code(registration: Linked) -> str:
    """What the square says: capitals and digits alone, so that a hand scanner types it right on any keyboard."""
    raw = base64.urlsafe_b64decode(ticket_token(registration) + "=")
    return base64.b32encode(raw).decode().rstrip("=")


def short_code(registration: Linked) -> str:
    """«K7QF-3M2X»: what somebody reads aloud at the door. Changes when the seat becomes another's."""
    code = _short_of(registration.public_id, registration.link_version)
    return f"{code[:4]}-{code[4:]}"


def draw(registration: Linked) -> Markup:
    """The square as SVG: black on white in every light, no styles in it."""
    square = segno.make(long_code(registration), error="m", micro=False)
    drawing = square.svg_inline(border=4, light="#fff", dark="#000", omitsize=True, svgclass="square", lineclass=None)
    return Markup(drawing)  # noqa: S704  (rectangles of our own)


def read(typed: str) -> Code | None:
    """The code that was scanned or typed, spaces and dashes left out; None for what can be none."""
    text = re.sub(r"[\s\u2010-\u2015-]", "", typed[:200]).upper()
    if LONG.match(text):
        token = base64.urlsafe_b64encode(base64.b32decode(text + "====")).rstrip(b"=").decode()
        public_id = public_id_of(token)
        return Code(public_id, public_id, token=token) if public_id else None
    text = text.translate(READ_AS)
    if not SHORT.match(text):
        return None
    first = _number(text) >> FROM_SIGNATURE << (128 - FROM_ID)
    return Code(uuid.UUID(int=first), uuid.UUID(int=first | (1 << (128 - FROM_ID)) - 1), short=text)


def fits(code: Code, registration: Linked) -> bool:
    """Whether it is this seat's ticket. Raises `tokens.LinkIsRevoked` for one that was."""
    if code.token is not None:
        return check_ticket(code.token, registration)
    version = registration.link_version
    if code.short == _short_of(registration.public_id, version):
        return True
    if any(code.short == _short_of(registration.public_id, old) for old in range(version)):
        raise LinkIsRevoked
    return False


def _short_of(public_id: uuid.UUID, version: int) -> str:
    raw = base64.urlsafe_b64decode(capability(Purpose.TICKET, public_id, version) + "=")
    of_signature = int.from_bytes(raw[16:18], "big") >> (16 - FROM_SIGNATURE)
    number = (public_id.int >> (128 - FROM_ID)) << FROM_SIGNATURE | of_signature
    return "".join(LETTERS[number >> shift & 31] for shift in range(35, -5, -5))


def _number(text: str) -> int:
    number = 0
    for letter in text:
        number = number << 5 | LETTERS.index(letter)
    return number
