"""One sign-in at the provider: the address to send somebody to, and what the code that they come back with is worth.

Code flow with PKCE (S256), state and nonce; the signed token is checked here and nothing else is believed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.claims import ClaimsOption
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from eventsys.accounts.oidc.discovery import TIMEOUT, Issuer, discover
from eventsys.accounts.oidc.rules import Attempt, Identity, Provider, read_identity

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key that the issuer alone has: never `none`, and none that our own secret would make."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""


class NotSignedIn(Exception):
    """The provider could not be asked, or what it answered is not to be believed; says why, for the log alone."""


def address_to_sign_in(provider: Provider, attempt: Attempt, *, redirect_uri: str, real_now: datetime) -> str:
    """Where to send the browser. Raises `NotSignedIn` if the provider does not answer."""
    try:
        issuer = discover(provider.issuer, real_now=real_now)
    except (requests.RequestException, ValueError, JoseError) as error:
        raise NotSignedIn(f"discovery: {error}") from error
    with open_client(provider, issuer, redirect_uri) as client:
        address, _state = client.create_authorization_url(
            issuer.authorization_endpoint, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
        )
    return str(address)


def open_client(provider: Provider, issuer: Issuer, redirect_uri: str) -> OAuth2Session:
    basic, post = "client_secret_basic", "client_secret_post"
    secretly = basic if basic in issuer.auth_methods else post
    return OAuth2Session(
        provider.client_id, provider.client_secret or None, scope=provider.scopes, redirect_uri=redirect_uri,
        token_endpoint_auth_method=secretly if provider.client_secret else "none", code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )  # fmt: skip


def exchange(provider: Provider, attempt: Attempt, code: str, *, redirect_uri: str, real_now: datetime) -> Identity:
    """Who the code is of. Raises `NotSignedIn`."""
    try:
        issuer = discover(provider.issuer, real_now=real_now)
        with open_client(provider, issuer, redirect_uri) as client:
            token = client.fetch_token(
                issuer.token_endpoint, grant_type="authorization_code", code=code, code_verifier=attempt.verifier
            )
            claims = read_id_token(token["id_token"], provider, nonce=attempt.nonce, real_now=real_now)
            return read_identity(add_user_info(claims, client, issuer, provider), provider)
    except (requests.RequestException, OAuthError, OAuth2Error, JoseError, ValueError, KeyError, TypeError) as error:
        raise NotSignedIn(f"{type(error).__name__}: {error}") from error


def read_id_token(text: str, provider: Provider, *, nonce: str, real_now: datetime) -> dict[str, Any]:
    """The claims of a token that this issuer signed for us, for this attempt, and that is still good. Raises
    `JoseError`."""
    issuer = discover(provider.issuer, real_now=real_now)
    try:
        token = jwt.decode(text, issuer.keys, algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        issuer = discover(provider.issuer, real_now=real_now, anew=True)
        token = jwt.decode(text, issuer.keys, algorithms=ALGORITHMS)
    ours: dict[str, ClaimsOption] = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    claims = CodeIDToken(token.claims, token.header, ours, {"nonce": nonce, "client_id": provider.client_id})
    claims.validate(now=int(real_now.timestamp()), leeway=LEEWAY)
    return dict(claims)


def add_user_info(claims: dict[str, Any], client: OAuth2Session, issuer: Issuer, provider: Provider) -> dict[str, Any]:
    """The claims with those that the provider tells on asking alone; what the signed token says goes first."""
    if provider.claim_email in claims or not issuer.userinfo_endpoint:
        return claims
    answer = client.get(issuer.userinfo_endpoint, allow_redirects=False)
    answer.raise_for_status()
    more = answer.json()
    if more.get("sub") != claims["sub"]:
        raise ValueError("the user information is of somebody else")
    return {**more, **claims}
