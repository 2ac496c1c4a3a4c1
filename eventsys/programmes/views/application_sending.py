"""What is missing is looked through, and the application sent, withdrawn, begun again or supplemented."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.programmes.applications import actions, labels, queries
from eventsys.programmes.applications.rules import (
    LONGEST_WORDS,
    MAY_WITHDRAW,
    ApplicationState,
    CannotBeDone,
    IsNotWhole,
    IsTooLate,
    list_missing,
)
from eventsys.programmes.applications.shown import describe
from eventsys.programmes.cases.links import application_path
from eventsys.programmes.views.application_files import put_up
from eventsys.programmes.views.application_frame import Page, describe_frame, open_own, show_read, tell_late
from eventsys.programmes.views.frame import blueprint
from eventsys.web import Access, access, language, takes_files


@blueprint.get("/applications/<token>/review")
@access(Access.TOKEN)
def review_application(token: str) -> Page:
    """All of it as it will be read, and what is missing."""
    return show_review(token)


def show_review(token: str, *, late: str = "", status: int = 200) -> Page:
    session = db.session()
    own = open_own(session, token)
    if own.application.state is not ApplicationState.DRAFT:
        return redirect(url_for(".application", token=token), 303)
    facts = queries.read_facts(session, own.application)
    page = render_template(
        "programmes/application_review.html",
        **describe_frame(token, own),
        said=describe(facts, language(), timezone=own.call.timezone),
        missing=labels.list_to_mend(list_missing(facts), facts),
        late=late,
    )
    return page, status


@blueprint.post("/applications/<token>/sending")
@access(Access.TOKEN)
def send_application(token: str) -> Page:
    """Once. The moment that counts is when the request came: writers wait for each other, and a punctual one stays so."""
    now = clock.now()
    try:
        with transaction() as session:
            own = open_own(session, token)
            actions.send(session, own.application, own.member, now=now)
    except IsTooLate as late:
        return show_review(token, late=tell_late(late.at, late.closes_at, own.call), status=409)
    except IsNotWhole:
        return show_review(token, status=409)
    return redirect(url_for(".application", token=token), 303)


@blueprint.get("/applications/<token>/withdrawal")
@access(Access.TOKEN)
def confirm_withdrawing(token: str) -> Page:
    own = open_own(db.session(), token)
    if own.application.state not in MAY_WITHDRAW:
        return redirect(url_for(".application", token=token), 303)
    return render_template("programmes/application_withdrawal.html", **describe_frame(token, own)), 200


@blueprint.post("/applications/<token>/withdrawal")
@access(Access.TOKEN)
def withdraw_application(token: str) -> Response:
    now = clock.now()
    try:
        with transaction() as session:
            own = open_own(session, token)
            actions.withdraw(session, own.application, own.member, now=now)
    except CannotBeDone:
        flash(_("It cannot be withdrawn here any more. Write to the organiser."), "warning")
    return redirect(url_for(".application", token=token), 303)


@blueprint.post("/applications/<token>/again")
@access(Access.TOKEN)
def apply_again(token: str) -> Page:
    """A new application with what the withdrawn one said."""
    now = clock.now()
    try:
        with transaction() as session:
            own = open_own(session, token)
            again = actions.begin_again(session, own.member, now=now)
    except IsTooLate as late:
        flash(tell_late(late.at, late.closes_at, own.call), "warning")
        return redirect(url_for(".application", token=token), 303)
    except CannotBeDone:
        return redirect(url_for(".application", token=token), 303)
    flash(_("This is a new application with what the other said. It is not sent yet."), "success")
    return redirect(application_path(again), 303)


@blueprint.post("/applications/<token>/supplement")
@access(Access.TOKEN)
@takes_files
def supplement_application(token: str) -> Page:
    """Words and files that were asked for, all or nothing."""
    now, words = clock.now(), request.form.get("words", "").replace("\r\n", "\n").strip()
    errors = {}
    if len(words) > LONGEST_WORDS:
        errors["words"] = _("At most %(most)s characters; this is %(length)s.", most=LONGEST_WORDS, length=len(words))
    try:
        with transaction() as session:
            own = open_own(session, token)
            if own.application.state is ApplicationState.SUPPLEMENT:
                errors |= put_up(session, own.application, now)
                if errors:
                    raise CannotBeDone
                actions.supplement(session, own.application, own.member, words=words, now=now)
    except IsNotWhole:
        errors["words"] = _("Write what you add, or choose a file.")
    except IsTooLate as late:
        errors["words"] = tell_late(late.at, late.closes_at, own.call)
    except CannotBeDone:
        pass
    if errors:
        return show_read(token, open_own(db.session(), token), words=words, errors=errors, status=422)
    return redirect(url_for(".application", token=token), 303)
