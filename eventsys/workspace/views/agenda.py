"""The agenda of a meeting: its items in order, one more, one changed, moved or taken away."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.events.meetings import actions, queries
from eventsys.events.meetings.labels import ITEM_KINDS
from eventsys.events.meetings.rules import MinutesAreApproved
from eventsys.events.models import Event, MeetingItem
from eventsys.extensions import db, transaction
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.meetings.forms import read_item
from eventsys.workspace.views.frame import blueprint, log, name_dates, name_event, own_event, tabs

Answer = Response | str | tuple[str, int]


@blueprint.get("/events/<slug>/agenda", endpoint="agenda")
@access(Access.READER)
def index(slug: str) -> str:
    return show(own_event(db.session(), slug), Typed(), {})


def show(event: Event, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/agenda.html",
        event=event,
        event_title=name_event(event),
        dates=name_dates(event),
        tabs=tabs(event, "agenda"),
        items=[describe(item) for item in queries.list_items(db.session(), event.id)],
        typed=typed,
        errors=errors,
        kinds=kind_options(),
    )


def kind_options() -> list[tuple[str, str]]:
    return [(value.value, str(label)) for value, label in ITEM_KINDS.items()]


def describe(item: MeetingItem) -> dict[str, Any]:
    return {
        "public_id": item.public_id,
        "kind": str(ITEM_KINDS[item.kind]),
        "title": item.title,
        "presenter": item.presenter,
        "text": item.text,
        "outcome": item.outcome,
    }


@blueprint.post("/events/<slug>/agenda", endpoint="add_agenda_item")
@access(Access.ORGANISER)
def add(slug: str) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_item(reader)
    if facts is None:
        return show(own_event(db.session(), slug), reader.typed, reader.errors), 422
    with transaction() as session:
        event = own_event(session, slug)
        item = actions.add_item(session, event, facts)
        note(session, LogVerb.ADDED, event, item, after={"title": item.title})
    flash(_("The item is on the agenda."), "success")
    return redirect(url_for(".agenda", slug=slug, _anchor=f"item-{item.public_id}"), 303)


def note(session: Session, verb: LogVerb, event: Event, item: MeetingItem, **more: Any) -> None:
    about = f"{item.title}, {name_event(event).value}"
    log(session, verb, "agenda_item", event.slug, about, about_people=True, **more)


def find_item(session: Session, event: Event, item: uuid.UUID) -> MeetingItem:
    return queries.find_item(session, event.id, item) or abort(404)


@blueprint.get("/events/<slug>/agenda/<uuid:item>/edit", endpoint="edit_agenda_item")
@access(Access.ORGANISER)
def edit(slug: str, item: uuid.UUID) -> str:
    event = own_event(db.session(), slug)
    row = find_item(db.session(), event, item)
    typed = Typed({"kind": row.kind.value, "title": row.title, "presenter": row.presenter, "text": row.text})
    return show_item(event, row, typed, {})


def show_item(event: Event, row: MeetingItem, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/agenda_item.html",
        event=event,
        event_title=name_event(event),
        item=row,
        typed=typed,
        errors=errors,
        kinds=kind_options(),
    )


@blueprint.post("/events/<slug>/agenda/<uuid:item>", endpoint="update_agenda_item")
@access(Access.ORGANISER)
def update(slug: str, item: uuid.UUID) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_item(reader)
    if facts is None:
        event = own_event(db.session(), slug)
        return show_item(event, find_item(db.session(), event, item), reader.typed, reader.errors), 422
    with transaction() as session:
        event = own_event(session, slug)
        row = find_item(session, event, item)
        before = fields_of(row)
        actions.edit_item(session, row, facts)
        note(session, LogVerb.CHANGED, event, row, before=before, after=fields_of(row))
    flash(_("The item is changed."), "success")
    return redirect(url_for(".agenda", slug=slug, _anchor=f"item-{item}"), 303)


def fields_of(row: MeetingItem) -> dict[str, Any]:
    return {"kind": row.kind, "title": row.title, "presenter": row.presenter, "text": row.text}


@blueprint.post("/events/<slug>/agenda/<uuid:item>/move", endpoint="move_agenda_item")
@access(Access.ORGANISER)
def move(slug: str, item: uuid.UUID) -> Response:
    with transaction() as session:
        event = own_event(session, slug)
        row = find_item(session, event, item)
        before = {"position": row.position + 1}
        actions.move_item(session, event, row, up=request.form.get("way") == "up")
        note(session, LogVerb.CHANGED, event, row, before=before, after={"position": row.position + 1})
    return redirect(url_for(".agenda", slug=slug, _anchor=f"item-{item}"), 303)


@blueprint.get("/events/<slug>/agenda/<uuid:item>/removal", endpoint="confirm_remove_agenda_item")
@access(Access.ORGANISER)
def confirm_remove(slug: str, item: uuid.UUID) -> str:
    event = own_event(db.session(), slug)
    row = find_item(db.session(), event, item)
    return render_template(
        "workspace/confirm.html",
        event=event,
        event_title=name_event(event),
        title=_("Take it off the agenda?"),
        text=row.title,
        facts=[],
        warning=_("What the minutes say of it goes too.") if row.outcome else "",
        button=_("Yes, take it off"),
        action=url_for(".remove_agenda_item", slug=slug, item=item),
        back=url_for(".agenda", slug=slug),
    )


@blueprint.post("/events/<slug>/agenda/<uuid:item>/removal", endpoint="remove_agenda_item")
@access(Access.ORGANISER)
def remove(slug: str, item: uuid.UUID) -> Response:
    """Off the agenda; a second press finds it gone."""
    try:
        with transaction() as session:
            event = own_event(session, slug)
            row = queries.find_item(session, event.id, item)
            if row is not None:
                note(session, LogVerb.REMOVED, event, row, before={"title": row.title})
                actions.remove_item(session, event, row)
    except MinutesAreApproved:
        flash(_("The minutes are approved. Open them again first."), "warning")
    else:
        flash(_("The item is off the agenda."), "success")
    return redirect(url_for(".agenda", slug=slug), 303)
