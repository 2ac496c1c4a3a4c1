"""Attendance of a whole run: everybody but some, taken back, and what a run says whose attendance was not taken."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import Account
from eventsys.events.models import Run
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import register
from eventsys.registrations.attendance.actions import mark, record_attendance, unrecord_attendance
from eventsys.registrations.attendance.queries import count_attendance
from eventsys.registrations.attendance.rules import Attendance, Recorded
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Change, State
from tests.accounts.people import add_account
from tests.statements import counted
from tests.world import World, somebody

PAGE = "/manage/events/laeringsseminar-2-pulje-ii/attendance"
DAY = datetime(2008, 9, 2, 14, tzinfo=UTC)
CAME, AWAY, EXPECTED, WAITING = State.ATTENDED, State.ABSENT, State.CONFIRMED, State.WAITING


@pytest.fixture
def ids(adviser: FlaskClient, world: World) -> list[int]:
    """Three with a place and one who waits; it is the afternoon of the second day."""
    made = []
    for number in range(1, 5):
        with transaction() as session:
            made.append(register(session, somebody(world, number), now=clock.now()).registration.id)
    with transaction() as session:
        clock.set_to(session, DAY)
    return made


@pytest.fixture
def account(world: World) -> Account:
    return add_account("second@program.example", world.secretariat)


def states() -> list[State]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Registration.state).order_by(Registration.id)))


def post(client: FlaskClient, world: World, absent: list[int], path: str = "") -> str:
    uid = world.events["seminar"].runs[0].uid
    address = PAGE.replace("/attendance", f"/runs/{uid}/attendance{path}")
    answer = client.post(address, data={"absent": [str(one) for one in absent]}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def record(world: World, account: Account, absent: list[int]) -> Recorded:
    with transaction() as session:
        run = session.get_one(Run, world.run_id("seminar"))
        return record_attendance(session, run, absent_ids=absent, account_id=account.id, now=clock.now())


def standing(world: World) -> Attendance:
    """As it is counted, at the minute."""
    db.session.rollback()
    found = count_attendance(db.session(), [world.run_id("seminar")])[world.run_id("seminar")]
    return replace(found, taken_at=found.taken_at and found.taken_at.replace(second=0, microsecond=0))


def ticked(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'name="absent" value="(\d+)" checked', page)]


def test_everybody_came_but_one_is_one_step(adviser: FlaskClient, world: World, ids: list[int]) -> None:
    page = post(adviser, world, [ids[1]])
    assert "Attendance is recorded: 2 came, 1 did not." in page
    assert (states(), standing(world)) == ([CAME, AWAY, CAME, WAITING], Attendance(3, 2, 1, DAY))
    acts = db.session.scalars(sa.select(RegistrationChange.act_id).where(RegistrationChange.at >= DAY)).all()
    assert (len(acts), len(set(acts)), None in acts) == (3, 1, False)


def test_recording_again_changes_only_what_is_different(world: World, ids: list[int], account: Account) -> None:
    made = [record(world, account, [ids[1]]), record(world, account, [ids[2]]), record(world, account, [ids[2]])]
    assert made == [Recorded(2, 1)] * 3
    changes = db.session.scalars(
        sa.select(RegistrationChange.change).where(RegistrationChange.registration_id == ids[0])
    ).all()
    assert (states(), changes) == ([CAME, CAME, AWAY, WAITING], [Change.REGISTERED, Change.ATTENDED])


def test_attendance_not_taken_after_all_keeps_the_marks_of_the_door(
    adviser: FlaskClient, world: World, ids: list[int], account: Account
) -> None:
    with transaction() as session:
        registration = session.get_one(Registration, ids[0])
        mark(session, registration, state=CAME, account_id=account.id, now=clock.now())
    record(world, account, [ids[1]])
    page = post(adviser, world, [], "/removal")
    assert "Attendance counts as not taken." in page
    assert (states(), standing(world)) == ([CAME, EXPECTED, EXPECTED, WAITING], Attendance(3, 1, 0, None))
    with transaction() as session:
        run = session.get_one(Run, world.run_id("seminar"))
        unrecord_attendance(session, run, account_id=account.id, now=clock.now())
    assert states() == [CAME, EXPECTED, EXPECTED, WAITING]


def test_those_not_marked_at_the_door_are_ticked_as_not_come(
    adviser: FlaskClient, world: World, ids: list[int], account: Account
) -> None:
    before = ticked(adviser.get(PAGE).get_data(as_text=True))
    with transaction() as session:
        registration = session.get_one(Registration, ids[0])
        mark(session, registration, state=CAME, account_id=account.id, now=clock.now())
    after = ticked(adviser.get(PAGE).get_data(as_text=True))
    assert (before, after) == ([], ids[1:3])


def test_a_run_whose_attendance_was_not_taken_says_so(adviser: FlaskClient, ids: list[int]) -> None:
    addresses = (PAGE, PAGE.replace("attendance", "check-in"), PAGE.removesuffix("/attendance"))
    pages = [adviser.get(address).get_data(as_text=True) for address in addresses]
    assert ["Attendance has not been taken." in page for page in pages] == [True] * 3
    assert "Until it is, nobody counts as absent" in pages[0]
    assert states() == [EXPECTED, EXPECTED, EXPECTED, WAITING]


def test_nobody_can_have_come_before_the_first_day(adviser: FlaskClient, world: World, ids: list[int]) -> None:
    with transaction() as session:
        clock.set_to(session, datetime(2008, 8, 31, 12, tzinfo=UTC))
    page = post(adviser, world, [])
    assert "These dates have not begun." in page
    assert (states()[0], standing(world).taken_at) == (EXPECTED, None)


def test_numbers_of_people_of_other_runs_are_passed_over(adviser: FlaskClient, world: World, ids: list[int]) -> None:
    with transaction() as session:
        other = register(session, somebody(world, 9, run_id=world.run_id("seminar", 1)), now=NOW_SIGNED_UP).registration
    post(adviser, world, [other.id, ids[3], 999_999])
    assert states() == [CAME, CAME, CAME, WAITING, EXPECTED]


NOW_SIGNED_UP = datetime(2008, 8, 20, 12, tzinfo=UTC)


def test_recording_takes_as_many_statements_for_fifty_as_for_two(world: World, account: Account) -> None:
    how_many = []
    for name, people in (("conference", range(2)), ("seminar3", range(50))):
        for number in people:
            with transaction() as session:
                form = somebody(
                    world, 100 + number, run_id=world.run_id(name), form_token=f"{name}-{number}", asks=True
                )
                made = register(session, form, now=clock.now()).registration
                made.state = EXPECTED
        with counted(db.engine) as sent, transaction() as session:
            run = session.get_one(Run, world.run_id(name))
            made_ids = session.scalars(sa.select(Registration.id).where(Registration.run_id == run.id)).all()
            record_attendance(session, run, absent_ids=made_ids[:1], account_id=account.id, now=clock.now())
        how_many.append(len(sent))
    assert how_many[0] == how_many[1]
