"""A cohort takes as many as its ceiling, and who was in it on a day, and why no more, can be asked later."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.accounts.models import LogEntry
from eventsys.extensions import db, transaction
from eventsys.programmes.actions import CohortIsFull, place_in_cohort
from eventsys.programmes.cohorts.actions import BadDay, NeedsReason, set_status
from eventsys.programmes.models import Cohort, CohortMembership
from eventsys.programmes.places.actions import pass_on_places
from eventsys.programmes.queries import count_taken, list_memberships
from eventsys.programmes.rules import MembershipStatus as Status
from tests.world import NOW, World

BEGAN, MAY, JUNE, JULY = date(2008, 1, 1), date(2008, 5, 1), date(2008, 6, 30), date(2008, 7, 1)
Row = tuple[date, date | None, str, str]


def limit(world: World, ordinal: int, ceiling: int) -> int:
    with transaction() as session:
        session.get_one(Cohort, world.cohorts[ordinal]).ceiling = ceiling
    return world.cohorts[ordinal]


def put(cohort_id: int, organisation_id: int, from_on: date = MAY) -> int:
    with transaction() as session:
        at = {"cohort_id": cohort_id, "organisation_id": organisation_id}
        return place_in_cohort(session, from_on=from_on, **at).id


def stand(number: str, world: World, status: Status, on: date, reason: str = "") -> None:
    """The last row of the municipality's as it is from now on."""
    with transaction() as session:
        rows = sa.select(CohortMembership).filter_by(organisation_id=world.municipalities[number])
        row = session.scalars(rows.order_by(CohortMembership.from_on.desc())).first()
        assert row is not None
        set_status(session, row, status=status, reason=reason, on=on, account_id=None, now=NOW)


def rows_of(number: str, world: World) -> list[Row]:
    db.session.rollback()
    rows = sa.select(CohortMembership).filter_by(organisation_id=world.municipalities[number])
    found = db.session.scalars(rows.order_by(CohortMembership.from_on))
    return [(row.from_on, row.to_on, row.status.value, row.reason) for row in found]


def is_in(number: str, world: World, *days: date) -> list[bool]:
    session = db.session()
    return [bool(list_memberships(session, world.municipalities[number], on=day).cohorts) for day in days]


def test_a_cohort_takes_as_many_as_its_ceiling_and_one_that_has_a_place_keeps_it(app: Flask, world: World) -> None:
    cohort = limit(world, 2, 3)
    first = put(cohort, world.municipalities["1867"])
    with pytest.raises(CohortIsFull):
        put(cohort, world.municipalities["1119"])
    assert put(cohort, world.municipalities["1867"]) == first
    assert count_taken(db.session(), cohort, on=MAY) == 3


def test_a_place_that_is_promised_for_later_is_taken_from_now_on(app: Flask, world: World) -> None:
    cohort = limit(world, 2, 3)
    put(cohort, world.municipalities["1867"], JULY)
    with pytest.raises(CohortIsFull):
        put(cohort, world.municipalities["1119"], MAY)


def test_of_two_who_take_the_last_place_at_once_one_gets_it(app: Flask, world: World) -> None:
    cohort = limit(world, 3, 2)
    ready = threading.Barrier(2)

    def race(organisation_id: int) -> str:
        with app.app_context():
            ready.wait()
            try:
                put(cohort, organisation_id)
                return "in"
            except CohortIsFull:
                return "full"
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        came = Counter(pool.map(race, [world.municipalities["1867"], world.municipalities["0301"]]))
    assert came == {"in": 1, "full": 1}
    assert count_taken(db.session(), cohort, on=MAY) == 2


def test_who_is_paused_is_not_meant_keeps_the_place_and_was_a_member_before(app: Flask, world: World) -> None:
    cohort = limit(world, 2, 2)
    stand("0821", world, Status.PAUSED, MAY, "Kommunevalg")
    assert rows_of("0821", world) == [
        (BEGAN, date(2008, 4, 30), "member", ""), (MAY, None, "paused", "Kommunevalg"),
    ]  # fmt: skip
    assert is_in("0821", world, date(2008, 4, 30), MAY, JULY) == [True, False, False]
    with pytest.raises(CohortIsFull):
        put(cohort, world.municipalities["1119"], JUNE)
    stand("0821", world, Status.MEMBER, JULY)
    assert is_in("0821", world, date(2008, 4, 30), MAY, JUNE, JULY) == [True, False, False, True]


