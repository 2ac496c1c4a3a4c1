"""`eventsys organiser add`, `import activities` and `mail preview`: what needs several packages at once."""

from __future__ import annotations

import re
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from eventsys import clock, dates
from eventsys.events.announcements import read
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.mailing.addresses import BadAddress, wire_address
from eventsys.mailing.commands import mail
from eventsys.organisations.commands import import_group
from eventsys.organisers.actions import add as add_organiser
from eventsys.organisers.models import Organiser
from eventsys.organisers.queries import find_organiser, list_organisers
from eventsys.workflows.actions import add_default_rules
from eventsys.workspace import actions
from eventsys.workspace.mail.lines import name_line
from eventsys.workspace.mail.occasions import count_readers, list_lines
from eventsys.workspace.pasted import Planned
from eventsys.workspace.remarks import tell

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@click.group()
def organiser() -> None:
    """Who arranges. Example: eventsys organiser add unio Unio post@unio.example"""


@organiser.command()
@click.argument("slug")
@click.argument("name")
@click.argument("email")
@click.option("--language", type=click.Choice(["nb", "nn", "en"]), default="nb", help="The language of its mail.")
@with_appcontext
def add(slug: str, name: str, email: str, language: str) -> None:
    """Add an organiser, with confirmations, changes and reminders switched on.

    SLUG is its short name in addresses, EMAIL where answers go. Example: eventsys organiser add unio Unio post@unio.example
    """
    if not SLUG.fullmatch(slug):
        raise click.ClickException(f"{slug!r}: a short name has small letters a-z, digits and single hyphens.")
    try:
        wire_address(email)
    except BadAddress as error:
        raise click.ClickException(f"{email}: {error}") from error
    with transaction() as session:
        if find_organiser(session, slug) is not None:
            raise click.ClickException(f"There is an organiser {slug!r} already.")
        made = add_organiser(session, slug=slug, name=name, email=email, language=language)
        add_default_rules(session, organiser_id=made.id, now=clock.now())
    click.echo(f"{name} may arrange. Now somebody to sign in: eventsys user add EMAIL --name NAME --organiser {slug}")


@import_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", type=click.IntRange(2000, 2100), required=True, help="The year meant where a line names none.")
@click.option("--organiser", "slug", help="Who arranges what names nobody; needed where there are several organisers.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@with_appcontext
def activities(file: Path, year: int, slug: str | None, dry_run: bool) -> None:
    """Take in announcements as they were printed, a line for each event, as drafts. Again changes nothing.

    Example: eventsys import activities activities-2008.txt --year 2008 --organiser sekretariatet --dry-run
    """
    announcements = read(file.read_text(encoding="utf-8-sig"), year=year)
    if dry_run:
        owner, owners = _choose(slug)
        planned = actions.preview_announcements(db.session(), announcements, organiser=owner, owners=owners)
    else:
        with transaction() as session:
            owner, owners = _choose(slug)
            saved = actions.save_announcements(
                session,
                announcements,
                organiser=owner,
                owners=owners,
                base_url=current_app.config["BASE_URL"],
                now=clock.now(),
            )
        planned = [line for line, _event in saved]
    _report(planned, dry_run=dry_run)


def _choose(slug: str | None) -> tuple[Organiser, list[Organiser]]:
    """The organiser that was named, or the only one; and all, since whoever runs this may write for any."""
    owners = list_organisers(db.session())
    if slug is None and len(owners) == 1:
        return owners[0], owners
    found = next((owner for owner in owners if owner.slug == slug), None)
    if found is None:
        names = ", ".join(owner.slug for owner in owners) or "none; add one: eventsys organiser add SLUG NAME EMAIL"
        raise click.ClickException(f"Say --organiser SLUG. There are: {names}.")
    return found, owners


def _report(planned: list[Planned], *, dry_run: bool) -> None:
    """What is to be looked at, line by line, and a last line with the counts. Refused lines make the exit code 1."""
    with force_locale("en"):
        for line in planned:
            for remark in line.remarks:
                click.echo(f"line {line.announcement.line}: {tell(remark)}", err=True)
            if line.refused:
                click.echo(f"line {line.announcement.line}: not saved: {line.announcement.text}", err=True)
    new = [line for line in planned if not line.refused and not line.already]
    refused = sum(line.refused for line in planned)
    runs, already = sum(len(line.runs) for line in new), sum(line.already for line in planned)
    counts = f"{len(new)} {'draft' if len(new) == 1 else 'drafts'} with {runs} {'run' if runs == 1 else 'runs'}"
    last_line = f"{counts}, {already} there already, {refused} refused"
    last_line += "; nothing is written (--dry-run)" if dry_run else ""
    if refused or not planned:
        raise click.ClickException(last_line)
    click.echo(last_line)


@mail.command()
@click.argument("slug")
@with_appcontext
def preview(slug: str) -> None:
    """What goes out about an event, when and to how many as of now. Example: eventsys mail preview kvalitetskonferanse"""
    session, now = db.session(), clock.now()
    event = session.scalar(sa.select(Event).where(Event.slug == slug))
    if event is None:
        raise click.ClickException(f"There is no event {slug!r}: its name is the last part of its address.")
    timezone = session.get_one(Organiser, event.organiser_id).timezone
    lines = [line for line in list_lines(session, event, now=now) if line.is_planned]
    today = dates.to_local(now, timezone).date()
    readers = count_readers(session, event, {line.meant for line in lines}, on=today)
    with force_locale("en"):
        for line in lines:
            moment = dates.format_moment(dates.to_local(line.occasion.due_at, timezone), "en")
            click.echo(f"{moment:<36} {name_line(line):<28} to {sum(readers[line.meant].values())}")
    click.echo(f"{len(lines)} mailings are planned about {slug}." if lines else f"No mail is planned about {slug}.")


COMMANDS = [organiser]
