"""Documents and brochures for everybody: the list, a version to open, an order on paper."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.events.materials.answers import send_stored
from eventsys.events.materials.labels import name_size
from eventsys.extensions import db, transaction
from eventsys.site.forms import OrderForm
from eventsys.site.labels import DOCUMENT_KINDS
from eventsys.site.library import queries
from eventsys.site.models import SiteDocument
from eventsys.site.orders import actions as orders
from eventsys.site.orders import emails
from eventsys.site.programme import describe_talks
from eventsys.site.rules import NotOnPaper, TooManyCopies, TooManyOrders
from eventsys.site.views.frame import blueprint
from eventsys.web import LANGUAGES, Access, access, language


@blueprint.get("/documents", endpoint="documents")
@access(Access.PUBLIC)
def index() -> str:
    found = [describe(document) for document in queries.list_published(db.session(), now=clock.now())]
    return render_template("site/documents.html", documents=found, talks=describe_talks(db.session()))


@blueprint.get("/documents/<slug>/<any(nb, nn, en):code>", endpoint="document_file")
@access(Access.PUBLIC)
def show_file(slug: str, code: str) -> Response:
    """Saved, never shown in the page's own name: what is in a file is somebody else's."""
    file = queries.find_file(db.session(), slug, code, now=clock.now()) or abort(404)
    return send_stored(file, cache_control="private, no-cache")


@blueprint.get("/documents/<slug>/orders/new", endpoint="new_order")
@access(Access.PUBLIC)
def new_order(slug: str) -> str:
    document = find_orderable(slug)
    chosen = next((code for code, _name in list_languages(document) if code == language()), None)
    form = OrderForm(
        languages=list_languages(document), language=chosen or list_languages(document)[0][0],
        nonce=secrets.token_urlsafe(18),
    )  # fmt: skip
    return show_form(document, form)


@blueprint.post("/documents/<slug>/orders", endpoint="create_order")
@access(Access.PUBLIC)
def create_order(slug: str) -> Response | tuple[str, int]:
    document = find_orderable(slug)
    form = OrderForm(request.form, languages=list_languages(document))
    if not form.validate():
        return show_form(document, form), 422
    try:
        order(slug, form)
    except NotOnPaper:
        abort(404)
    except TooManyCopies as error:
        form.refuse("copies", _("At most %(most)d at a time. Write to us if you need more.", most=error.most))
        return show_form(document, form), 422
    except TooManyOrders:
        form.refuse("email", _("This address has ordered many times in the last hour. Try again later."))
        return show_form(document, form), 429
    return redirect(url_for(".order_received"), 303)


@blueprint.get("/documents/orders/received", endpoint="order_received")
@access(Access.PUBLIC)
def received() -> str:
    return render_template("site/order_received.html")


def order(slug: str, form: OrderForm) -> None:
    now = clock.now()
    with transaction() as session:
        document = queries.find_published(session, slug, now=now) or abort(404)
        ordered = orders.order(session, document, facts=form.facts(), form_token=form.form_token(slug), now=now)
        if ordered is not None:
            path = url_for(".documents")
            emails.send_word(session, ordered, document, path=path, reader=language(), now=now)


def find_orderable(slug: str) -> SiteDocument:
    found = queries.find_published(db.session(), slug, now=clock.now())
    return found if found is not None and found.on_paper and found.versions else abort(404)


def list_languages(document: SiteDocument) -> list[tuple[str, str]]:
    return [(version.language, LANGUAGES[version.language]) for version in queries.list_newest(document)]


def show_form(document: SiteDocument, form: OrderForm) -> str:
    return render_template("site/order_form.html", document=describe(document), form=form)


def describe(document: SiteDocument) -> dict[str, Any]:
    """A document as a card: what it is, and its newest version in each language."""
    summary = texts.read(document.summary, language())
    local = dates.to_local(document.published_at, dates.TIMEZONE).date() if document.published_at else None
    versions = queries.list_newest(document)
    return {
        "slug": document.slug,
        "title": texts.read(document.title, language()),
        "summary": summary,
        "html": texts.to_html(summary.value),
        "kind": DOCUMENT_KINDS[document.kind],
        "day": dates.format_day(local, language()) if local else "",
        "on_paper": document.on_paper and bool(versions),
        "most_copies": document.most_copies,
        "versions": [
            {
                "code": version.language,
                "language": LANGUAGES[version.language],
                "name": version.file.name,
                "size": name_size(version.file.size),
                "number": version.number,
            }
            for version in versions
        ],
    }
