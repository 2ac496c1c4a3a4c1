"""A contact asks for a visit, chooses one of the times that are offered, asks no more, or calls it off."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.extensions import AnyRow, db, transaction
from eventsys.organisations.positions.queries import find_contact
from eventsys.visits import actions, emails, labels, queries
from eventsys.visits.rules import (
    LONGEST_PLACE,
    LONGEST_WISH,
    LONGEST_WORDS,
    Ask,
    HasChanged,
    NotTheirs,
    TimeHasPassed,
    TimeIsTaken,
    TooMany,
)
from eventsys.visits.views.frame import blueprint
from eventsys.web import Access, access

BASE = "/organisations/<number>/contacts/<token>/visits"
ONE = f"{BASE}/<uuid:public_id>"
Answer = Response | str | tuple[str, int]


def demand_contact(session: Session, number: str, token: str) -> AnyRow:
    """A Position with its Organisation. 404 for no link, 410 for one that has ended."""
    return find_contact(session, number, token, on=clock.today()) or abort(404)


def demand_visit(session: Session, contact: AnyRow, public_id: uuid.UUID) -> AnyRow:
    """One that the organisation asked for, or 404."""
    return queries.find_own(session, contact.Organisation.id, public_id) or abort(404)


def describe_frame(contact: AnyRow, token: str, here: str = "") -> dict[str, Any]:
    """What every page of a contact's visits needs."""
    at: dict[str, Any] = {"number": contact.Organisation.number, "token": token}
    steps = [(url_for("registrations.contact_page", **at), contact.Organisation.label)]
    steps.append((url_for(".visits", **at) if here else "", _("Visits")))
    if here:
        steps.append(("", here))
    return {"organisation": contact.Organisation, "token": token, "at": at, "crumbs": steps}


@blueprint.get(BASE, endpoint="visits")
@access(Access.TOKEN)
def show_all(number: str, token: str) -> str:
    session = db.session()
    contact = demand_contact(session, number, token)
    return render_template(
        "visits/visits.html",
        **describe_frame(contact, token),
        visits=[labels.describe(row) for row in queries.list_own(session, contact.Organisation.id)],
        may_ask=bool(queries.list_choices(session, contact.Organisation.id, on=clock.today())),
    )


# --- asking ---------------------------------------------------------------------------------------------------------


@blueprint.get(f"{BASE}/new", endpoint="new_visit")
@access(Access.TOKEN)
def new(number: str, token: str) -> str:
    contact = demand_contact(db.session(), number, token)
    return show_form(contact, token, {"form_token": secrets.token_urlsafe(24)}, {})[0]


def show_form(
    contact: AnyRow, token: str, typed: dict[str, str], errors: dict[str, str], status: int = 200
) -> tuple[str, int]:
    choices = queries.list_choices(db.session(), contact.Organisation.id, on=clock.today())
    page = render_template(
        "visits/visit_form.html",
        **describe_frame(contact, token, _("Ask for a visit")),
        typed=typed,
        errors=errors,
        options=labels.list_options(choices),
    )
    return page, status


@blueprint.post(BASE, endpoint="ask_for_visit")
@access(Access.TOKEN)
def ask(number: str, token: str) -> Answer:
    typed, errors = read_form()
    refused = ""
    with transaction() as session:
        contact = demand_contact(session, number, token)
        choices = queries.list_choices(session, contact.Organisation.id, on=clock.today())
        choice = {labels.key_of(one): one for one in choices}.get(typed["who"])
        choice = choice or (choices[0] if len(choices) == 1 else None)
        if choice is None:
            errors["who"] = _("Choose who should come.") if choices else _("You are in no programme today.")
        if errors or choice is None:
            return show_form(contact, token, typed, errors, 422)
        asked = Ask(choice.kind, typed["wish"], typed["place"], typed["form_token"])
        try:
            visit, is_new = actions.ask(
                session, contact.Position, choice.programme, asked, on=clock.today(), now=clock.now()
            )  # fmt: skip
        except (TooMany, NotTheirs):
            refused = _("You wait for several visits already. Wait for an answer, or withdraw one.")
        else:
            if is_new:
                change = queries.list_changes(session, visit.id)[0].change
                path = url_for("workspace.visit", public_id=visit.public_id)
                emails.send_asked(session, visit, change, path=path, on=clock.today(), now=clock.now())
            public_id = visit.public_id
    if refused:
        contact = demand_contact(db.session(), number, token)
        return show_form(contact, token, typed, {"wish": refused}, 409)
    flash(_("You have asked for a visit. You get a mail when times are offered."), "success")
    return redirect(url_for(".visit", number=number, token=token, public_id=public_id), 303)


