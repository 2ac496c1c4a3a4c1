"""The letter of a call: written in each language, with its files, which stand on the call's page too, and copies."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.files import FileIsRefused
from eventsys.programmes.calls import actions
from eventsys.programmes.calls.rules import CallState
from eventsys.programmes.models import Call
from eventsys.web import Access, access, takes_files
from eventsys.workflows import copies, enclosures
from eventsys.workflows.cases import texts as letters
from eventsys.workflows.models import MailTemplate
from eventsys.workflows.texts.checks import KNOWN_OF_CASES
from eventsys.workflows.texts.rules import LANGUAGES, BadTexts, ChangedMeanwhile
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.mail.enclosed import tell_refused_file
from eventsys.workspace.mail.letter_form import tell_faults
from eventsys.workspace.texts.forms import fill, read_number, read_texts
from eventsys.workspace.texts.wording import LANGUAGES as LANGUAGE_NAMES
from eventsys.workspace.texts.wording import list_placeholders
from eventsys.workspace.views.call_form import name
from eventsys.workspace.views.call_frame import describe_call, own_call
from eventsys.workspace.views.enclosed_files import FileWasRefused, show_files, take_away
from eventsys.workspace.views.frame import account, blueprint, log

Answer = Response | tuple[str, int]
WHICH: letters.Which = "letter"


@blueprint.get("/calls/<slug>/letter", endpoint="call_letter")
@access(Access.ORGANISER)
def show(slug: str) -> str:
    session = db.session()
    call = own_call(session, slug)
    letter = letters.read_letter(session, call, WHICH)
    return show_page(call, fill(letter.texts), {}, opened_at=letter.number)


@blueprint.post("/calls/<slug>/letter", endpoint="save_call_letter")
@access(Access.ORGANISER)
def save(slug: str) -> Answer:
    """Letters that have gone out stay as they were; those that go later, and who looks again, get the new one."""
    call, typed = own_call(db.session(), slug), Typed(request.form)
    texts, opened_at = read_texts(typed), read_number(typed, "opened_at")
    if not texts:
        errors = {"subject_nb": _("Write the text in one language at least.")}
        return show_page(call, typed, errors, opened_at=opened_at), 422
    try:
        with transaction() as session:
            call = own_call(session, slug)
            before = letters.read_letter(session, call, WHICH)
            after = letters.write_letter(
                session, call, WHICH, texts, opened_at=opened_at, account_id=account().id, now=clock.now()
            )
            if after.number != before.number:
                log(session, LogVerb.CHANGED, "call", slug, name(call), {"letter": before.number},
                    {"letter": after.number})  # fmt: skip
    except BadTexts as bad:
        return show_page(call, typed, tell_faults(bad.faults), opened_at=opened_at), 422
    except ChangedMeanwhile as changed:
        errors = {
            "subject_nb": _(
                "Somebody else has changed it meanwhile. What you typed stands here: save again and it counts."
            )
        }
        return show_page(call, typed, errors, opened_at=changed.number), 409
    flash(_("The letter is saved."), "success")
    return redirect(url_for(".call_letter", slug=slug), 303)


def show_page(call: Call, typed: Typed, errors: Mapping[str, str], *, opened_at: int) -> str:
    session = db.session()
    template = letters.own_template(session, call, WHICH)
    where: dict[str, Any] = {"slug": call.slug}
    files = (
        show_files(
            session,
            (call.organiser_id, template.key),
            add=url_for(".add_call_file", **where),
            remove=lambda one: url_for(".remove_call_file", **where, public_id=one),
        )
        if template is not None
        else {}
    )
    return render_template(
        "workspace/calls/letter.html",
        **describe_call(call, "call_letter"),
        typed=typed,
        errors=errors,
        opened_at=opened_at,
        codes=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        by_law=letters.BY_LAW,
        placeholders=list_placeholders(KNOWN_OF_CASES),
        is_written=template is not None,
        is_open_to_change=call.state in (CallState.DRAFT, CallState.OPEN),
        partners=copies.list_partners(session, template.id) if template else [],
        most_copies=copies.MOST_COPIES,
        **files,
    )


# --- files and copies -------------------------------------------------------------------------------------------------


@blueprint.post("/calls/<slug>/files", endpoint="add_call_file")
@access(Access.ORGANISER)
@takes_files
def add_file(slug: str) -> Answer:
    """With the letter, and on the call's page."""
    try:
        with transaction() as session:
            call, template = find_letter(session, slug)
            names = put_up(session, call, template)
            log(session, LogVerb.CHANGED, "call", slug, name(call), {}, {"file": ", ".join(names)})
    except FileWasRefused as refused:
        return refuse(slug, Typed(), {"files": str(refused)})
    return back(slug)


