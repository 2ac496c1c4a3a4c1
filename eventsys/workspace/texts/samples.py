"""What stands for the placeholders in a preview: a real event and somebody signed up for it, or an example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates, texts
from eventsys.events.models import Event, Run
from eventsys.events.rules import Precision, RunStatus
from eventsys.mailing.markdown import Link, Value
from eventsys.mailing.placeholders import PLACEHOLDERS, Use
from eventsys.organisations.models import Organisation
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Asked, Decision, Side, State
from eventsys.workflows import wording
from eventsys.workflows.seat_wording import say_asked, say_decision, say_seat, say_status, say_who

MASKED = "…"
LIVE = (State.CONFIRMED, State.OFFERED, State.WAITING, State.REQUESTED, State.ATTENDED)
TITLES = {"nb": "Læringsseminar 2", "nn": "Læringsseminar 2", "en": "Learning seminar 2"}
VENUES = {"nb": ("Rådhuset", "Storgata 1"), "nn": ("Rådhuset", "Storgata 1"), "en": ("The town hall", "Storgata 1")}


def _two_days(first_on: date) -> wording.Span:
    last_on = first_on + timedelta(days=1)
    starts, ends = datetime.combine(first_on, time(10)), datetime.combine(last_on, time(15, 30))
    return wording.Span(Precision.EXACT, first_on, last_on, starts, ends)


SPAN, EARLIER = _two_days(date(2008, 9, 1)), _two_days(date(2008, 8, 25))
DROPPED = {"nb": "Omvisning i rådhuset", "nn": "Omvising i rådhuset", "en": "A tour of the town hall"}
WHY = {"nb": "Jeg er blitt syk.", "nn": "Eg har vorte sjuk.", "en": "I have become ill."}
PAPER = {"nb": "Lysark fra dagen", "nn": "Lysark frå dagen", "en": "Slides of the day"}
PROGRAMME = {"nb": "Sammen om en bedre kommune", "nn": "Saman om ein betre kommune", "en": "Together for better"}
CALL = {"nb": "Søk om å bli med", "nn": "Søk om å bli med", "en": "Apply to take part"}
INTAKE = {"nb": "Første opptak", "nn": "Første opptak", "en": "First intake"}
COHORT = {"nb": "Pulje I", "nn": "Pulje I", "en": "Cohort I"}
GROUNDS = {
    "nb": "Målene er klare, og alle sider er med.",
    "nn": "Måla er klare, og alle sider er med.",
    "en": "The goals are clear, and every side takes part.",
}
CASE_NUMBER = "08/123"
PERSON, ANOTHER = ("Kari Nordmann", "Bø"), ("Ola Nordmann", "Karasjok")


@dataclass(frozen=True, slots=True)
class Sample:
    """What a preview speaks of; titles and venue by language."""

    titles: Mapping[str, str]
    slug: str
    span: wording.Span
    venue: Mapping[str, tuple[str | None, str | None]]
    closes_on: date | None
    name: str
    organisation: str | None


CLOSES_ON = date(2008, 8, 25)
EXAMPLE = Sample(TITLES, "eksempel", SPAN, {**VENUES}, CLOSES_ON, *PERSON)


def sample_of(session: Session, event: Event | None) -> Sample:
    """The event's first run that is on with the first who is signed up for it; the example where there is none."""
    run = next((run for run in event.runs if run.status is RunStatus.PLANNED), None) if event else None
    if event is None or run is None:
        return EXAMPLE
    venue = (run.venue.name, run.venue.address) if run.venue else (None, None)
    titles = {language: texts.read(event.title, language).value for language in TITLES}
    person = _find_person(session, run) or PERSON
    return Sample(titles, event.slug, span_of(run), dict.fromkeys(TITLES, venue), event.closes_on, *person)


def span_of(run: Run) -> wording.Span:
    return wording.Span(run.precision, run.first_on, run.last_on, run.starts_local, run.ends_local)


def _find_person(session: Session, run: Run) -> tuple[str, str | None] | None:
    row = session.execute(
        sa.select(Registration.name, Organisation.label)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.run_id == run.id, Registration.organiser_id == run.organiser_id)
        .where(Registration.state.in_(LIVE))
        .order_by(Registration.id)
        .limit(1)
    ).first()
    return (row.name, row.label) if row and row.name else None


