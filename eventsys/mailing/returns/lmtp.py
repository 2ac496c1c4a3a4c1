"""A listener that takes what comes back straight from the mail server, over LMTP (RFC 2033). Knows no rows."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

LARGEST = 32 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
TAKEN = "250 2.0.0 taken"
LATER = "451 4.3.0 cannot be taken now, try again"

Take = Callable[[bytes, str], bool]
log = structlog.get_logger()


class PatientLMTP(LMTP):
    """Bounces quote other servers, whose lines may be longer than any standard allows."""

    line_length_limit = LONGEST_LINE


class Receiver:
    """Hands each mail to `take` once for each recipient, and answers for each: taken, or to be tried again.

    Nothing is refused for good: that would make the mail server send a bounce about a bounce.
    """

    def __init__(self, take: Take) -> None:
        self.take = take

    async def handle_DATA(self, _server: LMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        answers = [await asyncio.to_thread(self._answer, content, address) for address in envelope.rcpt_tos]
        return "\r\n".join(answers)

    def _answer(self, content: bytes, address: str) -> str:
        try:
            return TAKEN if self.take(content, address) else LATER
        except Exception as error:
            log.error("a returned mail could not be taken", exc_info=error)
            return LATER


async def serve(take: Take, host: str, port: int, ready: Callable[[], None] = lambda: None) -> None:
    """Takes mail until the process is told to end (SIGTERM, SIGINT)."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    receiver = Receiver(take)

    def protocol() -> PatientLMTP:
        return PatientLMTP(receiver, enable_SMTPUTF8=True, data_size_limit=LARGEST, hostname="localhost", loop=loop)

    server = await loop.create_server(protocol, host, port)
    ready()
    await ended.wait()
    server.close()
