"""What stands for each placeholder in a mail: what all readers of a batch share once, what is one reader's own each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eventsys import texts
from eventsys.extensions import AnyRow
from eventsys.mailing.markdown import Link, Value
from eventsys.tokens import Purpose, capability
from eventsys.workflows import wording
from eventsys.workflows.causes import Cause, Registered
from eventsys.workflows.facts import Facts

BETWEEN = " / "


@dataclass(frozen=True, slots=True)
class Site:
    """The site's address and name."""

    base_url: str
    name: str

    @property
    def base(self) -> str:
        return self.base_url.rstrip("/")


@dataclass(slots=True)
class Shared:
    """What mails of a batch say alike, by event, runs and language: put together at the first mail that needs it."""

    facts: Facts
    site: Site
    made: dict[tuple[int, tuple[int, ...], str], dict[str, Value]] = field(default_factory=dict)

    def values(self, event_id: int, runs: Sequence[AnyRow], language: str) -> dict[str, Value]:
        key = (event_id, tuple(run.id for run in runs), language)
        if key not in self.made:
            self.made[key] = _of_event(self.facts.events[event_id], runs, language, self.site)
        return self.made[key]


def list_values(shared: Shared, causes: Sequence[Cause], language: str, *, unsubscribe: str) -> dict[str, Value]:
    """A value for every placeholder that a text about events may have."""
    facts, first = shared.facts, causes[0]
    registered = [cause.registration for cause in causes if cause.registration is not None]
    people = [wording.say_who(one.name, one.organisation) for one in registered]
    coming = facts.signed_up.get((first.event_id, first.due_at), []) if first.due_at else []
    lacking = facts.lacking.get((first.event_id, first.organisation_id), []) if first.organisation_id else []
    return {
        **shared.values(first.event_id, _runs_of(facts, causes), language),
        "before": wording.say_before(first.before, language) if first.before else "",
        "who": wording.say_all(people) or first.organisation or "",
        "organisation": first.organisation or "",
        "lacking": wording.say_sides(lacking, language),
        "signed_up": wording.say_all(coming),
        "signed_up_count": str(len(coming)),
        "registrations": [
            Link(who, _personal_link(one, shared.site.base)) for who, one in zip(people, registered, strict=True)
        ],
        "unsubscribe_link": unsubscribe,
    }


def _runs_of(facts: Facts, causes: Sequence[Cause]) -> list[AnyRow]:
    """The runs that a mail speaks of, each once: those of its registrations, else its own, else all of the event."""
    ids = dict.fromkeys(
        run_id
        for cause in causes
        if (run_id := cause.registration.run_id if cause.registration else cause.run_id) is not None
    )
    return [facts.runs[run_id] for run_id in ids] or facts.runs_of.get(causes[0].event_id, [])


def _of_event(event: AnyRow, runs: Sequence[AnyRow], language: str, site: Site) -> dict[str, Value]:
    spans = [wording.Span(run.precision, run.first_on, run.last_on, run.starts_local, run.ends_local) for run in runs]
    spans = spans or [wording.UNKNOWN]
    places = [wording.say_place(run.venue, run.address, language) for run in runs]
    return {
        "event": texts.read(event.title, language).value,
        "short_date": _each(wording.say_short_date(span, language) for span in spans),
        "when": _each(wording.say_when(span, language) for span in spans),
        "place": _each(places) or wording.say_place(None, None, language),
        "deadline": wording.say_deadline(event.closes_on, language),
        "organiser": event.organiser,
        "site": site.name,
        "event_link": f"{site.base}/events/{event.slug}",
        "participants_link": f"{site.base}/manage/events/{event.slug}/participants",
        "site_link": f"{site.base}/",
    }


def _each(said: Any) -> str:
    return BETWEEN.join(dict.fromkeys(said))


def _personal_link(registration: Registered, base: str) -> str:
    token = capability(Purpose.REGISTRATION, registration.public_id, registration.link_version)
    return f"{base}/registrations/{token}"
