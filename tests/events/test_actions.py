from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.events import actions
from eventsys.events.models import Event, EventChange, EventClause, Run
from eventsys.events.rules import (
    ChangeKind,
    ClauseFacts,
    ClauseKind,
    EventFacts,
    EventStatus,
    EventType,
    Precision,
    RunFacts,
    RunIsWrong,
    RunStatus,
)
from eventsys.extensions import db, transaction
from tests.events import given

LATER = given.NOW + timedelta(hours=3)
FIRST = given.exact(date(2008, 9, 1), time(10), time(15), date(2008, 9, 2))
SECOND = given.exact(date(2008, 9, 2), time(10), time(15), date(2008, 9, 3))


def made(*runs: RunFacts, **more: Any) -> Event:
    with transaction() as session:
        programme = given.programme(session)
        return given.event(
            session, programme.organiser_id, *(runs or (FIRST,)), cohorts=[programme.cohorts[1]], **more
        )  # fmt: skip


def history() -> list[tuple[ChangeKind, int | None]]:
    return [(row.kind, row.run_id) for row in db.session.scalars(sa.select(EventChange).order_by(EventChange.id))]


def the_runs() -> list[Run]:
    return list(db.session.scalars(sa.select(Run).order_by(Run.id).execution_options(populate_existing=True)))


def test_a_new_event_is_a_draft_with_a_readable_slug_runs_clauses_and_history(app: Flask) -> None:
    event = made(FIRST, SECOND, ordinal=2, published=False)
    assert (event.slug, event.status) == ("laeringsseminar-2-pulje-ii", EventStatus.DRAFT)
    assert [(run.first_on, run.sequence, run.status) for run in the_runs()] == [
        (date(2008, 9, 1), 0, RunStatus.PLANNED),
        (date(2008, 9, 2), 0, RunStatus.PLANNED),
    ]
    assert [row.kind for row in db.session.scalars(sa.select(EventClause))] == [ClauseKind.COHORT]
    assert history() == [(ChangeKind.CREATED, None)]


def test_the_same_title_again_gets_a_number_and_an_edit_leaves_the_slug(app: Flask) -> None:
    with transaction() as session:
        organiser = given.programme(session).organiser_id
        slugs = [given.event(session, organiser, given.OCTOBER, title="Samling").slug for _ in range(3)]
        given.event(session, organiser, given.OCTOBER, title="Samlingssted")
    assert slugs == ["samling", "samling-2", "samling-3"]


def test_every_run_keeps_its_entry_in_three_languages_and_its_own_uid(app: Flask) -> None:
    made(FIRST, SECOND)
    runs = the_runs()
    assert {tuple(sorted(run.ics)) for run in runs} == {("en", "nb", "nn")}
    assert all(f"UID:{run.uid}\r\n" in run.ics["nb"] for run in runs)
    assert runs[0].uid != runs[1].uid


def test_impossible_times_leave_nothing_behind(app: Flask) -> None:
    with pytest.raises(RunIsWrong):
        made(given.exact(date(2008, 9, 1), time(15), time(10)))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 0


