"""The organisers' pages of an event's terms and limits."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events.models import Event, EventSession, Run
from eventsys.extensions import db, transaction
from eventsys.registrations.models import HeldPlaces, Quota, RoomBlock, RunNight
from eventsys.venues.actions import add as add_venue
from tests.registrations.asking import sign_up
from tests.statements import counted
from tests.world import World

TERMS = {
    "names_by": "22.8.2008", "change_by": "23.08.2008", "cancel_by": "", "hand_over_by": "25.08.2008",
    "mode": "offer", "offer_hours": "48", "promotion_stops_hours": "0", "asks_approval": "1",
}  # fmt: skip


@pytest.fixture
def address(world: World) -> str:
    return f"/manage/events/{world.events['seminar'].slug}"


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_terms_are_saved_and_shown_as_they_are(adviser: FlaskClient, address: str, world: World) -> None:
    assert adviser.post(f"{address}/registration", data=TERMS).status_code == 303
    db.session.rollback()
    event = db.session.get_one(Event, world.events["seminar"].id)
    assert (event.names_by, event.change_by, event.cancel_by, event.hand_over_by) == (
        date(2008, 8, 22), date(2008, 8, 23), None, date(2008, 8, 25),
    )  # fmt: skip
    assert (event.offer_hours, event.promotion_stops_hours, event.asks_approval) == (48, 0, True)
    page = adviser.get(f"{address}/registration").get_data(as_text=True)
    assert ("22.08.2008" in page, 'value="48"' in page) == (True, True)
    assert re.search(r'value="offer"[^>]* checked', page) is not None
    adviser.post(f"{address}/registration", data=TERMS)
    assert "Nothing was changed." in adviser.get(address).get_data(as_text=True)


def test_a_place_given_at_once_forgets_the_hours_to_answer(adviser: FlaskClient, address: str, world: World) -> None:
    adviser.post(f"{address}/registration", data=TERMS)
    adviser.post(f"{address}/registration", data={**TERMS, "mode": "at_once"})
    db.session.rollback()
    assert db.session.get_one(Event, world.events["seminar"].id).offer_hours is None


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"offer_hours": ""}, "offer_hours"),
        ({"promotion_stops_hours": ""}, "promotion_stops_hours"),
        ({"promotion_stops_hours": "soon"}, "promotion_stops_hours"),
        ({"cancel_by": "31.02.2008"}, "cancel_by"),
    ],
)
def test_terms_that_are_wrong_are_said_and_kept(
    adviser: FlaskClient, address: str, wrong: dict[str, str], field: str
) -> None:
    answer = adviser.post(f"{address}/registration", data={**TERMS, **wrong})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'href="#{field}"' in page, 'value="22.8.2008"' in page) == (422, True, True)


def test_a_quota_is_set_changed_and_taken_away(adviser: FlaskClient, address: str, world: World) -> None:
    def post(path: str, **typed: str) -> int:
        return adviser.post(f"{address}/limits/quotas{path}", data=typed).status_code

    assert (post("", part="each", most_seats="5", free_seats="3"), post("", part="each", most_seats="6")) == (303, 303)
    assert post("", part=f"all-{world.cohorts[2]}", most_seats="2") == 303
    sign_up(world)
    page = text(adviser.get(f"{address}/limits?part=each").get_data(as_text=True))
    assert ("Each organisation 6 – at most 1 by one" in page, "Pulje II together 2 – 1" in page) == (True, True)
    assert 'value="6"' in adviser.get(f"{address}/limits?part=each").get_data(as_text=True)
    assert post("/removal", part="each") == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Quota.most_seats)).all() == [2]


@pytest.mark.parametrize(
    "typed, field",
    [
        ({"part": "nobody", "most_seats": "3"}, "part"),
        ({"part": "each"}, "most_seats"),
        ({"part": "side-politician", "free_seats": "3"}, "free_seats"),
        ({"part": "each", "free_seats": "3", "most_seats": "2"}, "free_seats"),
        ({"part": "each", "most_seats": "0"}, "most_seats"),
    ],
)
def test_a_quota_that_cannot_be_is_said_at_its_field(
    adviser: FlaskClient, address: str, world: World, typed: dict[str, str], field: str
) -> None:
    sign_up(world)
    answer = adviser.post(f"{address}/limits/quotas", data=typed)
    assert (answer.status_code, f'href="#{field}"' in answer.get_data(as_text=True)) == (422, True)


def hold(adviser: FlaskClient, address: str, world: World, **typed: str) -> tuple[int, str]:
    form = {
        "run": str(world.events["seminar"].runs[0].uid), "organisations": "Oslo\r\n0821\r\n", "places": "1",
        "held_until": "25.08.2008", **typed,
    }  # fmt: skip
    answer = adviser.post(f"{address}/limits/holds", data=form)
    return answer.status_code, text(answer.get_data(as_text=True))


def test_places_are_held_by_name_or_number_and_given_to_all(adviser: FlaskClient, address: str, world: World) -> None:
    assert hold(adviser, address, world)[0] == 303
    page = text(adviser.get(f"{address}/limits").get_data(as_text=True))
    assert ("Bø (Telemark)" in page, "0 of 1 taken 25 August 2008" in page) == (True, True)
    run = str(world.events["seminar"].runs[0].uid)
    data = {"run": run, "organisation": str(world.municipalities["0301"])}
    assert adviser.post(f"{address}/limits/holds/release", data=data).status_code == 303
    db.session.rollback()
    rows = db.session.execute(sa.select(HeldPlaces.organisation_id, HeldPlaces.released_at.is_(None)))
    assert {row[0]: row[1] for row in rows} == {world.municipalities["0301"]: False, world.municipalities["0821"]: True}


@pytest.mark.parametrize(
    "typed, said",
    [
        ({"organisations": "Bø\nOz"}, "Which is meant? «Bø»: Bø (Nordland), Bø (Telemark); «Oz»"),
        ({"organisations": ""}, "Write whom the places are for."),
        ({"places": "2"}, "There are not 4 places left."),
        ({"held_until": "01.08.2008"}, "That day has passed."),
        ({"run": "no-such"}, "Choose the dates."),
    ],
)
def test_places_that_cannot_be_held_are_said(
    adviser: FlaskClient, address: str, world: World, typed: dict[str, str], said: str
) -> None:
    status, page = hold(adviser, address, world, **typed)
    assert (status, said in page) == (422, True)
    db.session.rollback()
    assert db.session.scalars(sa.select(HeldPlaces.id)).all() == []


SESSION = {
    "title_nb": "Verksted om turnus", "on": "01.09.2008", "starts": "13.00", "ends": "14.30", "place": "Sal B",
    "chosen": "1", "capacity": "20",
}  # fmt: skip


def test_a_session_is_added_changed_and_taken_away(adviser: FlaskClient, address: str, world: World) -> None:
    run = world.events["seminar"].runs[0]
    assert adviser.post(f"{address}/runs/{run.uid}/sessions", data=SESSION).status_code == 303
    db.session.rollback()
    row = db.session.scalars(sa.select(EventSession)).one()
    assert (row.starts_local, row.ends_local, row.place, row.capacity, row.chosen) == (
        datetime(2008, 9, 1, 13), datetime(2008, 9, 1, 14, 30), "Sal B", 20, True,
    )  # fmt: skip
    sign_up(world, session_ids=(row.id,))
    page = text(adviser.get(f"{address}/sessions").get_data(as_text=True))
    assert "Verksted om turnus Monday 1 September, 13:00–14:30 Sal B 1 of 20" in page
    place = f"{address}/sessions/{row.public_id}"
    assert 'value="13.00"' in adviser.get(f"{place}/edit").get_data(as_text=True)
    assert adviser.post(place, data={**SESSION, "capacity": ""}).status_code == 303
    assert "1 person has chosen it, so it cannot" in adviser.get(f"{place}/removal").get_data(as_text=True)
    assert adviser.post(f"{place}/removal").status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(EventSession.capacity)).all() == [None]


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"title_nb": ""}, "title_nb"),
        ({"on": "05.09.2008"}, "on"),
        ({"ends": "12.00"}, "ends"),
        ({"starts": "noon"}, "starts"),
    ],
)
def test_a_session_that_cannot_be_is_said_at_its_field(
    adviser: FlaskClient, address: str, world: World, wrong: dict[str, str], field: str
) -> None:
    run = world.events["seminar"].runs[0]
    answer = adviser.post(f"{address}/runs/{run.uid}/sessions", data={**SESSION, **wrong})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'href="#{field}"' in page, "Sal B" in page) == (422, True, True)


def hotel(name: str = "Hotellet") -> str:
    with transaction() as session:
        return add_venue(session, name=name, capacity=None, now=clock.now()).slug


def test_nights_and_rooms_are_saved_and_shown_with_what_is_taken(
    adviser: FlaskClient, address: str, world: World
) -> None:
    run = world.events["seminar"].runs[0]
    form = {"venue": hotel(), "nights": ["2008-08-31", "2008-09-01"], "rooms-2008-08-31": "", "rooms-2008-09-01": "40"}
    assert adviser.post(f"{address}/runs/{run.uid}/nights", data=form).status_code == 303
    db.session.rollback()
    rooms = [tuple(row) for row in db.session.execute(sa.select(RoomBlock.on, RoomBlock.rooms))]
    assert (list(db.session.scalars(sa.select(RunNight.on).order_by(RunNight.on))), rooms) == (
        [date(2008, 8, 31), date(2008, 9, 1)], [(date(2008, 9, 1), 40)],
    )  # fmt: skip
    night_id = db.session.scalars(sa.select(RunNight.id).where(RunNight.on == date(2008, 9, 1))).one()
    for number in (1, 2):
        sign_up(world, number, night_ids=(night_id,))
    page = text(adviser.get(f"{address}/nights").get_data(as_text=True))
    assert "Hotellet Night from Sunday 31 August 0 rooms, no limit Night from Monday 1 September 2 of 40" in page
    small = adviser.post(f"{address}/runs/{run.uid}/nights", data={**form, "rooms-2008-09-01": "1"})
    gone = adviser.post(f"{address}/runs/{run.uid}/nights", data={"venue": form["venue"]})
    assert [(one.status_code, field in one.get_data(as_text=True)) for one, field in (
        (small, 'href="#rooms-2008-09-01"'), (gone, 'href="#nights"'),
    )] == [(422, True), (422, True)]  # fmt: skip
    assert adviser.post(f"{address}/runs/{run.uid}/nights", data={"nights": "2008-09-01"}).status_code == 422


def test_the_lists_take_as_many_statements_with_one_row_as_with_twenty(
    adviser: FlaskClient, address: str, world: World
) -> None:
    run = world.events["seminar"].runs[0]

    def count() -> list[int]:
        counts = []
        for page in ("limits", "sessions", "nights"):
            adviser.get(f"{address}/{page}")
            with counted(db.engine) as statements:
                adviser.get(f"{address}/{page}")
            counts.append(len(statements))
        return counts

    def add(number: int) -> None:
        adviser.post(f"{address}/runs/{run.uid}/sessions", data={**SESSION, "title_nb": f"Verksted {number}"})

    part = [
        "each",
        "side-politician",
        "side-other",
        *(f"{kind}-{one}" for kind in ("each", "all") for one in (1, 2, 3)),
    ]
    add(0)
    adviser.post(f"{address}/limits/quotas", data={"part": part[0], "most_seats": "50"})
    one = count()
    for number in range(1, 20):
        add(number)
    for key in part:
        assert adviser.post(f"{address}/limits/quotas", data={"part": key, "most_seats": "50"}).status_code == 303
    assert [after - before for before, after in zip(one, count(), strict=True)] == [1, 0, 0]


def test_a_run_whose_days_are_not_known_has_no_nights_to_choose(
    adviser: FlaskClient, address: str, world: World
) -> None:
    run_id, uid = world.run_id("seminar"), world.events["seminar"].runs[0].uid
    empty = {
        "first_on": None,
        "last_on": None,
        "starts_local": None,
        "ends_local": None,
        "starts_at": None,
        "ends_at": None,
    }
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.id == run_id).values(precision="unknown", **empty))
    assert "Set the days first." in adviser.get(f"{address}/nights").get_data(as_text=True)
    assert adviser.get(f"{address}/runs/{uid}/nights").status_code == 200


def test_a_copy_keeps_how_places_are_given_and_the_quotas_and_no_days(
    adviser: FlaskClient, address: str, world: World
) -> None:
    adviser.post(f"{address}/registration", data=TERMS)
    adviser.post(f"{address}/limits/quotas", data={"part": "each", "most_seats": "5", "free_seats": "3"})
    assert adviser.post(address.replace("/events/", "/copies/")).status_code == 303
    db.session.rollback()
    copy = db.session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()
    quota = db.session.scalars(sa.select(Quota).where(Quota.event_id == copy.id)).one()
    assert (copy.asks_approval, copy.offer_hours, copy.names_by, copy.hand_over_by) == (True, 48, None, None)
    assert (quota.free_seats, quota.most_seats, quota.per_organisation) == (3, 5, True)
