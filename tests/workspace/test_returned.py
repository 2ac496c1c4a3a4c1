"""The organisers' pages of what came back: the list, one that came, and addresses that are blocked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression
from eventsys.mailing.returns import actions, rules
from eventsys.mailing.rules import MailState
from eventsys.workspace.mail.returned import tell_status
from tests.accounts.people import add_account, sign_in
from tests.mailing.returns import samples
from tests.mailing.returns.samples import BOUNCE, KARI, report
from tests.world import NOW, World

PAGE = "/manage/mail/returned/"


def write(world: World, *, organiser_id: int = 0, reason: str = "mail", email: str = KARI) -> OutboxMessage:
    """A mail of the secretariat's that was sent."""
    with transaction() as session:
        number = outbox.enqueue(
            session, organiser_id=organiser_id or world.secretariat, reason_key=reason, template="confirmed",
            email=email, name="Kari Nordmann", language="nb", due_at=NOW, now=NOW,
        )  # fmt: skip
        mail = session.get_one(OutboxMessage, number)
        mail.state, mail.sent_at, mail.subject = MailState.SENT, NOW, "Velkommen"
        return mail


def came(mail: OutboxMessage | None, raw: bytes, *, minutes: int = 0) -> ReturnedMail:
    to = f"bounce+{mail.public_id.hex}@program.example" if mail else ""
    returned = rules.read(raw, bounce_address=BOUNCE, envelope_to=to)
    now = clock.now() + timedelta(minutes=minutes)
    with transaction() as session:
        number = actions.take(session, returned, site_name="Programmet", address="post@program.example", now=now)
        return session.get_one(ReturnedMail, number)


def text_of(client: FlaskClient, address: str) -> str:
    """What the page says, without its tags."""
    page = client.get(address)
    assert page.status_code == 200
    main = page.get_data(as_text=True).partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_before_anything_has_come_back_the_page_says_what_will_stand_there(adviser: FlaskClient) -> None:
    page = text_of(adviser, PAGE)
    assert "Nothing has come back" in page
    assert "No address that you have written to is blocked." in page


def test_the_list_says_who_what_and_about_which_mail_in_plain_words(adviser: FlaskClient, world: World) -> None:
    mail = write(world)
    came(mail, report())
    came(mail, report(status="5.2.2"), minutes=1)
    came(mail, samples.AUTO_REPLY, minutes=2)
    page = text_of(adviser, PAGE)
    lines = [
        "Kari Nordmann kari@kommune.example Automatic reply Velkommen",
        "Kari Nordmann kari@kommune.example Did not arrive the mailbox is full Velkommen",
        "Kari Nordmann kari@kommune.example The address does not work unknown address Velkommen",
    ]
    places = [page.find(line) for line in lines]
    assert -1 not in places
    assert places == sorted(places)
    only = text_of(adviser, f"{PAGE}?kind=soft_bounce")
    assert [line in only for line in lines] == [False, True, False]
    assert "Nothing of that kind." in text_of(adviser, f"{PAGE}?kind=delay")
    assert all(line in text_of(adviser, f"{PAGE}?kind=nonsense") for line in lines)


@pytest.mark.parametrize(
    "raw, said",
    [
        (report(), "It is blocked, so that nothing more is sent to it."),
        (report(status="5.7.1"), "the address may well work. Nothing was changed here."),
        (report(status="4.4.1", action="delayed"), "goes on trying"),
        (samples.AUTO_REPLY, "A program answered, not a person."),
        (samples.CALENDAR_ANSWER, "What happened said no"),
        (report(recipient="per@kommune.example"), "It could not be seen what this is about"),
    ],
)
def test_one_that_came_back_says_what_it_means(adviser: FlaskClient, world: World, raw: bytes, said: str) -> None:
    returned = came(write(world), raw)
    assert said in text_of(adviser, f"{PAGE}{returned.public_id}")


def test_what_came_is_shown_as_text_and_never_as_a_page(adviser: FlaskClient, world: World) -> None:
    raw = b"From: kari@kommune.example\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\0<b>x</b>\r\n"
    returned = came(write(world), raw)
    page = adviser.get(f"{PAGE}{returned.public_id}").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\N{REPLACEMENT CHARACTER}&lt;b&gt;x" in page
    assert "<script>alert" not in page
    assert "\0" not in page


def test_the_first_page_tells_of_what_nobody_has_looked_at(adviser: FlaskClient, world: World) -> None:
    assert "came back" not in text_of(adviser, "/manage/")
    mail = write(world)
    returned = came(mail, report())
    came(mail, samples.AUTO_REPLY)
    assert "1 mail came back Nobody has looked at it." in text_of(adviser, "/manage/")
    adviser.post(f"{PAGE}{returned.public_id}/seen")
    assert "came back" not in text_of(adviser, "/manage/")