def test_a_move_raises_the_sequence_and_keeps_uid_and_capacity_and_tells_from_where_to_where(app: Flask) -> None:
    made(given.days(date(2008, 9, 8), date(2008, 9, 9), capacity=50))
    number, uid = the_runs()[0].id, the_runs()[0].uid
    with transaction() as session:
        run = session.get_one(Run, number)
        hotel = given.venue(session, "Oslo Plaza")
        facts = given.exact(date(2008, 9, 15), time(9), time(16), venue_id=hotel, capacity=7)
        assert actions.change_run(session, run, facts=facts, base_url=given.BASE, now=LATER)
    run = the_runs()[0]
    assert (run.uid, run.sequence, run.capacity, run.revised_at) == (uid, 1, 50, LATER)
    assert "SEQUENCE:1\r\n" in run.ics["nn"]
    assert "LOCATION:Oslo Plaza\r\n" in run.ics["nn"]
    change = db.session.scalars(sa.select(EventChange).where(EventChange.kind == ChangeKind.RUN_CHANGED)).one()
    assert (change.run_id, change.at, change.facts) == (
        run.id,
        LATER,
        {
            "from": {
                "precision": "days", "timezone": "Europe/Oslo", "first_on": "2008-09-08", "last_on": "2008-09-09",
                "starts_local": None, "ends_local": None, "venue_id": None, "venue": None, "room_id": None, "room": None,
            },
            "to": {
                "precision": "exact", "timezone": "Europe/Oslo", "first_on": "2008-09-15", "last_on": "2008-09-15",
                "starts_local": "2008-09-15T09:00:00", "ends_local": "2008-09-15T16:00:00",
                "venue_id": hotel, "venue": "Oslo Plaza", "room_id": None, "room": None,
            },
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda venue: given.exact(date(2008, 9, 1), time(9), time(15), date(2008, 9, 2), venue_id=venue),
        lambda venue: given.exact(date(2008, 9, 1), time(10), time(16), date(2008, 9, 2), venue_id=venue),
        lambda venue: given.exact(date(2008, 9, 1), time(10), time(15), date(2008, 9, 2)),
        lambda venue: given.days(date(2008, 9, 1), date(2008, 9, 2), venue_id=venue),
    ],
    ids=["start", "end", "place", "precision"],
)
def test_start_end_place_and_precision_each_raise_the_sequence_by_one(
    app: Flask, change: Callable[[int], RunFacts]
) -> None:
    with transaction() as session:
        hotel = given.venue(session, "Oslo Plaza")
        there = given.exact(date(2008, 9, 1), time(10), time(15), date(2008, 9, 2), venue_id=hotel)
        run = given.event(session, given.programme(session).organiser_id, there).runs[0]
        assert not actions.change_run(session, run, facts=there, base_url=given.BASE, now=LATER)
        assert (run.sequence, run.revised_at) == (0, given.NOW)
        assert actions.change_run(session, run, facts=change(hotel), base_url=given.BASE, now=LATER)
    assert the_runs()[0].sequence == 1


def test_what_changes_nothing_writes_nothing(app: Flask) -> None:
    event = made()
    before = (history(), the_runs()[0].ics, the_runs()[0].revised_at)
    cohort = db.session.scalars(sa.select(EventClause.cohort_id)).one()
    with transaction() as session:
        event = session.get_one(Event, event.id)
        facts = EventFacts(type=EventType.LEARNING_SEMINAR, title={"nb": "Læringsseminar"})
        clauses = [ClauseFacts(ClauseKind.COHORT, cohort_id=cohort)]
        assert not actions.edit(session, event, facts=facts, clauses=clauses, base_url=given.BASE, now=LATER)
        assert not actions.publish(session, event, now=LATER)
    assert (history(), the_runs()[0].ics, the_runs()[0].revised_at) == before


def test_a_new_title_is_a_revision_but_not_a_new_sequence(app: Flask) -> None:
    event = made()
    with transaction() as session:
        event = session.get_one(Event, event.id)
        facts = EventFacts(type=EventType.LEARNING_SEMINAR, title={"nb": "Seminar", "en": "Seminar!"}, ordinal=2)
        assert actions.edit(session, event, facts=facts, clauses=[], base_url=given.BASE, now=LATER)
    run = the_runs()[0]
    assert (run.sequence, run.revised_at) == (0, LATER)
    assert "SUMMARY:Seminar!\r\n" in run.ics["en"]
    assert "CATEGORIES:læringsseminar\r\n" in run.ics["nb"]
    change = db.session.scalars(sa.select(EventChange).where(EventChange.kind == ChangeKind.EDITED)).one()
    assert sorted(change.facts["fields"]) == ["clauses", "ordinal", "title"]
    assert event.slug == "laeringsseminar-pulje-ii"


