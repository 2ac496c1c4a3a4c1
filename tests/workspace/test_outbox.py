"""The outbox, searched and a page at a time; one mail as it was sent, its story, and what is done about it."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.models import OutboxMessage, ReturnedMail
from eventsys.mailing.rules import MailState, ReturnKind
from eventsys.registrations import actions as registrations
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Actor
from eventsys.workflows.actions import notice_changes, plan
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import MailCause, Rule
from eventsys.workspace.mail import queries
from eventsys.workspace.mail.invitation import tell_calendar
from eventsys.workspace.mail.queries import Wanted
from tests.accounts.people import add_account, sign_in
from tests.mailing.sink import Sink, sink_of
from tests.statements import counted
from tests.world import World, somebody

EVENT = "laeringsseminar-2-pulje-ii"
PERSON = re.compile(r"<small class=\"quiet\">(person\d+@[a-z.]+)</small>")
FAR = datetime(2008, 8, 19, 6, tzinfo=UTC)


@pytest.fixture
def mailed(adviser: FlaskClient, world: World) -> FlaskClient:
    """Four have signed up, one of them waits; the worker has noticed it and planned, and sent nothing."""
    sign_up(world, range(1, 5))
    return adviser


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """A mail server that `app` sends to."""
    with sink_of(app) as sink:
        yield sink


def sign_up(world: World, numbers: range) -> None:
    with transaction() as session:
        for number in numbers:
            register(session, somebody(world, number), now=clock.now())
    with transaction() as session:
        notice_changes(session, now=clock.now())
        plan(session, now=clock.now())


def change_mails(**values: object) -> None:
    with transaction() as session:
        session.execute(sa.update(OutboxMessage).values(**values))


def all_mails() -> list[OutboxMessage]:
    db.session.rollback()
    statement = sa.select(OutboxMessage).order_by(OutboxMessage.id).execution_options(populate_existing=True)
    return list(db.session.scalars(statement))


def first_mail() -> OutboxMessage:
    return all_mails()[0]


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def people_on(page: str) -> list[str]:
    return [address.removesuffix("@kommune.example") for address in PERSON.findall(page)]


def story(page: str) -> list[str]:
    """The lines of what happened, with their moments."""
    (inner,) = re.findall(r'<ol class="sentences story">(.*?)</ol>', page, re.DOTALL)
    lines = re.findall(r"<li[^>]*>\s*<time[^>]*>(.*?)</time>(.*?)</li>", inner, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", " ", f"{at} | {rest}") for at, rest in lines]
    return [" ".join(html.unescape(line).split()) for line in plain]


# --- the list -------------------------------------------------------------------------------------------------------


def test_the_outbox_is_filtered_and_searched_in_the_address(mailed: FlaskClient, world: World) -> None:
    def found(query: str) -> list[str]:
        return sorted(people_on(read(mailed, f"/manage/mail?{query}")))

    everybody = ["person1", "person2", "person3", "person4"]
    rule_id = db.session.scalar(sa.select(MailCause.rule_id).join(Rule).where(Rule.template == "waiting"))
    assert found("") == everybody
    assert found("q=person2") == ["person2"]
    assert found("q=Person") == everybody
    assert found("q=person2@kommune.example") == ["person2"]
    assert found("q=erson2") == []
    assert found("q=nummer3") == ["person3"]
    assert found("q=%25") == found("q=_") == []
    assert found("state=queued") == everybody
    assert found("state=failed") == []
    assert found("state=nonsense") == everybody
    assert found("text=waiting") == ["person4"]
    assert found("text=waiting&q=person1") == []
    assert found(f"event={EVENT}") == everybody
    assert found(f"event={EVENT}&state=queued&text=confirmed") == everybody[:3]
    assert found("event=laeringsseminar-3-pulje-i") == []
    assert found(f"rule={rule_id}") == ["person4"]
    assert found(f"rule={rule_id}&event={EVENT}&state=queued&q=person4") == ["person4"]
    assert found("rule=x") == found("rule=99999999") == found("event=nothing") == everybody
    assert found("before=nonsense") == found("before=2008-01-01~x") == everybody


@pytest.mark.parametrize("query", ["", "state=queued", f"event={EVENT}", "q=person", f"event={EVENT}&state=queued"])
def test_pages_follow_each_other_without_a_gap_or_a_repeat(adviser: FlaskClient, world: World, query: str) -> None:
    sign_up(world, range(1, 121))
    seen: list[list[str]] = []
    address = f"/manage/mail?{query}"
    while address:
        page = read(adviser, address)
        seen.append(people_on(page))
        assert ("To the first page" in page) == (len(seen) > 1)
        links = re.findall(r'<a href="([^"]*)">Next page</a>', page)
        address = html.unescape(links[0]) if links else ""
    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({address for page in seen for address in page}) == 120


@pytest.mark.parametrize("few", [0, 10_000])
def test_a_state_that_few_are_in_finds_the_same_as_one_that_many_are_in(
    mailed: FlaskClient, world: World, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "FEW", few)
    event_id = world.events["seminar"].id

    def found(wanted: Wanted) -> list[str]:
        page = queries.list_mails(db.session(), world.secretariat, wanted)
        return sorted(mail.email.partition("@")[0] for mail in page.mails)

    queued = MailState.QUEUED
    assert found(Wanted(state=queued, event_id=event_id)) == ["person1", "person2", "person3", "person4"]
    assert found(Wanted(state=queued, search="person2")) == ["person2"]
    assert found(Wanted(state=queued, search="nummer3", event_id=event_id)) == ["person3"]
    assert found(Wanted(state=MailState.SENT, event_id=event_id)) == []
    assert found(Wanted(state=queued, event_id=event_id, template="waiting")) == ["person4"]


def test_figures_say_what_to_look_at_and_are_counted_no_further_than_needed(
    mailed: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def figures() -> list[tuple[str, str]]:
        found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", read(mailed, "/manage/mail"))
        return [(label, re.sub(r"<[^>]+>", "", count)) for label, count in found]

    assert figures() == [("Did not arrive", "0"), ("Waits", "4"), ("Sent in the last day", "0")]
    change_mails(state=MailState.SENT, sent_at=clock.now())
    with transaction() as session:
        last = sa.select(sa.func.max(OutboxMessage.id)).scalar_subquery()
        failed = {"state": MailState.FAILED, "answer": "550 5.1.1 no such user"}
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == last).values(**failed))
    assert figures() == [("Did not arrive", "1"), ("Waits", "0"), ("Sent in the last day", "3")]
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    monkeypatch.setattr("eventsys.workspace.views.outbox.MOST_COUNTED", 3)
    assert figures()[-1] == ("Sent in the last day", "over 2")


def test_an_empty_outbox_says_what_will_stand_there(adviser: FlaskClient) -> None:
    assert "No mail yet" in read(adviser, "/manage/mail")


@pytest.mark.parametrize("query", ["", "q=person", "q=nummer", f"event={EVENT}&state=queued", "text=confirmed"])
def test_a_page_of_fifty_costs_as_many_statements_as_one_of_one(adviser: FlaskClient, world: World, query: str) -> None:
    def count() -> int:
        with counted(db.engine) as sent:
            read(adviser, f"/manage/mail?{query}")
        return len(sent)

    sign_up(world, range(1, 2))
    with_one = count()
    sign_up(world, range(2, 51))
    assert count() == with_one


# --- one mail -------------------------------------------------------------------------------------------------------


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


# --- sent again -----------------------------------------------------------------------------------------------------


def order_again(client: FlaskClient, mail: OutboxMessage, number: int = 1) -> None:
    assert client.post(f"/manage/mail/{mail.public_id}/again", data={"number": number}).status_code == 303


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


# --- all of an event ------------------------------------------------------------------------------------------------


def test_all_of_an_event_that_failed_is_tried_again_after_a_look_at_how_many(mailed: FlaskClient) -> None:
    address = f"/manage/events/{EVENT}/mail/retry"
    assert "Nothing has failed" in read(mailed, address)
    change_mails(state=MailState.FAILED, answer="550 no")
    with transaction() as session:
        outbox.cancel(session, first_mail(), now=clock.now())
    assert "3 mails did not arrive." in read(mailed, address)
    assert "Try all of this event again" in read(mailed, f"/manage/mail?event={EVENT}&state=failed")
    assert mailed.post(address).status_code == 303
    assert [mail.state for mail in all_mails()] == [MailState.CANCELLED, *[MailState.QUEUED] * 3]


# --- two organisers -------------------------------------------------------------------------------------------------


def test_nothing_of_one_organiser_is_found_or_touched_by_another(
    client: FlaskClient, mailed: FlaskClient, app: Flask, world: World
) -> None:
    change_mails(state=MailState.SENT, subject="Hemmeleg hummarfest")
    theirs = first_mail()
    other = app.test_client()
    sign_in(other, add_account("other@unio.example", world.unio))
    rule_id = db.session.scalar(sa.select(MailCause.rule_id))
    for query in ("", "?q=person", "?q=nummer", f"?event={EVENT}", f"?rule={rule_id}", "?text=confirmed&state=sent"):
        page = read(other, f"/manage/mail{query}")
        assert "hummarfest" not in page
        assert "person1" not in page
    found = [
        other.get(f"/manage/mail/{theirs.public_id}"),
        other.get(f"/manage/mail/{theirs.public_id}/body"),
        other.get(f"/manage/events/{EVENT}/mail/retry"),
        other.post(f"/manage/events/{EVENT}/mail/retry"),
        *(
            other.post(f"/manage/mail/{theirs.public_id}/{deed}", data={"number": 1})
            for deed in ("retry", "cancellation", "receipt", "again")
        ),
    ]
    assert [answer.status_code for answer in found] == [404] * len(found)
    assert [mail.state for mail in all_mails()] == [MailState.SENT] * 4
    assert mailed.get(f"/manage/mail/{uuid.UUID(int=1)}").status_code == 404


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
