"""Mail: an event's timeline, the outbox, one mail as it was sent, trying again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import Response as Page
from flask import abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import AnyRow, db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.rules import State
from eventsys.web import CSP, Access, access, language
from eventsys.workflows import queries as workflows
from eventsys.workflows.queries import OccasionRow
from eventsys.workflows.rules import OccasionState
from eventsys.workspace.mail import queries
from eventsys.workspace.mail.invitation import tell_calendar
from eventsys.workspace.mail.labels import STATE_KINDS, STATES, name_template, tell_reason
from eventsys.workspace.mail.timeline import Point, Stretch, draw
from eventsys.workspace.views.frame import account, blueprint, name_event, name_moment, own_event, page_number, tabs
from eventsys.workspace.views.frame import words as search_words

# Mails carry their style sheet inline by nature; in a sandbox nothing in them can run, load or lead anywhere.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
RETRYABLE = (MailState.FAILED, MailState.DEFERRED, MailState.SUPPRESSED)


@blueprint.get("/events/<slug>/mail", endpoint="event_mail")
@access(Access.ORGANISER)
def timeline(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    whose = {"organiser_id": event.organiser_id, "event_id": event.id}
    now = clock.now()
    changes = workflows.count_templates(session, **whose)
    occasions = workflows.list_occasions(session, **whose, now=now)
    upcoming = next((row for row in occasions if row.state is OccasionState.PLANNED and row.will_go), None)
    lines = [describe_change(row) for row in changes]
    lines += [describe_occasion(event, row, is_next=row is upcoming) for row in occasions]
    return render_template(
        "workspace/event_mail.html",
        event=event,
        event_title=name_event(event),
        picture=draw(list_points(changes, occasions), list_stretches(event), now) if lines else None,
        sentences=sorted(lines, key=lambda line: line["due_at"]),
        failed=workflows.count_mails(session, **whose).get(MailState.FAILED, 0),
        is_draft=event.status is EventStatus.DRAFT,
        tabs=tabs(event, "event_mail"),
        **describe_outbox(session, event),
    )


def list_points(changes: Sequence[AnyRow], occasions: Sequence[OccasionRow]) -> list[Point]:
    """A point for each moment and template; two runs' reminders at the same moment are one."""
    points = [Point(row.first_at, "sent" if row.sent else "due", name_template(row.template)) for row in changes] + [
        Point(row.due_at, kind_of(row), name_template(row.template)) for row in occasions
    ]
    return list({(point.at, point.label): point for point in points}.values())


def kind_of(row: OccasionRow) -> str:
    """How an occasion is drawn: planned, sent, with a failure, or passed without a mail."""
    if row.state is OccasionState.PLANNED or row.mails > row.sent + row.failed:
        return "due"
    return "failed" if row.failed else "sent" if row.sent else "waiting"


def list_stretches(event: Event) -> list[Stretch]:
    found = []
    for run in event.runs:
        if run.first_on is None or run.last_on is None or run.status is RunStatus.CANCELLED:
            continue
        starts = dates.to_utc(datetime.combine(run.first_on, time()), run.timezone)
        ends = dates.to_utc(datetime.combine(run.last_on + timedelta(days=1), time()), run.timezone)
        found.append(Stretch(starts, ends, name_run(run, year=False)))
    return found


def describe_change(row: AnyRow) -> dict[str, Any]:
    """A line for what goes to each as it happens: confirmations, cancellations."""
    waiting = row.mails - row.sent
    result = ngettext("%(num)d sent", "%(num)d sent", row.sent)
    if waiting:
        result = _("%(sent)s, %(waiting)d not yet", sent=result, waiting=waiting)
    return {
        "due_at": row.first_at,
        "at": _("from %(moment)s", moment=name_first_day(row.first_at)),
        "text": _("%(template)s, to each as it happens", template=name_template(row.template)),
        "result": result,
        "failed": False,
        "next": False,
        "who": "",
    }


def name_first_day(at: datetime) -> str:
    return dates.format_day(dates.to_local(at, account().organiser.timezone).date(), language(), year=False)


def describe_occasion(event: Event, row: OccasionRow, *, is_next: bool) -> dict[str, Any]:
    """A line for what time makes due: when, what in a sentence, and how it went."""
    run = next(run for run in event.runs if run.id == row.run_id)
    return {
        "due_at": row.due_at,
        "at": name_moment(row.due_at),
        "text": tell_occasion(row, name_run(run, year=False)),
        "result": tell_result(row),
        "failed": bool(row.failed),
        "next": is_next,
        "who": url_for(".participants", slug=event.slug, state=State.CONFIRMED.value, run=run.uid),
    }


