"""Verbs on organisers. Their default mail rules are added by whoever calls this."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsys.organisers.models import Organiser


def add(session: Session, *, slug: str, name: str, email: str, language: str = "nb") -> Organiser:
    organiser = Organiser(slug=slug, name=name, email=email, language=language)
    session.add(organiser)
    session.flush()
    return organiser
