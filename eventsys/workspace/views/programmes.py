"""Programmes: the list, one with all that belongs to it, new ones and changes to what they say of themselves."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import texts
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.merging import Field
from eventsys.organisers.models import Organiser
from eventsys.programmes import actions
from eventsys.programmes.cohorts import queries as cohorts
from eventsys.programmes.grants.queries import find_readable, list_granted, list_readable, lock_own
from eventsys.programmes.groups.queries import count_members, list_groups
from eventsys.programmes.labels import NETWORK_KINDS, PARTY_KINDS
from eventsys.programmes.models import Programme, ProgrammeParty
from eventsys.programmes.parties.queries import list_parties
from eventsys.programmes.rules import PartyRole, ProgrammeFacts
from eventsys.web import LANGUAGES, Access, access, language
from eventsys.workspace.editing.queries import find_last_in_log
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.memberships.forms import read_programme, type_programme
from eventsys.workspace.registers.labels import name_day
from eventsys.workspace.views.editing import Opened, again, close_form, open_form, settle
from eventsys.workspace.views.frame import account, blueprint, log, today
from eventsys.workspace.views.organisation import name

Answer = Response | tuple[str, int]

Part = TypeVar("Part")


@blueprint.get("/programmes", endpoint="programmes")
@access(Access.READER)
def index() -> str:
    session = db.session()
    rows = list_readable(session, account().organiser.id)
    found = cohorts.list_cohorts(session, [row.id for row in rows], on=today())
    return render_template(
        "workspace/programmes.html",
        programmes=[
            {
                **describe(session, row),
                "cohorts": [describe_cohort(one) for one in found if one.Cohort.programme_id == row.id],
            }
            for row in rows
        ],
        may_add=account().may(Access.OWNER),
    )


def describe(session: Session, row: Programme) -> dict[str, Any]:
    """A programme with what pages say of it at once. The organiser's are all that the page lists, so `get` asks once."""
    is_own = row.organiser_id == account().organiser.id
    return {
        "slug": row.slug,
        "name": texts.read(row.name, language()),
        "days": tell_days(row),
        "is_own": is_own,
        "owner": account().organiser.name if is_own else session.get_one(Organiser, row.organiser_id).name,
    }


def tell_days(row: Programme) -> str:
    """«1. januar 2007 to 31. desember 2009», or the one day that is known."""
    first, last = name_day(row.begins_on), name_day(row.ends_on)
    if first and last:
        return _("%(first)s to %(last)s", first=first, last=last)
    if first:
        return _("from %(day)s", day=first)
    return _("until %(day)s", day=last) if last else ""


def describe_cohort(row: Any) -> dict[str, Any]:
    return {
        "slug": row.Cohort.slug,
        "ordinal": row.Cohort.ordinal,
        "name": texts.read(row.Cohort.name, language()),
        "ceiling": row.Cohort.ceiling,
        "taken": row.taken,
        "paused": row.paused,
    }


@blueprint.get("/programmes/<slug>", endpoint="show_programme")
@access(Access.READER)
def show(slug: str) -> str:
    session, organiser_id = db.session(), account().organiser.id
    row = find_readable(session, slug, organiser_id=organiser_id) or abort(404)
    parties = list_parties(session, row.id)
    return render_template(
        "workspace/programme_page.html",
        programme=describe(session, row),
        about=texts.read(row.about, language()),
        may_edit=may_edit(row),
        parties=[describe_party(one) for one in parties if one.role is PartyRole.PARTY],
        partners=[describe_party(one) for one in parties if one.role is PartyRole.PARTNER],
        cohorts=[describe_cohort(one) for one in cohorts.list_cohorts(session, [row.id], on=today())],
        networks=[describe_network(session, row, one) for one in cohorts.list_networks(session, [row.id], on=today())],
        groups=describe_groups(session, row),
        granted=[one.name for one in list_granted(session, organiser_id).get(row.id, [])],
    )


def may_edit(row: Programme) -> bool:
    """The programme's owner alone changes it."""
    return row.organiser_id == account().organiser.id and account().may(Access.ORGANISER)


def describe_party(row: ProgrammeParty) -> dict[str, Any]:
    return {
        "public_id": row.public_id,
        "name": texts.read(row.name, language()),
        "kind": PARTY_KINDS[row.kind],
        "email": row.email,
        "url": row.url,
    }


def describe_network(session: Session, programme: Programme, row: Any) -> dict[str, Any]:
    adviser = row.Organiser or session.get_one(Organiser, programme.organiser_id)
    return {
        "slug": row.Network.slug,
        "name": row.Network.name,
        "kind": NETWORK_KINDS[row.Network.kind],
        "members": row.members,
        "adviser": adviser.name,
    }


