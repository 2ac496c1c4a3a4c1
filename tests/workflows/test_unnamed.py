"""Registrars are reminded of seats without a name while there are any; who came gets the certificate."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask

from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.models import (
    Registration,
)
from eventsys.registrations.rules import Side, State
from eventsys.workflows import actions
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rules import Audience
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING
from tests.workflows.seats import OWN, POST, Place, mail_to, mails, personal, registrars, seat
from tests.workflows.test_emails import text_of


def unnamed(place: Place) -> None:
    with transaction() as session:
        session.get_one(Event, place.event.id).names_by = date(2008, 8, 22)
        seat(session, place, noticed=True)
        for run, side in ((place.first, Side.POLITICIAN), (place.second, Side.ADMINISTRATION)):
            rows.register(
                session, run, name="", email=POST, delegation=place.delegation, organisation=place.bo, side=side,
                noticed=True,
            )  # fmt: skip
        actions.plan(session, now=MORNING - timedelta(days=30))


def test_a_registrar_is_reminded_of_seats_without_a_name_until_they_have_one(
    app: Flask, sink: Sink, place: Place
) -> None:
    unnamed(place)
    rows.set_clock(rows.at("2008-08-20 09:00"))
    tick_until_idle(app)
    [message] = [m for m in sink.messages if "hvem kommer?" in m["Subject"]]
    assert message["To"] == f"Berit Registrator <{POST}>"
    text = text_of(message)
    assert (
        """
Plasser uten navn:
- ikke navngitt (Bø (Telemark), politiker) – bekreftet plass
- ikke navngitt (Bø (Telemark), administrasjon) – bekreftet plass
"""
        in text
    )
    assert "Siste dag for å si hvem som kommer: fredag 22. august 2008\n" in text
    assert f"Si hvem som kommer:\nhttp://127.0.0.1:5000{registrars(place.delegation)}\n" in text


def test_who_has_said_it_meanwhile_is_not_reminded(app: Flask, sink: Sink, place: Place) -> None:
    unnamed(place)
    rows.set_clock(rows.at("2008-08-20 09:00"))
    with transaction() as session:
        actions.expand(session, now=rows.at("2008-08-20 09:00"))
        person = rows.add_person(session, "Ola Hansen", POST)
        session.execute(sa.update(Registration).where(Registration.name == "").values(person_id=person.id, name="Ola"))
    tick_until_idle(app)
    assert mails(sink) == []
    answers = sa.select(OutboxMessage.answer).where(OutboxMessage.template == "unnamed")
    assert db.session.scalars(answers).all() == ["the registration has changed since"]


def test_nobody_is_reminded_of_names_when_the_last_day_has_passed(app: Flask, sink: Sink, place: Place) -> None:
    unnamed(place)
    with transaction() as session:
        actions.expand(session, now=rows.at("2008-08-20 09:00"))
    rows.set_clock(rows.at("2008-08-23 09:00"))
    tick_until_idle(app)
    answers = sa.select(OutboxMessage.answer).where(OutboxMessage.template == "unnamed")
    assert db.session.scalars(answers).all() == ["the last day to name people had passed"]


def test_without_a_day_of_its_own_names_are_due_when_registration_closes(app: Flask, place: Place) -> None:
    unnamed(place)
    for names_by, expected in ((None, ["2008-08-18", "2008-08-22"]), (date(2008, 8, 29), ["2008-08-22", "2008-08-27"])):
        with transaction() as session:
            session.get_one(Event, place.event.id).names_by = names_by
            session.flush()
            actions.plan_event(session, place.event.id, now=MORNING - timedelta(days=30))
        planned = db.session.scalars(
            sa.select(Occasion.due_at)
            .join(Rule, Rule.id == Occasion.rule_id)
            .where(Rule.audience == Audience.UNNAMED)
            .order_by(Occasion.due_at)
        )
        assert [f"{one:%Y-%m-%d}" for one in planned] == expected


def test_who_came_gets_the_certificate_with_the_thanks(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN, state=State.ATTENDED, noticed=True)
        actions.plan(session, now=MORNING)
    rows.set_clock(rows.at("2008-09-03 09:00"))
    tick_until_idle(app)
    assert f"Last ned deltakerbevis:\nhttp://127.0.0.1:5000{personal(one)}/certificate\n" in text_of(mail_to(sink, OWN))
