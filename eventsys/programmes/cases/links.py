"""The addresses that mails about a case lead to, each for one reader."""

from __future__ import annotations

from eventsys.programmes.models import ApplicationMember, CallRecipient
from eventsys.tokens import Purpose, capability


def recipient_path(slug: str, recipient: CallRecipient) -> str:
    """Where the organisation reads the call, and says that it applies or that it does not."""
    return f"/calls/{slug}/{capability(Purpose.CALL, recipient.public_id, recipient.link_version)}"


def application_path(member: ApplicationMember) -> str:
    """Where somebody writes the application."""
    return f"/applications/{capability(Purpose.APPLICATION, member.public_id, member.link_version)}"
