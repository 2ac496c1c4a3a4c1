"""An OpenID Connect provider made with Authlib's server side, on a port of its own; it can be told what to get wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT_ID, SECRET = "eventsys", "the client's own secret"


@dataclass
class Settings:
    """Who signs in, and what is wrong with the answers; the tests change it as they go."""

    redirect_uri: str
    subject: str = "sub-1"
    claims: dict[str, Any] = field(default_factory=dict)
    only_userinfo: bool = False
    bent: dict[str, Any] = field(default_factory=dict)
    signing_key: RSAKey | None = None
    algorithm: str = "RS256"
    asked: list[dict[str, str]] = field(default_factory=list)


class Client(ClientMixin):
    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return self.settings.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.settings.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):
    """A code that is good for one exchange."""

    def __init__(self, **facts: Any) -> None:
        self.__dict__.update(facts)

    def get_redirect_uri(self) -> str:
        return str(self.__dict__["redirect_uri"])

    def get_scope(self) -> str:
        return str(self.__dict__["scope"])

    def get_nonce(self) -> str | None:
        return self.__dict__["nonce"]  # type: ignore[no-any-return]

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Token(TokenMixin):
    def __init__(self, scope: str) -> None:
        self.scope = scope

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False


class Validator(BearerTokenValidator):
    def __init__(self, tokens: dict[str, Token]) -> None:
        super().__init__()
        self.tokens = tokens

    def authenticate_token(self, token_string: str) -> Token | None:
        return self.tokens.get(token_string)


class Grant(grants.AuthorizationCodeGrant):
    codes: dict[str, Code] = {}
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        self.codes[code] = Code(
            code=code, redirect_uri=asked["redirect_uri"], scope=asked["scope"], nonce=asked.get("nonce"),
            code_challenge=asked.get("code_challenge"), code_challenge_method=asked.get("code_challenge_method"),
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return self.codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del self.codes[authorization_code.__dict__["code"]]

    def authenticate_user(self, authorization_code: Code) -> Any:
        return authorization_code


class Challenge(CodeChallenge):
    """PKCE is required here, as S256 alone."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]


def make_provider(settings: Settings) -> Flask:
    app, key, tokens = Flask("provider"), RSAKey.generate_key(2048), {}
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": 300}
    server = AuthorizationServer(
        app, query_client=lambda client_id: Client(settings) if client_id == CLIENT_ID else None,
        save_token=lambda token, _request: tokens.update({token["access_token"]: Token(token["scope"])}),
    )  # fmt: skip

    class SignedCode(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def generate_user_info(self, user: Any, scope: str) -> UserInfo:
            return UserInfo(sub=settings.subject, **({} if settings.only_userinfo else settings.claims))

        def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
            raw = {
                "iss": issuer(), "aud": CLIENT_ID, "iat": int(time.time()), "exp": int(time.time()) + 300,
                "nonce": request.authorization_code.get_nonce(), **self.generate_user_info(None, ""), **settings.bent,
            }  # fmt: skip
            header = {"alg": settings.algorithm, "kid": key.thumbprint()}
            return jwt.encode(
                header,
                {name: value for name, value in raw.items() if value is not None},
                _signer(),
                [settings.algorithm],
            )

    def _signer() -> RSAKey:
        return settings.signing_key or key

    def issuer() -> str:
        return request.host_url.rstrip("/")

    server.register_grant(Grant, [Challenge(required=True), SignedCode(require_nonce=True)])
    protect = ResourceProtector()
    protect.register_token_validator(Validator(tokens))

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        here = {f"{name}_endpoint": f"{issuer()}/{path}" for name, path in names.items()}
        return jsonify({"issuer": issuer(), "jwks_uri": f"{issuer()}/keys", **here})

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(KeySet([key]).as_dict(private=False))

    @app.get("/authorize")
    def authorize() -> Any:
        settings.asked.append(request.args.to_dict())
        grant = server.get_consent_grant(end_user=settings)
        return server.create_authorization_response(request=None, grant_user=settings, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    @protect("openid")
    def userinfo() -> Response:
        assert current_token is not None
        return jsonify({"sub": settings.subject, **settings.claims})

    return app


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """The issuer's address while the body runs."""
    server = make_server("127.0.0.1", 0, make_provider(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
