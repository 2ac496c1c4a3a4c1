"""Every rule for what a feed says over time and over HTTP (RFC 5545, RFC 7986), as parsers of others read it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import vobject  # type: ignore[import-untyped]
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.events import actions
from eventsys.events.actions import keep_calendar_bytes
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import transaction
from tests.calendars.oracles import Entry
from tests.calendars.test_musts import of_ical, read
from tests.events import given

ALL = "/calendars/all.ics"
LATER = given.NOW + timedelta(hours=3)


@pytest.fixture
def programme(app: Flask) -> given.Programme:
    with transaction() as session:
        clock.set_to(session, given.NOW)
        return given.programme(session)


def fetch(app: Flask, path: str = ALL, **headers: str) -> TestResponse:
    with app.app_context():
        return app.test_client().get(path, headers=headers)


def entries(app: Flask, path: str = ALL) -> tuple[Entry, ...]:
    return read(fetch(app, path).data)


def add(programme: given.Programme, *runs: RunFacts, **more: Any) -> int:
    with transaction() as session:
        exact = given.exact(date(2008, 9, 1), time(10), time(15), date(2008, 9, 2))
        return given.event(session, programme.organiser_id, *(runs or (exact,)), **more).id


def the_run(session: Session) -> Run:
    return session.scalars(sa.select(Run)).one()


def move(facts: RunFacts) -> None:
    with transaction() as session:
        actions.change_run(session, the_run(session), facts=facts, base_url=given.BASE, now=LATER)


def rename(title: str) -> None:
    with transaction() as session:
        event = session.scalars(sa.select(Event)).one()
        facts = EventFacts(EventType.LEARNING_SEMINAR, {"nb": title})
        actions.edit(session, event, facts=facts, clauses=[], base_url=given.BASE, now=LATER)


def test_row_8_a_uid_is_random_short_and_the_same_everywhere_for_life(app: Flask, programme: given.Programme) -> None:
    """RFC 5545 §3.8.4.7, RFC 7986 §5.3: no host name and nobody in it; after edits, cancellation and a new address."""
    add(programme, given.days(date(2008, 9, 1)), cohorts=programme.cohorts[:1])
    [first] = entries(app)
    assert UUID(first.uid).version == 4
    own = [
        entries(app, path)[0].uid for path in ("/calendars/cohorts/pulje-i.ics", "/events/laeringsseminar-pulje-i.ics")
    ]
    rename("Noe annet")
    move(given.days(date(2008, 9, 9)))
    with transaction() as session:
        keep_calendar_bytes(session, base_url="https://another.example")
    own.append(entries(app)[0].uid)
    with transaction() as session:
        event = session.scalars(sa.select(Event)).one()
        actions.cancel(session, event, base_url="https://another.example", now=LATER)
    [last] = entries(app)
    assert (last.status, last.url[:23], [*own, last.uid]) == ("CANCELLED", "https://another.example", [first.uid] * 4)


def test_row_9_moments_are_in_utc_and_the_same_at_each_reading(app: Flask, programme: given.Programme) -> None:
    """RFC 5545 §3.8.7: without a METHOD, DTSTAMP is the last revision."""
    add(programme)
    first = fetch(app)
    with transaction() as session:
        clock.set_to(session, given.NOW + timedelta(minutes=1))
    assert fetch(app).data == first.data
    assert [(entry.dtstamp, entry.last_modified) for entry in read(first.data)] == [(given.NOW, given.NOW)]
    for name in (b"DTSTAMP", b"LAST-MODIFIED", b"CREATED"):
        assert re.findall(name + rb"[^\r]*", first.data)[-1] == name + b":20080818T080000Z"
    rename("Noe annet")
    assert [(entry.dtstamp, entry.last_modified) for entry in entries(app)] == [(LATER, LATER)]


def test_row_10_the_sequence_rises_with_time_place_and_status_alone(app: Flask, programme: given.Programme) -> None:
    """RFC 5545 §3.8.7.4."""
    with transaction() as session:
        place = given.venue(session, "Hotell Fjord")
    first = given.exact(date(2008, 9, 1), time(10), time(15))
    add(programme, first)
    found = [entries(app)[0].sequence]
    for facts in (
        replace(first, starts=time(9)),
        replace(first, starts=time(9), ends=time(16)),
        replace(first, starts=time(9), ends=time(16), venue_id=place),
        replace(first, starts=time(9), ends=time(16), venue_id=place, capacity=7),
    ):
        move(facts)
        found.append(entries(app)[0].sequence)
    rename("Et annet navn")
    found.append(entries(app)[0].sequence)
    with transaction() as session:
        actions.cancel_run(session, the_run(session), base_url=given.BASE, now=LATER)
    assert [*found, entries(app)[0].sequence] == [0, 1, 2, 3, 3, 3, 4]


def test_row_11_a_status_is_one_of_three_and_what_is_cancelled_stays_a_month(
    app: Flask, programme: given.Programme
) -> None:
    """RFC 5545 §3.8.1.11."""
    add(programme, title="Fast")
    add(programme, given.OCTOBER, title="Løs")
    event = add(programme, given.days(date(2008, 9, 3)), title="Borte")
    with transaction() as session:
        actions.cancel(session, session.get_one(Event, event), base_url=given.BASE, now=LATER)
    statuses = {entry.summary[:13]: (entry.status, entry.transp, entry.sequence) for entry in entries(app)}
    assert statuses == {
        "Fast": ("CONFIRMED", "OPAQUE", 0),
        "Avlyst: Borte": ("CANCELLED", "TRANSPARENT", 1),
        "Løs (oktober ": ("TENTATIVE", "TRANSPARENT", 0),
    }
    seen = []
    for day in (date(2008, 10, 3), date(2008, 10, 4)):
        with transaction() as session:
            clock.set_to(session, datetime.combine(day, time(12), UTC))
        seen.append(Counter(entry.status for entry in entries(app))["CANCELLED"])
    assert seen == [1, 0]


def test_row_12_no_uid_stands_twice(app: Flask, programme: given.Programme) -> None:
    """RFC 5545 §3.8.4.7; in feeds that an event belongs to in several ways."""
    both = {"cohorts": programme.cohorts, "networks": programme.networks}
    add(programme, given.days(date(2008, 9, 1)), given.days(date(2008, 9, 1)), given.OCTOBER, **both)
    for path in (ALL, "/calendars/networks/nord.ics", "/calendars/cohorts/pulje-i.ics"):
        assert set(Counter(entry.uid for entry in entries(app, path)).values()) == {1}
        assert len(entries(app, path)) == 3


def test_row_13_a_feed_says_what_it_is(app: Flask, programme: given.Programme) -> None:
    """RFC 5545 §8.1."""
    answer = fetch(app)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith('filename="all.ics"')


def test_rfc_7986_and_what_clients_read_of_a_feed(app: Flask, programme: given.Programme) -> None:
    """RFC 7986 §5: name, description, source, address, colour, how often; and the names that went before them."""
    data = fetch(app, "/calendars/cohorts/pulje-ii.ics").data
    found, old = of_ical(data), vobject.readOne(data.decode()).contents
    assert (found.name, found.description) == (
        ["Kvalitetskommuneprogrammet: Pulje II"], ["Alt puljen er invitert til"],
    )  # fmt: skip
    assert [old[name][0].value for name in ("x-wr-calname", "x-wr-caldesc", "x-wr-timezone", "x-published-ttl")] == [
        *found.name, *found.description, "Europe/Oslo", "PT1H",
    ]  # fmt: skip
    assert (found.refresh_interval, old["refresh-interval"][0].params) == (timedelta(hours=1), {"VALUE": ["DURATION"]})
    assert (found.source, found.url) == (
        f"{given.BASE}/calendars/cohorts/pulje-ii.ics", f"{given.BASE}/calendars/",
    )  # fmt: skip
    assert found.color == "steelblue"


def test_rfc_7986_an_event_has_its_page_twice_its_kind_and_cohort_and_nobodys_link(
    app: Flask, programme: given.Programme
) -> None:
    """RFC 7986 §5.11: CONFERENCE is for confirmed participants, so none in what everybody reads."""
    add(programme, cohorts=programme.cohorts[1:2])
    data = fetch(app).data
    [entry] = read(data)
    assert entry.categories == ("læringsseminar", "Pulje II")
    assert entry.url == f"{given.BASE}/events/laeringsseminar-pulje-ii"
    assert entry.description.split("\n")[-1] == entry.url
    assert (entry.organiser, entry.attendees, of_ical(data).events[0].conference) == (None, (), [])
    assert of_ical(data).last_modified == given.NOW


def test_a_span_that_is_not_exact_is_free_and_tentative_and_keeps_its_uid_when_it_becomes_so(
    app: Flask, programme: given.Programme
) -> None:
    """The rules for dates that are not exact: a month becomes two days, which are the same entry, one revision on."""
    add(programme, given.OCTOBER, title="Samling")
    add(programme, RunFacts(Precision.UNKNOWN), title="Uten dato")
    [before] = entries(app)
    assert (before.start, before.end, before.status, before.transp) == (
        date(2008, 10, 1), date(2008, 11, 1), "TENTATIVE", "TRANSPARENT",
    )  # fmt: skip
    with transaction() as session:
        run = session.scalars(sa.select(Run).where(Run.uid == UUID(before.uid))).one()
        facts = given.days(date(2008, 10, 14), date(2008, 10, 15))
        actions.change_run(session, run, facts=facts, base_url=given.BASE, now=LATER)
    [after] = entries(app)
    assert (after.uid, after.sequence, after.status, after.transp) == (before.uid, 1, "CONFIRMED", "OPAQUE")
    assert (after.start, after.end, after.dtstamp) == (date(2008, 10, 14), date(2008, 10, 16), LATER)
