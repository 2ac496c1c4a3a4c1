"""The form of an event: what is typed in it, and what there is to choose from."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys.events.labels import PRECISIONS, ROLES, TYPES
from eventsys.events.models import Event
from eventsys.extensions import db
from eventsys.venues.queries import list_venues
from eventsys.workspace import audience, queries
from eventsys.workspace.forms import LANGUAGES, MOST_RUNS, Typed, count_rows, list_meant, write_day
from eventsys.workspace.views.frame import account, name_event, tabs


def type_event(event: Event, audiences: queries.Audiences) -> Typed:
    """The form as if somebody had typed the event as it is."""
    roles = [clause.role.value for clause in event.clauses if clause.role is not None]
    typed = Typed(
        {
            "type": event.type.value,
            "ordinal": str(event.ordinal or ""),
            "role": roles[0] if roles else "",
            "opens_on": write_day(event.opens_on),
            "closes_on": write_day(event.closes_on),
            **{f"title_{code}": event.title.get(code, "") for code in LANGUAGES},
            **{f"description_{code}": event.description.get(code, "") for code in LANGUAGES},
        }
    )
    typed.setlist("meant", audience.keys_of(event.clauses, audiences))
    return typed


def show_form(typed: Typed, errors: dict[str, str], event: Event | None) -> str:
    """The page of a new event, with its runs, or of one that is there, without them."""
    session = db.session()
    audiences = queries.list_audiences(session)
    return render_template(
        "workspace/event_form.html",
        typed=typed,
        meant=list_meant(typed),
        errors=errors,
        event=event,
        event_title=name_event(event) if event else None,
        tabs=tabs(event, "edit_event") if event else [],
        types=[(kind.value, label) for kind, label in TYPES.items()],
        roles=[("", _("Everybody there"))] + [(role.value, label) for role, label in ROLES.items()],
        options=audience.list_options(audiences),
        network_options=audience.list_network_options(audiences),
        rows=count_rows(typed),
        most_rows=MOST_RUNS,
        **run_choices(session),
    )


def run_choices(session: Session) -> dict[str, list[tuple[str, str]]]:
    """The choices in the row of a run."""
    venues = list_venues(session, account().organiser.id)
    return {
        "precisions": [(value.value, str(label)) for value, label in PRECISIONS.items()],
        "venues": [("", _("Not known yet"))] + [(venue.slug, venue.name) for venue in venues],
    }
