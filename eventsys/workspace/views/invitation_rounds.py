"""A round of invitations: chosen, looked at with who gets it and what they read, then sent now or later."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response as HtmlPage
from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.accounts.rules import LogVerb
from eventsys.audiences.queries import LISTED_AT_ONCE, list_saved
from eventsys.audiences.rules import Clause, asks_for_union, read_clauses
from eventsys.dates import read_day
from eventsys.events.labels import join_words
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.extensions import db, transaction
from eventsys.invitations import actions
from eventsys.invitations.actions import RoundFacts
from eventsys.invitations.queries import find_only_run, select_taken
from eventsys.web import CSP, Access, access, language
from eventsys.workspace.audiences.labels import name_clauses
from eventsys.workspace.audiences.reading import Asker, People, read_all_names, read_people
from eventsys.workspace.forms import LATER, NOW, Reader, Typed
from eventsys.workspace.invitations import previews, reading
from eventsys.workspace.invitations.forms import OF_EVENT, RoundEntry, read_round
from eventsys.workspace.invitations.previews import Letter
from eventsys.workspace.invitations.reading import Newcomers, Whom
from eventsys.workspace.mail_rules.labels import LANGUAGES
from eventsys.workspace.views.frame import (
    SANDBOX,
    account,
    blueprint,
    log,
    name_event,
    name_moment,
    own_event,
    read_id,
    tabs,
    today,
)

Page = Response | str | tuple[str, int]
TEMPLATE = "invited"


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed and is right: whom, and how."""

    whom: Whom
    entry: RoundEntry


def asker() -> Asker:
    return Asker(account().organiser.id, today())


def now_local() -> datetime:
    return dates.to_local(clock.now(), account().organiser.timezone).replace(tzinfo=None)


@blueprint.get("/events/<slug>/invitations/new", endpoint="new_invitations")
@access(Access.ORGANISER)
def new(slug: str) -> Page:
    event = own_event(db.session(), slug)
    if event.status is EventStatus.CANCELLED:
        flash(_("The event is cancelled, so nobody is invited to it."), "info")
        return redirect(url_for(".invitations", slug=slug), 303)
    return show_form(event, Typed({"whom": request.args.get("audience", ""), "when": NOW}), {})


@blueprint.post("/events/<slug>/invitations/check", endpoint="check_invitations")
@access(Access.ORGANISER)
def check(slug: str) -> Page:
    """Who would be asked and what they would read. Nothing is written, but that names of representatives were read."""
    session, reader = db.session(), Reader(Typed(request.form))
    event = own_event(session, slug)
    if "back" in request.form:
        return show_form(event, reader.typed, {})
    found = read(session, event, reader)
    if found is None:
        return show_form(event, reader.typed, reader.errors), 422
    return show_check(event, reader.typed, found)


@blueprint.post("/events/<slug>/invitations", endpoint="create_invitations")
@access(Access.ORGANISER)
def create(slug: str) -> Page:
    """Plans the round, and sends it where it is for now. The page's own number makes a form sent twice one round."""
    reader = Reader(Typed(request.form))
    with transaction() as session:
        event = own_event(session, slug)
        found = read(session, event, reader)
        if found is not None:
            told = order(session, event, found, reader.typed.get("round", ""))
    if found is None:
        return show_form(own_event(db.session(), slug), reader.typed, reader.errors), 422
    flash(told, "success")
    return redirect(url_for(".invitations", slug=slug), 303)