def values_of(sample: Sample, language: str, *, organiser: str, site: str, base_url: str) -> dict[str, Value]:
    """A value for every placeholder there is, in a language; what belongs to one person alone is masked."""
    base = base_url.rstrip("/")
    who = say_who(sample.name, None, sample.organisation, language)
    unnamed = say_who("", Side.ADMINISTRATION, sample.organisation or PERSON[1], language)
    status = say_status(State.WAITING, 3, None, language)
    before = f"{wording.say_when(EARLIER, language)}; {wording.say_place(*VENUES[language], language)}"
    known: dict[str, Value] = {
        "event": sample.titles[language],
        "short_date": wording.say_short_date(sample.span, language),
        "when": wording.say_when(sample.span, language),
        "place": wording.say_place(*sample.venue[language], language),
        "before": before,
        "deadline": wording.say_deadline(sample.closes_on or CLOSES_ON, language),
        "organisation": sample.organisation or PERSON[1],
        "lacking": wording.say_sides([Side.POLITICIAN], language),
        "promise": wording.say_promises([(sample.titles, 1, 3)], language),
        "at_risk": wording.say_at_risk([Side.POLITICIAN], False, language),
        "signed_up": wording.say_all([who, say_who(ANOTHER[0], None, ANOTHER[1], language)]),
        "signed_up_count": "2",
        "who": who,
        "names_by": wording.say_deadline(sample.closes_on or CLOSES_ON, language),
        "status": status,
        "position": "3",
        "offered_until": dates.format_moment(datetime.combine(sample.closes_on or CLOSES_ON, time(12)), language),
        "registrar": ANOTHER[0],
        "asked": say_asked(Asked.CANCEL, None, language),
        "decision": say_decision(Decision.ACCEPTED, language),
        "organiser": organiser,
        "site": site,
        "registrations": [Link(who, f"{base}/registrations/{MASKED}")],
        "delegations": [Link(sample.organisation or PERSON[1], f"{base}/delegations/{MASKED}")],
        "certificates": [Link(who, f"{base}/registrations/{MASKED}/certificate")],
        "invitations": [Link(PERSON[0], f"{base}/invitations/{MASKED}")],
        "held_until": [Link(wording.say_deadline(sample.closes_on or CLOSES_ON, language), "")],
        "passed_by": [Link(ANOTHER[0], "")],
        "materials": [Link(PAPER[language], f"{base}/registrations/{MASKED}/materials/{MASKED}")],
        "line": [Link(WHY[language], "")],
        "seats": [
            Link(say_seat(who, say_status(State.CONFIRMED, None, None, language)), f"{base}/registrations/{MASKED}"),
            Link(say_seat(unnamed, status), ""),
        ],
        "dropped": [Link(DROPPED[language], "")],
        "why": [Link(WHY[language], "")],
        "words": [Link(WHY[language], "")],
        **_of_case(sample, language, base),
        "event_link": f"{base}/events/{sample.slug}",
        "mend_link": f"{base}/events/{sample.slug}/delegations/new?link={MASKED}",
        "participants_link": f"{base}/manage/events/{sample.slug}/participants",
        "requests_link": f"{base}/manage/events/{sample.slug}/requests",
        "site_link": f"{base}/",
        "unsubscribe_link": f"{base}/unsubscribe/{MASKED}",
    }
    return {name: known.get(name) or _stand_in(name, use, who, base) for name, (use, _meaning) in PLACEHOLDERS.items()}


def _of_case(sample: Sample, language: str, base: str) -> dict[str, Value]:
    """What only a mail about a call, an application or a decision has."""
    closes = sample.closes_on or CLOSES_ON
    return {
        "name": sample.name,
        "programme": PROGRAMME[language],
        "call_title": CALL[language],
        "call_deadline": dates.format_moment(datetime.combine(closes, time(15)), language),
        "case_number": CASE_NUMBER,
        "cohort": COHORT[language],
        "intake": INTAKE[language],
        "arrived": dates.format_moment(datetime.combine(closes, time(14, 20)), language),
        "supplement_by": wording.say_deadline(closes, language),
        "grounds": [Link(GROUNDS[language], "")],
        "call_link": f"{base}/calls/{MASKED}",
        "application_link": f"{base}/applications/{MASKED}",
    }


def _stand_in(name: str, use: Use, who: str, base: str) -> Value:
    if use is Use.LINKS:
        return [Link(who, f"{base}/{MASKED}")]
    return f"{base}/{MASKED}" if use is Use.URL else f"«{name}»"
