"""Letters about decisions: drafts for each, one looked at and edited, found good, and sent by a person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
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
from eventsys.mailing.markdown import BadText
from eventsys.mailing.templates import Rendered
from eventsys.programmes.intake import actions
from eventsys.programmes.intake.actions.letters import EditedMeanwhile
from eventsys.programmes.intake.labels import LACKS, LETTER_KINDS, LETTER_STATES, OUTCOME_KINDS, OUTCOMES
from eventsys.programmes.intake.lists import ListedLetter, count_undrafted, list_letters
from eventsys.programmes.intake.rules import Lacks, LetterState, Outcome
from eventsys.programmes.models import Call
from eventsys.web import CSP, LANGUAGES, Access, access
from eventsys.workflows.cases.previews import render_letter
from eventsys.workflows.cases.texts import key_of_outcome, read_letter
from eventsys.workflows.texts.rules import Written, join, split
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.intake.letters import check_text
from eventsys.workspace.views.editing import read_edition
from eventsys.workspace.views.frame import SANDBOX, account, blueprint, log, name_moment, read_id
from eventsys.workspace.views.intake_frame import assessed_call, deciding_call, show_frame

LONGEST_TEXT = 20_000
CANNOT_BE_WRITTEN = (BadText, LookupError, FileNotFoundError)


@blueprint.get("/calls/<slug>/letters", endpoint="decision_letters")
@access(Access.ORGANISER)
def index(slug: str) -> str:
    session = db.session()
    call, assessor = assessed_call(session, slug)
    rows = list_letters(session, call_id=call.id, account_id=account().id)
    written = read_written(session, call)
    return render_template(
        "workspace/intake/letters.html",
        **show_frame(session, call, assessor, "decision_letters"),
        rows=[describe(row, written) for row in rows],
        states=[
            (LETTER_STATES[state], LETTER_KINDS[state], state.value, sum(row.letter.state is state for row in rows))
            for state in LetterState
        ],
        undrafted=count_undrafted(session, call_id=call.id, account_id=account().id),
        archive=account().organiser.archive_email,
        texts=[(OUTCOMES[one], key_of_outcome(call, one)) for one in Outcome],
        ticked=request.args.getlist("letter"),
    )


def read_written(session: Session, call: Call) -> dict[Outcome, Mapping[str, str]]:
    """The text of each outcome, by language."""
    return {
        Outcome.ADMITTED: read_letter(session, call, "admitted").texts,
        Outcome.WAITING: read_letter(session, call, "waiting").texts,
        Outcome.DECLINED: read_letter(session, call, "declined").texts,
    }


def list_lacks(row: ListedLetter, written: Mapping[Outcome, Mapping[str, str]]) -> list[Lacks]:
    """What stands between the letter and its reader."""
    code, lacks = row.letter.language, []
    if row.outcome is Outcome.DECLINED and not row.grounds.get(code, "").strip():
        lacks.append(Lacks.GROUNDS)
    if row.letter.text is None and not written[row.outcome].get(code):
        lacks.append(Lacks.TEXT)
    if not row.has_reader:
        lacks.append(Lacks.ADDRESS)
    return lacks


def describe(row: ListedLetter, written: Mapping[Outcome, Mapping[str, str]]) -> dict[str, Any]:
    lacks = [] if row.letter.state is LetterState.SENT else list_lacks(row, written)
    return {
        "public_id": row.letter.public_id,
        "application": row.application_public_id,
        "label": row.label,
        "case_number": row.case_number,
        "outcome": OUTCOMES[row.outcome],
        "outcome_kind": OUTCOME_KINDS[row.outcome],
        "language": LANGUAGES[row.letter.language],
        "code": row.letter.language,
        "state": LETTER_STATES[row.letter.state],
        "kind": LETTER_KINDS[row.letter.state],
        "is_sent": row.letter.state is LetterState.SENT,
        "is_ready": row.letter.state is LetterState.READY,
        "is_own": row.letter.text is not None,
        "sent": name_moment(row.letter.sent_at),
        "lacks": [LACKS[one] for one in lacks],
    }


@blueprint.post("/calls/<slug>/letters", endpoint="prepare_letters")
@access(Access.ORGANISER)
def prepare(slug: str) -> Response:
    with transaction() as session:
        call = deciding_call(session, slug)
        made = actions.prepare_letters(session, call, account_id=account().id, now=clock.now())
        if made:
            after = {"letters": len(made)}
            log(session, LogVerb.ADDED, "decision_letter", call.slug, call.title.get("nb", ""), after=after)
    flash(ngettext("%(num)d letter is drafted.", "%(num)d letters are drafted.", len(made)), "success")
    return redirect(url_for(".decision_letters", slug=slug), 303)


def read_chosen(session: Session, call: Call) -> list[ListedLetter]:
    """The letters that were ticked, of those that the account may read."""
    ids = {one for one in map(read_id, request.form.getlist("letter")) if one is not None}
    rows = list_letters(session, call_id=call.id, account_id=account().id)
    return [row for row in rows if row.letter.public_id in ids]


@blueprint.post("/calls/<slug>/letters/ready", endpoint="mark_letters")
@access(Access.ORGANISER)
def mark(slug: str) -> Response:
    """Those that were ticked are ready, or drafts again; what lacks something is not."""
    is_ready = request.form.get("to") != "draft"
    with transaction() as session:
        call = deciding_call(session, slug)
        written = read_written(session, call)
        ids = [row.letter.id for row in read_chosen(session, call) if not (is_ready and list_lacks(row, written))]
        done = actions.set_ready(session, call, ids, is_ready=is_ready, account_id=account().id, now=clock.now())
    if is_ready:
        flash(
            ngettext("%(num)d letter is ready.", "%(num)d letters are ready.", done), "success" if done else "warning"
        )
    else:
        flash(ngettext("%(num)d letter is a draft again.", "%(num)d letters are drafts again.", done), "success")
    one = read_id(request.form.get("letter", "")) if request.form.get("then") == "one" else None
    if one is not None:
        return redirect(url_for(".decision_letter", slug=slug, public_id=one), 303)
    return redirect(url_for(".decision_letters", slug=slug), 303)


@blueprint.post("/calls/<slug>/letters/check", endpoint="check_letters")
@access(Access.ORGANISER)
def check(slug: str) -> str | Response:
    """Asks before they go: nothing brings a letter back."""
    session = db.session()
    call, assessor = assessed_call(session, slug)
    rows = [row for row in read_chosen(session, call) if row.letter.state is LetterState.READY]
    if not rows:
        flash(_("Tick letters that are ready first."), "warning")
        return redirect(url_for(".decision_letters", slug=slug), 303)
    written = read_written(session, call)
    return render_template(
        "workspace/intake/letters_check.html", **show_frame(session, call, assessor, "decision_letters"),
        rows=[describe(row, written) for row in rows], archive=account().organiser.archive_email,
    )  # fmt: skip


@blueprint.post("/calls/<slug>/letters/sending", endpoint="send_decision_letters")
@access(Access.ORGANISER)
def send(slug: str) -> Response:
    with transaction() as session:
        call = deciding_call(session, slug)
        written = read_written(session, call)
        ids = [row.letter.id for row in read_chosen(session, call) if not list_lacks(row, written)]
        sent = actions.send_letters(session, ids, account_id=account().id, now=clock.now())
    flash(
        ngettext("%(num)d letter is on its way.", "%(num)d letters are on their way.", sent),
        "success" if sent else "warning",
    )
    return redirect(url_for(".decision_letters", slug=slug), 303)


# --- one of them ----------------------------------------------------------------------------------------------------


def find(session: Session, call: Call, public_id: uuid.UUID) -> ListedLetter:
    found = list_letters(session, call_id=call.id, account_id=account().id, public_id=public_id)
    return found[0] if found else abort(404)


def look(session: Session, row: ListedLetter) -> tuple[Rendered | None, str]:
    """The letter as it would go, or why it cannot be written."""
    try:
        return render_letter(session, row.letter), ""
    except BadText as error:
        return None, str(error)
    except CANNOT_BE_WRITTEN:
        return None, _("It has no text in this language yet.")


@blueprint.get("/calls/<slug>/letters/<uuid:public_id>", endpoint="decision_letter")
@access(Access.ORGANISER)
def show(slug: str, public_id: uuid.UUID) -> Page:
    session = db.session()
    call, _assessor = assessed_call(session, slug)
    row = find(session, call, public_id)
    own = row.letter.text
    written = split(own if own is not None else read_written(session, call)[row.outcome].get(row.letter.language, ""))
    typed = Typed({"subject": written.subject, "body": written.body, "edition": str(row.letter.edition)})
    return show_page(slug, public_id, typed, {})


def show_page(slug: str, public_id: uuid.UUID, typed: Typed, errors: dict[str, str], status: int = 200) -> Page:
    session = db.session()
    call, assessor = assessed_call(session, slug)
    row = find(session, call, public_id)
    rendered, fault = look(session, row)
    every = [one.letter.public_id for one in list_letters(session, call_id=call.id, account_id=account().id)]
    here = every.index(public_id)
    page = render_template(
        "workspace/intake/letter.html",
        **show_frame(session, call, assessor, "decision_letters"),
        letter=describe(row, read_written(session, call)),
        subject=rendered.subject if rendered else "",
        fault=fault,
        grounds=row.grounds.get(row.letter.language, ""),
        typed=typed,
        errors=errors,
        before=every[here - 1] if here else None,
        after=every[here + 1] if here + 1 < len(every) else None,
        place=here + 1,
        total=len(every),
    )
    answer = make_response(page, status)
    answer.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return answer


@blueprint.get("/calls/<slug>/letters/<uuid:public_id>/body", endpoint="decision_letter_body")
@access(Access.ORGANISER)
def body(slug: str, public_id: uuid.UUID) -> Page:
    session = db.session()
    call, _assessor = assessed_call(session, slug)
    rendered, fault = look(session, find(session, call, public_id))
    answer = Page(rendered.html if rendered else fault, mimetype="text/html" if rendered else "text/plain")
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


@blueprint.post("/calls/<slug>/letters/<uuid:public_id>", endpoint="edit_decision_letter")
@access(Access.ORGANISER)
def edit(slug: str, public_id: uuid.UUID) -> Page | Response:
    """The text of this one alone; the other button brings the text of the outcome back."""
    reader = Reader(Typed(request.form))
    written = Written(reader.text("subject", most=300), reader.prose("body", most=LONGEST_TEXT))
    text = None if "reset" in reader.typed else join(written)
    try:
        with transaction() as session:
            call = deciding_call(session, slug)
            row = find(session, call, public_id)
            if text is not None:
                reader.errors.update(check_text(text, row.letter.language))
            if not reader.errors:
                before = {"edition": row.letter.edition, "has_own_text": row.letter.text is not None}
                actions.edit_letter(session, row.letter, text=text, edition=read_edition(reader.typed))
                after = {"edition": before["edition"] + 1, "has_own_text": text is not None}
                log(session, LogVerb.CHANGED, "decision_letter", str(public_id), row.label, before, after)
    except EditedMeanwhile:
        reader.errors["body"] = _(
            "Somebody else changed or sent this letter meanwhile. Save again to keep yours, or open it anew."
        )
        row = find(db.session(), assessed_call(db.session(), slug).call, public_id)
        reader.typed["edition"] = str(row.letter.edition)
        return show_page(slug, public_id, reader.typed, reader.errors, 409)
    if reader.errors:
        return show_page(slug, public_id, reader.typed, reader.errors, 422)
    flash(_("The letter is saved as a draft. Mark it as ready when you have read it."), "success")
    return redirect(url_for(".decision_letter", slug=slug, public_id=public_id), 303)
