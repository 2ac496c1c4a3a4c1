"""«Write to the participants now»: a one-off mail looked at, sent or thrown away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response as Page
from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.audiences.rules import asks_for_union, read_clauses
from eventsys.events.labels import join_words, name_run
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.extensions import db, transaction
from eventsys.web import Access, access
from eventsys.workflows import copies, enclosures
from eventsys.workflows.actions.occasions import wait_out_quiet
from eventsys.workspace.audiences.labels import name_clauses
from eventsys.workspace.audiences.reading import Asker, read_all_names
from eventsys.workspace.mail import mailings
from eventsys.workspace.mail.enclosed import describe_files
from eventsys.workspace.mail.labels import tell_reason
from eventsys.workspace.mail.mailings import Mailing
from eventsys.workspace.mail.occasions import Meant, count_readers
from eventsys.workspace.mail.previews import Aim, take_aim
from eventsys.workspace.mail_rules.labels import AUDIENCES, LANGUAGES
from eventsys.workspace.mail_rules.queries import find_audience_names
from eventsys.workspace.views.frame import account, blueprint, log, name_event, name_moment, own_event, today
from eventsys.workspace.views.previews import Paths, look, render_body, render_preview, send_copy


@blueprint.get("/events/<slug>/mailings/<mailing>", endpoint="mailing")
@access(Access.ORGANISER)
def show(slug: str, mailing: str) -> Page:
    """To whom, as of now, and what each gets; the button that sends it."""
    session = db.session()
    event = own_event(session, slug)
    found = find(session, event, mailing)
    shown = look(session, aim_of(session, event, found))
    where: dict[str, Any] = {"slug": slug, "mailing": mailing}
    at = mailings.goes_at(found, timezone=timezone(), now=clock.now())
    readers, text = count_of(session, event, meant(found)), (event.organiser_id, found.rule.template)
    return render_preview(
        shown,
        "workspace/mailing.html",
        event=event,
        event_title=name_event(event),
        mailing=found,
        state=tell_state(found),
        went_to=tell_list(session, found),
        moment=name_moment(at) if at else "",
        quiet_until=tell_quiet(at or clock.now()) if found.is_draft or found.is_waiting else "",
        readers_total=sum(readers.values()),
        why_not=why_not(event, found, readers) if found.is_draft else "",
        files=describe_files(enclosures.find_enclosures(session, [text]).get(text, [])),
        partners=copies.list_partners(session, found.template_id),
        days=next((name_run(run) for run in event.runs if run.id == found.rule.run_id), ""),
        paths=Paths(
            page=url_for(".mailing", **where),
            body=url_for(".mailing_body", **where),
            test=url_for(".test_mailing", **where),
        ),
    )


@blueprint.get("/events/<slug>/mailings/<mailing>/body", endpoint="mailing_body")
@access(Access.ORGANISER)
def body(slug: str, mailing: str) -> Page:
    session = db.session()
    event = own_event(session, slug)
    return render_body(look(session, aim_of(session, event, find(session, event, mailing))))


@blueprint.post("/events/<slug>/mailings/<mailing>/test", endpoint="test_mailing")
@access(Access.ORGANISER)
def test(slug: str, mailing: str) -> Response:
    with transaction() as session:
        event = own_event(session, slug)
        send_copy(session, look(session, aim_of(session, event, find(session, event, mailing))))
    return redirect(url_for(".mailing", slug=slug, mailing=mailing), 303)


@blueprint.post("/events/<slug>/mailings/<mailing>/sending", endpoint="send_mailing")
@access(Access.ORGANISER)
def send(slug: str, mailing: str) -> Response:
    """Orders it once, however often the button is pressed."""
    now = clock.now()
    with transaction() as session:
        event = own_event(session, slug)
        found = find(session, event, mailing)
        readers = count_of(session, event, meant(found))
        refused = why_not(event, found, readers) if found.is_draft else ""
        done = not refused and mailings.send(
            session, event, found, account_id=account().id, timezone=timezone(), now=now
        )
        if done:
            log(session, LogVerb.CHANGED, "mailing", mailing, found.name, {"on": False}, {"on": True})
    if refused:
        flash(refused, "warning")
        return redirect(url_for(".mailing", slug=slug, mailing=mailing), 303)
    if done:
        how_many = sum(readers.values())
        flash(ngettext("It goes to %(num)d person.", "It goes to %(num)d people.", how_many), "success")
    return redirect(url_for(".event_mail", slug=slug), 303)


@blueprint.post("/events/<slug>/mailings/<mailing>/cancellation", endpoint="cancel_mailing")
@access(Access.ORGANISER)
def cancel(slug: str, mailing: str) -> Response:
    with transaction() as session:
        found = find(session, own_event(session, slug), mailing)
        done = mailings.throw_away(session, found, account_id=account().id, now=clock.now())
        if done:
            log(session, LogVerb.REMOVED, "mailing", mailing, found.name)
    if not done:
        return too_late(slug, mailing)
    flash(_("It is not sent."), "success")
    return redirect(url_for(".event_mail", slug=slug), 303)


def too_late(slug: str, mailing: str) -> Response:
    flash(_("It is on its way already, or it was thrown away, so it cannot be changed."), "warning")
    return redirect(url_for(".mailing", slug=slug, mailing=mailing), 303)


# --- what is asked and what is said ---------------------------------------------------------------------------------


def find(session: Session, event: Event, key: str) -> Mailing:
    return mailings.find_mailing(session, event, key) or abort(404)


def timezone() -> str:
    return account().organiser.timezone


def by() -> dict[str, Any]:
    return {"account_id": account().id, "timezone": timezone(), "now": clock.now()}


def aim_of(session: Session, event: Event, found: Mailing) -> Aim:
    return take_aim(session, event, found.rule, found.rule.run_id, today())


def meant(found: Mailing) -> Meant:
    return Meant(found.rule.audience, found.rule.run_id, found.rule.audience_id)


def count_of(session: Session, event: Event, one: Meant) -> dict[str, int]:
    return count_readers(session, event, [one], on=today())[one]


def why_not(event: Event, found: Mailing, readers: dict[str, int]) -> str:
    """Why it cannot be sent as things are; empty when it can."""
    if event.status is EventStatus.DRAFT:
        return _("A draft sends nothing. Publish the event first.")
    if event.status is EventStatus.CANCELLED:
        return _("The event is cancelled, and those who were signed up have been told.")
    if not readers:
        return tell_nobody(db.session(), meant(found))
    needed = mailings.list_needed(readers, found.texts)
    if needed:
        names = join_words([str(LANGUAGES[code]) for code in needed])
        return _("Somebody reads %(languages)s, and it is not written in that. Write it first.", languages=names)
    return ""


def tell_nobody(session: Session, one: Meant) -> str:
    saved = find_audience_names(session, account().organiser.id) if one.audience_id is not None else {}
    whom = saved.get(one.audience_id or 0) or str(AUDIENCES[one.audience])
    return _("There is nobody to send it to: “%(whom)s” has nobody in it as of now.", whom=whom)


def tell_state(found: Mailing) -> str:
    """Where it stands, for one that is no draft any more."""
    if found.is_draft:
        return ""
    if found.rule.removed_at is not None:
        return _("It was thrown away, and was not sent.")
    if found.is_waiting and found.occasion is not None:
        return _("It goes out %(moment)s.", moment=name_moment(found.occasion.due_at))
    if found.occasion is not None and found.occasion.why:
        return _("It was not sent: %(why)s.", why=tell_reason(found.occasion.why))
    return _("It has gone out.")


def tell_list(session: Session, found: Mailing) -> str:
    """Whom the saved audience meant when the mail was ordered, or when it went; empty where it goes to another."""
    if not found.rule.clauses or found.is_draft:
        return ""
    clauses = read_clauses(found.rule.clauses)
    if asks_for_union(clauses):
        return _("restricted")
    return name_clauses(clauses, read_all_names(session, clauses, Asker(account().organiser.id, today())))


def tell_quiet(at: datetime) -> str:
    """When quiet hours end, for what would go in the middle of them."""
    until = wait_out_quiet(account().organiser, at, at)
    return name_moment(until) if until != at else ""
