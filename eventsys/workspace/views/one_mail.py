"""One mail: as it was sent, its story, and what an organiser can do about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response as Page
from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.returns.queries import list_of_mail
from eventsys.mailing.rules import MailState
from eventsys.web import CSP, Access, access
from eventsys.workflows import queries as workflows
from eventsys.workspace.mail import causes, sending, story
from eventsys.workspace.mail.case_causes import list_closed
from eventsys.workspace.mail.invitation import tell_calendar
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail_rules.queries import find_names
from eventsys.workspace.views.frame import SANDBOX, account, blueprint, log, name_event, name_moment, own_event
from eventsys.workspace.views.outbox import describe_mail

RETRYABLE = (MailState.FAILED, MailState.DEFERRED, MailState.SUPPRESSED)
CANCELLABLE = (MailState.QUEUED, *RETRYABLE)


@blueprint.get("/mail/<uuid:public_id>", endpoint="show_mail")
@access(Access.ORGANISER)
def show(public_id: uuid.UUID) -> Page:
    note_read(public_id)
    session = db.session()
    mail = find(session, public_id)
    made_by = causes.list_causes(session, [mail.id]).get(mail.id, [])
    ordered_by, copy_of = causes.find_ordered(session, mail)
    lines = story.tell_story(
        mail,
        made_by,
        list_of_mail(session, mail.id),
        names=find_names(session, mail.organiser_id),
        ordered_by=ordered_by,
        worker=causes.find_worker(session, mail),
    )
    page = make_response(
        render_template(
            "workspace/show_mail.html",
            mail=mail,
            row=describe_mail(mail),
            template=name_template(mail.template),
            event=story.name_event(made_by),
            call=story.name_call(made_by),
            about=story.name_about(made_by),
            story=[(line, name_moment(line.at)) for line in lines],
            copy_of=copy_of,
            calendar=tell_calendar(mail.calendar),
            **list_deeds(session, mail),
        )
    )
    page.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return page


def note_read(public_id: uuid.UUID) -> None:
    """That a mail to a union's representative was read, which tells who is one."""
    mail = find(db.session(), public_id)
    if causes.list_restricted(db.session(), [mail.id]):
        with transaction() as session:
            log(session, LogVerb.READ, "representative", "", str(name_template(mail.template)))


def list_deeds(session: Session, mail: OutboxMessage) -> dict[str, Any]:
    """What can be done about the mail in its state; `again` is the address and the number of the order."""
    reader = causes.find_reader(session, mail) if mail.state is MailState.SENT else None
    number = causes.next_number(session, mail, account_id=account().id) if reader else None
    came_with_content = mail.text is not None
    return {
        "may_retry": mail.state in RETRYABLE and not came_with_content,
        "may_cancel": mail.state in CANCELLABLE,
        "may_decide": mail.state is MailState.UNCERTAIN,
        "again": (reader.email, number) if reader and number else None,
    }


@blueprint.get("/mail/<uuid:public_id>/body", endpoint="mail_body")
@access(Access.ORGANISER)
def body(public_id: uuid.UUID) -> Page:
    """The HTML of the mail alone, for the frame on its page."""
    note_read(public_id)
    mail = find(db.session(), public_id)
    if not mail.html:
        abort(404)
    headers = {"Content-Security-Policy": SANDBOX, "Cache-Control": "no-store"}
    return Page(mail.html, mimetype="text/html", headers=headers)


@blueprint.post("/mail/<uuid:public_id>/retry", endpoint="retry_mail")
@access(Access.ORGANISER)
def retry(public_id: uuid.UUID) -> Response:
    return act(
        public_id,
        lambda session, mail: outbox.retry(session, mail, now=clock.now()),
        done=_("The mail is tried again at once."),
        refused=_("This mail cannot be tried again: it is on its way, or it was sent."),
    )


