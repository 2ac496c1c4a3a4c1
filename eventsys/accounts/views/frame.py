"""What the ways to sign in share: the blueprint, where sign-in leads to, and the session's sign of life."""

from __future__ import annotations

import re

from flask import Blueprint, Response, g

from eventsys import clock
from eventsys.accounts import actions
from eventsys.extensions import transaction

blueprint = Blueprint("accounts", __name__)

# One slash and no backslash: browsers read «//host» and «/\host» as another site.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")
NEXT = "sign_in_next"
PENDING = "sign_in_identity"
"""Who somebody is at the provider, until they have shown by a mailed link which account is theirs."""


@blueprint.after_app_request
def note_seen(response: Response) -> Response:
    """The session's own row is the one thing that a request for a page may write, and at most once a minute."""
    digest = g.pop("seen_digest", None)
    if digest is not None and response.status_code < 500:
        with transaction() as session:
            actions.note_seen(session, digest, real_now=clock.real_now())
    return response


def local_path(path: str | None) -> str:
    """The path if it leads to a page of this site, else nothing: no open redirects."""
    path = (path or "").removesuffix("?")
    return path if LOCAL_PATH.fullmatch(path) else ""
