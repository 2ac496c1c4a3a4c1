"""The one connection to the mail server: opened when needed, kept open, left when it hangs. Knows no rows."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_mail import Connection, Mail

from eventsys.mailing.addresses import needs_smtputf8

FINE = {"RSET": (250,), "MAIL": (250,), "RCPT": (250, 251), "DATA": (354,)}
ABOUT_US = (530, 534, 535, 538)
"""Who we are has not been shown well enough (RFC 4954 §6): every other mail would hear the same."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for an answer: to connecting, to a command, and to the end of a mail (RFC 5321 §4.5.3.2).

    The last is long because a mail whose answer was not heard goes again.
    """

    connect: float = 30
    command: float = 300
    after_dot: float = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said. `about_recipient` is false when it concerns us and would meet every other mail too."""

    code: int
    words: str
    about_recipient: bool = True

    def __str__(self) -> str:
        return f"{self.code} {self.words}" if self.code else self.words


class ServerIsAway(Exception):
    """There is no talking to the server: it cannot be reached, broke off, hung or refused us. Says what happened."""

    could_connect = True


class _NothingBegan(ServerIsAway):
    """It was so before the mail was begun."""


class CannotConnect(_NothingBegan):
    """Nobody answers there, or not as a mail server that takes our mail."""

    could_connect = False


class PatientConnection(Connection):
    """Flask-Mail's connection with verified certificates and limited waits."""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        mail, timeouts = self.mail, current_app.extensions["mail_timeouts"]
        # Without a name `smtplib` asks the DNS for its own, which may take seconds at each connection.
        name = str(mail.default_sender).rpartition("@")[2]
        host: smtplib.SMTP | smtplib.SMTP_SSL
        if mail.use_ssl:
            context = ssl.create_default_context()
            host = smtplib.SMTP_SSL(mail.server, mail.port, name, timeout=timeouts.connect, context=context)
        else:
            host = smtplib.SMTP(mail.server, mail.port, name, timeout=timeouts.connect)
        try:
            assert host.sock is not None
            host.sock.settimeout(timeouts.command)
            # A mail and the envelope of the next are two writes: the second must not wait for the first to be answered.
            host.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if mail.username and mail.password:
                host.login(mail.username, mail.password)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host


class PatientMail(Mail):
    """Flask-Mail that reads its settings when it connects, and sends under test as everywhere else."""

    def init_app(self, app: Flask) -> Any:
        self.app = app
        app.extensions.setdefault("mail_timeouts", Timeouts())
        app.extensions["patient_mail"] = self
        app.extensions["mail"] = self.state = self.init_mail(app.config, testing=False)
        return self.state

    def connect(self) -> Connection:
        assert self.app is not None
        return PatientConnection(self.init_app(self.app))


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """A mail ready to go: who it is from and to as SMTP takes them, and its bytes (CRLF)."""

    sender: str
    recipient: str
    content: bytes


