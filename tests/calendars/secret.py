"""Secret calendars for tests: of an address, a contact or an account; fetched, and read as programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import icalendar
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from eventsys.calendars.models import CalendarLink
from eventsys.calendars.own.actions import add_link
from eventsys.calendars.own.queries import Owner
from eventsys.calendars.own.serving import link_token
from eventsys.calendars.rules import LinkKind
from eventsys.extensions import db, transaction
from eventsys.registrations.models import Registration
from tests.guards.visits import visitor
from tests.world import NOW


class Entry(NamedTuple):
    title: str
    status: str
    sequence: int
    stamped_at: datetime


def owner_of(email: str) -> Owner:
    return Owner(LinkKind.PERSONAL, email_key=email)


def make(owner: Owner, *, name: str = "Min telefon", language: str = "nb") -> str:
    """A new calendar's token."""
    with transaction() as session:
        return link_token(add_link(session, owner, name=name, language=language, now=NOW))


def the_link() -> CalendarLink:
    db.session.rollback()
    return db.session.scalars(sa.select(CalendarLink).execution_options(populate_existing=True)).one()


def fetch(app: Flask, token: str, query: str = "", **headers: str) -> TestResponse:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor(app).get(f"/calendars/personal/{token}.ics{query}", headers=fields)


def events(app: Flask, token: str, query: str = "") -> list[Any]:
    answer = fetch(app, token, query)
    assert answer.status_code == 200
    return list(icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT"))


def entries(app: Flask, token: str, query: str = "") -> list[Entry]:
    return [
        Entry(str(one["SUMMARY"]), str(one["STATUS"]), int(one["SEQUENCE"]), one["DTSTAMP"].dt)
        for one in events(app, token, query)
    ]


def lines(app: Flask, token: str, query: str = "") -> list[tuple[str, str]]:
    return [(one.title, one.status) for one in entries(app, token, query)]


def notes(app: Flask, token: str) -> list[list[str]]:
    """What stands before each event's own description."""
    return [str(one["DESCRIPTION"]).split("\n\n")[0].split("\n") for one in events(app, token)]


def set_states(rows: Sequence[Registration], **values: object) -> None:
    with transaction() as session:
        session.execute(sa.update(Registration).where(Registration.id.in_([row.id for row in rows])).values(**values))
