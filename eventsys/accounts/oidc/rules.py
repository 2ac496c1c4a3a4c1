"""The provider as the settings have it, and who its claims say somebody is. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, section 2."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in, who we are there, and what its claims are called. Without `claim_verified` the provider
    vouches for every address that it gives."""

    issuer: str
    client_id: str
    client_secret: str
    scopes: str
    label: str
    claim_email: str
    claim_name: str
    claim_verified: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at an issuer. `email` is empty where the issuer does not vouch for the address."""

    issuer: str
    subject: str
    email: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The secrets of one attempt to sign in, kept by the browser that makes it, and where it is to lead."""

    state: str
    nonce: str
    verifier: str
    next_path: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def begin_attempt(next_path: str) -> Attempt:
    state, nonce, verifier = (secrets.token_urlsafe(48) for _secret in range(3))
    return Attempt(state, nonce, verifier, next_path)


def find_provider(config: Mapping[str, Any]) -> Provider | None:
    """The provider of this installation, if one is set."""
    if not config["OIDC_ISSUER"]:
        return None
    return Provider(
        issuer=config["OIDC_ISSUER"],
        client_id=config["OIDC_CLIENT_ID"],
        client_secret=config["OIDC_CLIENT_SECRET"],
        scopes=config["OIDC_SCOPES"],
        label=config["OIDC_LABEL"],
        claim_email=config["OIDC_CLAIM_EMAIL"],
        claim_name=config["OIDC_CLAIM_NAME"],
        claim_verified=config["OIDC_CLAIM_VERIFIED"],
    )


def read_identity(claims: Mapping[str, Any], provider: Provider) -> Identity:
    """Who the claims of a checked token say somebody is. Raises `ValueError` without a usable subject."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ValueError("no usable sub")
    email, name = claims.get(provider.claim_email), claims.get(provider.claim_name)
    vouched = isinstance(email, str) and is_verified(claims, provider)
    known_name = name[:200] if isinstance(name, str) else ""
    return Identity(provider.issuer, subject, str(email) if vouched else "", known_name)


def is_verified(claims: Mapping[str, Any], provider: Provider) -> bool:
    """Some providers write the truth as a string."""
    return not provider.claim_verified or claims.get(provider.claim_verified) in (True, "true", "True", "1", 1)
