"""The form of a material, new or there already: what there is to choose, how it is read and shown."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock, texts
from eventsys.events.labels import name_run
from eventsys.events.materials.labels import ACCESSES, KINDS, name_form
from eventsys.events.materials.rules import MaterialFacts
from eventsys.events.models import Event, EventSession, Material
from eventsys.events.programme.labels import name_time
from eventsys.events.programme.queries import list_programme
from eventsys.events.rules import ClauseKind, MaterialAccess, SessionKind
from eventsys.extensions import db
from eventsys.web import LANGUAGES, language
from eventsys.workflows.rules import Trigger
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.programme.material_forms import MaterialEntry, read_material, type_material
from eventsys.workspace.views.frame import account, name_event, tabs
from eventsys.workspace.views.programme import has_rule


def list_sessions(session: Session, event: Event) -> list[EventSession]:
    """Those that a paper may be of."""
    return [one for one in list_programme(session, event.id) if one.kind is SessionKind.SESSION]


def list_accesses(event: Event) -> list[MaterialAccess]:
    """Who may be chosen; a group only where the event is for one."""
    is_for_group = any(clause.kind is ClauseKind.GROUP for clause in event.clauses)
    return [one for one in MaterialAccess if one is not MaterialAccess.GROUP or is_for_group]


def read_form(reader: Reader, event: Event, session: Session) -> MaterialEntry | None:
    sessions = {str(one.public_id): one.id for one in list_sessions(session, event)}
    return read_material(
        reader, sessions=sessions, accesses=list_accesses(event), timezone=account().organiser.timezone, now=clock.now()
    )


def type_row(material: Material, sessions: list[EventSession]) -> Typed:
    facts = MaterialFacts(material.title, material.kind, material.access, material.language, material.session_id)
    key = next((str(one.public_id) for one in sessions if one.id == material.session_id), "")
    return type_material(
        facts, url=material.url or "", session=key, published_at=material.published_at,
        timezone=account().organiser.timezone, now=clock.now(),
    )  # fmt: skip


def name_session(one: EventSession, event: Event) -> str:
    """Its title and time; with the date's name where the event has several."""
    title = texts.read(one.title, language()).value
    run = next((run for run in event.runs if run.id == one.run_id), None)
    when = name_time(one) or (name_run(run) if run else "")
    return f"{title} ({when})" if when else title


def show_form(event: Event, material: Material | None, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    sessions = list_sessions(session, event)
    return render_template(
        "workspace/material_form.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "materials"),
        material=material,
        form=name_form(material) if material else "",
        kinds=[(kind.value, str(label)) for kind, label in KINDS.items()],
        accesses=[(one.value, str(ACCESSES[one]), tell_access(one)) for one in list_accesses(event)],
        sessions=[("", _("The whole event"))] + [(str(one.public_id), name_session(one, event)) for one in sessions],
        languages_of=[("", _("Not said")), *LANGUAGES.items()],
        has_rule=has_rule(session, event, Trigger.MATERIALS_PUBLISHED),
        typed=typed,
        errors=errors,
    )


def tell_access(one: MaterialAccess) -> str:
    return {
        MaterialAccess.EVERYBODY: _("On the event's page. Slides come among the talks too when the event is over."),
        MaterialAccess.PARTICIPANTS: _("Those who are signed up, behind their own link."),
        MaterialAccess.GROUP: _("Those of them who are in the group that the event is for."),
    }[one]


def describe_session_of(material: Material, sessions: list[EventSession], event: Event) -> str:
    return next((name_session(one, event) for one in sessions if one.id == material.session_id), "")


def describe(material: Material, sessions: list[EventSession], event: Event) -> dict[str, Any]:
    return {
        "public_id": material.public_id,
        "title": material.title,
        "kind": str(KINDS[material.kind]),
        "form": name_form(material),
        "session": describe_session_of(material, sessions, event),
        "access": str(ACCESSES[material.access]),
    }
