"""Publishing an event and cancelling it: what each step sends is shown first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.audiences.rules import read_clauses
from eventsys.events import actions
from eventsys.events.labels import name_run
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus, Precision, RunStatus
from eventsys.extensions import db, transaction
from eventsys.invitations.queries import count_new, list_rounds
from eventsys.web import Access, access
from eventsys.workspace.forms import LANGUAGES, Reader, Typed
from eventsys.workspace.mail.plans import PlannedMail, list_planned
from eventsys.workspace.mail_rules.labels import AUDIENCES
from eventsys.workspace.views.event_form import CODES
from eventsys.workspace.views.frame import account, blueprint, name_event, name_moment, own_event, today
from eventsys.workspace.views.told import count_told, tell_addresses, tell_mails

MOST_LINE = 500


@blueprint.get("/events/<slug>/publication", endpoint="confirm_publish_event")
@access(Access.ORGANISER)
def confirm_publish(slug: str) -> str | Response:
    """What publishing shows to whom and sends, and what is not ready yet."""
    session = db.session()
    event = own_event(session, slug)
    if event.status is not EventStatus.DRAFT:
        return redirect(url_for(".event", slug=slug), 303)
    planned = list_planned(session, event, timezone=account().organiser.timezone, on=today(), now=clock.now())
    rounds = list_waiting(session, event)
    return render_template(
        "workspace/publish.html",
        event=event,
        title=name_event(event),
        runs=[name_run(run) for run in event.runs if run.status is RunStatus.PLANNED],
        lacking=list_lacking(event),
        planned=[describe_planned(mail, event) for mail in planned],
        rounds=rounds,
        at_once=sum(one["how_many"] for one in rounds if not one["at"]),
    )


def list_waiting(session: Session, event: Event) -> list[dict[str, Any]]:
    """The rounds of invitations that wait for the event to be published; without a moment they go at once."""
    found, now = [], clock.now()
    for line in reversed(list_rounds(session, event.id)):
        one = line.round
        if one.sent_at is not None or one.stopped_at is not None:
            continue
        clauses = read_clauses(one.clauses)
        asked = count_new(session, clauses, event_id=event.id, organiser_id=event.organiser_id, on=today())
        later = one.send_at is not None and one.send_at > now
        found.append({"at": name_moment(one.send_at) if later else "", "how_many": asked})
    return found


def describe_planned(mail: PlannedMail, event: Event) -> dict[str, str]:
    """«ma. 25. aug. kl. 09.00 · Påminnelse · bekreftede deltakere (ingen ennå)»."""
    run = next((run for run in event.runs if run.id == mail.run_id), None)
    return {
        "at": name_moment(mail.due_at),
        "text": mail.text,
        "to": str(AUDIENCES.get(mail.audience, mail.audience)),
        "run": name_run(run) if run and len(event.runs) > 1 else "",
        "count": tell_mails(mail.how_many),
    }


def list_lacking(event: Event) -> list[tuple[str, str]]:
    """What publishing can do without but readers will miss: words and where to write them."""
    form = url_for(".edit_event", slug=event.slug)
    names = dict(CODES)
    found = [
        (_("The title is not written in %(language)s.", language=names[code]), f"{form}#title_{code}")
        for code in LANGUAGES
        if code not in event.title
    ]
    if not event.description:
        found.append((_("There is no description."), f"{form}#description_nb"))
    return [
        *found,
        *(one for run in event.runs if run.status is RunStatus.PLANNED for one in list_lacking_of(event, run)),
    ]


def list_lacking_of(event: Event, run: Run) -> Iterator[tuple[str, str]]:
    """What is not known of a date yet; which one is named where there are several."""
    edit = url_for(".edit_run", slug=event.slug, uid=run.uid)
    if run.precision is Precision.UNKNOWN:
        yield _("The day is not set."), edit
    if run.venue_id is None and len(event.runs) > 1:
        yield _("%(dates)s has no place yet.", dates=name_run(run)), edit
    elif run.venue_id is None:
        yield _("It has no place yet."), edit


@blueprint.post("/events/<slug>/publication", endpoint="publish_event")
@access(Access.ORGANISER)
def publish(slug: str) -> Response:
    with transaction() as session:
        published = actions.publish(session, own_event(session, slug), account_id=account().id, now=clock.now())
        is_closed = own_event(session, slug).is_closed
    if published and is_closed:
        flash(_("The meeting is published. Those who are asked to it find it behind their own links."), "success")
    elif published:
        flash(_("The event is published. It is on the front page and in every calendar that it concerns."), "success")
    return redirect(url_for(".event", slug=slug), 303)


@blueprint.get("/events/<slug>/cancellation", endpoint="confirm_cancel_event")
@access(Access.ORGANISER)
def confirm_cancel(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    return render_template(
        "workspace/confirm.html",
        event=event,
        event_title=name_event(event),
        title=_("Cancel the event?"),
        text=tell_addresses(count_told(session, event, event.runs)),
        facts=[name_run(run) for run in event.runs if run.status is RunStatus.PLANNED],
        warning=_("This cannot be undone. The event stays in calendars, marked as cancelled."),
        asks_line=True,
        button=_("Yes, cancel the event"),
        action=url_for(".cancel_event", slug=slug),
        back=url_for(".event", slug=slug),
    )


@blueprint.post("/events/<slug>/cancellation", endpoint="cancel_event")
@access(Access.ORGANISER)
def cancel(slug: str) -> Response:
    base_url, line = current_app.config["BASE_URL"], read_line(Reader(Typed(request.form)))
    with transaction() as session:
        event = own_event(session, slug)
        done = actions.cancel(session, event, base_url=base_url, line=line, account_id=account().id, now=clock.now())
    if done:
        flash(_("The event is cancelled. Those who were signed up are told by mail."), "success")
    return redirect(url_for(".event", slug=slug), 303)


def read_line(reader: Reader) -> str:
    """The organiser's own word to those who are told; what is longer than a mail's line is cut."""
    return reader.prose("line", most=10 * MOST_LINE)[:MOST_LINE]
