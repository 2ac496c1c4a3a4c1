"""The demo's mail server: takes every mail and keeps it, raw, as a file that the pages under /dev/ read.

For one machine and for trying: nothing is relayed. Run as `python -m eventsys.demo.catcher FOLDER PORT`.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from eventsys import clock

HOST = "127.0.0.1"
LARGEST = 25 * 1024 * 1024


class Keeper:
    """Writes each mail to a file whose name sorts by arrival; whoever reads the folder never sees half a mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count()
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        name = f"{clock.real_now():%Y%m%d%H%M%S%f}-{next(self.numbers):06d}"
        content = envelope.original_content or b""
        part = self.folder / f"{name}.part"
        part.write_bytes(content)
        os.replace(part, self.folder / f"{name}.eml")
        return "250 OK kept"


async def serve(folder: Path, port: int) -> None:
    """Takes mail until the process is told to end."""
    keeper = Keeper(folder)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)

    def protocol() -> SMTP:
        return SMTP(keeper, enable_SMTPUTF8=True, data_size_limit=LARGEST, hostname="localhost", loop=loop)

    server = await loop.create_server(protocol, HOST, port)
    await ended.wait()
    server.close()


def main() -> None:
    """Serves the folder and port of the command line."""
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))


if __name__ == "__main__":
    main()
