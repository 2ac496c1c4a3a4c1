"""Documents and brochures of the site with their versions, and the orders on paper."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.accounts.rules import LogVerb
from eventsys.events.materials.answers import send_stored
from eventsys.events.materials.labels import name_size, tell_refused
from eventsys.extensions import db, transaction
from eventsys.files import FileIsRefused
from eventsys.site.labels import DOCUMENT_KINDS, ORDER_COLOURS, ORDER_STATES, tell_publication
from eventsys.site.library import actions, queries
from eventsys.site.models import BrochureOrder, SiteDocument
from eventsys.site.orders import actions as orders
from eventsys.site.orders import emails
from eventsys.site.orders import queries as order_queries
from eventsys.site.rules import DocumentFacts, EditedMeanwhile, OrderState
from eventsys.web import LANGUAGES, Access, access, language, takes_files
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.site_forms import read_document, read_edition, type_languages, type_publication
from eventsys.workspace.views.frame import account, blueprint, log, page_number, read_id

PER_PAGE = 50


@blueprint.get("/documents", endpoint="site_documents")
@access(Access.READER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    sent = order_queries.count_copies(session, organiser_id)
    found = [
        describe(document) | {"sent": sent.get(document.id, 0)} for document in queries.list_own(session, organiser_id)
    ]
    waiting = order_queries.count_waiting(session, organiser_id)
    return render_template("workspace/site_documents.html", documents=found, waiting=waiting)


@blueprint.get("/documents/new", endpoint="new_site_document")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(None, Typed({"published": "1", "kind": "document", "most_copies": "100"}), {})


@blueprint.post("/documents", endpoint="create_site_document")
@access(Access.ORGANISER)
@takes_files
def create() -> Response | tuple[str, int]:
    reader, now = Reader(Typed(request.form)), clock.now()
    facts = read_document(reader, timezone=account().organiser.timezone, now=now)
    if reader.errors:
        return show_form(None, reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            document = actions.add(session, organiser_id=account().organiser.id, facts=facts, now=now)
            add_versions(session, document)
            log(session, LogVerb.ADDED, "document", document.slug, name_of(document), after=fields_of(facts))
    except FileIsRefused as error:
        return show_form(None, reader.typed, refused(error)), 422
    flash(_("The document is saved."), "success")
    return redirect(url_for(".edit_site_document", slug=document.slug), 303)


@blueprint.get("/documents/<slug>", endpoint="edit_site_document")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    document = find(db.session(), slug)
    typed = {
        **type_languages("title", document.title),
        **type_languages("summary", document.summary),
        "kind": document.kind.value,
        "most_copies": str(document.most_copies),
        "edition": str(document.edition),
        **({"on_paper": "1"} if document.on_paper else {}),
        **type_publication(document.published_at, account().organiser.timezone),
    }
    return show_form(document, Typed(typed), {})


@blueprint.post("/documents/<slug>", endpoint="update_site_document")
@access(Access.ORGANISER)
@takes_files
def update(slug: str) -> Response | tuple[str, int]:
    reader, now = Reader(Typed(request.form)), clock.now()
    document = find(db.session(), slug)
    facts = read_document(reader, timezone=account().organiser.timezone, now=now, was=document.published_at)
    if reader.errors:
        return show_form(document, reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            document = find(session, slug)
            before = fields_of(facts_of(document))
            actions.edit(session, document, facts=facts, edition=read_edition(reader.typed), now=now)
            log(session, LogVerb.CHANGED, "document", slug, name_of(document), before, fields_of(facts))
            add_versions(session, document)
    except EditedMeanwhile:
        typed = Typed(reader.typed)
        document = find(db.session(), slug)
        typed["edition"] = str(document.edition)
        text = _("Somebody else saved this meanwhile. Save again to keep yours, or open the page anew to see theirs.")
        return show_form(document, typed, {"title_nb": text}), 409
    except FileIsRefused as error:
        return show_form(find(db.session(), slug), reader.typed, refused(error)), 422
    flash(_("The document is saved."), "success")
    return redirect(url_for(".edit_site_document", slug=slug), 303)


@blueprint.get("/documents/<slug>/<any(nb, nn, en):code>", endpoint="own_document_file")
@access(Access.READER)
def show_file(slug: str, code: str) -> Response:
    file = queries.find_file(db.session(), slug, code, organiser_id=account().organiser.id) or abort(404)
    return send_stored(file)


@blueprint.get("/orders", endpoint="brochure_orders")
@access(Access.ORGANISER)
def list_orders() -> str:
    asked = request.args.get("state", "")
    state = OrderState(asked) if asked in set(OrderState) else None
    page = page_number()
    rows = order_queries.list_orders(
        db.session(), account().organiser.id, state=state, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE
    )
    return render_template(
        "workspace/brochure_orders.html",
        orders=[describe_order(ordered, document) for ordered, document in rows[:PER_PAGE]],
        state=asked if state else "",
        states=[("", _("All")), *((one.value, str(label)) for one, label in ORDER_STATES.items())],
        page=page,
        has_more=len(rows) > PER_PAGE,
    )


@blueprint.post("/orders", endpoint="answer_orders")
@access(Access.ORGANISER)
def answer() -> Response:
    """Those that were ticked are sent, or cannot be; each who ordered gets a mail."""
    state = OrderState.SENT if request.form.get("state") == OrderState.SENT.value else OrderState.DECLINED
    ids = [one for one in map(read_id, request.form.getlist("order")) if one is not None]
    done = 0
    with transaction() as session:
        for ordered in order_queries.find_own(session, ids, organiser_id=account().organiser.id):
            done += answer_one(session, ordered, state)
    if not ids:
        flash(_("Tick the orders first."), "warning")
    elif state is OrderState.SENT:
        flash(
            ngettext(
                "%(num)d order is marked as sent, and a mail says so.",
                "%(num)d orders are marked as sent, and mails say so.",
                done,
            ),
            "success",
        )
    else:
        flash(
            ngettext(
                "%(num)d order is declined, and a mail says so.", "%(num)d orders are declined, and mails say so.", done
            ),
            "success",
        )
    return redirect(url_for(".brochure_orders", state=request.form.get("shown") or None), 303)


def answer_one(session: Session, ordered: BrochureOrder, state: OrderState) -> bool:
    now = clock.now()
    before = {"state": ordered.state.value}
    if not orders.answer(session, ordered, state=state, now=now):
        return False
    document = session.get_one(SiteDocument, ordered.document_id)
    path = url_for("site.documents")
    emails.send_word(session, ordered, document, path=path, reader=ordered.language, now=now)
    after = {"state": state.value}
    log(session, LogVerb.CHANGED, "order", str(ordered.public_id), name_of(document), before, after)
    return True


def add_versions(session: Session, document: SiteDocument) -> None:
    """A new version in each language that a file was chosen for."""
    for code in LANGUAGES:
        sent = request.files.get(f"file_{code}")
        if sent is None or not sent.filename:
            continue
        try:
            number = actions.add_version(
                session, document, language=code, name=sent.filename, content=sent.read(),
                account_id=account().id, now=clock.now(),
            )  # fmt: skip
        except FileIsRefused as error:
            error.add_note(code)
            raise
        log(
            session,
            LogVerb.CHANGED,
            "document",
            document.slug,
            name_of(document),
            {f"file_{code}": number - 1 or None},
            {f"file_{code}": number},
        )


def refused(error: FileIsRefused) -> dict[str, str]:
    """What to say beside the file's field."""
    return {f"file_{error.__notes__[0]}": tell_refused(error)}


