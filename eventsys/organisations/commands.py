"""`eventsys import`: the group that takes files in, with the official list of municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from eventsys import clock
from eventsys.extensions import db, refresh_statistics, transaction
from eventsys.organisations.actions import Counts, import_municipalities
from eventsys.organisations.imports import BadRow, MunicipalityRow, read_municipalities, split
from eventsys.organisations.language.actions import Compared, compare_forms, take_forms
from eventsys.organisations.language.imports import read_forms
from eventsys.organisations.queries import list_organisations
from eventsys.organisations.rules import OrganisationKind


@click.group(name="import")
def import_group() -> None:
    """Take in a file. Example: eventsys import municipalities municipalities-2008.csv"""


@import_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows although others are bad.")
@click.option(
    "--valid-from", type=click.DateTime(["%Y-%m-%d"]), default="2008-01-01", show_default=True,
    help="Since when those that are new here have been there.",
)  # fmt: skip
@with_appcontext
def municipalities(file: Path, dry_run: bool, skip_bad: bool, valid_from: datetime) -> None:
    """Take in the official list of municipalities: CSV with the columns number;name;county.

    Importing again changes nothing. Example: eventsys import municipalities municipalities-2008.csv --dry-run
    """
    rows, bad = read_municipalities(file.read_bytes())
    for problem in bad:
        click.echo(f"line {problem.line}: {problem.why}", err=True)
    if (bad and not skip_bad) or not rows:
        raise click.ClickException(_refusal(rows, bad))
    counts = _count(rows) if dry_run else _write(rows, valid_from)
    click.echo(_last_line(counts, bad, dry_run=dry_run))


def _write(rows: list[MunicipalityRow], valid_from: datetime) -> Counts:
    with transaction() as session:
        counts = import_municipalities(session, rows, valid_from=valid_from.date())
        refresh_statistics(session)
    return counts


def _count(rows: list[MunicipalityRow]) -> Counts:
    there = list_organisations(db.session(), OrganisationKind.MUNICIPALITY)
    parts = split(rows, {o.number: (o.name, o.county) for o in there})
    return Counts(len(parts.new), len(parts.changed), len(parts.unchanged))


def _refusal(rows: Sequence[object], bad: list[BadRow]) -> str:
    if not bad:
        return "Nothing is imported: the file has no rows."
    which = "1 row is bad" if len(bad) == 1 else f"{len(bad)} rows are bad"
    hint = " Mend the file, or add --skip-bad to take the rest." if rows else ""
    return f"Nothing is imported: {which}.{hint}"


def _last_line(counts: Counts, bad: list[BadRow], *, dry_run: bool) -> str:
    new, changed, unchanged = counts
    line = f"{sum(counts)} municipalities: {new} new, {changed} changed, {unchanged} unchanged"
    line += f", {len(bad)} bad left out" if bad else ""
    if not new and not changed:
        return f"{line}; no change"
    return f"{line}; nothing is written (--dry-run)" if dry_run else line


@import_group.command("language-forms")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Where the list is from, such as the regulation's number.")
@click.option("--decided", type=click.DateTime(["%Y-%m-%d"]), help="The day of the decisions, where rows say none.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows although others are bad.")
@with_appcontext
def language_forms(file: Path, source: str, decided: datetime | None, dry_run: bool, skip_bad: bool) -> None:
    """Take in which form of Norwegian municipalities have chosen: CSV with the columns number;form and perhaps
    source;decided_on. A form is bokmål, nynorsk or nøytral.

    Example: eventsys import language-forms forms.csv --source "FOR-2007-04-01-378" --decided 2007-04-01
    """
    rows, bad = read_forms(file.read_bytes())
    for problem in bad:
        click.echo(f"line {problem.line}: {problem.why}", err=True)
    if (bad and not skip_bad) or not rows:
        raise click.ClickException(_refusal(rows, bad))
    on = decided.date() if decided else None
    if dry_run:
        compared = compare_forms(db.session(), rows, source=source, decided_on=on)
    else:
        now = clock.now()
        with transaction() as session:
            compared = compare_forms(session, rows, source=source, decided_on=on)
            take_forms(session, compared, today=now.date(), now=now)
    click.echo(_tell_forms(compared, bad, dry_run=dry_run))


def _tell_forms(compared: Compared, bad: list[BadRow], *, dry_run: bool) -> str:
    line = f"{len(compared.new)} forms are new, {len(compared.changed)} changed, {compared.unchanged} unchanged"
    line += f", {len(bad)} bad left out" if bad else ""
    line += f"; no municipality has number {', '.join(compared.unknown)}" if compared.unknown else ""
    return f"{line}; nothing is written (--dry-run)" if dry_run else line


COMMANDS = [import_group]
