"""How many mails a worker takes at once, and that each is written when its turn comes, without the database."""

from __future__ import annotations

from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from eventsys.extensions import db
from eventsys.mailing import pace
from eventsys.mailing.delivery import deliver
from eventsys.mailing.message import Email, Unwritten
from eventsys.mailing.outbox import Claimed
from eventsys.mailing.rules import (
    BATCH_SECONDS,
    LARGEST_BATCH,
    SMALLEST_BATCH,
    next_batch,
)
from tests.mailing.messages import ME, NOW, addresses, compose, put, set_clock, states
from tests.mailing.sink import Sink, free_port, use_port


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> None:
    set_clock(NOW)


@pytest.mark.parametrize(
    ("size", "taken", "done", "seconds", "then"),
    [
        (200, 200, 200, 0.2, 400),  # a quick server: at most twice as many
        (800, 800, 800, 0.8, 1000),  # and never more than that
        (200, 200, 50, 5.0, 25),  # a slow one: what goes in half of the time
        (200, 200, 200, 4.0, 125),
        (200, 200, 3, 5.0, 20),  # never so few that each costs as much as a batch
        (20, 20, 20, 0.02, 40),  # quick again
        (400, 400, 1, 0.001, 400),  # the server is away: nothing is known of its pace
        (400, 37, 37, 0.02, 400),  # there was no more to take
        (200, 200, 200, 0.0, 400),
    ],
)
def test_a_batch_is_what_goes_in_half_of_its_time(size: int, taken: int, done: int, seconds: float, then: int) -> None:
    assert next_batch(size, taken=taken, done=done, seconds=seconds) == then


@given(
    rate=st.floats(min_value=0.05, max_value=5000), size=st.integers(min_value=SMALLEST_BATCH, max_value=LARGEST_BATCH)
)
def test_at_any_steady_pace_batches_come_to_fit_their_time(rate: float, size: int) -> None:
    for _batch in range(12):
        done = min(size, int(rate * BATCH_SECONDS) + 1)
        size = next_batch(size, taken=size, done=done, seconds=done / rate)
    assert size in (SMALLEST_BATCH, LARGEST_BATCH) or 0.4 < size / rate / BATCH_SECONDS < 0.6
    assert SMALLEST_BATCH <= size <= LARGEST_BATCH


def test_a_worker_takes_fewer_from_a_slow_server_and_more_from_a_quick_one(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventsys.mailing.delivery.BATCH_SECONDS", 0.2)
    monkeypatch.setattr("eventsys.mailing.rules.BATCH_SECONDS", 0.2)
    monkeypatch.setattr("eventsys.mailing.rules.SMALLEST_BATCH", 1)
    app.extensions["mail_batch"] = 10
    put(*addresses(30))
    sink.pause = lambda _address: 0.15
    sent = deliver(compose, worker_id=ME)
    assert 0 < sent < 10
    assert pace.batch_size() == 1
    assert deliver(compose, worker_id=ME) == 1
    app.extensions["mail_batch"] = 3
    sink.pause = lambda _address: 0.0
    assert deliver(compose, worker_id=ME) == 3
    assert [row[1] for row in states()] == ["sent"] * (sent + 4) + ["queued"] * (26 - sent)


def test_a_server_that_is_away_says_nothing_of_its_pace(app: Flask) -> None:
    use_port(app, free_port())
    put(*addresses(3))
    app.extensions["mail_batch"] = 3
    assert deliver(compose, worker_id=ME) == 1
    assert pace.batch_size() == 3


def _unwritten(message: Claimed) -> Email:
    if message.email.startswith("p2@"):
        raise LookupError("no such text")
    return Email(f"Til {message.email}", "Hei\n", "<p>Hei</p>\n")


def test_a_mail_that_cannot_be_written_when_its_turn_comes_fails_alone(sink: Sink) -> None:
    put(*addresses(3))
    deliver(lambda messages: {m.id: Unwritten(partial(_unwritten, m)) for m in messages}, worker_id=ME)
    assert [row[1:] for row in states()] == [
        ("sent", 1, "250 2.0.0 kept as 1"),
        ("failed", 1, "the mail could not be written: LookupError: no such text"),
        ("sent", 1, "250 2.0.0 kept as 2"),
    ]


def test_no_mail_is_written_with_the_database(sink: Sink) -> None:
    """What the tests watch in every mail they send."""

    def reading() -> Email:
        return Email(str(db.session.scalar(sa.text("SELECT 1"))), "Hei\n", "<p>Hei</p>\n")

    put(*addresses(1))
    deliver(lambda messages: {message.id: Unwritten(reading) for message in messages}, worker_id=ME)
    [(_address, state, _attempts, answer)] = states()
    assert (state, "used the database" in str(answer)) == ("failed", True)
