"""What the applications of a call are assessed by."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import texts
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.programmes.intake import actions, queries
from eventsys.programmes.models import Call, Criterion
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.intake.forms import CriterionFacts, read_criterion
from eventsys.workspace.site_forms import type_languages
from eventsys.workspace.views.call_frame import own_call
from eventsys.workspace.views.frame import account, blueprint, log
from eventsys.workspace.views.intake_frame import show_frame


@blueprint.get("/calls/<slug>/criteria", endpoint="criteria")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    return show_page(own_call(db.session(), slug), Typed({"most_points": "5"}), {})


def show_page(call: Call, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    given = queries.count_given(session, call.id)
    assessor = queries.find_assessor(session, call_id=call.id, account_id=account().id)
    rows = [
        {
            "public_id": one.public_id,
            "name": texts.read(one.name, language()),
            "help": texts.read(one.help, language()),
            "most": one.most_points,
            "given": given.get(one.id, (0, 0))[0],
            "missing": [code for code in ("nb", "nn") if not one.name.get(code)],
        }
        for one in queries.list_criteria(session, call.id)
    ]
    return render_template(
        "workspace/intake/criteria.html", **show_frame(session, call, assessor, "criteria"), rows=rows, typed=typed,
        errors=errors,
    )  # fmt: skip


@blueprint.post("/calls/<slug>/criteria", endpoint="add_criterion")
@access(Access.ORGANISER)
def add(slug: str) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    facts = read_criterion(reader)
    if reader.errors:
        return show_page(own_call(db.session(), slug), reader.typed, reader.errors), 422
    with transaction() as session:
        call = own_call(session, slug)
        criterion = actions.add_criterion(
            session, call_id=call.id, name=facts.name, help=facts.help, most_points=facts.most_points
        )
        log(session, LogVerb.ADDED, "criterion", key_of(criterion), name_of(criterion), after=fields_of(criterion))
    flash(_("The criterion is added."), "success")
    return redirect(url_for(".criteria", slug=slug), 303)


@blueprint.get("/calls/<slug>/criteria/<uuid:public_id>", endpoint="edit_criterion")
@access(Access.ORGANISER)
def edit(slug: str, public_id: uuid.UUID) -> str:
    call, criterion = find(db.session(), slug, public_id)
    typed = {
        **type_languages("name", criterion.name),
        **type_languages("help", criterion.help),
        "most_points": str(criterion.most_points),
    }
    return show_form(call, criterion, Typed(typed), {})


def show_form(call: Call, criterion: Criterion, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    assessor = queries.find_assessor(session, call_id=call.id, account_id=account().id)
    given, most = queries.count_given(session, call.id).get(criterion.id, (0, 0))
    return render_template(
        "workspace/intake/criterion.html", **show_frame(session, call, assessor, "criteria"), criterion=criterion,
        name=texts.read(criterion.name, language()), typed=typed, errors=errors, given=given, most=most,
    )  # fmt: skip


@blueprint.post("/calls/<slug>/criteria/<uuid:public_id>", endpoint="change_criterion")
@access(Access.ORGANISER)
def change(slug: str, public_id: uuid.UUID) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    facts = read_criterion(reader)
    if not reader.errors and not save(slug, public_id, facts):
        reader.errors["most_points"] = _("Somebody has given more points than that already.")
    if reader.errors:
        call, criterion = find(db.session(), slug, public_id)
        return show_form(call, criterion, reader.typed, reader.errors), 422
    flash(_("The criterion is saved."), "success")
    return redirect(url_for(".criteria", slug=slug), 303)


def save(slug: str, public_id: uuid.UUID, facts: CriterionFacts) -> bool:
    with transaction() as session:
        _call, criterion = find(session, slug, public_id)
        before = fields_of(criterion)
        done = actions.change_criterion(
            session, criterion, name=facts.name, help=facts.help, most_points=facts.most_points
        )
        log(session, LogVerb.CHANGED, "criterion", str(public_id), name_of(criterion), before, fields_of(criterion))
    return done


@blueprint.post("/calls/<slug>/criteria/<uuid:public_id>/place", endpoint="move_criterion")
@access(Access.ORGANISER)
def move(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        _call, criterion = find(session, slug, public_id)
        before = {"position": criterion.position}
        actions.move_criterion(session, criterion, by=-1 if request.form.get("to") == "up" else 1)
        after = {"position": criterion.position}
        log(session, LogVerb.CHANGED, "criterion", str(public_id), name_of(criterion), before, after)
    return redirect(url_for(".criteria", slug=slug), 303)


@blueprint.get("/calls/<slug>/criteria/<uuid:public_id>/removal", endpoint="confirm_remove_criterion")
@access(Access.ORGANISER)
def confirm_removal(slug: str, public_id: uuid.UUID) -> str:
    session = db.session()
    call, criterion = find(session, slug, public_id)
    assessor = queries.find_assessor(session, call_id=call.id, account_id=account().id)
    return render_template(
        "workspace/intake/criterion_removal.html", **show_frame(session, call, assessor, "criteria"),
        criterion=criterion, name=texts.read(criterion.name, language()),
        given=queries.count_given(session, call.id).get(criterion.id, (0, 0))[0],
    )  # fmt: skip


@blueprint.post("/calls/<slug>/criteria/<uuid:public_id>/removal", endpoint="remove_criterion")
@access(Access.ORGANISER)
def remove(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        _call, criterion = find(session, slug, public_id)
        before, name = fields_of(criterion), name_of(criterion)
        done = actions.remove_criterion(session, criterion)
        if done:
            log(session, LogVerb.REMOVED, "criterion", str(public_id), name, before)
    if done:
        flash(_("The criterion is taken away."), "success")
    else:
        flash(_("Somebody has given points by it, so it stays."), "warning")
    return redirect(url_for(".criteria", slug=slug), 303)


def find(session: Session, slug: str, public_id: uuid.UUID) -> tuple[Call, Criterion]:
    call = own_call(session, slug)
    return call, queries.find_criterion(session, call.id, public_id) or abort(404)


def key_of(criterion: Criterion) -> str:
    return str(criterion.public_id)


def name_of(criterion: Criterion) -> str:
    return texts.read(criterion.name, "nb").value


def fields_of(criterion: Criterion) -> dict[str, object]:
    return {"name": criterion.name, "help": criterion.help, "most_points": criterion.most_points}
