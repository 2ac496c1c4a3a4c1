"""The server that misbehaves, and the morning at which it does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.faults.server import FaultyServer, faulty_server
from tests.mailing.messages import NOW, set_clock


@pytest.fixture
def server(app: Flask) -> Iterator[FaultyServer]:
    """A mail server that `app` sends to, on Monday 18 August 2008 at eight."""
    set_clock(NOW)
    with faulty_server(app) as server:
        yield server
