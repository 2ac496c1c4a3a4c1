"""One's own page put together: the state and what it means, when and where, what can be done, and what has happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from eventsys import clock, dates, texts
from eventsys.events.labels import name_run, name_times
from eventsys.events.models import Event, Run
from eventsys.extensions import AnyRow, db
from eventsys.registrations import labels, links
from eventsys.registrations.attendance.rules import EXPECTED, may_have_certificate
from eventsys.registrations.clashes.queries import list_clashes
from eventsys.registrations.materials import list_papers
from eventsys.registrations.models import Registration
from eventsys.registrations.own import queries as own
from eventsys.registrations.own.labels import describe_history, describe_requests, tell_deadline
from eventsys.registrations.own.queries import Day
from eventsys.registrations.own.rules import CAN_COME, NOTHING, Reach, Typed, decide_reach
from eventsys.registrations.queue.queries import list_units
from eventsys.registrations.queue.rules import find_place
from eventsys.registrations.rules import ENDED, LEAVABLE, Asked, Change, Decision, State
from eventsys.registrations.views.own_answers import describe_filled, find_form
from eventsys.web import language


def show_registration(token: str, row: AnyRow, typed: Typed = NOTHING, status: int = 200) -> tuple[str, int]:
    """The page, with what was typed into the form that was refused."""
    registration, run, event = row.Registration, row.Run, row.Event
    proved = links.was_mailed(token, registration)
    history = own.list_history(db.session(), registration.id)
    requests = list_asked(registration, history)
    days = own.list_dates(db.session(), event.id, but=run.id)
    page = render_template(
        "registrations/show.html",
        **describe_place(row),
        token=token,
        mine=True,
        urls=list_urls("registrations.", token=token),
        may=list_possible(row, list_allowed(requests)),
        deadlines=name_deadlines(event),
        dates=list_other_dates(row, days),
        waiting=describe_waiting(row, days),
        offered_until=name_moment(registration.offered_until, row.Organiser.timezone),
        clashes=[describe_clash(clash) for clash in list_clashes(db.session(), registration)] if proved else [],
        answered=describe_filled(find_form(row, on=clock.today(row.Organiser.timezone))),
        requests=[
            one if proved else {**one, "words": ""} for one in describe_requests(requests, timezone=run.timezone)
        ],
        history=tell_history(row, history),
        materials=list_papers(db.session(), row, token),
        proved=proved,
        has_ticket=registration.state in EXPECTED,
        has_certificate=may_have_certificate(registration.state, run.attendance_at),
        typed=typed,
        errors=list(typed.errors),
    )
    return page, status


def describe_place(row: AnyRow) -> dict[str, Any]:
    """What every page about one seat says first: whose, which event, its state, when and where."""
    registration, run, event = row.Registration, row.Run, row.Event
    return {
        "registration": registration,
        "event": event,
        "title": texts.read(event.title, language()),
        "run": run,
        "venue": row.Venue,
        "organiser": row.Organiser,
        "organisation": row.organisation,
        "when": name_run(run),
        "times": name_times(run),
        "state": labels.STATES[registration.state],
        "state_kind": labels.STATE_KINDS[registration.state],
        "side": labels.SIDES[registration.side] if registration.side else None,
    }


def list_urls(where: str, **values: Any) -> dict[str, str]:
    """Where each act is posted to."""
    names = {"take": "take_offer", "move": "move", "hand_over": "hand_over", "readdress": "readdress",
             "cancel": "cancel", "ask": "ask"}  # fmt: skip
    return {name: url_for(f"{where}{verb}", **values) for name, verb in names.items()}


def name_moment(moment: datetime | None, timezone: str) -> str:
    return dates.format_moment(dates.to_local(moment, timezone), language()) if moment else ""


def list_possible(row: AnyRow, allowed: Collection[Asked] = ()) -> dict[str, Reach]:
    """How far away each act is for this seat today; one that its state rules out is over."""
    registration, run, event = row.Registration, row.Run, row.Event
    now = clock.today(run.timezone)

    def reach(asked: Asked | None, by: date | None, states: tuple[State, ...]) -> Reach:
        if registration.state not in states:
            return Reach.OVER
        return decide_reach(by, run.first_on, today=now, allowed=asked in allowed)

    return {
        "cancel": reach(Asked.CANCEL, event.cancel_by if registration.state is State.CONFIRMED else None, LEAVABLE),
        "change": reach(Asked.CHANGE, event.change_by, LEAVABLE),
        "move": reach(Asked.MOVE, event.change_by, CAN_COME),
        "hand_over": reach(Asked.HAND_OVER, event.hand_over_by, CAN_COME),
        "readdress": Reach.OVER if registration.state in ENDED else Reach.OPEN,
        "take": reach(None, None, (State.OFFERED,)),
    }


def list_asked(registration: Registration, history: Sequence[AnyRow]) -> list[AnyRow]:
    """What was asked of the organiser since the seat is whose it is; read only where something was."""
    changes = [row.RegistrationChange for row in history]
    if not any(change.change is Change.ASKED for change in changes):
        return []
    since = max((change.at for change in changes if change.change is Change.HANDED_OVER), default=None)
    asked = own.list_requests(db.session(), registration.id)
    return [row for row in asked if since is None or row.ChangeRequest.at > since]


def list_allowed(requests: Sequence[AnyRow]) -> set[Asked]:
    """What an organiser has said yes to after its deadline."""
    asked = [row.ChangeRequest for row in requests]
    return {one.asked for one in asked if one.decision is Decision.ACCEPTED}


def name_deadlines(event: Event) -> dict[str, str]:
    return {
        "cancel": tell_deadline(event.cancel_by),
        "change": tell_deadline(event.change_by),
        "move": tell_deadline(event.change_by),
        "hand_over": tell_deadline(event.hand_over_by),
    }


def list_other_dates(row: AnyRow, days: Sequence[Day]) -> list[tuple[str, str, str]]:
    """The event's other dates as options: the run, its name, and how full it is."""
    if row.Registration.state not in CAN_COME:
        return []
    others = [one for one in days if one.run.id != row.Run.id and is_ahead(one.run)]
    return [(str(one.run.uid), name_run(one.run), labels.name_places(one.places)) for one in others]


