"""Every rule for the calendar part of a mail (RFC 5546, RFC 6047), as parsers of others read what was really sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.events.ics import request
from eventsys.events.models import Event, Run
from eventsys.events.rules import ChangeKind, RunStatus
from eventsys.extensions import transaction
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Change, State
from eventsys.workflows import actions
from eventsys.workflows.jobs import tick_until_idle
from tests.calendars.oracles import Entry, Party
from tests.calendars.oracles.every import READERS
from tests.calendars.test_musts import components
from tests.events.test_ics import EXACT, REVISED, mail
from tests.mailing.sink import Sink, sink_of
from tests.workflows import rows

KARI, OLA = "kari@kommune.example", "ola@kommune.example"
SENDER = "mailto:arrangement@eventsys.example"


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with sink_of(app) as sink:
        yield sink


def read(data: bytes) -> tuple[str, Entry]:
    """The method, and the one event, that all readers agree on."""
    first, *others = (reader.read(data) for reader in READERS.values())
    assert others == [first] * 2
    [entry] = first.entries
    return first.method, entry


def part(message: EmailMessage) -> bytes:
    [found] = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    content = found.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def sent_to(sink: Sink, address: str) -> list[tuple[str, Entry]]:
    """What the calendar parts of the mails to somebody say, oldest first; nothing of mails without one."""
    messages = [message for who, message in zip(sink.recipients, sink.messages, strict=True) if who == address]
    return [read(part(message)) for message in messages if message.get_content_type() == "multipart/mixed"]


def one_run() -> Run:
    rows.set_clock(rows.MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        actions.plan(session, now=rows.MORNING)
    return run


def two_people(run: Run) -> int:
    """Kari, whose registration is given, and Ola, who has a place too."""
    with transaction() as session:
        kari = rows.register(session, run, name="Kari Å. Nord", email=KARI)
        rows.register(session, run, name="Ola", email=OLA)
    return kari.id


def change_run(app: Flask, run: Run, kind: ChangeKind, **columns: Any) -> None:
    """A change of the run as organisers make it, one revision on, and the mails about it."""
    with transaction() as session:
        row = session.get_one(Run, run.id)
        for name, value in {"sequence": row.sequence + 1, **columns}.items():
            setattr(row, name, value)
        rows.change_event(session, row, kind)
    tick_until_idle(app)


def test_a_request_names_its_sender_and_the_one_who_reads_it(app: Flask, sink: Sink) -> None:
    """RFC 5546 §3.2.2: one ORGANIZER, DTSTAMP, SEQUENCE, SUMMARY, UID. Each of two gets a mail that names no other."""
    run = one_run()
    two_people(run)
    tick_until_idle(app)
    for address, name in ((KARI, "Kari Å. Nord"), (OLA, "Ola")):
        [(method, entry)] = sent_to(sink, address)
        assert (method, entry.uid, entry.sequence) == ("REQUEST", str(run.uid), 0)
        assert (entry.summary, entry.status) == ("Læringsseminar 2", "CONFIRMED")
        assert entry.organiser == Party("Sekretariatet", SENDER)
        assert entry.attendees == (Party(name, f"mailto:{address}", "ACCEPTED", False),)


def test_each_property_of_the_mails_event_stands_once() -> None:
    """RFC 5545 §3.6.1; of an ATTENDEE a REQUEST could have more, which would tell of others."""
    for data in (mail(), mail(method="CANCEL"), mail(method="CANCEL", whole_run=True)):
        [event] = components(data, "vevent")
        assert {len(lines) for lines in event.contents.values()} == {1}
        assert {"organizer", "attendee", "uid", "dtstamp", "sequence", "summary"} <= set(event.contents)


def test_the_sender_is_the_mails_own_and_in_its_domain(app: Flask, sink: Sink) -> None:
    """RFC 6047 §2.2: ORGANIZER is the address that the mail comes from, never one at the recipient's domain."""
    two_people(one_run())
    tick_until_idle(app)
    for message in sink.messages:
        _method, entry = read(part(message))
        assert entry.organiser is not None
        assert message["From"].addresses[0].addr_spec == entry.organiser.address.removeprefix("mailto:")


def test_the_parts_of_a_mail_stand_as_outlook_gmail_and_apple_want_them(app: Flask, sink: Sink) -> None:
    """RFC 6047 §2.4: the inner calendar last among the alternatives, no attachment; the file has the same bytes."""
    kari = two_people(one_run())
    tick_until_idle(app)
    with transaction() as session:
        rows.move(session, session.get_one(Registration, kari), Change.CANCELLED, State.CANCELLED)
    tick_until_idle(app)
    methods = []
    for message in sink.messages:
        assert [one.get_content_type() for one in message.walk()] == [
            "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
        ]  # fmt: skip
        alternatives, file = message.iter_parts()
        inner = list(alternatives.iter_parts())[-1]
        assert (inner.get_param("charset"), inner.get_content_disposition()) == ("utf-8", None)
        assert (file.get_param("name"), file.get_filename()) == ("invite.ics", "invite.ics")
        assert inner.get_payload(decode=True) == file.get_payload(decode=True) == part(message)
        assert {one["Content-Transfer-Encoding"] for one in (inner, file)} <= {"base64", "quoted-printable"}
        method, _entry = read(part(message))
        assert inner.get_param("method") == method
        methods.append(method)
    assert methods == ["REQUEST", "REQUEST", "CANCEL"]


