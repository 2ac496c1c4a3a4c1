"""News for everybody: the list and one piece."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _

from eventsys import clock, dates, texts
from eventsys.extensions import db
from eventsys.site.models import NewsItem
from eventsys.site.news import queries
from eventsys.site.views.frame import blueprint
from eventsys.web import Access, access, language

PER_PAGE = 20
ON_FRONT = 3


@blueprint.get("/news", endpoint="news")
@access(Access.PUBLIC)
def index() -> str:
    text = request.args.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) else 1
    rows = queries.list_published(db.session(), now=clock.now(), limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    return render_template(
        "site/news.html",
        news=[describe(item, organiser) for item, organiser in rows[:PER_PAGE]],
        page=page,
        has_more=len(rows) > PER_PAGE,
    )


@blueprint.get("/news/<slug>", endpoint="news_item")
@access(Access.PUBLIC)
def show(slug: str) -> str:
    row = queries.find_published(db.session(), slug, now=clock.now()) or abort(404)
    return render_template("site/news_item.html", item=describe(*row))


def list_newest() -> list[dict[str, Any]]:
    """What the front page tells."""
    return [describe(*row) for row in queries.list_published(db.session(), now=clock.now(), limit=ON_FRONT)]


def describe(item: NewsItem, organiser: str) -> dict[str, Any]:
    text = texts.read(item.text, language())
    local = dates.to_local(item.published_at, dates.TIMEZONE).date() if item.published_at else None
    return {
        "slug": item.slug,
        "title": texts.read(item.title, language()),
        "text": text,
        "html": texts.to_html(text.value),
        "day": dates.format_day(local, language()) if local else _("Not out yet"),
        "iso_day": local.isoformat() if local else "",
        "organiser": organiser,
    }
