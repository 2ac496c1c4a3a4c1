"""An application's files and the document of it: put up with the form, opened, taken away."""

from __future__ import annotations

import io
import uuid
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys.extensions import db, transaction
from eventsys.files import FileIsEmpty, FileIsRefused, FileIsTooBig
from eventsys.programmes.applications import actions, queries
from eventsys.programmes.applications.pdf import make_application
from eventsys.programmes.applications.rules import MOST_FILES, CannotBeDone, FileKind, TooMany, from_json
from eventsys.programmes.models import Application
from eventsys.programmes.views.application_frame import Page, describe_frame, open_own
from eventsys.programmes.views.frame import blueprint, send_stored
from eventsys.web import Access, access, language

FIELDS = {"council_file": FileKind.COUNCIL, "attachments": FileKind.ATTACHMENT, "supplements": FileKind.SUPPLEMENT}


def put_up(session: Session, application: Application, now: datetime) -> dict[str, str]:
    """Keeps the files that came with the form; what is wrong with the others, by field. Raises `CannotBeDone`."""
    errors = {}
    for name, kind in FIELDS.items():
        for one in request.files.getlist(name):
            if not one.filename:
                continue
            try:
                actions.add_file(session, application, kind=kind, name=one.filename, content=one.read(), now=now)
            except (FileIsRefused, TooMany) as error:
                errors[name] = f"{one.filename}: {tell_refused(error)}"
    return errors


def tell_refused(error: FileIsRefused | TooMany) -> str:
    if isinstance(error, TooMany):
        return _("At most %(most)s files.", most=MOST_FILES)
    if isinstance(error, FileIsTooBig):
        return _("The file is too big: at most 20 MB.")
    if isinstance(error, FileIsEmpty):
        return _("The file is empty.")
    return _("Take a PDF, a Word, Excel, PowerPoint or ODT file, a JPEG or PNG picture, or plain text.")


@blueprint.get("/applications/<token>/files/<uuid:public_id>")
@access(Access.TOKEN)
def application_file(token: str, public_id: uuid.UUID) -> Response:
    own = open_own(db.session(), token)
    row = queries.find_file(db.session(), own.application.id, public_id) or abort(404)
    return send_stored(row.StoredFile)


@blueprint.get("/applications/<token>/files/<uuid:public_id>/removal")
@access(Access.TOKEN)
def confirm_removing_file(token: str, public_id: uuid.UUID) -> Page:
    own = open_own(db.session(), token)
    row = queries.find_file(db.session(), own.application.id, public_id) or abort(404)
    page = render_template(
        "programmes/application_file.html", **describe_frame(token, own), public_id=public_id, name=row.StoredFile.name
    )
    return page, 200


@blueprint.post("/applications/<token>/files/<uuid:public_id>/removal")
@access(Access.TOKEN)
def remove_application_file(token: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        own = open_own(session, token)
        row = queries.find_file(session, own.application.id, public_id)
        try:
            if row is not None:
                actions.remove_file(session, own.application, row.ApplicationFile)
                flash(_("The file is removed."), "success")
        except CannotBeDone:
            flash(_("The file was sent with the application, and stays."), "warning")
    return redirect(url_for(".application", token=token, _anchor="files"), 303)


@blueprint.get("/applications/<token>/application.pdf")
@access(Access.TOKEN)
def application_pdf(token: str) -> Response:
    """What was sent last, or the draft as it is now, in the language of the page."""
    own, session = open_own(db.session(), token), db.session()
    versions = queries.list_versions(session, own.application.id)
    if asked := request.args.get("version"):
        versions = [version for version in versions if str(version.number) == asked] or abort(404)
    facts = from_json(versions[-1].facts) if versions else queries.read_facts(session, own.application)
    at = versions[-1].at if versions else own.application.changed_at
    pdf = make_application(facts, language=language(), at=at, is_sent=bool(versions), timezone=own.call.timezone)
    answer = send_file(io.BytesIO(pdf), "application/pdf", download_name=f"{own.application.public_id}.pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer
