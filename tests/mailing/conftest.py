"""The sink for tests of mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.mailing.sink import Sink, sink_of


@pytest.fixture(params=[False, True], ids=["one by one", "pipelined"])
def sink(request: pytest.FixtureRequest, app: Flask) -> Iterator[Sink]:
    """A mail server that `app` sends to; one wants each command alone, the other takes them in one go."""
    with sink_of(app, is_pipelined=request.param) as sink:
        yield sink
