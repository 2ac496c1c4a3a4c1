"""The sink for tests of mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.mailing.sink import Sink, sink_of


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """A mail server that `app` sends to."""
    with sink_of(app) as sink:
        yield sink
