"""The organiser's mail texts: the list, and writing one in three languages beside its preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response as Page
from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.mailing.templates import read_shipped
from eventsys.web import CSP, Access, access
from eventsys.workflows.texts import actions, queries
from eventsys.workflows.texts.queries import TextEntry
from eventsys.workflows.texts.rules import (
    LANGUAGES,
    BadTexts,
    ChangedMeanwhile,
    TextIsUsed,
    compare,
    list_changed,
)
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.queries import list_events
from eventsys.workspace.texts import wording
from eventsys.workspace.texts.forms import fill, read_number, read_texts, read_view
from eventsys.workspace.texts.previews import render_all
from eventsys.workspace.texts.samples import sample_of, values_of
from eventsys.workspace.views.frame import (
    SANDBOX,
    account,
    blueprint,
    log,
    name_dates,
    name_event,
    name_moment,
    own_event,
    today,
)

EMPTY_TEXT = "free"
MOST_EVENTS = 50

Answer = Response | tuple[str, int]


@blueprint.get("/texts/", endpoint="texts")
@access(Access.ORGANISER)
def index() -> str:
    entries = queries.list_texts(db.session(), account().organiser.id)
    return render_template("workspace/texts.html", texts=[describe(entry) for entry in entries])


def describe(entry: TextEntry) -> dict[str, Any]:
    missing = [language for language in LANGUAGES if language not in entry.texts]
    return {
        "key": entry.key,
        "name": wording.name_text(entry),
        "use": wording.tell_use(entry),
        "languages": [(language, wording.LANGUAGES[language], language in missing) for language in LANGUAGES],
        "missing": wording.tell_missing(missing),
        "is_shipped": entry.is_shipped,
        "is_own": entry.is_own,
        "is_letter": entry.event_id is not None or entry.call_id is not None,
    }


@blueprint.get("/texts/new", endpoint="new_text")
@access(Access.ORGANISER)
def new() -> str:
    return show_new(Typed(), {})


@blueprint.post("/texts/", endpoint="create_text")
@access(Access.ORGANISER)
def create() -> Answer:
    """A text of the organiser's own, which begins as a copy of another."""
    reader = Reader(Typed(request.form))
    name = reader.text("name", most=100, required=_("Give the text a name."))
    entry = queries.find_text(db.session(), account().organiser.id, reader.typed.get("from", ""))
    if entry is None or not entry.texts or entry.is_of_case:
        reader.errors["from"] = _("Choose the text that it begins as.")
    if reader.errors or entry is None:
        return show_new(reader.typed, reader.errors), 422
    with transaction() as session:
        made = actions.new_text(
            session, organiser_id=account().organiser.id, name=name, texts=entry.texts, account_id=account().id,
            now=clock.now(),
        )  # fmt: skip
    flash(_("The text is made. Write it as you want it."), "success")
    return redirect(url_for(".text", key=made.key), 303)


def show_new(typed: Typed, errors: dict[str, str]) -> str:
    entries = queries.list_texts(db.session(), account().organiser.id)
    entries.sort(key=lambda entry: entry.key != EMPTY_TEXT)
    options = [(entry.key, wording.name_text(entry)) for entry in entries if entry.texts and not entry.is_of_case]
    return render_template("workspace/text_new.html", typed=typed, errors=errors, options=options)


@blueprint.get("/texts/<key>", endpoint="text")
@access(Access.ORGANISER)
def edit(key: str) -> Page:
    entry = find(db.session(), key)
    return show_form(entry, fill(entry.texts), {}, opened_at=entry.number)


@blueprint.post("/texts/<key>", endpoint="save_text")
@access(Access.ORGANISER)
def save(key: str) -> Response | tuple[Page, int]:
    entry = find(db.session(), key)
    reader = Reader(Typed(request.form))
    opened_at, texts = read_number(reader.typed, "opened_at"), read_texts(reader.typed)
    name = None if entry.is_shipped else reader.text("name", most=100, required=_("Give the text a name."))
    if not texts:
        reader.errors["subject_nb"] = _("Write the text in one language at least.")
    if reader.errors:
        return show_form(entry, reader.typed, reader.errors, opened_at=opened_at), 422
    try:
        with transaction() as session:
            actions.save_version(
                session, organiser_id=account().organiser.id, key=key, texts=texts, opened_at=opened_at,
                account_id=account().id, now=clock.now(), name=name,
            )  # fmt: skip
            if name:
                log(session, LogVerb.CHANGED, "text", key, name, {"name": entry.name}, {"name": name})
    except BadTexts as bad:
        return show_form(entry, reader.typed, tell_faults(bad), opened_at=opened_at), 422
    except ChangedMeanwhile:
        return show_conflict(key, reader.typed), 409
    flash(_("The text is saved."), "success")
    missing = wording.tell_missing(language for language in LANGUAGES if language not in texts)
    if missing:
        flash(_("%(missing)s. A rule cannot be switched on for readers of a language without a text.", missing=missing),
              "warning")  # fmt: skip
    return redirect(url_for(".text", key=key), 303)


def tell_faults(bad: BadTexts) -> dict[str, str]:
    """By field of the form, each naming its language: the summary stands far from the fields."""
    return {
        f"{field}_{language}": f"{wording.LANGUAGES[language]}: {wording.tell_fault(fault)}"
        for (language, field), fault in bad.faults.items()
    }


