"""An event's mail on a line of time, and in sentences."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.workflows.actions import expand, notice_changes, plan
from eventsys.workflows.actions.planning import plan_event
from eventsys.workflows.models import Rule
from eventsys.workflows.pauses import pause, resume
from eventsys.workflows.texts.actions import save_version
from eventsys.workspace.mail.timeline import Band, Point, Stretch, draw
from tests.statements import counted
from tests.workflows.rows import add_run, days
from tests.world import World, somebody

TIMELINE = "/manage/events/laeringsseminar-2-pulje-ii/mail"
DAY = timedelta(days=1)
STATEMENTS = 12


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
        "Mon 25 Aug 09:00 | Next: 3 people get the reminder about 1–2 September see who · read it · stop it"
        " planned Send me a test",
        "Tue 26 Aug 09:00 | Reminder about 2–3 September; nobody has a place yet see who · read it · stop it planned",
        "Fri 29 Aug 12:00 | 3 people get the practical information about 1–2 September see who · read it · stop it"
        " planned",
        "Mon 1 Sep 12:00 | Practical information about 2–3 September; nobody has a place yet see who · read it"
        " · stop it planned",
        "Wed 3 Sep 09:00 | Thanks about 1–2 September, to those who came see who · read it · stop it"
        " when it is noted who came",
        "Thu 4 Sep 09:00 | Thanks about 2–3 September, to those who came see who · read it · stop it"
        " when it is noted who came",
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
        failed = {"state": MailState.FAILED, "answer": "550 no such user"}
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == last).values(**failed))
        address = session.scalars(sa.select(OutboxMessage.email).where(OutboxMessage.id == last)).one()
    page = mailed.get(TIMELINE).get_data(as_text=True)
    assert "from 18 August | Confirmation, to each as it happens 3 sent" in sentences(page)
    assert "Mon 25 Aug 09:00 | Reminder about 1–2 September see who 2 sent, 1 did not arrive" in sentences(page)
    assert warnings_of(page) == [f"1 mail did not arrive {address}: 550 no such user See it and mend the address"]


def warnings_of(page: str) -> list[str]:
    """The boxes above the picture, as they are read."""
    boxes = re.findall(r'<ul class="attention">(.*?)</ul>', page, re.DOTALL)
    items = [item for box in boxes for item in re.findall(r"<li[^>]*>(.*?)</li>", box, re.DOTALL)]
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]


def test_a_language_that_is_missing_is_told_with_how_many_it_is_for(mailed: FlaskClient, world: World) -> None:
    with transaction() as session:
        session.execute(sa.update(Registration).where(Registration.name == "Person Nummer2").values(language="nn"))
        save_version(
            session,
            organiser_id=world.secretariat,
            key="practical",
            texts={"nb": "Subject: Praktisk\n\nSe {event_link}\n"},
            opened_at=0,
            account_id=None,
            now=clock.now(),
        )
    page = mailed.get(TIMELINE).get_data(as_text=True)
    assert warnings_of(page) == [
        "Nynorsk is missing “Practical information” is for 1 who reads nynorsk. Write the text"
    ]
    assert 'href="/manage/texts/practical"' in page
    assert [
        line.endswith("waits for a text") for line in sentences(page) if "ractical information about 1" in line
    ] == [True]


def test_what_is_stopped_says_so_on_its_lines(mailed: FlaskClient, world: World) -> None:
    with transaction() as session:
        event_id = world.events["seminar"].id
        pause(session, organiser_id=world.secretariat, event_id=event_id, account_id=None, now=clock.now())
    lines = sentences(mailed.get(TIMELINE).get_data(as_text=True))
    assert lines[0] == "from 18 August | Confirmation, to each as it happens 0 sent, 3 wait: stopped"
    assert [line.endswith("waits: stopped Send me a test") for line in lines if "Next:" in line] == [True]
    with transaction() as session:
        resume(session, organiser_id=world.secretariat, event_id=event_id)
        rule = session.scalars(sa.select(Rule).where(Rule.key == "practical", Rule.organiser_id == world.secretariat))
        pause(session, organiser_id=world.secretariat, rule_id=rule.one().id, account_id=None, now=clock.now())
    lines = sentences(mailed.get(TIMELINE).get_data(as_text=True))
    stopped = [line.partition(" | ")[0] for line in lines if line.endswith("waits: stopped")]
    assert stopped == ["Fri 29 Aug 12:00", "Mon 1 Sep 12:00"]


def test_what_was_missed_says_why(mailed: FlaskClient) -> None:
    late = datetime(2008, 8, 28, 7, tzinfo=UTC)
    with transaction() as session:
        clock.set_to(session, late)
        expand(session, now=late)
    lines = sentences(mailed.get(TIMELINE).get_data(as_text=True))
    assert (
        "Mon 25 Aug 09:00 | Reminder about 1–2 September not sent: it was noticed more than 24 hours too late" in lines
    )


def test_a_mail_of_the_whole_event_and_one_to_its_organisers_have_their_lines(
    mailed: FlaskClient, world: World
) -> None:
    with transaction() as session:
        event = session.get_one(Event, world.events["seminar"].id)
        event.closes_on = date(2008, 8, 27)
        session.flush()
        session.execute(sa.update(Rule).where(Rule.key == "digest").values(enabled_at=clock.now()))
        plan_event(session, event.id, now=clock.now())
    lines = sentences(mailed.get(TIMELINE).get_data(as_text=True))
    assert "Fri 22 Aug 09:00 | Nudge; no organisation as of now see who · read it · stop it planned" in lines
    assert [line for line in lines if "to the organisers" in line] == [
        "Fri 29 Aug 08:00 | List of participants about 1–2 September to the organisers see who · read it · stop it"
        " planned",
        "Mon 1 Sep 08:00 | List of participants about 2–3 September to the organisers see who · read it · stop it"
        " planned",
    ]


@pytest.mark.parametrize("runs", [1, 50])
def test_the_page_takes_as_many_statements_for_one_occasion_as_for_fifty(
    mailed: FlaskClient, world: World, runs: int
) -> None:
    with transaction() as session:
        event = session.get_one(Event, world.events["seminar"].id)
        for number in range(runs):
            first = date(2008, 9, 8) + timedelta(days=number)
            add_run(session, event, **days(first, first))
        plan_event(session, event.id, now=clock.now())
    mailed.get(TIMELINE)
    with counted(db.engine) as sent:
        page = mailed.get(TIMELINE).get_data(as_text=True)
    assert len(sentences(page)) >= 3 * runs
    assert len(sent) == STATEMENTS


def test_a_draft_sends_nothing_and_says_so(adviser: FlaskClient) -> None:
    new = {"title_nb": "Utkast", "type": "meeting", "rows": "1", "precision-0": "days", "first_on-0": "1.10.2008"}
    adviser.post("/manage/events", data=new)
    assert "A draft sends nothing" in adviser.get("/manage/events/utkast/mail").get_data(as_text=True)


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
