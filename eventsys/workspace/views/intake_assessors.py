"""Who assesses a call's applications, who decides, and who is shut out from which: what owners set."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.accounts.team.queries import Member, list_members
from eventsys.extensions import db, transaction
from eventsys.programmes.intake import actions, queries
from eventsys.programmes.models import Application, Call
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.intake.labels import TASKS, Task
from eventsys.workspace.views.call_frame import own_call
from eventsys.workspace.views.frame import account, blueprint, log, name_moment, read_id
from eventsys.workspace.views.intake_frame import show_frame

MAY_ASSESS = (MemberRole.OWNER, MemberRole.ORGANISER)


@blueprint.get("/calls/<slug>/assessors", endpoint="assessors")
@access(Access.OWNER)
def index(slug: str) -> str:
    return show_page(own_call(db.session(), slug), Typed(), {})


def show_page(call: Call, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    tasks = read_tasks(session, call)
    people = list_possible(session)
    me = account().id
    return render_template(
        "workspace/intake/assessors.html",
        **show_frame(session, call, queries.find_assessor(session, call_id=call.id, account_id=me), "assessors"),
        people=[
            {"id": one.account_id, "name": one.name, "email": one.email, "task": tasks.get(one.account_id, "nothing")}
            for one in people
        ],
        tasks=[(one.value, str(label)) for one, label in TASKS.items()],
        disqualified=[
            {"account": row.Account.id, "name": row.Account.name, "application": row.Application.public_id,
             "label": row.label, "why": row.Disqualification.why, "at": name_moment(row.Disqualification.at),
             "is_mine": row.Account.id == me}
            for row in queries.list_disqualifications(session, call.id)
        ],
        assessor_options=[(str(one.account_id), one.name) for one in people if one.account_id in tasks],
        applicants=[(str(public_id), label) for public_id, label in queries.list_applicants(session, call.id)],
        typed=typed,
        errors=errors,
    )  # fmt: skip


def list_possible(session: Session) -> list[Member]:
    """Owners and organisers: nobody else opens these pages."""
    every = list_members(session, account().organiser.id)
    return [one for one in every if one.role in MAY_ASSESS and not one.is_disabled]


def read_tasks(session: Session, call: Call) -> dict[int, str]:
    return {
        one.account_id: (Task.DECIDES if one.may_decide else Task.ASSESSES).value
        for one, _account in queries.list_assessors(session, call.id)
    }


@blueprint.post("/calls/<slug>/assessors", endpoint="set_assessors")
@access(Access.OWNER)
def save(slug: str) -> Response:
    """What was chosen for each; who is not in the form stays as they are."""
    with transaction() as session:
        call = own_call(session, slug)
        people = {one.account_id: one for one in list_possible(session)}
        before = read_tasks(session, call)
        for account_id in people:
            chosen = request.form.get(f"task-{account_id}", "")
            if chosen == Task.NOTHING.value:
                actions.dismiss(session, call_id=call.id, account_id=account_id)
            elif chosen in set(Task):
                decides = chosen == Task.DECIDES.value
                actions.appoint(session, call_id=call.id, account_id=account_id, may_decide=decides)
        after = read_tasks(session, call)
        for account_id, one in people.items():
            was, becomes = before.get(account_id), after.get(account_id)
            log(session, LogVerb.CHANGED, "assessors", call.slug, one.name, {"task": was}, {"task": becomes})
    flash(_("Who assesses is saved."), "success")
    return redirect(url_for(".assessors", slug=slug), 303)


@blueprint.post("/calls/<slug>/assessors/disqualifications", endpoint="disqualify_assessor")
@access(Access.OWNER)
def disqualify(slug: str) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    why = reader.text("why", most=300)
    with transaction() as session:
        call = own_call(session, slug)
        application = find_application(session, call, reader.typed.get("application", ""))
        account_id = find_assessor_id(session, call, reader.typed.get("assessor", ""))
        if application is None:
            reader.errors["application"] = _("Choose the applicant.")
        if account_id is None:
            reader.errors["assessor"] = _("Choose who is disqualified.")
        if application is not None and account_id is not None and not reader.errors:
            actions.disqualify(
                session, call, application, account_id, why=why, by_account_id=account().id, now=clock.now()
            )
    if reader.errors:
        return show_page(own_call(db.session(), slug), reader.typed, reader.errors), 422
    flash(_("They see nothing of that application from now on."), "success")
    return redirect(url_for(".assessors", slug=slug), 303)


@blueprint.post("/calls/<slug>/assessors/disqualifications/removal", endpoint="lift_disqualification")
@access(Access.OWNER)
def lift(slug: str) -> Response:
    typed: dict[str, Any] = request.form
    with transaction() as session:
        call = own_call(session, slug)
        application = find_application(session, call, typed.get("application", "")) or abort(404)
        text = typed.get("assessor", "")
        account_id = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        done = actions.lift_disqualification(
            session, call, application, account_id, by_account_id=account().id, now=clock.now()
        )
    if done:
        flash(_("They may read that application again."), "success")
    else:
        flash(_("Nobody lifts what shuts themselves out."), "warning")
    return redirect(url_for(".assessors", slug=slug), 303)


def find_application(session: Session, call: Call, text: str) -> Application | None:
    """By name alone: who sets this need not be one who reads it."""
    return queries.find_applicant(session, call.id, read_id(text))


def find_assessor_id(session: Session, call: Call, text: str) -> int | None:
    return next((one for one in read_tasks(session, call) if str(one) == text), None)
