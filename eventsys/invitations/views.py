"""An invitation's own page: sign up by it, say no, pass it on. A GET changes nothing, however many scanners open it."""

from __future__ import annotations

import functools
from typing import TypedDict

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events.queries import find_open_event
from eventsys.extensions import db, transaction
from eventsys.invitations import actions, labels
from eventsys.invitations.forms import read_colleague, read_words
from eventsys.invitations.models import Invitation
from eventsys.invitations.queries import Opened, find_open, list_facts
from eventsys.invitations.rules import (
    MAY_ANSWER,
    CannotBeAnswered,
    CannotBePassedOn,
    InvitationState,
    may_sign_up,
)
from eventsys.registrations import actions as registrations
from eventsys.registrations import links
from eventsys.registrations.own.rules import NOTHING, Typed
from eventsys.registrations.rules import NewDelegation, NewRegistration
from eventsys.registrations.signup import alone, several
from eventsys.registrations.signup.entrance import Entrance
from eventsys.registrations.signup.queries import list_choices
from eventsys.registrations.signup.several_page import load_sheet as load_for_several
from eventsys.registrations.signup.sheet import load_sheet
from eventsys.web import Access, access, language

blueprint = Blueprint("invitations", __name__)

Page = Response | tuple[str, int]


def opened(token: str) -> Opened:
    """What the link opens; 404 for a link that never was, 410 for one that was replaced."""
    return find_open(db.session(), token) or abort(404)


@blueprint.get("/invitations/<token>")
@access(Access.TOKEN)
def show(token: str) -> Page:
    return render(token, opened(token))


def render(token: str, found: Opened, typed: Typed = NOTHING, status: int = 200) -> tuple[str, int]:
    """The page, with what was typed into a form of it that was refused."""
    session = db.session()
    event = find_open_event(session, found.event.slug) or abort(404)
    today = dates.to_local(clock.now(), found.organiser.timezone).date()
    facts = list_facts(session, [found.invitation.id])[found.invitation.id]
    shut = labels.tell_shut(event, today)
    page = render_template(
        "invitations/show.html",
        token=token,
        invitation=found.invitation,
        event=event,
        organiser=found.organiser,
        organisation=found.organisation.label if found.organisation else "",
        title=texts.read(event.title, language()),
        description=texts.read(event.description, language()),
        dates=labels.tell_dates(event),
        closes=dates.format_day(event.closes_on, language()) if event.closes_on else "",
        held=labels.tell_held(facts),
        passed_by=facts.passed_by,
        answer=labels.tell_answer(found),
        shut=shut,
        seat=address_of_seat(found),
        may_sign_up=not shut and may_come(found),
        may_answer=found.invitation.state in MAY_ANSWER and event.status != "cancelled",
        is_mailbox=not is_person(found),
        typed=typed,
        errors=list(typed.errors),
    )
    return page, status


def may_come(found: Opened) -> bool:
    return may_sign_up(found.invitation.state, found.registration.state if found.registration else None)


def address_of_seat(found: Opened) -> str:
    """Where what was signed up is looked after, for who reads its address's mail; for anybody else nothing."""
    key = found.invitation.email_key
    if found.delegation is not None and found.delegation.email_key == key:
        return url_for("registrations.delegation", token=links.delegation_token(found.delegation))
    if found.registration is not None and found.registration.email_key == key:
        return url_for("registrations.show", token=links.registration_token(found.registration))
    return ""


@blueprint.post("/invitations/<token>/opened")
@access(Access.TOKEN)
def note_opened(token: str) -> Response:
    """Sent by the page itself once it is on a screen: machines that fetch links in mails do not get so far."""
    found = opened(token)
    with transaction() as session:
        actions.note_opened(session, session.get_one(Invitation, found.invitation.id), now=clock.now())
    return Response(status=204)


# --- yes --------------------------------------------------------------------------------------------------------------


def entrance(token: str, found: Opened) -> Entrance:
    """The way to the sign-up forms by this invitation."""
    return Entrance(
        slug=found.event.slug,
        alone=url_for(".new", token=token),
        post_alone=url_for(".create", token=token),
        several=url_for(".new_delegation", token=token),
        post_several=url_for(".create_delegation", token=token),
        register=functools.partial(register, found.invitation.id),
        register_delegation=functools.partial(register_delegation, found.invitation.id),
        is_invited=True,
    )


def register(invitation_id: int, asked: NewRegistration) -> registrations.Registered:
    with transaction() as session:
        return actions.sign_up(session, invitation_id, asked, now=clock.now())


