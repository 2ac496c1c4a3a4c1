"""Debian's own Postfix and Dovecot on free loopback ports, with all that they keep in a folder that goes with them."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAMS = ("postfix", "dovecot", "openssl")
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/postfix/sbin"
USERS = ("postfix", "dovecot", "dovenull", "nobody")
STARTS_WITHIN = 30
OWNER = "nobody"
"""Who owns the mailbox; neither server delivers to root."""

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.kommune.example
mydestination = kommune.example
local_recipient_maps =
alias_maps =
alias_database =
disable_dns_lookups = yes
smtputf8_enable = yes
virtual_mailbox_domains = {mailbox_domains}
virtual_mailbox_maps = static:maildir/
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
transport_maps = inline:{{ {transports} }}
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
error     unix  - - n - - error
retry     unix  - - n - - error
local     unix  - n n - - local
virtual   unix  - n n - - virtual
lmtp      unix  - - n - - lmtp
anvil     unix  - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""
DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = yes
ssl_cert = <{folder}/server.crt
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/maildir
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""


@dataclass(frozen=True)
class Mailserver:
    """Where the servers answer; `maildir` is the mailbox that mail to program.example goes to, if no listener takes it."""

    folder: Path
    smtp_port: int
    imap_port: int
    imap_tls_port: int
    user: str = "returns"
    password: str = "a password of the tests alone"

    @property
    def certificate(self) -> Path:
        return self.folder / "server.crt"

    def log(self) -> str:
        return "\n".join(path.read_text()[-3000:] for path in self.folder.glob("*.log"))


def list_missing() -> list[str]:
    """What of the surroundings is not there to run them."""
    missing = [f"the program {name}" for name in PROGRAMS if not shutil.which(name, path=SEARCHED)]
    known = {user.pw_name for user in pwd.getpwall()}
    missing += [f"the system user {name}" for name in USERS if name not in known]
    return missing + ([] if os.geteuid() == 0 else ["the rights of root, with which Postfix and Dovecot start"])


@contextmanager
def mail_servers(*, lmtp_port: int | None = None) -> Iterator[Mailserver]:
    """Postfix, and Dovecot beside it where no `lmtp_port` is given to deliver mail for program.example to.

    Everybody at kommune.example is unknown, which Postfix finds out after it has taken the mail.
    """
    missing = list_missing()
    if missing:
        pytest.fail(f"Tests with real mail servers need {', '.join(missing)}: run them as root after .ci/postfix.sh.")
    folder = Path(tempfile.mkdtemp(prefix="eventsys-mail-"))
    smtp_port, imap_port, tls_port = free_ports(3)
    try:
        server = Mailserver(folder, smtp_port, imap_port, tls_port)
        _prepare(server, lmtp_port)
        with _running_postfix(server):
            if lmtp_port is not None:
                yield server
            else:
                with _running_dovecot(server):
                    yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def deliver(server: Mailserver, address: str, content: bytes) -> None:
    """Hands Postfix a mail from nobody, as bounces and automatic replies are."""
    with smtplib.SMTP("127.0.0.1", server.smtp_port, "tests.example", timeout=10) as connection:
        connection.sendmail("", [address], content)


def free_ports(how_many: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _number in range(how_many)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _prepare(server: Mailserver, lmtp_port: int | None) -> None:
    """Folders, with the owners that the servers ask for, and configuration."""
    folder, owner = server.folder, pwd.getpwnam(OWNER)
    for name in ("conf", "queue", "data", "mail"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, 0)
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    values = {"folder": folder, "uid": owner.pw_uid, "gid": owner.pw_gid}
    listener = f"lmtp:inet:[127.0.0.1]:{lmtp_port}"
    transports = f"{{ program.example = {listener} }}" if lmtp_port else "{ program.example = virtual: }"
    domains = "" if lmtp_port else "program.example"
    (folder / "conf/main.cf").write_text(MAIN.format(transports=transports, mailbox_domains=domains, **values))
    (folder / "conf/master.cf").write_text(MASTER.format(port=server.smtp_port))
    (folder / "users").write_text(f"{server.user}:{{PLAIN}}{server.password}\n")
    ports = {"port": server.imap_port, "tls_port": server.imap_tls_port}
    (folder / "dovecot.conf").write_text(DOVECOT.format(**ports, **values))


@contextmanager
def _running_postfix(server: Mailserver) -> Iterator[None]:
    conf = str(server.folder / "conf")
    subprocess.run([_program("postfix"), "-c", conf, "check"], check=True, capture_output=True, timeout=STARTS_WITHIN)
    with _running([_program("master"), "-c", conf, "-d"], server, lambda: answers(server.smtp_port)):
        yield


@contextmanager
def _running_dovecot(server: Mailserver) -> Iterator[None]:
    _make_certificate(server.folder)
    command = [_program("dovecot"), "-F", "-c", str(server.folder / "dovecot.conf")]
    with _running(command, server, lambda: answers(server.imap_port)):
        yield


def _make_certificate(folder: Path) -> None:
    """A certificate of 127.0.0.1 that nobody has signed but itself."""
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    files = ["-keyout", folder / "server.key", "-out", folder / "server.crt"]
    command = [_program("openssl"), *words.split(), "-addext", "subjectAltName=IP:127.0.0.1", *files]
    subprocess.run(command, check=True, capture_output=True, timeout=STARTS_WITHIN)


@contextmanager
def _running(command: list[str], server: Mailserver, is_ready: Callable[[], bool]) -> Iterator[None]:
    """A server in a process group of its own while the body runs; it ends its own children."""
    output = server.folder / f"{Path(command[0]).name}-output.log"
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL, process_group=0)
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not is_ready():
            assert process.poll() is None, f"{command[0]} ended at the start:\n{server.log()}"
            assert time.monotonic() < until, f"{command[0]} does not answer:\n{server.log()}"
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(port: int) -> bool:
    """Whether somebody greets at the port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            return connection.recv(1) != b""
    except OSError:
        return False


def _program(name: str) -> str:
    found = shutil.which(name, path=SEARCHED)
    assert found is not None
    return found
