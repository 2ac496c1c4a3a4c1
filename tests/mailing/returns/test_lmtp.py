"""The listener over real LMTP: an answer for each recipient, nothing refused for good; what it cannot take comes again."""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from flask import Flask

from eventsys.extensions import transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.returns import jobs
from eventsys.mailing.returns.lmtp import LARGEST, PatientLMTP, Receiver
from eventsys.mailing.rules import MailState
from tests.mailing.returns.mails import add_mail, all_returned, kinds, mail_states
from tests.mailing.returns.samples import BOUNCE, VERP, message, report
from tests.mailing.sink import free_port


class Lmtp(Controller):
    """aiosmtpd's thread around our listener, greeted by an LMTP client of its own."""

    def factory(self) -> PatientLMTP:
        return PatientLMTP(self.handler, enable_SMTPUTF8=True, data_size_limit=LARGEST, hostname="localhost")

    def _trigger_server(self) -> None:
        smtplib.LMTP(self.hostname, self.port).quit()


@contextmanager
def listening(take: Callable[[bytes, str], bool]) -> Iterator[smtplib.LMTP]:
    controller = Lmtp(Receiver(take), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with smtplib.LMTP(controller.hostname, controller.port) as connection:
            yield connection
    finally:
        controller.stop()


def answers(connection: smtplib.LMTP, recipients: list[str], content: bytes) -> list[int]:
    """What the listener answers for each recipient."""
    connection.ehlo()
    connection.mail("")
    for address in recipients:
        assert connection.rcpt(address)[0] == 250
    connection.docmd("data")
    connection.send(content + b".\r\n")
    return [connection.getreply()[0] for _address in recipients]


def test_each_recipient_has_an_answer_of_its_own() -> None:
    taken: list[tuple[bytes, str]] = []

    def take(content: bytes, address: str) -> bool:
        taken.append((content, address))
        if address.startswith("fault"):
            raise RuntimeError(address)
        return not address.startswith("later")

    recipients = [VERP, "later@program.example", "fault@program.example", "anybody@program.example"]
    with listening(take) as connection:
        assert answers(connection, recipients, b"Subject: a\r\n\r\nHei\r\n") == [250, 451, 451, 250]
        assert answers(connection, [VERP], b"Subject: b\r\n\r\nHei\r\n") == [250]
    first = [(b"Subject: a\r\n\r\nHei\r\n", address) for address in recipients]
    assert taken == [*first, (b"Subject: b\r\n\r\nHei\r\n", VERP)]


@pytest.mark.parametrize("content", [b"X: " + b"a" * 100_000 + b"\r\n\r\n\xff\xfe\r\n", b"\r\n" * 200_000, b"\0\r\n"])
def test_whatever_a_server_sends_is_taken(content: bytes) -> None:
    with listening(lambda _content, _address: True) as connection:
        assert answers(connection, [VERP], content) == [250]


def test_a_bounce_that_overtakes_its_mail_is_asked_for_again(app: Flask) -> None:
    add_mail(state=MailState.SENDING, sent_at=None, answer=None, worker_id=uuid.uuid4())

    def take(content: bytes, address: str) -> bool:
        with app.app_context():
            app.config["MAIL_BOUNCE_ADDRESS"] = BOUNCE
            try:
                return jobs.take(content, address)
            finally:
                app.config["MAIL_BOUNCE_ADDRESS"] = ""

    with listening(take) as connection:
        assert answers(connection, [VERP], report()) == [451]
        assert (all_returned(), mail_states()) == ([], [("sending", None)])
        with transaction() as session:
            session.execute(sa.update(OutboxMessage).values(state=MailState.SENT))
        assert answers(connection, [VERP], report()) == [250]
        assert answers(connection, [VERP], message("Subject: Hei", "", "Hei")) == [250]
    assert [kind for kind, _mail, _status in kinds()] == ["hard_bounce", "unknown"]
