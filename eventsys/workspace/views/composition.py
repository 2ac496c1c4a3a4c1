"""Who the delegations of a programme are made of: totals of all its gatherings, never of one municipality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import texts
from eventsys.extensions import db
from eventsys.followup.labels import describe_sides
from eventsys.followup.rules.totals import hide_few
from eventsys.obligations import queries
from eventsys.obligations.composition import Whole, add_up, read_asked, read_seats
from eventsys.obligations.labels import name_days, name_gathering
from eventsys.obligations.rules import SIDES_ASKED
from eventsys.registrations.labels import SIDES
from eventsys.web import Access, access, language
from eventsys.workspace.views.frame import account, blueprint, today


@blueprint.get("/programmes/<slug>/composition", endpoint="composition")
@access(Access.READER)
def show(slug: str) -> str:
    session = db.session()
    programme = queries.find_programme(session, slug, organiser_id=account().organiser.id) if "\0" not in slug else None
    if programme is None:
        abort(404)
    whole = read_whole(session, programme.id)
    return render_template(
        "workspace/obligations/composition.html",
        programme=programme,
        name=texts.read(programme.name, language()),
        sides=describe_sides(dict(whole.sides), few_hidden=True),
        cohorts=describe_cohorts(session, programme.id, whole),
        gatherings=describe_gatherings(whole),
        side_names=[str(SIDES[side]) for side in SIDES_ASKED],
        delegations=tell_few(whole.delegations),
        complete=tell_few(whole.complete),
    )


def read_whole(session: Session, programme_id: int) -> Whole:
    """All members' seats at what they promised, whoever asks: totals tell of nobody."""
    obligations = queries.list_obligations(session, programme_ids=[programme_id])
    asked = read_asked(session, obligations, on=today())
    return add_up(asked, read_seats(session, asked))


def tell_few(number: int) -> str:
    """A total, or that it is too small to be told."""
    if not number:
        return "0"
    return str(number) if hide_few({"": number}).shown else _("fewer than five")


def describe_cohorts(session: Session, programme_id: int, whole: Whole) -> list[dict[str, Any]]:
    rows = list(queries.list_cohorts_of(session, [programme_id]).values())
    ids = [row.id for row in rows]
    sides = [tell_column({one: whole.by_cohort[one][side] for one in ids}) for side in SIDES_ASKED]
    delegations, complete = (
        tell_column({one: counts[one] for one in ids}) for counts in (whole.delegations_of, whole.complete_of)
    )
    return [
        {
            "name": texts.read(row.name, language()),
            "sides": [column[row.id] for column in sides],
            "delegations": delegations[row.id],
            "complete": complete[row.id],
        }
        for row in rows
    ]


def describe_gatherings(whole: Whole) -> list[dict[str, Any]]:
    ids = [one.event_id for one in whole.gatherings]
    sides = [tell_column({one: whole.by_gathering[one][side] for one in ids}) for side in SIDES_ASKED]
    return [
        {
            "title": name_gathering(one),
            "days": name_days(one),
            "sides": [column[one.event_id] for column in sides],
        }
        for one in whole.gatherings
    ]


def tell_column(counts: Mapping[int, int]) -> dict[int, str]:
    """Numbers below each other, so that no small one can be worked out from the rest and the sum."""
    shown = hide_few(counts).shown
    return {key: str(count) if key in shown or not count else _("few") for key, count in counts.items()}
