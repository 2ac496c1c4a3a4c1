"""Whether mail goes out: the workers, what waits and what failed; and a test mail that says each step of its way."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import abort, current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.extensions import db, transaction
from eventsys.labels import tell_ago
from eventsys.mailing.addresses import email_key
from eventsys.mailing.health import find_trouble, list_workers
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.returns.queries import count_unseen
from eventsys.mailing.rules import MailState
from eventsys.web import Access, access
from eventsys.workflows import queries as workflows
from eventsys.workspace.mail import causes, queries, sending
from eventsys.workspace.mail.health import TROUBLES, Surroundings, describe_worker, is_over, list_steps
from eventsys.workspace.views.frame import account, blueprint, name_moment
from eventsys.workspace.views.outbox import describe_mail, name_count


@blueprint.get("/health", endpoint="health")
@access(Access.ORGANISER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    workers, real_now = list_workers(session), clock.real_now()
    trouble = find_trouble(workers, real_now=real_now)
    last = sending.find_last_test(session, organiser_id, key=email_key(account().email))
    return render_template(
        "workspace/health.html",
        trouble=TROUBLES[trouble] if trouble else None,
        is_suppressed=current_app.config["MAIL_SUPPRESS_SEND"],
        workers=[describe_worker(worker, real_now=real_now) for worker in workers],
        facts=list_facts(session, organiser_id),
        email=account().email,
        last={**describe_mail(last), "at": name_moment(last.created_at)} if last else None,
    )


def list_facts(session: Session, organiser_id: int) -> list[tuple[str, str, str, str]]:
    """What waits, what failed, what came back: label, value, address, and the colour of what must be looked at."""
    now = clock.now()
    oldest = queries.find_oldest_unsent(session, organiser_id, now=now)
    failed = queries.count_since(session, organiser_id, MailState.FAILED, now - queries.DAY)
    states = queries.count_states(session, organiser_id, (MailState.QUEUED, MailState.DEFERRED))
    sent = queries.count_since(session, organiser_id, MailState.SENT, now - queries.DAY)
    returned = count_unseen(session, organiser_id)
    show_oldest = url_for(".show_mail", public_id=oldest.public_id) if oldest else ""
    is_late = oldest is not None and now - oldest.due_at > queries.LATE
    return [
        (
            _("The oldest mail that has not gone"),
            _("due %(ago)s", ago=tell_ago(now - oldest.due_at)) if oldest else _("none: all that is due has gone"),
            show_oldest,
            "warning" if is_late else "",
        ),
        (_("Waits"), name_count(states[MailState.QUEUED]), url_for(".mail", state=MailState.QUEUED.value), ""),
        (
            _("Will be tried again"),
            name_count(states[MailState.DEFERRED]),
            url_for(".mail", state=MailState.DEFERRED.value),
            "warning" if states[MailState.DEFERRED] else "",
        ),
        (
            _("Did not arrive in the last day"),
            name_count(failed),
            url_for(".mail", state=MailState.FAILED.value),
            "danger" if failed else "",
        ),
        (
            _("Came back and nobody has looked at it"),
            str(returned),
            url_for(".returned_mails"),
            "warning" if returned else "",
        ),
        (_("Sent in the last day"), name_count(sent), url_for(".mail", state=MailState.SENT.value), ""),
    ]


@blueprint.post("/health/test", endpoint="send_test_mail")
@access(Access.ORGANISER)
def send_test() -> Response:
    me, settings = account(), current_app.config
    with transaction() as session:
        mail = sending.send_test(
            session,
            me.organiser,
            account_id=me.id,
            email=me.email,
            name=me.name,
            language=me.language,
            site=settings["SITE_NAME"],
            base_url=settings["BASE_URL"],
            now=clock.now(),
        )
        public_id = mail.public_id
    return redirect(url_for(".test_mail", public_id=public_id), 303)


@blueprint.get("/health/test/<uuid:public_id>", endpoint="test_mail")
@access(Access.ORGANISER)
def follow_test(public_id: uuid.UUID) -> str:
    """Each step so far. The page asks for itself every second until the test is over."""
    session = db.session()
    mail = workflows.find_mail(session, organiser_id=account().organiser.id, public_id=public_id)
    if mail is None or mail.template != sending.TEST:
        abort(404)
    return render_template(
        "workspace/test_mail.html",
        mail=mail,
        row=describe_mail(mail),
        steps=[(step, name_clock(step.at)) for step in list_steps(mail, look_around(session, mail))],
        over=is_over(mail),
    )


def look_around(session: Session, mail: OutboxMessage) -> Surroundings:
    workers, settings = list_workers(session), current_app.config
    return Surroundings(
        server=f"{settings['MAIL_SERVER']}:{settings['MAIL_PORT']}",
        is_suppressed=settings["MAIL_SUPPRESS_SEND"],
        workers=workers,
        taken_by=causes.find_worker(session, mail),
        trouble=find_trouble(workers, real_now=clock.real_now()),
        now=clock.now(),
    )


def name_clock(at: datetime | None) -> str:
    """The time of day to the second: the steps are seconds apart."""
    return f"{dates.to_local(at, account().organiser.timezone):%H:%M:%S}" if at else ""
