"""`eventsys mail pause` and `eventsys mail resume`: mail waits in the outbox, of one organiser or of everybody."""

from __future__ import annotations

import click
from flask import current_app
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts.emails import find_installation
from eventsys.extensions import transaction
from eventsys.mailing.commands import mail
from eventsys.organisers.queries import find_organiser, list_organisers
from eventsys.workflows import pauses

ORGANISER = click.option("--organiser", "slug", help="The short name of one organiser; without it, everybody.")


@mail.command()
@ORGANISER
def pause(slug: str | None) -> None:
    """Let all mail wait; links to sign in still go. Example: eventsys mail pause --organiser unio"""
    with transaction() as session:
        done = pauses.pause(session, organiser_id=_find(session, slug), account_id=None, now=clock.now())
    again = f"eventsys mail resume --organiser {slug}" if slug else "eventsys mail resume"
    click.echo(f"The mail of {slug or 'everybody'} {'waits' if done else 'waited already'}; let it go with: {again}")


@mail.command()
@ORGANISER
def resume(slug: str | None) -> None:
    """Let the mail go again; what no longer makes sense is left out. Example: eventsys mail resume --organiser unio"""
    with transaction() as session:
        done = pauses.resume(session, organiser_id=_find(session, slug))
    click.echo(f"The mail of {slug or 'everybody'} {'goes out again' if done else 'was not stopped'}.")


def _find(session: Session, slug: str | None) -> int:
    """The organiser's id; without a name the installation's, whose pause is everybody's."""
    if slug is None:
        config = current_app.config
        return find_installation(session, name=config["SITE_NAME"], email=config["MAIL_DEFAULT_SENDER"])
    found = find_organiser(session, slug)
    if found is None:
        names = ", ".join(one.slug for one in list_organisers(session)) or "none"
        raise click.ClickException(f"There is no organiser {slug!r}. There are: {names}.")
    return found.id


COMMANDS: list[click.Command] = []
"""They stand in the group `mail`."""
