"""What a mail about a registration carries: personal links, calendar parts, threads, and the way out of reminders."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.events.models import Run
from eventsys.events.rules import ChangeKind, Precision, RunStatus
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage, Suppression
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Change, State
from eventsys.tokens import Purpose, capability
from eventsys.workflows import actions
from eventsys.workflows.jobs import tick_until_idle
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING, at

WEEK_BEFORE = at("2008-08-25 09:00")


def one_run(**columns: Any) -> Run:
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)), **columns)
        actions.plan(session, now=MORNING)
    return run


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    content: str = body.get_content().replace("\r\n", "\n")
    return content


def entry(message: EmailMessage) -> dict[str, Any] | None:
    """What the calendar part says, or None where a mail has none."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    calendar = icalendar.Calendar.from_ical(parts[0].get_payload(decode=True))  # type: ignore[arg-type]
    [event] = calendar.walk("VEVENT")
    return {
        "method": str(calendar["METHOD"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event.get("STATUS", "")),
        "organizer": str(event["ORGANIZER"]),
        "attendee": str(event["ATTENDEE"]),
        "uid": str(event["UID"]),
    }


def test_a_confirmation_carries_link_and_calendar_and_is_kept_without_the_link(app: Flask, sink: Sink) -> None:
    run = one_run()
    with transaction() as session:
        registration = rows.register(session, run)
    tick_until_idle(app)
    [message] = sink.messages
    token = capability(Purpose.REGISTRATION, registration.public_id, 0)
    assert f"\nhttp://127.0.0.1:5000/registrations/{token}\n" in text_of(message)
    assert entry(message) == {
        "method": "REQUEST",
        "sequence": 0,
        "status": "CONFIRMED",
        "organizer": "mailto:arrangement@eventsys.example",
        "attendee": "mailto:kari@kommune.example",
        "uid": str(run.uid),
    }
    assert message["From"] == "Sekretariatet <arrangement@eventsys.example>"
    assert message["Reply-To"] == "Sekretariatet <post@sekretariatet.example>"
    assert message["List-Unsubscribe"] is None
    kept = db.session.scalars(sa.select(OutboxMessage)).one()
    assert token not in f"{kept.text}{kept.html}{kept.calendar}"
    assert "http://127.0.0.1:5000/registrations/…" in f"{kept.text}"


def test_signing_up_again_is_newer_than_having_left(app: Flask, sink: Sink) -> None:
    run = one_run()
    with transaction() as session:
        registration = rows.register(session, run)
    for what, state in (
        (Change.CANCELLED, State.CANCELLED),
        (Change.REGISTERED, State.CONFIRMED),
        (Change.CANCELLED, State.CANCELLED),
        (Change.REGISTERED, State.CONFIRMED),
    ):
        tick_until_idle(app)
        with transaction() as session:
            rows.move(session, session.get_one(Registration, registration.id), what, state)
    tick_until_idle(app)
    entries = [entry(message) or {} for message in sink.messages]
    assert [(found["method"], found["sequence"], found["status"]) for found in entries] == [
        ("REQUEST", 0, "CONFIRMED"), ("CANCEL", 1, ""), ("REQUEST", 2, "CONFIRMED"), ("CANCEL", 3, ""),
        ("REQUEST", 4, "CONFIRMED"),
    ]  # fmt: skip


def test_later_mails_answer_the_first_about_the_same_registration(app: Flask, sink: Sink) -> None:
    run = one_run()
    with transaction() as session:
        registration = rows.register(session, run)
    tick_until_idle(app)
    with transaction() as session:
        rows.change(session, session.get_one(Registration, registration.id), Change.REPEATED, State.CONFIRMED)
    rows.set_clock(WEEK_BEFORE)
    tick_until_idle(app)
    first, *later = sink.messages
    assert first["In-Reply-To"] is None
    assert [message["In-Reply-To"] for message in later] == [first["Message-ID"]] * 2
    assert [message["References"] for message in later] == [first["Message-ID"]] * 2


def test_who_waits_gets_no_calendar_part_and_gets_it_with_the_place(app: Flask, sink: Sink) -> None:
    run = one_run()
    with transaction() as session:
        registration = rows.register(session, run, state=State.WAITING)
    tick_until_idle(app)
    with transaction() as session:
        rows.move(session, session.get_one(Registration, registration.id), Change.PROMOTED, State.CONFIRMED)
    tick_until_idle(app)
    assert [(entry(message) or {}).get("method") for message in sink.messages] == [None, "REQUEST"]


def test_who_only_waited_is_not_taken_out_of_a_calendar(app: Flask, sink: Sink) -> None:
    run = one_run()
    with transaction() as session:
        registration = rows.register(session, run, state=State.WAITING, noticed=True)
        rows.move(session, registration, Change.CANCELLED, State.CANCELLED)
    tick_until_idle(app)
    assert [entry(message) for message in sink.messages] == [None]


def test_mails_of_a_closed_event_lead_to_the_readers_own_page_and_are_kept_without_it(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        event = rows.add_event(session, rows.add_organiser(session), is_closed=True, by_invitation=True)
        registration = rows.register(session, rows.add_run(session, event))
    tick_until_idle(app)
    [message] = sink.messages
    token = capability(Purpose.REGISTRATION, registration.public_id, 0)
    assert f"http://127.0.0.1:5000/registrations/{token}" in text_of(message)
    assert f"/events/{event.slug}" not in message.as_string()
    kept = db.session.scalars(sa.select(OutboxMessage)).one()
    assert token not in f"{kept.text}{kept.html}"


def test_a_run_that_is_called_off_is_cancelled_in_the_calendar(app: Flask, sink: Sink) -> None:
    run = one_run()
    with transaction() as session:
        rows.register(session, run, noticed=True)
        session.execute(sa.update(Run).values(status=RunStatus.CANCELLED, sequence=1))
        rows.change_event(session, run, ChangeKind.RUN_CANCELLED)
    tick_until_idle(app)
    found = entry(sink.messages[0]) or {}
    assert (found["method"], found["sequence"], found["status"]) == ("CANCEL", 1, "CANCELLED")


def test_a_run_whose_day_is_not_set_has_no_calendar_part(app: Flask, sink: Sink) -> None:
    no_times = {"starts_local": None, "ends_local": None, "starts_at": None, "ends_at": None}
    span = {"precision": Precision.MONTH, "first_on": date(2008, 10, 1), "last_on": date(2008, 10, 31)}
    run = one_run(**no_times, **span)
    with transaction() as session:
        rows.register(session, run)
    tick_until_idle(app)
    [message] = sink.messages
    assert (entry(message), message.get_content_type()) == (None, "multipart/alternative")
    assert message["Subject"] == "Læringsseminar 2, oktober: plassen er bekreftet"
    assert "Tid: oktober 2008\n" in text_of(message)


def test_nothing_a_person_or_an_organiser_typed_is_read_as_anything_else(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    name, title = 'R&D "AS" <b>{last_name}</b>', "{{ 7*7 }} & {who}"
    with transaction() as session:
        event = rows.add_event(session, rows.add_organiser(session, name="A\nBcc: x@y.example"), title=title)
        rows.register(session, rows.add_run(session, event), name=name)
    tick_until_idle(app)
    [message] = sink.messages
    assert message["Subject"] == "{{ 7*7 }} & {who}, 1.–2. september: plassen er bekreftet"
    assert message["Bcc"] is None
    assert f"Påmeldt: {name}\n" in text_of(message)
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "R&amp;D &quot;AS&quot; &lt;b&gt;{last_name}&lt;/b&gt;" in html
    assert "{{ 7*7 }} &amp; {who}" in html


# --- no more reminders ----------------------------------------------------------------------------------------------------


def reminded(app: Flask, sink: Sink) -> tuple[EmailMessage, str]:
    """A reminder and the path of its way out."""
    run = one_run()
    with transaction() as session:
        rows.register(session, run, noticed=True)
        rows.register(session, run, email="ola@kommune.example", noticed=True)
    rows.set_clock(WEEK_BEFORE)
    tick_until_idle(app)
    message = sink.messages[sink.recipients.index("kari@kommune.example")]
    found = re.fullmatch(r"<http://127\.0\.0\.1:5000(/unsubscribe/[\w-]{43})>", message["List-Unsubscribe"])
    assert found is not None
    return message, found[1]


def suppressed() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(row.email_key, row.category) for row in db.session.scalars(sa.select(Suppression))]


def test_a_reminder_has_the_fields_of_one_click(app: Flask, sink: Sink) -> None:
    message, path = reminded(app, sink)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "<reminders.sekretariatet.eventsys.example>"
    assert f"http://127.0.0.1:5000{path}" in text_of(message)


def test_one_click_works_without_cookie_or_csrf_and_is_answered_without_a_redirect(app: Flask, sink: Sink) -> None:
    _message, path = reminded(app, sink)
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client(use_cookies=False)
    for _ in range(2):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    multipart = client.post(path, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data")
    app.config["WTF_CSRF_ENABLED"] = False
    assert multipart.status_code == 200
    assert suppressed() == [("kari@kommune.example", "reminders")]


def test_who_wants_no_reminders_gets_none_and_still_the_answers_to_what_they_do(app: Flask, sink: Sink) -> None:
    _message, path = reminded(app, sink)
    app.test_client().post(path)
    with transaction() as session:
        registration = session.scalars(
            sa.select(Registration).where(Registration.email == "kari@kommune.example")
        ).one()
        rows.change(session, registration, Change.REPEATED, State.CONFIRMED, now=WEEK_BEFORE + timedelta(minutes=1))
    sink.raw.clear()
    rows.set_clock(at("2008-08-29 12:00"))
    tick_until_idle(app)
    assert sorted(zip(sink.recipients, (m["Subject"].rpartition(": ")[2] for m in sink.messages), strict=True)) == [
        ("kari@kommune.example", "du er allerede påmeldt"),
        ("ola@kommune.example", "praktisk informasjon"),
    ]


def test_the_page_changes_nothing_until_its_button_is_pressed(app: Flask, sink: Sink, client: FlaskClient) -> None:
    _message, path = reminded(app, sink)
    page = client.get(path)
    assert (page.status_code, "kari@kommune.example" in page.text, suppressed()) == (200, True, [])
    pressed = client.post(path)
    assert (pressed.status_code, pressed.location) == (303, path)
    assert suppressed() == [("kari@kommune.example", "reminders")]
    assert client.post(f"{path}/regret").status_code == 303
    assert suppressed() == []


def test_a_link_that_nobody_was_mailed_opens_nothing(app: Flask, sink: Sink, client: FlaskClient) -> None:
    reminded(app, sink)
    registration = db.session.scalars(sa.select(Registration)).first()
    assert registration is not None
    other_purpose = capability(Purpose.REGISTRATION, registration.public_id, 0)
    for token in ("x", "A" * 43, other_purpose):
        assert client.get(f"/unsubscribe/{token}").status_code == 404
        assert client.post(f"/unsubscribe/{token}").status_code == 404
    assert suppressed() == []
