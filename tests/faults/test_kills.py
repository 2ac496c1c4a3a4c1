"""Workers killed with `kill -9` at twenty random points of a thousand mails: none is lost, no kill costs two duplicates."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask

from tests.faults.crowd import count_states, crowd, find_duplicates, register_crowd, wait_until
from tests.faults.server import FaultyServer, running_server
from tests.faults.workers import Worker

MAILS, KILLS = 1000, 20
STEPS = ("rcpt", "data", "body", "dot", "told")
AFTER_ANSWER = (0.0, 0.0005, 0.002, 0.01)
"""Seconds between the server's answer and the kill: about as long as a commit takes, where a mail can go twice."""


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with running_server() as server:
        yield server


@dataclass
class Killer:
    """Kills the worker of the moment at each of its points: when so many mails came, at a step of the next one."""

    server: FaultyServer
    points: list[tuple[int, str, float]]
    pid: int = 0
    killed: threading.Event = field(default_factory=threading.Event)

    def at_step(self, step: str) -> None:
        if not self.pid or not self.points:
            return
        how_many, wanted, pause = self.points[0]
        if step == wanted and len(self.server.taken) >= how_many:
            time.sleep(pause)
            pid, self.pid = self.pid, 0
            os.kill(pid, signal.SIGKILL)
            del self.points[0]
            self.killed.set()


def choose_points(seed: int) -> list[tuple[int, str, float]]:
    chance = random.Random(seed)
    counts = sorted(chance.sample(range(MAILS - 10), KILLS))
    return [(number, chance.choice(STEPS), chance.choice(AFTER_ANSWER)) for number in counts]


def test_twenty_kills_in_a_thousand_mails_lose_none_and_cost_at_most_one_duplicate_each(
    app: Flask, server: FaultyServer
) -> None:
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(10**6))
    print(f"FAULT_SEED={seed}")
    register_crowd(MAILS)
    killer = Killer(server, choose_points(seed))
    server.at_step = killer.at_step
    next_one = Worker(app, server.port)
    for _kill in range(KILLS):
        this_one, next_one = next_one, Worker(app, server.port)
        killer.pid = this_one.pid
        this_one.begin()
        assert killer.killed.wait(30), f"no mail came any more: {count_states()}"
        killer.killed.clear()
        this_one.kill()
    next_one.begin()
    wait_until(lambda: count_states() == {"sent": MAILS})
    next_one.kill()
    assert {*server.recipients} == {*crowd(MAILS)}
    assert find_duplicates(server.taken) <= KILLS
