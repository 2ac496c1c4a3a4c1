"""The papers of an event and its sessions: put up, changed, shown now or later, taken away."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.events.materials import actions, queries
from eventsys.events.materials.answers import send_material
from eventsys.events.materials.labels import tell_refused
from eventsys.events.materials.rules import MaterialFacts, is_out
from eventsys.events.models import Event, EventChange, Material
from eventsys.extensions import db, transaction
from eventsys.files import FileIsRefused
from eventsys.web import Access, access, takes_files
from eventsys.workflows.rules import Trigger
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.programme.material_forms import LATER, NOT_YET, NOW, MaterialEntry
from eventsys.workspace.views import material_form as forms
from eventsys.workspace.views.frame import account, blueprint, log, name_event, name_moment, own_event, tabs
from eventsys.workspace.views.programme import has_rule

MOST_FILES = 20
File = tuple[str, bytes]


@blueprint.get("/events/<slug>/materials", endpoint="materials")
@access(Access.READER)
def index(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    sessions = forms.list_sessions(session, event)
    return render_template(
        "workspace/materials.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "materials"),
        materials=[
            {**forms.describe(one, sessions, event), **describe_state(one)}
            for one in queries.list_materials(session, event.id)
        ],
        has_rule=has_rule(session, event, Trigger.MATERIALS_PUBLISHED),
    )


def describe_state(material: Material) -> dict[str, str]:
    if material.published_at is None:
        return {"state": _("Not shown"), "state_kind": "warning"}
    if is_out(material.published_at, now=clock.now()):
        return {"state": _("Shown"), "state_kind": "success"}
    return {"state": _("Shown from %(at)s", at=name_moment(material.published_at)), "state_kind": "info"}


@blueprint.get("/events/<slug>/materials/new", endpoint="new_material")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    event = own_event(db.session(), slug)
    typed = Typed({"kind": "slides", "access": "participants", "when": NOW, "tells": "1"})
    typed["session"] = request.args.get("session", "")
    return forms.show_form(event, None, typed, {})


@blueprint.post("/events/<slug>/materials", endpoint="create_material")
@access(Access.ORGANISER)
@takes_files
def create(slug: str) -> Response | tuple[str, int]:
    """Several files are several materials, each called by its file's name; what is refused keeps all of them out."""
    event, reader = own_event(db.session(), slug), Reader(Typed(request.form))
    entry, found = forms.read_form(reader, event, db.session()), read_files(reader)
    if entry is not None and not found and entry.url is None and not reader.errors:
        reader.errors["files"] = _("Choose a file, or write a web address.")
    if entry is None or reader.errors:
        return forms.show_form(event, None, reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            event = own_event(session, slug)
            made = [add_one(session, event, entry, file, several=len(found) > 1) for file in (found or (None,))]
            show_from(session, event, made, entry)
    except FileIsRefused as error:
        reader.errors["files"] = tell_refused(error)
        return forms.show_form(own_event(db.session(), slug), None, reader.typed, reader.errors), 422
    flash(ngettext("%(num)d paper is put up.", "%(num)d papers are put up.", len(made)), "success")
    return back(slug)


def read_files(reader: Reader) -> list[File]:
    """What was chosen; a field without a file is sent too, without a name."""
    chosen = [one for one in request.files.getlist("files") if one.filename][: MOST_FILES + 1]
    if len(chosen) > MOST_FILES:
        reader.errors["files"] = _("At most %(most)s at a time.", most=MOST_FILES)
        return []
    if chosen and reader.typed.get("url", "").strip():
        reader.errors["url"] = _("Choose a file or write a web address, not both.")
    return [(one.filename or "", one.read()) for one in chosen]


def add_one(session: Session, event: Event, entry: MaterialEntry, file: File | None, *, several: bool) -> Material:
    facts = entry.facts
    title = "" if several else facts.title
    name = title or (file[0].rpartition("/")[2].rpartition(".")[0] if file else entry.url or "")
    facts = MaterialFacts(name[:200], facts.kind, facts.access, facts.language, facts.session_id)
    url = None if file else entry.url
    material = actions.add_material(session, event, facts, file=file, url=url, account_id=account().id, now=clock.now())
    log(session, LogVerb.ADDED, "material", str(material.public_id), material.title, after=plain(material))
    return material


def show_from(session: Session, event: Event, materials: list[Material], entry: MaterialEntry) -> EventChange | None:
    """As the form says: now, from a moment on, or not yet."""
    if entry.when == NOT_YET:
        actions.withdraw(session, materials)
        return None
    at = entry.at if entry.when == LATER else None
    if at is not None:
        actions.withdraw(session, materials)
    return actions.publish(
        session, event, materials, at=at, tells=entry.tells, account_id=account().id, now=clock.now()
    )


@blueprint.get("/events/<slug>/materials/<uuid:public_id>/edit", endpoint="edit_material")
@access(Access.ORGANISER)
def edit(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    material = own_material(session, event, public_id)
    typed = forms.type_row(material, forms.list_sessions(session, event))
    typed["tells"] = "1"
    return forms.show_form(event, material, typed, {})


@blueprint.post("/events/<slug>/materials/<uuid:public_id>", endpoint="update_material")
@access(Access.ORGANISER)
@takes_files
def update(slug: str, public_id: uuid.UUID) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    event = own_event(db.session(), slug)
    material = own_material(db.session(), event, public_id)
    entry, found = forms.read_form(reader, event, db.session()), read_files(reader) if material.file else []
    if entry is not None and not entry.facts.title:
        reader.errors["title"] = _("Write what it is called.")
    if entry is not None and material.file is None and entry.url is None:
        reader.errors["url"] = _("Write a web address, beginning with https://.")
    if entry is None or reader.errors:
        return forms.show_form(event, material, reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            event = own_event(session, slug)
            save(session, event, own_material(session, event, public_id), entry, found)
    except FileIsRefused as error:
        event = own_event(db.session(), slug)
        material = own_material(db.session(), event, public_id)
        return forms.show_form(event, material, reader.typed, {"files": tell_refused(error)}), 422
    flash(_("The paper is saved."), "success")
    return back(slug)


def save(session: Session, event: Event, material: Material, entry: MaterialEntry, found: list[File]) -> None:
    before = plain(material)
    actions.change_material(session, material, entry.facts, url=entry.url)
    if found:
        name, content = found[0]
        actions.replace_file(session, material, name=name, content=content, now=clock.now())
    show_from(session, event, [material], entry)
    after = plain(material) | ({"file": found[0][0]} if found else {})
    log(session, LogVerb.CHANGED, "material", str(material.public_id), material.title, before=before, after=after)


@blueprint.post("/events/<slug>/materials/publication", endpoint="publish_materials")
@access(Access.ORGANISER)
def publish(slug: str) -> Response:
    """Shows those that are ticked, or shows them no more. What is shown already is not told of again."""
    chosen = set(request.form.getlist("material"))
    with transaction() as session:
        event = own_event(session, slug)
        rows = [one for one in queries.list_materials(session, event.id) if str(one.public_id) in chosen]
        before = {one.public_id: plain(one) for one in rows}
        if request.form.get("do") == "withdraw":
            actions.withdraw(session, rows)
        else:
            actions.publish(
                session, event, rows, tells="tells" in request.form, account_id=account().id, now=clock.now()
            )
        for one in rows:
            log(session, LogVerb.CHANGED, "material", str(one.public_id), one.title, before[one.public_id], plain(one))
    flash(_("Saved.") if rows else _("Tick the papers first."), "success" if rows else "warning")
    return back(slug)


@blueprint.get("/events/<slug>/materials/<uuid:public_id>", endpoint="material")
@access(Access.READER)
def show(slug: str, public_id: uuid.UUID) -> Response:
    """The organiser's own look at it, shown or not."""
    session = db.session()
    return send_material(own_material(session, own_event(session, slug), public_id))


@blueprint.get("/events/<slug>/materials/<uuid:public_id>/removal", endpoint="confirm_remove_material")
@access(Access.ORGANISER)
def confirm_remove(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    event = own_event(session, slug)
    material = own_material(session, event, public_id)
    return render_template(
        "workspace/confirm.html",
        event=event,
        event_title=name_event(event),
        title=_("Take the paper away?"),
        text=_("Links to it stop working. It cannot be undone."),
        facts=[material.title, describe_state(material)["state"]],
        warning="",
        button=_("Yes, take it away"),
        action=url_for(".remove_material", slug=slug, public_id=public_id),
        back=url_for(".materials", slug=slug),
    )


@blueprint.post("/events/<slug>/materials/<uuid:public_id>/removal", endpoint="remove_material")
@access(Access.ORGANISER)
def remove(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        material = own_material(session, own_event(session, slug), public_id)
        log(session, LogVerb.REMOVED, "material", str(material.public_id), material.title)
        actions.remove_material(session, material)
    flash(_("The paper is taken away."), "success")
    return back(slug)


def own_material(session: Session, event: Event, public_id: uuid.UUID) -> Material:
    return queries.find_material(session, event.id, public_id) or abort(404)


def plain(material: Material) -> dict[str, Any]:
    names = ("title", "kind", "access", "language", "url", "published_at")
    return {name: getattr(material, name) for name in names}


def back(slug: str) -> Response:
    return redirect(url_for(".materials", slug=slug), 303)