def is_ahead(run: Run) -> bool:
    return run.first_on is not None and clock.today(run.timezone) < run.first_on


def describe_waiting(row: AnyRow, days: Sequence[Day]) -> dict[str, Any] | None:
    """The place in the list of each date waited for, and what happens when a place is free; None unless waiting."""
    if row.Registration.state is not State.WAITING:
        return None
    return {
        "positions": list_positions([row.Registration], days)[row.Registration.id],
        "hours": row.Event.offer_hours,
        "stops": row.Event.promotion_stops_hours,
    }


def list_positions(seats: Sequence[Registration], days: Sequence[Day]) -> dict[int, list[tuple[int, str]]]:
    """By seat that waits: (place in the list, the date's name where it waits for two) of each list it stands in. A
    statement for each date, however many the seats are."""
    waiting = [seat for seat in seats if seat.state is State.WAITING]
    stands = {seat.id: [one for one in (seat.run_id, seat.second_run_id) if one] for seat in waiting}
    lists = {one: list_units(db.session(), [one]) for one in sorted({one for ids in stands.values() for one in ids})}
    names = {one.run.id: name_run(one.run) for one in days}
    return {
        seat_id: [(find_place(lists[one], seat_id) or 1, names.get(one, "") if len(ids) > 1 else "") for one in ids]
        for seat_id, ids in stands.items()
    }


def describe_clash(row: AnyRow) -> dict[str, str]:
    title = texts.read(row.Event.title, language())
    return {
        "title": title.value,
        "language": title.language,
        "slug": "" if row.Event.is_closed else row.Event.slug,
        "when": name_run(row.other_run),
        "state": str(labels.STATES[row.state]),
    }


def tell_history(row: AnyRow, history: Sequence[AnyRow]) -> list[dict[str, str]]:
    delegation = own.find_delegation_of(db.session(), row.Registration)
    registrar = _("by %(name)s", name=delegation.name) if delegation else _("by who signed you up")
    names = labels.name_actors(_("by you"), registrar, row.Organiser.name)
    return describe_history(history, names, timezone=row.Run.timezone)
