"""E-mail addresses: how they are compared, and how they are written for a mail server. Pure."""

from __future__ import annotations

import re
import unicodedata

import idna

_NAME = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,30}"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
PLAIN = re.compile(rf"{_NAME}(?:\.{_NAME})?@(?!.*--){_LABEL}(?:\.{_LABEL}){{0,2}}")
"""Most addresses: what needs no closer look, since it cannot be too long nor, without two hyphens, hold an A-label."""


class BadAddress(ValueError):
    """No mail can be addressed so; the text says why."""


def email_key(address: str) -> str:
    """How an address is compared: NFC and casefolded, the domain in IDNA 2008. What is no address is only folded."""
    try:
        return wire_address(address).casefold()
    except BadAddress:
        return unicodedata.normalize("NFC", address).strip().casefold()


def wire_address(address: str) -> str:
    """The address as SMTP takes it: the domain as A-labels (IDNA 2008), the local part as typed. Raises `BadAddress`."""
    if PLAIN.fullmatch(address):
        name, _at, plain_domain = address.partition("@")
        return f"{name}@{plain_domain.lower()}"
    local, at, domain = unicodedata.normalize("NFC", address).strip().rpartition("@")
    if not at or not local or not domain:
        raise BadAddress("the address has no name or no domain")
    if any(c in '<>()[]:;,\\"@' or c.isspace() or unicodedata.category(c).startswith("C") for c in local):
        raise BadAddress("the address has a sign that addresses cannot have")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise BadAddress("the address has a dot in the wrong place")
    if len(local.encode()) > 64 or len(address.encode()) > 254:
        raise BadAddress("the address is too long")
    try:
        return f"{local}@{idna.encode(domain, uts46=True, transitional=False).decode()}"
    except (idna.IDNAError, UnicodeError) as error:
        raise BadAddress(f"the domain is not a domain name: {error}") from error


def needs_smtputf8(address: str) -> bool:
    """Whether only a server with SMTPUTF8 (RFC 6531) can take the address: the part before the @ is not ASCII."""
    return not address.rpartition("@")[0].isascii()
