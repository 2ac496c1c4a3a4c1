"""A pasted list of organisations into a cohort or a network: each line is shown as it was understood, then all are placed
or none is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.programmes.actions import CohortIsFull, place_in_cohort, place_in_network
from eventsys.programmes.cohorts.queries import list_cohort_members, list_network_members
from eventsys.programmes.models import Cohort, Network, Programme
from eventsys.programmes.queries import count_taken
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.memberships.rows import Line, read_lines
from eventsys.workspace.registers.labels import name_day, tell_wrong
from eventsys.workspace.registers.queries.there import read_municipalities
from eventsys.workspace.views import cohorts, networks_pages
from eventsys.workspace.views.frame import blueprint, log, today
from eventsys.workspace.views.organisation import name
from eventsys.workspace.views.organisations import Answer
from eventsys.workspace.views.programme_parties import crumbs

Place = Cohort | Network
Find = Callable[[Session, str], tuple[Place, Programme]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A list as it was understood, and from which day it counts; `room` is what the cohort has left, None for all."""

    lines: Sequence[Line]
    from_on: date
    room: int | None

    @property
    def new(self) -> list[Line]:
        return [line for line in self.lines if line.known is not None and not line.already and not line.wrong]

    @property
    def wrong(self) -> int:
        return sum(bool(line.wrong) for line in self.lines)

    @property
    def too_many(self) -> int:
        return 0 if self.room is None else max(len(self.new) - self.room, 0)


@blueprint.get("/cohorts/<cohort>/additions", endpoint="paste_cohort")
@access(Access.ORGANISER)
def paste_cohort(cohort: str) -> str:
    return show_paste(*cohorts.find_own(db.session(), cohort), Typed(), {})


@blueprint.post("/cohorts/<cohort>/additions/check", endpoint="check_cohort_list")
@access(Access.ORGANISER)
def check_cohort(cohort: str) -> str | Answer:
    return check(cohorts.find_own, cohort)


@blueprint.post("/cohorts/<cohort>/additions", endpoint="add_to_cohort")
@access(Access.ORGANISER)
def add_to_cohort(cohort: str) -> Answer:
    return add(cohorts.find_own, cohort)


@blueprint.get("/networks/<network>/additions", endpoint="paste_network")
@access(Access.ORGANISER)
def paste_network(network: str) -> str:
    return show_paste(*networks_pages.find_own(db.session(), network), Typed(), {})


@blueprint.post("/networks/<network>/additions/check", endpoint="check_network_list")
@access(Access.ORGANISER)
def check_network(network: str) -> str | Answer:
    return check(networks_pages.find_own, network)


@blueprint.post("/networks/<network>/additions", endpoint="add_to_network")
@access(Access.ORGANISER)
def add_to_network(network: str) -> Answer:
    return add(networks_pages.find_own, network)


def check(find: Find, slug: str) -> str | Answer:
    """What each line was understood as; nothing is written."""
    session, reader = db.session(), Reader(Typed(request.form))
    place, programme = find(session, slug)
    checked = read(session, place, reader)
    if reader.errors or "change" in reader.typed:
        return show_paste(place, programme, reader.typed, reader.errors), 422 if reader.errors else 200
    return show_check(place, programme, checked, reader.typed)


def read(session: Session, place: Place, reader: Reader) -> Checked:
    from_on = reader.day("from_on") or today()
    lines = read_lines(reader.typed.get("text", ""), read_municipalities(session), list_there(session, place, from_on))
    if not lines:
        reader.errors["text"] = _("Paste some lines first.")
    room = None
    if isinstance(place, Cohort) and place.ceiling is not None:
        room = place.ceiling - count_taken(session, place.id, on=from_on)
    return Checked(lines, from_on, room)


def list_there(session: Session, place: Place, on: date) -> set[int]:
    rows = list_cohort_members if isinstance(place, Cohort) else list_network_members
    return {row.Organisation.id for row in rows(session, place.id, on=on)}


def add(find: Find, slug: str) -> Answer:
    """All of them in one transaction; where one is wrong or one too many, none."""
    reader, placed = Reader(Typed(request.form)), 0
    try:
        with transaction() as session:
            place, programme = find(session, slug)
            checked = read(session, place, reader)
            if not reader.errors and not checked.wrong:
                placed = put(session, place, checked)
    except CohortIsFull:
        placed = 0
        reader.errors["text"] = cohorts.tell_full(place.ceiling if isinstance(place, Cohort) else None)
    if reader.errors or checked.wrong:
        place, programme = find(db.session(), slug)
        checked = read(db.session(), place, Reader(reader.typed))
        if not checked.lines:
            return show_paste(place, programme, reader.typed, reader.errors), 422
        return show_check(place, programme, checked, reader.typed), 422
    flash(ngettext("%(num)d is placed there.", "%(num)d are placed there.", placed), "success")
    return redirect(address_of(place), 303)


def put(session: Session, place: Place, checked: Checked) -> int:
    """How many came in. Raises `CohortIsFull`."""
    for line in checked.new:
        assert line.known is not None
        at: dict[str, Any] = {"organisation_id": line.known.id, "from_on": checked.from_on}
        if isinstance(place, Cohort):
            place_in_cohort(session, cohort_id=place.id, **at)
        else:
            place_in_network(session, network_id=place.id, **at)
        kind = "cohort" if isinstance(place, Cohort) else "network"
        log(session, LogVerb.ADDED, kind, place.slug, line.known.label, after={"from_on": checked.from_on})
    return len(checked.new)


def address_of(place: Place, verb: str = "") -> str:
    """The page of a cohort or a network, or of its list to be pasted (`paste`), checked (`check`) or taken in (`add`)."""
    if isinstance(place, Cohort):
        endpoint = {"": "cohort", "paste": "paste_cohort", "check": "check_cohort_list", "add": "add_to_cohort"}[verb]
        return url_for(f".{endpoint}", cohort=place.slug)
    endpoint = {"": "network", "paste": "paste_network", "check": "check_network_list", "add": "add_to_network"}[verb]
    return url_for(f".{endpoint}", network=place.slug)


def describe(place: Place, programme: Programme) -> dict[str, Any]:
    title = place.name if isinstance(place, Network) else name(place.name)
    return {
        "crumbs": [*crumbs(programme), (address_of(place), title)],
        "title": title,
        "back": address_of(place),
        "check_url": address_of(place, "check"),
        "add_url": address_of(place, "add"),
    }


def show_paste(place: Place, programme: Programme, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/members_paste.html", **describe(place, programme), typed=typed, errors=errors
    )  # fmt: skip


def show_check(place: Place, programme: Programme, checked: Checked, typed: Typed) -> str:
    return render_template(
        "workspace/members_check.html",
        **describe(place, programme),
        typed=typed,
        lines=[describe_line(line) for line in checked.lines],
        wrong=checked.wrong,
        new=len(checked.new),
        already=sum(line.already and not line.wrong for line in checked.lines),
        full=cohorts.tell_full(place.ceiling) if checked.too_many and isinstance(place, Cohort) else "",
        from_on=name_day(checked.from_on),
    )


def describe_line(line: Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "words": line.words,
        "label": line.known.label if line.known else "",
        "organisation_number": line.known.number or "" if line.known else "",
        "wrong": [tell_wrong(one) for one in line.wrong],
        "already": line.already,
    }
