"""That no page is left unmeasured: each address that answers a GET is timed in a large programme, or named as small."""

from __future__ import annotations

from flask import Flask

from bench.programme_pages import list_forgotten


def test_every_page_is_measured_in_a_large_programme_or_said_to_be_small(sqlite_app: Flask) -> None:
    assert list_forgotten(sqlite_app) == []
