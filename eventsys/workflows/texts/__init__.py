"""Mail texts by key: the organiser's own versions over the shipped ones."""

from eventsys.mailing.templates import compiled
from eventsys.workflows.texts.queries import find_sources, missing_languages

__all__ = ["compiled", "find_sources", "missing_languages"]
