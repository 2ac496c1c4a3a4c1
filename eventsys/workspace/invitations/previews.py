"""The invitation as it will be read, in each language, before anything is written or sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.mailing.markdown import Link, Value
from eventsys.workflows import wording
from eventsys.workflows.texts import find_sources
from eventsys.workspace.texts.previews import Preview, render_all
from eventsys.workspace.texts.samples import MASKED, sample_of, values_of


@dataclass(frozen=True, slots=True)
class Letter:
    """What the mail says beside the event: to whom, and until when something is held; `site` and `base_url` are ours."""

    template: str
    name: str
    held_until: date | None
    organiser: str
    site: str
    base_url: str


def render(session: Session, event: Event, letter: Letter) -> list[Preview]:
    """One for each language; personal links are masked."""
    key = (event.organiser_id, letter.template)
    sample = sample_of(session, event)
    link = Link(letter.name, f"{letter.base_url.rstrip('/')}/invitations/{MASKED}")

    def values(language: str) -> Mapping[str, Value]:
        known = values_of(sample, language, organiser=letter.organiser, site=letter.site, base_url=letter.base_url)
        held = [Link(wording.say_deadline(letter.held_until, language), "")] if letter.held_until else []
        return {**known, "invitations": [link], "held_until": held, "passed_by": []}

    return render_all(find_sources(session, {key})[key], values)
