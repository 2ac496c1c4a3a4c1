"""The eventsys command line: each command calls one verb of a package and says in its last line what it did."""

from __future__ import annotations

import importlib
from typing import Any

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext


def init_app(app: Flask) -> None:
    """Registers the commands, so that `flask --app wsgi` has the same ones."""
    from eventsys.extensions import ROOT

    app.cli.add_command(upgrade)
    for path in sorted((ROOT / "eventsys").glob("*/commands.py")):
        for command in importlib.import_module(f"eventsys.{path.parent.name}.commands").COMMANDS:
            app.cli.add_command(command)


@click.command()
@with_appcontext
def upgrade() -> None:
    """Bring the database to the newest schema. Example: eventsys upgrade"""
    from eventsys import clock
    from eventsys.events.actions import keep_calendar_bytes
    from eventsys.extensions import refresh_statistics, transaction
    from eventsys.workflows.actions import add_missing_rules

    flask_migrate.upgrade()
    with transaction() as session:
        runs = keep_calendar_bytes(session, base_url=current_app.config["BASE_URL"])
        rules = add_missing_rules(session, now=clock.now())
        refresh_statistics(session)
    more = f" {rules} shipped rules of mail were added, switched on." if rules else ""
    click.echo(f"The database has the newest schema; the calendar entries of {runs} runs are kept anew.{more}")


def main() -> Any:
    """The `eventsys` program: the app's commands, without Flask's own development server."""

    def create() -> Flask:
        app: Flask = importlib.import_module("wsgi").app
        return app

    group = FlaskGroup(
        create_app=create,
        add_default_commands=False,
        add_version_option=False,
        load_dotenv=False,
        set_debug_flag=False,
        help="eventsys: events, registrations, calendars and the mail about them.",
    )
    group.main(prog_name="eventsys")
