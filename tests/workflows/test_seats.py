"""What changes of seats are told as: delegations, offers, moves, places given away, requests; who gets which links."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.events.models import Event, EventSession, Run
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.registrations.models import (
    ChangeRequest,
    Delegation,
    Question,
    QuestionVersion,
    Registration,
    RegistrationChange,
)
from eventsys.registrations.rules import Actor, Asked, Change, Decision, QuestionKind, Side, State
from eventsys.tokens import Purpose, capability
from eventsys.workflows import actions
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import MailCause, Occasion, Rule
from eventsys.workflows.rules import Audience
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING
from tests.workflows.test_emails import entry, text_of

START = "Læringsseminar 2, 1.–2. september: "
OWN, POST = "kari@bo.example", "post@bo.example"


class Place:
    """An event with two runs, and a delegation of Bø whose registrar has an address of her own."""

    def __init__(self) -> None:
        with transaction() as session:
            self.event: Event = rows.add_event(session, rows.add_organiser(session), closes_on=date(2008, 8, 25))
            self.first: Run = rows.add_run(session, self.event, venue=rows.add_venue(session))
            self.second: Run = rows.add_run(session, self.event, **rows.days(date(2008, 9, 2), date(2008, 9, 3)))
            self.bo: Organisation = rows.add_organisation(session, "Bø (Telemark)")
            self.delegation: Delegation = rows.add_delegation(session, self.event, self.bo)


@pytest.fixture
def place(app: Flask, sink: Sink) -> Place:
    rows.set_clock(MORNING)
    return Place()


def seat(session: Any, place: Place, name: str = "Kari Nordmann", **more: Any) -> Registration:
    values = {"email": POST, "delegation": place.delegation, "organisation": place.bo, **more}
    return rows.register(session, place.first, name=name, **values)


def mails(sink: Sink) -> list[tuple[str, str]]:
    """To whom and what, in the order in which they came; the name and days that all begin with are left out."""
    return [(to, str(m["Subject"]).removeprefix(START)) for to, m in zip(sink.recipients, sink.messages, strict=True)]


def mail_to(sink: Sink, address: str, subject: str = "") -> EmailMessage:
    [found] = [
        message
        for to, message in zip(sink.recipients, sink.messages, strict=True)
        if to == address and subject in message["Subject"]
    ]
    return found


def personal(registration: Registration, version: int = 0) -> str:
    return f"/registrations/{capability(Purpose.REGISTRATION, registration.public_id, version)}"


def registrars(delegation: Delegation) -> str:
    return f"/delegations/{capability(Purpose.DELEGATION, delegation.public_id, 0)}"


# --- delegations ----------------------------------------------------------------------------------------------------------


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


# --- the waiting list -----------------------------------------------------------------------------------------------------


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


# --- moved and handed over ------------------------------------------------------------------------------------------------


def move_to(session: Any, one: Registration, run: Run, **more: Any) -> None:
    left, one.run_id = one.run_id, run.id
    session.flush()
    rows.change(session, one, Change.MOVED, one.state, from_run_id=left, **more)


def entries(sink: Sink) -> list[tuple[str, str, int]]:
    found = [entry(message) for message in sink.messages]
    return [(one["uid"], one["method"], one["sequence"]) for one in found if one is not None]


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


# --- changed, restored, asked for -----------------------------------------------------------------------------------------


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


# --- who has not said who comes -------------------------------------------------------------------------------------------


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
