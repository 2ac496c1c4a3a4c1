"""One participant: what they have, what they answered, what happened, and everything that an organiser can change."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.extensions import AnyRow, db, transaction
from eventsys.registrations import actions
from eventsys.registrations.attendance import actions as attendance
from eventsys.registrations.labels import SIDES, STATE_KINDS, STATES
from eventsys.registrations.limits.queries import list_options
from eventsys.registrations.models import Registration
from eventsys.registrations.own.forms import read_person
from eventsys.registrations.own.labels import describe_history, describe_requests
from eventsys.registrations.own.queries import list_chosen, list_history, list_requests
from eventsys.registrations.own.rules import NOTHING, Typed
from eventsys.registrations.questions.queries import list_answers, read_sensitive
from eventsys.registrations.questions.rules import ShownAnswer
from eventsys.registrations.rules import LEAVABLE, Actor, QuestionKind, Side, State
from eventsys.web import LANGUAGES, Access, access, language
from eventsys.workspace.people_list import queries
from eventsys.workspace.people_list.actions import KNOWN, why_refused
from eventsys.workspace.people_list.checks import list_dated
from eventsys.workspace.people_list.columns import tell_answer
from eventsys.workspace.people_list.labels import WHYS, name_person
from eventsys.workspace.people_list.rules import ENDED, PRESENT
from eventsys.workspace.views.frame import account, blueprint, name_event, name_moment, own_event
from eventsys.workspace.views.participants import find_own

MOST_PRIORITY = 9
MARKS = (State.ATTENDED, State.ABSENT, State.CONFIRMED)


@blueprint.get("/events/<slug>/participants/<uuid:public_id>", endpoint="participant")
@access(Access.READER)
def show(slug: str, public_id: uuid.UUID) -> str:
    return show_page(own_event(db.session(), slug), public_id, NOTHING)


@blueprint.post("/events/<slug>/participants/<uuid:public_id>/sensitive", endpoint="read_sensitive_of")
@access(Access.ORGANISER)
def show_sensitive(slug: str, public_id: uuid.UUID) -> str:
    """The page with what the person answered about food and access. Reading that leaves a row, so it takes a POST."""
    with transaction() as session:
        registration = find_own(session, slug, public_id)
        found = read_sensitive(session, event_id=registration.event_id, account_id=account().id, now=clock.now())
        answers = found.get(registration.id, [])
    return show_page(own_event(db.session(), slug), public_id, NOTHING, answers)


def show_page(event: Event, public_id: uuid.UUID, typed: Typed, sensitive: Sequence[ShownAnswer] | None = None) -> str:
    session = db.session()
    row = queries.find_row(session, event, public_id) or abort(404)
    names = {run.id: name_run(run) for run in event.runs}
    sessions, nights = list_chosen(session, row.id)
    return render_template(
        "workspace/participant.html",
        event=event,
        event_title=name_event(event),
        row=row,
        name=name_person(row),
        state=STATES[row.state],
        kind=STATE_KINDS[row.state],
        position=queries.number_waiting(session, event).get(row.id) if row.state is State.WAITING else None,
        facts=list_facts(row, names),
        answers=describe_answers(event, row, list_answers(session, row.id, include_sensitive=False)),
        sensitive=None if sensitive is None else describe_answers(event, row, sensitive),
        options=list_options(session, row.run_id),
        chosen_sessions=sessions,
        chosen_nights=nights,
        read_text=lambda text: texts.read(text, language()).value,
        day=lambda on: dates.format_day(on, language()),
        history=describe_changes(session, event, row),
        requests=describe_requests(list_requests(session, row.id), timezone=account().organiser.timezone),
        other_runs=[(str(run.uid), names[run.id]) for run in list_dated(event) if run.id != row.run_id],
        sides=[("", _("not said")), *((side.value, str(name)) for side, name in SIDES.items())],
        typed=typed,
        **list_possible(row),
    )


def list_possible(row: AnyRow) -> dict[str, bool]:
    """What can be done with somebody in that state."""
    return {
        "can_leave": row.state in LEAVABLE,
        "can_be_marked": row.state in PRESENT,
        "has_ended": row.state in ENDED,
    }


def list_facts(row: AnyRow, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """What is known of the seat, without what is not."""
    facts = (
        (_("From"), row.organisation_label),
        (_("Represents"), str(SIDES[row.side]) if row.side else ""),
        (_("Dates"), names[row.run_id]),
        (_("Second choice"), names.get(row.second_run_id, "")),
        (_("The offer is open until"), name_moment(row.offered_until)),
        (_("Signed up"), name_moment(row.created_at)),
        (_("Signed up by"), f"{row.registrar}, {row.registrar_email}" if row.registrar else ""),
        (_("Reads"), LANGUAGES.get(row.language or "", "")),
    )
    return [(label, value) for label, value in facts if value]


def describe_answers(event: Event, row: AnyRow, answers: Sequence[ShownAnswer]) -> list[tuple[str, str, str]]:
    """Each question with the answer, and where a file can be fetched."""
    where = {"slug": event.slug, "public_id": row.public_id}
    return [
        (
            texts.read(one.label, language()).value,
            tell_answer(one),
            url_for(".answer_file", question=one.public_id, **where) if one.kind is QuestionKind.FILE else "",
        )
        for one in answers
    ]


def describe_changes(session: Session, event: Event, row: AnyRow) -> list[dict[str, str]]:
    """The history, newest first, with the names of those organisers who did something."""
    rows = list_history(session, row.id)
    ids = {one.RegistrationChange.account_id for one in rows} - {None}
    accounts = queries.list_account_names(session, ids)
    names = {
        Actor.PARTICIPANT: name_person(row),
        Actor.REGISTRAR: row.registrar or _("who signed them up"),
        Actor.ORGANISER: event.organiser.name,
        Actor.SYSTEM: _("by itself"),
    }
    told = describe_history(rows, names, timezone=account().organiser.timezone)
    for line, one in zip(told, rows, strict=True):
        line["who"] = accounts.get(one.RegistrationChange.account_id, line["who"])
    return told[::-1]


# --- what can be changed --------------------------------------------------------------------------------------------


@blueprint.post("/events/<slug>/participants/<uuid:public_id>/changes", endpoint="change_participant")
@access(Access.ORGANISER)
def change(slug: str, public_id: uuid.UUID) -> Response | tuple[str, int]:
    """One change, which the button pressed names."""
    find_own(db.session(), slug, public_id)
    do = CHANGES.get(request.form.get("do", "")) or abort(400)
    typed = check(request.form.get("do", ""))
    if typed.errors:
        return show_page(own_event(db.session(), slug), public_id, typed), 422
    try:
        with transaction() as session:
            told = do(session, find_own(session, slug, public_id), own_event(session, slug))
    except KNOWN as refusal:
        flash(_("Nothing was changed: %(why)s.", why=WHYS[why_refused(refusal)]), "warning")
    else:
        flash(told, "success")
    return redirect(url_for(".participant", slug=slug, public_id=public_id), 303)


def check(do: str) -> Typed:
    """The errors of a form with a name or an address in it."""
    if do not in ("name", "hand_over", "address"):
        return NOTHING
    sent = request.form.copy()
    if do == "address":
        sent["address_name"] = "-"
    _form, typed = read_person(sent, f"{do}_", needs_address=do != "name")
    return typed


def who() -> dict[str, Any]:
    return {"account_id": account().id, "now": clock.now()}


def move(session: Session, registration: Registration, event: Event) -> str:
    run = next((run for run in list_dated(event) if str(run.uid) == request.form.get("run")), None) or abort(400)
    actions.move(session, registration, run_id=run.id, actor=Actor.ORGANISER, **who())
    return _("Moved to %(dates)s. A mail tells about it.", dates=name_run(run))


def save_details(session: Session, registration: Registration, event: Event) -> str:
    """Whom they represent, and which sessions and nights they have."""
    options = list_options(session, registration.run_id)
    sessions, nights = request.form.getlist("session"), request.form.getlist("night")
    asked = request.form.get("side", "")
    actions.change_details(
        session,
        registration,
        session_ids=[one.session.id for one in options.sessions if str(one.session.id) in sessions],
        night_ids=[one.night.id for one in options.nights if str(one.night.id) in nights],
        side=Side(asked) if asked in set(Side) and not event.asks_union else None,
        actor=Actor.ORGANISER,
        **who(),
    )
    return _("That is saved.")


def prioritise(session: Session, registration: Registration, _event: Event) -> str:
    text = request.form.get("priority", "")
    digits = text.removeprefix("-")
    number = int(text) if digits.isascii() and digits.isdigit() and len(digits) < 3 else 0
    actions.set_priority(session, registration, priority=max(min(number, MOST_PRIORITY), -MOST_PRIORITY), **who())
    return _("That is saved.")


def mark(session: Session, registration: Registration, _event: Event) -> str:
    asked = request.form.get("state", "")
    state = next((state for state in MARKS if state.value == asked), None) or abort(400)
    attendance.mark(session, registration, state=state, **who())
    return _("That is saved.")


def restore(session: Session, registration: Registration, _event: Event) -> str:
    state = actions.restore(session, registration, **who())
    if state is State.WAITING:
        return _("Taken back: there is no free place, so they are on the waiting list.")
    return _("Taken back: they have a place again.")


def take_offer(session: Session, registration: Registration, _event: Event) -> str:
    actions.take_offer(session, registration, actor=Actor.ORGANISER, **who())
    return _("They have the place.")


def give_name(session: Session, registration: Registration, _event: Event) -> str:
    form, _typed = read_person(request.form, "name_", needs_address=False)
    actions.name_seat(
        session, registration, name=form["name"].data, email=form.email.data or "", actor=Actor.ORGANISER, **who()
    )
    return _("That is saved.")


def hand_over(session: Session, registration: Registration, _event: Event) -> str:
    form, _typed = read_person(request.form, "hand_over_", needs_address=True)
    actions.hand_over(
        session, registration, name=form["name"].data, email=form.email.data, actor=Actor.ORGANISER, **who()
    )
    return _("The place is handed over. Both get a mail.")


def readdress(session: Session, registration: Registration, _event: Event) -> str:
    sent = request.form.copy()
    sent["address_name"] = "-"
    form, _typed = read_person(sent, "address_", needs_address=True)
    actions.readdress(session, registration, email=form.email.data, actor=Actor.ORGANISER, **who())
    return _("The address is mended. The new one gets a mail with the link.")


Do = Callable[[Session, Registration, Event], str]
CHANGES: dict[str, Do] = {
    "move": move,
    "details": save_details,
    "priority": prioritise,
    "mark": mark,
    "restore": restore,
    "take_offer": take_offer,
    "name": give_name,
    "hand_over": hand_over,
    "address": readdress,
}
