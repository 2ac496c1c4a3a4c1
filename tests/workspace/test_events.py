"""Making an event, changing it and its dates, publishing and cancelling, as an organiser does it in a browser."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import selectinload

from eventsys import clock
from eventsys.events.models import Event, EventChange, Run
from eventsys.events.rules import ChangeKind, ClauseKind, EventStatus, EventType, Precision, Role, RunStatus
from eventsys.extensions import db, transaction
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from eventsys.venues.models import Venue
from tests.world import World, somebody

NEW = {
    "title_nb": "Prosjektledersamling",
    "title_nn": "Prosjektleiarsamling",
    "type": "project_leaders",
    "ordinal": "",
    "description_nb": "Ta med planen.",
    "meant": ["cohort:pulje-iii"],
    "role": "project_leader",
    "opens_on": "01.08.2008",
    "closes_on": "2008-09-11",
    "rows": "1",
    "precision-0": "exact",
    "first_on-0": "18.9.2008",
    "last_on-0": "19.9.2008",
    "starts-0": "10.00",
    "ends-0": "kl. 15",
    "new_venue-0": "Klækken Hotell",
    "capacity-0": "40",
}
SEMINAR = "/manage/events/laeringsseminar-2-pulje-ii"


def find(slug: str) -> Event:
    db.session.rollback()
    db.session.expire_all()
    statement = (
        sa.select(Event).where(Event.slug == slug).options(selectinload(Event.runs), selectinload(Event.clauses))
    )
    return db.session.scalars(statement).one()


def sign_up(world: World, how_many: int, run_id: int | None = None) -> None:
    for number in range(1, how_many + 1):
        with transaction() as session:
            register(session, somebody(world, number, run_id=run_id), now=clock.now())


def run_address(world: World, place: int = 0) -> str:
    return f"{SEMINAR}/runs/{world.events['seminar'].runs[place].uid}"


def test_a_new_event_is_a_draft_with_all_that_was_typed(adviser: FlaskClient, world: World) -> None:
    answer = adviser.post("/manage/events", data=NEW)
    assert (answer.status_code, answer.location) == (303, "/manage/events/prosjektledersamling-pulje-iii")
    event = find("prosjektledersamling-pulje-iii")
    [run], [clause] = event.runs, event.clauses
    venue = db.session.scalars(sa.select(Venue)).one()
    assert (event.organiser_id, event.status, event.type) == (
        world.secretariat, EventStatus.DRAFT, EventType.PROJECT_LEADERS,
    )  # fmt: skip
    assert (event.title, event.description) == (
        {"nb": "Prosjektledersamling", "nn": "Prosjektleiarsamling"}, {"nb": "Ta med planen."},
    )  # fmt: skip
    assert (event.opens_on, event.closes_on, event.asks_union) == (date(2008, 8, 1), date(2008, 9, 11), False)
    assert (clause.kind, clause.cohort_id, clause.role) == (ClauseKind.COHORT, world.cohorts[3], Role.PROJECT_LEADER)
    assert (run.precision, run.first_on, run.last_on) == (Precision.EXACT, date(2008, 9, 18), date(2008, 9, 19))
    assert run.starts_local is not None
    assert run.ends_local is not None
    assert (run.starts_local.time(), run.ends_local.time()) == (time(10), time(15))
    assert (run.venue_id, run.capacity, venue.name) == (venue.id, 40, "Klækken Hotell")
    page = adviser.get(answer.location).get_data(as_text=True)
    assert "The draft is saved." in page


def test_a_button_pressed_twice_makes_one_event(adviser: FlaskClient, world: World) -> None:
    before = db.session.scalar(sa.select(sa.func.count(Event.id)))
    answers = {adviser.post("/manage/events", data=NEW).location for _time in range(2)}
    db.session.rollback()
    assert len(answers) == 1
    assert db.session.scalar(sa.select(sa.func.count(Event.id))) == (before or 0) + 1


def test_what_is_wrong_is_said_beside_each_field_and_all_that_was_typed_is_kept(adviser: FlaskClient) -> None:
    wrong = {
        **NEW, "title_nb": "", "title_nn": "", "title_en": "Kept title", "ordinal": "two", "closes_on": "1.7.2008",
        "first_on-0": "31.9.2008", "starts-0": "25.00", "capacity-0": "-3", "description_nb": "Kept <text>",
    }  # fmt: skip
    answer = adviser.post("/manage/events", data=wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for field in ("title_nb", "ordinal", "closes_on", "first_on-0", "starts-0", "capacity-0"):
        assert f'href="#{field}"' in page
        assert f'id="{field}-error"' in page
        assert f'id="{field}"' in page
    for typed in ('value="Kept title"', 'value="two"', 'value="31.9.2008"', 'value="25.00"', "Kept &lt;text&gt;"):
        assert typed in page
    assert 'value="cohort:pulje-iii"' in page
    assert 'value="cohort:pulje-iii" checked' in page
    assert db.session.scalar(sa.select(Venue.id)) is None


def test_more_dates_are_added_without_losing_what_was_typed(adviser: FlaskClient) -> None:
    page = adviser.post("/manage/events", data={**NEW, "more": "1"}).get_data(as_text=True)
    assert 'name="rows" value="2"' in page
    assert 'id="first_on-1"' in page
    assert 'value="18.9.2008"' in page
    two = {**NEW, "rows": "2", "precision-1": "month", "first_on-1": "10.2008"}
    adviser.post("/manage/events", data=two)
    runs = find("prosjektledersamling-pulje-iii").runs
    assert [(run.precision, run.first_on, run.last_on) for run in runs] == [
        (Precision.EXACT, date(2008, 9, 18), date(2008, 9, 19)),
        (Precision.MONTH, date(2008, 10, 1), date(2008, 10, 31)),
    ]


def test_an_event_for_representatives_asks_which_union(adviser: FlaskClient, world: World) -> None:
    adviser.post("/manage/events", data={**NEW, "meant": [f"representatives:{world.confederation}"]})
    event = find("prosjektledersamling")
    assert (event.asks_union, [clause.organisation_id for clause in event.clauses]) == (True, [world.confederation])


def test_an_event_is_changed_and_keeps_its_address(adviser: FlaskClient, world: World) -> None:
    form = adviser.get(f"{SEMINAR}/edit").get_data(as_text=True)
    assert 'value="cohort:pulje-ii" checked' in form
    changed = {"title_nb": "Læringsseminar to", "type": "learning_seminar", "ordinal": "2", "meant": ["cohort:pulje-i"]}
    assert adviser.post(SEMINAR, data=changed).status_code == 303
    event = find("laeringsseminar-2-pulje-ii")
    assert (event.title, event.ordinal) == ({"nb": "Læringsseminar to"}, 2)
    assert [clause.cohort_id for clause in event.clauses] == [world.cohorts[1]]


def test_publishing_takes_a_post_and_shows_it_to_all(adviser: FlaskClient) -> None:
    adviser.post("/manage/events", data=NEW)
    slug = "prosjektledersamling-pulje-iii"
    assert adviser.get(f"/manage/events/{slug}/publication").status_code == 200
    assert find(slug).status is EventStatus.DRAFT
    assert adviser.get(f"/events/{slug}").status_code == 404
    assert adviser.post(f"/manage/events/{slug}/publication").status_code == 303
    assert (find(slug).status, adviser.get(f"/events/{slug}").status_code) == (EventStatus.PUBLISHED, 200)


def test_a_change_of_dates_says_first_how_many_are_told(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 5)
    moved = {"precision-0": "days", "first_on-0": "08.09.2008", "last_on-0": "09.09.2008", "capacity-0": "3"}
    page = adviser.post(run_address(world), data=moved).get_data(as_text=True)
    assert "5 people who are signed up get a mail about it." in page
    assert "1–2 September 2008" in page
    assert "8–9 September 2008" in page
    assert find("laeringsseminar-2-pulje-ii").runs[0].first_on == date(2008, 9, 1)
    assert adviser.post(run_address(world), data={**moved, "confirmed": "1"}).status_code == 303
    db.session.rollback()
    run = db.session.get_one(Run, world.run_id("seminar"))
    assert (run.first_on, run.last_on, run.sequence, run.capacity) == (date(2008, 9, 8), date(2008, 9, 9), 1, 3)
    kinds = db.session.scalars(sa.select(EventChange.kind).where(EventChange.run_id == run.id)).all()
    assert kinds == [ChangeKind.RUN_CHANGED]


def test_a_date_of_one_day_moves_by_its_first_day_alone(adviser: FlaskClient, world: World) -> None:
    adviser.post(run_address(world), data={"precision-0": "days", "first_on-0": "08.09.2008", "capacity-0": "3"})
    page = adviser.get(f"{run_address(world)}/edit").get_data(as_text=True)
    shown = {name: re.search(rf'<input[^>]*name="{name}"[^>]*>', page) for name in ("first_on-0", "last_on-0")}
    assert {name: found is not None and "08.09.2008" in found[0] for name, found in shown.items()} == {
        "first_on-0": True, "last_on-0": False,
    }  # fmt: skip


def test_a_change_that_nobody_is_told_of_is_saved_at_once(adviser: FlaskClient, world: World) -> None:
    moved = {"precision-0": "days", "first_on-0": "08.09.2008", "capacity-0": "3"}
    assert adviser.post(run_address(world), data=moved).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Run, world.run_id("seminar")).first_on == date(2008, 9, 8)


def same_dates(capacity: str) -> dict[str, str]:
    return {
        "precision-0": "exact", "first_on-0": "1.9.2008", "last_on-0": "2.9.2008", "starts-0": "10", "ends-0": "15.30",
        "capacity-0": capacity,
    }  # fmt: skip


def test_more_places_go_to_those_who_wait_and_no_mail_is_asked_about(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 5)
    assert adviser.post(run_address(world), data=same_dates("4")).status_code == 303
    db.session.rollback()
    states = db.session.scalars(sa.select(Registration.state).order_by(Registration.id)).all()
    assert states == [State.CONFIRMED] * 4 + [State.WAITING]


def test_fewer_places_than_people_are_refused_and_nothing_is_changed(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 3)
    answer = adviser.post(run_address(world), data=same_dates("2"))
    assert answer.status_code == 422
    assert "3 people have a place already; it cannot be fewer." in answer.get_data(as_text=True)
    db.session.rollback()
    assert db.session.get_one(Run, world.run_id("seminar")).capacity == 3


def test_a_smaller_place_than_people_is_refused_too(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 3)
    adviser.post("/manage/venues", data={"name": "Bakrommet", "capacity": "2"})
    answer = adviser.post(run_address(world), data={**same_dates(""), "venue-0": "bakrommet", "confirmed": "1"})
    assert answer.status_code == 422
    db.session.rollback()
    assert db.session.get_one(Run, world.run_id("seminar")).venue_id is None


def test_other_dates_are_added(adviser: FlaskClient, world: World) -> None:
    answer = adviser.post(f"{SEMINAR}/runs", data={"precision-0": "week", "first_on-0": "17.09.2008"})
    assert answer.status_code == 303
    run = find("laeringsseminar-2-pulje-ii").runs[-1]
    assert (run.precision, run.first_on, run.last_on) == (Precision.WEEK, date(2008, 9, 15), date(2008, 9, 21))


def test_cancelling_dates_asks_first_and_tells_how_many(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 2)
    page = adviser.get(f"{run_address(world)}/cancellation").get_data(as_text=True)
    assert "2 people who are signed up get a mail about it." in page
    assert [run.status for run in find("laeringsseminar-2-pulje-ii").runs] == [RunStatus.PLANNED] * 2
    assert adviser.post(f"{run_address(world)}/cancellation").status_code == 303
    event = find("laeringsseminar-2-pulje-ii")
    assert event.status is EventStatus.PUBLISHED
    assert [run.status for run in event.runs] == [RunStatus.CANCELLED, RunStatus.PLANNED]
    assert adviser.post(run_address(world), data=same_dates("9")).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Run, world.run_id("seminar")).capacity == 3


def test_cancelling_an_event_cancels_its_dates(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 2)
    sign_up(world, 2, world.run_id("seminar", 1))
    assert "2 people who are signed up" in adviser.get(f"{SEMINAR}/cancellation").get_data(as_text=True)
    assert adviser.post(f"{SEMINAR}/cancellation").status_code == 303
    event = find("laeringsseminar-2-pulje-ii")
    assert (event.status, [run.status for run in event.runs]) == (EventStatus.CANCELLED, [RunStatus.CANCELLED] * 2)


@pytest.mark.parametrize("status, shown", [("draft", "Utkastet"), ("published", "Læringsseminar 2"), ("cancelled", "")])
def test_the_list_is_filtered_by_state_in_the_address(adviser: FlaskClient, status: str, shown: str) -> None:
    adviser.post("/manage/events", data={**NEW, "title_nb": "Utkastet", "title_nn": ""})
    page = adviser.get(f"/manage/events?status={status}").get_data(as_text=True)
    assert [title for title in ("Utkastet", "Læringsseminar 2") if title in page] == ([shown] if shown else [])
