"""A load generator that costs little: one thread, epoll, keep-alive, visits as generators. Knows HTTP, not the site."""

from __future__ import annotations

import re
import select
import socket
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import islice

HOST = "127.0.0.1"
SILENCE = 30.0
# A connection is left after some requests, so that none of the server's processes keeps most of them.
REQUESTS_A_CONNECTION = 40
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


class WrongAnswer(Exception):
    """An answer was not what it should be: the measurement is worth nothing."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: GET, or POST where there is a body; `fields` are whole header lines."""

    path: str
    fields: tuple[str, ...] = ()
    body: str | None = None

    def encode(self) -> bytes:
        method, body = ("GET", "") if self.body is None else ("POST", self.body)
        lines = [f"{method} {self.path} HTTP/1.1", f"Host: {HOST}", *self.fields]
        if self.body is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """`head` ends before the empty line."""

    status: int
    head: bytes
    body: bytes


Visit = Generator[Ask, Answer, None]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many visits were made to their end, in how many seconds, and the generator's own seconds of processor."""

    visits: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.visits / self.seconds


@dataclass(slots=True)
class _Line:
    """One connection and the visit that it carries."""

    port: int
    visit: Visit
    asked: int = 0
    got: bytearray = field(default_factory=bytearray)
    sock: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.connect()

    def connect(self) -> None:
        self.sock = socket.create_connection((HOST, self.port), timeout=SILENCE)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked = 0

    def ask(self, ask: Ask) -> None:
        self.asked += 1
        self.sock.sendall(ask.encode())

    def receive(self) -> Answer | None:
        """The answer, once all of it is there. Raises `WrongAnswer` when the server hangs up first."""
        part = self.sock.recv(262144)
        if not part:
            raise WrongAnswer(f"the connection was closed after {bytes(self.got[:200])!r}")
        self.got += part
        answer = read_answer(self.got)
        if answer is not None:
            self.got.clear()
        return answer


def read_answer(got: bytearray) -> Answer | None:
    """A whole answer, or None while there is more to come. One without a length has no body."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(got[:end])
    found = LENGTH.search(head)
    length = int(found[1]) if found else 0
    if len(got) < end + 4 + length:
        return None
    return Answer(int(head[9:12]), head, bytes(got[end + 4 : end + 4 + length]))


def drive(port: int, visits: Iterator[Visit], *, connections: int, seconds: float = float("inf")) -> Tally:
    """Makes the visits over so many connections at once. None is begun after `seconds`; those under way are finished."""
    poll, lines, made = select.epoll(), dict[int, _Line](), 0
    cpu, start = time.process_time(), time.perf_counter()
    for visit in list(islice(visits, connections)):
        _begin(poll, lines, _Line(port, visit))
    while lines:
        ready = poll.poll(SILENCE)
        if not ready:
            raise WrongAnswer(f"no answer for {SILENCE:.0f} seconds")
        for descriptor, _event in ready:
            line = lines[descriptor]
            answer = line.receive()
            if answer is None or _go_on(poll, lines, line, answer):
                continue
            made += 1
            following = next(visits, None) if time.perf_counter() - start < seconds else None
            _end(poll, lines, line, following)
    return Tally(made, time.perf_counter() - start, time.process_time() - cpu)


def _begin(poll: select.epoll, lines: dict[int, _Line], line: _Line) -> None:
    lines[line.sock.fileno()] = line
    poll.register(line.sock.fileno(), select.EPOLLIN)
    line.ask(next(line.visit))


def _go_on(poll: select.epoll, lines: dict[int, _Line], line: _Line, answer: Answer) -> bool:
    """Whether the visit asks for more. A connection that the server leaves is replaced."""
    try:
        ask = line.visit.send(answer)
    except StopIteration:
        if b"\r\nConnection: close" in answer.head:
            line.asked = REQUESTS_A_CONNECTION
        return False
    if b"\r\nConnection: close" in answer.head:
        _forget(poll, lines, line)
        line.connect()
        lines[line.sock.fileno()] = line
        poll.register(line.sock.fileno(), select.EPOLLIN)
    line.ask(ask)
    return True


def _end(poll: select.epoll, lines: dict[int, _Line], line: _Line, visit: Visit | None) -> None:
    """The line's next visit, on the same connection or a new one; without a visit the line is done."""
    if visit is None:
        _forget(poll, lines, line)
    elif line.asked < REQUESTS_A_CONNECTION:
        line.visit = visit
        line.ask(next(visit))
    else:
        _forget(poll, lines, line)
        _begin(poll, lines, _Line(line.port, visit))


def _forget(poll: select.epoll, lines: dict[int, _Line], line: _Line) -> None:
    poll.unregister(line.sock.fileno())
    del lines[line.sock.fileno()]
    line.sock.close()