def tell_occasion(row: OccasionRow, days: str) -> str:
    """«117 får påminnelse om 1.–2. september», or what it was when it is past."""
    template = name_template(row.template)
    if row.state is not OccasionState.PLANNED:
        return _("%(template)s about %(days)s", template=template, days=days)
    if not row.will_go:
        return _("%(template)s about %(days)s; nobody has a place yet", template=template, days=days)
    return ngettext(
        "%(num)d person gets the %(template)s about %(days)s",
        "%(num)d people get the %(template)s about %(days)s",
        row.will_go,
        template=template.lower(),
        days=days,
    )


def tell_result(row: OccasionRow) -> str:
    if row.state is OccasionState.PLANNED:
        return _("planned")
    if row.state is not OccasionState.FIRED:
        return _("not sent: %(why)s", why=tell_reason(row.why)) if row.why else _("not sent")
    parts = [ngettext("%(num)d sent", "%(num)d sent", row.sent)]
    waiting = row.mails - row.sent - row.failed
    if waiting:
        parts.append(_("%(count)d not yet", count=waiting))
    if row.failed:
        parts.append(_("%(count)d did not arrive", count=row.failed))
    return ", ".join(parts)


def describe_outbox(session: Session, event: Event | None) -> dict[str, Any]:
    """A page of mails, filtered as the address says."""
    asked = search_words("state")
    states = [MailState(asked)] if asked in set(MailState) else []
    page = page_number()
    rows = queries.list_mails(
        session,
        account().organiser.id,
        states=states,
        search=search_words("q"),
        page=page,
        event_id=event.id if event else None,
    )
    return {
        "mails": [describe_mail(row) for row in rows[: queries.MAILS_A_PAGE]],
        "page": page,
        "has_next": len(rows) > queries.MAILS_A_PAGE,
        "chosen": {"state": states[0].value if states else "", "q": search_words("q")},
        "state_options": [("", _("All"))] + [(state.value, str(label)) for state, label in STATES.items()],
    }


def describe_mail(mail: OutboxMessage) -> dict[str, Any]:
    return {
        "public_id": mail.public_id,
        "email": mail.email,
        "name": mail.name,
        "what": mail.subject or name_template(mail.template),
        "state": STATES[mail.state],
        "kind": STATE_KINDS[mail.state],
        "at": name_moment(mail.sent_at or mail.due_at),
        "answer": tell_reason(mail.answer) if mail.state is not MailState.SENT else "",
    }


@blueprint.get("/mail", endpoint="mail")
@access(Access.ORGANISER)
def index() -> str:
    session = db.session()
    counts = queries.count_mails(session, account().organiser.id)
    waiting = sum(counts.get(state, 0) for state in queries.WAITING)
    return render_template(
        "workspace/mail.html",
        figures=[
            (_("sent"), counts.get(MailState.SENT, 0), MailState.SENT.value),
            (_("wait"), waiting, ""),
            (_("did not arrive"), counts.get(MailState.FAILED, 0), MailState.FAILED.value),
        ],
        total=sum(counts.values()),
        **describe_outbox(session, None),
    )


@blueprint.get("/mail/<uuid:public_id>", endpoint="show_mail")
@access(Access.ORGANISER)
def show(public_id: uuid.UUID) -> Page:
    mail = find(db.session(), public_id)
    page = make_response(
        render_template(
            "workspace/show_mail.html",
            mail=mail,
            row=describe_mail(mail),
            template=name_template(mail.template),
            due=name_moment(mail.due_at),
            sent=name_moment(mail.sent_at),
            answer=mail.answer or "",
            calendar=tell_calendar(mail.calendar),
            may_retry=mail.state in RETRYABLE,
        )
    )
    page.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return page


@blueprint.get("/mail/<uuid:public_id>/body", endpoint="mail_body")
@access(Access.ORGANISER)
def body(public_id: uuid.UUID) -> Page:
    """The HTML of the mail alone, for the frame on its page."""
    mail = find(db.session(), public_id)
    if not mail.html:
        abort(404)
    headers = {"Content-Security-Policy": SANDBOX, "Cache-Control": "no-store"}
    return Page(mail.html, mimetype="text/html", headers=headers)


@blueprint.post("/mail/<uuid:public_id>/retry", endpoint="retry_mail")
@access(Access.ORGANISER)
def retry(public_id: uuid.UUID) -> Response:
    try:
        with transaction() as session:
            outbox.retry(session, find(session, public_id), now=clock.now())
    except outbox.CannotBeDone:
        flash(_("This mail cannot be tried again: it is on its way, or it was sent."), "warning")
    else:
        flash(_("The mail is tried again at once."), "success")
    return redirect(url_for(".show_mail", public_id=public_id), 303)


def find(session: Session, public_id: uuid.UUID) -> OutboxMessage:
    """A mail of the organiser's own, or 404."""
    return workflows.find_mail(session, organiser_id=account().organiser.id, public_id=public_id) or abort(404)
