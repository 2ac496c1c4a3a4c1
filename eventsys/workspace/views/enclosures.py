"""The files that go with a one-off mail, and the partners who get a copy of it: while it is a draft."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.web import Access, access, takes_files
from eventsys.workflows import copies
from eventsys.workflows.models import MailTemplate
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.mail.mailings import Mailing, find_template
from eventsys.workspace.views.enclosed_files import FileWasRefused, put_up, show_files, take_away
from eventsys.workspace.views.frame import account, blueprint, log, name_event, own_event
from eventsys.workspace.views.mailings import find, too_late

Answer = Response | tuple[str, int]


@blueprint.get("/events/<slug>/mailings/<mailing>/enclosures", endpoint="mailing_enclosures")
@access(Access.ORGANISER)
def show(slug: str, mailing: str) -> str:
    return show_page(slug, mailing, Typed(), {})


@blueprint.post("/events/<slug>/mailings/<mailing>/files", endpoint="add_mailing_file")
@access(Access.ORGANISER)
@takes_files
def add_file(slug: str, mailing: str) -> Answer:
    try:
        with transaction() as session:
            found = draft(session, slug, mailing)
            if found is not None:
                names = put_up(session, found[1])
                log(session, LogVerb.CHANGED, "mailing", mailing, found[0].name, {}, {"file": ", ".join(names)})
    except FileWasRefused as refused:
        return show_page(slug, mailing, Typed(), {"files": str(refused)}), 422
    return back(slug, mailing) if found else too_late(slug, mailing)


@blueprint.post("/events/<slug>/mailings/<mailing>/files/<uuid:public_id>/removal", endpoint="remove_mailing_file")
@access(Access.ORGANISER)
def remove_file(slug: str, mailing: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        found = draft(session, slug, mailing)
        if found is not None:
            name = take_away(session, found[1], public_id)
            log(session, LogVerb.CHANGED, "mailing", mailing, found[0].name, {"file": name}, {})
    return back(slug, mailing) if found else too_late(slug, mailing)


@blueprint.post("/events/<slug>/mailings/<mailing>/copies", endpoint="add_mailing_copy")
@access(Access.ORGANISER)
def add_copy(slug: str, mailing: str) -> Answer:
    """The address stands in no log: it is erased with the event's mails."""
    reader = Reader(Typed(request.form))
    name = reader.text("copy_name", most=200)
    email = reader.email("copy_email", required=_("Write an e-mail address."))
    if reader.errors:
        return show_page(slug, mailing, reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            found = draft(session, slug, mailing)
            if found is not None and copies.add_partner(session, found[1], name=name, email=email):
                log(session, LogVerb.CHANGED, "mailing", mailing, found[0].name, {}, {"partner": call(name, email)})
    except copies.TooManyCopies:
        reader.errors["copy_email"] = _("At most %(most)s copies.", most=copies.MOST_COPIES)
        return show_page(slug, mailing, reader.typed, reader.errors), 422
    return back(slug, mailing) if found else too_late(slug, mailing)


@blueprint.post("/events/<slug>/mailings/<mailing>/copies/removal", endpoint="remove_mailing_copy")
@access(Access.ORGANISER)
def remove_copy(slug: str, mailing: str) -> Response:
    with transaction() as session:
        found = draft(session, slug, mailing)
        gone = copies.remove_partner(session, found[1], email=request.form.get("email", "")) if found else None
        if found is not None and gone is not None:
            log(session, LogVerb.CHANGED, "mailing", mailing, found[0].name, {"partner": call(*gone)}, {})
    return back(slug, mailing) if found else too_late(slug, mailing)


def call(name: str, email: str) -> str:
    """The partner's name, else where the address is."""
    return name or email.rpartition("@")[2]


def draft(session: Session, slug: str, mailing: str) -> tuple[Mailing, MailTemplate] | None:
    """The letter with its text, whose row is locked; None where it is no draft any more."""
    found = find(session, own_event(session, slug), mailing)
    template = find_template(session, found)
    session.refresh(found.rule)
    return (found, template) if found.is_draft else None


def back(slug: str, mailing: str) -> Response:
    flash(_("Saved."), "success")
    return redirect(url_for(".mailing_enclosures", slug=slug, mailing=mailing), 303)


def show_page(slug: str, mailing: str, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    event = own_event(session, slug)
    found = find(session, event, mailing)
    where: dict[str, Any] = {"slug": slug, "mailing": mailing}
    return render_template(
        "workspace/mailing_enclosures.html",
        event=event,
        event_title=name_event(event),
        mailing=found,
        partners=copies.list_partners(session, found.template_id),
        most_copies=copies.MOST_COPIES,
        typed=typed,
        errors=errors,
        **show_files(
            session,
            (account().organiser.id, found.rule.template),
            add=url_for(".add_mailing_file", **where),
            remove=lambda one: url_for(".remove_mailing_file", **where, public_id=one),
        ),
    )
