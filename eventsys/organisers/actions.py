"""Verbs on organisers. Their default mail rules are added by whoever calls this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy.orm import Session

from eventsys.organisers.models import Organiser


@dataclass(frozen=True, slots=True)
class OrganiserFacts:
    """How an organiser speaks. Quiet hours are local; both ends or none. With `holds_uncertain` a mail to many that may
    have gone already waits for somebody to look; else it goes again as the same mail. `archive_email` gets a copy of each
    letter in a case; empty for none."""

    name: str
    email: str
    language: str
    quiet_from: time | None
    quiet_to: time | None
    holds_uncertain: bool
    archive_email: str = ""


def add(session: Session, *, slug: str, name: str, email: str, language: str = "nb") -> Organiser:
    organiser = Organiser(slug=slug, name=name, email=email, language=language)
    session.add(organiser)
    session.flush()
    return organiser


def set_periods(session: Session, organiser: Organiser, *, ordinary_months: int, sensitive_days: int) -> None:
    """How long after an event what is ordinary, and what is sensitive, is kept; of what is kept already too, but for
    what has been told a day of its own."""
    organiser.ordinary_months, organiser.sensitive_days = ordinary_months, sensitive_days
    session.flush()


def edit(session: Session, organiser: Organiser, *, facts: OrganiserFacts) -> None:
    """Mails that are not sent yet go by the new settings too."""
    organiser.name, organiser.email, organiser.language = facts.name, facts.email, facts.language
    organiser.quiet_from, organiser.quiet_to = facts.quiet_from, facts.quiet_to
    organiser.holds_uncertain, organiser.archive_email = facts.holds_uncertain, facts.archive_email
    session.flush()