class Line:
    """A line to the server for one batch of mails. Opens at the first mail, and anew after it broke or its share.

    Each mail is handed over, then its answer is heard. Where the server lets commands come in one go (PIPELINING, RFC
    2920) the next mail's envelope goes along behind this mail's last line, so that each mail waits once.
    """

    def __init__(self) -> None:
        self._mail: PatientMail = current_app.extensions["patient_mail"]
        self._timeouts: Timeouts = current_app.extensions["mail_timeouts"]
        self._share: int = current_app.config["MAIL_MAX_EMAILS"]
        self._host: smtplib.SMTP | None = None
        self._sent = 0
        self._must_reset = False
        self._asked: Letter | None = None
        self._refusal: Answer | None = None

    def hand_over(self, letter: Letter) -> None:
        """Gives the server the mail, unless it refuses the envelope: `hear` says so. Raises `ServerIsAway`."""
        if self._asked is not letter:
            self.forget(self._asked)
        was_open = self._host is not None
        try:
            self._try(letter)
        except _NothingBegan:
            # A server may close a connection that was idle or has carried its share: that is no fault of this mail.
            if not was_open:
                raise
            self._try(letter)

    def hear(self, following: Letter | None = None) -> Answer:
        """What the server says to the mail handed over last; `following` is the one to be handed over next, if there is
        any. Raises `ServerIsAway`."""
        answer, self._refusal = self._refusal, None
        if answer is None:
            answer = self._hear(following)
        if answer.code == 421:
            self._drop()
        elif self._sent >= self._share:
            self.close()
        return answer

    def forget(self, letter: Letter | None) -> None:
        """The mail will not be handed over after all. Once its content is awaited, only leaving the server helps."""
        if letter is not None and self._asked is letter:
            self._drop()

    def close(self) -> None:
        """Says goodbye, unless the server waits for a mail."""
        self.forget(self._asked)
        host, self._host = self._host, None
        if host is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                host.quit()

    def _try(self, letter: Letter) -> None:
        away: type[ServerIsAway] = CannotConnect
        try:
            host = self._open()
            away = _NothingBegan
            self._refusal = self._envelope(host, letter)
            self._sent += 1
            if self._refusal is None:
                away = ServerIsAway
                _write(host, letter.content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise away(_words(error)) from error

    def _envelope(self, host: smtplib.SMTP, letter: Letter) -> Answer | None:
        """What the server has against the envelope. None: it waits for the content."""
        if needs_smtputf8(letter.recipient) and not host.has_extn("smtputf8"):
            return Answer(553, "the mail server takes no addresses with such letters before the @ (SMTPUTF8)")
        commands = self._commands(letter)
        is_pipelined = host.has_extn("pipelining")
        if is_pipelined and self._asked is not letter:
            _write(host, b"".join(commands.values()))
        self._asked, self._must_reset = None, False
        refusal: Answer | None = None
        for verb, command in commands.items():
            if not is_pipelined:
                _write(host, command)
            code, words = host.getreply()
            if verb == "DATA" and code == 354 and refusal is not None:
                # All was sent in one go and nobody was accepted: an empty mail ends it (RFC 2920 §3.1).
                _write(host, b".\r\n")
                host.getreply()
            elif refusal is None and code not in FINE[verb]:
                refusal = Answer(code, words.decode("utf-8", "replace"), verb != "MAIL" and code not in ABOUT_US)
                self._must_reset = True
                if not is_pipelined or code == 421:
                    break
        return refusal

    def _commands(self, letter: Letter) -> dict[str, bytes]:
        options = " SMTPUTF8 BODY=8BITMIME" if needs_smtputf8(letter.recipient) else ""
        return {
            **({"RSET": b"RSET\r\n"} if self._must_reset else {}),
            "MAIL": f"MAIL FROM:<{letter.sender}>{options}\r\n".encode(),
            "RCPT": f"RCPT TO:<{letter.recipient}>\r\n".encode(),
            "DATA": b"DATA\r\n",
        }

    def _hear(self, following: Letter | None) -> Answer:
        host = self._host
        assert host is not None
        assert host.sock is not None
        try:
            if following is not None and self._may_ask_ahead(host, following):
                _write(host, b"".join(self._commands(following).values()))
                self._asked = following
            host.sock.settimeout(self._timeouts.after_dot)
            code, words = host.getreply()
            host.sock.settimeout(self._timeouts.command)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise ServerIsAway(_words(error)) from error
        return Answer(code, words.decode("utf-8", "replace"), code not in ABOUT_US)

    def _may_ask_ahead(self, host: smtplib.SMTP, following: Letter) -> bool:
        return (
            host.has_extn("pipelining")
            and self._sent < self._share
            and (not needs_smtputf8(following.recipient) or host.has_extn("smtputf8"))
        )

    def _open(self) -> smtplib.SMTP:
        if self._host is None:
            self._host, self._sent = self._mail.connect().configure_host(), 0
        return self._host

    def _drop(self) -> None:
        """Without goodbye: who does not answer is not waited for again."""
        self._asked, self._must_reset = None, False
        host, self._host = self._host, None
        if host is not None:
            host.close()


def _write(host: smtplib.SMTP, data: bytes) -> None:
    if host.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection is closed")
    host.sock.sendall(data)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
