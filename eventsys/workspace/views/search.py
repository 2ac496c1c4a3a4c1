"""The search on every organisers' page: a person, an event, an organisation or a mail, within what the account may see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock, texts
from eventsys.events.labels import STAGES
from eventsys.events.models import Event
from eventsys.extensions import AnyRow, Translated, db, transaction
from eventsys.organisations.labels import KINDS, POSITION_ROLES
from eventsys.organisations.models import Organisation
from eventsys.organisations.representatives import actions as representatives
from eventsys.registrations.labels import STATES
from eventsys.web import Access, access, language
from eventsys.workspace.search import queries
from eventsys.workspace.search.details import AtEvent, PersonFound, describe_people
from eventsys.workspace.search.scope import Seeing
from eventsys.workspace.views.frame import (
    STAGE_KINDS,
    account,
    blueprint,
    name_dates,
    name_event,
    opens,
    stage_of,
    today,
    words,
)
from eventsys.workspace.views.organisations import address_of
from eventsys.workspace.views.outbox import describe_mails


@blueprint.get("/search", endpoint="search")
@access(Access.HELPER)
def search() -> str:
    text, organiser_id = words("q"), account().organiser.id
    elected = read_representatives(text)
    session, seeing = db.session(), Seeing(organiser_id, today(), account().events)
    people = queries.find_people(session, seeing, text)
    found = describe_people(session, seeing, people.ids)
    mails = find_mails(session, text, found)
    sections = {
        "people": [describe_person(one) for one in found],
        "events": [describe_event(event) for event in queries.find_events(session, seeing, text)],
        "organisations": find_organisations(session, text),
        "elected": elected,
        "mails": mails,
    }
    return render_template(
        "workspace/search.html",
        search_words=text,
        **sections,
        are_more=people.are_more,
        is_short=bool(text) and queries.is_too_short(text),
        nothing=not any(sections.values()),
        mail_url=url_for(".mail", q=text) if mails and "@" in text else "",
    )


def describe_person(one: PersonFound) -> dict[str, Any]:
    """A person with the ways from here: each seat, each event where they sign up others, their mails."""
    return {
        "name": one.name,
        "email": one.email,
        "organisations": one.organisations,
        "url": url_for(".person", public_id=one.public_id) if opens("person") else "",
        "facts": [*_tell_seats(one), *_tell_others(one)],
        "mails_url": url_for(".person_mail", public_id=one.public_id) if opens("person_mail") else "",
    }


def _tell_seats(one: PersonFound) -> Iterator[tuple[str, str, str]]:
    """What the line says, what of it leads somewhere, and where."""
    for seat in one.seats:
        state = str(STATES[seat.state]) if seat.state else ""
        yield state, _name(seat.title), url_for(".participant", slug=seat.slug, public_id=seat.registration)
    for delegation in one.delegations:
        yield _("Signs up others"), _name(delegation.title), url_for(".participants", slug=delegation.slug, q=one.name)


def _tell_others(one: PersonFound) -> Iterator[tuple[str, str, str]]:
    seated = {seat.slug for seat in one.seats}
    for invitation in _not_among(one.invitations, seated):
        yield _("Invited"), _name(invitation.title), url_for(".event", slug=invitation.slug)
    for role in one.roles:
        yield str(POSITION_ROLES[role]), "", ""
    for group in one.groups:
        yield _("In the group"), _name(group), ""


def _not_among(found: Sequence[AtEvent], slugs: set[str]) -> list[AtEvent]:
    return [one for one in found if one.slug not in slugs]


def _name(title: Translated) -> str:
    return texts.read(title, language()).value


def describe_event(event: Event) -> dict[str, Any]:
    return {
        "slug": event.slug,
        "title": name_event(event),
        "dates": name_dates(event),
        "status": STAGES[stage_of(event)],
        "kind": STAGE_KINDS[stage_of(event)],
    }


def find_organisations(session: Session, text: str) -> list[dict[str, Any]]:
    if not opens("organisation"):
        return []
    return [describe_organisation(one) for one in queries.find_organisations(session, text)]


def describe_organisation(one: Organisation) -> dict[str, Any]:
    return {
        "label": one.label,
        "number": one.number or "",
        "kind": KINDS[one.kind],
        "url": address_of(one),
    }


def find_mails(session: Session, text: str, people: Sequence[PersonFound]) -> list[dict[str, Any]]:
    if not opens("show_mail"):
        return []
    keys = [one.email_key for one in people if one.email_key]
    found = queries.find_mails(session, account().organiser.id, text, keys)
    return describe_mails(session, found, is_search=True)


def read_representatives(text: str) -> list[AnyRow]:
    """Representatives of the organiser's own unions with these words in their names; that they were read is noted."""
    organiser_id, account_id = account().organiser.id, account().id
    if not account().may(Access.ORGANISER):
        return []
    ids = queries.find_representatives(db.session(), organiser_id, text, on=today())
    if not ids:
        return []
    by = representatives.By(organiser_id, account_id, today(), clock.now())
    with transaction() as session:
        rows = representatives.read(session, representatives.Wanted(words=text), by=by)
        return [row for row in rows if row.Representative.id in ids]
