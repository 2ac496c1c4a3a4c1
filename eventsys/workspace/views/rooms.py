"""One room of a place: new, corrected, moved in the list, taken away; and the address of its calendar."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.calendars.rooms.links import feed_token
from eventsys.extensions import db, transaction
from eventsys.registrations.rules import TooSmall
from eventsys.venues import actions
from eventsys.venues.labels import LAYOUTS
from eventsys.venues.models import Room, Venue
from eventsys.venues.queries import find_room, list_rooms
from eventsys.venues.rules import NameIsTaken, RoomFacts
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.places.actions import RoomIsUsed, edit_room, remove_room
from eventsys.workspace.places.forms import read_room
from eventsys.workspace.views.frame import account, blueprint, log
from eventsys.workspace.views.told import tell_too_small
from eventsys.workspace.views.venues import find as find_place

Answer = Response | tuple[str, int]


@blueprint.get("/venues/<slug>/rooms/new", endpoint="new_room")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    return show_form(find_place(db.session(), slug), None, Typed(), {})


@blueprint.post("/venues/<slug>/rooms", endpoint="create_room")
@access(Access.ORGANISER)
def create(slug: str) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_room(reader)
    if not reader.errors:
        try:
            with transaction() as session:
                room = actions.add_room(session, find_place(session, slug), facts)
                note(session, LogVerb.ADDED, slug, room, after=describe(room))
            flash(_("The room is saved."), "success")
            return redirect(url_for(".venue", slug=slug), 303)
        except NameIsTaken:
            reader.errors["name"] = tell_taken_name()
    return show_form(find_place(db.session(), slug), None, reader.typed, reader.errors), 422


@blueprint.get("/venues/<slug>/rooms/<uuid:public_id>/edit", endpoint="edit_room")
@access(Access.ORGANISER)
def edit(slug: str, public_id: uuid.UUID) -> str:
    room = find(db.session(), slug, public_id)
    return show_form(room.venue, room, type_room(room), {})


@blueprint.post("/venues/<slug>/rooms/<uuid:public_id>", endpoint="update_room")
@access(Access.ORGANISER)
def update(slug: str, public_id: uuid.UUID) -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_room(reader)
    if not reader.errors:
        try:
            return save(slug, public_id, facts)
        except NameIsTaken:
            reader.errors["name"] = tell_taken_name()
        except TooSmall as error:
            reader.errors["capacity"] = tell_too_small(error)
    room = find(db.session(), slug, public_id)
    return show_form(room.venue, room, reader.typed, reader.errors), 422


def save(slug: str, public_id: uuid.UUID, facts: RoomFacts) -> Response:
    with transaction() as session:
        room = find(session, slug, public_id)
        before = describe(room)
        edit_room(session, room, facts, now=clock.now())
        note(session, LogVerb.CHANGED, slug, room, before=before, after=describe(room))
    flash(_("The room is saved."), "success")
    return redirect(url_for(".venue", slug=slug), 303)


@blueprint.post("/venues/<slug>/rooms/<uuid:public_id>/position", endpoint="move_room")
@access(Access.ORGANISER)
def move(slug: str, public_id: uuid.UUID) -> Response:
    """One place up or down in the list of the place's rooms."""
    with transaction() as session:
        room = find(session, slug, public_id)
        rooms = list_rooms(session, account().organiser.id, venue_id=room.venue_id)
        before = [one.name for one in rooms]
        actions.move_room(session, rooms, room, by=1 if request.form.get("to") == "down" else -1)
        after = [one.name for one in sorted(rooms, key=lambda one: one.position)]
        note(session, LogVerb.CHANGED, slug, room, before={"rooms": before}, after={"rooms": after})
    return redirect(f"{url_for('.venue', slug=slug)}#room-{public_id}", 303)


@blueprint.post("/venues/<slug>/rooms/<uuid:public_id>/feed", endpoint="renew_room_feed")
@access(Access.ORGANISER)
def renew_feed(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        room = find(session, slug, public_id)
        before = {"feed": room.link_version}
        actions.renew_feed(session, room)
        note(session, LogVerb.CHANGED, slug, room, before=before, after={"feed": room.link_version})
    flash(_("The calendar has a new address. The old ones open nothing any more."), "success")
    return redirect(url_for(".edit_room", slug=slug, public_id=public_id), 303)


@blueprint.get("/venues/<slug>/rooms/<uuid:public_id>/removal", endpoint="confirm_remove_room")
@access(Access.ORGANISER)
def confirm_remove(slug: str, public_id: uuid.UUID) -> str:
    room = find(db.session(), slug, public_id)
    place = url_for(".venue", slug=slug)
    return render_template(
        "workspace/place_confirm.html",
        crumbs=[(url_for(".venues"), _("Places")), (place, room.venue.name)],
        title=_("Take away %(room)s?", room=room.name),
        text=_("The room is gone from the list for everybody. This cannot be undone."),
        button=_("Yes, take it away"),
        action=url_for(".remove_room", slug=slug, public_id=public_id),
        back=place,
    )


@blueprint.post("/venues/<slug>/rooms/<uuid:public_id>/removal", endpoint="remove_room")
@access(Access.ORGANISER)
def remove(slug: str, public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            room = find(session, slug, public_id)
            note(session, LogVerb.REMOVED, slug, room, before=describe(room))
            remove_room(session, room)
    except RoomIsUsed:
        flash(_("The room is used by an event, so it stays. Choose another room there first."), "warning")
        return redirect(url_for(".edit_room", slug=slug, public_id=public_id), 303)
    flash(_("The room is taken away."), "success")
    return redirect(url_for(".venue", slug=slug), 303)


def find(session: Session, slug: str, public_id: uuid.UUID) -> Room:
    room = find_room(session, public_id, organiser_id=account().organiser.id)
    return room if room is not None and room.venue.slug == slug else abort(404)


def note(session: Session, verb: LogVerb, slug: str, room: Room, **facts: Any) -> None:
    log(session, verb, "room", f"{slug}/{room.public_id}", room.name, **facts)


def tell_taken_name() -> str:
    return _("This place has a room of that name already.")


def type_room(room: Room) -> Typed:
    """The form as if somebody had typed the room as it is."""
    plain = {name: getattr(room, name) for name in ("name", "floor", "equipment", "access")}
    layouts = {f"layout_{row.layout.value}": str(row.capacity) for row in room.layouts}
    return Typed({**plain, **layouts, "capacity": str(room.capacity or "")})


def describe(room: Room) -> dict[str, Any]:
    """The room as the log keeps it."""
    return dict(type_room(room))


def show_form(venue: Venue, room: Room | None, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/room_form.html",
        venue=venue,
        room=room,
        typed=typed,
        errors=errors,
        layouts=[(f"layout_{layout.value}", label) for layout, label in LAYOUTS.items()],
        feed=feed_address(room) if room else "",
    )


def feed_address(room: Room) -> str:
    path = url_for("calendars.room", token=feed_token(room, account().organiser.id))
    return str(current_app.config["BASE_URL"]).rstrip("/") + path
