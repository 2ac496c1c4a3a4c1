"""An event's mail on a line of time, the outbox, and one mail as it was sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.actions import register
from eventsys.workflows.actions import expand, notice_changes, plan
from eventsys.workspace.mail.invitation import tell_calendar
from eventsys.workspace.mail.timeline import Band, Point, Stretch, draw
from tests.world import World, somebody

TIMELINE = "/manage/events/laeringsseminar-2-pulje-ii/mail"
DAY = timedelta(days=1)


@pytest.fixture
def mailed(adviser: FlaskClient, world: World) -> FlaskClient:
    """Four have signed up, one of them waits; the worker has noticed it and planned, and sent nothing."""
    for number in range(1, 5):
        with transaction() as session:
            register(session, somebody(world, number), now=clock.now())
    with transaction() as session:
        notice_changes(session, now=clock.now())
        plan(session, now=clock.now())
    return adviser


def change_mails(**values: object) -> None:
    with transaction() as session:
        session.execute(sa.update(OutboxMessage).values(**values))


def sentences(page: str) -> list[str]:
    """What the list says, a string for each line."""
    lines = re.findall(r"<li( class=\"next\")?>\s*<time[^>]*>(.*?)</time>(.*?)</li>", page, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", " ", f"{at} | {rest}") for _next, at, rest in lines]
    return [" ".join(line.split()) for line in plain]


def test_what_went_and_what_will_go_is_said_in_sentences_with_the_next_one_marked(mailed: FlaskClient) -> None:
    page = mailed.get(TIMELINE).get_data(as_text=True)
    assert sentences(page) == [
        "from 18 August | Confirmation, to each as it happens 0 sent, 3 not yet",
        "from 18 August | On the waiting list, to each as it happens 0 sent, 1 not yet",
        "Mon 25 Aug 09:00 | Next: 3 people get the reminder about 1–2 September see who planned",
        "Tue 26 Aug 09:00 | Reminder about 2–3 September; nobody has a place yet see who planned",
        "Fri 29 Aug 12:00 | 3 people get the practical information about 1–2 September see who planned",
        "Mon 1 Sep 12:00 | Practical information about 2–3 September; nobody has a place yet see who planned",
    ]
    assert page.count('<li class="next">') == 1
    assert 'style="' not in page


def test_what_was_sent_and_what_failed_is_counted(mailed: FlaskClient) -> None:
    with transaction() as session:
        clock.set_to(session, datetime(2008, 8, 25, 7, 30, tzinfo=UTC))
        expand(session, now=datetime(2008, 8, 25, 7, 30, tzinfo=UTC))
    change_mails(state=MailState.SENT, sent_at=clock.now())
    with transaction() as session:
        last = sa.select(sa.func.max(OutboxMessage.id)).scalar_subquery()
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == last).values(state=MailState.FAILED))
    page = mailed.get(TIMELINE).get_data(as_text=True)
    assert "from 18 August | Confirmation, to each as it happens 3 sent" in sentences(page)
    assert "Mon 25 Aug 09:00 | Reminder about 1–2 September see who 2 sent, 1 did not arrive" in sentences(page)
    assert "1 mail did not arrive" in page


def test_a_draft_sends_nothing_and_says_so(adviser: FlaskClient) -> None:
    new = {"title_nb": "Utkast", "type": "meeting", "rows": "1", "precision-0": "days", "first_on-0": "1.10.2008"}
    adviser.post("/manage/events", data=new)
    assert "A draft sends nothing" in adviser.get("/manage/events/utkast/mail").get_data(as_text=True)


def test_the_outbox_is_filtered_and_searched_in_the_address(mailed: FlaskClient) -> None:
    def found(query: str) -> list[str]:
        page = mailed.get(f"/manage/mail?{query}").get_data(as_text=True)
        return sorted(re.findall(r"person\d@kommune.example", page))

    everybody = [f"person{number}@kommune.example" for number in range(1, 5)]
    assert found("") == everybody
    assert found("q=person2") == ["person2@kommune.example"]
    assert found("q=nummer3") == ["person3@kommune.example"]
    assert found("state=queued") == everybody
    assert found("state=failed") == []
    assert found("q=%25") == []
    assert found("page=2") == []
    assert found("page=99999999999") == everybody


def test_the_outbox_has_pages_of_fifty(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        for number in range(1, 54):
            register(session, somebody(world, number), now=clock.now())
        notice_changes(session, now=clock.now())
    first = adviser.get("/manage/mail").get_data(as_text=True)
    second = adviser.get("/manage/mail?page=2").get_data(as_text=True)
    addresses = [set(re.findall(r"person\d+@kommune.example", page)) for page in (first, second)]
    assert [len(found) for found in addresses] == [50, 3]
    assert not addresses[0] & addresses[1]
    assert ("Older" in first, "Older" in second) == (True, False)


def test_a_mail_is_shown_as_it_was_sent_in_a_sandbox(mailed: FlaskClient) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Lærings\r\n seminar 2\r\nEND:VEVENT\r\n"
    html = '<p style="color:red">Hei</p><script>alert(1)</script>'
    change_mails(
        state=MailState.SENT, subject="Plass <b>bekreftet</b>", text="Hei <i>", html=html, calendar=calendar,
        sent_at=clock.now(), answer="250 2.0.0 Ok",
    )  # fmt: skip
    one = db.session.scalars(sa.select(OutboxMessage.public_id).order_by(OutboxMessage.id)).first()
    page = mailed.get(f"/manage/mail/{one}")
    text = page.get_data(as_text=True)
    assert "Plass &lt;b&gt;bekreftet&lt;/b&gt;" in text
    assert "Title: Læringsseminar 2" in text
    assert "250 2.0.0 Ok" in text
    assert "<iframe" in text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    body = mailed.get(f"/manage/mail/{one}/body")
    assert body.get_data(as_text=True) == html
    policy = body.headers["Content-Security-Policy"]
    assert policy == "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    assert body.headers["Cache-Control"] == "no-store"


def test_no_other_page_may_be_framed_or_styled_inline(mailed: FlaskClient) -> None:
    for path in (TIMELINE, "/manage/mail"):
        policy = mailed.get(path).headers["Content-Security-Policy"]
        assert ("unsafe-inline" in policy, "frame-ancestors 'none'" in policy) == (False, True)


def test_a_failed_mail_is_tried_again_and_a_sent_one_is_not(mailed: FlaskClient) -> None:
    one = db.session.scalars(sa.select(OutboxMessage.public_id).order_by(OutboxMessage.id)).first()
    change_mails(state=MailState.FAILED, answer="550 5.1.1 no such user")
    page = mailed.get(f"/manage/mail/{one}").get_data(as_text=True)
    assert "550 5.1.1 no such user" in page
    assert "Try again" in page
    assert mailed.post(f"/manage/mail/{one}/retry").status_code == 303
    db.session.rollback()
    assert (
        db.session.scalars(sa.select(OutboxMessage.state).where(OutboxMessage.public_id == one)).one()
        is MailState.QUEUED
    )
    change_mails(state=MailState.SENT)
    mailed.post(f"/manage/mail/{one}/retry")
    db.session.rollback()
    assert (
        db.session.scalars(sa.select(OutboxMessage.state).where(OutboxMessage.public_id == one)).one() is MailState.SENT
    )


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


NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)


def test_the_line_of_time_keeps_the_order_and_leaves_room_for_every_label() -> None:
    points = [Point(NOW + days * DAY, "due", f"P{days}") for days in (-60, 1, 2, 3, 30)]
    picture = draw(points, [Stretch(NOW + 10 * DAY, NOW + 12 * DAY, "28.–29. august")], NOW)
    places = [mark.x for mark in picture.marks]
    assert places == sorted(places)
    assert places[0] < picture.now < places[1]
    assert all(0 < x < picture.width for x in places)
    for one in picture.marks:
        for other in picture.marks:
            near = one is not other and abs(one.x - other.x) < 60
            assert not (near and one.row == other.row)


def test_dates_that_overlap_are_one_band() -> None:
    stretches = [Stretch(NOW, NOW + 2 * DAY, "1.–2."), Stretch(NOW + DAY, NOW + 3 * DAY, "2.–3.")]
    [band] = draw([], stretches, NOW - DAY).bands
    assert band == Band(band.x, band.width, "1.–2., 2.–3.")


def test_a_single_moment_is_drawn() -> None:
    picture = draw([Point(NOW, "sent", "P")], [], NOW)
    assert [(mark.x, mark.row) for mark in picture.marks] == [(picture.now, 0)]
