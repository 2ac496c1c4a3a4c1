"""The shared register of organisations: the list, one of them with what it belongs to and who is what in it, corrections."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisations.actions import NameIsTaken, NumberIsTaken
from eventsys.organisations.labels import KINDS, LANGUAGE_FORMS
from eventsys.organisations.language.actions import note_forms
from eventsys.organisations.models import Organisation
from eventsys.organisations.register import actions, queries
from eventsys.organisations.register.actions import OrganisationFacts, facts_of
from eventsys.organisations.register.queries import Wanted
from eventsys.organisations.rules import OrganisationKind, address_key
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.registers.finding import Finder
from eventsys.workspace.registers.forms import OrganisationEntry, choose, read_organisation
from eventsys.workspace.registers.labels import FIELDS, name_day
from eventsys.workspace.registers.queries.scope import Rights, find_rights, select_own_organisations
from eventsys.workspace.views.frame import account, blueprint, log, page_number, today, words

Answer = Response | tuple[str, int]
A_PAGE = 50


@blueprint.get("/organisations", endpoint="organisations")
@access(Access.READER)
def index() -> str:
    session = db.session()
    kind = request.args.get("kind", "")
    own = select_own_organisations(account().organiser.id, on=today())
    chosen = {"q": words("q"), "kind": kind, "own": request.args.get("own", ""), "ended": request.args.get("ended", "")}
    wanted = Wanted(
        words=chosen["q"],
        kind=OrganisationKind(kind) if kind in set(OrganisationKind) else None,
        ended=bool(chosen["ended"]),
        among=own if chosen["own"] else None,
    )
    count = queries.count_organisations(session, wanted)
    pages = max(-(-count // A_PAGE), 1)
    page = min(page_number(), pages)
    rows = queries.list_page(session, wanted, limit=A_PAGE, offset=(page - 1) * A_PAGE)
    return render_template(
        "workspace/organisations.html",
        organisations=[describe_row(row) for row in rows],
        chosen={name: value for name, value in chosen.items() if value},
        kinds=[("", _("All kinds")), *((one.value, str(name)) for one, name in KINDS.items())],
        count=count,
        page=page,
        pages=pages,
    )


def describe_row(row: Organisation) -> dict[str, Any]:
    return {
        "url": address_of(row),
        "label": row.label,
        "number": row.number or "",
        "kind": KINDS[row.kind],
        "language_form": LANGUAGE_FORMS[row.language_form],
        "email": row.email or "",
        "ended": name_day(row.valid_to),
    }


def address_of(row: Organisation, endpoint: str = "organisation") -> str:
    return url_for(f".{endpoint}", kind=row.kind.value, key=key_of(row))


def key_of(row: Organisation) -> str:
    return address_key(row.number, row.label, row.valid_to)


def describe_member(row: Organisation, from_on: date, to_on: date | None) -> dict[str, Any]:
    """An organisation as a row of the list of a cohort or a network, and since when and until when it is there."""
    return {
        "label": row.name if row.number else row.label,
        "number": row.number or "",
        "county": row.county or "",
        "url": address_of(row),
        "kind": row.kind.value,
        "key": key_of(row),
        "since": name_day(from_on),
        "until": name_day(to_on),
    }


def find(session: Session, kind: str, key: str) -> Organisation:
    """The one with this address, whoever keeps it; 404 for none."""
    if kind not in set(OrganisationKind):
        abort(404)
    return queries.find_by_key(session, OrganisationKind(kind), key) or abort(404)


def rights(session: Session) -> Rights:
    return find_rights(session, account(), on=today())


def find_changeable(session: Session, kind: str, key: str) -> Organisation:
    """403 where another organiser keeps it."""
    found = find(session, kind, key)
    return found if rights(session).may_change(found.id) else abort(403)


def fields_of(row: Organisation) -> dict[str, Any]:
    return asdict(facts_of(row))


# --- new, and corrections -------------------------------------------------------------------------------------------


@blueprint.get("/organisations/new", endpoint="new_organisation")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(None, Typed({"kind": "municipality"}), {})


@blueprint.post("/organisations", endpoint="create_organisation")
@access(Access.ORGANISER)
def create() -> Answer:
    reader = Reader(Typed(request.form))
    kind = choose(reader, "kind", OrganisationKind, required=_("Choose what kind of organisation it is."))
    entry = read_organisation(reader, kind)
    try:
        with transaction() as session:
            facts = facts_from(session, entry, reader, email=entry.email)
            if kind is None or reader.errors:
                raise FormIsWrong
            row = actions.add_organisation(session, kind=kind, facts=facts, valid_from=reader.day("valid_from"))
            note_forms(session, [row], account_id=account().id, today=today(), now=clock.now())
            log(session, LogVerb.ADDED, "organisation", key_of(row), row.label, after=fields_of(row))
            url = address_of(row)
    except (FormIsWrong, NameIsTaken, NumberIsTaken) as refusal:
        reader.errors.update(tell_refusal(refusal))
        return show_form(None, reader.typed, reader.errors), 422
    flash(_("%(name)s is in the register.", name=entry.name), "success")
    return redirect(url, 303)


@blueprint.get("/organisations/<kind>/<key>/edit", endpoint="edit_organisation")
@access(Access.ORGANISER)
def edit(kind: str, key: str) -> str:
    session = db.session()
    row = find_changeable(session, kind, key)
    return show_form(row, typed_of(session, row), {})


@blueprint.post("/organisations/<kind>/<key>", endpoint="update_organisation")
@access(Access.ORGANISER)
def update(kind: str, key: str) -> Answer:
    reader = Reader(Typed(request.form))
    try:
        with transaction() as session:
            row = find_changeable(session, kind, key)
            save(session, row, reader)
            url = address_of(row)
    except (FormIsWrong, NameIsTaken, NumberIsTaken) as refusal:
        reader.errors.update(tell_refusal(refusal))
        return show_form(find(db.session(), kind, key), reader.typed, reader.errors), 422
    flash(_("The register is changed."), "success")
    return redirect(url, 303)


def save(session: Session, row: Organisation, reader: Reader) -> None:
    """Raises `FormIsWrong`, `NameIsTaken` and `NumberIsTaken`."""
    before = fields_of(row)
    entry = read_organisation(reader, row.kind)
    email = entry.email if rights(session).may_address(row.id) else row.email
    facts = facts_from(session, entry, reader, email=email)
    if facts.parent_id == row.id:
        reader.errors["parent"] = _("It cannot belong to itself.")
    parent = session.get(Organisation, facts.parent_id) if facts.parent_id not in (None, row.parent_id) else None
    if parent is not None and not rights(session).may_give(row.id, parent):
        reader.errors["parent"] = tell_not_given(parent)
    if reader.typed.get("seen", "") != seal(row):
        reader.errors["name"] = tell_changed(before, asdict(facts))
    if reader.errors:
        raise FormIsWrong
    actions.edit_organisation(session, row, facts=facts)
    note_forms(session, [row], account_id=account().id, today=today(), now=clock.now())
    log(session, LogVerb.CHANGED, "organisation", key_of(row), row.label, before=before, after=fields_of(row))


def tell_not_given(to: Organisation) -> str:
    return _("%(name)s is an organiser here. The owner of the whole site says what belongs to it.", name=to.label)


class FormIsWrong(Exception):
    """What is wrong stands beside its fields already."""


def facts_from(session: Session, entry: OrganisationEntry, reader: Reader, *, email: str | None) -> OrganisationFacts:
    """The facts with what it belongs to found by its words."""
    parent_id = None
    if entry.parent:
        found = Finder(queries.list_all(session)).find(entry.parent)
        if len(found) != 1:
            reader.errors["parent"] = _("Write the name or number of one organisation in the register.")
        else:
            parent_id = found[0].id
    given = {name: getattr(entry, name) for name in FIELDS if hasattr(entry, name) and name != "email"}
    return OrganisationFacts(**given, parent_id=parent_id, email=email)


def tell_refusal(refusal: Exception) -> dict[str, str]:
    if isinstance(refusal, NumberIsTaken):
        return {"number": _("Another organisation of that kind has this number.")}
    if isinstance(refusal, FormIsWrong):
        return {}
    return {"name": _("There is one of that kind and name already. Write the county or a number to tell them apart.")}


def seal(row: Organisation) -> str:
    """What the form was opened on, so that a change by somebody else in the meantime is seen."""
    return hashlib.sha256(repr(facts_of(row)).encode()).hexdigest()[:16]


def tell_changed(now: dict[str, Any], typed: dict[str, Any]) -> str:
    """That somebody was faster, and what stands there now where it is not what was typed."""
    there = ", ".join(f"{FIELDS[name]}: {value}" for name, value in now.items() if value and value != typed[name])
    return _(
        "Somebody has changed this while you wrote. There now: %(there)s. Save again to put yours there.", there=there
    )


def typed_of(session: Session, row: Organisation) -> Typed:
    typed = Typed({name: str(value) for name, value in fields_of(row).items() if value and name != "parent_id"})
    typed["language_form"], typed["language_form_on"] = row.language_form.value, write_day(row.language_form_on)
    if row.parent_id is not None:
        typed["parent"] = session.get_one(Organisation, row.parent_id).label
    return typed


def show_form(row: Organisation | None, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    return render_template(
        "workspace/organisation_form.html",
        organisation=row,
        back=address_of(row) if row else url_for(".organisations"),
        action=address_of(row, "update_organisation") if row else url_for(".create_organisation"),
        seen=seal(row) if row else "",
        typed=typed,
        errors=errors,
        kinds=[(one.value, str(name)) for one, name in KINDS.items()],
        forms=[(one.value, str(name)) for one, name in LANGUAGE_FORMS.items()],
        may_address=row is None or rights(session).may_address(row.id),
    )


def days(first: date | None, last: date | None) -> str:
    """«from 1. januar 2008», «1. januar 2008–3. mars 2009»."""
    if first is None or last is None:
        return _("from %(day)s", day=name_day(first)) if first else ""
    return _("%(first)s to %(last)s", first=name_day(first), last=name_day(last))
