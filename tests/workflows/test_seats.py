"""What sign-ups are told as: delegations, places in the waiting list, offers; who gets which links."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from eventsys.events.models import EventSession
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.models import (
    Delegation,
    Question,
    QuestionVersion,
    Registration,
    RegistrationChange,
)
from eventsys.registrations.rules import Actor, Change, QuestionKind, Side, State
from eventsys.workflows import actions
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import MailCause
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING
from tests.workflows.seats import OWN, POST, Place, mail_to, mails, personal, registrars, seat
from tests.workflows.test_emails import entry, text_of


def sign_up_five(place: Place) -> list[Registration]:
    act = uuid.uuid4()
    with transaction() as session:
        return [
            seat(session, place, act_id=act, side=Side.ADMINISTRATION),
            seat(session, place, "Ola Hansen", act_id=act, email="ola@bo.example"),
            seat(session, place, "", act_id=act, side=Side.POLITICIAN),
            seat(session, place, "Per Olsen", act_id=act, state=State.WAITING),
            seat(session, place, "Anne Berg", act_id=act, state=State.WAITING, email="anne@bo.example"),
        ]


def test_who_signs_up_five_gets_one_mail_that_lists_them_and_those_with_an_address_their_own(
    app: Flask, sink: Sink, place: Place
) -> None:
    kari, ola, _unnamed, per, anne = sign_up_five(place)
    tick_until_idle(app)
    assert sorted(mails(sink)) == [
        ("anne@bo.example", "du står på venteliste"),
        ("ola@bo.example", "du er meldt på"),
        (POST, "påmeldingen er mottatt"),
    ]
    text = text_of(mail_to(sink, POST))
    base = "http://127.0.0.1:5000"
    assert (
        f"""
