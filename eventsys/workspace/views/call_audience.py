"""Whom a call goes to: the official mailboxes of kinds of organisation, of cohorts, of networks."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys.accounts.rules import LogVerb
from eventsys.audiences.queries import list_targets
from eventsys.audiences.rules import Clause, Kind, Reach, keep_clauses, read_clauses
from eventsys.extensions import db, transaction
from eventsys.programmes.calls import actions
from eventsys.programmes.calls.labels import tell_whom
from eventsys.programmes.calls.queries import list_cohort_names
from eventsys.programmes.calls.rules import CannotBeChanged, list_whom
from eventsys.programmes.models import Call
from eventsys.web import Access, access
from eventsys.workflows.cases.sending import count_readers
from eventsys.workspace.audiences.forms import read_part, type_clauses
from eventsys.workspace.audiences.labels import Option, list_offered, name_clauses
from eventsys.workspace.audiences.reading import Asker, read_all_names
from eventsys.workspace.forms import Typed
from eventsys.workspace.views.call_form import name
from eventsys.workspace.views.call_frame import describe_call, own_call
from eventsys.workspace.views.frame import account, blueprint, log, today

OFFERED = (Kind.ORGANISATION_KIND, Kind.COHORT, Kind.NETWORK)
SIMPLE = (Kind.ORGANISATION_KIND, Kind.COHORT)
FIRST = "c0-organisation_kind"


@blueprint.get("/calls/<slug>/audience", endpoint="call_audience")
@access(Access.ORGANISER)
def show(slug: str) -> str:
    call = own_call(db.session(), slug)
    return show_page(call, type_clauses(clauses_of(call)), {})


@blueprint.post("/calls/<slug>/audience", endpoint="save_call_audience")
@access(Access.ORGANISER)
def save(slug: str) -> Response | tuple[str, int]:
    typed = Typed(request.form)
    call, offered = own_call(db.session(), slug), offer(db.session())
    known = {kind: {value for value, _label in offered.get(kind, [])} for kind in Kind}
    part = read_part(typed, 0, known)
    part.reach = Reach.MAILBOXES
    clause = part.make()
    if clause is None:
        return show_page(call, typed, {FIRST: next(iter(part.errors.values()))}), 422
    try:
        with transaction() as session:
            call = own_call(session, slug)
            before = tell(session, clauses_of(call))
            if actions.set_audience(session, call, keep_clauses([clause])):
                after = tell(session, [clause])
                log(session, LogVerb.CHANGED, "call", slug, name(call), {"audience": before}, {"audience": after})
    except CannotBeChanged:
        return show_page(call, typed, {FIRST: _("The call has been sent. Whom it goes to stays as it was.")}), 409
    flash(_("Saved."), "success")
    return redirect(url_for(".call_sending", slug=slug), 303)


def clauses_of(call: Call) -> tuple[Clause, ...]:
    return read_clauses(call.clauses) if call.clauses else ()


def tell(session: Session, clauses: Sequence[Clause]) -> str:
    """Whom it goes to, in words; that it is their mailboxes goes without saying."""
    conditions = [one for clause in clauses for one in clause.conditions]
    if len(clauses) == 1 and all(one.kind in SIMPLE and not one.negated for one in conditions):
        kinds, cohorts = list_whom(keep_clauses(clauses))
        return tell_whom(kinds, list_cohort_names(session, cohorts))
    clauses = [Clause(conditions=clause.conditions) for clause in clauses]
    return name_clauses(clauses, read_all_names(session, clauses, Asker(account().organiser.id, today())))


def offer(session: Session) -> dict[Kind, list[Option]]:
    offered = list_offered(list_targets(session, account().organiser.id))
    return {kind: list(offered[kind]) for kind in OFFERED}


def show_page(call: Call, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    return render_template(
        "workspace/calls/audience.html",
        **describe_call(call, "call_audience"),
        typed=typed,
        errors=errors,
        offered={kind.value: options for kind, options in offer(session).items()},
        whom=tell(session, clauses_of(call)),
        readers=count_readers(session, call, on=today()),
    )
