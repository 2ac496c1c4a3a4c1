"""Accounts for tests, and a browser that is signed in as one of them."""

from __future__ import annotations

from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts import actions
from eventsys.accounts.models import Account
from eventsys.accounts.queries import COOKIE_TOKEN
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import transaction


def add_account(
    email: str,
    *organiser_ids: int,
    name: str = "Adviser",
    language: str = "nb",
    role: MemberRole = MemberRole.ORGANISER,
) -> Account:
    """An account that is a member of these organisers."""
    with transaction() as session:
        for organiser_id in organiser_ids:
            account = actions.add(
                session,
                email=email,
                key=email,
                name=name,
                organiser_id=organiser_id,
                role=role,
                language=language,
                now=clock.real_now(),
            )
    return account


def sign_in(client: FlaskClient, account: Account) -> str:
    """Signs the client in; pages are asked for in English. The session's token."""
    with transaction() as session:
        token = actions.sign_in(session, account, real_now=clock.real_now())
    with client.session_transaction() as cookie:
        cookie[COOKIE_TOKEN] = token
    client.set_cookie("language", "en")
    return token
