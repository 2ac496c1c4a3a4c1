"""One event for each network: which ones, what they are called, about when."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.copying.rules import widen
from eventsys.events.labels import PRECISIONS
from eventsys.events.rules import EventStatus, EventType, Precision
from eventsys.events.starting.rules import BEGINNINGS
from eventsys.extensions import db, transaction
from eventsys.web import Access, access
from eventsys.workspace.forms import LANGUAGES, Reader, Typed, read_titles
from eventsys.workspace.networks.actions import NAME, Begun, Wish, begin_for_networks
from eventsys.workspace.networks.queries import list_networks
from eventsys.workspace.views.event_form import CODES
from eventsys.workspace.views.frame import account, blueprint

KIND = EventType.NETWORK_GATHERING
ABOUT = (Precision.UNKNOWN, Precision.MONTH, Precision.SEASON, Precision.WEEK)


@blueprint.get("/events/new/networks", endpoint="new_network_events")
@access(Access.ORGANISER)
def new() -> str:
    typed = Typed({f"title_{code}": f"{text} {NAME}" for code, text in BEGINNINGS[KIND].title.items()})
    typed["precision"] = Precision.UNKNOWN.value
    typed.setlist("network", [line.network.slug for line in list_networks(db.session(), account().organiser.id)])
    return show_form(typed, {})


@blueprint.post("/events/new/networks", endpoint="create_network_events")
@access(Access.ORGANISER)
def create() -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    wish = read_wish(reader)
    chosen = set(reader.typed.getlist("network"))
    if not chosen:
        reader.errors["network"] = _("Choose one network at least.")
    if reader.errors:
        return show_form(reader.typed, reader.errors), 422
    with transaction() as session:
        lines = [line for line in list_networks(session, account().organiser.id) if line.network.slug in chosen]
        begun = begin_for_networks(
            session,
            lines,
            wish,
            organiser=account().organiser,
            path_of=lambda event: url_for(".event", slug=event.slug),
            base_url=current_app.config["BASE_URL"],
            account_id=account().id,
            now=clock.now(),
        )
    tell_begun(begun)
    return redirect(url_for(".events", status=EventStatus.DRAFT.value), 303)


def tell_begun(begun: list[Begun]) -> None:
    own = sum(one.owner.id == account().organiser.id for one in begun)
    if own:
        flash(ngettext("%(num)d draft is saved.", "%(num)d drafts are saved.", own), "success")
    others = sorted({one.owner.name for one in begun if one.owner.id != account().organiser.id})
    if others:
        flash(_("These advisers are told that a draft waits for them: %(names)s.", names=", ".join(others)), "success")


def read_wish(reader: Reader) -> Wish:
    titles = read_titles(reader)
    descriptions = {code: reader.prose(f"description_{code}", most=20_000) for code in LANGUAGES}
    precision = reader.choice("precision", Precision) or Precision.UNKNOWN
    span = None
    if precision is not Precision.UNKNOWN:
        day = reader.day("about_on", required=_("Write any day in the week, month or season."))
        span = (precision, *widen(precision, day, day)) if day else None
    return Wish(titles, {code: text for code, text in descriptions.items() if text}, span)


def show_form(typed: Typed, errors: dict[str, str]) -> str:
    lines = list_networks(db.session(), account().organiser.id)
    return render_template(
        "workspace/network_events.html",
        typed=typed,
        errors=errors,
        codes=CODES,
        marker=NAME,
        networks=[describe(line.network.slug, line.network.name, line.adviser) for line in lines],
        precisions=[(value.value, str(PRECISIONS[value])) for value in ABOUT],
    )


def describe(slug: str, name: str, adviser: Any) -> tuple[str, str, str]:
    """The choice of a network, and whose the draft becomes."""
    owner = adviser or account().organiser
    return slug, name, _("The draft is for %(organiser)s.", organiser=owner.name)
