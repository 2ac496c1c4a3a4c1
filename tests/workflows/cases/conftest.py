"""A call of a small world, and the mail server that its letters go to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.mailing.sink import sink_of
from tests.workflows.cases.given import Case, build_case


@pytest.fixture
def case(app: Flask) -> Iterator[Case]:
    with sink_of(app) as sink:
        yield build_case(app, sink)
