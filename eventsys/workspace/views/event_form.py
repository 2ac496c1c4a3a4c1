"""The form of an event: what is typed in it, and what there is to choose from."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys.events.labels import PRECISIONS, ROLES, TYPES
from eventsys.events.models import Event
from eventsys.events.series.queries import list_series
from eventsys.extensions import db
from eventsys.merging import Field
from eventsys.venues.labels import LAYOUTS
from eventsys.venues.queries import list_rooms, list_venues
from eventsys.workspace import audience, queries
from eventsys.workspace.forms import CLOSED, LANGUAGES, MEANT, MOST_RUNS, Typed, count_rows, list_meant, write_day
from eventsys.workspace.views.copying import list_series_options
from eventsys.workspace.views.editing import again
from eventsys.workspace.views.frame import account, name_event, tabs

NEW = "event.new"
CODES = (("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English"))


def form_of(event: Event) -> str:
    """What the form of an event is called where drafts are kept."""
    return f"event.{event.slug}"


def list_fields(audiences: queries.Audiences) -> dict[str, Field]:
    """Every field of the form by its name, as pages call it."""
    of_titles = {"nb": _("Title in bokmål"), "nn": _("Title in nynorsk"), "en": _("Title in English")}
    of_texts = {"nb": _("Description in bokmål"), "nn": _("Description in nynorsk"), "en": _("Description in English")}
    keys = audience.name_options(audiences)
    return {
        **{f"title_{code}": Field(of_titles[code]) for code in LANGUAGES},
        **{f"description_{code}": Field(of_texts[code], is_long=True) for code in LANGUAGES},
        "type": Field(_("Kind"), {kind.value: str(label) for kind, label in TYPES.items()}),
        "series": Field(_("Series"), dict(list_series_options(db.session()))),
        "ordinal": Field(_("Number in the series")),
        **{name: Field(_("It is for"), keys) for name in MEANT},
        "role": Field(_("Who there"), {role.value: str(label) for role, label in ROLES.items()}),
        "by_invitation": Field(
            _("Who may sign up"), {"1": _("Only those who are invited"), CLOSED: _("A closed meeting")}
        ),
        "opens_on": Field(_("Opens on")),
        "closes_on": Field(_("Closes after")),
    }


def type_event(event: Event, audiences: queries.Audiences) -> Typed:
    """The form as if somebody had typed the event as it is."""
    roles = [clause.role.value for clause in event.clauses if clause.role is not None]
    typed = Typed(
        {
            "type": event.type.value,
            "ordinal": str(event.ordinal or ""),
            "series": find_series_slug(event),
            "by_invitation": CLOSED if event.is_closed else "1" if event.by_invitation else "",
            "role": roles[0] if roles else "",
            "opens_on": write_day(event.opens_on),
            "closes_on": write_day(event.closes_on),
            **{f"title_{code}": event.title.get(code, "") for code in LANGUAGES},
            **{f"description_{code}": event.description.get(code, "") for code in LANGUAGES},
        }
    )
    keys = audience.keys_of(event.clauses, audiences)
    prefixes = {"group": "group", "union": "union", "network": "network"}
    for name in MEANT:
        typed.setlist(name, [key for key in keys if prefixes.get(key.partition(":")[0], "meant") == name])
    return typed


def tell_elsewhere() -> str:
    return _("That room is at another place. Choose a room of the place, or only the room.")


def find_series_slug(event: Event) -> str:
    lines = list_series(db.session(), event.organiser_id) if event.series_id else []
    return next((line.series.slug for line in lines if line.series.id == event.series_id), "")


def show_form(typed: Typed, errors: dict[str, str], event: Event | None, editing: dict[str, Any] | None = None) -> str:
    """The page of a new event, with its runs, or of one that is there, without them."""
    session = db.session()
    audiences = queries.list_audiences(session, account().organiser.id)
    return render_template(
        "workspace/event_form.html",
        typed=typed,
        meant=list_meant(typed),
        errors=errors,
        event=event,
        event_title=name_event(event) if event else None,
        tabs=tabs(event, "edit_event") if event else [],
        editing=editing or again(form_of(event) if event else NEW, typed),
        codes=CODES,
        types=[(kind.value, label) for kind, label in TYPES.items()],
        roles=[("", _("Everybody there"))] + [(role.value, label) for role, label in ROLES.items()],
        series=list_series_options(session),
        rows=count_rows(typed),
        most_rows=MOST_RUNS,
        **audience_choices(audiences),
        **run_choices(session),
    )


def audience_choices(audiences: queries.Audiences) -> dict[str, list[audience.Option]]:
    return {
        "options": audience.list_options(audiences),
        "group_options": audience.list_group_options(audiences),
        "union_options": audience.list_union_options(audiences),
        "network_options": audience.list_network_options(audiences),
    }


def run_choices(session: Session) -> dict[str, list[tuple[str, str]]]:
    """The choices in the row of a run."""
    venues = list_venues(session, account().organiser.id)
    rooms = list_rooms(session, account().organiser.id)
    return {
        "precisions": [(value.value, str(label)) for value, label in PRECISIONS.items()],
        "venues": [("", _("Not known yet"))] + [(venue.slug, venue.name) for venue in venues],
        "rooms": [("", _("No room chosen"))]
        + [(str(room.public_id), f"{room.venue.name}: {room.name}") for room in rooms],
        "layouts": [("", _("Not decided"))] + [(value.value, str(label)) for value, label in LAYOUTS.items()],
    }
