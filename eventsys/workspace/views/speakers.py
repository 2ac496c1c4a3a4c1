"""Who speaks at an organiser's events: the list, one of them with where they speak, and taking them away."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.rules import LogVerb
from eventsys.events.labels import name_run
from eventsys.events.models import Speaker
from eventsys.events.programme import actions, queries
from eventsys.events.programme.rules import SpeakerFacts, SpeakerIsBusy
from eventsys.extensions import db, transaction
from eventsys.web import LANGUAGES, Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.programme.forms import read_speaker, type_speaker
from eventsys.workspace.views.frame import account, blueprint, log, page_number, words

A_PAGE = 100
HIDDEN = ("email",)
"""What the log says only the name of."""


@blueprint.get("/speakers", endpoint="speakers")
@access(Access.READER)
def index() -> str:
    found = queries.list_speakers(db.session(), account().organiser.id, words=words("q"))
    page = page_number()
    shown = found[(page - 1) * A_PAGE : page * A_PAGE]
    return render_template(
        "workspace/speakers.html",
        speakers=[
            {"public_id": row.speaker.public_id, "name": row.speaker.name, "affiliation": row.speaker.affiliation,
             "sessions": row.sessions}
            for row in shown
        ],
        words=words("q"),
        page=page,
        has_next=len(found) > page * A_PAGE,
    )  # fmt: skip


@blueprint.get("/speakers/new", endpoint="new_speaker")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(None, Typed(), {})


@blueprint.post("/speakers", endpoint="create_speaker")
@access(Access.ORGANISER)
def create() -> Response | tuple[str, int]:
    """Who is there already by name and affiliation is changed, as when the button is pressed twice."""
    reader = Reader(Typed(request.form))
    facts = read_speaker(reader)
    if facts is None:
        return show_form(None, reader.typed, reader.errors), 422
    with transaction() as session:
        speaker = actions.find_or_add_speaker(session, account().organiser.id, facts, now=clock.now())
        actions.change_speaker(session, speaker, facts)
        note(session, LogVerb.ADDED, speaker, None, facts)
    flash(_("The speaker is saved."), "success")
    return redirect(url_for(".speakers"), 303)


@blueprint.get("/speakers/<uuid:public_id>", endpoint="speaker")
@access(Access.ORGANISER)
def show(public_id: uuid.UUID) -> str:
    speaker = own_speaker(db.session(), public_id)
    return show_form(speaker, type_speaker(facts_of(speaker)), {})


@blueprint.post("/speakers/<uuid:public_id>", endpoint="update_speaker")
@access(Access.ORGANISER)
def update(public_id: uuid.UUID) -> Response | tuple[str, int]:
    speaker, reader = own_speaker(db.session(), public_id), Reader(Typed(request.form))
    facts = read_speaker(reader)
    if facts is None:
        return show_form(speaker, reader.typed, reader.errors), 422
    with transaction() as session:
        speaker = own_speaker(session, public_id)
        before = facts_of(speaker)
        actions.change_speaker(session, speaker, facts)
        note(session, LogVerb.CHANGED, speaker, before, facts)
    flash(_("The speaker is saved."), "success")
    return redirect(url_for(".speakers"), 303)


@blueprint.get("/speakers/<uuid:public_id>/removal", endpoint="confirm_remove_speaker")
@access(Access.ORGANISER)
def confirm_remove(public_id: uuid.UUID) -> str:
    session = db.session()
    speaker = own_speaker(session, public_id)
    spoken = queries.list_spoken(session, speaker.id)
    return render_template(
        "workspace/speaker_removal.html", speaker=speaker, sessions=[describe(one) for one in spoken]
    )


@blueprint.post("/speakers/<uuid:public_id>/removal", endpoint="remove_speaker")
@access(Access.ORGANISER)
def remove(public_id: uuid.UUID) -> Response:
    """Erases them; out of sessions too only where the page said that they stand in some."""
    try:
        with transaction() as session:
            speaker = own_speaker(session, public_id)
            note(session, LogVerb.REMOVED, speaker, None, None)
            actions.remove_speaker(session, speaker, from_sessions="from_sessions" in request.form)
    except SpeakerIsBusy:
        return redirect(url_for(".confirm_remove_speaker", public_id=public_id), 303)
    flash(_("The speaker is taken away."), "success")
    return redirect(url_for(".speakers"), 303)


def own_speaker(session: Session, public_id: uuid.UUID) -> Speaker:
    return queries.find_speaker(session, account().organiser.id, public_id) or abort(404)


def facts_of(speaker: Speaker) -> SpeakerFacts:
    return SpeakerFacts(speaker.name, speaker.affiliation, speaker.about, speaker.email, speaker.language)


def note(
    session: Session, verb: LogVerb, speaker: Speaker, before: SpeakerFacts | None, after: SpeakerFacts | None
) -> None:
    """A row of the log, whose words about the person go as other ordinary ones do."""
    log(
        session,
        verb,
        "speaker",
        str(speaker.public_id),
        speaker.name,
        before=plain(before),
        after=plain(after),
        about_people=True,
    )


def plain(facts: SpeakerFacts | None) -> dict[str, Any] | None:
    return None if facts is None else {name: value for name, value in asdict(facts).items() if name not in HIDDEN}


def describe(one: queries.Spoken) -> dict[str, Any]:
    return {
        "title": texts.read(one.session.title, language()),
        "event": texts.read(one.event.title, language()),
        "slug": one.event.slug,
        "when": name_run(one.run),
    }


def show_form(speaker: Speaker | None, typed: Typed, errors: dict[str, str]) -> str:
    spoken = queries.list_spoken(db.session(), speaker.id) if speaker else []
    return render_template(
        "workspace/speaker_form.html",
        speaker=speaker,
        typed=typed,
        errors=errors,
        languages_spoken=[("", _("Not said")), *LANGUAGES.items()],
        sessions=[describe(one) for one in spoken],
    )
