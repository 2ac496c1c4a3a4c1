"""What is kept about people is erased when its time is over, in every table, and not a day before."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from eventsys import clock, jobs
from eventsys.extensions import Base, db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.returns import actions as returns
from eventsys.mailing.returns import rules
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Person
from eventsys.registrations import actions
from eventsys.registrations.models import Registration, UnionPosition
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