Slik står det nå:
- Kari Nordmann, Bø (Telemark) – bekreftet plass: {base}{personal(kari)}
- Ola Hansen, Bø (Telemark) – bekreftet plass
- ikke navngitt (Bø (Telemark), politiker) – bekreftet plass
- Per Olsen, Bø (Telemark) – på venteliste, nummer 1: {base}{personal(per)}
- Anne Berg, Bø (Telemark) – på venteliste, nummer 2
"""
        in text
    )
    assert f"Se og endre alle plassene:\n{base}{registrars(place.delegation)}\n" in text
    assert (personal(ola) in text, personal(anne) in text) == (False, False)
    named = text_of(mail_to(sink, "ola@bo.example"))
    assert "Berit Registrator har meldt deg på Læringsseminar 2." in named
    assert f"{base}{personal(ola)}\n" in named
    assert registrars(place.delegation) not in named
    assert "Nummer på listen: 2\n" in text_of(mail_to(sink, "anne@bo.example"))


def test_the_registrars_mail_has_a_calendar_entry_only_where_a_seat_is_the_registrars_own(
    app: Flask, sink: Sink, place: Place
) -> None:
    sign_up_five(place)
    tick_until_idle(app)
    assert entry(mail_to(sink, POST)) is None
    sink.raw.clear()
    with transaction() as session:
        berit = seat(session, place, "Berit Registrator", act_id=uuid.uuid4())
        session.get_one(Delegation, place.delegation.id).registrar_id = berit.person_id
    tick_until_idle(app)
    found = entry(mail_to(sink, POST)) or {}
    assert (found["method"], found["attendee"]) == ("REQUEST", f"mailto:{POST}")


def test_an_act_larger_than_a_batch_is_one_mail_with_every_seat(app: Flask, place: Place) -> None:
    act = uuid.uuid4()
    with transaction() as session:
        rows.register(session, place.first, email="a@kommune.example")
        for number in range(205):
            seat(session, place, f"Delegat {number}", act_id=act)
    with transaction() as session:
        assert actions.notice_changes(session, now=MORNING) == 206
    told = sa.select(OutboxMessage.template, sa.func.count()).join(MailCause, MailCause.outbox_id == OutboxMessage.id)
    found = db.session.execute(told.group_by(OutboxMessage.id).order_by(OutboxMessage.id)).all()
    assert [tuple(row) for row in found] == [("confirmed", 1), ("delegation", 205)]


def test_the_rest_of_an_act_comes_into_the_mail_that_waits_and_else_into_its_own(
    app: Flask, sink: Sink, place: Place
) -> None:
    act = uuid.uuid4()
    for expected in (["delegation"], ["delegation"], ["delegation", "delegation"]):
        with transaction() as session:
            seat(session, place, f"Delegat {uuid.uuid4().hex[:4]}", act_id=act)
        with transaction() as session:
            actions.notice_changes(session, now=MORNING)
        assert list(db.session.scalars(sa.select(OutboxMessage.template))) == expected
        if db.session.scalar(sa.select(sa.func.count()).select_from(MailCause)) == 2:
            tick_until_idle(app)
    with transaction() as session:
        session.execute(sa.update(RegistrationChange).values(noticed_at=None))
        assert actions.notice_changes(session, now=MORNING) == 3
    assert len(list(db.session.scalars(sa.select(MailCause.id)))) == 3


def test_who_shares_an_address_is_told_of_an_act_in_one_mail(app: Flask, sink: Sink, place: Place) -> None:
    act = uuid.uuid4()
    with transaction() as session:
        found = [seat(session, place, name, state=State.WAITING, noticed=True) for name in ("Kari", "Ola", "")]
        for one in found:
            rows.move(session, one, Change.PROMOTED, State.CONFIRMED, actor=Actor.SYSTEM, act_id=act)
    tick_until_idle(app)
    assert mails(sink) == [(POST, "du har fått plass")]
    text = text_of(mail_to(sink, POST))
    assert "Påmeldt: Kari, Bø (Telemark); Ola, Bø (Telemark); ikke navngitt (Bø (Telemark))\n" in text
    links = [personal(found[0]), personal(found[1]), registrars(place.delegation)]
    assert re.findall(r"http://127\.0\.0\.1:5000(/(?:reg|del)\S+)", text) == links


def test_a_seat_that_is_named_is_its_persons_to_fill_in(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        for name, email in (("Kari Nordmann", OWN), ("Ola Hansen", POST)):
            one = seat(session, place, name, noticed=True, email=email)
            rows.change(session, one, Change.NAMED, State.CONFIRMED, actor=Actor.REGISTRAR)
    tick_until_idle(app)
    assert mails(sink) == [(OWN, "du er meldt på")]
    assert (entry(mail_to(sink, OWN)) or {})["method"] == "REQUEST"


def test_who_waits_is_told_the_place_in_the_list_and_the_rule(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        rows.register(session, place.first, email="a@kommune.example", state=State.WAITING, noticed=True)
        rows.register(session, place.first, email=OWN, state=State.WAITING, now=MORNING + timedelta(seconds=1))
    rows.set_clock(MORNING + timedelta(minutes=1))
    tick_until_idle(app)
    text = text_of(mail_to(sink, OWN))
    assert "Nummer på listen: 2\n" in text
    assert "går de til den neste på listen, og gruppen beholder nummeret sitt." in text


def test_an_offer_says_until_when_and_its_end_that_it_is_over(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN, state=State.WAITING, noticed=True)
        rows.move(session, one, Change.OFFERED, State.OFFERED, actor=Actor.SYSTEM)
    tick_until_idle(app)
    offer = mail_to(sink, OWN, "du kan få plass")
    assert "Svar innen: onsdag 20. august 2008, kl. 08.00\n" in text_of(offer)
    assert entry(offer) is None
    with transaction() as session:
        rows.move(session, session.get_one(Registration, one.id), Change.LAPSED, State.CANCELLED, actor=Actor.SYSTEM)
    tick_until_idle(app)
    lapsed = mail_to(sink, OWN, "fristen for å svare er ute")
    assert entry(lapsed) is None


def test_a_place_that_was_offered_and_taken_is_confirmed(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        one = rows.register(session, place.first, email=OWN, state=State.OFFERED, noticed=True)
        rows.move(session, one, Change.PROMOTED, State.CONFIRMED)
    tick_until_idle(app)
    assert mails(sink) == [(OWN, "plassen er bekreftet")]


def test_what_there_was_no_room_for_is_told_by_its_name(app: Flask, sink: Sink, place: Place) -> None:
    with transaction() as session:
        tour = EventSession(
            organiser_id=place.event.organiser_id, event_id=place.event.id, run_id=place.first.id,
            title={"nb": "Omvisning"}, chosen=True,
        )  # fmt: skip
        question = Question(
            organiser_id=place.event.organiser_id, event_id=place.event.id, kind=QuestionKind.SOME_OF, position=1
        )
        session.add_all([tour, question])
        session.flush()
        session.add(QuestionVersion(question_id=question.id, number=1, label={"nb": "Kurs"}, at=MORNING))
        dropped = [f"session:{tour.public_id}", f"question:{question.public_id}", "night:2008-09-01"]
        one = rows.register(session, place.first, email=OWN, state=State.WAITING, noticed=True)
        rows.move(session, one, Change.PROMOTED, State.CONFIRMED, actor=Actor.SYSTEM, facts={"dropped": dropped})
        other = rows.register(session, place.first, email="a@kommune.example", state=State.WAITING, noticed=True)
        rows.move(session, other, Change.PROMOTED, State.CONFIRMED, actor=Actor.SYSTEM)
    tick_until_idle(app)
    text = "Til dette ble det ikke plass:\n- Omvisning\n- Kurs\n- natten til tirsdag 2. september 2008\n"
    assert text in text_of(mail_to(sink, OWN))
    assert "ikke plass" not in text_of(mail_to(sink, "a@kommune.example"))
