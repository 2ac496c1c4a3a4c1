"""The form of one session of a run, new or there already: how it is read and shown."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from eventsys import dates
from eventsys.events.labels import name_run
from eventsys.events.models import Event, EventSession, Run
from eventsys.events.programme.labels import CALLED, KINDS
from eventsys.events.programme.rules import SessionFacts
from eventsys.extensions import db
from eventsys.venues.models import Room
from eventsys.venues.queries import list_rooms
from eventsys.web import language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.programme.forms import (
    MOST_SPEAKERS,
    Frame,
    SessionEntry,
    count_speaker_lines,
    read_session,
    type_session,
)
from eventsys.workspace.programme.labels import list_fields, list_room_options
from eventsys.workspace.views import editing
from eventsys.workspace.views.frame import account, name_event, tabs


class SessionForm:
    """The form of one session of a run, new or there already: how it is read and shown."""

    def __init__(self, event: Event, run: Run, row: EventSession | None) -> None:
        self.event, self.run, self.row = event, run, row
        self.form = f"session.{row.public_id}" if row else f"session.new-{run.uid}"
        self.rooms: list[Room] = list_rooms(db.session(), account().organiser.id)

    def read(self, reader: Reader) -> SessionEntry | None:
        run = self.run
        rooms = {str(room.public_id): room.id for room in self.rooms}
        kind = reader.typed.get("kind")
        called = next((name for one, name in CALLED.items() if one == kind), {})
        frame = Frame(run.first_on, run.last_on, rooms, dates.format_span(
            run.precision, run.first_on, run.last_on, language()
        ))  # fmt: skip
        return read_session(reader, frame, called=called)

    def fields(self) -> editing.Fields:
        kinds = {kind.value: str(label) for kind, label in KINDS.items()}
        return list_fields(list_room_options(self.rooms, self.run.venue_id), kinds)

    def show_again(self, reader: Reader) -> str:
        return self.show(reader.typed, editing.again(self.form, reader.typed), reader.errors)

    def show(self, typed: Typed, state: dict[str, Any], errors: dict[str, str]) -> str:
        slug, row = self.event.slug, self.row
        if row is not None:
            action = url_for(".update_event_session", slug=slug, public_id=row.public_id)
            here = url_for(".edit_event_session", slug=slug, public_id=row.public_id)
        else:
            action = url_for(".create_event_session", slug=slug, uid=self.run.uid)
            here = url_for(".new_event_session", slug=slug, uid=self.run.uid)
        return render_template(
            "workspace/event_session_form.html",
            event=self.event,
            event_title=name_event(self.event),
            tabs=tabs(self.event, "programme"),
            run_name=name_run(self.run),
            row=row,
            kinds=[(kind.value, str(label)) for kind, label in KINDS.items()],
            rooms=list_room_options(self.rooms, self.run.venue_id),
            lines=count_speaker_lines(typed),
            most_lines=MOST_SPEAKERS,
            needs_day=self.run.first_on is not None,
            typed=typed,
            errors=errors,
            editing=state,
            action=action,
            here=here,
        )


def type_row(row: EventSession) -> Typed:
    facts = SessionFacts(
        row.title, row.description, row.starts_local, row.ends_local, row.place, row.capacity, row.chosen, row.kind,
        row.room_id,
    )  # fmt: skip
    speakers = [(speaker.name, speaker.affiliation) for speaker in row.speakers]
    return type_session(facts, speakers, str(row.room.public_id) if row.room else "")
