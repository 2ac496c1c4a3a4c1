"""Verbs on organisers. Their default mail rules are added by whoever calls this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy.orm import Session

from eventsys.organisers.models import Organiser


@dataclass(frozen=True, slots=True)
class OrganiserFacts:
    """How an organiser speaks. Quiet hours are local; both ends or none. With `holds_uncertain` a mail to many that may
    have gone already waits for somebody to look; else it goes again as the same mail."""

    name: str
    email: str
    language: str
    quiet_from: time | None
    quiet_to: time | None
    holds_uncertain: bool


def add(session: Session, *, slug: str, name: str, email: str, language: str = "nb") -> Organiser:
    organiser = Organiser(slug=slug, name=name, email=email, language=language)
    session.add(organiser)
    session.flush()
    return organiser


def edit(session: Session, organiser: Organiser, *, facts: OrganiserFacts) -> None:
    """Mails that are not sent yet go by the new settings too."""
    organiser.name, organiser.email, organiser.language = facts.name, facts.email, facts.language
    organiser.quiet_from, organiser.quiet_to = facts.quiet_from, facts.quiet_to
    organiser.holds_uncertain = facts.holds_uncertain
    session.flush()
