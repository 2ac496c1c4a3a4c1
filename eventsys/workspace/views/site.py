"""The web site's own: where it begins, news, and the people whom visitors may write to."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.site.contacts import actions as contacts
from eventsys.site.contacts import queries as contact_queries
from eventsys.site.labels import tell_publication
from eventsys.site.library import queries as library
from eventsys.site.models import ContactPerson, NewsItem
from eventsys.site.news import actions, queries
from eventsys.site.orders.queries import count_waiting
from eventsys.site.rules import EditedMeanwhile, NewsFacts
from eventsys.web import Access, access, language
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.site_forms import read_contact, read_edition, read_news, type_languages, type_publication
from eventsys.workspace.views.frame import account, blueprint, log, page_number

PER_PAGE = 50


@blueprint.get("/site", endpoint="site")
@access(Access.READER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    return render_template(
        "workspace/site.html",
        news=[describe(item) for item in queries.list_own(session, organiser_id, limit=3)],
        documents=len(library.list_own(session, organiser_id)),
        waiting=count_waiting(session, organiser_id),
        people=len(contact_queries.list_own(session, organiser_id)),
    )


@blueprint.get("/news", endpoint="own_news")
@access(Access.READER)
def list_news() -> str:
    page = page_number()
    rows = queries.list_own(db.session(), account().organiser.id, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    items = [describe(item) for item in rows[:PER_PAGE]]
    return render_template("workspace/news.html", items=items, page=page, has_more=len(rows) > PER_PAGE)


@blueprint.get("/news/new", endpoint="new_news")
@access(Access.ORGANISER)
def new() -> str:
    return show_form(None, Typed({"published": "1"}), {})


@blueprint.post("/news", endpoint="create_news")
@access(Access.ORGANISER)
def create() -> Response | tuple[str, int]:
    reader, now = Reader(Typed(request.form)), clock.now()
    facts = read_news(reader, timezone=account().organiser.timezone, now=now)
    if reader.errors:
        return show_form(None, reader.typed, reader.errors), 422
    with transaction() as session:
        item = actions.add(session, organiser_id=account().organiser.id, facts=facts, now=now)
        log(session, LogVerb.ADDED, "news", item.slug, name_of(facts), after=fields_of(facts))
    flash(_("The news is saved."), "success")
    return redirect(url_for(".own_news"), 303)


@blueprint.get("/news/<slug>", endpoint="edit_news")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    item = find(db.session(), slug)
    typed = {**type_languages("title", item.title), **type_languages("text", item.text), "edition": str(item.edition)}
    return show_form(item, Typed(typed | type_publication(item.published_at, account().organiser.timezone)), {})


@blueprint.post("/news/<slug>", endpoint="update_news")
@access(Access.ORGANISER)
def update(slug: str) -> Response | tuple[str, int]:
    reader, now = Reader(Typed(request.form)), clock.now()
    item = find(db.session(), slug)
    facts = read_news(reader, timezone=account().organiser.timezone, now=now, was=item.published_at)
    if reader.errors:
        return show_form(item, reader.typed, reader.errors), 422
    try:
        with transaction() as session:
            item = find(session, slug)
            before = fields_of(facts_of(item))
            actions.edit(session, item, facts=facts, edition=read_edition(reader.typed), now=now)
            log(session, LogVerb.CHANGED, "news", slug, name_of(facts), before, fields_of(facts))
    except EditedMeanwhile:
        return show_changed(find(db.session(), slug), reader.typed), 409
    flash(_("The news is saved."), "success")
    return redirect(url_for(".own_news"), 303)


@blueprint.get("/news/<slug>/removal", endpoint="confirm_news_removal")
@access(Access.ORGANISER)
def confirm_removal(slug: str) -> str:
    return render_template("workspace/news_removal.html", item=describe(find(db.session(), slug)))


@blueprint.post("/news/<slug>/removal", endpoint="remove_news")
@access(Access.ORGANISER)
def remove(slug: str) -> Response:
    with transaction() as session:
        item = find(session, slug)
        facts = facts_of(item)
        actions.remove(session, item)
        log(session, LogVerb.REMOVED, "news", slug, name_of(facts), before=fields_of(facts))
    flash(_("The news is taken away."), "success")
    return redirect(url_for(".own_news"), 303)


def find(session: Session, slug: str) -> NewsItem:
    return queries.find_own(session, slug, organiser_id=account().organiser.id) or abort(404)


def facts_of(item: NewsItem) -> NewsFacts:
    return NewsFacts(dict(item.title), dict(item.text), item.published_at)


def fields_of(facts: NewsFacts) -> dict[str, Any]:
    return {"title": facts.title, "text": facts.text, "published_at": facts.published_at}


def name_of(facts: NewsFacts) -> str:
    return texts.read(facts.title, "nb").value


def describe(item: NewsItem) -> dict[str, Any]:
    now, zone = clock.now(), account().organiser.timezone
    at = item.published_at
    state, kind = tell_publication(at, now)
    return {
        "slug": item.slug,
        "title": texts.read(item.title, language()),
        "state": state,
        "kind": kind,
        "day": dates.format_day(dates.to_local(at, zone).date(), language()) if at else "",
        "is_out": at is not None and at <= now,
        "lacking": [code for code in ("nb", "nn") if code not in item.title],
    }


def show_form(item: NewsItem | None, typed: Typed, errors: dict[str, str]) -> str:
    return render_template("workspace/news_form.html", item=item, typed=typed, errors=errors, changed=None)


def show_changed(item: NewsItem, typed: Typed) -> str:
    """Somebody else saved it meanwhile: theirs beside what was typed here, and the choice to save over it."""
    typed = Typed(typed)
    typed["edition"] = str(item.edition)
    theirs = {**type_languages("title", item.title), **type_languages("text", item.text)}
    changed = [(name, value) for name, value in theirs.items() if value != typed.get(name, "").strip()]
    return render_template("workspace/news_form.html", item=item, typed=typed, errors={}, changed=changed)


@blueprint.get("/contact-people", endpoint="contact_people")
@access(Access.READER)
def list_people() -> str:
    return show_people(Typed(), {}, None)


@blueprint.post("/contact-people", endpoint="create_contact_person")
@access(Access.ORGANISER)
def create_person() -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    facts = read_contact(reader)
    if reader.errors:
        return show_people(reader.typed, reader.errors, None), 422
    with transaction() as session:
        person = contacts.add(session, organiser_id=account().organiser.id, facts=facts)
        log(session, LogVerb.ADDED, "contact_person", str(person.public_id), facts.name, after=fields_of_person(person))
    flash(_("%(name)s is on the contact page.", name=facts.name), "success")
    return redirect(url_for(".contact_people"), 303)


@blueprint.get("/contact-people/<uuid:public_id>", endpoint="edit_contact_person")
@access(Access.ORGANISER)
def edit_person(public_id: uuid.UUID) -> str:
    person = find_person(db.session(), public_id)
    typed = {"name": person.name, "email": person.email, "phone": person.phone, **type_languages("title", person.title)}
    return show_people(Typed(typed), {}, person)


@blueprint.post("/contact-people/<uuid:public_id>", endpoint="update_contact_person")
@access(Access.ORGANISER)
def update_person(public_id: uuid.UUID) -> Response | tuple[str, int]:
    reader = Reader(Typed(request.form))
    facts = read_contact(reader)
    if reader.errors:
        return show_people(reader.typed, reader.errors, find_person(db.session(), public_id)), 422
    with transaction() as session:
        person = find_person(session, public_id)
        before = fields_of_person(person)
        contacts.edit(session, person, facts=facts)
        log(session, LogVerb.CHANGED, "contact_person", str(public_id), facts.name, before, fields_of_person(person))
    flash(_("%(name)s is saved.", name=facts.name), "success")
    return redirect(url_for(".contact_people"), 303)


@blueprint.post("/contact-people/<uuid:public_id>/position", endpoint="move_contact_person")
@access(Access.ORGANISER)
def move_person(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        person = find_person(session, public_id)
        before = {"position": person.position}
        contacts.move(session, person, up=request.form.get("to") == "up")
        after = {"position": person.position}
        log(session, LogVerb.CHANGED, "contact_person", str(public_id), person.name, before, after)
    return redirect(url_for(".contact_people"), 303)


@blueprint.post("/contact-people/<uuid:public_id>/removal", endpoint="remove_contact_person")
@access(Access.ORGANISER)
def remove_person(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        person = find_person(session, public_id)
        name, before = person.name, fields_of_person(person)
        contacts.remove(session, person)
        log(session, LogVerb.REMOVED, "contact_person", str(public_id), name, before=before)
    flash(_("%(name)s is no longer on the contact page.", name=name), "success")
    return redirect(url_for(".contact_people"), 303)


def find_person(session: Session, public_id: uuid.UUID) -> ContactPerson:
    return contact_queries.find_own(session, public_id, organiser_id=account().organiser.id) or abort(404)


def fields_of_person(person: ContactPerson) -> dict[str, Any]:
    return {"name": person.name, "title": dict(person.title), "email": person.email, "phone": person.phone}


def show_people(typed: Typed, errors: dict[str, str], person: ContactPerson | None) -> str:
    """The list with a form below it, for a new one or for `person`."""
    found = contact_queries.list_own(db.session(), account().organiser.id)
    return render_template(
        "workspace/contact_people.html",
        people=[(one, texts.read(one.title, language())) for one in found],
        person=person,
        typed=typed,
        errors=errors,
    )