def show_conflict(key: str, typed: Typed) -> Page:
    """What somebody else saved meanwhile, beside what was typed, which saving again puts over it."""
    session, organiser_id = db.session(), account().organiser.id
    entry = find(session, key)
    theirs = next(iter(queries.list_versions(session, organiser_id, key)), None)
    conflict = {"by": theirs.by if theirs else None, "at": name_moment(theirs.at) if theirs else ""}
    return show_form(entry, typed, {}, opened_at=entry.number, conflict=conflict)


def show_form(
    entry: TextEntry,
    typed: Typed,
    errors: dict[str, str],
    *,
    opened_at: int,
    conflict: dict[str, Any] | None = None,
) -> Page:
    session, organiser_id = db.session(), account().organiser.id
    versions = queries.list_versions(session, organiser_id, entry.key)
    events = list_choices(session)
    before = entry.texts if conflict else read_shipped(entry.key)
    page = make_response(
        render_template(
            "workspace/text_form.html",
            entry=describe(entry),
            typed=typed,
            errors=errors,
            opened_at=opened_at,
            conflict=conflict,
            codes=list(wording.LANGUAGES.items()),
            placeholders=wording.list_placeholders(entry.known),
            differences=list_differences(before, read_texts(typed)) if before else [],
            versions=[describe_version(version, newest=versions[0].number) for version in versions],
            events=[(event.slug, f"{name_event(event).value}, {name_dates(event)}") for event in events],
            event=typed.get("event", events[0].slug if events else ""),
            view=read_view(typed),
            may_go=not entry.is_shipped and entry.event_id is None and entry.call_id is None,
            is_used=not entry.is_shipped and queries.is_used(session, organiser_id, entry.key),
        )
    )
    page.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return page


def list_choices(session: Session) -> list[Event]:
    """The events whose data a preview can have: what is coming first, then what has been."""
    ahead = list_events(session, account().organiser.id, from_on=today())
    coming = {event.id for event in ahead}
    past = [event for event in list_events(session, account().organiser.id) if event.id not in coming]
    return [*ahead, *reversed(past)][:MOST_EVENTS]


def list_differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, Any]]:
    """By language the lines that are other than before; none of a language that is gone as a whole."""
    return [
        {
            "code": language,
            "name": wording.LANGUAGES[language],
            "is_gone": language not in after,
            "lines": compare(before.get(language, ""), after.get(language, "")),
        }
        for language in list_changed(before, after)
    ]


def describe_version(version: queries.Version, *, newest: int) -> dict[str, Any]:
    return {
        "number": version.number,
        "at": name_moment(version.at),
        "by": version.by or _("the system"),
        "changed": ", ".join(str(wording.LANGUAGES[language]) for language in version.changed),
        "is_shipped": not version.texts,
        "is_newest": version.number == newest,
    }


@blueprint.get("/texts/<key>/preview", endpoint="text_preview")
@access(Access.ORGANISER)
def preview(key: str) -> Page:
    """The text as it is saved, with the data of the event that comes next."""
    session = db.session()
    entry = find(session, key)
    event = next(iter(list_choices(session)), None)
    whose = own_event(session, event.slug) if event else None
    return show_preview(session, entry.texts, entry.known, whose, read_view(Typed()))


@blueprint.post("/texts/<key>/preview", endpoint="preview_text")
@access(Access.ORGANISER)
def preview_typed(key: str) -> Page:
    """The text as it is typed; nothing is kept of it."""
    session, typed = db.session(), Typed(request.form)
    known = find(session, key).known
    slug = typed.get("event", "")
    event = own_event(session, slug) if slug else None
    return show_preview(session, read_texts(typed), known, event, read_view(typed))


def show_preview(
    session: Session, texts: Mapping[str, str], known: Sequence[str], event: Event | None, view: str
) -> Page:
    sample, config = sample_of(session, event), current_app.config
    previews = render_all(
        texts,
        lambda language: values_of(
            sample, language, organiser=account().organiser.name, site=config["SITE_NAME"], base_url=config["BASE_URL"]
        ),
        known,
    )
    html = render_template(
        "workspace/text_preview.html", previews=previews, names=wording.LANGUAGES, view=view, sender=account().organiser
    )
    return Page(html, mimetype="text/html", headers={"Content-Security-Policy": SANDBOX, "Cache-Control": "no-store"})


@blueprint.post("/texts/<key>/removal", endpoint="remove_text")
@access(Access.ORGANISER)
def remove(key: str) -> Response:
    """A text of the organiser's own that nothing uses."""
    entry = find(db.session(), key)
    try:
        with transaction() as session:
            actions.remove_text(session, organiser_id=account().organiser.id, key=key)
            log(session, LogVerb.REMOVED, "text", key, wording.name_text(entry))
    except LookupError:
        abort(404)
    except TextIsUsed:
        flash(_("A rule or a mail that has not gone out uses the text, so it cannot be removed."), "warning")
        return redirect(url_for(".text", key=key), 303)
    flash(_("“%(text)s” is removed.", text=wording.name_text(entry)), "success")
    return redirect(url_for(".texts"), 303)


def find(session: Session, key: str) -> TextEntry:
    """The organiser's own text or a shipped one; another's answers 404."""
    return queries.find_text(session, account().organiser.id, key) or abort(404)
