"""What is not to be sent, whose a message is, and what can be done with it by hand."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.extensions import transaction
from eventsys.mailing import life, outbox
from eventsys.mailing.delivery import deliver
from eventsys.mailing.letters import Composed
from eventsys.mailing.message import Dropped, Email
from eventsys.mailing.models import OutboxMessage, Suppression, Worker
from eventsys.mailing.rules import LEASE
from eventsys.mailing.templates import Rendered
from tests.mailing.messages import ME, NOW, addresses, all_messages, compose, message_ids, put, set_clock, states
from tests.mailing.sink import Sink, sink_of


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> None:
    set_clock(NOW)


# --- not to be sent -----------------------------------------------------------------------------------------------------


def test_a_mail_that_cannot_be_composed_fails_alone(sink: Sink) -> None:
    def poisoned(messages: list[OutboxMessage]) -> dict[int, Email | Dropped]:
        if any(message.email.startswith("p2@") for message in messages):
            raise LookupError("no such template")
        return compose(messages)

    put(*addresses(3))
    deliver(poisoned, worker_id=ME)
    assert [row[1:] for row in states()] == [
        ("sent", 1, "250 2.0.0 kept as 1"),
        ("failed", 1, "the mail could not be written: LookupError: no such template"),
        ("sent", 1, "250 2.0.0 kept as 2"),
    ]


def test_a_mail_that_composing_says_is_broken_fails_alone(sink: Sink) -> None:
    put(*addresses(2))

    def mostly(messages: list[OutboxMessage]) -> dict[int, Composed]:
        broken: dict[int, Composed] = {messages[0].id: LookupError("no such text")}
        return {**compose(messages), **broken}

    deliver(mostly, worker_id=ME)
    assert [row[1:] for row in states()] == [
        ("failed", 1, "the mail could not be written: LookupError: no such text"),
        ("sent", 1, "250 2.0.0 kept as 1"),
    ]


def test_an_address_that_cannot_be_written_fails_alone(sink: Sink) -> None:
    put("kari@kommune.example", "kari nordmann@kommune.example", "åse@kommune.example")
    deliver(compose, worker_id=ME)
    assert [row[1:] for row in states()] == [
        ("sent", 1, "250 2.0.0 kept as 1"),
        ("failed", 1, "the mail could not be written: the address has a sign that addresses cannot have"),
        ("failed", 1, "553 the mail server takes no addresses with such letters before the @ (SMTPUTF8)"),
    ]


def test_letters_before_the_at_go_to_a_server_that_takes_them(app: Flask) -> None:
    with sink_of(app, smtputf8=True) as sink:
        put("åse@blåbær.example")
        deliver(compose, worker_id=ME)
        assert sink.recipients == ["åse@xn--blbr-roah.example"]
        assert sink.messages[0]["To"] == "åse@xn--blbr-roah.example"


def test_a_dropped_mail_says_why(sink: Sink) -> None:
    put("kari@kommune.example")
    deliver(lambda messages: {message.id: Dropped("the event was called off") for message in messages}, worker_id=ME)
    assert states() == [("kari@kommune.example", "cancelled", 0, "the event was called off")]
    assert sink.recipients == []


def test_a_suppressed_address_gets_no_mail_of_the_kind_and_others_do(sink: Sink) -> None:
    put(*addresses(3))
    with transaction() as session:
        for key, category in (
            ("p1@kommune.example", ""),
            ("p2@kommune.example", "reminders"),
            ("p3@kommune.example", "news"),
        ):
            session.add(Suppression(email_key=key, category=category, why="test", created_at=NOW))
    deliver(
        lambda messages: {m.id: Email("s", "t", "h", category="reminders") for m in messages},
        worker_id=ME,
    )
    assert [row[1] for row in states()] == ["suppressed", "suppressed", "sent"]


# --- workers ------------------------------------------------------------------------------------------------------------


def claim(session: sa.orm.Session, worker_id: uuid.UUID, real_now: datetime, batch: int = 50) -> list[OutboxMessage]:
    return outbox.claim(
        session, worker_id=worker_id, domain="eventsys.example", batch=batch, now=clock.now(), real_now=real_now
    )


def test_two_workers_never_take_the_same_mail(app: Flask) -> None:
    put(*addresses(4))
    taken = []
    for worker in (uuid.uuid4(), uuid.uuid4()):
        with transaction() as session:
            taken.append([message.email for message in claim(session, worker, clock.real_now(), batch=3)])
    assert taken == [addresses(3), ["p4@kommune.example"]]


def test_the_mails_of_a_dead_worker_return_with_the_same_message_id(app: Flask, sink: Sink) -> None:
    put("kari@kommune.example")
    real_now = clock.real_now()
    dead = uuid.uuid4()
    with transaction() as session:
        session.add(Worker(id=dead, host="h", pid=1, started_at=real_now, beat_at=real_now - timedelta(seconds=59)))
        [message] = claim(session, dead, real_now)
    assert deliver(compose, worker_id=ME) == 0
    with transaction() as session:
        session.execute(sa.update(Worker).values(beat_at=real_now - timedelta(seconds=61)))
    assert deliver(compose, worker_id=ME) == 1
    assert message_ids(sink) == [f"<{message.message_id}>"]


def test_who_was_not_heard_of_itself_takes_over_from_nobody_until_others_had_their_time_again(
    app: Flask, sink: Sink
) -> None:
    put("kari@kommune.example")
    real_now, stale, other = clock.real_now(), timedelta(seconds=60), uuid.uuid4()
    last = real_now - timedelta(seconds=61)
    with transaction() as session:
        # The database was away for a minute; both lived.
        session.add_all(Worker(id=one, host="h", pid=1, started_at=last, beat_at=last) for one in (ME, other))
        claim(session, other, real_now)
    assert deliver(compose, worker_id=ME) == 0
    with transaction() as session:
        life.spare_others(session, ME, real_now=real_now, stale=stale)
    assert deliver(compose, worker_id=ME) == 0
    with transaction() as session:
        session.execute(sa.update(Worker).where(Worker.id == other).values(beat_at=last))
        life.spare_others(session, ME, real_now=real_now, stale=stale)
    assert deliver(compose, worker_id=ME) == 1


def test_a_lease_ends_by_itself_unless_it_is_kept(app: Flask, sink: Sink) -> None:
    put(*addresses(2))
    long_ago = clock.real_now() - LEASE - timedelta(seconds=1)
    with transaction() as session:
        kept_worker, lost_worker = uuid.uuid4(), uuid.uuid4()
        claim(session, kept_worker, long_ago, batch=1)
        claim(session, lost_worker, long_ago, batch=1)
        outbox.keep_leases(session, worker_id=kept_worker, real_now=clock.real_now())
    deliver(compose, worker_id=ME)
    assert sink.recipients == ["p2@kommune.example"]


def test_a_lease_is_kept_when_half_of_it_is_over_and_not_written_again_before(app: Flask) -> None:
    put(*addresses(1))
    began = clock.real_now()
    with transaction() as session:
        claim(session, ME, began)
    kept = []
    for passed in (LEASE / 2, LEASE / 2 + timedelta(seconds=1)):
        with transaction() as session:
            outbox.keep_leases(session, worker_id=ME, real_now=began + passed)
        kept.append(all_messages()[0].leased_until)
    assert kept == [began + LEASE, began + passed + LEASE]


def test_a_worker_that_slept_sends_nothing_that_another_has_taken(app: Flask, sink: Sink) -> None:
    put(*addresses(2))

    def steal(messages: list[OutboxMessage]) -> dict[int, Email | Dropped]:
        with transaction() as session:
            session.execute(sa.update(OutboxMessage).values(worker_id=uuid.uuid4()))
        return compose(messages)

    deliver(steal, worker_id=ME)
    assert sink.recipients == []
    assert [row[1] for row in states()] == ["sending", "sending"]


def test_a_worker_that_is_stopped_finishes_its_mail_and_gives_the_others_back(sink: Sink) -> None:
    put(*addresses(4))
    going: Iterator[bool] = iter([True, True, False])
    deliver(compose, worker_id=ME, goes_on=lambda: next(going))
    assert sink.recipients == addresses(2)
    assert [(row[1], row[2]) for row in states()] == [("sent", 1), ("sent", 1), ("queued", 0), ("queued", 0)]


# --- by hand ------------------------------------------------------------------------------------------------------------


def test_a_failed_mail_is_tried_again_by_hand_as_the_same_mail(sink: Sink) -> None:
    sink.rcpt_answer = lambda _address: "550 5.1.1 no such user here"
    put("kari@kommune.example")
    deliver(compose, worker_id=ME)
    sink.rcpt_answer = lambda _address: None
    set_clock(NOW + timedelta(days=7))
    failed = all_messages()[0]
    with transaction() as session:
        outbox.retry(session, session.get_one(OutboxMessage, failed.id), now=clock.now())
    deliver(compose, worker_id=ME)
    assert states() == [("kari@kommune.example", "sent", 1, "250 2.0.0 kept as 1")]
    assert message_ids(sink) == [f"<{failed.message_id}>"]
    assert sink.messages[0]["Date"] == "Mon, 25 Aug 2008 06:00:00 +0000"


def test_a_mail_that_is_called_off_is_not_sent(sink: Sink) -> None:
    [number] = put("kari@kommune.example")
    with transaction() as session:
        outbox.cancel(session, session.get_one(OutboxMessage, number), now=NOW)
    assert deliver(compose, worker_id=ME) == 0
    assert states() == [("kari@kommune.example", "cancelled", 0, "called off by an organiser")]


@pytest.mark.parametrize("verb", [outbox.retry, outbox.cancel])
def test_what_was_sent_cannot_be_called_off_or_tried_again(sink: Sink, verb: Callable[..., None]) -> None:
    [number] = put("kari@kommune.example")
    deliver(compose, worker_id=ME)
    with transaction() as session, pytest.raises(outbox.CannotBeDone, match="sent"):
        verb(session, session.get_one(OutboxMessage, number), now=NOW)


def test_a_sign_in_mail_that_failed_cannot_be_tried_again_since_its_link_is_gone(sink: Sink) -> None:
    sink.rcpt_answer = lambda _address: "550 5.1.1 no such user here"
    link = "http://127.0.0.1:5000/sign-in/" + "a" * 43
    [number] = put("kari@kommune.example", content=Rendered("Logg inn", link, link))
    deliver(compose, worker_id=ME)
    assert all_messages()[0].text == "http://127.0.0.1:5000/sign-in/…"
    with transaction() as session, pytest.raises(outbox.CannotBeDone, match="failed"):
        outbox.retry(session, session.get_one(OutboxMessage, number), now=NOW)
