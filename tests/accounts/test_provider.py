"""Signing in at an OpenID Connect provider: a real one, in a thread of the test, reached over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey

from eventsys.accounts.models import Account, AccountIdentity, SignedIn
from eventsys.accounts.oidc.discovery import KNOWN
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from tests.accounts.people import add_account
from tests.accounts.provider import CLIENT_ID, SECRET, Settings, running
from tests.accounts.test_sign_in import ADDRESS, add_organisers
from tests.guards.visits import switched

RETURN = "http://127.0.0.1:5000/sign-in/provider/return"
VERIFIED = {"email": ADDRESS, "email_verified": True, "name": "Kari Fjell"}


@pytest.fixture
def provider(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The provider, which knows the adviser, set in the app."""
    # The library refuses a provider without TLS, which one on this machine is.
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    KNOWN.clear()
    settings = Settings(RETURN, claims=dict(VERIFIED))
    with running(settings) as issuer:
        ours = {"OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": SECRET, "OIDC_LABEL": "Feide"}
        with switched(app, **ours):
            yield settings


@pytest.fixture
def account(app: Flask) -> Account:
    return add_account(ADDRESS, add_organisers("sekretariatet")[0])


def leave(client: FlaskClient, path: str = "/sign-in/provider") -> str:
    """Goes to the provider, signs in there, and gives the path that it sends the browser back to."""
    answer = client.get(path)
    assert answer.status_code == 303
    sent = requests.get(answer.location, allow_redirects=False, timeout=10)
    assert sent.headers["Location"].startswith(RETURN)
    return sent.headers["Location"].removeprefix("http://127.0.0.1:5000")


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/manage/").status_code == 200


def test_the_provider_signs_an_account_in_whose_address_it_vouches_for(
    client: FlaskClient, provider: Settings, account: Account
) -> None:
    answer = client.get(leave(client))
    assert (answer.status_code, answer.location, is_signed_in(client)) == (303, "/manage/", True)
    [asked] = provider.asked
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
        "code", "S256", "openid email profile",
    )  # fmt: skip
    assert len(asked["code_challenge"]) == 43
    assert min(len(asked["nonce"]), len(asked["state"])) >= 43


def test_sign_in_leads_to_the_page_that_was_asked_for_and_to_no_other_site(
    client: FlaskClient, provider: Settings, account: Account
) -> None:
    assert client.get(leave(client, "/sign-in/provider?next=/manage/venues")).location == "/manage/venues"
    assert client.get(leave(client, "/sign-in/provider?next=//evil.example")).location == "/manage/"


def test_whom_it_has_signed_in_once_it_knows_under_a_new_address(
    client: FlaskClient, provider: Settings, account: Account
) -> None:
    client.get(leave(client))
    client.post("/sign-out")
    provider.claims = {"email": "married@program.example", "email_verified": True}
    client.get(leave(client))
    assert is_signed_in(client)


def test_who_has_the_address_later_is_somebody_else(client: FlaskClient, provider: Settings, account: Account) -> None:
    client.get(leave(client))
    client.post("/sign-out")
    provider.subject = "sub-2"
    assert client.get(leave(client)).status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": ADDRESS},
        {"email": ADDRESS, "email_verified": False},
        {"email": "nobody@program.example", "email_verified": True},
        {"email": 7, "email_verified": True},
        {"name": "Kari"},
    ],
)
def test_an_address_that_is_not_vouched_for_or_unknown_opens_nothing(
    client: FlaskClient, provider: Settings, account: Account, claims: dict[str, object]
) -> None:
    provider.claims = claims
    answer = client.get(leave(client))
    assert (answer.status_code, is_signed_in(client)) == (403, False)
    db.session.rollback()
    assert db.session.scalars(sa.select(sa.func.count()).select_from(Account)).one() == 1
    assert db.session.scalars(sa.select(SignedIn)).all() == []


def test_an_address_that_only_the_user_information_tells_is_enough(
    client: FlaskClient, provider: Settings, account: Account
) -> None:
    provider.only_userinfo = True
    client.get(leave(client))
    assert is_signed_in(client)


