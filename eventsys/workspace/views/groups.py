"""Standing groups of the organiser: the steering group and others, and who is in each by name."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.programmes.grants.queries import find_readable, list_readable
from eventsys.programmes.groups import actions, queries
from eventsys.programmes.groups.labels import GROUP_KINDS
from eventsys.programmes.models import Group, GroupMembership
from eventsys.programmes.rules import GroupKind
from eventsys.web import LANGUAGES, Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.registers.forms import PersonEntry, choose, read_person, read_titles
from eventsys.workspace.registers.queries.there import read_finder
from eventsys.workspace.views.frame import account, blueprint, log, today
from eventsys.workspace.views.organisation import name
from eventsys.workspace.views.organisations import Answer, days

LONGEST_ABOUT = 5_000


@blueprint.get("/groups", endpoint="groups")
@access(Access.READER)
def index() -> str:
    return show_list(Typed(), {})


def show_list(typed: Typed, errors: dict[str, str]) -> str:
    session, organiser_id = db.session(), account().organiser.id
    counts = queries.count_members(session, organiser_id, on=today())
    programmes = list_readable(session, organiser_id)
    names = {one.id: name(one.name) for one in programmes}
    return render_template(
        "workspace/groups.html",
        groups=[
            {
                "slug": one.slug,
                "name": name(one.name),
                "kind": GROUP_KINDS[one.kind],
                "programme": names.get(one.programme_id or 0, ""),
                "how_many": counts.get(one.id, 0),
            }
            for one in queries.list_groups(session, organiser_id)
        ],
        typed=typed,
        errors=errors,
        language_options=list(LANGUAGES.items()),
        kinds=kind_options(),
        programmes=[(one.slug, names[one.id]) for one in programmes],
    )


def kind_options() -> list[tuple[str, str]]:
    return [(value.value, str(label)) for value, label in GROUP_KINDS.items()]


@blueprint.post("/groups", endpoint="create_group")
@access(Access.ORGANISER)
def create() -> Answer:
    reader = Reader(Typed(request.form))
    titles = read_titles(reader)
    with transaction() as session:
        if titles in [one.name for one in queries.list_groups(session, account().organiser.id)]:
            reader.errors["name_nb"] = _("You have a group of that name already.")
        if not reader.errors:
            row = actions.add_group(
                session, organiser_id=account().organiser.id, name=titles, **read_kind(session, reader, None)
            )
            log(session, LogVerb.ADDED, "group", row.slug, name(row.name), after=fields_of(row))
    if reader.errors:
        return show_list(reader.typed, reader.errors), 422
    flash(_("The group is made. Put people into it."), "success")
    return redirect(url_for(".group", group=row.slug), 303)


def read_about(reader: Reader) -> dict[str, str]:
    found = {code: reader.prose(f"about_{code}", most=LONGEST_ABOUT) for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def read_kind(session: Session, reader: Reader, row: Group | None) -> dict[str, Any]:
    """What was chosen; as it is where the form does not ask."""
    kind = choose(reader, "kind", GroupKind) or (row.kind if row else GroupKind.OTHER)
    programme_id = row.programme_id if row else None
    if "programme" in reader.typed:
        slug = reader.typed["programme"]
        found = find_readable(session, slug, organiser_id=account().organiser.id) if slug else None
        programme_id = found.id if found else None
    return {"kind": kind, "programme_id": programme_id}


def fields_of(row: Group) -> dict[str, Any]:
    return {"name": row.name, "kind": row.kind, "about": row.about, "programme": row.programme_id}


def find(session: Session, slug: str) -> Group:
    return queries.find_group(session, slug, organiser_id=account().organiser.id) or abort(404)


@blueprint.get("/groups/<group>", endpoint="group")
@access(Access.READER)
def show(group: str) -> str:
    return show_group(find(db.session(), group), Typed(), {})


def show_group(row: Group, typed: Typed, errors: dict[str, str]) -> str:
    members = queries.list_members(db.session(), row.id)
    programmes = list_readable(db.session(), row.organiser_id)
    return render_template(
        "workspace/group.html",
        group=row,
        title=name(row.name),
        about=texts.read(row.about, language()),
        kind=GROUP_KINDS[row.kind],
        kinds=kind_options(),
        programmes=[(one.slug, name(one.name)) for one in programmes],
        programme=next((one.slug for one in programmes if one.id == row.programme_id), ""),
        members=[describe(*one) for one in members if lasts(one[0])],
        past=[describe(*one) for one in members if not lasts(one[0])],
        typed=typed,
        errors=errors,
        language_options=list(LANGUAGES.items()),
    )


def lasts(row: GroupMembership) -> bool:
    return row.to_on is None or row.to_on >= today()


def describe(row: GroupMembership, organisation: str | None) -> dict[str, Any]:
    return {
        "public_id": row.public_id,
        "name": row.name,
        "email": row.email,
        "organisation": organisation or "",
        "days": days(row.from_on, row.to_on),
    }


@blueprint.post("/groups/<group>", endpoint="rename_group")
@access(Access.ORGANISER)
def rename(group: str) -> Answer:
    reader = Reader(Typed(request.form))
    titles, about = read_titles(reader), read_about(reader)
    if reader.errors:
        return show_group(find(db.session(), group), reader.typed, reader.errors), 422
    with transaction() as session:
        row = find(session, group)
        before = fields_of(row)
        actions.change_group(session, row, name=titles, about=about, **read_kind(session, reader, row))
        log(session, LogVerb.CHANGED, "group", row.slug, name(titles), before=before, after=fields_of(row))
    flash(_("The group is changed."), "success")
    return redirect(url_for(".group", group=group), 303)


@blueprint.post("/groups/<group>/members", endpoint="add_member")
@access(Access.ORGANISER)
def add(group: str) -> Answer:
    reader = Reader(Typed(request.form))
    entry = read_person(reader, today(), has_role=False)
    with transaction() as session:
        row = find(session, group)
        place = find_organisation(session, entry, reader)
        if not reader.errors:
            facts = actions.MemberFacts(entry.name, entry.email, entry.from_on, entry.to_on, place, entry.language)
            member, is_new = actions.set_member(session, row, facts, now=clock.now())
            note(session, LogVerb.ADDED if is_new else LogVerb.CHANGED, row, member)
    if reader.errors:
        return show_group(find(db.session(), group), reader.typed, reader.errors), 422
    flash(_("%(name)s is in the group.", name=entry.name), "success")
    return redirect(url_for(".group", group=group), 303)


def find_organisation(session: Session, entry: PersonEntry, reader: Reader) -> int | None:
    """Whom they are there for; nobody need be said."""
    if not entry.organisation:
        return None
    found = read_finder(session).find(entry.organisation)
    if len(found) != 1:
        reader.errors["organisation"] = _("Write the name or number of one organisation in the register.")
        return None
    return found[0].id


def note(session: Session, verb: LogVerb, group: Group, member: GroupMembership) -> None:
    log(
        session, verb, "group", group.slug, f"{member.name}, {name(group.name)}",
        after={"from_on": member.from_on, "to_on": member.to_on}, about_people=True,
    )  # fmt: skip


@blueprint.post("/groups/<group>/members/<uuid:member>/end", endpoint="end_member")
@access(Access.ORGANISER)
def leave(group: str, member: uuid.UUID) -> Response:
    with transaction() as session:
        row = find(session, group)
        found = queries.find_member(session, member, group_id=row.id) or abort(404)
        who = found.name
        if actions.end_member(session, found, on=today()):
            note(session, LogVerb.REMOVED, row, found)
    flash(_("%(name)s is not in the group any more.", name=who), "success")
    return redirect(url_for(".group", group=group), 303)


@blueprint.get("/groups/<group>/end", endpoint="confirm_end_group")
@access(Access.ORGANISER)
def confirm_end(group: str) -> str:
    row = find(db.session(), group)
    members = [one for one in queries.list_members(db.session(), row.id) if lasts(one[0])]
    return render_template("workspace/group_end.html", group=row, title=name(row.name), how_many=len(members))


@blueprint.post("/groups/<group>/end", endpoint="end_group")
@access(Access.ORGANISER)
def end(group: str) -> Response:
    with transaction() as session:
        row = find(session, group)
        ended = actions.end_group(session, row, on=today())
        if ended:
            log(session, LogVerb.REMOVED, "group", row.slug, name(row.name), before={"how_many": ended})
    flash(_("Nobody is in the group any more. What it has met about is kept."), "success")
    return redirect(url_for(".group", group=group), 303)
