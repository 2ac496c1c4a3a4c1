"""A mail server that takes everything and keeps nothing but counts. Ends when its input does, and says what it got."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import sys
import time

MESSAGE_ID = re.compile(rb"(?im)^message-id: *([^\r]+)\r$")
OFFERS = b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 20000000\r\n"


class Counts:
    """What came in: the mails, their ids, when the first and the last came, and the bytes of the last."""

    def __init__(self) -> None:
        self.mails = 0
        self.ids: set[bytes] = set()
        self.first_at = self.last_at = 0.0
        self.sample = b""

    def note(self, message: bytes) -> None:
        self.last_at = time.monotonic()
        self.first_at = self.first_at or self.last_at
        self.mails += 1
        found = MESSAGE_ID.search(message)
        self.ids.add(found[1] if found else b"")
        self.sample = message

    def tell(self) -> str:
        return json.dumps(
            {
                "mails": self.mails,
                "distinct": len(self.ids),
                "seconds": self.last_at - self.first_at,
                "sample": base64.b64encode(self.sample).decode(),
            }
        )


class Session(asyncio.Protocol):
    """One client's connection: answers each command at once."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.got = bytearray()
        self.in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        transport.write(b"220 sink.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.got += data
        while self._take():
            pass

    def _take(self) -> bool:
        """Whether something whole was there to be dealt with."""
        mark = b"\r\n.\r\n" if self.in_data else b"\r\n"
        end = self.got.find(mark)
        if end < 0:
            return False
        whole = bytes(self.got[:end])
        del self.got[: end + len(mark)]
        if self.in_data:
            self.in_data = False
            self.counts.note(whole)
            self.transport.write(b"250 taken\r\n")
        else:
            self._answer(whole[:4].upper())
        return True

    def _answer(self, verb: bytes) -> None:
        if verb == b"EHLO":
            self.transport.write(OFFERS)
        elif verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 ok\r\n")


async def serve() -> None:
    """Says its port in the first line and its counts in the second."""
    counts, loop = Counts(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(counts), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(counts.tell(), flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
