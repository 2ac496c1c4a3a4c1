"""The line to the mail server: certificates, login, letters beyond ASCII, the sender on the envelope, commands in one go."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from flask import Flask

from eventsys.mailing.delivery import deliver
from eventsys.mailing.rules import is_for_good
from eventsys.mailing.smtp import Letter, Line, Timeouts
from tests.mailing.messages import ME, NOW, addresses, all_messages, compose, put, set_clock, states
from tests.mailing.sink import Sink, sink_of, use_port

CERTIFICATE = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=sink.example"
    " -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out certificate.pem"
)


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> None:
    set_clock(NOW)


# --- certificates and login ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that nobody has signed but itself; its key lies beside it."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(CERTIFICATE.split(), cwd=folder, check=True, capture_output=True)
    return folder / "certificate.pem"


@contextmanager
def encrypted_sink(app: Flask, certificate: Path, setting: str, **more: Any) -> Iterator[Sink]:
    """A server that speaks TLS as the setting asks for."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    how: dict[str, dict[str, Any]]
    how = {"MAIL_USE_SSL": {"ssl_context": context}, "MAIL_USE_TLS": {"tls_context": context, "require_starttls": True}}
    before = dict(app.config)
    app.config[setting] = True
    try:
        with sink_of(app, **how[setting], **more) as sink:
            yield sink
    finally:
        app.config.update(before)


@pytest.mark.parametrize("setting", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    app: Flask, certificate: Path, setting: str
) -> None:
    put("kari@kommune.example")
    with encrypted_sink(app, certificate, setting) as sink:
        deliver(compose, worker_id=ME)
    assert (sink.recipients, sink.commands) == ([], [])
    [(_address, state, attempts, answer)] = states()
    assert (state, attempts) == ("deferred", 1)
    assert "certificate verify failed" in str(answer)


