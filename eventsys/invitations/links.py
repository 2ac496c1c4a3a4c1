"""The personal link of an invitation."""

from __future__ import annotations

import uuid
from typing import Protocol

from eventsys.tokens import Purpose, capability, check


class Linked(Protocol):
    """An invitation, or a row of a query with these two columns of it."""

    @property
    def public_id(self) -> uuid.UUID: ...
    @property
    def link_version(self) -> int: ...


def invitation_token(invitation: Linked) -> str:
    return capability(Purpose.INVITATION, invitation.public_id, invitation.link_version)


def check_invitation(token: str, invitation: Linked) -> bool:
    """Whether the token opens this invitation. Raises `tokens.LinkIsRevoked` for one that did."""
    return check(token, Purpose.INVITATION, invitation.public_id, invitation.link_version)
