"""What the municipalities of the programme work with, for those who run it and for advisers of networks; only read."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import texts
from eventsys.extensions import db
from eventsys.programmes.applications.labels import name_area
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.projects import labels, queries
from eventsys.programmes.projects.queries import Choices, Sought
from eventsys.web import Access, access, language
from eventsys.workspace.views.frame import account, blueprint, page_number, today
from eventsys.workspace.views.organisations import address_of

PER_PAGE = 100


@blueprint.get("/projects", endpoint="projects")
@access(Access.READER)
def show_all() -> str:
    session = db.session()
    choices = queries.list_choices(session, account().organiser.id)
    sought, organiser_id = read_sought(choices), account().organiser.id
    count = queries.count_readable(session, organiser_id, sought, on=today())
    pages = -(-count // PER_PAGE)
    page = min(page_number(), max(pages, 1))
    rows = queries.list_readable(
        session, organiser_id, sought, on=today(), most=PER_PAGE, skipped=(page - 1) * PER_PAGE
    )  # fmt: skip
    return render_template(
        "workspace/projects.html",
        rows=describe_rows(session, rows),
        count=count,
        page=page,
        pages=pages,
        cohorts=[(one.slug, texts.read(one.name, language()).value) for one in choices.cohorts],
        networks=[(one.slug, one.name) for one in choices.networks],
        areas=labels.list_areas(),
        chosen={name: value for name in ("cohort", "network", "area") if (value := request.args.get(name, ""))},
    )


def read_sought(choices: Choices) -> Sought:
    """As the address says; a word that stands for nothing narrows nothing."""
    cohorts = {one.slug: one.id for one in choices.cohorts}
    networks = {one.slug: one.id for one in choices.networks}
    area = request.args.get("area", "")
    return Sought(
        cohorts.get(request.args.get("cohort", "")),
        networks.get(request.args.get("network", "")),
        Area(area) if area in set(Area) else None,
    )


def describe_rows(session: Session, rows: list[Any]) -> list[dict[str, Any]]:
    goals = queries.read_goals(session, [row.Project.id for row in rows])
    return [
        {
            "url": url_for(".project", public_id=row.Project.public_id),
            "organisation": row.Organisation.label,
            "card": labels.describe_card(row.Project, goals[row.Project.id]),
        }
        for row in rows
    ]


@blueprint.get("/projects/<uuid:public_id>", endpoint="project")
@access(Access.READER)
def show(public_id: uuid.UUID) -> str:
    session = db.session()
    row = queries.find_readable(session, account().organiser.id, public_id, on=today()) or abort(404)
    goals = queries.read_goals(session, [row.Project.id])[row.Project.id]
    changes = queries.list_changes(session, row.Project.id)
    units = {one.facts.goal: one.facts.unit for one in goals}
    return render_template(
        "workspace/project.html",
        project=row.Project,
        organisation=row.Organisation.label,
        organisation_url=address_of(row.Organisation),
        area=name_area(row.Project.area),
        days=labels.tell_days(row.Project),
        shared=_("Shared with its networks") if row.Project.is_shared else _("Not shared"),
        goals=[labels.describe_goal(one) for one in goals],
        changes=labels.describe_changes(changes, units, account().organiser.timezone),
    )
