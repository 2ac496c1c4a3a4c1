"""What is kept about people is erased when its time is over, in every table, and not a day before."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from eventsys import clock, jobs
from eventsys.events.models import EventSession, Run
from eventsys.events.rules import Precision, RunStatus
from eventsys.extensions import Base, db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.returns import actions as returns
from eventsys.mailing.returns import rules
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Person, Position
from eventsys.organisations.rules import PositionRole
from eventsys.registrations import actions
from eventsys.registrations.models import (
    AnswerFile,
    ChangeRequest,
    Delegation,
    PlainAnswer,
    Question,
    QuestionVersion,
    Registration,
    RegistrationChange,
    SensitiveAnswer,
    SessionSeat,
    UnionPosition,
)
from eventsys.registrations.rules import Actor, Asked, Change, QuestionKind, State
from eventsys.workflows.erasure import erase_expired
from eventsys.workflows.models import MailCause
from tests.mailing.returns.samples import report
from tests.world import NOW, World, build, somebody

MARK = "sletteprøve"


def sign_up(world: World) -> None:
    with transaction() as session:
        facts = {"name": f"Kari {MARK}", "email": f"{MARK}@kommune.example"}
        actions.register(session, somebody(world, 1, **facts), now=NOW)
        union = {"side": None, "union_id": world.unions[0], "run_id": world.run_id("unio"), "form_token": "u"}
        actions.register(session, somebody(world, 2, **{**facts, **union}), now=NOW)


def erase(days: int) -> dict[str, int]:
    with transaction() as session:
        return erase_expired(session, now=NOW + timedelta(days=days), real_now=clock.real_now())


def find_marks() -> set[str]:
    """The tables in which the person can still be found, whatever the column."""
    db.session.rollback()
    return {
        table.name
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
        if MARK in " ".join(map(str, row)).casefold()
    }


def test_two_years_after_the_event_nothing_is_left_that_names_the_person(app: Flask) -> None:
    world = build()
    sign_up(world)
    jobs.tick(app)
    assert find_marks() == {"people", "registrations", "outbox"}
    erase(700)
    assert find_marks() == {"people", "registrations", "outbox"}
    erase(900)
    assert find_marks() == set()


def test_what_was_called_off_before_it_had_a_day_is_over_two_years_after(app: Flask) -> None:
    world = build()
    sign_up(world)
    jobs.tick(app)
    nothing: dict[str, Any] = dict.fromkeys(
        ("first_on", "last_on", "starts_local", "ends_local", "starts_at", "ends_at")
    )
    with transaction() as session:
        session.execute(sa.update(Run).values(**nothing, precision=Precision.UNKNOWN))
    erase(900)
    assert find_marks() == {"people", "registrations", "outbox"}
    with transaction() as session:
        session.execute(sa.update(Run).values(status=RunStatus.CANCELLED, cancelled_at=NOW))
    erase(700)
    assert find_marks() == {"people", "registrations", "outbox"}
    erase(900)
    assert find_marks() == set()


def test_the_numbers_stay(app: Flask) -> None:
    world = build()
    sign_up(world)
    jobs.tick(app)
    before = [
        db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Registration, OutboxMessage, Person)
    ]
    erase(900)
    db.session.rollback()
    assert before == [
        db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Registration, OutboxMessage, Person)
    ]


def test_a_union_is_erased_fourteen_days_after_the_conference(app: Flask) -> None:
    world = build()
    sign_up(world)
    conference_ends = 102  # 28 November, from 18 August
    assert erase(conference_ends + 13)["unions"] == 0
    assert erase(conference_ends + 14)["unions"] == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UnionPosition)) == 0


def test_erasing_again_finds_nothing_more(app: Flask) -> None:
    world = build()
    sign_up(world)
    jobs.tick(app)
    erase(900)
    assert set(erase(900).values()) == {0}


def came_back(raw: bytes, public_id: uuid.UUID | None = None) -> None:
    to = f"bounce+{public_id.hex}@program.example" if public_id else ""
    returned = rules.read(raw, bounce_address="bounce@program.example", envelope_to=to)
    with transaction() as session:
        returns.take(session, returned, site_name="Programmet", address="post@program.example", now=NOW)


def test_what_came_back_goes_with_its_mail_and_so_does_the_block_of_the_address(app: Flask) -> None:
    world = build()
    sign_up(world)
    jobs.tick(app)
    with transaction() as session:
        mails = session.scalars(sa.select(OutboxMessage)).all()
        for mail in mails:
            mail.state, mail.sent_at = MailState.SENT, NOW
    for mail in mails:
        came_back(report(recipient=f"{MARK}@kommune.example", words=f"550 no {MARK} here"), mail.public_id)
    assert find_marks() == {"people", "registrations", "outbox", "returned_mails", "suppressions"}
    assert erase(700)["returned mails"] == 0
    counts = erase(900)
    assert (counts["returned mails"], counts["blocks"]) == (len(mails), 1)
    assert find_marks() == set()


def test_what_came_back_about_no_mail_of_ours_goes_after_three_months(app: Flask) -> None:
    build()
    came_back(f"From: {MARK}@kommune.example\r\nSubject: Hei\r\n\r\nHei".encode())
    assert (erase(90)["returned mails"], find_marks()) == (0, {"returned_mails"})
    assert (erase(91)["returned mails"], find_marks()) == (1, set())


def test_what_came_back_about_a_sign_in_mail_goes_with_it(app: Flask) -> None:
    world = build()
    with transaction() as session:
        number = outbox.enqueue(
            session, organiser_id=world.secretariat, reason_key="sign-in", template="sign_in", name="Kari",
            email=f"{MARK}@kommune.example", language="nb", due_at=NOW, now=NOW,
        )  # fmt: skip
        mail = session.get_one(OutboxMessage, number)
        mail.state, mail.sent_at = MailState.SENT, NOW
    came_back(report(recipient=f"{MARK}@kommune.example"), mail.public_id)
    counts = erase(31)
    assert [counts[name] for name in ("returned mails", "sign-in mails", "blocks")] == [1, 1, 1]
    assert find_marks() == set()


def test_a_mail_about_a_whole_event_is_kept_while_one_of_its_dates_is(app: Flask) -> None:
    world = build()
    with transaction() as session:
        number = outbox.enqueue(
            session, organiser_id=world.secretariat, reason_key="digest", template="digest", name="Kari",
            email="kari@secretariat.example", language="nb", due_at=NOW, now=NOW,
        )  # fmt: skip
        event = world.events["seminar"]
        session.add(MailCause(outbox_id=number, organiser_id=world.secretariat, event_id=event.id))
    erase(1)
    assert db.session.scalars(sa.select(OutboxMessage.name)).all() == ["Kari"]
    erase(900)
    db.session.rollback()
    assert db.session.scalars(sa.select(OutboxMessage.name)).all() == [""]


# --- seats, delegations, positions and what people wrote ------------------------------------------------------------------


class Written:
    """Somebody who has left a mark in every table that keeps what is told of people; a second seat has a number only."""

    def __init__(self, world: World) -> None:
        now, organiser_id, event = NOW, world.secretariat, world.events["seminar"]
        email = f"{MARK}@kommune.example"
        nobody = {"email": email, "email_key": email}
        with transaction() as session:
            run = session.get_one(Run, world.run_id("seminar"))
            self.last_on = run.last_on or date.max
            kari = Person(email_key=email, name_key=f"kari {MARK}", created_at=now)
            first = Person(email_key=f"first.{email}", name_key=f"first {MARK}", created_at=now)
            session.add_all([kari, first])
            session.flush()
            group = Delegation(
                organiser_id=organiser_id, event_id=event.id, organisation_id=world.municipalities["0821"],
                registrar_id=kari.id, name=f"Kari {MARK}", form_token="group", created_at=now, **nobody,
            )  # fmt: skip
            session.add(group)
            session.flush()
            seat = Registration(
                organiser_id=organiser_id, event_id=event.id, run_id=run.id, delegation_id=group.id, name="",
                state=State.CONFIRMED, queued_at=now, form_token="seat", created_at=now, **nobody,
            )  # fmt: skip
            session.add(seat)
            session.flush()
            self.seat_id = seat.id
            self._write(session, seat, run)
            positions = {"organisation_id": group.organisation_id, "role": PositionRole.CONTACT, "asked_at": now}
            session.add_all(
                [
                    Position(person_id=kari.id, name=f"Kari {MARK}", from_on=date(2008, 1, 1), to_on=date(2008, 9, 1),
                             confirmed_at=now, **positions, **nobody),
                    Position(person_id=kari.id, name=f"Kari {MARK}", from_on=date(2008, 2, 1), **positions, **nobody),
                ]
            )  # fmt: skip

    def _write(self, session: Session, seat: Registration, run: Run) -> None:
        event = {"organiser_id": seat.organiser_id, "event_id": seat.event_id}
        of_run = {**event, "run_id": run.id}
        change = {"registration_id": seat.id, "at": NOW, "to_state": State.CONFIRMED, "noticed_at": NOW}
        chosen = EventSession(**of_run, title={"nb": "Omvisning"}, chosen=True)
        session.add(chosen)
        session.add(
            RegistrationChange(
                **change, change=Change.HANDED_OVER, actor=Actor.REGISTRAR, facts={"to": f"{MARK}@x.example"}
            )
        )
        session.add(
            RegistrationChange(**change, change=Change.CANCELLED, actor=Actor.ORGANISER, why=f"Kari {MARK} er syk")
        )
        session.add(
            ChangeRequest(
                registration_id=seat.id, organiser_id=seat.organiser_id, asked=Asked.CANCEL, words=MARK, at=NOW
            )
        )
        session.flush()
        session.add(SessionSeat(registration_id=seat.id, session_id=chosen.id))
        for place, (table, days) in enumerate(((PlainAnswer, None), (PlainAnswer, 30), (SensitiveAnswer, 14))):
            question = Question(
                **event,
                kind=QuestionKind.SHORT_TEXT,
                position=place,
                sensitive=table is SensitiveAnswer,
                erase_days=days,
            )
            session.add(question)
            session.flush()
            version = QuestionVersion(question_id=question.id, number=1, label={"nb": "Spørsmål"}, at=NOW)
            session.add(version)
            session.flush()
            erase_on = self.last_on + timedelta(days=days) if days is not None else None
            answer = table(
                registration_id=seat.id, question_id=question.id, version_id=version.id, text=MARK, erase_on=erase_on
            )
            session.add(answer)
            session.flush()
            if table is PlainAnswer:
                session.add(AnswerFile(answer_id=answer.id, media_type="text/plain", size=4, content=MARK.encode()))


def test_what_has_a_day_of_its_own_goes_on_it_and_the_rest_with_the_registration(app: Flask) -> None:
    written = Written(build())
    after = (written.last_on - NOW.date()).days
    everywhere = {
        "people", "registrations", "delegations", "positions", "registration_changes", "change_requests", "answers",
        "sensitive_answers",
    }  # fmt: skip
    assert find_marks() == everywhere
    assert [erase(after + days)["sensitive answers"] for days in (13, 14)] == [0, 1]
    assert find_marks() == everywhere - {"sensitive_answers"}
    assert [erase(after + days)["answers"] for days in (29, 30)] == [0, 1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AnswerFile)) == 1
    assert find_marks() == everywhere - {"sensitive_answers"}
    erase(900)
    assert find_marks() == set()
    assert [db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (AnswerFile, SessionSeat)] == [0, 1]
    assert set(erase(900).values()) == {0}


def test_who_gave_a_place_away_is_forgotten_after_three_months(app: Flask) -> None:
    Written(build())
    first = sa.select(sa.func.count()).select_from(Person).where(Person.name_key == f"first {MARK}")
    given = sa.select(RegistrationChange.facts).where(RegistrationChange.change == Change.HANDED_OVER)
    erase(90)
    assert (db.session.scalar(first), db.session.scalar(given)) == (1, {"to": f"{MARK}@x.example"})
    counts = erase(91)
    db.session.rollback()
    assert (counts["given away"], db.session.scalar(first), db.session.scalar(given)) == (1, 0, {})


def test_a_contact_nobody_confirmed_goes_after_three_months_and_one_that_was_two_years_after_the_end(
    app: Flask,
) -> None:
    Written(build())
    assert [erase(days)["unconfirmed positions"] for days in (90, 91)] == [0, 1]
    assert [erase(days)["positions"] for days in (730, 760)] == [0, 1]
    db.session.rollback()
    assert [(row.name, row.email) for row in db.session.scalars(sa.select(Position))] == [("", "")]
