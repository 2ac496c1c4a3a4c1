"""Runs the processes of one machine together: started at once, ended together, and the first that dies ends all."""

from __future__ import annotations

import contextvars
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess
from types import FrameType

ENDS_WITHIN = 5.0
ANSWERS_WITHIN = 30.0
LOOKS_EVERY = 0.05
HOST = "127.0.0.1"
# A fork has everything imported already, which is what takes a program's first second.
FORK = multiprocessing.get_context("fork")


def is_free(port: int) -> bool:
    """Whether nothing listens on the port on this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


class Processes:
    """Child processes in a group of their own, so that Ctrl-C reaches this process alone and ends them in order.

    This process must have no other thread and no open connection when a child is started.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self.children: dict[str, BaseProcess] = {}
        self.group = 0
        self.told_to_end = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_end = True

    def start(self, name: str, program: Callable[[], object], *arguments: str) -> None:
        """Starts the program under this name, with arguments as on its command line."""
        child = FORK.Process(name=name, target=self._become, args=(program, arguments))
        child.start()
        assert child.pid is not None
        self.group = self.group or child.pid
        # Here and in the child: whichever comes first, the group is right before anybody is signalled.
        with suppress(OSError):
            os.setpgid(child.pid, self.group)
        self.children[name] = child

    def _become(self, program: Callable[[], object], arguments: tuple[str, ...]) -> None:
        os.setpgid(0, self.group)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.environ.update(self.environment)
        # The application is made anew, from this child's environment, and nothing of the parent's is current.
        sys.modules.pop("wsgi", None)
        sys.argv[1:] = arguments
        contextvars.Context().run(program)

    def find_dead(self) -> str | None:
        """The name and exit code of a child that has ended, in words."""
        for name, child in self.children.items():
            if child.exitcode is not None:
                return f"the {name} ended with exit code {child.exitcode}"
        return None

    def wait_for(self, port: int) -> bool:
        """Waits until the port answers; False if a child died, the time was up, or it is to end."""
        until = time.monotonic() + ANSWERS_WITHIN
        while time.monotonic() < until and not self.told_to_end and not self.find_dead():
            if answers(port):
                return True
            time.sleep(LOOKS_EVERY)
        return False

    def wait(self) -> str | None:
        """Waits until it is told to end (None) or a child dies (which)."""
        while not self.told_to_end:
            dead = self.find_dead()
            if dead and not self.told_to_end:
                return dead
            time.sleep(LOOKS_EVERY)
        return None

    def end(self) -> None:
        """Ends every child: asks, and after some seconds insists. Returns when all are gone."""
        self._signal(signal.SIGTERM)
        until = time.monotonic() + ENDS_WITHIN
        while time.monotonic() < until and any(child.exitcode is None for child in self.children.values()):
            time.sleep(LOOKS_EVERY)
        # Grandchildren are in the group too, and may outlive the child that started them.
        self._signal(signal.SIGKILL)
        for child in self.children.values():
            child.join()

    def _signal(self, number: int) -> None:
        if self.group:
            with suppress(ProcessLookupError):
                os.killpg(self.group, number)
