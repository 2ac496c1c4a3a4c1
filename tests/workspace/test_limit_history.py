"""What the log tells of quotas, held places and nights; and places held for people by name."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation, Person
from eventsys.registrations.limits.invited import hold_for_invited
from eventsys.registrations.models import HeldPlaces
from eventsys.venues.actions import add as add_venue
from tests.workspace.seats import EVENT, sign_up
from tests.world import World


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def newest(client: FlaskClient, many: int = 1) -> list[str]:
    """The newest lines of the log, tags taken out."""
    page = client.get("/manage/log").get_data(as_text=True)
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    return [text(row) for row in body.split("</tr>")[:many]]


def test_a_quota_is_logged_from_and_to(adviser: FlaskClient, world: World) -> None:
    quotas = f"{EVENT}/limits/quotas"
    adviser.post(quotas, data={"part": "each", "most_seats": "5", "free_seats": "3"})
    adviser.post(quotas, data={"part": "each", "most_seats": "6"})
    adviser.post(f"{quotas}/removal", data={"part": "each"})
    three, two, one = (line[line.index("Quotas:") :] for line in newest(adviser, 3))
    assert one == "Quotas: – → became Each organisation: yes, Places at most: 5, Places without cost: 3"
    assert two == (
        "Quotas: Each organisation: yes, Places at most: 5, Places without cost: 3"
        " → became Each organisation: yes, Places at most: 6"
    )
    assert three == "Quotas: Each organisation: yes, Places at most: 6 → became –"
    adviser.post(quotas, data={"part": f"all-{world.cohorts[2]}", "most_seats": "4"})
    assert "– → became Cohort: Pulje II, Places at most: 4" in newest(adviser)[0]


def test_held_places_are_logged_from_and_to(adviser: FlaskClient, world: World) -> None:
    run = str(world.events["seminar"].runs[0].uid)
    form = {"run": run, "organisations": "0821", "places": "1", "held_until": "25.08.2008"}
    adviser.post(f"{EVENT}/limits/holds", data=form)
    adviser.post(f"{EVENT}/limits/holds", data={**form, "places": "2"})
    given = {"run": run, "organisation": str(world.municipalities["0821"])}
    adviser.post(f"{EVENT}/limits/holds/release", data=given)
    label = db.session.get_one(Organisation, world.municipalities["0821"]).label
    told = [f"{label} (Number of places: {many}, Held until: 25 August 2008)" for many in (1, 2)]
    assert [line[line.index("Places held:") :] for line in newest(adviser, 3)] == [
        f"Places held: {told[1]} → became –",
        f"Places held: {told[0]} → became {told[1]}",
        f"Places held: – → became {told[0]}",
    ]


def test_nights_and_the_rooms_of_each_are_logged_from_and_to(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        slug = add_venue(session, name="Fjordhotellet", capacity=None, now=clock.now()).slug
    run = world.events["seminar"].runs[0]
    page = f"{EVENT}/runs/{run.uid}/nights"
    adviser.post(page, data={"venue": slug, "nights": ["2008-09-01"], "rooms-2008-09-01": "40"})
    rooms, nights = sorted(newest(adviser, 2), key=lambda line: "Nights" in line)
    assert "Rooms: – → became 1 September 2008 (Rooms: 40)" in rooms
    assert "Nights: – → became 1 September 2008" in nights
    assert "Hotel: – → became Fjordhotellet" in nights
    adviser.post(page, data={"venue": slug, "nights": ["2008-09-01"], "rooms-2008-09-01": ""})
    told = " | ".join(newest(adviser, 2))
    assert "Rooms: 1 September 2008 (Rooms: 40) → became –" in told


@pytest.fixture
def held(adviser: FlaskClient, world: World) -> FlaskClient:
    """A place held for the one who has taken it, and for one who has not answered."""
    sign_up(world, 1)
    with transaction() as session:
        run = session.merge(world.events["seminar"].runs[0])
        run.capacity = 10
        other = Person(email_key="inger@kommune.example", name_key="inger innbudt", created_at=clock.now())
        session.add(other)
        session.flush()
        people = list(session.scalars(sa.select(Person.id)))
        hold_for_invited(session, run, person_ids=people, held_until=date(2008, 8, 25), now=clock.now())
    return adviser


def test_places_held_for_people_by_name_are_counted_on_the_page_and_lead_to_the_invitations(held: FlaskClient) -> None:
    page = held.get(f"{EVENT}/limits").get_data(as_text=True)
    assert "People who are invited by name 1–2 September 2008 1 of 2 taken 25 August 2008 Give to all" in text(page)
    assert (f'href="{EVENT}/invitations">People who' in page, "inger" in page.lower()) == (True, False)


def test_places_held_for_people_by_name_are_given_to_all(held: FlaskClient, world: World) -> None:
    data = {"run": str(world.events["seminar"].runs[0].uid), "people_until": "2008-08-25"}
    assert held.post(f"{EVENT}/limits/holds/release", data=data).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(HeldPlaces.id).where(HeldPlaces.released_at.is_(None))).all() == []
    told = "Places held: People who are invited by name: 2, Held until: 25 August 2008 → became –"
    assert told in newest(held)[0]
    assert held.post(f"{EVENT}/limits/holds/release", data={**data, "people_until": "tomorrow"}).status_code == 303
