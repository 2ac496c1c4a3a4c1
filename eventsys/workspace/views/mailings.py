"""«Write to the participants now»: a one-off mail written, looked at, sent or thrown away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response as Page
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import join_words, name_run
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import db, transaction
from eventsys.web import Access, access
from eventsys.workflows.actions.occasions import wait_out_quiet
from eventsys.workflows.actions.switching import AudienceIsGone
from eventsys.workflows.rules import Audience
from eventsys.workflows.texts.rules import LANGUAGES as CODES
from eventsys.workflows.texts.rules import BadTexts, ChangedMeanwhile
from eventsys.workspace.forms import Typed
from eventsys.workspace.mail import mailings
from eventsys.workspace.mail.labels import tell_reason
from eventsys.workspace.mail.letter_form import CHOICES, NOW, read_letter, tell_faults, type_letter
from eventsys.workspace.mail.lines import upper_first
from eventsys.workspace.mail.mailings import Letter, Mailing
from eventsys.workspace.mail.occasions import Meant, count_readers
from eventsys.workspace.mail.previews import Aim, take_aim
from eventsys.workspace.mail_rules.labels import AUDIENCE_IS_GONE, AUDIENCES, LANGUAGES
from eventsys.workspace.mail_rules.meant import read_audience
from eventsys.workspace.mail_rules.queries import find_audience_names, list_audiences
from eventsys.workspace.texts.wording import list_placeholders
from eventsys.workspace.views.frame import account, blueprint, log, name_event, name_moment, own_event, today
from eventsys.workspace.views.previews import Paths, look, render_body, render_preview, send_copy
from eventsys.workspace.views.rule_offers import list_saved_options


@blueprint.get("/events/<slug>/mailings/new", endpoint="new_mailing")
@access(Access.ORGANISER)
def new(slug: str) -> str:
    event = own_event(db.session(), slug)
    return show_form(event, Typed({"audience": Audience.CONFIRMED.value, "when": NOW}), {})


@blueprint.get("/events/<slug>/mailings/audience", endpoint="count_mailing")
@access(Access.ORGANISER)
def count(slug: str) -> str:
    """How many get it, for the form while it is filled in."""
    session = db.session()
    event = own_event(session, slug)
    typed = Typed(request.args)
    return tell_readers(count_of(session, event, chosen(session, event, typed)))


@blueprint.post("/events/<slug>/mailings", endpoint="create_mailing")
@access(Access.ORGANISER)
def create(slug: str) -> Response | tuple[str, int]:
    typed, errors = Typed(request.form), dict[str, str]()
    event = own_event(db.session(), slug)
    letter = read(event, typed, errors)
    if letter is not None:
        try:
            with transaction() as session:
                key = mailings.save_draft(session, own_event(session, slug), letter, **by())
            return redirect(url_for(".mailing", slug=slug, mailing=key), 303)
        except BadTexts as bad:
            errors.update(tell_faults(bad.faults))
        except AudienceIsGone:
            errors["audience"] = str(AUDIENCE_IS_GONE)
    return show_form(own_event(db.session(), slug), typed, errors), 422


@blueprint.get("/events/<slug>/mailings/<mailing>/edit", endpoint="edit_mailing")
@access(Access.ORGANISER)
def edit(slug: str, mailing: str) -> str | Response:
    session = db.session()
    event = own_event(session, slug)
    found = find(session, event, mailing)
    if not found.is_draft:
        return too_late(slug, mailing)
    run = next((run for run in event.runs if run.id == found.rule.run_id), None)
    later = mailings.goes_at(found, timezone=timezone(), now=clock.now()) is not None
    saved = list_audiences(session, account().organiser.id, keep=found.rule.audience_id)
    return show_form(event, type_letter(found, str(run.uid) if run else "", later=later, saved=saved), {}, found)


@blueprint.post("/events/<slug>/mailings/<mailing>", endpoint="update_mailing")
@access(Access.ORGANISER)
def update(slug: str, mailing: str) -> Response | tuple[str, int]:
    typed, errors = Typed(request.form), dict[str, str]()
    event = own_event(db.session(), slug)
    found = find(db.session(), event, mailing)
    letter = read(event, typed, errors, found)
    if letter is not None:
        number = typed.get("number", "0")
        opened_at = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
        try:
            with transaction() as session:
                fresh = find(session, own_event(session, slug), mailing)
                done = mailings.change_draft(session, fresh, letter, opened_at=opened_at, **by())
            return redirect(url_for(".mailing", slug=slug, mailing=mailing), 303) if done else too_late(slug, mailing)
        except BadTexts as bad:
            errors.update(tell_faults(bad.faults))
        except AudienceIsGone:
            errors["audience"] = str(AUDIENCE_IS_GONE)
        except ChangedMeanwhile:
            errors["subject_nb"] = _("Somebody else has changed it meanwhile. Look at it before you save yours.")
    return show_form(own_event(db.session(), slug), typed, errors, found), 422


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
    readers = count_of(session, event, meant(found))
    return render_preview(
        shown,
        "workspace/mailing.html",
        event=event,
        event_title=name_event(event),
        mailing=found,
        state=tell_state(found),
        moment=name_moment(at) if at else "",
        quiet_until=tell_quiet(at or clock.now()) if found.is_draft or found.is_waiting else "",
        readers_total=sum(readers.values()),
        why_not=why_not(event, found, readers) if found.is_draft else "",
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


def chosen(session: Session, event: Event, typed: Typed, found: Mailing | None = None) -> Meant:
    """What is ticked; those with a place where it is nothing that one can choose."""
    return read_meant(session, event, typed, found) or Meant(Audience.CONFIRMED)


def read_meant(session: Session, event: Event, typed: Typed, found: Mailing | None = None) -> Meant | None:
    keep = found.rule.audience_id if found is not None else None
    asked = typed.get("audience", Audience.CONFIRMED)
    audience = read_audience(asked, list_audiences(session, account().organiser.id, keep=keep) if ":" in asked else [])
    run_id = next((run.id for run in event.runs if str(run.uid) == typed.get("run")), None)
    return Meant(audience[0], run_id, audience[1]) if audience is not None else None


def count_of(session: Session, event: Event, one: Meant) -> dict[str, int]:
    return count_readers(session, event, [one], on=today())[one]


def read(event: Event, typed: Typed, errors: dict[str, str], found: Mailing | None = None) -> Letter | None:
    """The letter that was typed, if it can be kept: it reaches somebody, and whoever it reaches can read it."""
    session = db.session()
    one = read_meant(session, event, typed, found)
    if one is None:
        errors["audience"] = _("Choose one from the list.")
    one = one or Meant(Audience.CONFIRMED)
    readers = count_of(session, event, one)
    now_local = dates.to_local(clock.now(), timezone()).replace(tzinfo=None)
    letter = read_letter(typed, errors, meant=one, readers=readers, now_local=now_local)
    if not readers and "audience" not in errors:
        errors["audience"] = tell_nobody(session, one)
    return None if errors else letter


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


def tell_readers(readers: dict[str, int]) -> str:
    """«117 får den: 108 på bokmål, 9 på nynorsk»."""
    total = sum(readers.values())
    if not total:
        return _("Nobody gets it as of now.")
    parts = [
        _("%(num)d in %(language)s", num=readers[code], language=LANGUAGES[code]) for code in CODES if readers.get(code)
    ]
    said = ngettext("%(num)d person gets it", "%(num)d people get it", total)
    return f"{said}: {join_words(parts)}."


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


def tell_quiet(at: datetime) -> str:
    """When quiet hours end, for what would go in the middle of them."""
    until = wait_out_quiet(account().organiser, at, at)
    return name_moment(until) if until != at else ""


def show_form(event: Event, typed: Typed, errors: dict[str, str], found: Mailing | None = None) -> str:
    session = db.session()
    runs = [run for run in event.runs if run.status is RunStatus.PLANNED]
    counts = count_readers(session, event, [Meant(audience) for audience in CHOICES], on=today())
    saved = list_audiences(session, account().organiser.id, keep=found.rule.audience_id if found else None)
    return render_template(
        "workspace/mailing_form.html",
        event=event,
        event_title=name_event(event),
        typed=typed,
        errors=errors,
        mailing=found,
        audiences=[
            (audience.value, f"{upper_first(str(AUDIENCES[audience]))} ({sum(counts[Meant(audience)].values())})")
            for audience in CHOICES
        ]
        + list_saved_options(saved),
        runs=[("", _("All dates"))] + [(str(run.uid), name_run(run)) for run in runs],
        readers=tell_readers(count_of(session, event, chosen(session, event, typed, found))),
        written_in=[(code, LANGUAGES[code]) for code in CODES],
        placeholders=list_placeholders(),
    )