def test_a_withdrawal_has_a_last_day_and_a_reason_and_leaves_a_place(app: Flask, world: World) -> None:
    cohort = limit(world, 2, 2)
    with pytest.raises(NeedsReason):
        stand("0821", world, Status.WITHDRAWN, JUNE)
    stand("0821", world, Status.WITHDRAWN, JUNE, "Ny ledelse")
    assert rows_of("0821", world) == [(BEGAN, JUNE, "withdrawn", "Ny ledelse")]
    assert is_in("0821", world, JUNE, JULY) == [True, False]
    put(cohort, world.municipalities["1119"], JULY)
    with pytest.raises(CohortIsFull):
        stand("0821", world, Status.MEMBER, JULY)
    with pytest.raises(BadDay):
        stand("0821", world, Status.EXCLUDED, date(2007, 12, 31), "Feil")


def test_a_pause_that_ends_in_a_withdrawal_was_a_pause(app: Flask, world: World) -> None:
    stand("0821", world, Status.PAUSED, MAY)
    stand("0821", world, Status.WITHDRAWN, JUNE, "Ny ledelse")
    assert rows_of("0821", world) == [
        (BEGAN, date(2008, 4, 30), "member", ""), (MAY, date(2008, 6, 29), "paused", ""),
        (JUNE, JUNE, "withdrawn", "Ny ledelse"),
    ]  # fmt: skip
    assert is_in("0821", world, date(2008, 6, 29), JULY) == [False, False]


def test_what_a_membership_was_stands_in_the_log(app: Flask, world: World) -> None:
    stand("0821", world, Status.EXCLUDED, JUNE, "Svarer ikke")
    stand("0821", world, Status.EXCLUDED, JUNE, "Svarer ikke")
    db.session.rollback()
    entries = db.session.scalars(sa.select(LogEntry).filter_by(object="cohort"))
    assert [(entry.organiser_id, entry.key, entry.name, entry.facts) for entry in entries] == [
        (world.secretariat, "pulje-ii", "Bø (Telemark)", {
            "status": {"from": "member", "to": "excluded"}, "reason": {"from": "", "to": "Svarer ikke"},
            "to_on": {"from": None, "to": "2008-06-30"},
        }),
    ]  # fmt: skip


def merge(world: World, *numbers: str, into: str, on: date) -> None:
    with transaction() as session:
        ended = [world.municipalities[number] for number in numbers]
        pass_on_places(session, ended, world.municipalities[into], on=on)


def test_the_one_that_comes_after_two_has_one_place_even_in_a_full_cohort(app: Flask, world: World) -> None:
    limit(world, 2, 2)
    merge(world, "0821", "0301", into="1867", on=JULY)
    assert [rows_of(number, world) for number in ("0821", "0301", "1867")] == [
        [(BEGAN, JUNE, "merged", "")], [(BEGAN, JUNE, "merged", "")], [(JULY, None, "member", "")],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prepare", "wanted"),
    [
        (lambda world: stand("0821", world, Status.PAUSED, MAY, "Valg"), (JULY, None, "paused", "Valg")),
        (
            lambda world: stand("0821", world, Status.WITHDRAWN, date(2008, 12, 31), "Ny ledelse"),
            (JULY, date(2008, 12, 31), "withdrawn", "Ny ledelse"),
        ),
    ],
    ids=["paused", "leaves at the end of the year"],
)
def test_the_one_that_comes_after_stands_as_the_other_stood(
    app: Flask, world: World, prepare: Callable[[World], Any], wanted: Row
) -> None:
    prepare(world)
    merge(world, "0821", into="1867", on=JULY)
    assert rows_of("1867", world) == [wanted]
