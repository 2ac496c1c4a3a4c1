"""Stopping mail and letting it go again: of an event, of a rule, or of everything that the organiser sends."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisers.models import INSTALLATION
from eventsys.web import Access, access, language
from eventsys.workflows import pauses
from eventsys.workflows.models import Rule
from eventsys.workflows.pauses import PauseRow
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail.occasions import find_rule
from eventsys.workspace.views.frame import account, blueprint, log, name_event, name_moment, own_event


@blueprint.context_processor
def banner() -> dict[str, Any]:
    """What is stopped, on every page of the organisers'."""
    if not request.path.startswith("/manage") or not getattr(account(), "id", None):
        return {}
    return {"stopped": [describe(row) for row in pauses.list_pauses(db.session(), account().organiser.id)]}


def describe(row: PauseRow) -> dict[str, Any]:
    """A line of the banner, and what its button says to let it go again; none for what others stopped."""
    facts = {"since": name_moment(row.since), "by": row.by}
    said = _("since %(since)s, by %(by)s", **facts) if row.by else _("since %(since)s", since=facts["since"])
    return {
        "what": tell_stopped(row),
        "said": said,
        "event": row.event_slug or "",
        "rule": row.rule_id or "",
        "may_resume": row.organiser_id == account().organiser.id,
    }


def tell_stopped(row: PauseRow) -> str:
    if row.of_everybody:
        return _("All mail of everybody who arranges here is stopped")
    if row.event_id is not None:
        return _("All mail about «%(event)s» is stopped", event=texts.read(row.event_title, language()).value)
    if row.rule_id is not None:
        return _("«%(template)s» is stopped", template=name_template(row.rule_template or ""))
    return _("All mail from %(organiser)s is stopped", organiser=account().organiser.name)


@blueprint.get("/mail/pause", endpoint="confirm_pause_mail")
@access(Access.ORGANISER)
def confirm_all() -> str:
    organiser = account().organiser
    everybody = organiser.slug == INSTALLATION
    return ask(
        title=_("Stop all mail?"),
        text=_("No mail goes out from anybody who arranges here, until you let it go again.")
        if everybody
        else _(
            "No mail goes out from %(organiser)s, about any event, until you let it go again.", organiser=organiser.name
        ),
        action=url_for(".pause_mail"),
        back=url_for(".mail"),
        crumbs=[(url_for(".mail"), _("Mail"))],
    )


@blueprint.post("/mail/pause", endpoint="pause_mail")
@access(Access.ORGANISER)
def stop_all() -> Response:
    with transaction() as session:
        done = pauses.pause(session, organiser_id=account().organiser.id, account_id=account().id, now=clock.now())
        note(session, LogVerb.ADDED, done, "", account().organiser.name)
    tell_stopped_now(done)
    return redirect(url_for(".mail"), 303)


@blueprint.get("/events/<slug>/mail/pause", endpoint="confirm_pause_event")
@access(Access.ORGANISER)
def confirm_event(slug: str) -> str:
    event = own_event(db.session(), slug)
    return ask(
        title=_("Stop all mail?"),
        text=_("No mail about «%(event)s» goes out until you let it go again.", event=name_event(event).value),
        action=url_for(".pause_event", slug=slug),
        back=url_for(".event_mail", slug=slug),
        crumbs=crumbs_of(slug, name_event(event).value),
    )


@blueprint.post("/events/<slug>/mail/pause", endpoint="pause_event")
@access(Access.ORGANISER)
def stop_event(slug: str) -> Response:
    with transaction() as session:
        event = own_event(session, slug)
        done = pauses.pause(
            session, organiser_id=event.organiser_id, event_id=event.id, account_id=account().id, now=clock.now()
        )
        note(session, LogVerb.ADDED, done, slug, name_event(event).value)
    tell_stopped_now(done)
    return redirect(url_for(".event_mail", slug=slug), 303)


@blueprint.get("/events/<slug>/mail/rules/<key>/pause", endpoint="confirm_pause_rule")
@access(Access.ORGANISER)
def confirm_rule(slug: str, key: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    rule = find_rule(session, event, key) or abort(404)
    return ask(
        title=_("Stop «%(template)s»?", template=name_template(rule.template)),
        text=tell_reach(rule, name_event(event).value),
        action=url_for(".pause_rule", slug=slug, key=key),
        back=url_for(".event_mail", slug=slug),
        crumbs=crumbs_of(slug, name_event(event).value),
    )


@blueprint.post("/events/<slug>/mail/rules/<key>/pause", endpoint="pause_rule")
@access(Access.ORGANISER)
def stop_rule(slug: str, key: str) -> Response:
    with transaction() as session:
        event = own_event(session, slug)
        rule = find_rule(session, event, key) or abort(404)
        done = pauses.pause(
            session, organiser_id=event.organiser_id, rule_id=rule.id, account_id=account().id, now=clock.now()
        )
        note(session, LogVerb.ADDED, done, key, str(name_template(rule.template)))
    tell_stopped_now(done)
    return redirect(url_for(".event_mail", slug=slug), 303)


@blueprint.post("/mail/resumption", endpoint="resume_mail")
@access(Access.ORGANISER)
def let_go() -> Response:
    """Of the event or the rule that the form names, or of everything of the organiser's."""
    slug, rule = request.form.get("event", ""), request.form.get("rule", "")
    if rule and not (rule.isascii() and rule.isdigit() and len(rule) < 10):
        abort(404)
    with transaction() as session:
        event = own_event(session, slug) if slug else None
        done = pauses.resume(
            session,
            organiser_id=account().organiser.id,
            event_id=event.id if event else None,
            rule_id=int(rule) if rule else None,
        )
        note(session, LogVerb.REMOVED, done, slug or rule, name_event(event).value if event else "")
    if done:
        flash(_("The mail goes out again. What no longer makes sense is left out, and says so."), "success")
    return redirect(url_for(".event_mail", slug=slug) if slug else url_for(".mail"), 303)


def note(session: Session, verb: LogVerb, done: bool, key: str, name: str) -> None:
    """In the log, if anything was stopped or let go."""
    if done:
        log(session, verb, "pause", key or account().organiser.slug, name)


def ask(**facts: Any) -> str:
    return render_template("workspace/pause.html", **facts)


def crumbs_of(slug: str, title: str) -> list[tuple[str, str]]:
    return [
        (url_for(".events"), _("Events")),
        (url_for(".event", slug=slug), title),
        (url_for(".event_mail", slug=slug), _("Mail")),
    ]


def tell_reach(rule: Rule, title: str) -> str:
    """For which events it is stopped: a rule of the organiser's reaches beyond the event from whose page it is asked."""
    if rule.event_id is not None:
        return _("It does not go out about «%(event)s» until you let it go again.", event=title)
    if rule.event_type is not None:
        return _("It does not go out about any event of this type until you let it go again.")
    return _("It does not go out about any of your events until you let it go again.")


def tell_stopped_now(done: bool) -> None:
    if done:
        flash(_("The mail is stopped. It waits here, and nothing is lost."), "success")
    else:
        flash(_("The mail was stopped already."), "info")
