"""What a contract asks for by a day: who is reminded when, in which language, and how often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.events.bookings.deadlines import actions
from eventsys.events.bookings.deadlines.jobs import remind_of_deadlines
from eventsys.events.bookings.deadlines.queries import list_deadlines, list_open_deadlines
from eventsys.events.bookings.deadlines.rules import DeadlineFacts, find_reminder
from eventsys.events.models import ContractDeadline, Event, EventContact
from eventsys.events.rules import DeadlineKind, EventStatus
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from tests.accounts.people import add_account
from tests.events.rooms import Hotel, arrange, exact, hotel

MADE = datetime(2008, 8, 1, 8, tzinfo=UTC)
DUE = date(2008, 9, 1)
FACTS = DeadlineFacts(DeadlineKind.BEDS, DUE, 7, "40 rom")


@pytest.fixture
def plaza(app: Flask) -> Hotel:
    with transaction() as session:
        clock.set_to(session, MADE)
        made = hotel(session)
    add_account("eier@program.example", made.secretariat, name="Eieren", role=MemberRole.OWNER)
    return made


def write_down(plaza: Hotel, *, event: Event | None = None, account: Account | None = None) -> ContractDeadline:
    with transaction() as session:
        return actions.add(
            session, organiser_id=plaza.secretariat, venue_id=plaza.venue, event_id=event.id if event else None,
            facts=FACTS, account_id=account.id if account else None, now=MADE,
        )  # fmt: skip


def remind(app: Flask, *moment: int) -> list[tuple[str, str]]:
    """What the worker's turn at that moment, in UTC, puts in the outbox, as (address, subject)."""
    with transaction() as session:
        clock.set_to(session, datetime(2008, *moment, tzinfo=UTC))
        known = set(session.scalars(sa.select(OutboxMessage.id)))
    remind_of_deadlines(app)
    db.session.rollback()
    rows = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.email, row.subject or "") for row in rows if row.id not in known]


@pytest.mark.parametrize(
    "on, made_on, expected",
    [
        (date(2008, 8, 24), date(2008, 8, 1), None),
        (date(2008, 8, 25), date(2008, 8, 1), date(2008, 8, 25)),
        (date(2008, 8, 30), date(2008, 8, 1), date(2008, 8, 25)),
        (date(2008, 8, 30), date(2008, 8, 25), None),
        (DUE, date(2008, 8, 30), DUE),
        (DUE + timedelta(days=1), date(2008, 8, 1), None),
    ],
)
def test_a_deadline_is_reminded_of_some_days_before_and_on_its_day(
    on: date, made_on: date, expected: date | None
) -> None:
    assert find_reminder(DUE, 7, made_on=made_on, on=on) == expected


def test_one_mail_goes_out_a_week_before_and_one_on_the_day(app: Flask, plaza: Hotel) -> None:
    write_down(plaza)
    assert remind(app, 8, 25, 5) == []
    assert [email for email, _subject in remind(app, 8, 25, 6)] == ["eier@program.example"]
    assert remind(app, 8, 25, 7) + remind(app, 8, 30, 7) == []
    assert [email for email, _subject in remind(app, 9, 1, 7)] == ["eier@program.example"]
    assert remind(app, 9, 1, 20) + remind(app, 9, 2, 7) == []


def test_the_mail_says_what_where_and_when_in_the_readers_language(app: Flask, plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Kvalitetskonferanse", exact(plaza, None, 10, 15))
    adviser = add_account("en@program.example", plaza.secretariat, language="en")
    made = write_down(plaza, event=event, account=adviser)
    remind(app, 8, 25, 7)
    row = db.session.scalars(sa.select(OutboxMessage)).one()
    assert (row.email, row.language, row.organiser_id, row.template) == (
        "en@program.example", "en", plaza.secretariat, "contract_deadline",
    )  # fmt: skip
    assert row.subject == "Release of hotel rooms: deadline Monday 1 September 2008, Oslo Plaza"
    text = row.text or ""
    assert [part in text for part in ("Kvalitetskonferanse", "40 rom", f"/manage/deadlines/{made.public_id}/edit")] == [
        True, True, True,
    ]  # fmt: skip


def test_the_people_of_the_event_are_told_before_who_wrote_it_down_before_everybody(app: Flask, plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Kvalitetskonferanse", exact(plaza, None, 10, 15))
    contact, writer = (add_account(f"{name}@program.example", plaza.secretariat) for name in ("kontakt", "skriver"))
    with transaction() as session:
        session.add(
            EventContact(organiser_id=plaza.secretariat, event_id=event.id, account_id=contact.id, name="Kontakten")
        )
    write_down(plaza, event=event, account=writer)
    assert [email for email, _subject in remind(app, 8, 25, 7)] == ["kontakt@program.example"]
    with transaction() as session:
        session.execute(sa.delete(Membership).where(Membership.account_id == contact.id))
    assert [email for email, _subject in remind(app, 9, 1, 7)] == ["skriver@program.example"]


def test_what_is_done_cancelled_or_taken_away_is_not_reminded_of(app: Flask, plaza: Hotel) -> None:
    event = arrange(plaza, plaza.secretariat, "Kvalitetskonferanse", exact(plaza, None, 10, 15))
    done, _cancelled, gone = write_down(plaza), write_down(plaza, event=event), write_down(plaza)
    with transaction() as session:
        assert actions.set_done(session, session.get_one(ContractDeadline, done.id), is_done=True, now=MADE)
        assert not actions.set_done(session, session.get_one(ContractDeadline, done.id), is_done=True, now=MADE)
        session.get_one(Event, event.id).status = EventStatus.CANCELLED
        actions.remove(session, session.get_one(ContractDeadline, gone.id))
    assert remind(app, 8, 25, 7) + remind(app, 9, 1, 7) == []


def test_a_deadline_that_is_moved_is_reminded_of_again(app: Flask, plaza: Hotel) -> None:
    made = write_down(plaza)
    assert len(remind(app, 8, 25, 7)) == 1
    with transaction() as session:
        row = session.get_one(ContractDeadline, made.id)
        facts = DeadlineFacts(DeadlineKind.BEDS, DUE + timedelta(days=7), 7)
        actions.edit(session, row, venue_id=plaza.venue, event_id=None, facts=facts)
    assert remind(app, 8, 26, 7) == []
    assert len(remind(app, 9, 1, 7)) == 1


def test_lists_have_the_open_ones_first_and_nobody_elses(app: Flask, plaza: Hotel) -> None:
    first, second = write_down(plaza), write_down(plaza)
    with transaction() as session:
        actions.set_done(session, session.get_one(ContractDeadline, first.id), is_done=True, now=MADE)
    session = db.session()
    assert [row.deadline.id for row in list_deadlines(session, plaza.secretariat)] == [second.id, first.id]
    assert [row.deadline.id for row in list_open_deadlines(session, plaza.secretariat)] == [second.id]
    assert list_open_deadlines(session, plaza.secretariat, until=DUE - timedelta(days=1)) == []
    assert list_deadlines(session, plaza.unio) == list_open_deadlines(session, plaza.unio) == []
