"""The stamp of all that public feeds are made of: which tables make it new, and that feeds read no other."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.calendars.models import FeedVersion
from eventsys.calendars.versions import WATCHED
from eventsys.events.models import Event, EventClause
from eventsys.events.rules import ClauseKind
from eventsys.extensions import Base, db, transaction
from eventsys.organisations.models import Organisation, Person
from eventsys.programmes.models import Group, GroupMembership
from tests.calendars.test_feeds import ALL, add, fetch, municipality
from tests.events import given
from tests.statements import counted

NAMED = re.compile(r"\b(?:FROM|JOIN)\s+\"?(\w+)")
OF_THE_STAMP = {"clock_offsets", "feed_versions"}
OTHERWISE = {
    "slug": "annet", "name_key": "annet", "number": "9999", "label": "Annet", "ordinal": 9, "from_on": date(2007, 1, 1),
    "to_on": date(2007, 2, 1),
}  # fmt: skip
"""What a copy of a row has that the row has not."""
FEEDS = (
    ALL,
    "/calendars/cohorts/pulje-i.ics",
    "/calendars/networks/nord.ics",
    "/calendars/organisers/sekretariatet.ics",
    "/calendars/types/learning-seminar.ics",
    "/calendars/venues/hotellet.ics",
    "/calendars/organisations/0821.ics",
    "/events/laeringsseminar-pulje-i.ics",
    f"{ALL}?cohort=pulje-i&network=nord&organiser=sekretariatet&type=learning-seminar&venue=hotellet&organisation=0821",
)


@pytest.fixture
def programme(app: Flask) -> Iterator[given.Programme]:
    """At least one row in every table that feeds are made of."""
    with transaction() as session:
        clock.set_to(session, given.NOW)
        made = given.programme(session)
        number = given.venue(session, "hotellet")
    municipality(made, cohort=made.cohorts[0], network=made.networks[0])
    run = given.exact(date(2008, 9, 1), time(10), time(15), venue_id=number)
    event = add(made, run, cohorts=made.cohorts[:1])
    add_group(made, event)
    yield made
    db.session.rollback()


def add_group(made: given.Programme, event: int) -> None:
    with transaction() as session:
        group = Group(organiser_id=made.organiser_id, slug="gruppa", name={"nb": "Gruppa"})
        person = Person(email_key="a@bo.example", name_key="a", created_at=given.NOW)
        session.add_all([group, person])
        session.flush()
        session.add(
            GroupMembership(
                group_id=group.id, person_id=person.id, name="A", email="a@bo.example", email_key="a@bo.example",
                organisation_id=session.scalars(sa.select(Organisation.id)).first(), from_on=date(2008, 1, 1),
            )
        )  # fmt: skip
        session.add(EventClause(event_id=event, kind=ClauseKind.GROUP, group_id=group.id))


def stamp() -> str | None:
    with db.engine.connect() as connection:
        found: str | None = connection.execute(sa.select(FeedVersion.version)).scalar()
        return found


def copy_of(table: sa.Table, row: Any, programme: given.Programme) -> dict[str, Any]:
    """A row like it that may stand beside it."""
    found = {name: OTHERWISE.get(name, value) for name, value in row.items() if name != "id"}
    if table.name != "cohorts" and table.name != "events":
        found.pop("ordinal", None)
    found |= {name: uuid.uuid4() for name in ("uid", "public_id") if name in found}
    if table.name == "event_clauses":
        found["cohort_id"] = programme.cohorts[1]
    return found


@pytest.mark.parametrize("name", WATCHED)
def test_a_row_that_comes_changes_or_goes_makes_a_new_stamp(app: Flask, programme: given.Programme, name: str) -> None:
    table, seen = Base.metadata.tables[name], [stamp()]
    with db.engine.connect() as connection:
        row = connection.execute(sa.select(table).order_by(table.c.id)).mappings().first()
    copy = copy_of(table, row, programme)
    with transaction() as session:
        made = session.execute(sa.insert(table).values(copy).returning(table.c.id)).scalar_one()
    seen.append(stamp())
    for statement in (sa.update(table).values(id=table.c.id), sa.delete(table)):
        with transaction() as session:
            session.execute(statement.where(table.c.id == made))
        seen.append(stamp())
    assert (len(set(seen)), None in seen) == (4, False)


def test_what_feeds_are_not_made_of_makes_no_stamp(app: Flask, programme: given.Programme) -> None:
    before = stamp()
    with transaction() as session:
        session.execute(sa.update(Group).values(slug="annen"))
        session.execute(sa.update(Person).values(name_key="b"))
    assert stamp() == before


@pytest.mark.parametrize("path", FEEDS)
def test_feeds_read_no_table_whose_changes_nobody_tells_of(app: Flask, programme: given.Programme, path: str) -> None:
    with counted(db.engine) as sent:
        assert fetch(app, path).status_code == 200
    read = {name for statement in sent for name in NAMED.findall(statement)} & set(Base.metadata.tables)
    assert read - OF_THE_STAMP <= set(WATCHED)
    assert {"events", "runs", "organisers"} <= read


def test_a_change_of_what_a_feed_is_called_is_in_the_next_answer(app: Flask, programme: given.Programme) -> None:
    """Though none of its entries changed."""
    with transaction() as session:
        session.execute(sa.update(Event).values(by_invitation=False))
    for path, statement, word in (
        ("/calendars/networks/nord.ics", "UPDATE networks SET name = 'Nytt navn' WHERE slug = 'nord'", "Nytt navn"),
        ("/calendars/organisers/sekretariatet.ics", "UPDATE organisers SET name = 'Nytt hus'", "Nytt hus"),
        ("/calendars/venues/hotellet.ics", "UPDATE venues SET name = 'Nytt hotell'", "Nytt hotell"),
        ("/calendars/organisations/0821.ics", "UPDATE organisations SET label = 'Ny by'", "Ny by"),
    ):
        before = fetch(app, path)
        with transaction() as session:
            session.execute(sa.text(statement))
        after = fetch(app, path)
        assert (word in before.text, word in after.text, before.headers["ETag"] == after.headers["ETag"]) == (
            False, True, False,
        )  # fmt: skip
