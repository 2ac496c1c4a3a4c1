"""A mail server that hangs, closes, refuses, is slow or is down: nothing is lost, nobody is held up, its words are kept."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask

from eventsys.mailing.delivery import deliver
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.mailing.smtp import Timeouts
from tests.faults.server import CLOSES, HANGS, IMPATIENT, Fault, FaultyServer, forget
from tests.mailing.messages import NOW, addresses, all_messages, compose, put, set_clock
from tests.mailing.sink import free_port, parse, use_port

VICTIM = "p3@kommune.example"
OTHERS = [address for address in addresses(5) if address != VICTIM]
LATER = timedelta(hours=5)
"""Longer than the longest wait between two tries."""

ANSWERS = ["421 4.7.0 closing", "450 4.2.1 busy", "451 4.3.0 greylisted", "452 4.2.2 full", "550 5.1.1 no such user",
           "552 5.3.4 too big"]  # fmt: skip
FAULTS = [Fault(at, answer) for answer in ANSWERS for at in ("rcpt", "data", "dot")] + [
    Fault(at, does) for does in (CLOSES, HANGS) for at in ("rcpt", "data", "body", "dot")
]


def say(fault: Fault) -> str:
    return f"{fault.does.split()[0]} at {fault.at}"


def work_until_settled(app: Flask, timeouts: Timeouts | None = None, *, start: datetime = NOW) -> int:
    """Delivers, each round five hours later and after a rest, until nothing waits; how many rounds."""
    for number in range(1, 12):
        set_clock(start + number * LATER)
        forget(app, timeouts)
        while deliver(compose, worker_id=uuid.uuid4()):
            forget(app, timeouts)
        if not any(message.state in WAITING for message in all_messages()):
            return number
    raise AssertionError([(message.email, message.state, message.answer) for message in all_messages()])


WAITING = (MailState.QUEUED, MailState.SENDING, MailState.DEFERRED, MailState.UNCERTAIN)


def ends() -> dict[str, tuple[str, str]]:
    return {message.email: (message.state.value, message.answer or "") for message in all_messages()}


def one(email: str) -> OutboxMessage:
    [message] = [message for message in all_messages() if message.email == email]
    return message


def deliver_round(app: Flask, timeouts: Timeouts | None) -> None:
    """One worker's first round: a batch, and another after a rest if the server seemed away."""
    forget(app, timeouts)
    while deliver(compose, worker_id=uuid.uuid4()):
        forget(app, timeouts)


@pytest.mark.parametrize("fault", FAULTS, ids=say)
def test_one_bad_mail_holds_up_no_other_and_everybody_gets_theirs_once(
    app: Flask, server: FaultyServer, fault: Fault
) -> None:
    server.fault = lambda recipient, number: fault if recipient == VICTIM and number == 1 else None
    timeouts = IMPATIENT if fault.does == HANGS else None
    put(*addresses(5))
    deliver_round(app, timeouts)
    assert {*OTHERS} <= {*server.recipients}
    state, answer = ends().pop(VICTIM)
    is_final = fault.does.startswith("5")
    if fault.does in (CLOSES, HANGS):
        # Where nothing of it had been handed over it may go again at once, over another connection.
        assert state == ("sent" if VICTIM in server.recipients else "deferred")
        assert answer
    else:
        assert (state, answer) == ("failed" if is_final else "deferred", fault.does)
    work_until_settled(app, timeouts)
    assert Counter(server.recipients) == Counter(OTHERS if is_final else addresses(5))
    assert {state for state, _answer in ends().values()} == ({"sent", "failed"} if is_final else {"sent"})


