"""What can be done with one seat, by its owner or by who signed it up: the same acts on two pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.models import Run
from eventsys.extensions import db, transaction
from eventsys.registrations import actions
from eventsys.registrations.forms import AddressForm
from eventsys.registrations.models import Registration
from eventsys.registrations.own.actions import tell_taken
from eventsys.registrations.own.forms import read_asked, read_person
from eventsys.registrations.own.labels import REFUSED, tell_refusal
from eventsys.registrations.own.queries import list_dates
from eventsys.registrations.own.rules import NOTHING, Typed
from eventsys.registrations.rules import Actor, AddressIsTaken, Asked, TooLate
from eventsys.registrations.views.own_page import is_ahead

Page = Response | tuple[str, int]
Act = Callable[[Session, Registration], object]


@dataclass(frozen=True)
class Desk:
    """Where somebody stands: the seat, who they are to it, the page that shows it again, and where to go when all is
    well. `given` is where to go when the seat has become another's."""

    registration: Registration
    actor: Actor
    show: Callable[[Typed, int], tuple[str, int]]
    back: str
    given: str


def carry_out(
    desk: Desk,
    act: Act,
    done: str,
    field: str,
    typed: Typed = NOTHING,
    asked: Asked | None = None,
    to: str = "",
    who: tuple[str, str] | None = None,
) -> Page:
    """Does it and says so. A refusal shows the page again with what was typed, and says at the field what to do instead;
    where only the deadline has passed, `asked` is what the organiser may be asked for. `who` is the name and address of
    somebody who is to have the seat, and who is told where they have one."""
    try:
        with transaction() as tx:
            act(tx, tx.merge(desk.registration))
    except REFUSED as refusal:
        if isinstance(refusal, AddressIsTaken) and who is not None:
            with transaction() as tx:
                tell_taken(tx, desk.registration.run_id, name=who[0], email=who[1], now=clock.now())
        may_ask = asked is not None and is_ahead(db.session.get_one(Run, desk.registration.run_id))
        field = f"{asked}_words" if may_ask and isinstance(refusal, TooLate) else field
        said = tell_refusal(refusal, may_ask=may_ask)
        return desk.show(Typed(typed.values, ((field, said),)), 409)
    if done:
        flash(done, "success")
    return redirect(to or desk.back, 303)


def cancel(desk: Desk, done: str) -> Page:
    """Leaves the place, the waiting list, or an offer."""

    def act(tx: Session, registration: Registration) -> None:
        actions.cancel(tx, registration, actor=desk.actor, now=clock.now())

    return carry_out(desk, act, done, "cancel", asked=Asked.CANCEL)


def take_offer(desk: Desk, done: str) -> Page:
    def act(tx: Session, registration: Registration) -> None:
        actions.take_offer(tx, registration, actor=desk.actor, now=clock.now())

    return carry_out(desk, act, done, "take")


def move(desk: Desk, done: str) -> Page:
    """To another date, without ever being without a place or having two."""
    typed = Typed({"move_run": request.form.get("move_run", "")})
    run = find_date(desk.registration, typed.values["move_run"])
    if run is None:
        return desk.show(Typed(typed.values, (("move_run", _("Choose a date")),)), 422)
    run_id = run.id

    def act(tx: Session, registration: Registration) -> None:
        actions.move(tx, registration, run_id=run_id, actor=desk.actor, now=clock.now())

    return carry_out(desk, act, done, "move_run", typed, Asked.MOVE)


def find_date(registration: Registration, chosen: str) -> Run | None:
    """The date that was chosen among the event's others."""
    runs = [day.run for day in list_dates(db.session(), registration.event_id)]
    return next((run for run in runs if str(run.uid) == chosen and run.id != registration.run_id), None)


def hand_over(desk: Desk, done: str) -> Page:
    """The place becomes a colleague's, and the link of the one who had it opens it no more."""
    form, typed = read_person(request.form, "to_", needs_address=True)
    if typed.errors:
        return desk.show(typed, 422)
    name, email = form["name"].data, form["email"].data

    def act(tx: Session, registration: Registration) -> None:
        actions.hand_over(tx, registration, name=name, email=email, actor=desk.actor, now=clock.now())

    typed.values[f"{Asked.HAND_OVER}_words"] = f"{name}, {email}"
    return carry_out(desk, act, done, "to_email", typed, Asked.HAND_OVER, to=desk.given, who=(name, email))


def ask(desk: Desk, done: str) -> Page:
    """After a deadline: the organiser is asked, and decides."""
    asked, words, typed = read_asked(request.form)
    if asked is None:
        abort(400)
    run = find_date(desk.registration, request.form.get("move_run", "")) if asked is Asked.MOVE else None
    if asked is Asked.MOVE and run is None:
        typed = Typed(typed.values, (*typed.errors, ("move_run", _("Choose a date"))))
    if typed.errors:
        return desk.show(typed, 422)
    run_id = run.id if run else None

    def act(tx: Session, registration: Registration) -> None:
        actions.ask(tx, registration, asked=asked, words=words, run_id=run_id, actor=desk.actor, now=clock.now())

    return carry_out(desk, act, done, f"{asked}_words", typed)


def readdress(desk: Desk, to: Callable[[Registration], str]) -> Page:
    """Mends the address; the old link, which a stranger may have got, opens nothing afterwards."""
    form = AddressForm(request.form)
    typed = Typed({"email": request.form.get("email", "")})
    if not form.validate():
        return desk.show(Typed(typed.values, tuple(("email", str(error)) for error in form["email"].errors)), 422)
    try:
        with transaction() as tx:
            registration = tx.merge(desk.registration)
            actions.readdress(tx, registration, email=form["email"].data, actor=desk.actor, now=clock.now())
    except REFUSED as refusal:
        return desk.show(Typed(typed.values, (("email", tell_refusal(refusal)),)), 422)
    flash(_("From now on the mail goes to %(email)s.", email=form["email"].data), "success")
    return redirect(to(registration), 303)
