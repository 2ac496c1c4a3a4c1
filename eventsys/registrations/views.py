"""Signing up and what follows: one's own registration behind one's own link."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events.labels import name_clauses, name_run, name_times
from eventsys.events.models import Event, Run
from eventsys.events.queries import find_public_event, is_for
from eventsys.events.rules import DATED, ClauseKind, RunStatus
from eventsys.extensions import AnyRow, db, transaction
from eventsys.organisations.queries import Found, find_by_label, list_unions
from eventsys.programmes.queries import list_memberships
from eventsys.registrations import actions, labels, queries
from eventsys.registrations.forms import AddressForm, RegistrationForm
from eventsys.registrations.queries import Choice
from eventsys.registrations.rules import (
    LEAVABLE,
    Actor,
    AddressIsTaken,
    CannotBeCancelled,
    NewRegistration,
    NotForThisOrganisation,
    RegistrationIsClosed,
    Side,
    State,
)
from eventsys.tokens import Purpose, capability, check, public_id_of
from eventsys.web import Access, access, language, language_was_chosen

blueprint = Blueprint("registrations", __name__)


@blueprint.get("/events/<slug>/registrations/new")
@access(Access.PUBLIC)
def new(slug: str) -> str | tuple[str, int]:
    event = find_event(slug)
    form = RegistrationForm(asks_union=event.asks_union)
    form.run.data = request.args.get("run", "")
    form.organisation.data = request.args.get("organisation", "")
    form.nonce.data = secrets.token_urlsafe(18)
    return show_form(event, form, [])


@blueprint.post("/events/<slug>/registrations")
@access(Access.PUBLIC)
def create(slug: str) -> Response | tuple[str, int]:
    """One registration. A refusal shows the form again with all that was typed, and says what is wrong beside it."""
    runs = queries.list_choices(db.session(), slug) or abort(404)
    form = RegistrationForm(request.form, asks_union=runs[0].asks_union)
    valid = form.validate()
    run = choose_run(runs, form)
    organisations = find_by_label(db.session(), form.organisation_meant) if form.organisation_meant else []
    organisation = choose_organisation(organisations, form)
    if not valid or run is None or organisation is None:
        return show_form(find_event(slug), form, organisations, status=422)
    asked, now = read_form(form, run, organisation), clock.now()
    try:
        with transaction() as tx:
            made = actions.register(tx, asked, now=now)
    except (NotForThisOrganisation, RegistrationIsClosed) as refusal:
        refused = organisation if isinstance(refusal, NotForThisOrganisation) else None
        return show_form(find_event(slug), form, [], refused=refused, status=409)
    if not made.own:
        return redirect(url_for(".received", slug=slug), 303)
    return redirect(url_for(".show", token=link_token(made.registration)), 303)


def find_event(slug: str) -> Event:
    return find_public_event(db.session(), slug) or abort(404)


def choose_run(runs: Sequence[Choice], form: RegistrationForm) -> int | None:
    """The id of the run that was chosen among those that can be; the only one needs no choice."""
    dated = [run for run in runs if run.run_id is not None]
    if len(dated) == 1 and not form.run.data:
        return dated[0].run_id
    chosen = [run for run in dated if str(run.uid) == form.run.data]
    if not chosen:
        form.refuse("run", _("Choose a date"))
    return chosen[0].run_id if chosen else None


def choose_organisation(found: list[Found], form: RegistrationForm) -> Found | None:
    """The one that was meant; where the words fit several, the form asks which."""
    if not form.organisation_meant:
        return None
    exact = [row for row in found if form.organisation_meant.casefold() in (row.label.casefold(), row.number)]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    message = _("Choose which one you mean") if found else _("We know no municipality by that name")
    form.refuse("organisation", message)
    return None


def read_form(form: RegistrationForm, run_id: int, organisation: Found) -> NewRegistration:
    return NewRegistration(
        run_id=run_id,
        name=form.name.data,
        email=form.email.data,
        organisation_id=organisation.id,
        form_token=form.form_token(visitor()),
        side=None if form.asks_union else Side(form.side.data),
        union_id=int(form.union.data) if form.asks_union else None,
        language=language_was_chosen(),
        asks=form.asks.data,
    )


def visitor() -> str:
    """A name for this browser session, known to nobody else: ties a form to who opened it."""
    if "visitor" not in session:
        session["visitor"] = secrets.token_urlsafe(18)
    return str(session["visitor"])


def list_dated_runs(event: Event) -> list[Run]:
    return [run for run in event.runs if run.precision in DATED and run.status is RunStatus.PLANNED]


def show_form(
    event: Event,
    form: RegistrationForm,
    organisations: list[Found],
    *,
    refused: Found | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """The form with what was typed; `organisations` are those it must choose among, `refused` the one not invited."""
    visitor()
    tx = db.session()
    runs = list_dated_runs(event)
    places = queries.count_places(tx, [run.id for run in runs])
    described = [labels.describe_run(event, run, places[run.id], today()) for run in runs]
    page = render_template(
        "registrations/new.html",
        event=event,
        title=texts.read(event.title, language()),
        form=form,
        runs=described,
        is_open=any(run["open"] for run in described),
        organisation_choices=[(row.label, row.label) for row in organisations],
        organisations=organisations,
        audience=name_clauses(event.clauses),
        unions=[(row.id, row.name) for row in list_unions(tx, confederation_of(event))] if event.asks_union else [],
        refusal=describe_refusal(event, refused) if refused else None,
        sides=[(side.value, label) for side, label in labels.SIDES.items()],
        errors=form.list_errors(),
    )
    return page, status


def confederation_of(event: Event) -> int:
    meant = [row for row in event.clauses if row.kind is ClauseKind.REPRESENTATIVES]
    return next((row.organisation_id for row in meant if row.organisation_id is not None), 0)


def today(timezone: str = "Europe/Oslo") -> date:
    return dates.to_local(clock.now(), timezone).date()


def describe_refusal(event: Event, organisation: Found) -> dict[str, Any]:
    """Why the event is not for this organisation, which cohort it is in, and what is for that one."""
    memberships = list_memberships(db.session(), organisation.id, on=today())
    matching = queries.list_matching_events(db.session(), event, organisation_id=organisation.id, on=today())
    return {
        "organisation": organisation.label,
        "cohorts": [texts.read(cohort.name, language()).value for cohort in memberships.cohorts],
        "events": [(url_for("site.event", slug=row.slug), texts.read(row.title, language()).value) for row in matching],
    }


@blueprint.get("/events/<slug>/eligibility")
@access(Access.PUBLIC)
def eligibility(slug: str) -> str:
    """A fragment for the form: whether the event is for the organisation just chosen, said at once."""
    event = find_event(slug)
    found = (
        find_by_label(db.session(), request.args.get("organisation", "")) if request.args.get("organisation") else []
    )
    organisation = found[0] if len(found) == 1 else None
    meant = organisation is None or event.asks_union or is_for(db.session(), event.id, organisation.id, today())
    return render_template(
        "registrations/_eligibility.html",
        refusal=None if meant or organisation is None else describe_refusal(event, organisation),
        meant=organisation.label if meant and organisation and not event.asks_union else None,
        asks=False,
    )


@blueprint.get("/events/<slug>/registrations/received")
@access(Access.PUBLIC)
def received(slug: str) -> str:
    """The neutral page for a name and address that have a registration already: it tells a stranger nothing."""
    event = find_event(slug)
    return render_template("registrations/received.html", event=event, title=texts.read(event.title, language()))


def link_token(registration: Any) -> str:
    return capability(Purpose.REGISTRATION, registration.public_id, registration.link_version)


def find_by_token(token: str) -> AnyRow:
    """The registration that the link opens. 404 for a link that never was, 410 for one that was replaced."""
    public_id = public_id_of(token) or abort(404)
    row = queries.find_registration(db.session(), public_id)
    if row is None or not check(token, Purpose.REGISTRATION, public_id, row.Registration.link_version):
        abort(404)
    return row


@blueprint.get("/registrations/<token>")
@access(Access.TOKEN)
def show(token: str) -> str:
    return show_registration(token, find_by_token(token), AddressForm())[0]


def show_registration(token: str, row: AnyRow, form: AddressForm, status: int = 200) -> tuple[str, int]:
    registration, run, event = row.Registration, row.Run, row.Event
    waiting = registration.state is State.WAITING
    first = run.first_on
    page = render_template(
        "registrations/show.html",
        token=token,
        registration=registration,
        event=event,
        title=texts.read(event.title, language()),
        run=run,
        venue=row.Venue,
        organiser=row.Organiser,
        organisation=row.organisation,
        when=name_run(run),
        times=name_times(run),
        state=labels.STATES[registration.state],
        state_kind=labels.STATE_KINDS[registration.state],
        side=labels.SIDES[registration.side] if registration.side else None,
        position=queries.find_position(db.session(), registration) if waiting else None,
        may_leave=registration.state in LEAVABLE and (first is None or today(run.timezone) < first),
        changes=[
            (dates.format_moment(dates.to_local(change.at, run.timezone), language()), labels.CHANGES[change.change])
            for change in queries.list_changes(db.session(), registration.id)
        ],
        form=form,
        errors=[("email", error) for error in form.email.errors],
        calendar_url=f"{current_app.config['BASE_URL']}{url_for('calendars.event', slug=event.slug)}",
    )
    return page, status


@blueprint.post("/registrations/<token>/cancellation")
@access(Access.TOKEN)
def cancel(token: str) -> Response:
    row = find_by_token(token)
    try:
        with transaction() as tx:
            registration = tx.merge(row.Registration)
            actions.cancel(tx, registration, actor=Actor.PARTICIPANT, now=clock.now())
        flash(_("You are no longer signed up. A receipt is on its way by e-mail."), "success")
    except CannotBeCancelled:
        flash(_("This registration cannot be cancelled now. Write to the organiser."), "warning")
    return redirect(url_for(".show", token=token), 303)


@blueprint.post("/registrations/<token>/email")
@access(Access.TOKEN)
def readdress(token: str) -> Response | tuple[str, int]:
    """Mends the address; the old link, which a stranger may have got, opens nothing afterwards."""
    row = find_by_token(token)
    form = AddressForm(request.form)
    if not form.validate():
        return show_registration(token, row, form, 422)
    try:
        with transaction() as tx:
            registration = tx.merge(row.Registration)
            actions.readdress(tx, registration, email=form.email.data, now=clock.now())
    except AddressIsTaken:
        form.refuse("email", _("This address cannot be used for this registration. Write to the organiser."))
        return show_registration(token, find_by_token(token), form, 422)
    flash(_("From now on your mail goes to %(email)s.", email=form.email.data), "success")
    return redirect(url_for(".show", token=link_token(registration)), 303)
