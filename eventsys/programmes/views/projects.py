"""A municipality's projects, behind the link of its contact: listed, made, also of an application, changed, ended."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.extensions import db, transaction
from eventsys.merging import Typed
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions.queries import find_contact
from eventsys.programmes.applications.labels import name_area
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.models import Programme, Project
from eventsys.programmes.projects import actions, forms, labels, queries
from eventsys.programmes.projects.actions import By
from eventsys.programmes.projects.rules import HasChanged, HasEnded, ProjectFacts
from eventsys.programmes.views.frame import blueprint
from eventsys.web import Access, access, language

BASE = "/organisations/<number>/contacts/<token>/projects"
ONE = f"{BASE}/<uuid:public_id>"
Answer = Response | str | tuple[str, int]


class Behind(NamedTuple):
    """Whom the link is of."""

    position: Position
    organisation: Organisation

    @property
    def by(self) -> By:
        return By(position_id=self.position.id)


def demand_contact(session: Session, number: str, token: str) -> Behind:
    """404 for no link, 410 for one that has ended."""
    row = find_contact(session, number, token, on=clock.today()) or abort(404)
    return Behind(row.Position, row.Organisation)


def demand_project(session: Session, behind: Behind, public_id: uuid.UUID, *, lock: bool = False) -> Project:
    """One of the organisation's own, or 404."""
    return queries.find_own(session, behind.organisation.id, public_id, lock=lock) or abort(404)


def describe_frame(behind: Behind, token: str, here: str = "", project: Project | None = None) -> dict[str, Any]:
    """What every page of a contact's projects needs."""
    at: dict[str, Any] = {"number": behind.organisation.address, "token": token}
    steps = [(url_for("registrations.contact_page", **at), behind.organisation.label)]
    steps.append((url_for(".projects", **at) if here else "", _("Projects and goals")))
    if project is not None:
        steps.append(
            (url_for(".project", **at, public_id=project.public_id) if here != project.name else "", project.name)
        )
    if here and (project is None or here != project.name):
        steps.append(("", here))
    return {"organisation": behind.organisation, "token": token, "at": at, "crumbs": steps, "project": project}


# --- the list -------------------------------------------------------------------------------------------------------


@blueprint.get(BASE, endpoint="projects")
@access(Access.TOKEN)
def show_all(number: str, token: str) -> str:
    session = db.session()
    behind = demand_contact(session, number, token)
    rows = queries.list_own(session, behind.organisation.id)
    goals = queries.read_goals(session, [row.id for row in rows])
    return render_template(
        "programmes/projects.html",
        **describe_frame(behind, token),
        cards=[(row.public_id, row.is_shared, labels.describe_card(row, goals[row.id])) for row in rows],
        admitted=[
            (row.Application.public_id, texts.read(row.Call.title, language()).value)
            for row in queries.list_admitted(session, behind.organisation.id)
        ],
        may_begin=bool(queries.list_programmes_of(session, behind.organisation.id, on=clock.today())),
    )


@blueprint.post(f"{BASE}/of-application/<uuid:application>", endpoint="make_projects_of_application")
@access(Access.TOKEN)
def make_of_application(number: str, token: str, application: uuid.UUID) -> Response:
    """The goals of an admitted application, as projects to follow; a second press finds them made."""
    with transaction() as session:
        behind = demand_contact(session, number, token)
        rows = queries.list_admitted(session, behind.organisation.id)
        found = next((row.Application for row in rows if row.Application.public_id == application), None)
        if found is not None:
            names = {area: name_area(area, found.own_area) for area in Area}
            actions.make_of_application(session, found, names, by=behind.by, now=clock.now())
            flash(_("The goals of the application are here now. Put in the figures as you get them."), "success")
    return redirect(url_for(".projects", number=number, token=token), 303)


# --- a new one, and what one says -----------------------------------------------------------------------------------


@blueprint.get(f"{BASE}/new", endpoint="new_project")
@access(Access.TOKEN)
def new(number: str, token: str) -> str:
    behind = demand_contact(db.session(), number, token)
    return show_form(behind, token, None, Typed({"is_shared": "1"}), {})[0]


@blueprint.post(BASE, endpoint="create_project")
@access(Access.TOKEN)
def create(number: str, token: str) -> Answer:
    reader = forms.Reader(Typed(request.form))
    facts = forms.read_project(reader)
    with transaction() as session:
        behind = demand_contact(session, number, token)
        programme = choose_programme(
            queries.list_programmes_of(session, behind.organisation.id, on=clock.today()), reader
        )
        if facts is None or programme is None:
            return show_form(behind, token, None, reader.typed, reader.errors, 422)
        made = actions.add_project(session, behind.organisation, programme, facts, by=behind.by, now=clock.now())
        public_id = made.public_id
    flash(_("The project is made. Say what you want to reach."), "success")
    return redirect(url_for(".project", number=number, token=token, public_id=public_id), 303)


def choose_programme(programmes: list[Programme], reader: forms.Reader) -> Programme | None:
    """The one that was chosen, or the only one that there is."""
    chosen = {one.slug: one for one in programmes}.get(reader.typed.get("programme", ""))
    if chosen is None and len(programmes) == 1:
        return programmes[0]
    if chosen is None:
        message = _("Choose a programme.") if programmes else _("You are in no programme today.")
        reader.errors["programme" if programmes else "name"] = message
    return chosen


