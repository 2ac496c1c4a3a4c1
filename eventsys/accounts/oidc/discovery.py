"""What an issuer publishes of itself: its addresses and its keys, asked for once an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests
from joserfc.jwk import KeySet

KEPT = timedelta(hours=1)
ANEW = timedelta(minutes=1)
"""How long a key that we do not know is taken for a wrong one: issuers change their keys, and forgers make theirs up."""
TIMEOUT = (3.05, 10)
"""Seconds to connect, and to wait for an answer."""
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Issuer:
    """The published addresses and keys, and when they were read (real time)."""

    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    auth_methods: tuple[str, ...]
    keys: KeySet
    read_at: datetime


KNOWN: dict[str, Issuer] = {}


def discover(issuer: str, *, real_now: datetime, anew: bool = False) -> Issuer:
    """The issuer as it is published, kept for an hour; with `anew` for a minute. Raises `ValueError` or
    `requests.RequestException`."""
    known = KNOWN.get(issuer)
    if known is not None and known.read_at <= real_now < known.read_at + (ANEW if anew else KEPT):
        return known
    KNOWN[issuer] = read_issuer(issuer, real_now)
    return KNOWN[issuer]


def read_issuer(issuer: str, real_now: datetime) -> Issuer:
    metadata = read_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if metadata.get("issuer") != issuer:
        raise ValueError(f"the issuer calls itself {metadata.get('issuer')!r}")
    methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Issuer(
        authorization_endpoint=address(metadata, "authorization_endpoint", issuer),
        token_endpoint=address(metadata, "token_endpoint", issuer),
        userinfo_endpoint=address(metadata, "userinfo_endpoint", issuer) if "userinfo_endpoint" in metadata else "",
        auth_methods=tuple(methods),
        keys=KeySet.import_key_set(read_json(address(metadata, "jwks_uri", issuer))),  # type: ignore[arg-type]
        read_at=real_now,
    )


def address(metadata: dict[str, Any], name: str, issuer: str) -> str:
    """An issuer that is reached over TLS sends nobody to an address without."""
    value = metadata.get(name)
    if not isinstance(value, str) or (issuer.startswith("https:") and not value.startswith("https:")):
        raise ValueError(f"no usable {name}")
    return value


def read_json(url: str) -> dict[str, Any]:
    answer = requests.get(url, timeout=TIMEOUT, headers={"Accept": "application/json"}, allow_redirects=False)
    answer.raise_for_status()
    if len(answer.content) > MOST_BYTES or not isinstance(answer.json(), dict):
        raise ValueError(f"{url} is no description")
    found: dict[str, Any] = answer.json()
    return found