def order(session: Session, event: Event, found: Read, number: str) -> str:
    """The round, sent if it can be; says what becomes of it."""
    entry, now = found.entry, clock.now()
    send_at = None
    if entry.at_local is not None:
        send_at = dates.to_utc(entry.at_local, account().organiser.timezone)
    facts = RoundFacts(
        clauses=found.whom.clauses,
        audience_id=found.whom.audience.id if found.whom.audience else None,
        template=TEMPLATE,
        follows=entry.follows,
        places=entry.places,
        held_until=entry.held_until,
        send_at=send_at,
    )
    public_id = read_id(number) or uuid.uuid4()
    row = actions.plan_round(session, event, facts, public_id=public_id, account_id=account().id, now=now)
    if row.created_at < now or row.sent_at is not None:
        return _("The invitations are ordered already.")
    log(session, LogVerb.ADDED, "invitation_round", str(row.public_id), name_event(event).value)
    if send_at is not None:
        return _("The invitations go out %(moment)s.", moment=name_moment(send_at))
    if event.status is EventStatus.DRAFT:
        return _("The invitations go out when the event is published.")
    sent = actions.send_round(session, row, now=now)
    told = ngettext("%(num)d is invited.", "%(num)d are invited.", sent.asked)
    if sent.held < sent.wanted:
        told += " " + _("Places are held for %(held)d of %(wanted)d: there are no more.", held=sent.held, wanted=sent.wanted)  # fmt: skip  # noqa: E501
    return told


def read(session: Session, event: Event, reader: Reader) -> Read | None:
    """What was typed; None where something is wrong, which then stands beside its field."""
    may_hold = find_only_run(session, event.id) is not None
    entry = read_round(reader, now_local=now_local(), may_hold=may_hold)
    choice = reader.typed.get("whom", "")
    whom = reading.find_whom(session, event, choice, asker(), read_id(choice))
    if whom is not None and not may_aim(whom.clauses):
        whom = None
    if choice and whom is None:
        reader.errors["whom"] = _("Choose whom to invite.")
    return Read(whom, entry) if whom is not None and entry is not None and not reader.errors else None


def may_aim(clauses: Sequence[Clause]) -> bool:
    """Whether this account may: who helps with one event finds nobody by their union."""
    return account().may(Access.ORGANISER) or not asks_for_union(clauses)


# --- the pages ------------------------------------------------------------------------------------------------------


def show_form(event: Event, typed: Typed, errors: dict[str, str]) -> str:
    session = db.session()
    meant = reading.list_meant(session, event)
    meant = meant if may_aim(meant) else ()
    saved = [(row, read_clauses(row.clauses)) for row in list_saved(session, account().organiser.id)]
    rows = [(row, clauses) for row, clauses in saved if may_aim(clauses)]
    every = [*meant, *(clause for _row, clauses in rows for clause in clauses)]
    names = read_all_names(session, every, asker())
    choices = [(str(row.public_id), row.name, name_clauses(clauses, names)) for row, clauses in rows]
    if meant:
        choices.insert(0, (OF_EVENT, _("Those the event is for"), name_clauses(meant, names)))
    if not typed.get("whom") and meant:
        typed["whom"] = OF_EVENT
    return render_template(
        "workspace/invitation_form.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "invitations"),
        typed=typed,
        errors=errors,
        choices=choices,
        whens=[(NOW, _("Now")), (LATER, _("Later"))],
        may_hold=find_only_run(session, event.id) is not None,
        may_make=account().may(Access.ORGANISER),
    )


def show_check(event: Event, typed: Typed, found: Read) -> Response:
    clauses, slug = found.whom.clauses, event.slug
    whom = found.whom.audience.name if found.whom.audience else ""
    if asks_for_union(clauses):
        with transaction() as writing:
            log(writing, LogVerb.READ, "representative", slug, name_event(event).value)
    session = db.session()
    event = own_event(session, slug)
    counted = reading.count_newcomers(session, event, clauses, asker())
    people = read_people(session, clauses, asker(), without=select_taken(event.id))
    mails = previews.render(session, event, letter_of(people, found.entry.held_until))
    page = make_response(
        render_template(
            "workspace/invitation_check.html",
            event=event,
            event_title=name_event(event),
            tabs=tabs(event, "invitations"),
            typed=[(name, value) for name, value in typed.items(multi=True) if name not in ("csrf_token", "round")],
            whom=whom or name_clauses(clauses, read_all_names(session, clauses, asker())),
            told=tell_counted(counted),
            already=counted.total - counted.asked,
            when=tell_when(event, found.entry),
            too_early=tell_too_early(event, found.entry),
            follows=found.entry.follows,
            held=tell_places(found.entry, counted, reading.count_places_left(session, event, asker())),
            people=people,
            asked=counted.asked,
            most=LISTED_AT_ONCE,
            mails=[
                {"code": mail.language, "language": LANGUAGES[mail.language], "mail": mail.mail, "faults": mail.faults}
                for mail in mails
            ],
            number=uuid.uuid4(),
            may_write=account().may(Access.ORGANISER),
            until=found.entry.held_until.isoformat() if found.entry.held_until else "",
        )
    )
    page.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return page


