"""`eventsys import`: the group that takes files in, with the official list of municipalities."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from eventsys.extensions import db, refresh_statistics, transaction
from eventsys.organisations.actions import Counts, import_municipalities
from eventsys.organisations.imports import BadRow, MunicipalityRow, read_municipalities, split
from eventsys.organisations.queries import list_organisations
from eventsys.organisations.rules import OrganisationKind


@click.group(name="import")
def import_group() -> None:
    """Take in a file. Example: eventsys import municipalities municipalities-2008.csv"""


@import_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows although others are bad.")
@with_appcontext
def municipalities(file: Path, dry_run: bool, skip_bad: bool) -> None:
    """Take in the official list of municipalities: CSV with the columns number;name;county.

    Importing again changes nothing. Example: eventsys import municipalities municipalities-2008.csv --dry-run
    """
    rows, bad = read_municipalities(file.read_bytes())
    for problem in bad:
        click.echo(f"line {problem.line}: {problem.why}", err=True)
    if (bad and not skip_bad) or not rows:
        raise click.ClickException(_refusal(rows, bad))
    counts = _count(rows) if dry_run else _write(rows)
    click.echo(_last_line(counts, bad, dry_run=dry_run))


def _write(rows: list[MunicipalityRow]) -> Counts:
    with transaction() as session:
        counts = import_municipalities(session, rows)
        refresh_statistics(session)
    return counts


def _count(rows: list[MunicipalityRow]) -> Counts:
    there = list_organisations(db.session(), OrganisationKind.MUNICIPALITY)
    parts = split(rows, {o.number: (o.name, o.county) for o in there})
    return Counts(len(parts.new), len(parts.changed), len(parts.unchanged))


def _refusal(rows: list[MunicipalityRow], bad: list[BadRow]) -> str:
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


COMMANDS = [import_group]
