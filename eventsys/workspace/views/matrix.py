"""Who came to what they promised: the overview, its print and files, one municipality, and excuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Response as Page
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.documents import make_pdf
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.followup import matrix as overview
from eventsys.followup.matrix import Table
from eventsys.followup.rules.matrix import SORTS, Line, arrange
from eventsys.obligations import actions, excuses, queries
from eventsys.obligations.gatherings import Gathering
from eventsys.obligations.labels import (
    COLOURS,
    EXCUSES,
    STANDINGS,
    name_days,
    name_gathering,
    name_obligation,
    tell_cell,
    tell_kept,
    tell_state,
)
from eventsys.obligations.models import Obligation
from eventsys.obligations.queries import MayRead, Promise
from eventsys.obligations.rules import ExcuseState, Standing
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Programme
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.people_list import sheets
from eventsys.workspace.views.excuses import MOST_WORDS, note
from eventsys.workspace.views.exports import TYPES
from eventsys.workspace.views.frame import account, blueprint, today, words

Answer = Response | tuple[str, int]


class Shown(NamedTuple):
    """A programme's overview as the address asks for it."""

    programme: Programme
    table: Table
    lines: list[Line]
    chosen: dict[str, str]
    may: MayRead
    options: dict[str, list[tuple[str, str]]]


def name(of: Any) -> str:
    return texts.read(of, language()).value


def find_programme(session: Session, slug: str) -> Programme:
    found = None if "\0" in slug else queries.find_programme(session, slug, organiser_id=account().organiser.id)
    return found or abort(404)


def read(session: Session, slug: str) -> Shown:
    """Everybody whom one may read of, narrowed and sorted by the address."""
    programme, on = find_programme(session, slug), today()
    may = queries.read_scope(session, programme.id, organiser_id=account().organiser.id, on=on)
    cohorts = {row.slug: row for row in queries.list_cohorts_of(session, [programme.id]).values()}
    networks = {row.slug: row for row in queries.list_networks_of(session, programme.id)}
    chosen = {key: words(key) for key in ("cohort", "network", "standing", "sort")}
    cohort, network = cohorts.get(chosen["cohort"]), networks.get(chosen["network"])
    obligations = queries.list_obligations(
        session, programme_ids=[programme.id], cohort_ids=[cohort.id] if cohort is not None else None
    )
    promises = queries.list_cells(session, obligations, may=may, on=on)
    organisations = queries.list_organisations(session, {one for promise in promises for one in promise.rows})
    table = overview.make_table(promises, organisations, drafts=programme.organiser_id == account().organiser.id)
    among = queries.list_in_network(session, network.id, on=on) if network is not None else None
    lines = arrange(table.lines, list(organisations), among=among, standing=chosen["standing"], sort=chosen["sort"])
    options = {
        "cohort": [("", _("All cohorts")), *((key, name(row.name)) for key, row in cohorts.items())],
        "network": [("", _("All networks")), *((key, row.name) for key, row in networks.items())],
        "standing": [("", _("Everybody")), *list_standings()],
        "sort": list_sorts(),
    }
    return Shown(programme, table, lines, chosen, may, options)


def list_standings() -> list[tuple[str, str]]:
    return [
        ("needs", _("Somebody is still to be signed up")),
        ("broken", _("Can no longer be kept")),
        *((one.value, str(STANDINGS[one])) for one in Standing),
    ]


def list_sorts() -> list[tuple[str, str]]:
    names = {"missing": _("Farthest from what was promised first"), "came": _("Who came most first"),
             "missed": _("Who missed most first")}  # fmt: skip
    return [("", _("By name")), *((key, names[key]) for key in SORTS)]


@blueprint.get("/programmes/<slug>/matrix", endpoint="matrix")
@access(Access.READER)
def show(slug: str) -> str:
    session = db.session()
    shown = read(session, slug)
    kept = {key: value for key, value in shown.chosen.items() if value}
    rows = overview.describe_rows(shown.table, shown.lines)
    return render_template(
        "workspace/obligations/matrix.html",
        programme=shown.programme,
        name=texts.read(shown.programme.name, language()),
        columns=overview.describe_columns(shown.table, shown.lines),
        rows=rows,
        states={one for row in rows for one in row["kept"]},
        picture=overview.describe_picture(shown.table, shown.lines),
        legend=overview.describe_legend(),
        standings=[str(label) for label in STANDINGS.values()],
        chosen=shown.chosen,
        kept=kept,
        options=shown.options,
        own_id=account().organiser.id,
        is_all=shown.may.everybody,
        is_own=shown.programme.organiser_id == account().organiser.id,
        has_promises=bool(shown.table.lines),
    )


@blueprint.get("/programmes/<slug>/matrix.pdf", endpoint="matrix_pdf")
@access(Access.READER)
def print_(slug: str) -> Page:
    """All of it on one sheet of A3."""
    shown = read(db.session(), slug)
    heading = _("%(programme)s: who came to what", programme=name(shown.programme.name))
    values = overview.list_print(shown.table, shown.lines, heading=heading, note=tell_chosen(shown))
    body = make_pdf("matrix", values, title=heading, language=language(), at=clock.now())
    return answer(body, "application/pdf", f"{slug}.pdf")


def tell_chosen(shown: Shown) -> str:
    """What the address narrows it to, in words."""
    parts = [dict(shown.options[key]).get(value, "") for key, value in shown.chosen.items() if value]
    return " · ".join(part for part in parts if part)


