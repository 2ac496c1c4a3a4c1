"""Who answers for an event: colleagues and others, in order, shown to the public or not."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.contacts.actions import ContactFacts, set_contacts
from eventsys.events.contacts.queries import Colleague, list_colleagues, list_contacts
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event, tabs

MOST = 10


@blueprint.get("/events/<slug>/contacts", endpoint="event_contacts")
@access(Access.ORGANISER)
def edit(slug: str) -> str:
    session = db.session()
    event = own_event(session, slug)
    typed = Typed()
    contacts = list_contacts(session, event.id)
    for row, contact in enumerate(contacts):
        typed[f"account-{row}"] = str(contact.account_id or "")
        typed[f"name-{row}"], typed[f"email-{row}"] = contact.name, contact.email
        typed[f"phone-{row}"], typed[f"public-{row}"] = contact.phone, "1" if contact.is_public else ""
    typed["rows"] = str(len(contacts) + 1)
    typed[f"public-{len(contacts)}"] = "1"
    return show_form(event, typed, {})


@blueprint.post("/events/<slug>/contacts", endpoint="save_event_contacts")
@access(Access.ORGANISER)
def save(slug: str) -> Response | str | tuple[str, int]:
    event = own_event(db.session(), slug)
    reader = Reader(Typed(request.form))
    if "more" in reader.typed:
        rows = count_rows(reader.typed)
        reader.typed["rows"] = str(min(rows + 1, MOST))
        reader.typed[f"public-{rows}"] = "1"
        return show_form(event, reader.typed, {})
    contacts = read_contacts(reader, list_colleagues(db.session(), event.organiser_id))
    if reader.errors:
        return show_form(event, reader.typed, reader.errors), 422
    with transaction() as session:
        event = own_event(session, slug)
        changed = set_contacts(session, event, contacts, account_id=account().id, now=clock.now())
    flash(_("The changes are saved.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return redirect(url_for(".event", slug=slug), 303)


def read_contacts(reader: Reader, colleagues: list[Colleague]) -> list[ContactFacts]:
    """Those of the rows that say somebody: a colleague, whose name and address are known, or a name."""
    known = {str(one.id): one for one in colleagues}
    found = []
    for row in range(count_rows(reader.typed)):
        colleague = known.get(reader.typed.get(f"account-{row}", ""))
        name = reader.text(f"name-{row}", most=200) or (colleague.name if colleague else "")
        email, phone = reader.email(f"email-{row}"), reader.text(f"phone-{row}", most=40)
        if not name:
            if email or phone:
                reader.errors[f"name-{row}"] = _("Write a name, or empty the row.")
            continue
        is_public = reader.typed.get(f"public-{row}") == "1"
        email = email or (colleague.email if colleague else "")
        found.append(ContactFacts(name, email, phone, is_public, colleague.id if colleague else None))
    return found


def count_rows(typed: Typed) -> int:
    text = typed.get("rows", "1")
    return min(max(int(text), 1), MOST) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def show_form(event: Event, typed: Typed, errors: dict[str, str]) -> str:
    colleagues = list_colleagues(db.session(), event.organiser_id)
    return render_template(
        "workspace/event_contacts.html",
        event=event,
        event_title=name_event(event),
        tabs=tabs(event, "event"),
        typed=typed,
        errors=errors,
        rows=count_rows(typed),
        most=MOST,
        colleagues=[("", _("Somebody else"))] + [(str(one.id), one.name) for one in colleagues],
    )