def test_what_has_been_seen_is_not_new_any_more(adviser: FlaskClient, world: World) -> None:
    mail = write(world)
    first, second = came(mail, report()), came(mail, report(status="5.2.2"), minutes=1)
    assert adviser.get(PAGE).get_data(as_text=True).count('<tr class="new">') == 2
    assert adviser.post(f"{PAGE}{second.public_id}/seen").location == PAGE
    assert adviser.get(PAGE).get_data(as_text=True).count('<tr class="new">') == 1
    assert "I have seen it" not in text_of(adviser, f"{PAGE}{second.public_id}")
    assert "I have seen it" in text_of(adviser, f"{PAGE}{first.public_id}")


def test_all_that_is_on_the_page_is_seen_with_one_button(adviser: FlaskClient, world: World) -> None:
    mail = write(world)
    came(mail, report())
    second = came(mail, report(status="5.2.2"), minutes=1)
    page = adviser.get(PAGE).get_data(as_text=True)
    assert f'action="{PAGE}{second.public_id}/seen"' in page
    late = came(mail, report(status="5.7.1"), minutes=2)
    adviser.post(f"{PAGE}{second.public_id}/seen", data={"and_older": "1"})
    db.session.rollback()
    unseen = db.session.scalars(sa.select(ReturnedMail.public_id).where(ReturnedMail.seen_at.is_(None)))
    assert list(unseen) == [late.public_id]


def test_a_block_is_lifted_from_the_list_and_mail_goes_to_the_address_again(adviser: FlaskClient, world: World) -> None:
    returned = came(write(world), report())
    assert "kari@kommune.example unknown address Mon 18 Aug" in text_of(adviser, PAGE)
    assert "Lift the block" in text_of(adviser, f"{PAGE}{returned.public_id}")
    address = f"{PAGE}blocked/{db.session.scalars(sa.select(Suppression.public_id)).one()}/lift"
    answer = adviser.post(address)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#blocked")
    page = text_of(adviser, PAGE)
    assert "New mail goes to kari@kommune.example again." in page
    assert "No address that you have written to is blocked." in page
    db.session.rollback()
    assert db.session.scalars(sa.select(Suppression)).all() == []
    assert adviser.post(address).status_code == 404


def test_another_organiser_sees_nothing_of_it_and_lifts_only_what_it_has_written_to(
    client: FlaskClient, world: World
) -> None:
    returned = came(write(world), report())
    block = db.session.scalars(sa.select(Suppression)).one()
    sign_in(client, add_account("unio@program.example", world.unio))
    assert "kari@kommune.example" not in text_of(client, PAGE)
    assert client.get(f"{PAGE}{returned.public_id}").status_code == 404
    assert client.post(f"{PAGE}{returned.public_id}/seen").status_code == 404
    assert client.post(f"{PAGE}blocked/{block.public_id}/lift").status_code == 404
    write(world, organiser_id=world.unio, reason="unio's")
    assert "kari@kommune.example unknown address" in text_of(client, PAGE)
    assert client.post(f"{PAGE}blocked/{block.public_id}/lift").status_code == 303


def test_a_hundred_of_them_stand_on_two_pages(adviser: FlaskClient, world: World) -> None:
    mail = write(world)
    for number in range(60):
        came(mail, report(words=f"550 5.1.1 number {number}"), minutes=number)
    first, second = (adviser.get(f"{PAGE}?page={page}").get_data(as_text=True) for page in (1, 2))
    assert (first.count('<tr class="new">'), second.count('<tr class="new">')) == (50, 10)
    assert f'href="{PAGE}?page=2"' in first
    assert f'href="{PAGE}?page=1"' in second


@pytest.mark.parametrize(
    "status, said",
    [
        ("5.1.1", "unknown address"),
        ("4.2.2", "the mailbox is full"),
        ("5.2.2", "the mailbox is full"),
        ("5.2.1", "the mailbox is closed"),
        ("5.4.4", "there is no such domain"),
        ("4.4.1", "the reader’s mail server did not answer"),
        ("5.7.26", "the reader’s mail server turned the mail away; that is about us, not about the address"),
        ("accepted", "said yes"),
        ("5.9.9", ""),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_a_status_code_is_told_in_plain_words(adviser: FlaskClient, status: str, said: str) -> None:
    with adviser.application.test_request_context("/?lang=en"):
        assert tell_status(status) == said