def put_up(session: Session, call: Call, template: MailTemplate) -> list[str]:
    """Keeps the files that were chosen, all or none; their names. Raises `FileWasRefused`."""
    chosen = [one for one in request.files.getlist("files") if one.filename]
    if not chosen:
        raise FileWasRefused(_("Choose a file."))
    if len(chosen) > enclosures.MOST_FILES:
        raise FileWasRefused(tell_refused_file(enclosures.TooManyFiles()))
    names = []
    for one in chosen:
        content, now = one.read(), clock.now()
        try:
            kept = enclosures.add_file(session, template, name=one.filename or "", content=content, now=now)
        except (FileIsRefused, enclosures.TooManyFiles) as error:
            raise FileWasRefused(f"{one.filename}: {tell_refused_file(error)}") from error
        actions.add_paper(session, call, public_id=kept.public_id, name=kept.name, content=content, now=now)
        names.append(kept.name)
    return names


@blueprint.post("/calls/<slug>/files/<uuid:public_id>/removal", endpoint="remove_call_file")
@access(Access.ORGANISER)
def remove_file(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        call, template = find_letter(session, slug)
        gone = take_away(session, template, public_id)
        actions.remove_paper(session, call, public_id)
        log(session, LogVerb.CHANGED, "call", slug, name(call), {"file": gone}, {})
    return back(slug)


@blueprint.post("/calls/<slug>/copies", endpoint="add_call_copy")
@access(Access.ORGANISER)
def add_copy(slug: str) -> Answer:
    """A partner who gets the letter too. The address stands in no log."""
    reader = Reader(Typed(request.form))
    partner = reader.text("copy_name", most=200)
    email = reader.email("copy_email", required=_("Write an e-mail address."))
    if reader.errors:
        return refuse(slug, reader.typed, reader.errors)
    try:
        with transaction() as session:
            call, template = find_letter(session, slug)
            if copies.add_partner(session, template, name=partner, email=email):
                told = partner or email.rpartition("@")[2]
                log(session, LogVerb.CHANGED, "call", slug, name(call), {}, {"partner": told})
    except copies.TooManyCopies:
        most = _("At most %(most)s copies.", most=copies.MOST_COPIES)
        return refuse(slug, reader.typed, {"copy_email": most})
    return back(slug)


@blueprint.post("/calls/<slug>/copies/removal", endpoint="remove_call_copy")
@access(Access.ORGANISER)
def remove_copy(slug: str) -> Response:
    with transaction() as session:
        call, template = find_letter(session, slug)
        gone = copies.remove_partner(session, template, email=request.form.get("email", ""))
        if gone is not None:
            told = gone.name or gone.email.rpartition("@")[2]
            log(session, LogVerb.CHANGED, "call", slug, name(call), {"partner": told}, {})
    return back(slug)


def find_letter(session: Session, slug: str) -> tuple[Call, MailTemplate]:
    """The call with its letter; 404 before it is written, as there is no form for it."""
    call = own_call(session, slug)
    return call, letters.own_template(session, call, WHICH) or abort(404)


def refuse(slug: str, typed: Typed, errors: Mapping[str, str]) -> tuple[str, int]:
    session = db.session()
    call = own_call(session, slug)
    letter = letters.read_letter(session, call, WHICH)
    written = fill(letter.texts)
    for field in ("copy_name", "copy_email"):
        written[field] = typed.get(field, "")
    return show_page(call, written, errors, opened_at=letter.number), 422


def back(slug: str) -> Response:
    flash(_("Saved."), "success")
    return redirect(url_for(".call_letter", slug=slug), 303)
