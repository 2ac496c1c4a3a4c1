"""A call's public page, and the page of each that got it: we apply, or we do not. A GET changes nothing."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.extensions import db, transaction
from eventsys.organisers.models import Organiser
from eventsys.programmes.applications import actions as applications
from eventsys.programmes.applications.rules import IsTooLate, TooMany
from eventsys.programmes.calls import actions, labels, queries
from eventsys.programmes.calls.forms import Sent, read_contact, read_words
from eventsys.programmes.calls.queries import Opened
from eventsys.programmes.calls.rules import (
    MOST_ACTS_AN_HOUR,
    CannotBeAnswered,
    Stage,
    find_stage,
    list_whom,
)
from eventsys.programmes.cases.links import application_path
from eventsys.programmes.models import Call, CallRecipient, Programme
from eventsys.programmes.views.frame import blueprint, send_stored
from eventsys.web import Access, access, language, language_was_chosen

Page = Response | tuple[str, int]


# --- for anybody ------------------------------------------------------------------------------------------------------


@blueprint.get("/calls/<slug>")
@access(Access.PUBLIC)
def call(slug: str) -> str:
    """What is asked for, by when and of whom; nothing of who applies."""
    session = db.session()
    found = find_public(session, slug)
    programme = session.get_one(Programme, found.programme_id)
    organiser = session.get_one(Organiser, found.organiser_id)
    return render_template("programmes/call.html", **describe(session, found, programme, organiser))


@blueprint.get("/calls/<slug>/files/<uuid:public_id>")
@access(Access.PUBLIC)
def call_file(slug: str, public_id: uuid.UUID) -> Response:
    session = db.session()
    found = find_public(session, slug)
    file = queries.find_paper(session, found.id, public_id) or abort(404)
    return send_stored(file, cache_control="private, no-cache")


def find_public(session: Session, slug: str) -> Call:
    """One that has been sent; a draft is nobody's but its organiser's."""
    return queries.find_call(session, slug) or abort(404)


def describe(session: Session, found: Call, programme: Programme, organiser: Organiser) -> dict[str, Any]:
    """What both pages show of the call."""
    kinds, cohorts = list_whom(found.clauses)
    stage = find_stage(found.state, found.closes_at, clock.now())
    return {
        "call": found,
        "title": labels.name_call(found),
        "body": texts.read(found.body, language()),
        "programme": texts.read(programme.name, language()),
        "organiser": organiser,
        "deadline": labels.tell_deadline(found),
        "is_open": stage is Stage.OPEN,
        "shut": labels.tell_closed(stage, found),
        "whom": labels.tell_whom(kinds, queries.list_cohort_names(session, cohorts)),
        "intakes": [labels.describe_intake(*one) for one in queries.list_intakes(session, found.id)],
        "papers": [labels.describe_paper(one) for one in queries.list_papers(session, found.id)],
    }


# --- for who got it ---------------------------------------------------------------------------------------------------


@blueprint.get("/calls/<slug>/<token>")
@access(Access.TOKEN)
def call_of(slug: str, token: str) -> Page:
    return render(token, opened(db.session(), slug, token))


def opened(session: Session, slug: str, token: str) -> Opened:
    """What the link opens; 404 for a link that never was, 410 for one that was replaced."""
    return queries.find_open_recipient(session, slug, token) or abort(404)


def render(token: str, found: Opened, sent: Sent | None = None, status: int = 200) -> tuple[str, int]:
    """The page, with what was typed into a form of it that was refused."""
    session, sent = db.session(), sent or Sent()
    page = render_template(
        "programmes/call_own.html",
        token=token,
        recipient=found.recipient,
        organisation=found.organisation.label,
        application=found.application,
        begun=name_moment(found, "created_at"),
        handed_in=name_moment(found, "sent_at"),
        typed=sent.values,
        errors=sent.errors,
        **describe(session, found.call, found.programme, found.organiser),
    )
    return page, status


def name_moment(found: Opened, column: str) -> str:
    at = getattr(found.application, column, None)
    return labels.name_moment(at, found.call.timezone) if at else ""


@blueprint.post("/calls/<slug>/<token>/opened")
@access(Access.TOKEN)
def note_call_opened(slug: str, token: str) -> Response:
    """Sent by the page itself once it is on a screen: machines that fetch links in mails do not get so far."""
    with transaction() as session:
        actions.note_opened(session, opened(session, slug, token).recipient, now=clock.now())
    return Response(status=204)


@blueprint.post("/calls/<slug>/<token>/application")
@access(Access.TOKEN)
def begin_application(slug: str, token: str) -> Page:
    """We apply: who writes gets a link of their own by mail, which stands on the next page once too."""
    now = clock.now()
    sent = read_contact(request.form)
    if sent.errors:
        return render(token, opened(db.session(), slug, token), sent, 422)
    try:
        with transaction() as session:
            found = opened(session, slug, token)
            require_few(session, found.recipient)
            actions.note_opened(session, found.recipient, now=now)
            if found.recipient.declined_at is not None:
                actions.take_back_no(session, found.recipient, now=now)
            member = applications.begin(
                session, found.call, found.organisation.id, recipient=found.recipient, name=sent.values["name"],
                email=sent.values["email"], language=language_was_chosen() or found.recipient.language, now=now,
            )  # fmt: skip
            path = application_path(member)
    except (CannotBeAnswered, IsTooLate):
        return render(token, opened(db.session(), slug, token), sent, 409)
    except TooMany:
        refused = Sent(sent.values, {"email": _("So many write the application already. One of them can ask others.")})
        return render(token, opened(db.session(), slug, token), refused, 409)
    flash(tell_begun(path, sent.values["email"]), "success")
    return redirect(url_for(".call_of", slug=slug, token=token), 303)


def tell_begun(path: str, email: str) -> Markup:
    told = _("The link to the application has gone to %(email)s. Here it stands this once:", email=email)
    return escape(told) + Markup(' <a href="{}">{}</a>').format(path, _("Write the application"))


@blueprint.post("/calls/<slug>/<token>/refusal")
@access(Access.TOKEN)
def decline_call(slug: str, token: str) -> Page:
    """We do not apply, with a word or without."""
    sent = read_words(request.form)
    if sent.errors:
        return render(token, opened(db.session(), slug, token), sent, 422)
    try:
        with transaction() as session:
            recipient = opened(session, slug, token).recipient
            require_few(session, recipient)
            actions.say_no(session, recipient, words=sent.values["words"], now=clock.now())
    except CannotBeAnswered:
        return render(token, opened(db.session(), slug, token), sent, 409)
    flash(_("Thank you for saying so. You can change your mind until the deadline."), "success")
    return redirect(url_for(".call_of", slug=slug, token=token), 303)


@blueprint.post("/calls/<slug>/<token>/refusal/undoing")
@access(Access.TOKEN)
def regret_declining(slug: str, token: str) -> Page:
    try:
        with transaction() as session:
            recipient = opened(session, slug, token).recipient
            require_few(session, recipient)
            actions.take_back_no(session, recipient, now=clock.now())
    except CannotBeAnswered:
        return render(token, opened(db.session(), slug, token), status=409)
    flash(_("What you said is taken back."), "success")
    return redirect(url_for(".call_of", slug=slug, token=token), 303)


def require_few(session: Session, recipient: CallRecipient) -> None:
    """One link cannot flood mailboxes, nor the history."""
    if queries.count_answers(session, recipient, now=clock.now()) >= MOST_ACTS_AN_HOUR:
        raise TooManyRequests