def test_who_waits_gets_no_calendar_part_until_there_is_a_place(app: Flask, sink: Sink) -> None:
    run = one_run()
    with transaction() as session:
        waiting = rows.register(session, run, email=KARI, state=State.WAITING)
    tick_until_idle(app)
    assert (sink.recipients, sent_to(sink, KARI)) == ([KARI], [])
    with transaction() as session:
        rows.move(session, session.get_one(Registration, waiting.id), Change.PROMOTED, State.CONFIRMED)
    tick_until_idle(app)
    assert [(method, entry.attendees[0].answer) for method, entry in sent_to(sink, KARI)] == [("REQUEST", "ACCEPTED")]


def test_a_moved_run_is_the_same_entry_one_revision_on(app: Flask, sink: Sink) -> None:
    """RFC 5546 §3.2.2.1: the same UID, a higher SEQUENCE, a later DTSTAMP."""
    run = one_run()
    two_people(run)
    tick_until_idle(app)
    change_run(app, run, ChangeKind.RUN_CHANGED, revised_at=rows.MORNING + timedelta(hours=1))
    (_first, before), (method, after) = sent_to(sink, KARI)
    assert (method, after.uid, after.sequence) == ("REQUEST", before.uid, before.sequence + 1)
    assert after.dtstamp > before.dtstamp


def test_a_small_edit_has_the_same_sequence_and_a_later_stamp() -> None:
    """RFC 5546 §2.1.4: of two with the same SEQUENCE the later DTSTAMP is the newer."""
    edited = replace(EXACT, title={"nb": "Et annet navn"}, revised_at=REVISED + timedelta(hours=1))
    parts = [
        read(request(
            facts, method="REQUEST", sequence=facts.sequence, organiser=("S", "s@x.example"), attendee=("K", KARI),
            whole_run=False, revised_at=facts.revised_at, language="nb",
        ))[1]
        for facts in (EXACT, edited)
    ]  # fmt: skip
    before, after = parts
    assert (after.uid, after.sequence, after.summary) == (before.uid, before.sequence, "Et annet navn")
    assert after.dtstamp - before.dtstamp == timedelta(hours=1)


def test_a_run_that_is_called_off_is_cancelled_for_each_of_its_people(app: Flask, sink: Sink) -> None:
    """RFC 5546 §3.2.5: the same UID, a higher SEQUENCE, STATUS:CANCELLED."""
    run = one_run()
    two_people(run)
    tick_until_idle(app)
    change_run(app, run, ChangeKind.RUN_CANCELLED, status=RunStatus.CANCELLED)
    for address in (KARI, OLA):
        (_first, before), (method, after) = sent_to(sink, address)
        assert (method, after.uid, after.status) == ("CANCEL", before.uid, "CANCELLED")
        assert after.sequence > before.sequence
        assert [one.address for one in after.attendees] == [f"mailto:{address}"]


def test_who_leaves_is_taken_off_without_cancelling_the_run_and_is_newer_on_coming_back(app: Flask, sink: Sink) -> None:
    """RFC 5546 §3.2.5: that ATTENDEE and no STATUS. SEQUENCE is kept per registration, whatever the run does meanwhile."""
    run = one_run()
    kari = two_people(run)
    steps = ((Change.CANCELLED, State.CANCELLED), (Change.REGISTERED, State.CONFIRMED)) * 2
    for what, state in steps:
        tick_until_idle(app)
        with transaction() as session:
            rows.move(session, session.get_one(Registration, kari), what, state)
    tick_until_idle(app)
    change_run(app, run, ChangeKind.RUN_CHANGED)
    found = [(method, entry.sequence, entry.status) for method, entry in sent_to(sink, KARI)]
    assert found == [
        ("REQUEST", 0, "CONFIRMED"), ("CANCEL", 1, ""), ("REQUEST", 2, "CONFIRMED"), ("CANCEL", 3, ""),
        ("REQUEST", 4, "CONFIRMED"), ("REQUEST", 5, "CONFIRMED"),
    ]  # fmt: skip
    assert {entry.attendees[0].address for _method, entry in sent_to(sink, KARI)} == {f"mailto:{KARI}"}
    assert [(method, entry.sequence) for method, entry in sent_to(sink, OLA)] == [("REQUEST", 0), ("REQUEST", 1)]


def test_later_mails_are_in_one_thread_with_the_first(app: Flask, sink: Sink) -> None:
    run = one_run()
    two_people(run)
    tick_until_idle(app)
    change_run(app, run, ChangeKind.RUN_CHANGED)
    for address in (KARI, OLA):
        mails = [message for who, message in zip(sink.recipients, sink.messages, strict=True) if who == address]
        first, second = mails
        assert (second["In-Reply-To"], second["References"]) == (first["Message-ID"], first["Message-ID"])


def test_an_entry_in_a_mail_has_the_page_of_the_event_and_no_personal_link(app: Flask, sink: Sink) -> None:
    """A calendar is shared with colleagues: no personal link stands in what is put into one."""
    run = one_run()
    two_people(run)
    tick_until_idle(app)
    with transaction() as session:
        slug = session.scalars(sa.select(Event.slug)).one()
    for message in sink.messages:
        _method, entry = read(part(message))
        assert entry.url == f"http://127.0.0.1:5000/events/{slug}"
        assert entry.description.split("\n")[-1] == entry.url
        assert b"/registrations/" not in part(message)
