"""The applications of a call as its assessors see them: the list, some beside each other, and the list as a file."""

from __future__ import annotations

from typing import Any

from flask import Response as Page
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.extensions import db, transaction
from eventsys.programmes.applications.shown import describe as describe_facts
from eventsys.programmes.calls.labels import name_call
from eventsys.programmes.intake import actions, queries
from eventsys.programmes.intake.labels import AREAS, SORTS, STATE_KINDS, STATES
from eventsys.programmes.intake.lists import Listed, Wanted, list_applications, narrow
from eventsys.programmes.intake.rules import MOST_BESIDE
from eventsys.web import Access, access, language
from eventsys.workspace.intake.forms import read_filters
from eventsys.workspace.intake.reading import Beside, read_several
from eventsys.workspace.intake.tables import list_in_full, list_in_public
from eventsys.workspace.people_list.sheets import write
from eventsys.workspace.views.call_frame import own_call
from eventsys.workspace.views.exports import TYPES
from eventsys.workspace.views.frame import account, blueprint, name_moment, page_number, read_id
from eventsys.workspace.views.intake_frame import assessed_call, file_url, name_intake, name_mean, show_frame

PER_PAGE = 100


@blueprint.get("/calls/<slug>/applications", endpoint="applications")
@access(Access.ORGANISER)
def index(slug: str) -> str | tuple[str, int]:
    """Somebody of the team who is no assessor is told how one becomes it, and sees nothing else."""
    session = db.session()
    call = own_call(session, slug)
    assessor = queries.find_assessor(session, call_id=call.id, account_id=account().id)
    if assessor is None:
        frame = show_frame(session, call, None, "applications")
        return render_template("workspace/intake/not_assessor.html", **frame), 403
    intakes = queries.list_intakes(session, call.id)
    filters = read_filters(request.args, [one.ordinal for one in intakes])
    every = list_applications(session, call_id=call.id, account_id=account().id)
    rows = narrow(every, filters.wanted)
    page = page_number()
    names = {one.ordinal: name_intake(one) for one in intakes}
    return render_template(
        "workspace/intake/applications.html",
        **show_frame(session, call, assessor, "applications"),
        rows=[describe(row, names) for row in rows[(page - 1) * PER_PAGE : page * PER_PAGE]],
        total=len(every),
        shown=len(rows),
        assessed=sum(row.mine is not None for row in every),
        chosen=filters.kept,
        page=page,
        pages=max(-(-len(rows) // PER_PAGE), 1),
        options=list_options(names),
        intakes=[(str(number), name) for number, name in names.items()],
    )


def describe(row: Listed, names: dict[int, str]) -> dict[str, Any]:
    return {
        "public_id": row.public_id,
        "label": row.label,
        "state": STATES[row.state],
        "kind": STATE_KINDS[row.state],
        "areas": [AREAS[area] for area in row.areas],
        "sent": name_moment(row.sent_at),
        "mine": row.mine,
        "mean": name_mean(row.mean),
        "assessed": row.assessed,
        "shortlisted": names.get(row.shortlisted or 0, ""),
        "case_number": row.case_number,
    }


def list_options(names: dict[int, str]) -> dict[str, list[tuple[str, str]]]:
    """What the list can be narrowed to and ordered by."""
    return {
        "state": [("", _("All")), *((one.value, str(label)) for one, label in STATES.items())],
        "area": [("", _("All")), *((one.value, str(label)) for one, label in AREAS.items())],
        "shortlisted": [
            ("", _("All")),
            *((str(number), name) for number, name in names.items()),
            ("0", _("On no shortlist")),
        ],
        "assessed": [("", _("All")), ("no", _("Those you have not assessed")), ("yes", _("Those you have assessed"))],
        "sort": [
            ("", str(next(iter(SORTS.values())))),
            *((one.value, str(name)) for one, name in [*SORTS.items()][1:]),
        ],
    }


@blueprint.post("/calls/<slug>/applications", endpoint="choose_applications")
@access(Access.ORGANISER)
def choose(slug: str) -> Response:
    """Those that were ticked are read beside each other, or set aside for an intake, or for none."""
    ids = [one for one in map(read_id, request.form.getlist("id")) if one is not None]
    kept = read_filters(request.form, range(1, 100)).kept
    call, _assessor = assessed_call(db.session(), slug)
    if not ids:
        flash(_("Tick the applications first."), "warning")
    elif request.form.get("do") == "beside":
        if not 2 <= len(ids) <= MOST_BESIDE:
            flash(_("Tick two, three or four to read them beside each other."), "warning")
        else:
            return redirect(url_for(".compare_applications", slug=call.slug, id=[str(one) for one in ids]), 303)
    else:
        with transaction() as session:
            changed = set_aside(session, slug, request.form.get("intake", ""))
        flash(
            ngettext("The shortlist is changed for %(num)d.", "The shortlist is changed for %(num)d.", changed),
            "success",
        )
    where: dict[str, Any] = {"slug": call.slug, **kept}
    return redirect(url_for(".applications", **where), 303)


def set_aside(session: Session, slug: str, chosen: str) -> int:
    call, _assessor = assessed_call(session, slug)
    intakes = {str(one.ordinal): one.id for one in queries.list_intakes(session, call.id)}
    if chosen != "0" and chosen not in intakes:
        abort(404)
    ids = [one for one in map(read_id, request.form.getlist("id")) if one is not None]
    found = queries.list_open(session, ids, call_id=call.id, account_id=account().id)
    return actions.shortlist(
        session, call, [application.id for application, _organisation in found], intake_id=intakes.get(chosen),
        account_id=account().id, now=clock.now(),
    )  # fmt: skip


@blueprint.get("/calls/<slug>/applications/side-by-side", endpoint="compare_applications")
@access(Access.ORGANISER)
def compare(slug: str) -> str:
    """Two, three or four beside each other; under each other where there is no room."""
    session = db.session()
    call, assessor = assessed_call(session, slug)
    ids = [one for one in map(read_id, request.args.getlist("id")) if one is not None][:MOST_BESIDE]
    found = queries.list_open(session, ids, call_id=call.id, account_id=account().id)
    return render_template(
        "workspace/intake/side_by_side.html",
        **show_frame(session, call, assessor, "applications"),
        columns=(
            columns := [
                describe_beside(call.slug, one) for one in read_several(session, found, account_id=account().id)
            ]
        ),
        headings=dict.fromkeys((part.key, part.title) for one in columns for part in one["parts"].values()),
        read_text=lambda text: texts.read(text, language()).value,
        criteria=queries.list_criteria(session, call.id),
    )


def describe_beside(slug: str, one: Beside) -> dict[str, Any]:
    public_id = one.application.public_id
    parts = describe_facts(one.sent.facts, language(), timezone=account().organiser.timezone)
    return {
        "label": one.organisation.label,
        "url": url_for(".application", slug=slug, public_id=public_id),
        "state": STATES[one.application.state],
        "kind": STATE_KINDS[one.application.state],
        "code": one.sent.facts.language,
        "parts": {part.key: part for part in parts},
        "points": one.points,
        "file_url": file_url(slug, public_id),
    }


# --- as a file ------------------------------------------------------------------------------------------------------


@blueprint.get("/calls/<slug>/applications.<any(xlsx, csv):kind>", endpoint="export_applications")
@access(Access.ORGANISER)
def export(slug: str, kind: str) -> Page:
    """What the list in the address shows in full; or in public, who applied and what came of it where that is decided."""
    session = db.session()
    call, _assessor = assessed_call(session, slug)
    intakes = queries.list_intakes(session, call.id)
    every = list_applications(session, call_id=call.id, account_id=account().id)
    is_public, public = request.args.get("grade") == "public", _("public")
    if is_public:
        table = list_in_public(narrow(every, Wanted()))
    else:
        wanted = read_filters(request.args, [one.ordinal for one in intakes]).wanted
        names = {one.ordinal: name_intake(one) for one in intakes}
        table = list_in_full(narrow(every, wanted), names, timezone=account().organiser.timezone)
    name = f"{call.slug}-{public}" if is_public else call.slug
    body = write(kind, [table], title=name_call(call).value, now=clock.now())
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Page(body, mimetype=TYPES[kind], headers=headers)
