"""Invitations to an event: how they stand, and what is done with those that are out."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.accounts.rules import LogVerb
from eventsys.audiences.queries import Names
from eventsys.audiences.rules import asks_for_union, read_clauses
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.invitations import actions, queries
from eventsys.invitations.labels import SHOWN, STATE_KINDS, STATES
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.invitations.queries import ListedInvitation, RoundLine
from eventsys.invitations.rules import LISTED_AT_ONCE, MAY_ANSWER, InvitationState, Shown
from eventsys.registrations.labels import STATES as SEAT_STATES
from eventsys.registrations.rules import ENDED
from eventsys.web import Access, access, language
from eventsys.workspace.audiences.labels import name_clauses, read_reason
from eventsys.workspace.audiences.reading import Asker, read_all_names
from eventsys.workspace.invitations.reading import list_named_in
from eventsys.workspace.views.frame import (
    account,
    blueprint,
    log,
    name_event,
    name_moment,
    own_event,
    page_number,
    tabs,
    today,
    words,
)


def asker() -> Asker:
    return Asker(account().organiser.id, today())


@blueprint.get("/events/<slug>/invitations", endpoint="invitations")
@access(Access.READER)
def index(slug: str) -> str:
    return show(own_event(db.session(), slug), opens_names=False)


@blueprint.post("/events/<slug>/invitations/reading", endpoint="read_invitations")
@access(Access.ORGANISER)
def read(slug: str) -> str:
    """The same with the names of representatives. Reading them is noted, so it takes a POST; only who sees all that is
    the organiser's does."""
    if not account().may(Access.ORGANISER):
        abort(403)
    with transaction() as session:
        event = own_event(session, slug)
        log(session, LogVerb.READ, "representative", event.slug, name_event(event).value)
    return show(own_event(db.session(), slug), opens_names=True)


def show(event: Event, *, opens_names: bool) -> str:
    session = db.session()
    asked, search, page = request.values.get("show", ""), words("q"), page_number()
    shown = Shown(asked) if asked in set(Shown) else None
    counted = queries.count_invitations(session, event.id)
    rows = queries.list_invitations(
        session, event.id, shown=shown, search=search, with_restricted=opens_names or not search,
        offset=(page - 1) * LISTED_AT_ONCE,
    )  # fmt: skip
    listed = rows[:LISTED_AT_ONCE]
    rounds = queries.list_rounds(session, event.id)
    clauses, more = list_named_in(listed, rounds)
    names = read_all_names(session, clauses, asker(), more=more)
    return render_template(
        "workspace/invitations.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "invitations"),
        counted=counted,
        counts=[(one.value, label, getattr(counted, one.value)) for one, label in SHOWN.items()],
        rounds=[describe_round(line, names) for line in rounds],
        invitations=[describe(row, names, opens=opens_names) for row in listed],
        to_nudge=len(queries.list_to_nudge(session, event.id, now=clock.now())),
        is_closed=any(row.invitation.is_restricted for row in listed) and not opens_names,
        may_open=account().may(Access.ORGANISER),
        shown=shown.value if shown else "",
        options=[("", _("All")), *((one.value, label) for one, label in SHOWN.items())],
        q=search,
        page=page,
        has_next=len(rows) > LISTED_AT_ONCE,
    )


def describe(row: ListedInvitation, names: Names, *, opens: bool) -> dict[str, Any]:
    """One invitation in the list; who a union's representative is, is said only where that was asked for."""
    one = row.invitation
    is_closed = one.is_restricted and not opens
    return {
        "id": one.public_id,
        "name": _("An elected representative") if is_closed else one.name,
        "email": "" if is_closed else one.email,
        "organisation": "" if is_closed or one.person_id is None else row.organisation or "",
        "state": STATES[one.state],
        "kind": STATE_KINDS[one.state],
        "note": tell_note(row),
        "words": one.words,
        "reasons": [_("restricted")]
        if is_closed
        else [read_reason(reason, names, opens=opens) for reason in one.reasons],
        "is_unreachable": row.is_unreachable and one.state is InvitationState.ASKED,
        "may_withdraw": one.state in MAY_ANSWER,
        "may_ask": one.state in (InvitationState.WITHDRAWN, InvitationState.DECLINED),
    }


def tell_note(row: ListedInvitation) -> str:
    """What there is to say beside the state: when, what became of the seat, who comes instead."""
    one = row.invitation
    if one.state is InvitationState.PASSED_ON:
        return _("to %(name)s", name=row.passed_to or "")
    if one.state is InvitationState.ACCEPTED and row.seat is not None:
        seat = str(SEAT_STATES[row.seat])
        return seat if row.seat in ENDED or one.answered_at is None else f"{name_moment(one.answered_at)} · {seat}"
    if one.state is InvitationState.ASKED:
        opened = _("opened %(moment)s", moment=name_moment(one.opened_at)) if one.opened_at else _("not opened")
        nudged = _("reminded %(moment)s", moment=name_moment(row.nudged_at)) if row.nudged_at else ""
        return " · ".join(text for text in (opened, nudged) if text)
    return name_moment(one.answered_at)


