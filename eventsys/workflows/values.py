"""What stands for each placeholder in a mail: what all readers of a batch share once, what is one reader's own each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eventsys import texts
from eventsys.extensions import AnyRow
from eventsys.mailing.addresses import email_key
from eventsys.mailing.markdown import Value
from eventsys.workflows import wording
from eventsys.workflows.causes import Cause
from eventsys.workflows.facts import Facts
from eventsys.workflows.rules import Demands
from eventsys.workflows.seat_values import SeatValues
from eventsys.workflows.seat_wording import say_who

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


def list_values(
    shared: Shared, causes: Sequence[Cause], demands: Demands, language: str, *, email: str, unsubscribe: str
) -> dict[str, Value]:
    """A value for every placeholder that a text about events may have; `email` is the reader's."""
    facts, first = shared.facts, causes[0]
    seats = SeatValues(facts, shared.site.base, causes, demands.whom, email_key(email), language)
    coming = facts.signed_up.get((first.event_id, first.due_at), []) if first.due_at else []
    lacking = facts.lacking.get((first.event_id, first.organisation_id), []) if first.organisation_id else []
    return {
        **shared.values(first.event_id, _runs_of(facts, causes), language),
        **seats.values(),
        "before": _say_before(facts, first, language),
        "organisation": first.organisation or "",
        "lacking": wording.say_sides(lacking, language),
        "signed_up": wording.say_all([say_who(one.name, one.side, one.organisation, language) for one in coming]),
        "signed_up_count": str(len(coming)),
        "unsubscribe_link": unsubscribe,
    }


def _runs_of(facts: Facts, causes: Sequence[Cause]) -> list[AnyRow]:
    """The runs that a mail speaks of, each once: those of its registrations, else its own, else all of the event."""
    ids = dict.fromkeys(cause.speaks_of for cause in causes if cause.speaks_of is not None)
    return [facts.runs[run_id] for run_id in ids] or facts.runs_of.get(causes[0].event_id, [])


def _say_before(facts: Facts, cause: Cause, language: str) -> str:
    """How it was: of an event's change as its history tells, of a seat's the run that it was in."""
    if cause.before:
        return wording.say_before(cause.before, language)
    if cause.change is None or cause.change.from_run_id is None:
        return ""
    run = facts.runs[cause.change.from_run_id]
    return f"{wording.say_when(_span_of(run), language)}; {wording.say_place(run.venue, None, language)}"


def _span_of(run: Any) -> wording.Span:
    return wording.Span(run.precision, run.first_on, run.last_on, run.starts_local, run.ends_local)


def _of_event(event: AnyRow, runs: Sequence[AnyRow], language: str, site: Site) -> dict[str, Value]:
    spans = [_span_of(run) for run in runs] or [wording.UNKNOWN]
    places = [wording.say_place(run.venue, run.address, language) for run in runs]
    return {
        "event": texts.read(event.title, language).value,
        "short_date": _each(wording.say_short_date(span, language) for span in spans),
        "when": _each(wording.say_when(span, language) for span in spans),
        "place": _each(places) or wording.say_place(None, None, language),
        "deadline": wording.say_deadline(event.closes_on, language),
        "names_by": wording.say_deadline(event.names_by or event.closes_on, language),
        "organiser": event.organiser,
        "site": site.name,
        "event_link": f"{site.base}/events/{event.slug}",
        "participants_link": f"{site.base}/manage/events/{event.slug}/participants",
        "requests_link": f"{site.base}/manage/events/{event.slug}/requests",
        "site_link": f"{site.base}/",
    }


def _each(said: Any) -> str:
    return BETWEEN.join(dict.fromkeys(said))