def read_form() -> tuple[dict[str, str], dict[str, str]]:
    """What was typed, and what is wrong with it."""
    typed = {name: request.form.get(name, "").strip() for name in ("who", "wish", "place", "form_token")}
    typed["place"], errors = " ".join(typed["place"].split()), {}
    if not typed["wish"]:
        errors["wish"] = _("Say what the visit is to be about.")
    for name, most in (("wish", LONGEST_WISH), ("place", LONGEST_PLACE)):
        if len(typed[name]) > most:
            errors[name] = _("At most %(most)s characters; this is %(length)s.", most=most, length=len(typed[name]))
    if not 0 < len(typed["form_token"]) <= 64:
        typed["form_token"] = secrets.token_urlsafe(24)
    return typed, errors


# --- one ------------------------------------------------------------------------------------------------------------


@blueprint.get(ONE, endpoint="visit")
@access(Access.TOKEN)
def show(number: str, token: str, public_id: uuid.UUID) -> str:
    contact = demand_contact(db.session(), number, token)
    return show_one(contact, token, public_id)[0]


def show_one(
    contact: AnyRow, token: str, public_id: uuid.UUID, errors: dict[str, str] | None = None, status: int = 200
) -> tuple[str, int]:
    session = db.session()
    row = demand_visit(session, contact, public_id)
    page = render_template(
        "visits/visit.html",
        **describe_frame(contact, token, labels.name_kind(row.Visit.kind)),
        visit=labels.describe(row),
        times=labels.describe_times(queries.list_times(session, row.Visit.id)),
        changes=labels.describe_changes(queries.list_changes(session, row.Visit.id), dates.TIMEZONE),
        errors=errors or {},
        typed=request.form,
    )
    return page, status


def to_visit(number: str, token: str, public_id: uuid.UUID) -> Response:
    return redirect(url_for(".visit", number=number, token=token, public_id=public_id), 303)


def tell_changed() -> str:
    return _("The visit has changed meanwhile. Here is how it stands now.")


@blueprint.post(f"{ONE}/choice", endpoint="accept_visit")
@access(Access.TOKEN)
def accept(number: str, token: str, public_id: uuid.UUID) -> Answer:
    """One of the times, or a word that none of them fits."""
    chosen = request.form.get("time", "")
    if chosen == "none":
        return ask_again(number, token, public_id)
    error, status = "", 409
    try:
        with transaction() as session:
            contact = demand_contact(session, number, token)
            visit = demand_visit(session, contact, public_id).Visit
            base_url = current_app.config["BASE_URL"]
            actions.accept(session, visit, uuid.UUID(chosen), contact.Position, base_url=base_url, now=clock.now())
    except ValueError:
        error, status = _("Choose a time."), 422
    except TimeIsTaken:
        error = _("Somebody else was quicker and has that time now. Choose another one.")
    except TimeHasPassed:
        error = _("That time has passed. Choose another one.")
    except HasChanged:
        error = tell_changed()
    if error:
        contact = demand_contact(db.session(), number, token)
        return show_one(contact, token, public_id, {"time": error}, status)
    flash(_("The visit is agreed. You get a mail that puts it into your calendar."), "success")
    return to_visit(number, token, public_id)


def ask_again(number: str, token: str, public_id: uuid.UUID) -> Answer:
    words = read_words()
    try:
        with transaction() as session:
            contact = demand_contact(session, number, token)
            visit = demand_visit(session, contact, public_id).Visit
            if not words:
                return show_one(contact, token, public_id, {"words": _("Say when it would suit you.")}, 422)
            change = actions.ask_again(session, visit, contact.Position, words=words, now=clock.now())
            path = url_for("workspace.visit", public_id=public_id)
            emails.send_asked(session, visit, change, path=path, on=clock.today(), now=clock.now())
    except HasChanged:
        flash(tell_changed(), "warning")
    else:
        flash(_("Other times are asked for. You get a mail when they are offered."), "success")
    return to_visit(number, token, public_id)


def read_words() -> str:
    return request.form.get("words", "").strip()[:LONGEST_WORDS]


@blueprint.post(f"{ONE}/withdrawal", endpoint="withdraw_visit")
@access(Access.TOKEN)
def withdraw(number: str, token: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            contact = demand_contact(session, number, token)
            visit = demand_visit(session, contact, public_id).Visit
            actions.withdraw(session, visit, contact.Position, now=clock.now())
    except HasChanged:
        flash(tell_changed(), "warning")
    else:
        flash(_("You ask for the visit no more."), "success")
    return to_visit(number, token, public_id)


@blueprint.post(f"{ONE}/cancellation", endpoint="cancel_visit")
@access(Access.TOKEN)
def cancel(number: str, token: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            contact = demand_contact(session, number, token)
            visit = demand_visit(session, contact, public_id).Visit
            actions.cancel(
                session, visit, position_id=contact.Position.id, words=read_words(),
                base_url=current_app.config["BASE_URL"], now=clock.now(),
            )  # fmt: skip
    except HasChanged:
        flash(tell_changed(), "warning")
    else:
        flash(_("The visit is called off. Both of you get a mail."), "success")
    return to_visit(number, token, public_id)