def tell_counted(counted: Newcomers) -> str:
    """«40 inviteres: 31 på bokmål, 9 på nynorsk»."""
    if not counted.asked:
        return _("Nobody new is invited as of now.")
    said = ngettext("%(num)d is invited", "%(num)d are invited", counted.asked)
    parts = [
        _("%(num)d in %(language)s", num=many, language=LANGUAGES.get(code, code))
        for code, many in sorted(counted.languages.items(), key=lambda item: -item[1])
    ]
    return f"{said}: {join_words(parts)}."


def tell_when(event: Event, entry: RoundEntry) -> str:
    if entry.at_local is not None:
        at = dates.to_utc(entry.at_local, account().organiser.timezone)
        return _("It goes out %(moment)s. Who is in the audience then is invited.", moment=name_moment(at))
    if event.status is EventStatus.DRAFT:
        return _("It goes out when the event is published. Who is in the audience then is invited.")
    return _("It goes out at once.")


def tell_too_early(event: Event, entry: RoundEntry) -> str:
    """That nobody can say yes yet when they read it; empty where they can."""
    goes_on = entry.at_local.date() if entry.at_local is not None else today()
    if event.opens_on is None or event.opens_on <= goes_on:
        return ""
    day = dates.format_day(event.opens_on, language())
    return _("Sign-up opens %(day)s. Nobody can say yes before that, only no.", day=day)


def tell_places(entry: RoundEntry, counted: Newcomers, left: int | None) -> str:
    """How many places would be held, and whether there are so many."""
    if entry.places is None or entry.held_until is None:
        return ""
    wanted = entry.places * counted.organisations + counted.without
    day = dates.format_day(entry.held_until, language())
    told = ngettext("%(num)d place is held until %(day)s.", "%(num)d places are held until %(day)s.", wanted, day=day)
    if left is None or wanted <= left:
        return told
    return _("%(wanted)d places are asked to be held, and %(left)d are left: the first who fit get theirs, and all are invited.", wanted=wanted, left=left)  # fmt: skip  # noqa: E501


def letter_of(people: People, held_until: date | None) -> Letter:
    """The mail as the first who is asked reads it; an example where that is nobody."""
    config = current_app.config
    name = people.listed[0].name if people.listed else _("Somebody")
    site, base = config["SITE_NAME"], config["BASE_URL"]
    return Letter(TEMPLATE, name, held_until, account().organiser.name, site, base)


@blueprint.get("/events/<slug>/invitations/preview/<code>", endpoint="preview_invitation")
@access(Access.ORGANISER)
def preview(slug: str, code: str) -> HtmlPage:
    """The HTML of the invitation in a language, for a frame: it can neither run nor load anything."""
    session = db.session()
    event = own_event(session, slug)
    try:
        until = read_day(request.args.get("until", ""))
    except ValueError:
        until = None
    mails = previews.render(session, event, letter_of(People(0, []), until))
    mail = next((one.mail for one in mails if one.language == code), None)
    if mail is None:
        abort(404)
    headers: dict[str, Any] = {"Content-Security-Policy": SANDBOX, "Cache-Control": "no-store"}
    return HtmlPage(mail.html, mimetype="text/html", headers=headers)
