"""The demo, built once for all tests that look at it: each gets a copy of the file of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask

from eventsys import create_app
from eventsys.demo.commands import make_demo
from eventsys.extensions import db
from tests.conftest import settings


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the demo in it, as it opens."""
    return build(tmp_path_factory.mktemp("demo") / "demo.db", full=False)


@pytest.fixture(scope="session")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the full demo in it, as it opens."""
    return build(tmp_path_factory.mktemp("full") / "full.db", full=True)


def build(file: Path, *, full: bool) -> Path:
    with create_app(settings(f"sqlite:///{file}")).app_context():
        flask_migrate.upgrade()
        make_demo("http://localhost", full=full)
        db.session.remove()
        db.engine.dispose()
    return file


@pytest.fixture
def demo_app(demo_file: Path, tmp_path: Path) -> Iterator[Flask]:
    """The app of a demo that runs, inside an application context."""
    yield from opened(demo_file, tmp_path / "demo.db")


@pytest.fixture
def full_app(full_file: Path, tmp_path: Path) -> Iterator[Flask]:
    """The app of a full demo that runs, inside an application context."""
    yield from opened(full_file, tmp_path / "full.db")


def opened(file: Path, copy: Path) -> Iterator[Flask]:
    shutil.copy(file, copy)
    app = create_app({**settings(f"sqlite:///{copy}"), "DEVELOPMENT": True})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
