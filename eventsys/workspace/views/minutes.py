"""The minutes of a meeting: who was there, what came of each item, out to the group, approved."""

from __future__ import annotations

from typing import Any

from flask import Response as Answered
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.events.meetings import actions, queries
from eventsys.events.meetings.labels import MINUTES_STATES, STATE_KINDS
from eventsys.events.meetings.pdf import make_minutes
from eventsys.events.meetings.rules import ChangedMeanwhile, MinutesAreApproved
from eventsys.events.models import Event, MeetingMinutes
from eventsys.events.rules import MinutesState
from eventsys.extensions import db, transaction
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.meetings.actions import tell_of_minutes
from eventsys.workspace.meetings.forms import LONGEST_TEXT
from eventsys.workspace.meetings.queries import list_names
from eventsys.workspace.views.agenda import describe
from eventsys.workspace.views.frame import account, blueprint, log, name_dates, name_event, own_event, tabs, today

Answer = Response | str | tuple[str, int]


@blueprint.get("/events/<slug>/minutes", endpoint="minutes")
@access(Access.READER)
def show(slug: str) -> str:
    event = own_event(db.session(), slug)
    return show_form(event, type_minutes(db.session(), event), {})


def type_minutes(session: Session, event: Event) -> Typed:
    """The form as it is kept; before anything is, who has a place at the meeting stands there."""
    row = queries.find_minutes(session, event.id)
    present = row.present if row is not None else "\n".join(list_names(session, event.id))
    said = {f"outcome-{item.public_id}": item.outcome for item in queries.list_items(session, event.id)}
    return Typed({"present": present, "edition": str(row.edition if row is not None else 0), **said})


def show_form(event: Event, typed: Typed, errors: dict[str, str], *, changed: bool = False) -> str:
    session = db.session()
    row = queries.find_minutes(session, event.id)
    return render_template(
        "workspace/minutes.html",
        event=event,
        event_title=name_event(event),
        dates=name_dates(event),
        tabs=tabs(event, "minutes"),
        items=[describe(item) for item in queries.list_items(session, event.id)],
        minutes=row,
        state=MINUTES_STATES[row.state] if row else "",
        state_kind=STATE_KINDS[row.state] if row else "",
        has_group=bool(queries.list_group_ids(session, event.id)),
        typed=typed,
        errors=errors,
        changed=changed,
    )


@blueprint.post("/events/<slug>/minutes", endpoint="write_minutes")
@access(Access.ORGANISER)
def write(slug: str) -> Answer:
    reader = Reader(Typed(request.form))
    event = own_event(db.session(), slug)
    present = reader.prose("present", most=LONGEST_TEXT)
    names = [f"outcome-{item.public_id}" for item in queries.list_items(db.session(), event.id)]
    said = {name.partition("-")[2]: reader.prose(name, most=LONGEST_TEXT) for name in names if name in reader.typed}
    if reader.errors:
        return show_form(event, reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            event = own_event(session, slug)
            save(session, event, present, said, read_edition(reader))
    except ChangedMeanwhile:
        return show_changed(slug, reader.typed)
    except MinutesAreApproved:
        flash(_("The minutes are approved. Open them again first."), "warning")
        return redirect(url_for(".minutes", slug=slug), 303)
    flash(_("The minutes are saved."), "success")
    return redirect(url_for(".minutes", slug=slug), 303)


def read_edition(reader: Reader) -> int:
    text = reader.typed.get("edition", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def save(session: Session, event: Event, present: str, said: dict[str, str], edition: int) -> MeetingMinutes:
    before = queries.find_minutes(session, event.id)
    was = before.edition if before is not None else 0
    row = actions.write_minutes(
        session, event, present=present, outcomes=said, edition=edition, account_id=account().id, now=clock.now()
    )
    note(session, event, before={"edition": was}, after={"edition": row.edition})
    return row


def show_changed(slug: str, typed: Typed) -> Answer:
    """What was typed stays in the form, which says that saving it again is over what somebody else wrote."""
    event = own_event(db.session(), slug)
    row = queries.find_minutes(db.session(), event.id)
    typed["edition"] = str(row.edition if row is not None else 0)
    return show_form(event, typed, {}, changed=True), 409


def note(session: Session, event: Event, **more: Any) -> None:
    log(session, LogVerb.CHANGED, "minutes", event.slug, name_event(event).value, **more)


@blueprint.post("/events/<slug>/minutes/state", endpoint="set_minutes_state")
@access(Access.ORGANISER)
def set_state(slug: str) -> Response:
    wanted, told = request.form.get("state", ""), 0
    state = MinutesState(wanted) if wanted in set(MinutesState) else None
    with transaction() as session:
        event = own_event(session, slug)
        row = queries.find_minutes(session, event.id)
        was = row.state if row is not None else None
        done = state is not None and actions.set_state(session, event, state, account_id=account().id, now=clock.now())
        if done and state is not None:
            note(session, event, before={"state": was}, after={"state": state})
        if done and state is MinutesState.OUT and was is MinutesState.DRAFT:
            told = tell_of_minutes(session, event, on=today(), now=clock.now())
    if told:
        flash(ngettext("%(num)d member is told by mail.", "%(num)d members are told by mail.", told), "success")
    elif done:
        flash(_("The minutes are: %(state)s.", state=MINUTES_STATES[MinutesState(wanted)]), "success")
    return redirect(url_for(".minutes", slug=slug), 303)


@blueprint.get("/events/<slug>/minutes.pdf", endpoint="minutes_pdf")
@access(Access.READER)
def pdf(slug: str) -> Answered | Response:
    event = own_event(db.session(), slug)
    row = queries.find_minutes(db.session(), event.id)
    if row is None:
        return redirect(url_for(".minutes", slug=slug), 303)
    items = queries.list_items(db.session(), event.id)
    content = make_minutes(event, items, row, language=language(), at=clock.now())
    headers = {"Content-Disposition": f'inline; filename="{slug}-minutes.pdf"'}
    return Answered(content, mimetype="application/pdf", headers=headers)
