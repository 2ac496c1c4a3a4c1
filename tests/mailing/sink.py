"""A real SMTP server on a free loopback port that keeps what it gets and answers as it is told."""

from __future__ import annotations

import asyncio
import email
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from eventsys import mailing


@dataclass
class Sink:
    """What came: envelopes in order. `answer` gives for a recipient what RCPT (or, at `data`, the dot) is answered."""

    port: int = 0
    sessions: int = 0
    raw: list[tuple[str, bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    rcpt_answer: Callable[[str], str | None] = lambda _address: None
    data_answer: Callable[[str], str | None] = lambda _address: None
    mail_answer: Callable[[str], str | None] = lambda _address: None
    pause: Callable[[str], float] = lambda _address: 0.0
    hangs_up: bool = False
    is_pipelined: bool = False
    senders: list[str] = field(default_factory=list)
    _parsed: dict[bytes, EmailMessage] = field(default_factory=dict)

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _content in self.raw]

    @property
    def messages(self) -> list[EmailMessage]:
        """Each parsed once: the server looks at all members of its handler, this one too, at every connection."""
        return [
            self._parsed.get(content) or self._parsed.setdefault(content, parse(content)) for _to, content in self.raw
        ]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.is_pipelined else responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        self.commands.append("MAIL")
        self.senders.append(address)
        answer = self.mail_answer(address)
        if answer is None:
            envelope.mail_from, envelope.mail_options = address, options
        return answer or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        answer = self.rcpt_answer(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.commands.append("RSET")
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        recipient = envelope.rcpt_tos[0]
        await asyncio.sleep(self.pause(recipient))
        answer = self.data_answer(recipient)
        if answer is None or answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.raw.append((recipient, envelope.content))
        if self.hangs_up:
            # After the answer has been written: a server may close a connection between two mails.
            self.hangs_up = False
            asyncio.get_running_loop().call_later(0.05, _close, server)
        return answer or f"250 2.0.0 kept as {len(self.raw)}"


def _close(server: SMTP) -> None:
    if server.transport is not None:
        server.transport.close()


def parse(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@contextmanager
def running_sink(*, smtputf8: bool = False, is_pipelined: bool = False, **more: Any) -> Iterator[Sink]:
    """The sink with its server, on a port of its own; `more` is what aiosmtpd calls TLS and login."""
    sink = Sink(is_pipelined=is_pipelined)
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=smtputf8, **more)
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()


@contextmanager
def sink_of(app: Flask, **more: Any) -> Iterator[Sink]:
    """A sink that `app` sends to for as long as it lasts."""
    before = app.config["MAIL_PORT"]
    with running_sink(**more) as sink:
        use_port(app, sink.port)
        try:
            yield sink
        finally:
            use_port(app, before)


def use_port(app: Flask, port: int) -> None:
    """Lets `app` send to that port; a server that was away before is forgotten."""
    app.config["MAIL_PORT"] = port
    for name in ("mail_rest", "mail_timeouts", "mail_batch"):
        app.extensions.pop(name, None)
    mailing.init_app(app)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def silent_server() -> Iterator[tuple[int, list[int]]]:
    """A server that takes connections and never says a word: its port, and a list that grows with each connection."""
    connections: list[int] = []
    kept: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            connections.append(1)
            kept.append(connection)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], connections
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in kept:
            connection.close()
        thread.join(timeout=5)
