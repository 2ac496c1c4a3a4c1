"""The letter of a call as each that gets it will read it, and the sending, once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response as Page
from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.audiences.rules import Clause, Reach
from eventsys.events.labels import join_words
from eventsys.extensions import db, transaction
from eventsys.mailing.faults import BadText
from eventsys.mailing.markdown import Rendered
from eventsys.mailing.message import one_line
from eventsys.programmes.calls import queries
from eventsys.programmes.calls.rules import CallState, Stage
from eventsys.programmes.models import Call
from eventsys.web import CSP, LANGUAGES, Access, access
from eventsys.workflows.cases import previews, sending
from eventsys.workflows.cases.sending import Readers
from eventsys.workflows.cases.texts import key_of
from eventsys.workspace.calls.readers import Addressed, list_addressed, pick
from eventsys.workspace.views.call_audience import clauses_of, tell
from eventsys.workspace.views.call_frame import describe_call, own_call, stage_of
from eventsys.workspace.views.frame import SANDBOX, account, blueprint, name_moment, today, words

CANNOT_BE_WRITTEN = (BadText, LookupError)


# --- one letter -------------------------------------------------------------------------------------------------------


@blueprint.get("/calls/<slug>/letter/preview", endpoint="preview_call_letter")
@access(Access.ORGANISER)
def preview(slug: str) -> Page:
    """The letter to the organisation that the address names, in its form of the language."""
    session = db.session()
    call = own_call(session, slug)
    found = find_readers(session, call)
    reader = pick(found, words("pick"))
    letter, fault = write(session, call, reader)
    page = make_response(
        render_template(
            "workspace/calls/preview.html",
            **describe_call(call, "call_letter"),
            readers=[{"key": one.key, "name": one.organisation.label, "email": one.email,
                      "language": LANGUAGES[one.language], "here": one is reader} for one in found],
            reader=reader,
            reader_language=LANGUAGES[reader.language] if reader else "",
            subject=one_line(letter.subject) if letter else "",
            text=letter.text if letter else "",
            fault=fault,
            search=words("to"),
            picked=reader.key if reader else "",
            as_text=request.args.get("as") == "text",
        )
    )  # fmt: skip
    page.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return page


@blueprint.get("/calls/<slug>/letter/preview/body", endpoint="preview_call_letter_body")
@access(Access.ORGANISER)
def preview_body(slug: str) -> Page:
    """The HTML alone, for the frame: it can neither run nor load anything."""
    session = db.session()
    call = own_call(session, slug)
    letter, _fault = write(session, call, pick(find_readers(session, call), words("pick")))
    headers = {"Content-Security-Policy": SANDBOX, "Cache-Control": "no-store"}
    return Page((letter or abort(404)).html, mimetype="text/html", headers=headers)


@blueprint.post("/calls/<slug>/letter/test", endpoint="test_call_letter")
@access(Access.ORGANISER)
def test(slug: str) -> Response:
    """Sends the letter that was looked at to the one who looks."""
    me = account()
    typed: dict[str, Any] = {name: one_line(request.form.get(name, ""))[:200] for name in ("to", "pick")}
    with transaction() as session:
        call = own_call(session, slug)
        reader = pick(find_readers(session, call, typed["to"]), typed["pick"])
        letter, fault = write(session, call, reader)
        if letter is not None and reader is not None:
            subject = _("[Test] %(subject)s", subject=one_line(letter.subject))
            previews.send_test(
                session, call, Rendered(subject, letter.text, letter.html), template=key_of(call, "letter") or "",
                language=reader.language, to=(me.id, me.email, me.name), now=clock.now(),
            )  # fmt: skip
    if letter is None:
        flash(fault or _("Nobody would get it as of now, so there is nothing to show."), "warning")
    else:
        flash(_("A copy is on its way to %(address)s. Its personal links are masked.", address=me.email), "success")
    return redirect(url_for(".preview_call_letter", slug=slug, **typed), 303)


def find_readers(session: Session, call: Call, search: str | None = None) -> list[Addressed]:
    clauses = [Clause(conditions=one.conditions, reach=Reach.MAILBOXES) for one in clauses_of(call)]
    return list_addressed(session, call, clauses, on=today(), words=words("to") if search is None else search)


def write(session: Session, call: Call, reader: Addressed | None) -> tuple[Rendered | None, str]:
    """The letter, or what to say where it cannot be written."""
    if reader is None:
        return None, ""
    try:
        return previews.render_call(session, call, reader.organisation, reader.language), ""
    except CANNOT_BE_WRITTEN:
        return None, _("The letter is not written in %(language)s.", language=LANGUAGES[reader.language])


# --- all of them ------------------------------------------------------------------------------------------------------


@blueprint.get("/calls/<slug>/sending", endpoint="call_sending")
@access(Access.ORGANISER)
def confirm(slug: str) -> str:
    """To how many in which language, who has no mailbox, and what is missing; the button that sends it."""
    session = db.session()
    call = own_call(session, slug)
    readers = sending.count_readers(session, call, on=today())
    return render_template(
        "workspace/calls/sending.html",
        **describe_call(call, "call_sending"),
        whom=tell(session, clauses_of(call)),
        readers=readers,
        by_language=[(LANGUAGES[code], count) for code, count in readers.languages.items()],
        missing=list(list_missing(call, readers)),
        has_intakes=bool(queries.list_intakes(session, call.id)),
        sent=name_moment(call.sent_at),
    )


def list_missing(call: Call, readers: Readers) -> Iterator[tuple[str, str, str]]:
    """Why it cannot be sent as things are: what, where it is mended, and what that is called."""
    where: dict[str, Any] = {"slug": call.slug}
    if stage_of(call) is Stage.OVER or call.closes_at <= clock.now():
        yield _("The deadline has passed."), url_for(".edit_call", **where), _("Change it")
    elif call.state not in (CallState.DRAFT, CallState.OPEN):
        yield _("The call has ended."), url_for(".call", **where), _("See the call")
    untitled = [str(LANGUAGES[code]) for code in ("nb", "nn") if not call.title.get(code)]
    if untitled:
        told = _("The title is not written in %(languages)s.", languages=join_words(untitled))
        yield told, url_for(".edit_call", **where), _("Write it")
    if readers.missing:
        names = join_words([str(LANGUAGES[code]) for code in readers.missing])
        told = _("The letter is not written in %(languages)s.", languages=names)
        yield told, url_for(".call_letter", **where), _("Write the letter")
    if not readers.count and not readers.sent:
        yield _("Nobody that you mean has a mailbox."), url_for(".call_audience", **where), _("Say who gets it")


@blueprint.post("/calls/<slug>/sending", endpoint="send_call")
@access(Access.ORGANISER)
def send(slug: str) -> Response:
    """Once to each, however often the button is pressed."""
    now, sent = clock.now(), 0
    with transaction() as session:
        call = own_call(session, slug)
        missing = list(list_missing(call, sending.count_readers(session, call, on=today())))
        if not missing:
            sent = sending.send_call(session, call, on=today(), account_id=account().id, now=now)
    if missing:
        flash(_("It cannot be sent yet."), "warning")
        return redirect(url_for(".call_sending", slug=slug), 303)
    if sent:
        flash(ngettext("The letter goes to %(num)d organisation.", "The letter goes to %(num)d organisations.", sent),
              "success")  # fmt: skip
    return redirect(url_for(".call", slug=slug), 303)