def find(session: Session, slug: str) -> SiteDocument:
    return queries.find_own(session, slug, organiser_id=account().organiser.id) or abort(404)


def facts_of(document: SiteDocument) -> DocumentFacts:
    return DocumentFacts(
        document.kind, dict(document.title), dict(document.summary), document.on_paper, document.most_copies,
        document.published_at,
    )  # fmt: skip


def fields_of(facts: DocumentFacts) -> dict[str, Any]:
    return {
        "kind": facts.kind.value,
        "title": facts.title,
        "summary": facts.summary,
        "on_paper": facts.on_paper,
        "most_copies": facts.most_copies,
        "published_at": facts.published_at,
    }


def name_of(document: SiteDocument) -> str:
    return texts.read(document.title, "nb").value


def describe(document: SiteDocument) -> dict[str, Any]:
    state, color = tell_publication(document.published_at, clock.now())
    return {
        "slug": document.slug,
        "title": texts.read(document.title, language()),
        "kind": DOCUMENT_KINDS[document.kind],
        "state": state,
        "color": color,
        "on_paper": document.on_paper,
        "versions": [
            {"code": version.language, "language": LANGUAGES[version.language], "name": version.file.name,
             "size": name_size(version.file.size), "number": version.number}
            for version in queries.list_newest(document)
        ],
    }  # fmt: skip


def describe_order(ordered: BrochureOrder, document: SiteDocument) -> dict[str, Any]:
    zone = account().organiser.timezone
    return {
        "id": str(ordered.public_id),
        "copies": ordered.copies,
        "title": texts.read(document.title, language()),
        "language": LANGUAGES[ordered.language],
        "name": ordered.name,
        "organisation": ordered.organisation,
        "address": ordered.postal_address.split("\n") if ordered.postal_address else [],
        "email": ordered.email,
        "day": dates.format_day(dates.to_local(ordered.created_at, zone).date(), language()),
        "sent": dates.format_day(dates.to_local(ordered.sent_at, zone).date(), language()) if ordered.sent_at else "",
        "state": ORDER_STATES[ordered.state],
        "color": ORDER_COLOURS[ordered.state],
        "waits": ordered.state is OrderState.RECEIVED,
    }


def show_form(document: SiteDocument | None, typed: Typed, errors: dict[str, str]) -> str:
    return render_template(
        "workspace/site_document_form.html",
        document=describe(document) if document else None,
        typed=typed,
        errors=errors,
        kinds=[(one.value, str(label)) for one, label in DOCUMENT_KINDS.items()],
    )
