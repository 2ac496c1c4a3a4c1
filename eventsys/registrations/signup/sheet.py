"""What the two sign-up forms, for oneself and for several, show and read alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from eventsys import clock, dates, texts
from eventsys.events.labels import name_clauses
from eventsys.events.models import Event, Run
from eventsys.events.queries import is_for
from eventsys.events.rules import DATED, RunStatus
from eventsys.extensions import db
from eventsys.organisations.queries import Found, find_by_label, list_unions
from eventsys.programmes.queries import list_memberships
from eventsys.registrations import labels, queries
from eventsys.registrations.forms import SignUpForm
from eventsys.registrations.limits.queries import Options, list_options
from eventsys.registrations.questions.queries import list_questions
from eventsys.registrations.questions.rules import AskedQuestion
from eventsys.registrations.rules import (
    NotForThisOrganisation,
    OnlyByInvitation,
    OptionIsFull,
    OptionKind,
    RegistrationIsClosed,
    SessionsOverlap,
    Side,
)
from eventsys.registrations.signup.entrance import Entrance
from eventsys.registrations.signup.labels import describe_nights, describe_sessions, tell_own_places
from eventsys.registrations.signup.queries import Choice, find_confederation, find_form, read_own_places
from eventsys.registrations.signup.visit import visitor
from eventsys.web import language

REFUSALS = (NotForThisOrganisation, RegistrationIsClosed, OptionIsFull, SessionsOverlap)
"""What may become of a form that was right when it was read."""


@dataclass(frozen=True)
class Sheet:
    """An event as its forms need it: the dates to choose, the questions, and what can be chosen at each run."""

    entrance: Entrance
    event: Event
    runs: Sequence[Run]
    described: Sequence[dict[str, Any]]
    questions: Sequence[AskedQuestion]
    options: Mapping[int, Options]

    @property
    def is_open(self) -> bool:
        return any(run["open"] for run in self.described)

    @property
    def is_late(self) -> bool:
        return not self.is_open and any(run["late"] for run in self.described)

    @property
    def is_shut(self) -> bool:
        """Whether the event asks for an invitation, and this is the way without one."""
        return self.event.by_invitation and not self.entrance.is_invited


def load_sheet(entrance: Entrance) -> Sheet:
    """What the form shows, or 404. Questions and options are read only where the event has some."""
    visitor()
    tx = db.session()
    event, has_questions, has_options = find_form(tx, entrance.slug, is_invited=entrance.is_invited) or abort(404)
    runs = [run for run in event.runs if run.precision in DATED and run.status is RunStatus.PLANNED]
    places = queries.count_places(tx, [run.id for run in runs])
    return Sheet(
        entrance,
        event,
        runs,
        [labels.describe_run(event, run, places[run.id], clock.today()) for run in runs],
        list_questions(tx, event.id, on=clock.today()) if has_questions else [],
        {run.id: list_options(tx, run.id) for run in runs} if has_options else {},
    )


def show_sheet(sheet: Sheet, form: SignUpForm) -> dict[str, Any]:
    """What both templates show of the event and of what was typed."""
    event = sheet.event
    return {
        "event": event,
        "title": texts.read(event.title, language()),
        "form": form,
        "sheet": sheet,
        "entrance": sheet.entrance,
        "runs": sheet.described,
        "sides": list_sides(),
        "audience": name_clauses(event.clauses),
        "unions": list_union_choices(event),
        "closed_on": dates.format_day(event.closes_on, language()) if event.closes_on else "",
        "names_by": dates.format_day(event.names_by, language()) if event.names_by else "",
        "programme": [
            (number, run["name"], describe_sessions(sheet.options[row.id]), describe_nights(sheet.options[row.id]))
            for number, (row, run) in enumerate(zip(sheet.runs, sheet.described, strict=True), 1)
            if row.id in sheet.options
        ],
    }


def list_sides() -> list[tuple[str, str]]:
    """The sides to choose among, as (value, label)."""
    return [(side.value, str(label)) for side, label in labels.SIDES.items()]


def list_union_choices(event: Event) -> list[tuple[str, str]]:
    """The unions that an event asks for, as (value, name)."""
    if not event.asks_union:
        return []
    confederation = find_confederation(db.session(), event.id)
    return [(str(row.id), row.name) for row in list_unions(db.session(), confederation)] if confederation else []


def choose_run(choices: Sequence[Choice], form: SignUpForm) -> int | None:
    """The id of the run that was chosen among those that can be; the only one needs no choice."""
    dated = [run for run in choices if run.run_id is not None]
    if len(dated) == 1 and not form.run.data:
        return dated[0].run_id
    chosen = [run for run in dated if str(run.uid) == form.run.data]
    if not chosen:
        form.refuse("run", _("Choose a date"))
    return chosen[0].run_id if chosen else None


def choose_second(choices: Sequence[Choice], form: SignUpForm, run_id: int | None) -> int | None:
    """The id of the second choice; none where it is the first one again."""
    return next((run.run_id for run in choices if str(run.uid) == form.second.data and run.run_id != run_id), None)


def find_organisations(form: SignUpForm) -> list[Found]:
    return find_by_label(db.session(), form.organisation_meant) if form.organisation_meant else []


def choose_organisation(found: list[Found], form: SignUpForm) -> Found | None:
    """The one that was meant; where the words fit several, the form asks which."""
    if not form.organisation_meant:
        return None
    exact = [row for row in found if form.organisation_meant.casefold() in (row.label.casefold(), row.number)]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    message = _("Choose which one you mean") if found else _("We know no municipality by that name")
    form.refuse("organisation", message)
    return None


def list_cohort_ids(questions: Sequence[AskedQuestion], organisation: Found | None) -> list[int]:
    """The cohorts of the organisation, read only where a question is for some of them."""
    if organisation is None or not any(question.asks.cohorts for question in questions):
        return []
    memberships = list_memberships(db.session(), organisation.id, on=clock.today())
    return [cohort.id for cohort in memberships.cohorts]


def read_side(text: str) -> Side | None:
    return Side(text) if text in set(Side) else None


def keep_offered(options: Options | None, sessions: Collection[str], nights: Collection[str]) -> dict[str, Any]:
    """Of the sessions and nights that were ticked, those of the run that was chosen."""
    if options is None:
        return {}
    return {
        "session_ids": tuple(one.session.id for one in options.sessions if str(one.session.id) in sessions),
        "night_ids": tuple(one.night.id for one in options.nights if one.night.on.isoformat() in nights),
    }


def tell_option(refusal: OptionIsFull | SessionsOverlap, questions: Sequence[AskedQuestion]) -> tuple[str, str]:
    """The field in which the option stands, and what to say there."""
    if isinstance(refusal, SessionsOverlap):
        return "sessions", _("Two of the sessions you chose are at the same time. Choose one of them.")
    if refusal.kind is OptionKind.SESSION:
        return "sessions", _("A session you chose has just become full. Choose another one, or none.")
    if refusal.kind is OptionKind.NIGHT:
        return "nights", _("There are no rooms left for one of the nights. Take the others, or none.")
    asked = next((f"q-{question.public_id}" for question in questions if question.id == refusal.label_id), "run")
    return asked, _("What you chose has just become full. Choose something else.")


def tell_closed(refusal: RegistrationIsClosed, entrance: Entrance) -> str:
    """What is wrong with the date that was chosen."""
    if isinstance(refusal, OnlyByInvitation) and entrance.is_invited:
        return _("This invitation has been used, or taken back.")
    if isinstance(refusal, OnlyByInvitation):
        return _("This event is by invitation: use the link in yours.")
    if refusal.may_ask:
        return _("The last day to sign up has passed. Send the form once more to ask the organiser.")
    return _("This date takes no registrations now.")


def describe_refusal(event: Event, organisation: Found) -> dict[str, Any]:
    """Why the event is not for this organisation, which cohort it is in, and what is for that one."""
    memberships = list_memberships(db.session(), organisation.id, on=clock.today(), told=True)
    matching = queries.list_matching_events(db.session(), event, organisation_id=organisation.id, on=clock.today())
    return {
        "organisation": organisation.label,
        "cohorts": [texts.read(cohort.name, language()).value for cohort in memberships.cohorts],
        "events": [(url_for("site.event", slug=row.slug), texts.read(row.title, language()).value) for row in matching],
    }


def tell_eligibility(sheet: Sheet, label: str, *, refused: Found | None = None) -> dict[str, Any]:
    """What the form says of an organisation as soon as it is known: whether the event is for it, and its places there.

    Nothing of who is invited, who may be from anywhere.
    """
    if refused is not None:
        return {"refusal": describe_refusal(sheet.event, refused)}
    return {"refusal": None} if sheet.entrance.is_invited else tell_for(sheet.event, label)


def tell_for(event: Event, label: str) -> dict[str, Any]:
    """Whether the event is for the one organisation that the words mean, and what it has there; nothing where they mean
    none or several, or where the event is for unions."""
    found = find_by_label(db.session(), label) if label else []
    if len(found) != 1 or event.asks_union:
        return {"refusal": None}
    (organisation,) = found
    if not is_for(db.session(), event.id, organisation.id, clock.today()):
        return {"refusal": describe_refusal(event, organisation)}
    own = read_own_places(db.session(), event.id, organisation.id, on=clock.today())
    return {"refusal": None, "meant": organisation.label, "own_places": tell_own_places(own)}


def typed_in(name: str) -> list[str]:
    """What was ticked in a field of the form that was sent."""
    return request.form.getlist(name)