def test_an_edit_replaces_the_audience_and_keeps_the_rows_that_stay(app: Flask) -> None:
    with transaction() as session:
        programme = given.programme(session)
        event = given.event(session, programme.organiser_id, FIRST, cohorts=programme.cohorts[:2])
        kept = event.clauses[1].id
        clauses = [ClauseFacts(ClauseKind.COHORT, cohort_id=number) for number in programme.cohorts[1:]]
        facts = EventFacts(type=EventType.LEARNING_SEMINAR, title={"nb": "Læringsseminar"})
        assert actions.edit(session, event, facts=facts, clauses=clauses, base_url=given.BASE, now=LATER)
        assert [row.cohort_id for row in event.clauses] == list(programme.cohorts[1:])
    rows = db.session.execute(sa.select(EventClause.id, EventClause.cohort_id).order_by(EventClause.id)).all()
    assert [row[1] for row in rows] == list(programme.cohorts[1:])
    assert rows[0][0] == kept


def test_a_run_can_be_added_and_stands_in_the_event_in_order(app: Flask) -> None:
    event = made(SECOND)
    with transaction() as session:
        event = session.get_one(Event, event.id)
        run = actions.add_run(session, event, facts=FIRST, base_url=given.BASE, now=LATER)
        assert [row.first_on for row in event.runs] == [date(2008, 9, 1), date(2008, 9, 2)]
    assert history()[-1] == (ChangeKind.RUN_ADDED, run.id)
    assert "BEGIN:VEVENT\r\n" in run.ics["nb"]


def test_cancelling_an_event_cancels_each_of_its_runs_once(app: Flask) -> None:
    event = made(FIRST, SECOND)
    number = the_runs()[0].id
    with transaction() as session:
        event = session.get_one(Event, event.id)
        first = session.get_one(Run, number)
        assert actions.cancel_run(session, first, base_url=given.BASE, now=LATER)
        assert not actions.cancel_run(session, first, base_url=given.BASE, now=LATER)
        assert actions.cancel(session, event, base_url=given.BASE, now=LATER)
        assert not actions.cancel(session, event, base_url=given.BASE, now=LATER)
    assert [(run.status, run.sequence, run.cancelled_at) for run in the_runs()] == [
        (RunStatus.CANCELLED, 1, LATER),
        (RunStatus.CANCELLED, 1, LATER),
    ]
    assert all("STATUS:CANCELLED\r\n" in run.ics["nb"] for run in the_runs())
    assert [kind for kind, _run in history()] == [
        ChangeKind.CREATED,
        ChangeKind.PUBLISHED,
        ChangeKind.RUN_CANCELLED,
        ChangeKind.CANCELLED,
        ChangeKind.RUN_CANCELLED,
    ]


def test_a_run_without_a_date_has_no_entry_until_it_gets_one(app: Flask) -> None:
    made(RunFacts(Precision.UNKNOWN))
    assert the_runs()[0].ics == {}
    number = the_runs()[0].id
    with transaction() as session:
        run = session.get_one(Run, number)
        actions.change_run(session, run, facts=given.OCTOBER, base_url=given.BASE, now=LATER)
    assert "STATUS:TENTATIVE\r\n" in the_runs()[0].ics["nb"]


def test_entries_kept_anew_get_the_new_address_and_keep_their_revision(app: Flask) -> None:
    made(FIRST, SECOND)
    with transaction() as session:
        assert actions.keep_calendar_bytes(session, base_url="https://nytt.example") == 2
    runs = the_runs()
    assert all("URL:https://nytt.example/events/laeringsseminar-pulje-ii\r\n" in run.ics["nb"] for run in runs)
    assert [(run.sequence, run.revised_at) for run in runs] == [(0, given.NOW), (0, given.NOW)]


def test_moments_of_a_run_come_back_in_utc(app: Flask) -> None:
    made(FIRST)
    assert the_runs()[0].starts_at == datetime(2008, 9, 1, 8, tzinfo=UTC)
