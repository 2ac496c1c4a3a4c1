"""Who may use what: the order of packages and the table of modules in ARCHITECTURE.md, kept; and each rule can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guards.layers import ORDER, find_breaches, survey
from tests.guards.source import ROOT, read_module, read_modules

PLANTED = {
    "eventsys/events/planted.py": [
        ("from eventsys.registrations.models import Registration", "events imports registrations"),
        ("import eventsys.registrations.rules", "events imports registrations"),
        ("from ..registrations import rules", "events imports registrations"),
        ("from .. import registrations", "events imports registrations"),
        ("def late():\n    from eventsys import workflows", "events imports workflows"),
        ("import importlib\nimportlib.import_module('eventsys.workflows.actions')", "events imports workflows"),
        ("import importlib\nimportlib.import_module('..workflows', 'eventsys.events')", "events imports workflows"),
        ("__import__('eventsys.site')", "events imports site"),
        ("import importlib\nimportlib.import_module(name)", "imports a module that only the running program knows"),
        ("from eventsys import create_app", "events imports eventsys"),
        ("import sqlalchemy as sa\nsa.ForeignKey('registrations.id')",
         "events names registrations of registrations in a string"),
        ("ForeignKeyConstraint(['a', 'b'], ['outbox.id', 'rules.organiser_id'])",
         "events names rules of workflows in a string"),
        ("class A:\n    x = relationship('Registration')", "events names Registration of registrations in a string"),
        ("class A:\n    x = relationship(primaryjoin='Run.id == foreign(Registration.run_id)')",
         "events names Registration of registrations in a string"),
        ("class A:\n    x: Mapped[list[Registration]]",
         "events names Registration of registrations in an annotation"),
        ("class A:\n    x: 'Mapped[Registration]'", "events names Registration of registrations in an annotation"),
        ("sa.text('SELECT count(*) FROM registrations')", "events names registrations of registrations in a string"),
        ("from apscheduler.triggers import interval", "apscheduler is imported by jobs alone"),
        ("from config import Config", "config is imported by wsgi alone"),
        ("session.commit()", "commits by itself: session.commit"),
        ("db.session().commit()", "commits by itself: db.session.commit"),
        ("from datetime import datetime\nx = datetime.now(UTC)", "reads the machine's clock: datetime.now"),
        ("import datetime\nx = datetime.date.today()", "reads the machine's clock: datetime.date.today"),
        ("import datetime\nx = datetime.datetime.utcnow", "reads the machine's clock: datetime.datetime.utcnow"),
        ("import time\nx = time.time()", "reads the machine's clock: time.time"),
        ("from time import time", "reads the machine's clock: time.time"),
        ("x = sa.func.now()", "reads the database's clock: sa.func.now"),
        ("sa.text('SELECT CURRENT_TIMESTAMP')", "reads the database's clock in SQL"),
        ("from eventsys.extensions import transaction", "opens a transaction: views, commands and jobs do"),
    ],
    "eventsys/events/rules.py": [
        ("import sqlalchemy", "a pure module uses sqlalchemy"),
        ("from flask_babel import gettext", "a pure module uses flask_babel.gettext"),
        ("from eventsys import clock", "a pure module uses eventsys.clock"),
        ("from eventsys.extensions import db", "a pure module uses eventsys.extensions.db"),
        ("from eventsys.events.models import Run", "a pure module uses eventsys.events.models.Run"),
        ("import requests", "a pure module uses requests"),
    ],
    "eventsys/dates.py": [("from flask_babel import format_date", "a pure module uses flask_babel.format_date")],
    "eventsys/events/actions.py": [
        ("from flask import g", "an action uses flask.g"),
        ("def f():\n    from flask_babel import gettext", "an action uses flask_babel.gettext"),
        ("from eventsys import clock", "an action uses eventsys.clock"),
        ("from eventsys.clock import now", "an action uses eventsys.clock.now"),
        ("session.commit()", "commits by itself: session.commit"),
    ],
    "eventsys/events/more/actions.py": [("import flask", "an action uses flask")],
    "eventsys/events/queries.py": [
        ("session.add(row)", "a query writes: session.add"),
        ("def read_unions(session):\n    session.add(row)", "a query writes: session.add"),
        ("db.session.delete(row)", "a query writes: db.session.delete"),
        ("session.execute(sa.update(Event).values(a=1))", "a query writes: sa.update"),
    ],
    "eventsys/events/ics.py": [
        ("from flask import url_for", "ics uses flask.url_for"),
        ("from sqlalchemy.orm import Session", "ics uses sqlalchemy.orm.Session"),
        ("from eventsys.events.models import Run", "ics uses eventsys.events.models.Run"),
    ],
    "eventsys/events/forms.py": [("import sqlalchemy as sa", "a form uses sqlalchemy")],
    "eventsys/events/models.py": [("from flask import g", "a model uses flask.g")],
    "eventsys/events/views/lists.py": [
        ("import sqlalchemy as sa\nsa.select(Event)", "a view holds SQL"),
        ("from sqlalchemy import select", "a view holds SQL"),
        ("from eventsys.organisations.views import blueprint",
         "a view uses another package's view eventsys.organisations.views.blueprint"),
    ],
    "eventsys/web.py": [
        ("from eventsys import dates", "web imports dates"),
        ("from eventsys.accounts.queries import find_signed_in", "web imports accounts"),
    ],
    "eventsys/newcomer/rules.py": [("", "newcomer has no place in the order of packages")],
    "migrations/versions/planted.py": [("from config import Config", "config is imported by wsgi alone")],
}  # fmt: skip
CASES = [(path, source, expected) for path, cases in PLANTED.items() for source, expected in cases]


def test_every_module_uses_only_what_it_may() -> None:
    modules = read_modules()
    tree = survey(modules)
    assert [breach for module in modules for breach in find_breaches(module, tree)] == []


def test_the_order_names_every_package_that_there_is() -> None:
    there = {
        path.stem for path in (ROOT / "eventsys").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - {"__init__", "__main__"} <= set(ORDER)


@pytest.mark.parametrize("path, source, expected", CASES, ids=[f"{path}: {source}" for path, source, _ in CASES])
def test_a_planted_breach_is_caught(tmp_path: Path, path: str, source: str, expected: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(source)
    module = read_module(file, tmp_path)
    tree = survey(read_modules())
    messages = [breach.split(": ", 1)[1] for breach in find_breaches(module, tree)]
    assert expected in messages


@pytest.mark.parametrize(
    "path, source",
    [
        ("eventsys/registrations/planted.py", "from eventsys.events.models import Run\nsa.ForeignKey('runs.id')"),
        (
            "eventsys/events/rules.py",
            "from eventsys.extensions import Translated\nfrom datetime import date\nimport idna",
        ),
        ("eventsys/registrations/queries.py", "def read_unions(session):\n    session.add(row)"),
        ("eventsys/events/queries.py", "seen = set()\nseen.add(1)\nnames.delete()"),
        ("eventsys/events/views.py", "from eventsys.extensions import transaction\nfrom eventsys import clock"),
        ("eventsys/events/views/lists.py", "from sqlalchemy.orm import Session"),
        ("eventsys/events/views/lists.py", "import sqlalchemy as sa\ntry: ...\nexcept sa.exc.DBAPIError: ..."),
        ("eventsys/extensions.py", "def transaction():\n    session.commit()"),
        ("eventsys/clock.py", "from datetime import datetime\ndatetime.now(UTC)"),
        ("eventsys/web.py", "import time\ntime.perf_counter()\nfrom eventsys import tokens"),
        ("eventsys/jobs.py", "from apscheduler.schedulers.background import BackgroundScheduler"),
        ("wsgi.py", "from config import Config\nfrom eventsys import create_app"),
    ],
)
def test_what_is_allowed_is_no_breach(tmp_path: Path, path: str, source: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
    assert find_breaches(read_module(file, tmp_path), survey(read_modules())) == []
