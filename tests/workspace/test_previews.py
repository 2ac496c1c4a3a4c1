"""The preview of an occasion: who gets it as of now, each one's mail written out, and a copy to oneself."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.workflows.actions import notice_changes, plan
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.texts.actions import save_version
from tests.mailing.sink import Sink, sink_of
from tests.world import World, somebody

EVENT = "/manage/events/laeringsseminar-2-pulje-ii"


@pytest.fixture
def reminder(adviser: FlaskClient, world: World) -> str:
    """The address of the preview of the first run's reminder, with three people who get it; the third reads nynorsk."""
    for number in range(1, 4):
        with transaction() as session:
            register(session, somebody(world, number), now=clock.now())
    with transaction() as session:
        session.execute(sa.update(Registration).where(Registration.name == "Person Nummer3").values(language="nn"))
        notice_changes(session, now=clock.now())
        plan(session, now=clock.now())
    return f"{EVENT}/mail/occasions/reminder/{world.events['seminar'].runs[0].uid}/0"


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def readers(page: str) -> list[str]:
    """The list of who gets it: name, address and language of each; the chosen one with a star."""
    rows = re.findall(r'<li><a href="[^"]*"( aria-current="true")?>(<b>.*?)</a></li>', page)
    return [("* " if here else "") + " ".join(re.sub(r"<[^>]+>", " ", text).split()) for here, text in rows]


def outbox() -> list[OutboxMessage]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def test_who_gets_it_stands_in_a_list_with_the_first_ones_mail_written_out(adviser: FlaskClient, reminder: str) -> None:
    page = read(adviser, reminder)
    assert readers(page) == [
        "* Person Nummer1 person1@kommune.example bokmål",
        "Person Nummer2 person2@kommune.example bokmål",
        "Person Nummer3 person3@kommune.example nynorsk",
    ]
    assert "3 mails go out as of now, to confirmed participants." in page
    assert 'sandbox title="The mail as it would be sent"' in page
    assert "Sekretariatet &lt;" in page
    assert 'style="' not in page


def test_anybodys_mail_is_shown_in_their_language_with_the_one_before_and_the_next(
    adviser: FlaskClient, reminder: str
) -> None:
    second, third = read(adviser, f"{reminder}?n=2&as=text"), read(adviser, f"{reminder}?n=3&as=text")
    assert readers(second)[1] == "* Person Nummer2 person2@kommune.example bokmål"
    assert [f"n={place}" in second for place in (1, 3)] == [True, True]
    assert ("The one before" in third, "The next one" in third) == (True, False)
    assert ("Læringsseminar 2 (nn)" in second, "Læringsseminar 2 (nn)" in third) == (False, True)
    assert "2 of 3" in second


def test_personal_links_are_masked_in_the_text_and_in_the_frame(adviser: FlaskClient, reminder: str) -> None:
    text = read(adviser, f"{reminder}?as=text")
    frame = adviser.get(f"{reminder}/body?n=1")
    body = frame.get_data(as_text=True)
    assert ("/registrations/…" in text, "/registrations/…" in body) == (True, True)
    assert re.findall(r"/(?:registrations|unsubscribe)/[A-Za-z0-9_-]{20,}", text + body) == []
    assert frame.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert frame.headers["Cache-Control"] == "no-store"


def test_a_search_finds_by_name_and_address(adviser: FlaskClient, reminder: str) -> None:
    assert readers(read(adviser, f"{reminder}?q=nummer2")) == ["* Person Nummer2 person2@kommune.example bokmål"]
    assert readers(read(adviser, f"{reminder}?q=person3@"))[0].startswith("* Person Nummer3")
    assert "Nobody fits that." in read(adviser, f"{reminder}?q=%25")


def test_who_shares_an_address_gets_one_mail_about_all(adviser: FlaskClient, world: World, reminder: str) -> None:
    with transaction() as session:
        session.execute(
            sa.update(Registration)
            .where(Registration.name != "Person Nummer1")
            .values(email="post@kommune.example", email_key="post@kommune.example")
        )
    page = read(adviser, f"{reminder}?n=2&as=text")
    assert readers(page) == [
        "Person Nummer1 person1@kommune.example bokmål",
        "* Person Nummer2, Person Nummer3 post@kommune.example bokmål",
    ]
    assert page.count("/registrations/…") == 2