def show_form(
    behind: Behind, token: str, project: Project | None, typed: Typed, errors: dict[str, str], status: int = 200
) -> tuple[str, int]:
    programmes = queries.list_programmes_of(db.session(), behind.organisation.id, on=clock.today())
    page = render_template(
        "programmes/project_form.html",
        **describe_frame(behind, token, _("Change") if project else _("New project"), project),
        typed=typed,
        errors=errors,
        areas=labels.list_areas(),
        programmes=[(one.slug, labels.name_programme(one)) for one in programmes],
    )
    return page, status


@blueprint.get(f"{ONE}/edit", endpoint="edit_project")
@access(Access.TOKEN)
def edit(number: str, token: str, public_id: uuid.UUID) -> str:
    session = db.session()
    behind = demand_contact(session, number, token)
    project = demand_project(session, behind, public_id)
    return show_form(behind, token, project, forms.type_project(actions.read_facts(project)), {})[0]


@blueprint.post(ONE, endpoint="update_project")
@access(Access.TOKEN)
def update(number: str, token: str, public_id: uuid.UUID) -> Answer:
    reader = forms.Reader(Typed(request.form))
    facts = forms.read_project(reader)
    try:
        with transaction() as session:
            behind = demand_contact(session, number, token)
            project = demand_project(session, behind, public_id, lock=True)
            if facts is None:
                return show_form(behind, token, project, reader.typed, reader.errors, 422)
            edition = read_edition()
            actions.change_project(session, project, facts, edition=edition, by=behind.by, now=clock.now())
    except HasChanged:
        return show_changed(number, token, public_id, facts, reader.typed)
    except HasEnded:
        flash(tell_ended(), "warning")
    else:
        flash(_("The changes are saved."), "success")
    return redirect(url_for(".project", number=number, token=token, public_id=public_id), 303)


def read_edition() -> int | None:
    text = request.form.get("edition", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def show_changed(
    number: str, token: str, public_id: uuid.UUID, _facts: ProjectFacts | None, typed: Typed
) -> tuple[str, int]:
    """What was typed, beside what somebody else saved meanwhile; saving again puts this in its place."""
    session = db.session()
    behind = demand_contact(session, number, token)
    project = demand_project(session, behind, public_id)
    now = forms.type_project(actions.read_facts(project))
    differs = {name: now[name] for name in now if typed.get(name, "").strip() != now[name] and name != "is_shared"}
    shown = {"area": name_area(project.area)}
    errors = {
        name: _(
            "A colleague has changed this to: %(words)s. Save again to keep yours.", words=shown.get(name, words) or "–"
        )
        for name, words in differs.items()
    }
    errors = errors or {"is_shared": _("A colleague has changed this meanwhile. Save again to keep yours.")}
    return show_form(behind, token, project, typed, errors, 409)


def tell_ended() -> str:
    return _("The project is over, and nothing is changed in it any more.")


# --- one ------------------------------------------------------------------------------------------------------------


@blueprint.get(ONE, endpoint="project")
@access(Access.TOKEN)
def show(number: str, token: str, public_id: uuid.UUID) -> str:
    session = db.session()
    behind = demand_contact(session, number, token)
    project = demand_project(session, behind, public_id)
    goals = queries.read_goals(session, [project.id])[project.id]
    changes = queries.list_changes(session, project.id)
    units = {one.facts.goal: one.facts.unit for one in goals}
    return render_template(
        "programmes/project.html",
        **describe_frame(behind, token, project.name, project),
        area=name_area(project.area),
        days=labels.tell_days(project),
        goals=[labels.describe_goal(one) for one in goals],
        changes=labels.describe_changes(changes, units, dates.TIMEZONE),
        may_write=project.ended_at is None,
    )


@blueprint.post(f"{ONE}/end", endpoint="end_project")
@access(Access.TOKEN)
def end(number: str, token: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        behind = demand_contact(session, number, token)
        project = demand_project(session, behind, public_id, lock=True)
        actions.end_project(session, project, by=behind.by, now=clock.now())
    flash(_("The project is over. Its goals and figures can be read still."), "success")
    return redirect(url_for(".project", number=number, token=token, public_id=public_id), 303)


# --- the networks ---------------------------------------------------------------------------------------------------


@blueprint.get(f"{BASE}/networks", endpoint="network_projects")
@access(Access.TOKEN)
def show_networks(number: str, token: str) -> str:
    """What the other members of the same networks share; nothing of it can be changed here."""
    session = db.session()
    behind = demand_contact(session, number, token)
    rows = queries.list_shared(session, behind.organisation.id, on=clock.today())
    goals = queries.read_goals(session, [row.project.id for row in rows])
    return render_template(
        "programmes/projects_network.html",
        **describe_frame(behind, token, _("In your networks")),
        rows=[(row, labels.describe_card(row.project, goals[row.project.id])) for row in rows],
    )


@blueprint.get(f"{BASE}/networks/<uuid:public_id>", endpoint="network_project")
@access(Access.TOKEN)
def show_shared(number: str, token: str, public_id: uuid.UUID) -> str:
    session = db.session()
    behind = demand_contact(session, number, token)
    row = queries.find_shared(session, behind.organisation.id, public_id, on=clock.today()) or abort(404)
    goals = queries.read_goals(session, [row.project.id])[row.project.id]
    return render_template(
        "programmes/project_shared.html",
        **describe_frame(behind, token, row.project.name),
        row=row,
        area=name_area(row.project.area),
        days=labels.tell_days(row.project),
        goals=[labels.describe_goal(one) for one in goals],
    )
