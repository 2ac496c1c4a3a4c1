"""The addresses of the form for oneself, and the public way to the forms."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.rules import Actor, NewDelegation, NewRegistration
from eventsys.registrations.signup import alone
from eventsys.registrations.signup import sheet as sheets
from eventsys.registrations.signup.entrance import Entrance
from eventsys.registrations.signup.queries import list_choices
from eventsys.registrations.views.frame import blueprint, find_event
from eventsys.web import Access, access, language


def public_entrance(slug: str) -> Entrance:
    """The way by the event's own page."""
    return Entrance(
        slug=slug,
        alone=url_for("registrations.new", slug=slug),
        post_alone=url_for("registrations.create", slug=slug),
        several=url_for("registrations.new_delegation", slug=slug),
        post_several=url_for("registrations.create_delegation", slug=slug),
        register=register,
        register_delegation=register_delegation,
    )


def register(asked: NewRegistration) -> actions.Registered:
    with transaction() as session:
        return actions.register(session, asked, now=clock.now())


def register_delegation(asked: NewDelegation) -> actions.RegisteredDelegation:
    with transaction() as session:
        return actions.register_delegation(session, asked, actor=Actor.REGISTRAR, now=clock.now())


@blueprint.get("/events/<slug>/registrations/new")
@access(Access.PUBLIC)
def new(slug: str) -> str | tuple[str, int]:
    sheet = sheets.load_sheet(public_entrance(slug))
    return alone.open_form(sheet, run=request.args.get("run", ""), organisation=request.args.get("organisation", ""))


@blueprint.get("/events/<slug>/registrations")
@access(Access.PUBLIC)
def reopen(slug: str) -> Response:
    """Who loads the address again that a form was sent to, or changes the language there, gets the form."""
    find_event(slug)
    return redirect(url_for(".new", slug=slug, lang=request.args.get("lang")), 303)


@blueprint.post("/events/<slug>/registrations")
@access(Access.PUBLIC)
def create(slug: str) -> Response | tuple[str, int]:
    return alone.send(public_entrance(slug), list_choices(db.session(), slug) or abort(404))


@blueprint.get("/events/<slug>/eligibility")
@access(Access.PUBLIC)
def eligibility(slug: str) -> str:
    """A fragment for the form: whether the event is for the organisation just chosen, said at once."""
    told = sheets.tell_for(find_event(slug), request.args.get("organisation", ""))
    return render_template("registrations/_eligibility.html", **told)


@blueprint.get("/events/<slug>/registrations/received")
@access(Access.PUBLIC)
def received(slug: str) -> str:
    """The neutral page for a name and address that have a registration already: it tells a stranger nothing."""
    event = find_event(slug)
    return render_template("registrations/received.html", event=event, title=texts.read(event.title, language()))
