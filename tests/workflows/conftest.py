"""The sink for tests of mail, and a place whose seats change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.mailing.sink import Sink, sink_of
from tests.workflows import rows
from tests.workflows.rows import MORNING
from tests.workflows.seats import Place


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """A mail server that `app` sends to."""
    with sink_of(app) as sink:
        yield sink


@pytest.fixture
def place(app: Flask, sink: Sink) -> Place:
    rows.set_clock(MORNING)
    return Place()