def register_delegation(invitation_id: int, asked: NewDelegation) -> registrations.RegisteredDelegation:
    with transaction() as session:
        return actions.sign_up_several(session, invitation_id, asked, now=clock.now())


def to_page(token: str) -> Response:
    return redirect(url_for(".show", token=token, lang=request.args.get("lang")), 303)


@blueprint.get("/invitations/<token>/registrations/new")
@access(Access.TOKEN)
def new(token: str) -> Page:
    """The form for oneself, with what we know already."""
    found = opened(token)
    if not may_come(found):
        return to_page(token)
    email = found.invitation.email if is_person(found) else ""
    return alone.open_form(load_sheet(entrance(token, found)), email=email, **list_known(found))


def is_person(found: Opened) -> bool:
    """Whether somebody was invited by name; else it went to an official mailbox."""
    return found.invitation.person_id is not None


class Known(TypedDict):
    """What both forms begin with."""

    run: str
    organisation: str
    name: str


def list_known(found: Opened) -> Known:
    return {
        "run": request.args.get("run", ""),
        "organisation": found.organisation.label if found.organisation else "",
        "name": found.invitation.name if is_person(found) else "",
    }


@blueprint.get("/invitations/<token>/registrations")
@access(Access.TOKEN)
def reopen(token: str) -> Response:
    """Who loads the address again that a form was sent to, or changes the language there, gets the form."""
    opened(token)
    return redirect(url_for(".new", token=token, lang=request.args.get("lang")), 303)


@blueprint.post("/invitations/<token>/registrations")
@access(Access.TOKEN)
def create(token: str) -> Page:
    found = opened(token)
    return alone.send(
        entrance(token, found), list_choices(db.session(), found.event.slug, is_invited=True) or abort(404)
    )


@blueprint.get("/invitations/<token>/delegations/new")
@access(Access.TOKEN)
def new_delegation(token: str) -> Page:
    """The form for several, begun by the invited, who need not come themselves."""
    found = opened(token)
    way = entrance(token, found)
    if not may_come(found):
        return to_page(token)
    if found.event.asks_union:
        return several.lead_to_own(way)
    return several.open_form(load_for_several(way), email=found.invitation.email, **list_known(found))


@blueprint.get("/invitations/<token>/delegations")
@access(Access.TOKEN)
def reopen_delegation(token: str) -> Response:
    """As for the form for oneself."""
    opened(token)
    return redirect(url_for(".new_delegation", token=token, lang=request.args.get("lang")), 303)


@blueprint.post("/invitations/<token>/delegations")
@access(Access.TOKEN)
def create_delegation(token: str) -> Page:
    found = opened(token)
    way = entrance(token, found)
    if found.event.asks_union:
        return several.lead_to_own(way)
    return several.send(way, list_choices(db.session(), found.event.slug, is_invited=True) or abort(404))


# --- no, and somebody else ------------------------------------------------------------------------------------------


@blueprint.post("/invitations/<token>/refusal")
@access(Access.TOKEN)
def decline(token: str) -> Page:
    found = opened(token)
    words, typed = read_words(request.form)
    if typed.errors:
        return render(token, found, typed, 422)
    if found.invitation.state is InvitationState.DECLINED and words == found.invitation.words:
        return to_page(token)
    try:
        with transaction() as session:
            invitation = session.get_one(Invitation, found.invitation.id)
            actions.decline(session, invitation, words=words, now=clock.now())
    except CannotBeAnswered:
        return render(token, opened(token), status=409)
    flash(_("Thank you for saying so. The organiser sees your answer."), "success")
    return to_page(token)


@blueprint.post("/invitations/<token>/colleague")
@access(Access.TOKEN)
def pass_on(token: str) -> Page:
    found = opened(token)
    colleague, typed = read_colleague(request.form)
    if typed.errors:
        return render(token, found, typed, 422)
    try:
        with transaction() as session:
            invitation = session.get_one(Invitation, found.invitation.id)
            actions.pass_on(session, invitation, name=colleague.name, email=colleague.email, now=clock.now())
    except CannotBePassedOn:
        message = _("That is you. Write the name and the address of a colleague.")
        return render(token, found, Typed(typed.values, (("colleague_email", message),)), 422)
    except CannotBeAnswered:
        return to_page(token)
    flash(_("%(name)s gets the invitation by mail.", name=colleague.name), "success")
    return to_page(token)
