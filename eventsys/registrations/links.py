"""Links to one's own pages and the words on a ticket: what opens a registration, a delegation, and the door."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable
from typing import Protocol

from eventsys.tokens import LinkIsRevoked, Purpose, capability, check

POSITION_BITS = 16
"""Room for the versions of one position in what is signed."""


class Linked(Protocol):
    """A registration or delegation, or a row of a query with these two columns of it."""

    @property
    def public_id(self) -> uuid.UUID: ...
    @property
    def link_version(self) -> int: ...


class ContactPosition(Protocol):
    """A contact's position."""

    @property
    def id(self) -> int: ...
    @property
    def link_version(self) -> int: ...


def registration_token(registration: Linked) -> str:
    return capability(Purpose.REGISTRATION, registration.public_id, registration.link_version)


def receipt_token(registration: Linked) -> str:
    """Opens the same page for who typed the form, whose address nobody has proved: it tells nothing of other events."""
    return capability(Purpose.REGISTRATION, registration.public_id, _unproved(registration.link_version))


def delegation_token(delegation: Linked) -> str:
    return capability(Purpose.DELEGATION, delegation.public_id, delegation.link_version)


def contact_token(delegation: Linked, position: ContactPosition) -> str:
    """Opens the registrar's page for a contact of the organisation as long as they are it, and shows nothing that only
    the registrar's mailbox has."""
    version = position.id << POSITION_BITS | position.link_version
    return capability(Purpose.POSITION, delegation.public_id, version)


def ticket_token(registration: Linked) -> str:
    """What the code on the ticket says: opens the door and nothing else, and no more once the seat is another's."""
    return capability(Purpose.TICKET, registration.public_id, registration.link_version)


def check_registration(token: str, registration: Linked) -> bool:
    """Whether the token, mailed or a receipt, opens this registration. Raises `tokens.LinkIsRevoked` for one that did."""
    version = registration.link_version
    if hmac.compare_digest(token, receipt_token(registration)):
        return True
    receipts = (capability(Purpose.REGISTRATION, registration.public_id, _unproved(old)) for old in range(version))
    if any(hmac.compare_digest(token, receipt) for receipt in receipts):
        raise LinkIsRevoked
    return check(token, Purpose.REGISTRATION, registration.public_id, version)


def was_mailed(token: str, registration: Linked) -> bool:
    """Whether the token came in a mail, so that who holds it reads what is sent to the address."""
    return hmac.compare_digest(token, registration_token(registration))


def check_delegation(token: str, delegation: Linked) -> bool:
    """Whether the token opens this delegation. Raises `tokens.LinkIsRevoked` for one that did."""
    return check(token, Purpose.DELEGATION, delegation.public_id, delegation.link_version)


def is_registrars(token: str, delegation: Linked) -> bool:
    """Whether the token is the registrar's, and not that of a contact of the organisation."""
    return hmac.compare_digest(token, delegation_token(delegation))


def check_contact(token: str, delegation: Linked, contacts: Iterable[ContactPosition]) -> bool:
    """Whether the token opens this delegation for one of those who are contacts of its organisation today."""
    return any(hmac.compare_digest(token, contact_token(delegation, one)) for one in contacts)


def check_ticket(token: str, registration: Linked) -> bool:
    """Whether the token is this seat's ticket. Raises `tokens.LinkIsRevoked` for one that was."""
    return check(token, Purpose.TICKET, registration.public_id, registration.link_version)


def _unproved(version: int) -> int:
    """A version of its own kind: no mailed link has a negative one."""
    return -1 - version
