"""Calls: the list, and one with its figures and all that got it; those as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response as Page
from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.extensions import db
from eventsys.programmes.calls import labels, queries
from eventsys.programmes.calls.queries import Figures
from eventsys.programmes.calls.rules import (
    Standing,
)
from eventsys.programmes.grants.queries import list_own
from eventsys.programmes.models import Call, Programme
from eventsys.web import LANGUAGES, Access, access, language
from eventsys.workspace.calls.queries import Row, choose, count_standings, list_recipients
from eventsys.workspace.people_list.sheets import Table, write
from eventsys.workspace.views.call_frame import describe_call, own_call, stage_of
from eventsys.workspace.views.exports import TYPES
from eventsys.workspace.views.frame import account, blueprint, name_moment, today, words

Answer = Response | str | tuple[str, int]


@blueprint.get("/calls", endpoint="calls")
@access(Access.READER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    rows = queries.list_calls(session, organiser_id)
    figures = queries.describe_states(session, [call.id for call, _programme in rows])
    return render_template(
        "workspace/calls/calls.html",
        calls=[describe_row(call, programme, figures.get(call.id, Figures())) for call, programme in rows],
        has_programme=bool(rows) or bool(list_own(session, organiser_id)),
    )


def describe_row(call: Call, programme: Programme, figures: Figures) -> dict[str, Any]:
    stage = stage_of(call)
    return {
        "slug": call.slug,
        "title": labels.name_call(call),
        "programme": texts.read(programme.name, language()).value,
        "deadline": dates.format_short_moment(call.closes_local, language(), today=today()),
        "stage": labels.STAGES[stage],
        "kind": labels.STAGE_KINDS[stage],
        "figures": figures,
    }


# --- one call, and who got it ---------------------------------------------------------------------------------------


@blueprint.get("/calls/<slug>", endpoint="call")
@access(Access.READER)
def show(slug: str) -> str:
    session = db.session()
    call = own_call(session, slug)
    rows = list_recipients(session, call.id)
    chosen = {"standing": request.args.get("standing", ""), "county": words("county"), "q": words("q")}
    programme = session.get_one(Programme, call.programme_id)
    return render_template(
        "workspace/calls/call.html",
        **describe_call(call, "call"),
        programme=texts.read(programme.name, language()),
        sent=name_moment(call.sent_at),
        intakes=[labels.describe_intake(*one) for one in queries.list_intakes(session, call.id)],
        figures=list_figures(rows),
        total=len(rows),
        rows=[describe_recipient(row) for row in choose(rows, standing=chosen["standing"], county=chosen["county"],
                                                        words=chosen["q"])],
        chosen=chosen,
        standings=[("", _("All")), *((one.value, str(name)) for one, name in labels.STANDINGS.items())],
        counties=[("", _("All")), *((one, one) for one in sorted({row.county for row in rows if row.county}))],
        address={name: value for name, value in chosen.items() if value},
    )  # fmt: skip


def list_figures(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """How many stand where; what nobody stands at is left out, but for the ways an answer goes."""
    counted = count_standings(rows)
    always = (Standing.DELIVERED, Standing.OPENED, Standing.BEGUN, Standing.SENT, Standing.DECLINED)
    return [
        {"value": one.value, "name": name, "count": counted[one], "kind": labels.STANDING_KINDS[one]}
        for one, name in labels.STANDINGS.items()
        if counted[one] or one in always
    ]


def describe_recipient(row: Row) -> dict[str, Any]:
    return {
        "label": row.label,
        "number": row.number,
        "email": row.email,
        "language": LANGUAGES[row.language],
        "standing": labels.STANDINGS[row.standing],
        "kind": labels.STANDING_KINDS[row.standing],
        "at": name_moment(row.at),
        "words": row.words,
    }


@blueprint.get("/calls/<slug>/recipients.xlsx", endpoint="export_call")
@access(Access.ORGANISER)
def export_xlsx(slug: str) -> Page:
    return export(slug, "xlsx")


@blueprint.get("/calls/<slug>/recipients.csv", endpoint="export_call_csv")
@access(Access.ORGANISER)
def export_csv(slug: str) -> Page:
    return export(slug, "csv")


def export(slug: str, kind: str) -> Page:
    """The list that the address chooses, as a file."""
    session = db.session()
    call = own_call(session, slug)
    rows = choose(
        list_recipients(session, call.id), standing=request.args.get("standing", ""), county=words("county"),
        words=words("q"),
    )  # fmt: skip
    heading = [
        _("Number"), _("Organisation"), _("County"), _("Mailbox"), _("Language"), _("State"), _("When"), _("Word with a no"),
    ]  # fmt: skip
    cells = [
        [row.number, row.label, row.county, row.email, str(LANGUAGES[row.language]), str(labels.STANDINGS[row.standing]),
         name_moment(row.at), row.words]
        for row in rows
    ]  # fmt: skip
    title = labels.name_call(call).value
    content = write(kind, [Table(title, heading, cells)], title=title, now=clock.now())
    headers = {"Content-Disposition": f'attachment; filename="{call.slug}.{kind}"', "Cache-Control": "no-store"}
    return Page(content, mimetype=TYPES[kind], headers=headers)
