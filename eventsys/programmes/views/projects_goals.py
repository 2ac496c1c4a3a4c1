"""The goals of a municipality's project and their figures: written one by one, or pasted and looked at line by line."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.merging import Typed
from eventsys.programmes.models import Project, ProjectGoal
from eventsys.programmes.projects import actions, forms, labels, queries
from eventsys.programmes.projects.pasted import Line, read_lines
from eventsys.programmes.projects.queries import Followed
from eventsys.programmes.projects.rules import Figure, HasEnded, TooMany
from eventsys.programmes.views.frame import blueprint
from eventsys.programmes.views.projects import (
    ONE,
    Answer,
    Behind,
    demand_contact,
    demand_project,
    describe_frame,
    tell_ended,
)
from eventsys.web import Access, access

GOAL = f"{ONE}/goals/<uuid:goal>"
LONGEST_PASTE = 40_000


def to_project(number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID | None = None) -> Response:
    anchor = f"goal-{goal}" if goal else None
    return redirect(url_for(".project", number=number, token=token, public_id=public_id, _anchor=anchor), 303)


def demand_goal(session: Session, project: Project, goal: uuid.UUID) -> ProjectGoal:
    return queries.find_goal(session, project.id, goal) or abort(404)


# --- goals ----------------------------------------------------------------------------------------------------------


@blueprint.get(f"{ONE}/goals/new", endpoint="new_goal")
@access(Access.TOKEN)
def new(number: str, token: str, public_id: uuid.UUID) -> str:
    session = db.session()
    behind = demand_contact(session, number, token)
    project = demand_project(session, behind, public_id)
    return show_form(behind, token, project, None, Typed({"direction": "down"}), {})[0]


@blueprint.post(f"{ONE}/goals", endpoint="create_goal")
@access(Access.TOKEN)
def create(number: str, token: str, public_id: uuid.UUID) -> Answer:
    reader = forms.Reader(Typed(request.form))
    facts = forms.read_goal(reader)
    made = None
    try:
        with transaction() as session:
            behind = demand_contact(session, number, token)
            project = demand_project(session, behind, public_id, lock=True)
            if facts is None:
                return show_form(behind, token, project, None, reader.typed, reader.errors, 422)
            made = actions.add_goal(session, project, facts, by=behind.by, now=clock.now()).public_id
    except (HasEnded, TooMany) as refused:
        flash(tell_refused(refused), "warning")
    else:
        flash(_("The goal is saved."), "success")
    return to_project(number, token, public_id, made)


def tell_refused(refused: Exception) -> str:
    return tell_ended() if isinstance(refused, HasEnded) else _("There are too many already.")


def show_form(
    behind: Behind,
    token: str,
    project: Project,
    goal: ProjectGoal | None,
    typed: Typed,
    errors: dict[str, str],
    status: int = 200,
) -> tuple[str, int]:
    page = render_template(
        "programmes/project_goal_form.html",
        **describe_frame(behind, token, _("Change the goal") if goal else _("New goal"), project),
        goal=goal,
        typed=typed,
        errors=errors,
        directions=labels.list_directions(),
    )
    return page, status


@blueprint.get(f"{GOAL}/edit", endpoint="edit_goal")
@access(Access.TOKEN)
def edit(number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID) -> str:
    session = db.session()
    behind = demand_contact(session, number, token)
    project = demand_project(session, behind, public_id)
    row = demand_goal(session, project, goal)
    return show_form(behind, token, project, row, forms.type_goal(queries.facts_of(row)), {})[0]


@blueprint.post(GOAL, endpoint="update_goal")
@access(Access.TOKEN)
def update(number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID) -> Answer:
    reader = forms.Reader(Typed(request.form))
    facts = forms.read_goal(reader)
    try:
        with transaction() as session:
            behind = demand_contact(session, number, token)
            project = demand_project(session, behind, public_id, lock=True)
            row = demand_goal(session, project, goal)
            if facts is None:
                return show_form(behind, token, project, row, reader.typed, reader.errors, 422)
            actions.change_goal(session, project, row, facts, by=behind.by, now=clock.now())
    except HasEnded as refused:
        flash(tell_refused(refused), "warning")
    else:
        flash(_("The changes are saved."), "success")
    return to_project(number, token, public_id, goal)


@blueprint.post(f"{GOAL}/removal", endpoint="remove_goal")
@access(Access.TOKEN)
def remove(number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            behind = demand_contact(session, number, token)
            project = demand_project(session, behind, public_id, lock=True)
            row = queries.find_goal(session, project.id, goal)
            if row is not None and actions.remove_goal(session, project, row, by=behind.by, now=clock.now()):
                flash(_("The goal is removed."), "success")
    except HasEnded as refused:
        flash(tell_refused(refused), "warning")
    return to_project(number, token, public_id)


# --- figures --------------------------------------------------------------------------------------------------------


@blueprint.get(f"{GOAL}/figures", endpoint="goal_figures")
@access(Access.TOKEN)
def figures(number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID) -> str:
    session = db.session()
    behind = demand_contact(session, number, token)
    project = demand_project(session, behind, public_id)
    return show_figures(behind, token, project, demand_goal(session, project, goal), Typed(), {})[0]


def show_figures(
    behind: Behind,
    token: str,
    project: Project,
    row: ProjectGoal,
    typed: Typed,
    errors: dict[str, str],
    status: int = 200,
    lines: Sequence[Line] = (),
) -> tuple[str, int]:
    """The two ways to put figures in, and those that are there; of pasted lines first what each was read as."""
    known = queries.read_values(db.session(), row.id)
    found = [Figure(on, known[on]) for on in sorted(known)]
    rows = labels.describe_lines(lines, known, row.unit)
    page = render_template(
        "programmes/project_figures.html",
        **describe_frame(behind, token, _("Figures"), project),
        goal=labels.describe_goal(Followed(row, queries.facts_of(row), found)),
        typed=typed,
        errors=errors,
        lines=rows,
        good=sum(line.figure is not None for line in lines),
        wrong=sum(line.figure is None for line in lines),
        may_write=project.ended_at is None,
    )
    return page, status


@blueprint.post(f"{GOAL}/figures", endpoint="write_figure")
@access(Access.TOKEN)
def write_one(number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID) -> Answer:
    reader = forms.Reader(Typed(request.form))
    figure, source = forms.read_figure(reader), forms.read_source(reader)
    if reader.errors:
        return show_wrong(number, token, public_id, goal, reader)
    return write(number, token, public_id, goal, [figure] if figure else [], source)


def show_wrong(
    number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID, reader: forms.Reader, lines: Sequence[Line] = ()
) -> tuple[str, int]:
    session = db.session()
    behind = demand_contact(session, number, token)
    project = demand_project(session, behind, public_id)
    row = demand_goal(session, project, goal)
    return show_figures(behind, token, project, row, reader.typed, reader.errors, 422, lines)


def write(
    number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID, found: Sequence[Figure], source: str
) -> Response:
    try:
        with transaction() as session:
            behind = demand_contact(session, number, token)
            project = demand_project(session, behind, public_id, lock=True)
            row = demand_goal(session, project, goal)
            done = actions.write_figures(
                session, project, row, found, source=source, by=behind.by, now=clock.now()
            )  # fmt: skip
    except (HasEnded, TooMany) as refused:
        flash(tell_refused(refused), "warning")
    else:
        flash(labels.tell_written(done.new, len(done.corrected)), "success")
    return redirect(url_for(".goal_figures", number=number, token=token, public_id=public_id, goal=goal), 303)


@blueprint.post(f"{GOAL}/figures/check", endpoint="check_figures")
@access(Access.TOKEN)
def check(number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID) -> Answer:
    """What each pasted line is read as; nothing is written."""
    reader = forms.Reader(Typed(request.form))
    forms.read_source(reader)
    lines = read_pasted(reader)
    if reader.errors:
        return show_wrong(number, token, public_id, goal, reader, lines)
    session = db.session()
    behind = demand_contact(session, number, token)
    project = demand_project(session, behind, public_id)
    return show_figures(behind, token, project, demand_goal(session, project, goal), reader.typed, {}, lines=lines)


def read_pasted(reader: forms.Reader) -> list[Line]:
    text = reader.typed.get("lines", "")
    if not text.strip():
        reader.errors["lines"] = _("Paste a line for each figure: when, and how much.")
    if len(text) > LONGEST_PASTE:
        reader.errors["lines"] = _(
            "At most %(most)s characters; this is %(length)s.", most=LONGEST_PASTE, length=len(text)
        )  # fmt: skip
        return []
    return read_lines(text)


@blueprint.post(f"{GOAL}/figures/pasted", endpoint="write_pasted_figures")
@access(Access.TOKEN)
def write_pasted(number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID) -> Answer:
    """Writes the lines when every one of them can be read, or those that can where one said so."""
    reader = forms.Reader(Typed(request.form))
    source, lines = forms.read_source(reader), read_pasted(reader)
    found = list(dict.fromkeys(line.figure for line in lines if line.figure is not None))
    if not reader.errors and not found:
        reader.errors["lines"] = _("No line can be read as a figure.")
    if not reader.errors and "without" not in request.form and len([one for one in lines if one.figure is None]):
        reader.errors["lines"] = _("Some lines cannot be read. Mend them, or leave them out.")
    if reader.errors:
        return show_wrong(number, token, public_id, goal, reader, lines)
    return write(number, token, public_id, goal, found, source)


@blueprint.post(f"{GOAL}/figures/removal", endpoint="remove_figure")
@access(Access.TOKEN)
def remove_figure(number: str, token: str, public_id: uuid.UUID, goal: uuid.UUID) -> Response:
    try:
        on = date.fromisoformat(request.form.get("on", ""))
    except ValueError:
        abort(400)
    try:
        with transaction() as session:
            behind = demand_contact(session, number, token)
            project = demand_project(session, behind, public_id, lock=True)
            row = demand_goal(session, project, goal)
            if actions.remove_figure(session, project, row, on, by=behind.by, now=clock.now()):
                flash(_("The figure is taken away. The history tells that it was there."), "success")
    except HasEnded as refused:
        flash(tell_refused(refused), "warning")
    return redirect(url_for(".goal_figures", number=number, token=token, public_id=public_id, goal=goal), 303)
