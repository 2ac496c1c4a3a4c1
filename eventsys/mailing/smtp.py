"""The one connection to the mail server: opened when needed, kept open, left when it hangs. Knows no rows."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_mail import Connection, Mail

from eventsys.mailing.addresses import needs_smtputf8, wire_address

LEADING_DOT = re.compile(rb"(?m)^\.")


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


class _Patience:
    """What makes `smtplib` wait for the answer to a whole mail as long as it should."""

    timeouts: Timeouts
    sock: Any

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, words = self.docmd("data")  # type: ignore[attr-defined]
        if code != 354:
            return code, words
        self.send(LEADING_DOT.sub(b"..", msg) + b".\r\n")  # type: ignore[attr-defined]
        self.sock.settimeout(self.timeouts.after_dot)
        try:
            return self.getreply()  # type: ignore[attr-defined,no-any-return]
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeouts.command)


class _PlainSMTP(_Patience, smtplib.SMTP):
    pass


class _TlsSMTP(_Patience, smtplib.SMTP_SSL):
    pass


class PatientConnection(Connection):
    """Flask-Mail's connection with verified certificates and limited waits."""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        mail, timeouts = self.mail, current_app.extensions["mail_timeouts"]
        # Without a name `smtplib` asks the DNS for its own, which may take seconds at each connection.
        name = str(mail.default_sender).rpartition("@")[2]
        host: _PlainSMTP | _TlsSMTP
        if mail.use_ssl:
            context = ssl.create_default_context()
            host = _TlsSMTP(mail.server, mail.port, name, timeout=timeouts.connect, context=context)
        else:
            host = _PlainSMTP(mail.server, mail.port, name, timeout=timeouts.connect)
        host.timeouts = timeouts
        try:
            host.sock.settimeout(timeouts.command)
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


class Line:
    """A line to the server for one batch of mails. Opens at the first mail, and anew after it broke or its share."""

    def __init__(self) -> None:
        self._mail: PatientMail = current_app.extensions["patient_mail"]
        self._host: smtplib.SMTP | None = None
        self._sent = 0

    def send(self, sender: str, recipient: str, message: bytes) -> Answer:
        """Hands over one mail (CRLF) for one address and says what the server answered. Raises `ServerIsAway`."""
        was_open = self._host is not None
        try:
            return self._try(wire_address(sender), wire_address(recipient), message)
        except _NothingBegan:
            # A server may close a connection that was idle or has carried its share: that is no fault of this mail.
            if not was_open:
                raise
        return self._try(wire_address(sender), wire_address(recipient), message)

    def close(self) -> None:
        """Says goodbye."""
        host, self._host = self._host, None
        if host is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                host.quit()

    def _try(self, sender: str, recipient: str, message: bytes) -> Answer:
        away: type[ServerIsAway] = CannotConnect
        try:
            host = self._open()
            away = _NothingBegan
            options = ["SMTPUTF8", "BODY=8BITMIME"] if needs_smtputf8(recipient) else []
            if options and not host.has_extn("smtputf8"):
                return Answer(553, "the mail server takes no addresses with such letters before the @ (SMTPUTF8)")
            code, words = host.mail(sender, options)
            away, about_recipient = ServerIsAway, code == 250
            if code == 250:
                code, words = host.rcpt(recipient)
                code, words = host.data(message) if code in (250, 251) else (code, words)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise away(_words(error)) from error
        self._make_ready(code)
        return Answer(code, words.decode("utf-8", "replace"), about_recipient)

    def _open(self) -> smtplib.SMTP:
        if self._host is None:
            self._host, self._sent = self._mail.connect().configure_host(), 0
        return self._host

    def _make_ready(self, code: int) -> None:
        """For the next mail: RSET after a refusal, a new connection after 421 or when this one has had its share."""
        self._sent += 1
        if code == 421:
            self._drop()
        elif self._sent >= (current_app.config["MAIL_MAX_EMAILS"]):
            self.close()
        elif code != 250 and self._host is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._host.rset()

    def _drop(self) -> None:
        """Without goodbye: who does not answer is not waited for again."""
        host, self._host = self._host, None
        if host is not None:
            host.close()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