def describe_groups(session: Session, programme: Programme) -> list[dict[str, Any]]:
    """The organiser's own: who is in another's group is not told."""
    counts = count_members(session, account().organiser.id, on=today())
    own = [one for one in list_groups(session, account().organiser.id) if one.programme_id == programme.id]
    return [{"slug": one.slug, "name": name(one.name), "members": counts.get(one.id, 0)} for one in own]


# --- new, and changes -----------------------------------------------------------------------------------------------


@blueprint.get("/programmes/new", endpoint="new_programme")
@access(Access.OWNER)
def new() -> str:
    return show_form(None, open_form("programme.new", Typed(), 0, list_fields()), {})


@blueprint.post("/programmes", endpoint="create_programme")
@access(Access.OWNER)
def create() -> Answer:
    reader = Reader(Typed(request.form))
    facts = read_programme(reader)
    with transaction() as session:
        if facts.name and any(one.name == facts.name for one in list_readable(session, account().organiser.id)):
            reader.errors["name_nb"] = _("You have a programme of that name already.")
        if not reader.errors:
            slug = actions.free_slug(session, Programme.slug, facts.name, fallback="programme")
            row = actions.add_programme(
                session, organiser_id=account().organiser.id, slug=slug, name=dict(facts.name)
            )  # fmt: skip
            actions.change_programme(session, row, facts)
            log(session, LogVerb.ADDED, "programme", slug, name(row.name), after=fields_of(row))
            close_form(session, "programme.new")
    if reader.errors:
        return show_form(None, Opened(reader.typed, again("programme.new", reader.typed)), reader.errors), 422
    flash(_("The programme is made. Say who is behind it, and make its first cohort."), "success")
    return redirect(url_for(".show_programme", slug=slug), 303)


@blueprint.get("/programmes/<slug>/edit", endpoint="edit_programme")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    row = own_programme(db.session(), slug)
    opened = open_form(name_form(row), type_programme(facts_of(row)), row.edition, list_fields())
    return show_form(row, opened, {})


@blueprint.post("/programmes/<slug>", endpoint="update_programme")
@access(Access.ORGANISER)
def update(slug: str) -> Answer:
    """Joins what was typed with what another saved meanwhile, and saves it."""
    reader = Reader(Typed(request.form))
    with transaction() as session:
        row = lock_own(session, slug, organiser_id=account().organiser.id) or abort(404)
        settled = settle(
            reader.typed, edition=row.edition, theirs=type_programme(facts_of(row)), fields=list_fields(),
            back=url_for(".edit_programme", slug=slug),
            find_editor=lambda: find_last_in_log(session, account().organiser.id, "programme", slug),
        )  # fmt: skip
        if settled.conflict is not None:
            return settled.conflict
        reader.typed = settled.typed
        facts = read_programme(reader)
        if reader.errors:
            return show_form(row, Opened(reader.typed, again(name_form(row), reader.typed)), reader.errors), 422
        before = fields_of(row)
        actions.change_programme(session, row, facts)
        log(session, LogVerb.CHANGED, "programme", slug, name(row.name), before=before, after=fields_of(row))
        close_form(session, name_form(row))
    flash(_("The programme is saved."), "success")
    return redirect(url_for(".show_programme", slug=slug), 303)


def own_programme(session: Session, slug: str) -> Programme:
    """One's own programme; another's answers 404, also where one may read it."""
    row = find_readable(session, slug, organiser_id=account().organiser.id)
    return row if row is not None and row.organiser_id == account().organiser.id else abort(404)


def keep_own(row: Part, programme: Programme) -> tuple[Part, Programme]:
    """A cohort or a network of one's own programme; another's answers 404, also where one may read it or advises it."""
    return (row, programme) if programme.organiser_id == account().organiser.id else abort(404)


def facts_of(row: Programme) -> ProgrammeFacts:
    return ProgrammeFacts(row.name, row.about, row.begins_on, row.ends_on)


def fields_of(row: Programme) -> dict[str, Any]:
    """The programme as the log keeps it."""
    return {"name": row.name, "about": row.about, "begins_on": row.begins_on, "ends_on": row.ends_on}


def name_form(row: Programme) -> str:
    return f"programme.{row.slug}"


def list_fields() -> dict[str, Field]:
    """What the page calls each field, for who saves it at the same time as another."""
    names = {f"name_{code}": Field(_("Name, %(language)s", language=label)) for code, label in LANGUAGES.items()}
    about = {
        f"about_{code}": Field(_("About it, %(language)s", language=label), is_long=True)
        for code, label in LANGUAGES.items()
    }
    return {**names, "begins_on": Field(_("First day")), "ends_on": Field(_("Last day")), **about}


def show_form(row: Programme | None, opened: Opened, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/programme_form.html",
        programme=row,
        title=name(row.name) if row else _("New programme"),
        typed=opened.typed,
        editing=opened.editing,
        errors=errors,
        language_options=list(LANGUAGES.items()),
    )