@pytest.mark.parametrize("does", [CLOSES, HANGS])
def test_an_answer_that_was_not_heard_costs_one_duplicate_with_the_same_message_id_and_date(
    app: Flask, server: FaultyServer, does: str
) -> None:
    server.fault = lambda recipient, number: (
        Fault("dot", does, keeps=True) if (recipient, number) == (VICTIM, 1) else None
    )
    timeouts = IMPATIENT if does == HANGS else None
    put(*addresses(5))
    work_until_settled(app, timeouts)
    assert Counter(server.recipients) == Counter([*addresses(5), VICTIM])
    twice = [parse(mail.content) for mail in server.taken if mail.recipient == VICTIM]
    assert {(str(mail["Message-ID"]), str(mail["Date"])) for mail in twice} == {
        (f"<{one(VICTIM).message_id}>", "Mon, 18 Aug 2008 11:00:00 +0000")
    }


def random_faults(seed: int, people: list[str]) -> dict[tuple[str, int], Fault]:
    """For two of three people something goes wrong, at the first try or at the first two."""
    chance = random.Random(seed)
    pool = [fault for fault in FAULTS if fault.does != HANGS]
    return {
        (address, number): chance.choice(pool)
        for address in people
        for number in range(1, 1 + chance.choice([0, 1, 2]))
    }


@pytest.mark.parametrize("seed", range(3))
def test_every_fault_at_once_among_sixty_people_loses_nobody_and_tells_nobody_twice(
    app: Flask, server: FaultyServer, seed: int
) -> None:
    people = addresses(60)
    faults = random_faults(seed, people)
    server.fault = lambda recipient, number: faults.get((recipient, number))
    put(*people)
    work_until_settled(app)
    refused = {}
    for address in people:
        tries = [fault for number in (1, 2) if (fault := faults.get((address, number)))]
        final = next((fault.does for fault in tries if fault.does.startswith("5")), None)
        if final:
            refused[address] = ("failed", final)
    assert {address: end for address, end in ends().items() if end[0] == "failed"} == refused
    assert Counter(server.recipients) == Counter(address for address in people if address not in refused)


def test_a_slow_server_gets_every_mail_once(app: Flask, server: FaultyServer) -> None:
    server.pause = 0.1
    put(*addresses(8))
    deliver(compose, worker_id=uuid.uuid4())
    assert server.recipients == addresses(8)
    assert {state for state, _answer in ends().values()} == {"sent"}


def test_a_server_that_is_down_and_comes_back_is_noticed_once_and_gets_everything(
    app: Flask, server: FaultyServer
) -> None:
    server.stop()
    put(*addresses(20))
    for _time in range(3):
        deliver(compose, worker_id=uuid.uuid4())
    assert Counter(state for state, _answer in ends().values()) == {"queued": 19, "deferred": 1}
    server.start()
    work_until_settled(app)
    assert Counter(server.recipients) == Counter(addresses(20))


def test_a_server_that_goes_down_among_the_mails_and_comes_back_gets_the_others_once(
    app: Flask, server: FaultyServer
) -> None:
    server.fault = lambda recipient, number: server.stop() if (recipient, number) == (VICTIM, 1) else None
    put(*addresses(20))
    deliver(compose, worker_id=uuid.uuid4())
    assert server.recipients == addresses(2)
    server.start()
    work_until_settled(app)
    assert Counter(server.recipients) == Counter(addresses(20))


def test_a_server_that_refuses_everybody_for_a_while_loses_nobody(app: Flask, server: FaultyServer) -> None:
    server.fault = lambda _recipient, number: Fault("rcpt", "451 4.3.0 later") if number <= 3 else None
    put(*addresses(10))
    assert work_until_settled(app) == 4
    assert Counter(server.recipients) == Counter(addresses(10))


def test_a_server_that_is_away_for_two_days_leaves_words_and_not_silence(app: Flask) -> None:
    set_clock(NOW)
    use_port(app, free_port())
    put(*addresses(2))
    for hours in (0, 30, 60, 90, 120):
        set_clock(NOW + timedelta(hours=hours))
        forget(app)
        while deliver(compose, worker_id=uuid.uuid4()):
            forget(app)
    assert {state for state, _answer in ends().values()} == {"failed"}
    assert all("refused" in answer and "48 hours" in answer for _state, answer in ends().values())
