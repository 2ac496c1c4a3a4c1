"""One's own registration behind one's own link: see it, answer an offer, move it, hand it on, leave it, ask for it."""

from __future__ import annotations

from flask import Response as Answer
from flask import current_app, url_for
from flask_babel import gettext as _

from eventsys import texts
from eventsys.events import ics
from eventsys.registrations.own.rules import Typed
from eventsys.registrations.rules import Actor
from eventsys.registrations.views import acts
from eventsys.registrations.views.acts import Desk, Page
from eventsys.registrations.views.frame import blueprint, find_by_token, link_token
from eventsys.registrations.views.own_page import show_registration
from eventsys.web import Access, access, language


def stand_at(token: str) -> Desk:
    """The participant's place at the desk. What the page shows after a refusal is read again."""

    def show_again(typed: Typed, status: int) -> tuple[str, int]:
        return show_registration(token, find_by_token(token), typed, status)

    registration = find_by_token(token).Registration
    back, given = url_for(".show", token=token), url_for(".handed_over")
    return Desk(registration, Actor.PARTICIPANT, show_again, back, given)


@blueprint.get("/registrations/<token>")
@access(Access.TOKEN)
def show(token: str) -> tuple[str, int]:
    return show_registration(token, find_by_token(token))


@blueprint.get("/registrations/<token>/calendar.ics")
@access(Access.TOKEN)
def calendar(token: str) -> Answer:
    """The one date that the seat is for, as a file."""
    row = find_by_token(token)
    name = texts.read(row.Event.title, language()).value
    own, public = url_for(".show", token=token), url_for("site.event", slug=row.Event.slug)
    page = f"{current_app.config['BASE_URL']}{own if row.Event.is_closed else public}"
    kept = row.Run.ics.get(language(), "").encode()
    body = ics.calendar(ics.Head(name, name, page, page, row.Run.revised_at), [kept])
    headers = {"Content-Disposition": f'attachment; filename="{row.Event.slug}.ics"'}
    return Answer(body, mimetype="text/calendar", headers=headers)


@blueprint.post("/registrations/<token>/cancellation")
@access(Access.TOKEN)
def cancel(token: str) -> Page:
    return acts.cancel(stand_at(token), _("You are no longer signed up. A receipt is on its way by e-mail."))


@blueprint.post("/registrations/<token>/offer")
@access(Access.TOKEN)
def take_offer(token: str) -> Page:
    return acts.take_offer(stand_at(token), _("The place is yours."))


@blueprint.post("/registrations/<token>/run")
@access(Access.TOKEN)
def move(token: str) -> Page:
    return acts.move(stand_at(token), _("You are moved to the other date."))


@blueprint.post("/registrations/<token>/hand-over")
@access(Access.TOKEN)
def hand_over(token: str) -> Page:
    return acts.hand_over(stand_at(token), "")


@blueprint.post("/registrations/<token>/email")
@access(Access.TOKEN)
def readdress(token: str) -> Page:
    return acts.readdress(stand_at(token), lambda registration: url_for(".show", token=link_token(registration)))


@blueprint.post("/registrations/<token>/requests")
@access(Access.TOKEN)
def ask(token: str) -> Page:
    return acts.ask(stand_at(token), _("The organiser has been asked. You get the answer by mail."))
