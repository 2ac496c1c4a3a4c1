"""One mail as it was sent, why it was made, what happened to it, and sending it again."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import transaction
from eventsys.mailing.models import ReturnedMail
from eventsys.mailing.rules import MailState, ReturnKind
from eventsys.registrations import actions as registrations
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Actor
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workspace.mail.invitation import tell_calendar
from tests.mailing.sink import Sink
from tests.workspace.mails import (
    EVENT,
    FAR,
    all_mails,
    change_mails,
    first_mail,
    order_again,
    read,
    story,
)


def test_a_mail_is_shown_as_it_was_sent_in_a_sandbox(mailed: FlaskClient) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Lærings\r\n seminar 2\r\nEND:VEVENT\r\n"
    body = '<p style="color:red">Hei</p><script>alert(1)</script>'
    change_mails(
        state=MailState.SENT, subject="Plass <b>bekreftet</b>", text="Hei <i>", html=body, calendar=calendar,
        sent_at=clock.now(), answer="250 2.0.0 Ok",
    )  # fmt: skip
    one = first_mail().public_id
    page = mailed.get(f"/manage/mail/{one}")
    text = page.get_data(as_text=True)
    assert "Plass &lt;b&gt;bekreftet&lt;/b&gt;" in text
    assert "Title: Læringsseminar 2" in text
    assert "250 2.0.0 Ok" in text
    assert "<iframe" in text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    framed = mailed.get(f"/manage/mail/{one}/body")
    assert framed.get_data(as_text=True) == body
    policy = framed.headers["Content-Security-Policy"]
    assert policy == "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    assert framed.headers["Cache-Control"] == "no-store"


def test_no_other_page_may_be_framed_or_styled_inline(mailed: FlaskClient) -> None:
    for path in (f"/manage/events/{EVENT}/mail", "/manage/mail", "/manage/health"):
        policy = mailed.get(path).headers["Content-Security-Policy"]
        assert ("unsafe-inline" in policy, "frame-ancestors 'none'" in policy) == (False, True)


def test_a_mail_tells_why_it_was_made_and_what_happened_to_it(mailed: FlaskClient, app: Flask, sink: Sink) -> None:
    tick_until_idle(app)
    mail = first_mail()
    assert mail.state is MailState.SENT
    with transaction() as session:
        session.add(
            ReturnedMail(
                key="k", organiser_id=mail.organiser_id, outbox_id=mail.id, kind=ReturnKind.DELAY, raw=b"",
                words="trying for two days", received_at=FAR,
            )
        )  # fmt: skip
    lines = story(read(mailed, f"/manage/mail/{mail.public_id}"))
    assert lines[0] == "Mon 18 Aug 08:00 | Person Nummer1: Signed up"
    assert lines[-2].startswith("Mon 18 Aug 08:00 | The mail server took it 250 ")
    assert lines[-1] == "Tue 19 Aug 08:00 | The reader’s mail server says that it is delayed trying for two days"
    assert "Taken by a worker" in lines[-4] + lines[-3]


def test_a_reminder_tells_the_rule_that_made_it(mailed: FlaskClient, app: Flask, sink: Sink) -> None:
    with transaction() as session:
        clock.set_to(session, datetime(2008, 8, 25, 7, 0, tzinfo=UTC))
    tick_until_idle(app)
    mail = next(mail for mail in all_mails() if mail.template == "reminder")
    assert story(read(mailed, f"/manage/mail/{mail.public_id}"))[0] == (
        "Mon 25 Aug 09:00 | 7 days before the start at 09:00, confirmed participants get “Reminder”"
    )


def test_a_failed_mail_is_tried_again_and_a_sent_one_is_not(mailed: FlaskClient) -> None:
    one = first_mail().public_id
    change_mails(state=MailState.FAILED, answer="550 5.1.1 no such user")
    page = read(mailed, f"/manage/mail/{one}")
    assert story(page)[-1] == "| It could not be delivered 550 5.1.1 no such user"
    assert "Try again" in page
    assert mailed.post(f"/manage/mail/{one}/retry").status_code == 303
    assert first_mail().state is MailState.QUEUED
    change_mails(state=MailState.SENT)
    mailed.post(f"/manage/mail/{one}/retry")
    assert first_mail().state is MailState.SENT


def test_a_mail_that_waits_is_called_off_and_one_that_was_sent_is_not(mailed: FlaskClient) -> None:
    one = first_mail().public_id
    assert "Do not send" in read(mailed, f"/manage/mail/{one}")
    mailed.post(f"/manage/mail/{one}/cancellation")
    assert [mail.state for mail in all_mails()] == [MailState.CANCELLED, *[MailState.QUEUED] * 3]
    change_mails(state=MailState.SENT)
    mailed.post(f"/manage/mail/{one}/cancellation")
    assert first_mail().state is MailState.SENT


def test_a_mail_in_doubt_is_sent_again_or_counts_as_sent(mailed: FlaskClient) -> None:
    change_mails(state=MailState.UNCERTAIN, dated_at=clock.now())
    one, other, *_rest = [mail.public_id for mail in all_mails()]
    page = read(mailed, f"/manage/mail/{one}")
    assert ("Send again" in page, "Counts as sent" in page) == (True, True)
    mailed.post(f"/manage/mail/{one}/receipt")
    mailed.post(f"/manage/mail/{other}/retry")
    assert [mail.state for mail in all_mails()] == [
        MailState.SENT, MailState.QUEUED, MailState.UNCERTAIN, MailState.UNCERTAIN,
    ]  # fmt: skip


def test_a_sent_mail_is_sent_again_as_a_new_one_that_says_who_asked(
    mailed: FlaskClient, app: Flask, sink: Sink
) -> None:
    tick_until_idle(app)
    sent = first_mail()
    assert "Send it again to person1@kommune.example" in read(mailed, f"/manage/mail/{sent.public_id}")
    order_again(mailed, sent)
    order_again(mailed, sent)
    *earlier, new = all_mails()
    assert len(earlier) == 4
    assert re.fullmatch(rf"again/\d+/{sent.public_id}/1", new.reason_key)
    assert (new.email, new.template, new.state) == (sent.email, sent.template, MailState.QUEUED)
    tick_until_idle(app)
    *_earlier, new = all_mails()
    assert (new.state, new.subject, new.message_id != sent.message_id) == (MailState.SENT, sent.subject, True)
    assert sink.recipients.count("person1@kommune.example") == 2
    lines = story(read(mailed, f"/manage/mail/{new.public_id}"))
    assert "Mon 18 Aug 08:00 | Adviser asked for it to be sent again" in lines
    assert 'name="number" value="2"' in read(mailed, f"/manage/mail/{sent.public_id}")


def test_what_no_longer_makes_sense_is_not_sent_again_and_says_why(mailed: FlaskClient, app: Flask, sink: Sink) -> None:
    tick_until_idle(app)
    sent = first_mail()
    with transaction() as session:
        registration = session.scalars(sa.select(Registration).where(Registration.email_key == sent.email_key)).one()
        registrations.cancel(session, registration, actor=Actor.PARTICIPANT, now=clock.now())
    tick_until_idle(app)
    order_again(mailed, sent)
    tick_until_idle(app)
    new = all_mails()[-1]
    assert (new.state, new.answer) == (MailState.CANCELLED, "the registration has changed since")


def test_it_goes_to_the_address_that_the_registration_has_now(mailed: FlaskClient, app: Flask, sink: Sink) -> None:
    tick_until_idle(app)
    sent = first_mail()
    with transaction() as session:
        moved = {"email": "ny@kommune.example", "email_key": "ny@kommune.example"}
        session.execute(sa.update(Registration).where(Registration.email_key == sent.email_key).values(**moved))
    assert "Send it again to ny@kommune.example" in read(mailed, f"/manage/mail/{sent.public_id}")
    order_again(mailed, sent)
    assert all_mails()[-1].email == "ny@kommune.example"


def test_what_was_not_sent_or_is_erased_is_not_ordered_again(mailed: FlaskClient) -> None:
    waits = first_mail()
    order_again(mailed, waits)
    change_mails(state=MailState.SENT, email="", email_key="")
    order_again(mailed, waits)
    for number in (0, 21):
        order_again(mailed, all_mails()[1], number)
    assert len(all_mails()) == 4


CALENDAR = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
BEGIN:STANDARD
DTSTART:19701025T030000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Lærings
 seminar 2\\, del 1
DTSTART;TZID=Europe/Oslo:20080901T100000
DTEND;TZID=Europe/Oslo:20080902T153000
SEQUENCE:3
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_part_is_told_in_words(app: Flask) -> None:
    days = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20080901\r\nDTEND;VALUE=DATE:20080903\r\nEND:VEVENT\r\n"
    with app.test_request_context("/?lang=en"):
        assert tell_calendar(CALENDAR) == [
            ("What it does", "puts the event in the calendar, or moves it"),
            ("Title", "Læringsseminar 2, del 1"),
            ("Begins", "Monday 1 September 2008, 10:00"),
            ("Ends", "Tuesday 2 September 2008, 15:30"),
            ("Revision", "3"),
        ]
        assert tell_calendar(days) == [("Begins", "1 September 2008"), ("Ends", "2 September 2008")]
        assert tell_calendar(None) == tell_calendar("nonsense") == []
