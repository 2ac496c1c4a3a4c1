"""One's own calendar: everything that is signed up under an address, and how it stands, through every turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.calendars.models import CalendarLink
from eventsys.calendars.own import actions
from eventsys.events.actions import cancel_run, change_run
from eventsys.events.models import Run
from eventsys.extensions import db, transaction
from eventsys.registrations import actions as registrations
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Actor, State
from eventsys.tokens import Purpose, capability
from tests.accounts.people import add_account
from tests.calendars.secret import entries, events, fetch, lines, make, notes, owner_of, set_states, the_link
from tests.events import given
from tests.registrations.people import sign_up
from tests.statements import counted
from tests.world import BASE_URL, NOW, World, build

ME = "person1@kommune.example"
SEMINAR = "Læringsseminar 2"


@pytest.fixture
def world(app: Flask) -> World:
    return build(capacity=1)


@pytest.fixture
def token(world: World) -> str:
    return make(owner_of(ME))


def act(verb: Callable[..., Any], row: Registration, *, hours: int = 1, **more: Any) -> None:
    with transaction() as session:
        verb(session, session.get_one(Registration, row.id), now=NOW + timedelta(hours=hours), **more)


def leave(row: Registration, hours: int = 1) -> None:
    act(registrations.cancel, row, hours=hours, actor=Actor.PARTICIPANT)


def move(row: Registration, run_id: int, hours: int = 1) -> None:
    act(registrations.move, row, hours=hours, run_id=run_id, actor=Actor.ORGANISER)


def the_seat(number: int) -> Registration:
    db.session.rollback()
    return db.session.scalars(
        sa.select(Registration).where(Registration.name == f"Person Nummer{number}").order_by(Registration.id.desc())
    ).first()  # type: ignore[return-value]


def test_what_is_confirmed_stands_as_the_event_does(app: Flask, world: World, token: str) -> None:
    assert lines(app, token) == []
    sign_up(world)
    sign_up(world, 2)
    [entry] = events(app, token)
    run = db.session.get_one(Run, world.run_id("seminar"))
    public = icalendar.Calendar.from_ical(app.test_client().get("/calendars/all.ics").data).walk("VEVENT")[0]
    for name in ("SUMMARY", "STATUS", "DTSTART", "DTEND", "UID", "SEQUENCE", "DESCRIPTION", "URL"):
        assert (name, entry[name]) == (name, public[name])
    assert str(entry["UID"]) == str(run.uid)


@pytest.mark.parametrize(
    "state, word",
    [
        (State.WAITING, "Venteliste"),
        (State.OFFERED, "Tilbud om plass"),
        (State.REQUESTED, "Bedt om plass"),
    ],
)
def test_what_is_not_settled_says_so_and_makes_nobody_busy(
    app: Flask, world: World, token: str, state: State, word: str
) -> None:
    until = NOW + timedelta(days=2) if state is State.OFFERED else None
    set_states([sign_up(world)], state=state, offered_until=until)
    [entry] = events(app, token)
    assert (str(entry["SUMMARY"]), str(entry["STATUS"]), str(entry["TRANSP"])) == (
        f"{word}: {SEMINAR}", "TENTATIVE", "TRANSPARENT",
    )  # fmt: skip


def test_who_waits_stands_at_the_second_dates_too(app: Flask, world: World) -> None:
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.id == world.run_id("seminar", 1)).values(capacity=1))
    sign_up(world, 2)
    sign_up(world, 3, run_id=world.run_id("seminar", 1))
    sign_up(world, 4, second_run_id=world.run_id("seminar", 1))
    token = make(owner_of("person4@kommune.example"))
    assert lines(app, token) == [(f"Venteliste: {SEMINAR}", "TENTATIVE")] * 2
    leave(the_seat(3))
    assert (lines(app, token), events(app, token)[0].start.day) == ([(SEMINAR, "CONFIRMED")], 2)


def test_what_one_signed_off_from_stays_as_cancelled_for_a_month(app: Flask, world: World, token: str) -> None:
    row = sign_up(world)
    leave(row)
    [entry] = events(app, token)
    assert (str(entry["SUMMARY"]), str(entry["STATUS"]), entry["SEQUENCE"]) == (f"Avmeldt: {SEMINAR}", "CANCELLED", 1)
    with transaction() as session:
        session.execute(
            sa.update(Run).where(Run.id == world.run_id("seminar")).values(
                first_on=date(2008, 7, 17), last_on=date(2008, 7, 18)
            )
        )  # fmt: skip
    assert lines(app, token) == []


def test_who_moves_leaves_the_old_dates_and_stands_at_the_new(app: Flask, world: World, token: str) -> None:
    row = sign_up(world)
    old = events(app, token)[0]["UID"]
    move(row, world.run_id("seminar", 1))
    [entry] = events(app, token)
    assert (str(entry["STATUS"]), entry["UID"] == old, entry.start.day) == ("CONFIRMED", False, 2)


def test_a_cancelled_run_stays_as_cancelled_for_all(app: Flask, world: World, token: str) -> None:
    sign_up(world)
    with transaction() as session:
        run = session.get_one(Run, world.run_id("seminar"))
        cancel_run(session, run, base_url=BASE_URL, now=NOW)
    assert [(one.title, one.status) for one in entries(app, token)] == [(f"Avlyst: {SEMINAR}", "CANCELLED")]


def test_who_was_declined_has_no_entry(app: Flask, world: World, token: str) -> None:
    row = sign_up(world)
    set_states([row], state=State.REQUESTED)
    assert len(lines(app, token)) == 1
    account = add_account("adviser@program.example", world.secretariat)
    act(registrations.decline, row, account_id=account.id, silent=True)
    assert lines(app, token) == []


def test_several_behind_one_address_are_one_entry_with_all_names(app: Flask, world: World, token: str) -> None:
    sign_up(world)
    sign_up(world, 5, email=ME)
    assert lines(app, token) == [(SEMINAR, "CONFIRMED")]
    assert notes(app, token)[0] == ["Påmeldt: Person Nummer1", "Venteliste: Person Nummer5"]
    leave(the_seat(1))
    assert notes(app, token)[0] == ["Påmeldt: Person Nummer5", "Avmeldt: Person Nummer1"]


def test_neither_sequence_nor_stamp_ever_falls(app: Flask, world: World, token: str) -> None:
    """Through all that can happen to two people behind one address, whose seats come and go."""
    first, second = world.run_id("seminar"), world.run_id("seminar", 1)
    one, other = sign_up(world), sign_up(world, 5, email=ME)
    account = add_account("adviser@program.example", world.secretariat)
    turns: list[Callable[[int], None]] = [
        lambda hours: leave(one, hours),
        lambda hours: act(registrations.restore, one, hours=hours, account_id=account.id, silent=True),
        lambda hours: move(one, second, hours),
        lambda hours: move(other, second, hours),
        lambda hours: move(one, first, hours),
        lambda hours: leave(other, hours),
        lambda hours: postpone(first, hours),
        lambda hours: set_states([other], state=State.DECLINED),
        lambda hours: leave(one, hours),
    ]
    seen: dict[str, list[tuple[int, Any]]] = {}
    for hours, turn in enumerate(turns, 1):
        turn(hours)
        for entry in events(app, token):
            seen.setdefault(str(entry["UID"]), []).append((entry["SEQUENCE"], entry["DTSTAMP"].dt))
    assert [len(told) for told in seen.values()] == [8, 5]
    for told in seen.values():
        assert [number for number, _at in told] == sorted(number for number, _at in told)
        assert [at for _number, at in told] == sorted(at for _number, at in told)


def postpone(run_id: int, hours: int) -> None:
    with transaction() as session:
        facts = given.days(date(2008, 9, 15))
        run = session.get_one(Run, run_id)
        change_run(session, run, facts=facts, base_url=BASE_URL, now=NOW + timedelta(hours=hours))


def test_texts_are_in_the_calendars_language_or_the_one_asked_for(app: Flask, world: World) -> None:
    set_states([sign_up(world)], state=State.WAITING)
    token = make(owner_of(ME), language="nn")
    for query, title in (("", "Venteliste: Læringsseminar 2 (nn)"), ("?lang=en", "Waiting list: Læringsseminar 2")):
        assert entries(app, token, query)[0].title == title


def test_a_secret_calendar_tells_nobody_its_address_and_is_kept_by_nobody_else(
    app: Flask, world: World, token: str
) -> None:
    sign_up(world)
    answer = fetch(app, token)
    text = answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert ("SOURCE" in text, token[:20] in text, ME in text, "ATTENDEE" in text) == (False,) * 4
    assert "X-WR-CALNAME:Kvalitetskommuneprogrammet: Min telefon" in text
    again = fetch(app, token, If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.get_data()) == (304, b"")
    leave(the_seat(1))
    assert fetch(app, token, If_None_Match=answer.headers["ETag"]).status_code == 200


def test_a_renewed_or_ended_calendar_is_gone_and_another_token_never_was(app: Flask, world: World, token: str) -> None:
    public_id = the_link().public_id
    wrong = [
        capability(Purpose.ROOM_FEED, public_id, 0),
        capability(Purpose.REGISTRATION, public_id, 0),
        capability(Purpose.CALENDAR, world.events["seminar"].runs[0].uid, 0),
        capability(Purpose.CALENDAR, public_id, 1),
        token[:-1],
        "0" * 43,
    ]
    answers = [fetch(app, one) for one in wrong]
    assert {(answer.status_code, answer.content_type) for answer in answers} == {(404, "text/plain; charset=utf-8")}
    with transaction() as session:
        actions.renew_link(session, owner_of(ME), public_id)
    assert [fetch(app, one).status_code for one in (token, wrong[3])] == [410, 200]
    with transaction() as session:
        actions.end_link(session, owner_of(ME), public_id, now=NOW)
    assert [fetch(app, one).status_code for one in (token, wrong[3])] == [410, 410]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarLink)) == 1


def test_the_statements_are_as_many_for_fifty_events_as_for_one(app: Flask, world: World, token: str) -> None:
    sign_up(world)
    assert len(entries(app, token)) == 1
    with counted(db.engine) as one:
        assert len(entries(app, token)) == 1
    for number in range(49):
        with transaction() as session:
            day = date(2008, 9, 1) + timedelta(days=number)
            event = given.event(session, world.secretariat, given.days(day), title=f"Møte {number}", now=NOW)
        sign_up(world, 1, run_id=event.runs[0].id, form_token=f"form-{number + 9}")
    with counted(db.engine) as many:
        assert len(entries(app, token)) == 50
    assert len(many) == len(one)