def describe_round(line: RoundLine, names: Names) -> dict[str, Any]:
    row = line.round
    clauses = read_clauses(row.clauses)
    whom = line.audience or (_("restricted") if asks_for_union(clauses) else name_clauses(clauses, names))
    return {
        "id": row.public_id,
        "whom": whom,
        "state": tell_round(row),
        "asked": line.asked,
        "accepted": line.accepted,
        "held": tell_held(row),
        "may_stop": row.stopped_at is None and (row.sent_at is None or row.follows),
    }


def tell_round(row: InvitationRound) -> str:
    if row.sent_at is None:
        if row.stopped_at is not None:
            return _("Stopped before it was sent")
        return _("Goes out %(moment)s", moment=name_moment(row.send_at))
    if not row.follows:
        return _("Sent %(moment)s", moment=name_moment(row.sent_at))
    if row.stopped_at is not None:
        return _("Sent %(moment)s; newcomers are no longer invited", moment=name_moment(row.sent_at))
    return _("Sent %(moment)s; who joins later is invited too", moment=name_moment(row.sent_at))


def tell_held(row: InvitationRound) -> str:
    if row.places is None or row.held_until is None:
        return ""
    day = dates.format_day(row.held_until, language())
    return ngettext(
        "%(num)d place held for each until %(day)s", "%(num)d places held for each until %(day)s", row.places, day=day
    )


# --- what is done ---------------------------------------------------------------------------------------------------


def back(slug: str) -> Response:
    kept: dict[str, Any] = {name: request.form[name] for name in ("show", "q", "page") if request.form.get(name)}
    return redirect(url_for(".invitations", slug=slug, **kept), 303)


def own_invitation(session: Session, event: Event, public_id: uuid.UUID) -> Invitation:
    return queries.find_own(session, public_id, event_id=event.id) or abort(404)


@blueprint.get("/events/<slug>/invitations/nudge", endpoint="confirm_nudge")
@access(Access.ORGANISER)
def confirm_nudge(slug: str) -> str | Response:
    session = db.session()
    event = own_event(session, slug)
    many = len(queries.list_to_nudge(session, event.id, now=clock.now()))
    if not many:
        flash(_("Nobody can be reminded now: all have answered, or were invited or reminded within a day."), "info")
        return redirect(url_for(".invitations", slug=slug), 303)
    return render_template(
        "workspace/confirm.html",
        event=event,
        event_title=name_event(event),
        title=_("Remind those who have not answered?"),
        text=ngettext(
            "%(num)d person has not answered, and is reminded by mail.",
            "%(num)d people have not answered, and are reminded by mail.",
            many,
        ),
        facts=[],
        warning=_("Who was invited or reminded within a day is left alone."),
        button=_("Yes, remind them"),
        is_gentle=True,
        action=url_for(".nudge_invited", slug=slug),
        back=url_for(".invitations", slug=slug),
    )


@blueprint.post("/events/<slug>/invitations/nudge", endpoint="nudge_invited")
@access(Access.ORGANISER)
def nudge(slug: str) -> Response:
    with transaction() as session:
        many = actions.nudge(session, own_event(session, slug), account_id=account().id, now=clock.now())
    flash(
        ngettext("%(num)d person is reminded.", "%(num)d people are reminded.", many)
        if many
        else _("There is nobody to remind: all have answered, or were reminded within a day."),
        "success" if many else "info",
    )
    return back(slug)


@blueprint.post("/events/<slug>/invitations/<uuid:public_id>/withdrawal", endpoint="take_back_invitation")
@access(Access.ORGANISER)
def withdraw(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        invitation = own_invitation(session, own_event(session, slug), public_id)
        done = actions.withdraw(session, invitation, account_id=account().id, now=clock.now())
    if done:
        flash(_("The invitation is taken back, and a mail says so. You can send it again."), "success")
    else:
        flash(_("It has been answered, or was taken back already."), "info")
    return back(slug)


@blueprint.post("/events/<slug>/invitations/<uuid:public_id>/asking", endpoint="ask_again")
@access(Access.ORGANISER)
def ask_again(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        invitation = own_invitation(session, own_event(session, slug), public_id)
        done = actions.ask_again(session, invitation, account_id=account().id, now=clock.now())
    flash(_("The invitation is sent again.") if done else _("It is out already."), "success" if done else "info")
    return back(slug)


@blueprint.post("/events/<slug>/invitations/rounds/<uuid:public_id>/stop", endpoint="stop_round")
@access(Access.ORGANISER)
def stop(slug: str, public_id: uuid.UUID) -> Response:
    with transaction() as session:
        event = own_event(session, slug)
        row = queries.find_own_round(session, public_id, event_id=event.id) or abort(404)
        was_sent = row.sent_at is not None
        done = actions.stop_round(session, row, now=clock.now())
        if done:
            log(session, LogVerb.CHANGED, "invitation_round", str(public_id), name_event(event).value)
    if done:
        flash(_("Newcomers are no longer invited.") if was_sent else _("It is not sent."), "success")
    return back(slug)
