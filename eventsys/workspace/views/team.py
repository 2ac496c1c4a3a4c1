"""The organiser's people: who there is, who is asked to join, what each may, and letting somebody go."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.accounts import emails
from eventsys.accounts.labels import MEANINGS, ROLES
from eventsys.accounts.models import AccountInvitation
from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.accounts.team import actions, queries
from eventsys.accounts.team.queries import Member
from eventsys.events.helpers import actions as helpers
from eventsys.events.helpers.queries import list_choices, list_events_by_helper
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.web import LANGUAGES, Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.team import read_colleague, read_helped, read_role
from eventsys.workspace.views.frame import account, blueprint, log, name_event, today


@blueprint.get("/team", endpoint="team")
@access(Access.OWNER)
def index() -> str:
    return show(Typed({"role": MemberRole.ORGANISER.value, "language": account().language}), {})


def show(typed: Typed, errors: dict[str, str]) -> str:
    session, organiser_id = db.session(), account().organiser.id
    events, now = list_events_by_helper(session, organiser_id), clock.real_now()
    asked = queries.list_open_invitations(session, organiser_id)
    return render_template(
        "workspace/team.html",
        members=[describe(member, events) for member in queries.list_members(session, organiser_id)],
        invitations=[describe_invitation(row, is_over=row.expires_at <= now) for row in asked],
        typed=typed,
        errors=errors,
        role_options=list_roles(),
        language_options=list(LANGUAGES.items()),
        event_options=[(event.slug, name_event(event).value) for event in list_choices(session, organiser_id, today())],
    )


def list_roles() -> list[tuple[str, Any, Any]]:
    return [(role.value, ROLES[role], MEANINGS[role]) for role in MemberRole]


def describe(member: Member, events: dict[int, list[Event]]) -> dict[str, Any]:
    helped = events.get(member.account_id, []) if member.role is MemberRole.HELPER else []
    return {
        "id": member.account_id,
        "name": member.name,
        "email": member.email,
        "role": ROLES[member.role],
        "events": ", ".join(name_event(event).value for event in helped),
        "is_closed": member.is_disabled,
        "is_me": member.account_id == account().id,
    }


def describe_invitation(row: AccountInvitation, *, is_over: bool) -> dict[str, Any]:
    until = dates.to_local(row.expires_at, account().organiser.timezone).date()
    return {
        "public_id": row.public_id,
        "name": row.name,
        "email": row.email,
        "role": ROLES[row.role],
        "until": dates.format_day(until, language()),
        "is_over": is_over,
    }


@blueprint.post("/team", endpoint="invite_colleague")
@access(Access.OWNER)
def create() -> Response | tuple[str, int]:
    reader, organiser_id = Reader(Typed(request.form)), account().organiser.id
    slugs = [event.slug for event in list_choices(db.session(), organiser_id, today())]
    entry = read_colleague(reader, slugs)
    if entry is None:
        return show(reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            row, token = actions.invite(
                session, organiser_id=organiser_id, email=entry.email, key=entry.key, name=entry.name,
                language=entry.language, role=entry.role, event_slug=entry.event_slug, now=clock.real_now(),
            )  # fmt: skip
            send(session, row, token)
            note(session, LogVerb.INVITED, str(row.public_id), row.name, after={"role": row.role})
    except actions.AlreadyThere:
        return show(reader.typed, {"email": _("This address is of somebody who is here already.")}), 422
    flash(_("The invitation is on its way to %(email)s.", email=entry.email), "success")
    return redirect(url_for(".team"), 303)


def send(session: Session, row: AccountInvitation, token: str) -> None:
    path, organiser = url_for(".join_team", token=token), account().organiser.name
    emails.send_invitation(session, row, token, organiser=organiser, who=account().name, path=path, now=clock.now())


def note(session: Session, verb: LogVerb, key: str, name: str, **more: Any) -> None:
    """In the log, whose words about a person go when the ordinary period is over."""
    log(session, verb, "team", key, name, about_people=True, **more)


@blueprint.post("/team/invitations/<uuid:public_id>/again", endpoint="ask_colleague_again")
@access(Access.OWNER)
def resend(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        row = find_asked(session, public_id)
        send(session, row, actions.make_link(session, row, now=clock.real_now()))
        note(session, LogVerb.INVITED, str(row.public_id), row.name, after={"role": row.role})
    flash(
        _("The invitation is on its way to %(email)s. The earlier link opens nothing now.", email=row.email), "success"
    )
    return redirect(url_for(".team"), 303)


@blueprint.post("/team/invitations/<uuid:public_id>/withdrawal", endpoint="withdraw_colleague")
@access(Access.OWNER)
def withdraw(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        row = find_asked(session, public_id)
        actions.withdraw(session, row, now=clock.real_now())
        note(session, LogVerb.REMOVED, str(row.public_id), row.name, before={"role": row.role})
    flash(_("The invitation is withdrawn. Its link opens nothing now."), "success")
    return redirect(url_for(".team"), 303)


def find_asked(session: Session, public_id: uuid.UUID) -> AccountInvitation:
    return queries.find_open_invitation(session, public_id, account().organiser.id) or abort(404)


@blueprint.get("/team/<int:account_id>", endpoint="colleague")
@access(Access.OWNER)
def edit(account_id: int) -> str:
    session = db.session()
    member = find_own(session, account_id)
    typed = Typed({"role": member.role.value})
    typed.setlist("events", [event.slug for event in find_helped(session, account_id)])
    return show_member(member, typed, {})


def find_own(session: Session, account_id: int) -> Member:
    is_id = 0 < account_id < 2**31
    return (queries.find_member(session, account_id, account().organiser.id) if is_id else None) or abort(404)


def find_helped(session: Session, account_id: int) -> list[Event]:
    return list_events_by_helper(session, account().organiser.id).get(account_id, [])


def list_offered(session: Session, account_id: int) -> dict[str, Event]:
    """The events that one may help with: those not over, and those that the member helps with already."""
    coming = list_choices(session, account().organiser.id, today())
    return {event.slug: event for event in [*coming, *find_helped(session, account_id)]}


def show_member(member: Member, typed: Typed, errors: dict[str, str]) -> str:
    offered = list_offered(db.session(), member.account_id)
    return render_template(
        "workspace/team_member.html",
        member=member,
        is_me=member.account_id == account().id,
        typed=typed,
        errors=errors,
        role_options=list_roles(),
        event_options=[(slug, name_event(event).value) for slug, event in offered.items()],
    )


@blueprint.post("/team/<int:account_id>", endpoint="update_colleague")
@access(Access.OWNER)
def update(account_id: int) -> Response | tuple[str, int]:
    reader, organiser_id = Reader(Typed(request.form)), account().organiser.id
    member = find_own(db.session(), account_id)
    offered = list_offered(db.session(), account_id)
    role = read_role(reader)
    slugs = read_helped(reader, list(offered), role)
    if role is None or reader.errors:
        return show_member(member, reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            member = find_own(session, account_id)
            before = {"role": member.role, "events": sorted(event.slug for event in find_helped(session, account_id))}
            actions.change_role(session, account_id, organiser_id, role)
            helped = slugs if role is MemberRole.HELPER else []
            helpers.set_helped(session, account_id, organiser_id, [offered[slug].id for slug in helped])
            after = {"role": role, "events": sorted(helped)}
            note(session, LogVerb.CHANGED, str(account_id), member.name, before=before, after=after)
    except actions.LastOwner:
        return show_member(member, reader.typed, {"role": tell_last_owner()}), 422
    flash(_("%(name)s: %(role)s from now on.", name=member.name, role=ROLES[role]), "success")
    return redirect(url_for(".team" if role is MemberRole.OWNER or account_id != account().id else ".index"), 303)


def tell_last_owner() -> str:
    return _("Nobody else is an owner. Make somebody else one first.")


@blueprint.get("/team/<int:account_id>/removal", endpoint="confirm_remove_colleague")
@access(Access.OWNER)
def confirm_remove(account_id: int) -> str:
    return show_removal(find_own(db.session(), account_id))


def show_removal(member: Member, error: str = "") -> str:
    is_me = member.account_id == account().id
    return render_template("workspace/team_removal.html", member=member, error=error, is_me=is_me)


@blueprint.post("/team/<int:account_id>/removal", endpoint="remove_colleague")
@access(Access.OWNER)
def remove(account_id: int) -> Response | tuple[str, int]:
    organiser_id = account().organiser.id
    member = find_own(db.session(), account_id)
    try:
        with transaction() as session:
            member = find_own(session, account_id)
            helpers.set_helped(session, account_id, organiser_id, [])
            actions.remove(session, account_id, organiser_id)
            note(session, LogVerb.REMOVED, str(account_id), member.name, before={"role": member.role})
    except actions.LastOwner:
        return show_removal(member, tell_last_owner()), 422
    flash(
        _("%(name)s is no longer with %(organiser)s.", name=member.name, organiser=account().organiser.name), "success"
    )
    return redirect(url_for(".team" if account_id != account().id else ".index"), 303)
