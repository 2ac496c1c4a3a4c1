"""People for the tests of one's own pages: somebody signed up, a delegation, a contact, a browser with open pages."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions import actions as positions
from eventsys.registrations import actions
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.rules import NewDelegation, NewSeat, Side
from eventsys.tokens import Purpose, capability
from tests.world import NOW, World, somebody

REGISTRAR = "kari@bo.example"


def sign_up(world: World, number: int = 1, **more: Any) -> Registration:
    with transaction() as session:
        return actions.register(session, somebody(world, number, **more), now=NOW).registration


def seats(*names: str) -> tuple[NewSeat, ...]:
    """Seats of the administration; a name with an address after a comma has that address."""
    split = [name.partition(", ") for name in names]
    return tuple(NewSeat(Side.ADMINISTRATION, name, email) for name, _comma, email in split)


def delegate(
    world: World, *names: str, event: str = "seminar3", number: str = "0821", email: str = REGISTRAR
) -> Delegation:
    """Kari signs up these people of a municipality; without a name a place is kept."""
    form = NewDelegation(
        run_id=world.run_id(event), second_run_id=None, organisation_id=world.municipalities[number], name="Kari Bø",
        email=email, language=None, seats=seats(*names), form_token=f"{event}-{number}-{email}", asks=True,
    )  # fmt: skip
    with transaction() as session:
        return actions.register_delegation(session, form, now=NOW).delegation


def add_contact(
    world: World, name: str = "Nils Bekk", email: str = "nils@bo.example", number: str = "0821"
) -> Position:
    with transaction() as session:
        organisation = session.get_one(Organisation, world.municipalities[number])
        return positions.add_contact(session, organisation, name=name, email=email, on=NOW.date(), now=NOW)


def contact_page(position: Position, number: str = "0821") -> str:
    return f"/organisations/{number}/contacts/{contact_token(position)}"


def contact_token(position: Position) -> str:
    return capability(Purpose.POSITION, position.public_id, position.link_version)


def delegation_token(delegation: Delegation) -> str:
    return capability(Purpose.DELEGATION, delegation.public_id, 0)


def mailed(template: str) -> list[OutboxMessage]:
    """The mails from one text, oldest first."""
    db.session.rollback()
    found = sa.select(OutboxMessage).where(OutboxMessage.template == template).order_by(OutboxMessage.id)
    return list(db.session.scalars(found))


def link_in(mail: OutboxMessage) -> str:
    """The path of the one personal link in a mail."""
    (path,) = set(re.findall(r"https?://[^/\s]+(/[\w/-]+/[\w-]{43})", mail.text or ""))
    return str(path)


def open_pages(client: FlaskClient, email: str) -> str:
    """Asks for the link, follows it and presses the button; the page of everything, in English."""
    client.set_cookie("language", "en")
    client.post("/me", data={"email": email})
    client.post(link_in(mailed("own_pages")[-1]))
    return client.get("/me").get_data(as_text=True)