def test_the_claims_may_have_other_names(client: FlaskClient, app: Flask, provider: Settings, account: Account) -> None:
    provider.claims = {"upn": ADDRESS}
    with switched(app, OIDC_CLAIM_EMAIL="upn", OIDC_CLAIM_VERIFIED=""):
        client.get(leave(client))
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "bent",
    [
        {"nonce": "of another attempt"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": [CLIENT_ID, "another-client"]},
        {"azp": "another-client"},
        {"aud": None},
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_attempt_is_refused(
    client: FlaskClient, provider: Settings, account: Account, bent: dict[str, object]
) -> None:
    provider.bent = bent
    answer = client.get(leave(client))
    assert (answer.status_code, is_signed_in(client)) == (502, False)


def test_a_token_that_somebody_else_signed_is_refused(
    client: FlaskClient, provider: Settings, account: Account
) -> None:
    provider.signing_key = RSAKey.generate_key(2048)
    assert client.get(leave(client)).status_code == 502
    assert not is_signed_in(client)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_signed_by_nobody_or_with_a_shared_secret_is_refused(
    client: FlaskClient, provider: Settings, account: Account, algorithm: str
) -> None:
    provider.algorithm = algorithm
    assert client.get(leave(client)).status_code == 502
    assert not is_signed_in(client)


def test_an_answer_to_another_browser_is_refused(
    client: FlaskClient, app: Flask, provider: Settings, account: Account
) -> None:
    path = leave(client)
    stranger = app.test_client()
    assert (stranger.get(path).status_code, is_signed_in(stranger)) == (400, False)
    leave(stranger)
    assert (stranger.get(path).status_code, is_signed_in(stranger)) == (400, False)


def test_an_answer_works_once(client: FlaskClient, provider: Settings, account: Account) -> None:
    path = leave(client)
    assert [client.get(path).status_code for _time in range(2)] == [303, 400]


def test_a_code_without_the_secret_of_its_attempt_is_worth_nothing(
    client: FlaskClient, provider: Settings, account: Account
) -> None:
    path = leave(client)
    with client.session_transaction() as cookie:
        cookie["sign_in_attempt"] = {**cookie["sign_in_attempt"], "verifier": "x" * 64}
    assert (client.get(path).status_code, is_signed_in(client)) == (502, False)


def test_an_answer_of_another_issuer_and_a_refusal_sign_nobody_in(
    client: FlaskClient, provider: Settings, account: Account
) -> None:
    path = leave(client)
    assert client.get(f"{path}&iss=https://evil.example").status_code == 502
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    assert client.get(f"/sign-in/provider/return?state={state}&error=access_denied").status_code == 502
    assert not is_signed_in(client)


def test_a_provider_that_calls_itself_something_else_is_not_asked(
    client: FlaskClient, app: Flask, provider: Settings
) -> None:
    with switched(app, OIDC_ISSUER=app.config["OIDC_ISSUER"].replace("127.0.0.1", "localhost") + "/"):
        assert client.get("/sign-in/provider").status_code == 502


def test_a_provider_that_does_not_answer_leaves_the_mailed_link(client: FlaskClient, app: Flask) -> None:
    with switched(app, OIDC_ISSUER="http://127.0.0.1:9"):
        answer = client.get("/sign-in/provider", headers={"Accept-Language": "en"})
    assert answer.status_code == 502
    assert "Send me a link" in answer.get_data(as_text=True)


def test_a_disabled_account_and_one_without_a_role_are_not_signed_in(
    client: FlaskClient, provider: Settings, account: Account
) -> None:
    client.get(leave(client))
    client.post("/sign-out")
    with transaction() as session:
        session.execute(sa.update(Account).values(disabled_at=account.created_at))
    assert (client.get(leave(client)).status_code, is_signed_in(client)) == (403, False)


def test_who_is_unknown_there_ties_the_two_with_a_mailed_link(
    client: FlaskClient, provider: Settings, account: Account
) -> None:
    provider.claims = {"name": "Kari Fjell"}
    assert client.get(leave(client)).status_code == 403
    client.post("/sign-in", data={"email": ADDRESS})
    text = db.session.scalars(sa.select(OutboxMessage.text)).one() or ""
    found = re.search(r"https?://[^/]+(/sign-in/[\w-]+)", text)
    assert found
    page = client.get(found[1], headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "sign in with Feide as Kari Fjell" in page
    client.post(found[1], data={"tie": "1"})
    client.post("/sign-out")
    client.get(leave(client))
    db.session.rollback()
    [row] = db.session.scalars(sa.select(AccountIdentity)).all()
    assert (is_signed_in(client), row.account_id, row.subject) == (True, account.id, "sub-1")


def test_the_page_names_the_provider_where_there_is_one(client: FlaskClient, app: Flask, provider: Settings) -> None:
    english = {"Accept-Language": "en"}
    assert "Sign in with Feide" in client.get("/sign-in", headers=english).get_data(as_text=True)
    with switched(app, OIDC_ISSUER=""):
        assert "Feide" not in client.get("/sign-in", headers=english).get_data(as_text=True)
        addresses = ("/sign-in/provider", "/sign-in/provider/return?state=x&code=y")
        assert [client.get(address).location for address in addresses] == ["/sign-in", "/sign-in"]


def test_no_role_comes_with_signing_in(client: FlaskClient, app: Flask, provider: Settings) -> None:
    add_account(ADDRESS, *add_organisers("sekretariatet"), role=MemberRole.READER)
    client.get(leave(client))
    assert client.get("/manage/settings").status_code == 403
