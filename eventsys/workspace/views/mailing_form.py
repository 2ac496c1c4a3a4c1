"""The form of a one-off mail, new or a draft: to whom, what, when. Nothing is sent from here."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.events.labels import join_words, name_run
from eventsys.events.models import Event
from eventsys.events.rules import RunStatus
from eventsys.extensions import db, transaction
from eventsys.web import Access, access
from eventsys.workflows.actions.switching import AudienceIsGone
from eventsys.workflows.rules import Audience
from eventsys.workflows.texts.rules import LANGUAGES as CODES
from eventsys.workflows.texts.rules import BadTexts, ChangedMeanwhile
from eventsys.workspace.forms import NOW, Typed
from eventsys.workspace.mail import mailings
from eventsys.workspace.mail.letter_form import CHOICES, read_letter, tell_faults, type_letter
from eventsys.workspace.mail.lines import upper_first
from eventsys.workspace.mail.mailings import Letter, Mailing
from eventsys.workspace.mail.occasions import Meant, count_readers
from eventsys.workspace.mail_rules.labels import AUDIENCE_IS_GONE, AUDIENCES, LANGUAGES
from eventsys.workspace.mail_rules.meant import read_audience
from eventsys.workspace.mail_rules.queries import list_audiences
from eventsys.workspace.texts.wording import list_placeholders
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, today
from eventsys.workspace.views.mailings import by, count_of, find, tell_nobody, timezone, too_late
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


# --- what is asked and what is said ---------------------------------------------------------------------------------


def chosen(session: Session, event: Event, typed: Typed, found: Mailing | None = None) -> Meant:
    """What is ticked; those with a place where it is nothing that one can choose."""
    return read_meant(session, event, typed, found) or Meant(Audience.CONFIRMED)


def read_meant(session: Session, event: Event, typed: Typed, found: Mailing | None = None) -> Meant | None:
    keep = found.rule.audience_id if found is not None else None
    asked = typed.get("audience", Audience.CONFIRMED)
    audience = read_audience(asked, list_audiences(session, account().organiser.id, keep=keep) if ":" in asked else [])
    run_id = next((run.id for run in event.runs if str(run.uid) == typed.get("run")), None)
    return Meant(audience[0], run_id, audience[1]) if audience is not None else None


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
