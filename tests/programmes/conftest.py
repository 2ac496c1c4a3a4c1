"""The small world, with the clock on its morning."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import world as worlds
from tests.world import World


@pytest.fixture
def world(app: Flask) -> World:
    return worlds.build()
