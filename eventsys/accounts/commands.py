"""`eventsys user`: who may sign in to /manage/."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from eventsys import clock
from eventsys.accounts import actions
from eventsys.accounts.models import Account
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import transaction
from eventsys.mailing.addresses import BadAddress, email_key, wire_address
from eventsys.organisers.queries import find_organiser


@click.group()
def user() -> None:
    """People who organise. Example: eventsys user add kari@program.example --name "Kari" --organiser unio"""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="What the person is called.")
@click.option("--organiser", "slug", required=True, help="The organiser's short name, as in its calendar's address.")
@click.option("--role", type=click.Choice([role.value for role in MemberRole]), default=MemberRole.ORGANISER.value)
@click.option("--language", type=click.Choice(["nb", "nn", "en"]), default="nb", help="The language of mail to them.")
@with_appcontext
def add(email: str, name: str, slug: str, role: str, language: str) -> None:
    """Let somebody sign in for an organiser; once more for a second organiser, or to open a disabled account.

    Example: eventsys user add kari@program.example --name "Kari" --organiser sekretariatet
    """
    try:
        wire_address(email)
    except BadAddress as error:
        raise click.ClickException(f"{email}: {error}") from error
    with transaction() as session:
        organiser = find_organiser(session, slug)
        if organiser is None:
            raise click.ClickException(
                f"There is no organiser {slug!r}. Add it first: eventsys organiser add {slug} NAME EMAIL"
            )
        actions.add(
            session,
            email=email,
            key=email_key(email),
            name=name,
            organiser_id=organiser.id,
            role=MemberRole(role),
            language=language,
            now=clock.real_now(),
        )
        last_line = f"{email} may sign in for {organiser.name} as {role}."
    click.echo(last_line)


@user.command()
@click.argument("email")
@with_appcontext
def disable(email: str) -> None:
    """End somebody's sessions at once and let them sign in no more. Example: eventsys user disable kari@unio.example"""
    with transaction() as session:
        account = session.scalar(sa.select(Account).where(Account.email_key == email_key(email)))
        if account is None:
            raise click.ClickException(f"There is no account {email}.")
        actions.disable(session, account, now=clock.real_now())
    click.echo(f"{email} is signed out everywhere and may not sign in.")


COMMANDS = [user]
