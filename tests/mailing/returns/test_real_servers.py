"""The whole way with Debian's Postfix and Dovecot: a mail to somebody unknown goes out, its bounce comes back and counts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from eventsys import clock, jobs
from eventsys.extensions import transaction
from eventsys.mailing import outbox
from eventsys.mailing.markdown import Rendered
from eventsys.mailing.returns.imap import Mailbox, MailboxFault, read_unseen
from eventsys.mailing.returns.jobs import read_mailbox, take
from eventsys.organisers import actions as organisers
from tests.mailing.returns import servers
from tests.mailing.returns.mails import all_returned, blocked, kinds, mail_states
from tests.mailing.returns.samples import BOUNCE
from tests.mailing.returns.servers import Mailserver
from tests.mailing.sink import silent_server, use_port

EVENTSYS = Path(sys.executable).parent / "eventsys"
NOBODY = "nobody-here@kommune.example"
BOUNCED = [("failed", 'unknown user: "nobody-here"')]
BLOCKED = [(NOBODY, "", "returned: 5.1.1")]


@pytest.fixture(scope="module")
def running() -> Iterator[Mailserver]:
    with servers.mail_servers() as server:
        yield server


@pytest.fixture
def mailserver(running: Mailserver) -> Mailserver:
    """Postfix that keeps what comes back in a mailbox, and Dovecot that shows it; the mailbox is empty."""
    for path in running.folder.glob("mail/maildir/[cn][ue][rw]/*"):
        path.unlink()
    return running


@contextmanager
def sending_to(app: Flask, server: Mailserver, **settings: Any) -> Iterator[None]:
    """The app with its mail going to that server, and coming back from it."""
    settings |= {"MAIL_BOUNCE_ADDRESS": BOUNCE, "MAIL_PORT": server.smtp_port}
    before = {name: app.config.get(name) for name in settings}
    app.config.update(settings)
    use_port(app, server.smtp_port)
    try:
        yield
    finally:
        app.config.update(before)
        use_port(app, before["MAIL_PORT"])


def mailbox(server: Mailserver) -> dict[str, Any]:
    return {
        "MAIL_RETURNS_IMAP_HOST": "127.0.0.1",
        "MAIL_RETURNS_IMAP_PORT": server.imap_port,
        "MAIL_RETURNS_IMAP_USER": server.user,
        "MAIL_RETURNS_IMAP_PASSWORD": server.password,
        "MAIL_RETURNS_IMAP_USE_SSL": False,
    }


def write_to_nobody(app: Flask) -> None:
    """One mail to an address that the server takes and then finds nobody for."""
    with transaction() as session:
        organiser = organisers.add(session, slug="sekretariatet", name="Sekretariatet", email="post@program.example")
        now = clock.now() - timedelta(seconds=1)
        outbox.enqueue(
            session, organiser_id=organiser.id, reason_key="to nobody", template="confirmed", email=NOBODY,
            name="Ingen", language="nb", due_at=now, now=now, content=Rendered("Velkommen", "Hei\n", "<p>Hei</p>\n"),
        )  # fmt: skip
    jobs.tick_until_idle(app)


def wait_until(holds: Callable[[], bool], server: Mailserver, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it took too long; the servers said:\n{server.log()}"
        time.sleep(0.05)


def find_bounce() -> tuple[list[tuple[str, str | None]], list[tuple[str, str, str]]]:
    return mail_states(), blocked()


@contextmanager
def listener(app: Flask, port: int) -> Iterator[None]:
    """`eventsys lmtp` on the app's database."""
    environ = {
        **os.environ,
        "DATABASE_URL": str(app.config["DATABASE_URL"]),
        "SECRET_KEY": str(app.config["SECRET_KEY"]),
        "MAIL_BOUNCE_ADDRESS": BOUNCE,
        "MAIL_RETURNS_LMTP_PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen([EVENTSYS, "lmtp"], env=environ, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"What comes back is taken at 127.0.0.1:")
        yield
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_a_bounce_comes_back_over_lmtp_and_blocks_the_address(app: Flask) -> None:
    (port,) = servers.free_ports(1)
    with servers.mail_servers(lmtp_port=port) as server, listener(app, port), sending_to(app, server):
        write_to_nobody(app)
        wait_until(lambda: all_returned() != [], server)
    assert find_bounce() == (BOUNCED, BLOCKED)
    assert [(kind, status) for kind, _mail, status in kinds()] == [("hard_bounce", "5.1.1")]


def test_a_bounce_comes_back_into_a_mailbox_and_blocks_the_address_once(app: Flask, mailserver: Mailserver) -> None:
    with sending_to(app, mailserver, **mailbox(mailserver)):
        write_to_nobody(app)
        wait_until(lambda: not jobs.Work(app).read_returned() and all_returned() != [], mailserver)
        assert read_mailbox(app) == 0
    assert find_bounce() == (BOUNCED, BLOCKED)
    assert [(kind, status) for kind, _mail, status in kinds()] == [("hard_bounce", "5.1.1")]


def test_a_reader_that_dies_before_it_has_marked_a_mail_reads_it_again_and_acts_once(
    app: Flask, mailserver: Mailserver
) -> None:
    with sending_to(app, mailserver, **mailbox(mailserver)):
        write_to_nobody(app)
        box = Mailbox("127.0.0.1", mailserver.imap_port, mailserver.user, mailserver.password, use_ssl=False)
        seen: list[bytes] = []

        def take_and_die(raw: bytes) -> bool:
            seen.append(raw)
            assert take(raw)
            raise KeyboardInterrupt

        def try_to_read() -> bool:
            try:
                return read_unseen(box, take_and_die) == 1
            except KeyboardInterrupt:
                return True

        wait_until(try_to_read, mailserver)
        assert (find_bounce(), len(seen)) == ((BOUNCED, BLOCKED), 1)
        assert read_mailbox(app) == 1
        assert read_mailbox(app) == 0
    assert len(all_returned()) == 1


def test_a_mail_that_cannot_be_taken_stays_unread_and_stops_no_other(app: Flask, mailserver: Mailserver) -> None:
    box = Mailbox("127.0.0.1", mailserver.imap_port, mailserver.user, mailserver.password, use_ssl=False)
    for number in range(3):
        servers.deliver(mailserver, BOUNCE, f"Subject: number {number}\r\n\r\nHei\r\n".encode())
    found: list[bytes] = []
    wait_until(
        lambda: read_unseen(box, lambda raw: not found.append(raw) and False) == 0 and len(found) >= 3, mailserver
    )
    assert read_unseen(box, lambda raw: b"number 1" not in raw) == 2
    assert read_unseen(box, lambda raw: False, goes_on=lambda: False) == 0
    assert read_unseen(box, lambda raw: b"number 1" in raw) == 1


def test_a_mailbox_over_tls_is_read_only_when_its_certificate_is_trusted(
    mailserver: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Mailbox("127.0.0.1", mailserver.imap_tls_port, mailserver.user, mailserver.password, use_ssl=True)
    with pytest.raises(OSError, match="certificate verify failed"):
        read_unseen(box, lambda raw: False)
    monkeypatch.setenv("SSL_CERT_FILE", str(mailserver.certificate))
    assert read_unseen(box, lambda raw: False) == 0


def test_a_wrong_password_and_a_folder_that_is_not_there_are_said(mailserver: Mailserver) -> None:
    where = ("127.0.0.1", mailserver.imap_port, mailserver.user)
    with pytest.raises(MailboxFault, match="Authentication failed"):
        read_unseen(Mailbox(*where, "wrong", use_ssl=False), lambda raw: True)
    with pytest.raises(MailboxFault, match='Mailbox doesn\'t exist: no "such" folder'):
        read_unseen(Mailbox(*where, mailserver.password, use_ssl=False, folder='no "such" folder'), lambda raw: True)


def test_a_mailbox_that_hangs_is_left_after_a_time_limit() -> None:
    with silent_server() as (port, _connections):
        began = time.monotonic()
        with pytest.raises(OSError, match="timed out"):
            read_unseen(Mailbox("127.0.0.1", port, "a", "b", use_ssl=False, timeout=0.2), lambda raw: True)
        assert time.monotonic() - began < 5


def test_without_a_mailbox_in_the_settings_none_is_read(app: Flask) -> None:
    assert read_mailbox(app) == 0
