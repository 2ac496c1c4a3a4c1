"""Every list costs the same number of statements with one row and with fifty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events import actions as events
from eventsys.events.rules import EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import register
from eventsys.venues import actions as venues
from eventsys.workflows.actions import notice_changes, plan
from tests.statements import counted
from tests.world import BASE_URL, World, somebody


def add_events(world: World, numbers: range) -> None:
    for number in numbers:
        with transaction() as session:
            venue = venues.find_or_add(session, name=f"Sted {number}")
            facts = EventFacts(EventType.MEETING, {"nb": f"Møte {number}"})
            day = clock.now().date().replace(month=10)
            run = RunFacts(Precision.DAYS, first_on=day, venue_id=venue.id, capacity=1)
            event = events.create(
                session, organiser_id=world.secretariat, facts=facts, clauses=[], runs=[run], base_url=BASE_URL,
                now=clock.now(),
            )  # fmt: skip
            events.publish(session, event, now=clock.now())


def add_participants(world: World, numbers: range) -> None:
    """Into a run of three, so that most of them wait; and their mails, which nobody has sent yet."""
    with transaction() as session:
        for number in numbers:
            register(session, somebody(world, number), now=clock.now())
        notice_changes(session, now=clock.now())
        plan(session, now=clock.now())


CEILINGS = {"/manage/": 24}
"""The start page asks fifteen sources what waits: mail, requests, contacts, orders, contracts, rooms, texts and more."""


@pytest.mark.parametrize(
    "path, add",
    [
        ("/manage/", add_events),
        ("/manage/events", add_events),
        ("/manage/venues", add_events),
        ("/manage/", add_participants),
        ("/manage/events/laeringsseminar-2-pulje-ii", add_participants),
        ("/manage/events/laeringsseminar-2-pulje-ii/participants", add_participants),
        ("/manage/events/laeringsseminar-2-pulje-ii/participants?state=waiting&q=person", add_participants),
        ("/manage/events/laeringsseminar-2-pulje-ii/participants.csv", add_participants),
        ("/manage/events/laeringsseminar-2-pulje-ii/mail", add_participants),
        ("/manage/mail", add_participants),
    ],
)
def test_fifty_rows_cost_as_many_statements_as_one(
    adviser: FlaskClient, world: World, path: str, add: Callable[[World, range], None]
) -> None:
    def count() -> tuple[int, int]:
        with counted(db.engine) as sent:
            answer = adviser.get(path)
        assert answer.status_code == 200
        return len(sent), len(answer.data)

    add(world, range(1, 2))
    with_one, short = count()
    add(world, range(2, 51))
    with_fifty, long = count()
    assert with_fifty == with_one
    assert with_one <= CEILINGS.get(path, 12)
    assert long > short
