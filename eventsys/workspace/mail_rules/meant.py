"""Whom a form means: an audience by its word, a saved one by its own name; read and written. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from eventsys.workflows.rules import OF_SAVED, Audience


class SavedAudience(NamedTuple):
    """An audience that the organiser has given a name, with its id in the form."""

    id: int
    public_id: str
    name: str


def read_audience(text: str, saved: Sequence[SavedAudience]) -> tuple[Audience, int | None] | None:
    """Whom «confirmed» or «saved:<its id in the form>» means, with the id of a saved audience; None for nobody known."""
    word, _colon, public_id = text.partition(":")
    if word not in set(Audience) or word == Audience.CONCERNED:
        return None
    audience = Audience(word)
    if audience not in OF_SAVED:
        return None if public_id else (audience, None)
    found = next((one for one in saved if one.public_id == public_id), None)
    return (audience, found.id) if found is not None else None


def write_audience(audience: Audience, audience_id: int | None, saved: Sequence[SavedAudience]) -> str:
    """The same as the form sends it."""
    found = next((one for one in saved if one.id == audience_id), None)
    return f"{audience.value}:{found.public_id}" if found is not None else audience.value
