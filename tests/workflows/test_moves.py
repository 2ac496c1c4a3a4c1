"""What moves and places given away are told as, with what goes out of whose calendar."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.models import (
    Registration,
)
from eventsys.registrations.rules import Change, State
from eventsys.workflows import actions
from eventsys.workflows.jobs import tick_until_idle
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING
from tests.workflows.seats import OWN, Place, entries, mails, move_to, personal
from tests.workflows.test_emails import entry, text_of


def test_who_is_moved_is_taken_out_of_the_calendar_of_the_old_date_and_into_the_new(
    app: Flask, sink: Sink, place: Place
) -> None:
    first, second = str(place.first.uid), str(place.second.uid)
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN, noticed=True)
        move_to(session, one, place.second)
    tick_until_idle(app)
    assert mails(sink) == [
        (OWN, "denne datoen gjelder ikke lenger"),
        (OWN, "Læringsseminar 2, 2.–3. september: du har fått ny dato"),
    ]
    assert entries(sink) == [(first, "CANCEL", 1), (second, "REQUEST", 0)]
    text = text_of(sink.messages[1])
    assert "Tid: tirsdag 2. september 2008, kl. 10.00 – onsdag 3. september 2008, kl. 15.00\n" in text
    assert "Før: mandag 1. september 2008, kl. 10.00 – tirsdag 2. september 2008, kl. 15.00; Hotell Fjord\n" in text
    with transaction() as session:
        move_to(session, session.get_one(Registration, one.id), place.first)
    tick_until_idle(app)
    assert entries(sink)[2:] == [(second, "CANCEL", 1), (first, "REQUEST", 2)]


def test_who_is_moved_there_and_back_before_anybody_noticed_keeps_the_date(
    app: Flask, sink: Sink, place: Place
) -> None:
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN, noticed=True)
        move_to(session, one, place.second)
        move_to(session, one, place.first)
    tick_until_idle(app)
    assert entries(sink) == [
        (str(place.second.uid), "CANCEL", 1),
        (str(place.first.uid), "REQUEST", 2),
    ]


def test_who_only_waited_is_told_of_the_new_date_alone(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN, state=State.WAITING, noticed=True)
        move_to(session, one, place.second)
    tick_until_idle(app)
    assert [(m["Subject"], entry(m)) for m in sink.messages] == [
        ("Læringsseminar 2, 2.–3. september: du har fått ny dato", None)
    ]
    assert "Status: på venteliste, nummer 1\n" in text_of(sink.messages[0])


def hand_over(session: Any, one: Registration, name: str, email: str) -> None:
    facts = {"to": one.email, "name": one.name}
    one.person_id = rows.add_person(session, name, email).id
    one.name, one.email, one.email_key = name, email, email
    one.link_version += 1
    session.flush()
    rows.change(session, one, Change.HANDED_OVER, one.state, facts=facts)


def test_who_gives_a_place_away_is_told_without_any_link_to_it(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN, organisation=place.bo)
    tick_until_idle(app)
    sink.raw.clear()
    with transaction() as session:
        hand_over(session, session.get_one(Registration, one.id), "Ola Hansen", "ola@bo.example")
    tick_until_idle(app)
    assert mails(sink) == [(OWN, "plassen er gitt videre"), ("ola@bo.example", "plassen til en kollega er din")]
    gone, came = sink.messages
    assert "/registrations/" not in text_of(gone)
    assert "Ola" not in text_of(gone)
    assert f"{personal(one, 1)}\n" in text_of(came)
    assert [(entry(m) or {})["method"] for m in (gone, came)] == ["CANCEL", "REQUEST"]
    assert [(entry(m) or {})["attendee"] for m in (gone, came)] == [f"mailto:{OWN}", "mailto:ola@bo.example"]
    assert [(entry(m) or {})["sequence"] for m in (gone, came)] == [1, 0]
    with transaction() as session:
        rows.register(session, place.first, email=OWN)
    tick_until_idle(app)
    assert (entry(sink.messages[2]) or {})["sequence"] == 2


def test_a_mail_that_waits_is_not_sent_to_one_whose_place_is_anothers_meanwhile(
    app: Flask, sink: Sink, place: Place
) -> None:
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN)
        actions.notice_changes(session, now=MORNING)
        hand_over(session, one, "Ola Hansen", "ola@bo.example")
    tick_until_idle(app)
    assert mails(sink) == [(OWN, "plassen er gitt videre"), ("ola@bo.example", "plassen til en kollega er din")]
    answers = sa.select(OutboxMessage.answer).where(OutboxMessage.template == "confirmed")
    assert db.session.scalars(answers).all() == ["the registration has changed since"]


def test_nobody_is_told_who_left_no_address(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN, noticed=True)
        rows.change(session, one, Change.HANDED_OVER, State.CONFIRMED)
    tick_until_idle(app)
    assert mails(sink) == [(OWN, "plassen til en kollega er din")]
