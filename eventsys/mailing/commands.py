"""Commands about the outbox: how it stands, another try for what failed, and the listener for what comes back."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.queries import count_states, find_oldest_due
from eventsys.mailing.returns.jobs import listen
from eventsys.mailing.rules import MailState

mail = AppGroup("mail", help="The outbox: how it stands, and another try for what failed.")


@mail.command()
def status() -> None:
    """Say how many mails are in which state, and how long the oldest due one has waited. Example: eventsys mail status"""
    counts = count_states(db.session())
    for state in MailState:
        click.echo(f"{state.value:>10} {counts.get(state, 0)}")
    oldest, now = find_oldest_due(db.session(), now=clock.now()), clock.now()
    late = f"the oldest due one has waited {(now - oldest).total_seconds():.0f} seconds" if oldest else "none is due"
    click.echo(f"{sum(counts.values())} mails in the outbox; {late}.")


@mail.command()
@click.option("--id", "outbox_id", type=int, help="the number of one mail")
@click.option("--all-failed", is_flag=True, help="every mail that has failed")
def retry(outbox_id: int | None, all_failed: bool) -> None:
    """Make failed or waiting mails due now. Example: eventsys mail retry --all-failed"""
    if (outbox_id is None) != all_failed:
        raise click.UsageError("Say which: --id NUMBER or --all-failed.")
    wanted = OutboxMessage.id == outbox_id if outbox_id is not None else OutboxMessage.state == MailState.FAILED
    due, left = 0, 0
    with transaction() as session:
        for message in session.scalars(sa.select(OutboxMessage).where(wanted).order_by(OutboxMessage.id)).all():
            try:
                outbox.retry(session, message, now=clock.now())
                due += 1
            except outbox.CannotBeDone:
                left += 1
    if outbox_id is not None and not due:
        raise click.ClickException(
            f"Mail {outbox_id} cannot be tried again: there is none, or it is sent or under way."
        )
    click.echo(f"{due} mails are due now; {left} cannot be tried again.")


@click.command()
@with_appcontext
def lmtp() -> None:
    """Take what comes back straight from the mail server, over LMTP, until stopped. Example: eventsys lmtp"""
    config = current_app.config
    where = f"{config['MAIL_RETURNS_LMTP_HOST']}:{config['MAIL_RETURNS_LMTP_PORT']}"
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    listen(app, ready=lambda: click.echo(f"What comes back is taken at {where}. Stop it with Ctrl-C."))
    click.echo("The listener has stopped; the mail server keeps what is not taken.")


COMMANDS = [mail, lmtp]
