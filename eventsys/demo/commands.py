"""`eventsys demo` builds the programme of 2008; `eventsys run` runs all of it on one machine, for trying."""

from __future__ import annotations

import importlib

import click
import flask_migrate
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from eventsys.demo import build, catcher
from eventsys.demo.build import Holds
from eventsys.demo.mails import mail_folder
from eventsys.demo.running import Processes, is_free
from eventsys.events.actions import keep_calendar_bytes
from eventsys.extensions import db, refresh_statistics, transaction

FOREIGN = "This database holds something else than the demo. Name an empty one in DATABASE_URL."
WEB = ("wsgi:app", "--preload", "--workers", "2", "--threads", "4", "--log-level", "warning", "--graceful-timeout", "2")


@click.command()
@click.option(
    "--full", is_flag=True, help="With how it came to be: calls, intake, gatherings, projects, visits, groups."
)
@with_appcontext
def demo(full: bool) -> None:
    """Fill an empty database with the programme of 2008. Doing it again changes nothing.

    With --full it begins in November 2006; that takes up to a minute. Example: eventsys demo --full
    """
    if not has_tables():
        raise click.ClickException("The database has no tables yet: run `eventsys upgrade` first.")
    click.echo(make_demo(current_app.config["BASE_URL"], full=full))


def has_tables() -> bool:
    return bool(sa.inspect(db.engine).has_table("organisers"))


def refuse_foreign() -> None:
    """Before anything is done to it: somebody's database is not even upgraded."""
    if has_tables() and build.find_out(db.session()) is Holds.SOMETHING_ELSE:
        raise click.ClickException(FOREIGN)
    db.session.remove()
    db.engine.dispose()


def make_demo(base_url: str, *, full: bool = False) -> str:
    """Builds the demo if the database is empty; says what there is. Raises `click.ClickException` on a foreign one."""
    holds = build.find_out(db.session())
    if holds is Holds.NOTHING:
        with transaction() as session:
            made = build.build(session, base_url=base_url, full=full)
            refresh_statistics(session)
        return f"The demo is ready: {made}."
    if holds is Holds.SOMETHING_ELSE:
        raise click.ClickException(FOREIGN)
    return "The demo is there already; nothing is changed."


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), envvar="PORT", default=5000, show_default=True)
@click.option("--base-url", envvar="BASE_URL", help="Where people reach the site, if not at 127.0.0.1 and the port.")
@click.option("--log-level", envvar="LOG_LEVEL", default="WARNING", show_default=True)
@with_appcontext
def run(port: int, base_url: str | None, log_level: str) -> None:
    """Run everything on this machine, for trying: the demo, the web site, the worker, and a mail catcher.

    Ctrl-C ends all of it. PORT and MAIL_PORT choose other ports. Example: eventsys run --port 5001
    """
    mail_port = current_app.config["MAIL_PORT"]
    refuse_taken_ports(port, mail_port)
    refuse_foreign()
    base_url = base_url or f"http://127.0.0.1:{port}"
    processes = Processes(surroundings(base_url, mail_port, log_level))
    try:
        start(processes, port, mail_port, base_url)
        if processes.wait_for(port):
            click.echo(where_to_look(base_url))
        dead = processes.wait()
    finally:
        processes.end()
    if dead:
        raise click.ClickException(f"Everything is stopped, for {dead}.")
    click.echo("Everything is stopped.")


def refuse_taken_ports(port: int, mail_port: int) -> None:
    for name, number in (("PORT", port), ("MAIL_PORT", mail_port)):
        if not is_free(number):
            raise click.ClickException(
                f"Port {number} is in use by another program. Choose another: {name}={number + 1}"
            )


def surroundings(base_url: str, mail_port: int, log_level: str) -> dict[str, str]:
    """What the children are told by their environment, over what this process was told."""
    return {
        "BASE_URL": base_url,
        "DEVELOPMENT": "1",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_port),
        "LOG_LEVEL": log_level,
    }


def start(processes: Processes, port: int, mail_port: int, base_url: str) -> None:
    """The mail catcher at once; the others when the database is what they need."""
    folder = mail_folder(current_app.config["DATABASE_URL"])
    processes.start("mail catcher", catcher.main, str(folder), str(mail_port))
    flask_migrate.upgrade()
    click.echo(make_demo(base_url))
    with transaction() as session:
        keep_calendar_bytes(session, base_url=base_url)
    db.session.remove()
    db.engine.dispose()
    processes.start("web server", serve_web, *WEB, "--bind", f"127.0.0.1:{port}")
    processes.start("worker", command_line, "worker")


def serve_web() -> None:
    """Gunicorn, as its own command line would start it."""
    importlib.import_module("gunicorn.app.wsgiapp").run()


def command_line() -> None:
    """The `eventsys` program itself, found by name: it is the one module that stands above this package."""
    importlib.import_module("eventsys.commands").main()


def where_to_look(base_url: str) -> str:
    return "\n".join(
        (
            "",
            f"  The site          {base_url}/",
            f"  For organisers    {base_url}/manage/  (one click signs in at {base_url}/dev/)",
            f"  The mail it sent  {base_url}/dev/mail/",
            "",
            "Ctrl-C ends it.",
        )
    )


COMMANDS = [demo, run]
