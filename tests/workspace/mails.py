"""Mails of sign-ups in the outbox, and what is read of the pages that show them."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.actions import register
from eventsys.workflows.actions import notice_changes, plan
from tests.world import World, somebody

EVENT = "laeringsseminar-2-pulje-ii"
PERSON = re.compile(r"<small class=\"quiet\">(person\d+@[a-z.]+)</small>")
FAR = datetime(2008, 8, 19, 6, tzinfo=UTC)


def sign_up(world: World, numbers: range) -> None:
    with transaction() as session:
        for number in numbers:
            register(session, somebody(world, number), now=clock.now())
    with transaction() as session:
        notice_changes(session, now=clock.now())
        plan(session, now=clock.now())


def change_mails(**values: object) -> None:
    with transaction() as session:
        session.execute(sa.update(OutboxMessage).values(**values))


def all_mails() -> list[OutboxMessage]:
    db.session.rollback()
    statement = sa.select(OutboxMessage).order_by(OutboxMessage.id).execution_options(populate_existing=True)
    return list(db.session.scalars(statement))


def first_mail() -> OutboxMessage:
    return all_mails()[0]


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def people_on(page: str) -> list[str]:
    return [address.removesuffix("@kommune.example") for address in PERSON.findall(page)]


def story(page: str) -> list[str]:
    """The lines of what happened, with their moments."""
    (inner,) = re.findall(r'<ol class="sentences story">(.*?)</ol>', page, re.DOTALL)
    lines = re.findall(r"<li[^>]*>\s*<time[^>]*>(.*?)</time>(.*?)</li>", inner, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", " ", f"{at} | {rest}") for at, rest in lines]
    return [" ".join(html.unescape(line).split()) for line in plain]


def order_again(client: FlaskClient, mail: OutboxMessage, number: int = 1) -> None:
    assert client.post(f"/manage/mail/{mail.public_id}/again", data={"number": number}).status_code == 303
