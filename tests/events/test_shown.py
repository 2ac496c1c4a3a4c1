"""What a public page reads of an event: the same values under the same names as the models have."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from eventsys.events import actions as events
from eventsys.events import queries, shown
from eventsys.events.models import Event
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventStatus, EventType, Precision, Role, RunFacts
from eventsys.extensions import db, transaction
from eventsys.venues import actions as venues
from tests import world
from tests.world import BASE_URL, NOW, World


@pytest.fixture
def built(app: Flask) -> World:
    return world.build()


def as_shown(found: Any, like: Any) -> Any:
    """The entity as the named tuple `like` would have it."""
    if isinstance(like, list):
        return [as_shown(one, of) for one, of in zip(found, like, strict=True)]
    if not hasattr(like, "_fields"):
        return found
    return type(like)(*(as_shown(getattr(found, name, 0), getattr(like, name)) for name in like._fields))


def compare(slug: str) -> Any:
    """What is shown of the event, when it is the same as what the entities say."""
    db.session.expire_all()
    one = shown.find_public_event(db.session(), slug)
    assert one is not None
    assert one.event == as_shown(queries.find_public_event(db.session(), slug), one.event)
    return one.event


def test_each_public_event_reads_as_its_entities_do(built: World) -> None:
    for event in built.events.values():
        assert len(compare(event.slug).runs) == len(event.runs)


def test_so_does_one_of_several_runs_and_clauses_with_a_venue(built: World) -> None:
    oslo, bo = (built.municipalities[number] for number in ("0301", "0821"))
    clauses = [
        ClauseFacts(ClauseKind.COHORT, cohort_id=built.cohorts[1], role=Role.POLITICIAN),
        ClauseFacts(ClauseKind.ORGANISATION, organisation_id=oslo, role=None),
        ClauseFacts(ClauseKind.ORGANISATION, organisation_id=bo, role=None),
    ]
    with transaction() as session:
        hall = venues.add(session, name="Storsalen", capacity=90, address="Torget 1", now=NOW)
        days = [date(2008, 9, 1), date(2008, 9, 8)]
        event = events.create(
            session, organiser_id=built.secretariat, facts=EventFacts(EventType.CONFERENCE, {"nb": "Konferanse"}),
            clauses=clauses, runs=[RunFacts(Precision.DAYS, day, venue_id=hall.id) for day in days],
            base_url=BASE_URL, now=NOW,
        )  # fmt: skip
        events.publish(session, event, now=NOW)
    found = compare(event.slug)
    assert [run.venue.name for run in found.runs] == ["Storsalen"] * 2
    assert sorted((clause.organisation or clause.cohort).id for clause in found.clauses) == sorted(
        [built.cohorts[1], oslo, bo]
    )


def test_a_draft_is_not_shown(built: World) -> None:
    with transaction() as session:
        session.get_one(Event, built.events["seminar"].id).status = EventStatus.DRAFT
    assert shown.find_public_event(db.session(), built.events["seminar"].slug) is None