@blueprint.post("/mail/<uuid:public_id>/cancellation", endpoint="cancel_mail")
@access(Access.ORGANISER)
def cancel(public_id: uuid.UUID) -> Response:
    return act(
        public_id,
        lambda session, mail: outbox.cancel(session, mail, now=clock.now()),
        done=_("The mail is not sent."),
        refused=_("This mail cannot be called off: it is on its way, or it was sent."),
    )


@blueprint.post("/mail/<uuid:public_id>/receipt", endpoint="count_mail_as_sent")
@access(Access.ORGANISER)
def count_as_sent(public_id: uuid.UUID) -> Response:
    return act(
        public_id,
        lambda session, mail: outbox.count_as_sent(session, mail, now=clock.now()),
        done=_("The mail counts as sent, and goes to nobody again."),
        refused=_("This mail is no longer in doubt."),
    )


def act(public_id: uuid.UUID, do: Callable[[Session, OutboxMessage], None], *, done: str, refused: str) -> Response:
    """Does it and says so on the mail's page, or says why not."""
    try:
        with transaction() as session:
            mail = find(session, public_id)
            before = {"state": mail.state}
            do(session, mail)
            note(session, LogVerb.CHANGED, mail, before, {"state": mail.state})
    except outbox.CannotBeDone:
        flash(refused, "warning")
    else:
        flash(done, "success")
    return redirect(url_for(".show_mail", public_id=public_id), 303)


@blueprint.post("/mail/<uuid:public_id>/again", endpoint="send_mail_again")
@access(Access.ORGANISER)
def send_again(public_id: uuid.UUID) -> Response:
    """Makes a new mail; the form's number makes a double click one order."""
    text = request.form.get("number", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    try:
        with transaction() as session:
            mail = find(session, public_id)
            made = sending.send_again(session, mail, account_id=account().id, number=number, now=clock.now())
            if made:
                note(session, LogVerb.ADDED, made, None, None)
    except outbox.CannotBeDone:
        flash(_("This mail cannot be sent again."), "warning")
        return redirect(url_for(".show_mail", public_id=public_id), 303)
    flash(
        _("It is sent again, as this new mail. It is written when it goes, so that it says what is true then."),
        "success",
    )
    return redirect(url_for(".show_mail", public_id=made.public_id if made else public_id), 303)


@blueprint.get("/events/<slug>/mail/retry", endpoint="retry_failed")
@access(Access.ORGANISER)
def confirm_retry_failed(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    failed = causes.count_failed(session, organiser_id=event.organiser_id, event_id=event.id)
    most = _("The %(count)d oldest are tried first; come back for the rest.", count=sending.AT_ONCE)
    return render_template(
        "workspace/mail_retry.html",
        event=event,
        event_title=name_event(event),
        failed=failed,
        most=most if failed > sending.AT_ONCE else "",
    )


@blueprint.post("/events/<slug>/mail/retry", endpoint="do_retry_failed")
@access(Access.ORGANISER)
def retry_failed(slug: str) -> Response:
    with transaction() as session:
        event = own_event(session, slug)
        done = sending.retry_failed(session, organiser_id=event.organiser_id, event_id=event.id, now=clock.now())
        if done:
            log(session, LogVerb.CHANGED, "mail", slug, name_event(event).value, None, {"copies": done})
    if done:
        flash(ngettext("%(num)d mail is tried again.", "%(num)d mails are tried again.", done), "success")
    else:
        flash(_("There was no mail to try again."), "info")
    return redirect(url_for(".mail", event=slug), 303)


def note(
    session: Session, verb: LogVerb, mail: OutboxMessage, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    """In the log under the mail; whom it is to stands on its own page."""
    log(session, verb, "mail", str(mail.public_id), str(name_template(mail.template)), before, after)


def find(session: Session, public_id: uuid.UUID) -> OutboxMessage:
    """A mail of the organiser's own, or 404; so too for one about an application that the account may not read."""
    mail = workflows.find_mail(session, organiser_id=account().organiser.id, public_id=public_id)
    if mail is None or list_closed(session, [mail.id], account().id):
        abort(404)
    return mail
