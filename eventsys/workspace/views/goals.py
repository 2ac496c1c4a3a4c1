"""The goals of a programme added up by focus area, with small numbers left out: a page to show others."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from eventsys.extensions import db
from eventsys.programmes.applications.labels import name_area
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.projects import labels, queries
from eventsys.programmes.projects.rules import Standing
from eventsys.web import Access, access
from eventsys.workspace.goals.rules import ALL, OneGoal, Summary, summarise
from eventsys.workspace.views.frame import blueprint
from eventsys.workspace.views.programme_parties import crumbs
from eventsys.workspace.views.programmes import own_programme


@blueprint.get("/programmes/<slug>/goals", endpoint="programme_goals")
@access(Access.READER)
def show(slug: str) -> str:
    session = db.session()
    programme = own_programme(session, slug)
    projects = {one.id: one for one in queries.list_of_programme(session, programme.id)}
    followed = queries.read_goals(session, projects)
    goals = [
        OneGoal(projects[project_id].area, one.facts, one.figures)
        for project_id, ones in followed.items()
        for one in ones
    ]
    summary = summarise(goals)
    return render_template(
        "workspace/programme_goals.html",
        crumbs=crumbs(programme),
        how_many=len(goals),
        organisations=len({one.organisation_id for one in projects.values()}),
        standings=[labels.name_standing(one) for one in Standing],
        rows=[describe_row(area, summary) for area in (*Area, ALL) if summary.counts[area][ALL] != 0],
    )


def describe_row(area: str, summary: Summary) -> dict[str, Any]:
    """A row of the table; None for a number that is left out."""
    counts, median = summary.counts[area], summary.medians[area]
    return {
        "is_all": area == ALL,
        "name": _("All areas") if area == ALL else name_area(Area(area)),
        "goals": counts[ALL],
        "standings": [(labels.name_standing(one), counts[one]) for one in Standing],
        "median": labels.tell_value(median, "%") if median is not None else None,
    }
