"""What changes, cancellations and requests are told as, and what a yes or a no is."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import transaction
from eventsys.registrations.models import (
    ChangeRequest,
    Registration,
    RegistrationChange,
)
from eventsys.registrations.rules import Actor, Asked, Change, Decision, State
from eventsys.workflows.jobs import tick_until_idle
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING
from tests.workflows.seats import OWN, START, Place, entries, mail_to, mails, move_to, personal
from tests.workflows.test_emails import entry, text_of


@pytest.mark.parametrize(
    ("what", "before", "subject", "method"),
    [
        (Change.CHANGED, State.CONFIRMED, "påmeldingen er endret", None),
        (Change.RESTORED, State.CANCELLED, "påmeldingen gjelder igjen", "REQUEST"),
    ],
)
def test_what_is_changed_or_stands_again_is_told(
    app: Flask, sink: Sink, place: Place, what: Change, before: State, subject: str, method: str | None
) -> None:
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN, state=before, noticed=True)
        rows.move(session, one, what, State.CONFIRMED, actor=Actor.ORGANISER)
    tick_until_idle(app)
    assert [(m["Subject"], (entry(m) or {}).get("method")) for m in sink.messages] == [(START + subject, method)]


def test_why_an_organiser_cancelled_is_told_and_nothing_where_no_reason_was_given(
    app: Flask, sink: Sink, place: Place
) -> None:
    with transaction() as session:
        for email, why in ((OWN, "Salen er mindre enn vi trodde."), ("a@kommune.example", None)):
            one = rows.register(session, place.first, email=email, noticed=True)
            rows.move(session, one, Change.CANCELLED, State.CANCELLED, actor=Actor.ORGANISER, why=why)
    tick_until_idle(app)
    assert "Begrunnelse:\n- Salen er mindre enn vi trodde.\n" in text_of(mail_to(sink, OWN))
    assert "Begrunnelse" not in text_of(mail_to(sink, "a@kommune.example"))


def ask(session: Any, place: Place, asked: Asked, **more: Any) -> tuple[Registration, ChangeRequest]:
    one = rows.register(session, place.first, email=OWN, organisation=place.bo, noticed=True)
    request = ChangeRequest(
        registration_id=one.id, organiser_id=one.organiser_id, asked=asked, words="Vi er {for} få.", at=MORNING, **more
    )
    session.add(request)
    session.flush()
    rows.change(session, one, Change.ASKED, State.CONFIRMED)
    return one, request


def test_an_organiser_is_told_what_is_asked_for_in_its_own_words(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        one, _request = ask(session, place, Asked.MOVE, run_id=place.second.id)
    tick_until_idle(app)
    assert mails(sink) == [("post@sekretariatet.example", "noen venter på svar")]
    text = text_of(sink.messages[0])
    assert "Kari Nordmann, Bø (Telemark) ber om å bytte til 2.–3. september." in text
    assert "Skriver:\n- Vi er {for} få.\n" in text
    assert personal(one) not in text


def test_what_is_decided_already_is_not_asked_any_more_and_a_no_is_told(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        one, request = ask(session, place, Asked.HAND_OVER)
        request.decision, request.decided_at = Decision.DECLINED, MORNING
        rows.change(session, one, Change.ANSWERED, State.CONFIRMED, actor=Actor.ORGANISER)
    tick_until_idle(app)
    assert mails(sink) == [(OWN, "svar fra arrangøren")]
    assert "Du ba om å gi plassen til en kollega. Arrangøren svarer nei.\n" in text_of(sink.messages[0])


def test_a_yes_that_was_carried_out_is_told_as_what_was_done(app: Flask, sink: Sink, place: Place) -> None:
    act = uuid.uuid4()
    with transaction() as session:
        one, request = ask(session, place, Asked.MOVE, run_id=place.second.id)
        request.decision, request.decided_at = Decision.ACCEPTED, MORNING
        move_to(session, one, place.second, act_id=act, actor=Actor.ORGANISER)
        rows.change(session, one, Change.ANSWERED, State.CONFIRMED, actor=Actor.ORGANISER, act_id=act)
    tick_until_idle(app)
    assert [subject.rpartition(": ")[2] for _to, subject in mails(sink)] == [
        "denne datoen gjelder ikke lenger",
        "du har fått ny dato",
    ]


def test_a_yes_to_cancelling_is_a_cancellation_with_its_calendar_part(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        one, request = ask(session, place, Asked.CANCEL)
        request.decision, request.decided_at = Decision.ACCEPTED, MORNING
        rows.move(session, one, Change.CANCELLED, State.CANCELLED, actor=Actor.ORGANISER)
        session.execute(
            sa.update(RegistrationChange)
            .where(RegistrationChange.change == Change.CANCELLED)
            .values(noticed_at=MORNING)
        )
        rows.change(session, one, Change.ANSWERED, State.CONFIRMED, actor=Actor.ORGANISER)
    tick_until_idle(app)
    assert mails(sink) == [(OWN, "du er avmeldt")]
    assert entries(sink) == [(str(place.first.uid), "CANCEL", 1)]