@pytest.mark.parametrize("setting", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_a_server_whose_certificate_the_operator_trusts_gets_the_mail(
    app: Flask, certificate: Path, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    put(*addresses(3))
    with encrypted_sink(app, certificate, setting) as sink:
        deliver(compose, worker_id=ME)
    assert (sink.recipients, sink.sessions) == (addresses(3), 1 if setting == "MAIL_USE_SSL" else 2)


def check_login(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: Any) -> AuthResult:
    return AuthResult(success=login == LoginPassword(b"eventsys", b"correct horse"), handled=False)


@pytest.mark.parametrize(
    "password, state, said", [("correct horse", "sent", "250 2.0.0 kept as 1"), ("wrong", "deferred", "535 5.7.8")]
)
def test_the_login_of_the_settings_is_used(
    app: Flask, certificate: Path, monkeypatch: pytest.MonkeyPatch, password: str, state: str, said: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    put("kari@kommune.example")
    login = {"authenticator": check_login, "auth_required": True}
    with encrypted_sink(app, certificate, "MAIL_USE_TLS", **login):
        app.config.update(MAIL_USERNAME="eventsys", MAIL_PASSWORD=password)
        deliver(compose, worker_id=ME)
    [(_address, found, attempts, answer)] = states()
    assert (found, attempts, str(answer)[: len(said)]) == (state, 1, said)


def test_a_server_that_wants_a_login_fails_nobody(sink: Sink) -> None:
    sink.rcpt_answer = lambda _address: "530 5.7.0 authentication required"
    put(*addresses(3))
    deliver(compose, worker_id=ME)
    assert [row[1:3] for row in states()] == [("deferred", 1), ("queued", 0), ("queued", 0)]


# --- answers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code, words, for_good",
    [
        (421, "4.7.0 closing", False),
        (450, "4.2.1 busy", False),
        (452, "4.2.2 full", False),
        (550, "5.1.1 no such user", True),
        (552, "5.2.2 mailbox full", False),
        (552, "quota exceeded", False),
        (552, "5.3.4 message too big", True),
        (552, "5.2.3 longer than this mailbox takes", True),
        (554, "5.7.1 refused", True),
    ],
)
def test_a_full_mailbox_may_be_emptied_and_what_is_too_big_stays_so(code: int, words: str, for_good: bool) -> None:
    assert is_for_good(code, words) is for_good


# --- letters beyond ASCII -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_pipelined", [False, True])
def test_letters_before_the_at_go_among_others_where_the_server_takes_them(app: Flask, is_pipelined: bool) -> None:
    people = ["p1@kommune.example", "åse@blåbær.example", "p2@kommune.example"]
    with sink_of(app, smtputf8=True, is_pipelined=is_pipelined) as sink:
        put(*people)
        deliver(compose, worker_id=ME)
    assert sink.recipients == ["p1@kommune.example", "åse@xn--blbr-roah.example", "p2@kommune.example"]


def test_letters_before_the_at_fail_clearly_and_stop_nobody_where_it_does_not(sink: Sink) -> None:
    put("p1@kommune.example", "åse@kommune.example", "p2@kommune.example")
    deliver(compose, worker_id=ME)
    assert [row[1:] for row in states()] == [
        ("sent", 1, "250 2.0.0 kept as 1"),
        ("failed", 1, "553 the mail server takes no addresses with such letters before the @ (SMTPUTF8)"),
        ("sent", 1, "250 2.0.0 kept as 2"),
    ]
    assert sink.sessions == 1


# --- the envelope -------------------------------------------------------------------------------------------------------


def test_each_mail_has_a_sender_of_its_own_for_what_comes_back(app: Flask, sink: Sink) -> None:
    put(*addresses(2))
    app.config["MAIL_BOUNCE_ADDRESS"] = "bounce@eventsys.example"
    deliver(compose, worker_id=ME)
    app.config["MAIL_BOUNCE_ADDRESS"] = ""
    assert sink.senders == [f"bounce+{message.public_id.hex}@eventsys.example" for message in all_messages()]
    assert {message["From"] for message in sink.messages} == {"arrangement@eventsys.example"}


def test_without_an_address_for_bounces_the_sender_stands_on_the_envelope(sink: Sink) -> None:
    put("kari@kommune.example")
    deliver(compose, worker_id=ME)
    assert sink.senders == ["arrangement@eventsys.example"]


def test_a_line_that_begins_with_a_dot_arrives_as_it_was(app: Flask, sink: Sink) -> None:
    line = Line()
    line.hand_over(Letter("a@eventsys.example", "b@kommune.example", b"Subject: x\r\n\r\n.\r\n..a\r\n.b\r\n"))
    assert line.hear().code == 250
    line.close()
    assert sink.raw == [("b@kommune.example", b"Subject: x\r\n\r\n.\r\n..a\r\n.b\r\n")]


# --- commands in one go -------------------------------------------------------------------------------------------------


@contextmanager
def scripted_server(*answers: bytes | Callable[[], bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """A server that gives these answers, or what they come to, one for each time that it hears something; its port and
    what it heard."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = listener.accept()
        with connection:
            connection.sendall(b"220 ready\r\n")
            for answer in answers:
                heard.append(connection.recv(100_000))
                connection.sendall(answer() if callable(answer) else answer)
            heard.append(connection.recv(100_000))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        thread.join(timeout=5)
        listener.close()


def letter(name: str) -> Letter:
    return Letter("post@eventsys.example", f"{name}@kommune.example", f"Subject: {name}\r\n".encode())


def envelope(name: str) -> bytes:
    return f"MAIL FROM:<post@eventsys.example>\r\nRCPT TO:<{name}@kommune.example>\r\nDATA\r\n".encode()


GREETING = b"250-server.example\r\n250 PIPELINING\r\n"
GO_ON = b"250 ok\r\n250 ok\r\n354 go on\r\n"


def test_the_next_envelope_goes_along_with_the_end_of_a_mail(app: Flask) -> None:
    first, second = letter("first"), letter("second")
    with scripted_server(GREETING, GO_ON, b"", b"250 taken\r\n" + GO_ON, b"250 taken too\r\n", b"221 bye\r\n") as (
        port,
        heard,
    ):
        use_port(app, port)
        line = Line()
        line.hand_over(first)
        while len(heard) < 3:
            pass
        said = [str(line.hear(second))]
        line.hand_over(second)
        said.append(str(line.hear()))
        line.close()
    assert said == ["250 taken", "250 taken too"]
    assert heard[1:] == [
        envelope("first"), b"Subject: first\r\n.\r\n", envelope("second"), b"Subject: second\r\n.\r\n", b"quit\r\n", b"",
    ]  # fmt: skip


def test_a_server_that_awaits_a_mail_for_nobody_gets_an_empty_one(app: Flask) -> None:
    refused = b"250 ok\r\n550 no such user\r\n354 go on\r\n"
    with scripted_server(GREETING, refused, b"554 nobody to give it to\r\n", b"250 ok\r\n" + GO_ON, b"250 taken\r\n") as (
        port, heard,
    ):  # fmt: skip
        use_port(app, port)
        line = Line()
        line.hand_over(letter("nobody"))
        said = [str(line.hear())]
        line.hand_over(letter("second"))
        said.append(str(line.hear()))
        line.forget(None)
        line._drop()
    assert said == ["550 no such user", "250 taken"]
    assert heard[1:] == [
        envelope("nobody"), b".\r\n", b"RSET\r\n" + envelope("second"), b"Subject: second\r\n.\r\n", b"",
    ]  # fmt: skip


def test_a_mail_that_is_not_to_go_after_all_is_never_given_to_a_server_that_awaits_it(app: Flask) -> None:
    first, second = letter("first"), letter("second")
    with scripted_server(GREETING, GO_ON, b"", b"250 taken\r\n" + GO_ON) as (port, heard):
        use_port(app, port)
        line = Line()
        line.hand_over(first)
        while len(heard) < 3:
            pass
        line.hear(second)
        line.forget(second)
    assert heard[1:] == [envelope("first"), b"Subject: first\r\n.\r\n", envelope("second"), b""]


def test_the_waits_are_as_long_as_the_standard_asks(app: Flask) -> None:
    waits: list[float | None] = []

    def note_wait(line: Line, seconds: float) -> None:
        """From the server's side: how long the client is going to wait, once it has begun to."""
        socket_of = line._host.sock  # type: ignore[union-attr]
        until = time.monotonic() + 5
        while socket_of.gettimeout() != seconds and time.monotonic() < until:
            time.sleep(0.01)
        waits.append(socket_of.gettimeout())

    line = Line()
    answers = (
        GREETING,
        lambda: note_wait(line, 300) or GO_ON,
        lambda: note_wait(line, 600) or b"250 taken\r\n",
        b"221 bye\r\n",
    )
    with scripted_server(*answers) as (port, _heard):
        use_port(app, port)
        line.hand_over(letter("first"))
        said = str(line.hear())
        waits.append(line._host.sock.gettimeout())  # type: ignore[union-attr]
        line.close()
    assert (said, waits, Timeouts()) == ("250 taken", [300, 600, 300], Timeouts(connect=30, command=300, after_dot=600))
