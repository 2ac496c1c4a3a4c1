"""A mail server that misbehaves on order: hangs, closes, refuses, is slow, goes down and comes back. Keeps what it took."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Literal

from flask import Flask

from eventsys.mailing.smtp import Timeouts
from tests.mailing.sink import use_port

HANGS, CLOSES = "hangs", "closes"
IMPATIENT = Timeouts(connect=0.4, command=0.4, after_dot=0.4)
"""Time limits for a server that hangs; for every other one they are as long as they ship."""


@dataclass(frozen=True)
class Fault:
    """What the server does instead of taking a mail, and at which step; `does` is HANGS, CLOSES or an answer.

    «body» is after the first line of the mail, «dot» after the whole of it; `keeps` says that it has the mail all the same.
    """

    at: Literal["rcpt", "data", "body", "dot"]
    does: str
    keeps: bool = False


@dataclass(frozen=True)
class Taken:
    """A mail that the server has, and whether it told the sender so."""

    recipient: str
    content: bytes
    told: bool


class _Gone(Exception):
    """The conversation is over."""


class FaultyServer:
    """Answers by `fault(recipient, which try)`; a mail without a fault is taken after `pause` seconds.

    `at_step` is told of each step, before its answer: rcpt, data, body, dot; and «told» after the mail was answered.
    """

    def __init__(self) -> None:
        self.fault: Callable[[str, int], Fault | None] = lambda _recipient, _try: None
        self.at_step: Callable[[str], None] = lambda _step: None
        self.pause = 0.0
        self.port = 0
        self.sessions = 0
        self.taken: list[Taken] = []
        self.tries: Counter[str] = Counter()
        self._stopped = threading.Event()
        self._listener: socket.socket | None = None
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.taken]

    def start(self) -> None:
        """Listens; on the same port as before, if it did."""
        self._stopped.clear()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._begin(self._accept, self._listener)

    def stop(self) -> None:
        """Is gone: nobody can connect, and who was connected is not any more."""
        self._stopped.set()
        assert self._listener is not None
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=10)
        self._threads, self._open = [], []

    def _begin(self, target: Callable[[socket.socket], None], argument: socket.socket) -> None:
        thread = threading.Thread(target=target, args=(argument,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            self.sessions += 1
            self._open.append(connection)
            self._begin(self._talk, connection)

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, _Gone), connection, connection.makefile("rwb", buffering=0) as line:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._converse(line)  # type: ignore[arg-type]

    def _converse(self, line: BinaryIO) -> None:
        say(line, "220 faulty.example")
        recipient, reader = "", Reader(line)
        while True:
            command = reader.line().decode("utf-8").strip()
            verb = command[:4].upper()
            if verb == "EHLO":
                say(line, "250-faulty.example", "250 8BITMIME")
            elif verb == "RCPT":
                recipient = command.partition("<")[2].partition(">")[0]
                self.tries[recipient] += 1
                say(line, self._misbehave("rcpt", recipient) or "250 OK")
            elif verb == "DATA":
                self._receive(line, reader, recipient)
            elif verb == "QUIT":
                say(line, "221 bye")
                return
            else:
                say(line, "250 OK")

    def _receive(self, line: BinaryIO, reader: Reader, recipient: str) -> None:
        refusal = self._misbehave("data", recipient)
        say(line, refusal or "354 go on")
        if refusal:
            return
        content = [reader.line()]
        self._misbehave("body", recipient)
        while content[-1] != b".\r\n":
            content.append(reader.line())
        time.sleep(self.pause)
        mail = Taken(recipient, b"".join(content[:-1]), told=True)
        answer = self._misbehave("dot", recipient, mail)
        if answer is None:
            self.taken.append(mail)
        say(line, answer or f"250 2.0.0 kept as {len(self.taken)}")
        self.at_step("told")

    def _misbehave(self, at: str, recipient: str, mail: Taken | None = None) -> str | None:
        """What to answer instead of yes at this step, None for yes; or the end of the conversation."""
        self.at_step(at)
        fault = self.fault(recipient, self.tries[recipient])
        if fault is None or fault.at != at:
            return None
        if fault.keeps and mail is not None:
            self.taken.append(Taken(mail.recipient, mail.content, told=False))
        if fault.does == HANGS:
            self._stopped.wait(30)
        if fault.does in (HANGS, CLOSES):
            raise _Gone
        return fault.does


class Reader:
    """Whole lines of a connection, which ends when the other side does."""

    def __init__(self, line: BinaryIO) -> None:
        self._line = line
        self._rest = b""

    def line(self) -> bytes:
        while b"\n" not in self._rest:
            more = self._line.read(65536)
            if not more:
                raise _Gone
            self._rest += more
        found, end, self._rest = self._rest.partition(b"\n")
        return found + end


def say(line: BinaryIO, *answers: str) -> None:
    line.write("".join(f"{answer}\r\n" for answer in answers).encode())


@contextmanager
def running_server() -> Iterator[FaultyServer]:
    """A server on a port of its own."""
    server = FaultyServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def faulty_server(app: Flask) -> Iterator[FaultyServer]:
    """A server that `app` sends to for as long as it lasts."""
    before = app.config["MAIL_PORT"]
    with running_server() as server:
        use_port(app, server.port)
        try:
            yield server
        finally:
            use_port(app, before)


def forget(app: Flask, timeouts: Timeouts | None = None) -> None:
    """A server that was away is asked again at once, with these limits of time."""
    use_port(app, app.config["MAIL_PORT"])
    if timeouts is not None:
        app.extensions["mail_timeouts"] = timeouts