def answer(body: bytes, type_: str, file_name: str) -> Page:
    return Page(body, mimetype=type_, headers={"Content-Disposition": f'attachment; filename="{file_name}"'})


@blueprint.get("/programmes/<slug>/matrix.csv", endpoint="matrix_csv")
@access(Access.READER)
def csv(slug: str) -> Page:
    return sheet(slug, "csv")


@blueprint.get("/programmes/<slug>/matrix.xlsx", endpoint="matrix_xlsx")
@access(Access.READER)
def xlsx(slug: str) -> Page:
    return sheet(slug, "xlsx")


def sheet(slug: str, kind: str) -> Page:
    shown = read(db.session(), slug)
    heading, rows = overview.list_sheet(shown.table, shown.lines)
    title = name(shown.programme.name)
    body = sheets.write(kind, [sheets.Table(title, heading, rows)], title=title, now=clock.now())
    return answer(body, TYPES[kind], f"{slug}.{kind}")


# --- one municipality -----------------------------------------------------------------------------------------------


@blueprint.get("/programmes/<slug>/matrix/<int:organisation>", endpoint="matrix_member")
@access(Access.READER)
def member(slug: str, organisation: int) -> str:
    return show_member(slug, organisation, Typed(), {})


def find_member(session: Session, slug: str, organisation_id: int) -> tuple[Programme, Organisation, list[Promise]]:
    """A municipality that promised something in a programme, with its promises; 404 for one whom one may not read of."""
    programme, on = find_programme(session, slug), today()
    may = queries.read_scope(session, programme.id, organiser_id=account().organiser.id, on=on)
    obligations: Sequence[Obligation] = queries.list_obligations(session, programme_ids=[programme.id])
    promises = queries.list_cells(session, obligations, may=may, only=organisation_id, on=on)
    mine = [promise for promise in promises if organisation_id in promise.rows]
    if not mine:
        abort(404)
    return programme, session.get_one(Organisation, organisation_id), mine


def show_member(slug: str, organisation_id: int, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    programme, organisation, promises = find_member(session, slug, organisation_id)
    drafts = programme.organiser_id == account().organiser.id
    events = {one.event_id: one for promise in promises for one in promise.gatherings if drafts or not one.is_draft}
    own = [one for one in events.values() if one.organiser_id == account().organiser.id]
    found = excuses.list_of_organisation(session, organisation.id)
    told = [one for one in found if one.event_id in events]
    live = {one.event_id for one in told if one.state in (ExcuseState.ASKED, ExcuseState.GRANTED)}
    may_excuse = account().may(Access.ORGANISER)
    return render_template(
        "workspace/obligations/member.html",
        programme=programme,
        programme_name=texts.read(programme.name, language()),
        organisation=organisation,
        promises=[describe_promise(promise, organisation.id, drafts=drafts) for promise in promises],
        excuses=[describe_excuse(one, events[one.event_id]) for one in told],
        event_options=[(one.slug, f"{name_gathering(one).value}, {name_days(one)}") for one in own
                       if one.event_id not in live] if may_excuse else [],
        typed=typed,
        errors=errors,
    )  # fmt: skip


def describe_promise(promise: Promise, organisation_id: int, *, drafts: bool) -> dict[str, Any]:
    kept, last = promise.kept[organisation_id], promise.last_chances(organisation_id)
    state, colour = tell_state(kept)
    return {
        "name": name_obligation(promise.duty.row),
        "kept": tell_kept(kept),
        "state": state,
        "colour": colour,
        "gatherings": [
            {
                "title": name_gathering(one),
                "days": name_days(one),
                "told": tell_cell(cell) if cell is not None else _("No member then"),
                "colour": COLOURS[cell.standing] if cell is not None else "",
                "is_last": place in last,
                "slug": one.slug if one.organiser_id == account().organiser.id else "",
            }
            for place, (one, cell) in enumerate(zip(promise.gatherings, promise.rows[organisation_id], strict=True))
            if drafts or not one.is_draft
        ],
    }


def describe_excuse(excuse: Any, gathering: Gathering) -> dict[str, Any]:
    return {
        "title": name_gathering(gathering),
        "days": name_days(gathering),
        "words": excuse.words,
        "why": excuse.why,
        "state": str(EXCUSES[excuse.state]),
        "is_asked": excuse.state is ExcuseState.ASKED,
    }


@blueprint.post("/programmes/<slug>/matrix/<int:organisation>/excuses", endpoint="grant_excuse")
@access(Access.ORGANISER)
def grant(slug: str, organisation: int) -> Answer:
    """An excuse that an organiser gives by itself, from an event of its own."""
    reader = Reader(Typed(request.form))
    why = reader.text("why", most=MOST_WORDS, required=_("Write why."))
    with transaction() as session:
        _programme, row, promises = find_member(session, slug, organisation)
        mine = {one.slug: one for promise in promises for one in promise.gatherings}
        found = mine.get(reader.typed.get("event", ""))
        if found is None or found.organiser_id != account().organiser.id:
            reader.errors["event"] = _("Choose which gathering.")
        elif not reader.errors:
            event = session.get_one(Event, found.event_id)
            made = actions.grant_excuse(session, event, row.id, why=why, account_id=account().id, now=clock.now())
            note(session, LogVerb.ADDED, made.public_id, row, event, {"state": made.state})
    if reader.errors:
        return show_member(slug, organisation, reader.typed, reader.errors), 422
    flash(_("The municipality is excused."), "success")
    return redirect(url_for(".matrix_member", slug=slug, organisation=organisation), 303)
