"""A person's mails: all of them, why each was sent, and none of another organiser's."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Person
from eventsys.programmes.groups.actions import MemberFacts, add_group, set_member
from eventsys.registrations.actions import cancel, readdress, register
from eventsys.registrations.rules import Actor
from eventsys.workflows.actions import notice_changes
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.world import World, somebody


def sign_up(world: World, number: int = 1, event: str = "seminar", **more: object) -> None:
    with transaction() as session:
        register(session, somebody(world, number, run_id=world.run_id(event), **more), now=clock.now())
    notice()


def notice() -> None:
    with transaction() as session:
        notice_changes(session, now=clock.now())


def person_of(key: str = "person1@kommune.example") -> uuid.UUID:
    db.session.rollback()
    found = db.session.scalars(sa.select(Person.public_id).where(Person.email_key == key)).first()
    assert found is not None
    return found


def mails_on(page: str) -> list[tuple[str, str]]:
    """What each mail was and why it was sent, newest first."""
    rows = re.findall(r"<td data-label=\"What\"><div><a[^>]*>(.*?)</a><br><small[^>]*>(.*?)</small>", page)
    return [(html.unescape(what), html.unescape(why)) for what, why in rows]


def read(client: FlaskClient, person: uuid.UUID, query: str = "") -> str:
    answer = client.get(f"/manage/people/{person}/mail{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture
def other(app: Flask, world: World) -> FlaskClient:
    client = app.test_client()
    sign_in(client, add_account("other@unio.example", world.unio))
    return client


def test_every_mail_to_a_person_is_there_with_why_it_was_sent(adviser: FlaskClient, world: World) -> None:
    sign_up(world)
    sign_up(world, event="conference", form_token="another")
    with transaction() as session:
        found = register(session, somebody(world, 2), now=clock.now())
        cancel(session, found.registration, actor=Actor.PARTICIPANT, now=clock.now())
    notice()
    assert mails_on(read(adviser, person_of())) == [
        ("Confirmation", "Person Nummer1: Signed up"),
        ("Confirmation", "Person Nummer1: Signed up"),
    ]


def test_mail_to_an_address_that_the_person_has_left_is_there_too(adviser: FlaskClient, world: World) -> None:
    sign_up(world)
    person = person_of()
    with transaction() as session:
        registration = register(session, somebody(world), now=clock.now()).registration
        readdress(session, registration, email="ny@kommune.example", now=clock.now())
    notice()
    page = read(adviser, person_of("ny@kommune.example"))
    assert [what for what, _why in mails_on(page)] == ["New address", "Confirmation"]
    assert person in (person_of("ny@kommune.example"), person)


def test_a_person_who_never_signed_up_has_a_page_that_is_empty_until_a_mail_went(
    adviser: FlaskClient, other: FlaskClient, world: World
) -> None:
    with transaction() as session:
        group = add_group(session, organiser_id=world.secretariat, name={"nb": "Styringsgruppa"})
        set_member(
            session, group, MemberFacts("Gro Gruppeteig", "Gro@kommune.example", date(2008, 1, 1)), now=clock.now()
        )
    person = person_of("gro@kommune.example")
    page = read(adviser, person)
    assert ("Mail to Gro Gruppeteig" in page, "Gro@kommune.example" in page, "No mail yet." in page) == (
        True,
        True,
        True,
    )
    assert f'href="/manage/people/{person}/mail"' in adviser.get(f"/manage/people/{person}").get_data(as_text=True)
    assert other.get(f"/manage/people/{person}/mail").status_code == 404
    sign_up(world)
    with transaction() as session:
        session.execute(sa.update(OutboxMessage).values(email="gro@kommune.example", email_key="gro@kommune.example"))
    assert [what for what, _why in mails_on(read(adviser, person))] == ["Confirmation"]


def test_the_list_of_participants_leads_there(adviser: FlaskClient, world: World) -> None:
    sign_up(world)
    page = adviser.get(f"/manage/events/{world.events['seminar'].slug}/participants").get_data(as_text=True)
    assert f'href="/manage/people/{person_of()}/mail"' in page


def test_a_person_of_another_organiser_is_not_there_and_of_both_shows_each_its_own(
    adviser: FlaskClient, other: FlaskClient, world: World
) -> None:
    sign_up(world)
    person = person_of()
    assert other.get(f"/manage/people/{person}/mail").status_code == 404
    assert adviser.get(f"/manage/people/{uuid.UUID(int=1)}/mail").status_code == 404
    sign_up(world, event="unio", form_token="another", union_id=world.unions[0], side=None)
    with transaction() as session:
        theirs = OutboxMessage.organiser_id == world.unio
        session.execute(sa.update(OutboxMessage).where(theirs).values(subject="Berre for Unio"))
    assert [what for what, _why in mails_on(read(other, person))] == ["Berre for Unio"]
    assert [what for what, _why in mails_on(read(adviser, person))] == ["Confirmation"]


def test_many_mails_come_in_pages_and_cost_as_many_statements_as_one(adviser: FlaskClient, world: World) -> None:
    def count() -> int:
        with counted(db.engine) as sent:
            read(adviser, person)
        return len(sent)

    sign_up(world)
    person = person_of()
    with_one = count()
    with transaction() as session:
        for _time in range(59):
            register(session, somebody(world), now=clock.now())
            notice_changes(session, now=clock.now())
        copies = sa.select(OutboxMessage).where(OutboxMessage.email_key == "person1@kommune.example")
        (one, *_more) = session.scalars(copies).all()
        for number in range(60):
            session.add(
                OutboxMessage(
                    organiser_id=one.organiser_id, reason_key=f"copy/{number}", template="test", email=one.email,
                    email_key=one.email_key, language="nb", due_at=one.due_at, next_try_at=one.due_at,
                    created_at=one.created_at, message_id=f"copy-{number}",
                )
            )  # fmt: skip
    page = read(adviser, person)
    # Mails that no event caused are asked for once, all together.
    assert count() == with_one + 1
    assert page.count("<tr>") == 51
    (after,) = re.findall(r"\?before=(\d+)\">Next page", page)
    assert 10 < read(adviser, person, f"?before={after}").count("<tr>") <= 51
    assert read(adviser, person, "?before=x").count("<tr>") == 51
