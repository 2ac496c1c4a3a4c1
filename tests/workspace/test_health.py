"""Whether mail goes out, and a test mail that is followed from the queue to the server's answer."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.labels import tell_ago
from eventsys.mailing.health import Trouble, find_trouble
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression, Worker
from eventsys.mailing.rules import MailState, ReturnKind
from eventsys.registrations.actions import register
from eventsys.workflows import pauses
from eventsys.workflows.actions import notice_changes
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workspace.mail.health import Surroundings, is_over, list_steps
from tests.accounts.people import add_account, sign_in
from tests.guards.visits import switched
from tests.mailing.sink import Sink, free_port, sink_of, use_port
from tests.world import World, somebody

NOW = datetime(2008, 8, 18, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADDRESS = "adviser@program.example"


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """A mail server that `app` sends to."""
    with sink_of(app) as sink:
        yield sink


def worker(beat: int = 0, *, ticked: int | None = 0, began: int = 60, host: str = "huldra") -> Worker:
    """A worker whose last sign of life, last round and beginning are so many minutes ago."""
    now = clock.real_now()
    return Worker(
        host=host, pid=7, started_at=now - began * MINUTE, beat_at=now - beat * MINUTE,
        ticked_at=None if ticked is None else now - ticked * MINUTE,
    )  # fmt: skip


def employ(*workers: Worker) -> None:
    with transaction() as session:
        session.execute(sa.delete(Worker))
        session.add_all(workers)


def read(client: FlaskClient, address: str = "/manage/health") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.get_data(as_text=True))


def facts(page: str) -> dict[str, str]:
    """What the page says of the mail: the value by its label."""
    found = re.findall(r"<li[^>]*><span>(.*?)</span><strong>(.*?)</strong></li>", page)
    return {label: re.sub(r"<[^>]+>", "", value) for label, value in found}


def steps(page: str) -> list[str]:
    """The steps of a test, each with whether it has a moment, and without it."""
    (inner,) = re.findall(r'<ol class="sentences story">(.*?)</ol>', page, re.DOTALL)
    lines = re.findall(r"<li[^>]*>\s*<time[^>]*>(.*?)</time><span>(.*?)(?:<br>.*?)?</span></li>", inner, re.DOTALL)
    return [f"{'at' if at else '--'} {text}" for at, text in lines]


def ask(client: FlaskClient) -> str:
    """Asks for a test; the address of its page."""
    answer = client.post("/manage/health/test")
    assert answer.status_code == 303
    return str(answer.location)


def list_tests() -> list[OutboxMessage]:
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(OutboxMessage)
            .where(OutboxMessage.template == "test")
            .order_by(OutboxMessage.id)
            .execution_options(populate_existing=True)
        )
    )


# --- workers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "workers, trouble",
    [
        ([], Trouble.NO_WORKER),
        ([{}], None),
        ([{"beat": 4}], None),
        ([{"beat": 6}], Trouble.ALL_SILENT),
        ([{"beat": 6}, {"beat": 7}], Trouble.ALL_SILENT),
        ([{}, {"beat": 6}], Trouble.ONE_SILENT),
        ([{"began": 3}, {"beat": 6}], None),
        ([{}, {"beat": 25 * 60, "began": 26 * 60}], None),
        ([{"ticked": 19}], None),
        ([{"ticked": 21}], Trouble.STUCK),
        ([{"ticked": None, "began": 2}], None),
        ([{"ticked": None, "began": 21}], Trouble.STUCK),
        ([{"ticked": 21}, {"beat": 6}], Trouble.ONE_SILENT),
    ],
)
def test_a_worker_is_missed_until_another_takes_its_place(
    workers: list[dict[str, int]], trouble: Trouble | None
) -> None:
    assert find_trouble([worker(**facts) for facts in workers], real_now=clock.real_now()) == trouble


def test_readiness_says_which_part_is_wrong(client: FlaskClient, app: Flask) -> None:
    def ready() -> tuple[int, str]:
        answer = client.get("/readyz")
        return answer.status_code, answer.get_data(as_text=True)

    assert ready() == (503, "worker: no worker runs\n")
    employ(worker())
    assert ready() == (200, "ready\n")
    employ(worker(beat=6))
    assert ready() == (503, "worker: no worker has been heard of for five minutes\n")
    employ(worker(), worker(beat=6))
    assert ready() == (503, "worker: one of the workers has not been heard of for five minutes\n")
    employ(worker(ticked=21))
    assert ready() == (503, "worker: a worker has not finished looking for mail for twenty minutes\n")


def test_the_page_names_each_worker_and_when_it_was_last_through(adviser: FlaskClient) -> None:
    page = read(adviser)
    assert "No worker runs" in page
    assert "Nobody: no worker has signed in." in page
    employ(worker(ticked=3, began=90))
    page = read(adviser)
    assert "Yes. The worker works." in page
    cells = re.findall(r'<td data-label="([^"]*)">(?:<span[^>]*>)?([^<]*)', page)
    assert dict(cells) == {
        "State": "Works", "Last sign of life": "0 seconds ago", "Was last through with the mail": "3 minutes ago",
        "Began": "1 hour ago",
    }  # fmt: skip
    assert "huldra" in page
    employ(worker(), worker(beat=6, host="nøkken"))
    page = read(adviser)
    assert "One of the workers has not been heard of for five minutes" in page
    assert "nøkken" in page


def test_how_long_ago_is_told_no_finer_than_wanted(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        spans = (timedelta(), timedelta(seconds=59), 61 * MINUTE, 47 * 60 * MINUTE, 49 * 60 * MINUTE)
        told = [tell_ago(ago) for ago in spans]
    assert told == ["0 seconds ago", "59 seconds ago", "1 hour ago", "47 hours ago", "2 days ago"]


# --- the organiser's mail -------------------------------------------------------------------------------------------


def test_what_waits_what_failed_and_what_came_back_is_told_of_the_own_organiser_alone(
    adviser: FlaskClient, client: FlaskClient, app: Flask, world: World
) -> None:
    employ(worker())
    with transaction() as session:
        for number in range(1, 4):
            register(session, somebody(world, number), now=clock.now())
        notice_changes(session, now=clock.now())
        oldest = sa.select(sa.func.min(OutboxMessage.id)).scalar_subquery()
        failed = sa.select(sa.func.max(OutboxMessage.id)).scalar_subquery()
        session.execute(
            sa.update(OutboxMessage).where(OutboxMessage.id == oldest).values(due_at=NOW - timedelta(hours=3))
        )
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == failed).values(state=MailState.FAILED))
        session.add(
            ReturnedMail(
                key="k", organiser_id=world.secretariat, kind=ReturnKind.HARD_BOUNCE, raw=b"", received_at=NOW
            )
        )  # fmt: skip
    assert facts(read(adviser)) == {
        "The oldest mail that has not gone": "due 3 hours ago",
        "Waits": "2",
        "Will be tried again": "0",
        "Did not arrive in the last day": "1",
        "Came back and nobody has looked at it": "1",
        "Sent in the last day": "0",
    }
    other = app.test_client()
    sign_in(other, add_account("other@unio.example", world.unio))
    assert facts(read(other)) == {
        "The oldest mail that has not gone": "none: all that is due has gone",
        "Waits": "0",
        "Will be tried again": "0",
        "Did not arrive in the last day": "0",
        "Came back and nobody has looked at it": "0",
        "Sent in the last day": "0",
    }


def test_what_is_stopped_is_said_and_does_not_look_like_a_fault(adviser: FlaskClient, world: World) -> None:
    employ(worker())
    with transaction() as session:
        pauses.pause(session, organiser_id=world.secretariat, account_id=None, now=NOW)
    page = read(adviser)
    assert "The worker works, and leaves alone what is stopped." in page
    assert "All mail from Sekretariatet is stopped" in page


# --- a test to oneself ----------------------------------------------------------------------------------------------


def test_a_test_goes_the_whole_way_and_says_each_step(adviser: FlaskClient, app: Flask, sink: Sink) -> None:
    employ(worker())
    address = ask(adviser)
    page = read(adviser, address)
    assert steps(page) == ["at Put in the queue", "-- Waits for a worker to take it"]
    assert ('hx-trigger="every 1s"' in page, f'href="{address}"' in page) == (True, True)
    tick_until_idle(app)
    page = read(adviser, address)
    told = steps(page)
    assert told[:2] == ["at Put in the queue", "at Taken by the worker on huldra"]
    assert told[-1].startswith("at The server answered “250 ")
    assert "hx-trigger" not in page
    assert sink.recipients == [ADDRESS]
    assert sink.messages[0]["Subject"] == "Prøve fra Kvalitetskommuneprogrammet"


def test_a_test_goes_although_mail_is_stopped(adviser: FlaskClient, app: Flask, world: World, sink: Sink) -> None:
    with transaction() as session:
        pauses.pause(session, organiser_id=world.secretariat, account_id=None, now=NOW)
    ask(adviser)
    tick_until_idle(app)
    assert sink.recipients == [ADDRESS]


def test_a_double_click_makes_one_test_and_one_that_waits_for_its_next_try_gives_way(adviser: FlaskClient) -> None:
    first = ask(adviser)
    assert ask(adviser) == first
    with transaction() as session:
        session.execute(sa.update(OutboxMessage).values(state=MailState.DEFERRED))
    second = ask(adviser)
    assert second != first
    assert [mail.state for mail in list_tests()] == [MailState.CANCELLED, MailState.QUEUED]
    assert steps(read(adviser, first))[-1] == "-- It was called off"


def test_no_worker_and_sending_switched_off_are_told_with_what_to_do(adviser: FlaskClient, app: Flask) -> None:
    address = ask(adviser)
    page = read(adviser, address)
    assert steps(page)[-1] == "-- No worker runs"
    assert "eventsys worker" in page
    with switched(app, MAIL_SUPPRESS_SEND=True):
        page = read(adviser, address)
        assert steps(page)[-1] == "-- Sending is switched off on this site, so it stays in the queue"
        assert "MAIL_SUPPRESS_SEND" in page
        assert "Sending is switched off on this site" in read(adviser)


def test_a_server_that_does_not_answer_is_told_with_its_address(adviser: FlaskClient, app: Flask) -> None:
    employ(worker())
    port = free_port()
    use_port(app, port)
    address = ask(adviser)
    tick_until_idle(app)
    page = read(adviser, address)
    assert f"-- 127.0.0.1:{port} does not answer: “" in steps(page)[-1]
    assert "MAIL_SERVER" in page
    assert "hx-trigger" in page


def test_an_address_that_is_blocked_is_told(adviser: FlaskClient, app: Flask, sink: Sink) -> None:
    with transaction() as session:
        session.add(Suppression(email_key=ADDRESS, why="hard bounce", created_at=NOW))
    address = ask(adviser)
    tick_until_idle(app)
    assert steps(read(adviser, address))[-1] == "-- Your address is blocked, so nothing is sent to it"


def mail(**values: object) -> OutboxMessage:
    return OutboxMessage(**{"created_at": NOW, "dated_at": NOW, "state": MailState.QUEUED, **values})


@pytest.mark.parametrize(
    "values, last, over",
    [
        ({"state": MailState.SENDING}, "Waits for the answer of mx:25", False),
        ({"state": MailState.UNCERTAIN}, "The worker ended before it had heard the server’s answer", False),
        ({"state": MailState.DEFERRED, "answer": "535 5.7.8 no"}, "mx:25 refused our login: “535 5.7.8 no”", False),
        ({"state": MailState.DEFERRED, "answer": "451 later"}, "mx:25 said “451 later”", False),
        ({"state": MailState.FAILED, "answer": "550 5.1.1 who?"}, "mx:25 said “550 5.1.1 who?”", True),
        ({"state": MailState.DEFERRED, "answer": "timed out"}, "mx:25 does not answer: “timed out”", False),
        ({"dated_at": None, "created_at": NOW - MINUTE}, "No worker has taken it yet", False),
    ],
)
def test_each_end_of_a_test_is_told_in_words(app: Flask, values: dict[str, object], last: str, over: bool) -> None:
    around = Surroundings("mx:25", False, [worker(), worker(host="nøkken")], None, None, NOW)
    with app.test_request_context("/?lang=en"):
        found = list_steps(mail(**values), around)
    assert found[-1].text == last
    assert is_over(mail(**values)) is over
    if "dated_at" not in values:
        assert found[1].text == "Taken by one of the workers: huldra, nøkken"


def test_a_test_of_others_and_a_mail_that_is_no_test_are_not_followed(
    adviser: FlaskClient, app: Flask, world: World
) -> None:
    address = ask(adviser)
    other = app.test_client()
    sign_in(other, add_account("other@unio.example", world.unio))
    assert other.get(address).status_code == 404
    with transaction() as session:
        register(session, somebody(world, 1), now=clock.now())
        notice_changes(session, now=clock.now())
    no_test = db.session.scalar(sa.select(OutboxMessage.public_id).where(OutboxMessage.template == "confirmed"))
    assert adviser.get(f"/manage/health/test/{no_test}").status_code == 404
    assert adviser.get(f"/manage/health/test/{uuid.UUID(int=1)}").status_code == 404
