"""Meetings of groups: on which days they come, in what order their items stand, who writes their minutes over whom."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventsys.accounts.models import Account
from eventsys.events.meetings import actions, queries
from eventsys.events.meetings.rules import (
    ChangedMeanwhile,
    ItemFacts,
    MinutesAreApproved,
    Rhythm,
    list_dates,
    move,
)
from eventsys.events.models import Event, MeetingMinutes
from eventsys.events.rules import ItemKind, MinutesState
from eventsys.extensions import db, transaction
from tests.accounts.people import add_account
from tests.world import NOW, World, build


def test_eleven_meetings_a_year_are_on_its_second_tuesdays_but_for_july() -> None:
    found = list_dates(date(2009, 1, 13), Rhythm.WEEKDAY, 11, skips_july=True)
    assert [(day.month, day.day) for day in found] == [
        (1, 13), (2, 10), (3, 10), (4, 14), (5, 12), (6, 9), (8, 11), (9, 8), (10, 13), (11, 10), (12, 8),
    ]  # fmt: skip
    assert {day.weekday() for day in found} == {1}


def test_a_fifth_weekday_that_a_month_lacks_is_its_last() -> None:
    assert list_dates(date(2009, 1, 30), Rhythm.WEEKDAY, 3) == [date(2009, 1, 30), date(2009, 2, 27), date(2009, 3, 27)]
    assert list_dates(date(2009, 4, 29), Rhythm.WEEKDAY, 3)[1:] == [date(2009, 5, 27), date(2009, 6, 24)]


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    assert list_dates(date(2008, 1, 31), Rhythm.DAY, 3) == [date(2008, 1, 31), date(2008, 2, 29), date(2008, 3, 31)]


def test_every_third_week_goes_on_over_new_year() -> None:
    assert list_dates(date(2008, 12, 1), Rhythm.WEEKS, 3, weeks=3) == [
        date(2008, 12, 1), date(2008, 12, 22), date(2009, 1, 12),
    ]  # fmt: skip


def test_no_more_than_two_years_of_months_are_made_at_once() -> None:
    assert len(list_dates(date(2008, 12, 1), Rhythm.DAY, 500)) == 24


def test_an_item_moves_a_place_and_stays_at_the_end() -> None:
    assert [move([1, 2, 3], 2, up=True), move([1, 2, 3], 2, up=False)] == [[2, 1, 3], [1, 3, 2]]
    assert [move([1, 2, 3], 1, up=True), move([1, 2, 3], 3, up=False)] == [[1, 2, 3], [1, 2, 3]]


@pytest.fixture
def world(app: Flask) -> World:
    return build()


@pytest.fixture
def account(world: World) -> Account:
    return add_account("adviser@program.example", world.secretariat)


def titles(event: Event) -> list[tuple[int, str]]:
    return [(row.position, row.title) for row in queries.list_items(db.session(), event.id)]


def test_an_agenda_keeps_the_order_it_is_given(world: World) -> None:
    event = world.events["seminar"]
    with transaction() as session:
        for title in ("Godkjenning", "Økonomi", "Eventuelt", "Eventuelt"):
            actions.add_item(session, event, ItemFacts(ItemKind.DISCUSSION, title))
    assert titles(event) == [(0, "Godkjenning"), (1, "Økonomi"), (2, "Eventuelt")]
    with transaction() as session:
        actions.move_item(session, event, queries.list_items(session, event.id)[2], up=True)
    assert titles(event) == [(0, "Godkjenning"), (1, "Eventuelt"), (2, "Økonomi")]
    with transaction() as session:
        actions.remove_item(session, event, queries.list_items(session, event.id)[0])
        actions.add_item(session, event, ItemFacts(ItemKind.DECISION, "Budsjett"))
    assert [title for _position, title in titles(event)] == ["Eventuelt", "Økonomi", "Budsjett"]


def write(account: Account, event: Event, present: str, edition: int, **outcomes: str) -> MeetingMinutes:
    with transaction() as session:
        return actions.write_minutes(
            session, event, present=present, outcomes=outcomes, edition=edition, account_id=account.id, now=NOW
        )


def test_of_two_who_write_minutes_at_once_the_second_is_told(world: World, account: Account) -> None:
    event = world.events["seminar"]
    assert write(account, event, "Kari", 0).edition == 1
    assert write(account, event, "Kari", 0).edition == 1
    with pytest.raises(ChangedMeanwhile):
        write(account, event, "Ola", 0)
    assert write(account, event, "Ola", 1).edition == 2


def test_approved_minutes_stay_as_they_are_until_they_are_opened_again(world: World, account: Account) -> None:
    event = world.events["seminar"]

    def set_state(state: MinutesState) -> bool:
        with transaction() as session:
            return actions.set_state(session, event, state, account_id=account.id, now=NOW)

    assert set_state(MinutesState.OUT) is False
    write(account, event, "Kari", 0)
    assert [set_state(state) for state in (MinutesState.APPROVED, MinutesState.OUT, MinutesState.OUT)] == [
        False, True, False,
    ]  # fmt: skip
    assert set_state(MinutesState.APPROVED)
    with pytest.raises(MinutesAreApproved):
        write(account, event, "Ola", 1)
    assert set_state(MinutesState.OUT)
    assert write(account, event, "Ola", 1).present == "Ola"
