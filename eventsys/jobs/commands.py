"""The command that is the second process: the worker."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from eventsys.jobs import run_worker


@click.command()
@with_appcontext
def worker() -> None:
    """Make changes and due times into mail and deliver it, until stopped. Any number may run. Example: eventsys worker"""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    run_worker(app, ready=lambda: click.echo("The worker runs. Stop it with Ctrl-C."))
    click.echo("The worker has stopped; what was not sent stays due.")


COMMANDS = [worker]
