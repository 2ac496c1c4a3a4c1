"""The two mails about contacts: to the official mailbox that may confirm one, and to the contact who is confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsys import tokens
from eventsys.accounts.emails import send_from_installation
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.rules import language_of


def send_question(
    session: Session, organisation: Organisation, position: Position, token: str, *, path: str, now: datetime
) -> None:
    """Asks the organisation itself, at its official mailbox; nothing where it has none."""
    if organisation.email is None:
        return
    send_from_installation(
        session,
        template="contact",
        reason_key=f"contact/{tokens.digest(token).hex()}",
        email=organisation.email,
        name=organisation.name,
        language=language_of(organisation.language_form, "nb"),
        path=path,
        values={"organisation": organisation.label, "who": f"{position.name} ({position.email})"},
        now=now,
    )


def send_contact_link(
    session: Session, organisation: Organisation, position: Position, *, path: str, now: datetime
) -> None:
    """The contact's own link, at most once an hour."""
    send_from_installation(
        session,
        template="contact_confirmed",
        reason_key=f"contact-link/{position.public_id}/{position.link_version}/{now:%Y-%m-%dT%H}",
        email=position.email,
        name=position.name,
        language=position.language or language_of(organisation.language_form, "nb"),
        path=path,
        values={"organisation": organisation.label},
        now=now,
    )
