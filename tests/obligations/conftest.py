"""The small world, with the clock on its morning, and who takes its mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests import world as worlds
from tests.mailing.sink import Sink, sink_of
from tests.world import World


@pytest.fixture
def world(app: Flask) -> World:
    return worlds.build()


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with sink_of(app) as running:
        yield running
