"""Something done with many participants at once: who it is about is shown first, then it is done or nothing is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.extensions import AnyRow, db, transaction
from eventsys.web import Access, access
from eventsys.workflows.rules import Audience
from eventsys.workflows.texts.rules import LANGUAGES as CODES
from eventsys.workflows.texts.rules import BadTexts
from eventsys.workspace.forms import Typed
from eventsys.workspace.mail.letter_form import read_letter, tell_faults
from eventsys.workspace.mail.occasions import Meant
from eventsys.workspace.mail_rules.labels import LANGUAGES
from eventsys.workspace.people_list import actions, filters, labels, queries
from eventsys.workspace.people_list.actions import By
from eventsys.workspace.people_list.rules import MOST_AT_ONCE, Act, Order, Parts, part
from eventsys.workspace.texts.wording import list_placeholders
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, read_id, today

LONGEST_WHY = 500


@blueprint.post("/events/<slug>/participants/preview", endpoint="preview_many")
@access(Access.ORGANISER)
def preview(slug: str) -> str | Response:
    """Whom it is about and who is left out; nothing is changed."""
    session = db.session()
    event = own_event(session, slug)
    order = labels.read_order(request.form.get("act", ""), event)
    rows = list_meant(session, event)
    refused = why_refused(order, rows)
    if order is None or refused:
        flash(refused, "info")
        return back(slug)
    return show_preview(session, event, order, part(order, rows), {})


def why_refused(order: Order | None, rows: Sequence[AnyRow]) -> str:
    """Why there is nothing to show; empty when there is."""
    if order is None:
        return _("Choose what to do with them.")
    if not rows:
        return _("Choose somebody first.")
    if len(rows) > MOST_AT_ONCE:
        return _("At most %(most)d at a time: filter the list first.", most=MOST_AT_ONCE)
    return ""


def list_meant(session: Session, event: Event) -> list[AnyRow]:
    """Those who were ticked, or all that the list in the address shows."""
    if request.form.get("everybody"):
        choices = queries.list_choices(session, event)
        return queries.list_all(session, event, filters.read(request.args, event, choices).wanted, on=today())
    return queries.list_chosen(session, event, read_ids())


def read_ids() -> list[uuid.UUID]:
    """The registrations that a form names, each once; what is no id is nobody's."""
    found = map(read_id, " ".join(request.form.getlist("who")).split())
    return list(dict.fromkeys(one for one in found if one is not None))


def back(slug: str) -> Response:
    return redirect(url_for(".participants", slug=slug, **list_address()), 303)


def list_address() -> dict[str, Any]:
    """The list's filters and columns, as the address has them."""
    kept: dict[str, Any] = {name: value for name in filters.NAMES if (value := request.args.get(name))}
    columns = request.args.getlist("col")
    return kept | ({"col": columns} if columns else {})


def show_preview(session: Session, event: Event, order: Order, parts: Parts, errors: dict[str, str]) -> str:
    shared: dict[str, Any] = {
        "event": event,
        "event_title": name_event(event),
        "title": labels.ask(order, event, len(parts.able)),
        "able": parts.able,
        "refused": parts.refused,
        "whys": labels.WHYS,
        "name_person": labels.name_person,
        "order": order,
        "act": labels.write_order(order, event),
        "who": " ".join(str(row.public_id) for row in parts.able),
        "address": list_address(),
    }
    if order.act is not Act.MESSAGE:
        return render_template("workspace/participants_preview.html", told=labels.TOLD[order.act], **shared)
    readers = queries.count_languages(session, event, [row.id for row in parts.able])
    return render_template(
        "workspace/participants_message.html",
        typed=Typed(request.form),
        errors=errors,
        readers=[(code, LANGUAGES[code], readers.get(code, 0)) for code in CODES],
        placeholders=list_placeholders(),
        **shared,
    )


@blueprint.post("/events/<slug>/participants/changes", endpoint="change_many")
@access(Access.ORGANISER)
def change(slug: str) -> str | Response:
    """Does it in one transaction. Who could not be changed is named on a page of its own."""
    ids = read_ids()[:MOST_AT_ONCE]
    by = By(
        account().id,
        clock.now(),
        why=request.form.get("why", "").replace("\0", "").strip()[:LONGEST_WHY],
        silent="tell" not in request.form,
    )
    with transaction() as session:
        event = own_event(session, slug)
        order = labels.read_order(request.form.get("act", ""), event)
        if order is None or order.act is Act.MESSAGE:
            return back(slug)
        parts = actions.carry_out(session, order, queries.list_chosen(session, event, ids), by)
    if parts.able:
        flash(labels.tell_done(len(parts.able)), "success")
    if not parts.refused:
        return back(slug)
    return render_template(
        "workspace/participants_refused.html",
        event=event,
        event_title=name_event(event),
        refused=parts.refused,
        whys=labels.WHYS,
        name_person=labels.name_person,
        address=list_address(),
    )


@blueprint.post("/events/<slug>/participants/messages", endpoint="write_to_many")
@access(Access.ORGANISER)
def write(slug: str) -> str | tuple[str, int] | Response:
    """Sends a letter to those who were chosen, once however often the button is pressed."""
    session = db.session()
    event = own_event(session, slug)
    parts = part(Order(Act.MESSAGE), queries.list_chosen(session, event, read_ids()[:MOST_AT_ONCE]))
    typed, errors = Typed(request.form), dict[str, str]()
    ids = [row.id for row in parts.able]
    readers = queries.count_languages(session, event, ids)
    now, zone = clock.now(), account().organiser.timezone
    local = dates.to_local(now, zone).replace(tzinfo=None)
    letter = read_letter(typed, errors, meant=Meant(Audience.REGISTERED), readers=readers, now_local=local)
    if why := why_unsent(event, readers):
        errors["subject_nb"] = why
    if letter is not None and not errors:
        try:
            with transaction() as tx:
                actions.write_to(tx, own_event(tx, slug), ids, letter, account_id=account().id, timezone=zone, now=now)
        except BadTexts as bad:
            errors.update(tell_faults(bad.faults))
        else:
            flash(
                ngettext("It goes to %(num)d address.", "It goes to %(num)d addresses.", sum(readers.values())),
                "success",
            )
            return back(slug)
    return show_preview(session, own_event(db.session(), slug), Order(Act.MESSAGE), parts, errors), 422


def why_unsent(event: Event, readers: dict[str, int]) -> str:
    if event.status is EventStatus.DRAFT:
        return _("A draft sends nothing. Publish the event first.")
    if event.status is EventStatus.CANCELLED:
        return _("The event is cancelled, and those who were signed up have been told.")
    return "" if readers else _("Choose somebody first.")
