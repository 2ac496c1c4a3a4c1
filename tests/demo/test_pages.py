"""The pages under /dev/ are there in a demo alone: the caught mail, the clock, the quick sign-in."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.demo.mails import Listed, describe_calendar, list_mails, mail_folder, read_mail
from eventsys.extensions import db
from eventsys.mailing.models import OutboxMessage

CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:one@a.example\r
SUMMARY:Oppstart\r
DTSTART;VALUE=DATE:20080828\r
SEQUENCE:2\r
END:VEVENT\r
END:VCALENDAR\r
"""
SENT = datetime(2008, 8, 18, 6, 5, tzinfo=UTC)


@pytest.fixture
def folder(demo_app: Flask) -> Path:
    """A demo's folder with two mails: the newer one with a calendar part."""
    mails = mail_folder(demo_app.config["DATABASE_URL"])
    mails.mkdir()
    for number, (subject, to) in enumerate((("Påminning", "ase@bo.example"), ("Du har plass", "kari@moss.example"))):
        message = EmailMessage()
        message["Subject"], message["To"], message["Date"] = subject, to, SENT
        message.set_content("Hei!\nhttp://localhost/registrations/abc <b>\n")
        if number:
            message.add_alternative('<p class="x">Hei!</p><script>alert(1)</script>', subtype="html")
            message.add_alternative(CALENDAR, subtype="calendar", params={"method": "REQUEST"})
        (mails / f"{number:020d}-000000.eml").write_bytes(message.as_bytes())
    return mails


NEWER, OLDER = "00000000000000000001-000000", "00000000000000000000-000000"


@pytest.fixture
def browser(demo_app: Flask) -> FlaskClient:
    return demo_app.test_client()


def test_mails_are_listed_newest_first_and_found_by_address(folder: Path) -> None:
    newer, older = (
        Listed(NEWER, "Du har plass", "kari@moss.example", SENT),
        Listed(OLDER, "Påminning", "ase@bo.example", SENT),
    )
    assert [list_mails(folder), list_mails(folder, address="BO.example"), list_mails(folder, limit=1)] == [
        [newer, older], [older], [newer],
    ]  # fmt: skip


def test_a_mail_is_read_with_its_parts(folder: Path) -> None:
    mail = read_mail(folder, NEWER)
    assert mail is not None
    assert (mail.text, mail.html.strip(), describe_calendar(mail.calendar)) == (
        "Hei!\nhttp://localhost/registrations/abc <b>\n",
        '<p class="x">Hei!</p><script>alert(1)</script>',
        [("METHOD", "REQUEST"), ("SUMMARY", "Oppstart"), ("DTSTART", "2008-08-28"), ("SEQUENCE", "2"),
         ("UID", "one@a.example")],
    )  # fmt: skip


def test_a_name_that_is_no_mail_finds_nothing(folder: Path) -> None:
    assert [read_mail(folder, name) for name in ("../demo", "1-1", "", "1-1\n")] == [None] * 4


def test_the_pages_show_the_mail_and_its_html_may_do_nothing(folder: Path, browser: FlaskClient) -> None:
    assert "ase@bo.example" in browser.get("/dev/mail/").text
    assert "ase@bo.example" not in browser.get("/dev/mail/?q=moss").text
    page = browser.get(f"/dev/mail/{NEWER}")
    assert '<a href="http://localhost/registrations/abc" rel="noopener">' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    html = browser.get(f"/dev/mail/{NEWER}/html")
    assert html.headers["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    calendar = browser.get(f"/dev/mail/{NEWER}/calendar.ics")
    assert (calendar.mimetype, calendar.text.splitlines()) == ("text/calendar", CALENDAR.splitlines())
    assert browser.get(f"/dev/mail/{OLDER}/calendar.ics").status_code == 404


def test_nothing_under_dev_answers_outside_a_demo(client: FlaskClient) -> None:
    answers = [client.get(path).status_code for path in ("/dev/", "/dev/mail/", f"/dev/mail/{NEWER}")]
    posts = [client.post(path).status_code for path in ("/dev/clock", "/dev/sign-in")]
    assert answers + posts == [404] * 5


def test_the_banner_tells_the_moved_time(browser: FlaskClient) -> None:
    assert "mandag 18. august 2008, kl. 08." in browser.get("/dev/?lang=nb").text


def test_one_click_signs_in(browser: FlaskClient) -> None:
    email = "torbjorn.rognhaugen@unio.example"
    assert email in browser.get("/dev/").text
    answer = browser.post("/dev/sign-in", data={"account": email})
    assert (answer.status_code, answer.location, browser.get("/manage/").status_code) == (303, "/manage/", 200)
    assert browser.post("/dev/sign-in", data={"account": "nobody@unio.example"}).status_code == 404


def test_a_weeks_jump_stops_at_what_falls_due_on_the_way(
    demo_app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(demo_app.config, "MAIL_SUPPRESS_SEND", True)
    answer = browser.post("/dev/clock", data={"step": "week"}, headers={"Referer": "http://localhost/events/?type=x"})
    assert (answer.status_code, answer.location) == (303, "/events/?type=x")
    with demo_app.app_context():
        gone = clock.now() - datetime(2008, 8, 25, 6, tzinfo=UTC)
        created = db.session.scalars(sa.select(OutboxMessage.due_at).distinct().order_by(OutboxMessage.due_at)).all()
    assert timedelta() <= gone < timedelta(minutes=2)
    assert (created[0], created[-1]) == (datetime(2008, 8, 18, 7, tzinfo=UTC), datetime(2008, 8, 22, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    "referrer, where",
    [
        (None, "/"),
        ("http://elsewhere.example/events/", "/"),
        ("http://localhost/dev/clock", "/"),
        ("http://localhost/no/such/page", "/"),
        ("http://localhost/dev/mail/", "/dev/mail/"),
    ],
)
def test_the_clock_leads_back_to_a_page_of_this_site_alone(
    browser: FlaskClient, referrer: str | None, where: str
) -> None:
    headers = {"Referer": referrer} if referrer else {}
    assert browser.post("/dev/clock", data={"step": "hour"}, headers=headers).location == where


def test_an_unknown_step_is_refused(folder: Path, browser: FlaskClient) -> None:
    assert browser.post("/dev/clock", data={"step": "year"}).status_code == 400
