"""Invitations made into mail: one for each address, still true when it goes, with a link that is the reader's alone."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.invitations import actions
from eventsys.invitations.models import Invitation
from eventsys.mailing.models import OutboxMessage, Suppression
from eventsys.workflows.actions import add_default_rules, notice_changes
from eventsys.workflows.audiences import select_recipients
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import Audience
from tests.audiences.given import add_position
from tests.invitations.given import do, invite, plan, send, the_invitation
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.world import NOW, World, build


@pytest.fixture
def world(app: Flask) -> World:
    rows.set_clock(NOW)
    world = build()
    with transaction() as session:
        add_default_rules(session, organiser_id=world.secretariat, now=NOW - timedelta(days=100))
        notice_changes(session, now=NOW)
    return world


def notice() -> None:
    with transaction() as session:
        notice_changes(session, now=NOW)


def list_mails() -> list[tuple[str, str, str]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    return [(mail.template, mail.email, mail.state.value) for mail in found]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    content: str = body.get_content().replace("\r\n", "\n")
    return content


def test_everybody_who_is_asked_gets_one_mail_however_often_it_is_noticed(world: World) -> None:
    for name in ("Anne", "Berit"):
        add_position(world, name, "0821")
    invite(world)
    notice()
    notice()
    assert [(template, state) for template, _to, state in list_mails()] == [("invited", "queued")] * 2


def test_who_joins_the_audience_later_is_asked_and_nobody_twice(world: World) -> None:
    add_position(world, "Anne", "0821")
    round_id = plan(world, follows=True)
    send(round_id)
    add_position(world, "Berit", "0821")
    send(round_id, now=NOW + timedelta(minutes=5))
    notice()
    assert len(list_mails()) == 2


def test_an_invitation_has_its_readers_own_link_and_the_way_out(app: Flask, world: World, sink: Sink) -> None:
    add_position(world, "Anne", "0821")
    invite(world)
    tick_until_idle(app)
    (message,) = sink.messages
    token = re.search(r"/invitations/([\w-]{43})", text_of(message))
    assert token is not None
    client = app.test_client()
    page = client.get(f"/invitations/{token[1]}")
    assert page.status_code == 200
    way_out = re.search(r"<(http\S+/unsubscribe/\S+)>", message["List-Unsubscribe"])
    assert way_out is not None
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = "/" + way_out[1].split("/", 3)[3]
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    found = [(row.email_key, row.category) for row in db.session.scalars(sa.select(Suppression))]
    assert found == [(the_invitation("Anne").email_key, "invitations")]


def test_who_wants_no_invitations_gets_none_and_still_reminders(app: Flask, world: World, sink: Sink) -> None:
    add_position(world, "Anne", "0821")
    invite(world)
    with transaction() as session:
        key = session.scalars(sa.select(Invitation.email_key)).one()
        session.add(Suppression(email_key=key, category="invitations", why="asked", created_at=NOW))
    tick_until_idle(app)
    assert sink.messages == []
    assert [state for *_rest, state in list_mails()] == ["suppressed"]


def test_who_has_answered_before_the_mail_went_is_told_nothing(app: Flask, world: World, sink: Sink) -> None:
    add_position(world, "Anne", "0821")
    invite(world)
    notice()
    do(actions.decline, the_invitation("Anne").id, words="")
    tick_until_idle(app)
    assert sink.messages == []
    assert list_mails()[0][2] == "cancelled"


def test_a_nudge_goes_to_who_has_not_answered_alone(app: Flask, world: World, sink: Sink) -> None:
    for name in ("Anne", "Berit"):
        add_position(world, name, "0821")
    invite(world)
    do(actions.decline, the_invitation("Berit").id, words="")
    later = NOW + timedelta(days=2)
    with transaction() as session:
        actions.nudge(session, session.get_one(Event, world.events["seminar"].id), now=later)
    rows.set_clock(later)
    tick_until_idle(app)
    nudged = [message for message in sink.messages if "venter på svaret" in str(message["Subject"])]
    assert [message["To"].addresses[0].addr_spec for message in nudged] == [the_invitation("Anne").email]


def test_a_withdrawn_invitation_is_told_and_its_first_mail_is_not_sent(app: Flask, world: World, sink: Sink) -> None:
    add_position(world, "Anne", "0821")
    invite(world)
    do(actions.withdraw, the_invitation("Anne").id)
    tick_until_idle(app)
    assert ["trukket tilbake" in str(message["Subject"]) for message in sink.messages] == [True]


def test_a_rule_that_was_off_says_nothing_of_what_happened_before_it_was_on(world: World) -> None:
    add_position(world, "Anne", "0821")
    invite(world)
    with transaction() as session:
        for rule in session.scalars(sa.select(Rule).where(Rule.key == "invited")):
            rule.enabled_at = NOW + timedelta(hours=1)
    notice()
    assert list_mails() == []


def test_the_invited_without_an_answer_are_an_audience_of_rules_of_time(world: World) -> None:
    add_position(world, "Anne", "0821")
    add_position(world, "Berit", "0821")
    invite(world)
    do(actions.decline, the_invitation("Berit").id, words="")
    event_id = world.events["seminar"].id
    found = db.session.execute(select_recipients(Audience.INVITED, event_id=event_id, run_id=None, on=NOW.date()))
    assert [row.name for row in found] == ["Anne"]