def test_fifty_stand_on_a_page(adviser: FlaskClient, world: World) -> None:
    run = world.events["seminar"].runs[1]
    for number in range(1, 54):
        with transaction() as session:
            register(session, somebody(world, number, run_id=run.id), now=clock.now())
    with transaction() as session:
        plan(session, now=clock.now())
    address = f"{EVENT}/mail/occasions/reminder/{run.uid}/0"
    first, second = read(adviser, address), read(adviser, f"{address}?n=51")
    assert (len(readers(first)), len(readers(second))) == (50, 3)
    assert ("1–50 of 53" in first, "51–53 of 53" in second) == (True, True)


def test_a_copy_goes_to_the_one_who_looks_and_to_nobody_else(app: Flask, adviser: FlaskClient, reminder: str) -> None:
    before = len(outbox())
    answer = adviser.post(f"{reminder}/test", data={"n": "3"}, follow_redirects=True).get_data(as_text=True)
    assert "A copy is on its way to adviser@program.example. Its personal links are masked." in answer
    (copy,) = outbox()[before:]
    assert (copy.email, copy.language, copy.state) == ("adviser@program.example", "nn", MailState.QUEUED)
    assert (copy.subject or "").startswith("[Test] ")
    assert copy.reason_key.startswith("test/")
    with sink_of(app) as sink:
        tick_until_idle(app)
        assert sent_to(sink) == ["adviser", "person1", "person2", "person3"]
    assert re.findall(r"/registrations/[A-Za-z0-9_-]{20,}", copy.text or "") == []


def sent_to(sink: Sink) -> list[str]:
    return sorted(address.partition("@")[0] for address in sink.recipients)


def test_a_language_that_is_not_written_is_said_and_no_copy_goes(
    adviser: FlaskClient, world: World, reminder: str
) -> None:
    with transaction() as session:
        save_version(
            session, organiser_id=world.secretariat, key="reminder", opened_at=0, account_id=None, now=clock.now(),
            texts={"nb": "Subject: Snart\n\nSe {event_link}\n"},
        )  # fmt: skip
    page = read(adviser, f"{reminder}?n=3")
    assert "The text is not written in nynorsk, so this mail cannot go out." in page
    assert adviser.get(f"{reminder}/body?n=3").status_code == 404
    before = len(outbox())
    adviser.post(f"{reminder}/test", data={"n": "3"})
    assert len(outbox()) == before
    assert "Snart" in read(adviser, f"{reminder}?n=1")


def test_the_preview_of_nobody_says_so(adviser: FlaskClient, world: World, reminder: str) -> None:
    address = reminder.replace(str(world.events["seminar"].runs[0].uid), str(world.events["seminar"].runs[1].uid))
    assert "Nobody would get it as of now" in read(adviser, address)
    answer = adviser.post(f"{address}/test", follow_redirects=True).get_data(as_text=True)
    assert "Nobody would get it as of now, so there is nothing to show." in answer


@pytest.mark.parametrize("when, generation", [("event", "0"), ("x", "0"), ("run", "1"), ("run", str(2**40))])
def test_an_occasion_that_is_not_there_answers_404(
    adviser: FlaskClient, world: World, reminder: str, when: str, generation: str
) -> None:
    uid = str(world.events["seminar"].runs[0].uid) if when == "run" else when
    path = f"{EVENT}/mail/occasions/reminder/{uid}/{generation}"
    assert [adviser.get(path).status_code, adviser.get(f"{path}/body").status_code] == [404, 404]
    assert adviser.post(f"{path}/test").status_code == 404


def test_another_organisers_occasion_is_not_there(adviser: FlaskClient, world: World, reminder: str) -> None:
    event = world.events["unio"]
    path = f"/manage/events/{event.slug}/mail/occasions/reminder/{event.runs[0].uid}/0"
    assert [adviser.get(path).status_code, adviser.post(f"{path}/test").status_code] == [404, 404]
    mixed = f"{EVENT}/mail/occasions/reminder/{event.runs[0].uid}/0"
    assert adviser.get(mixed).status_code == 404


def test_what_has_gone_is_shown_on_the_timeline_instead(adviser: FlaskClient, reminder: str) -> None:
    with transaction() as session:
        session.execute(sa.text("UPDATE occasions SET state = 'fired'"))
    assert adviser.get(reminder).location == f"{EVENT}/mail"
