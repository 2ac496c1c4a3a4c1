"""The organisers' list of what places must be told, and by when."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import LogEntry
from eventsys.events.bookings.deadlines import actions
from eventsys.events.bookings.deadlines.rules import DeadlineFacts
from eventsys.events.models import ContractDeadline
from eventsys.events.rules import DeadlineKind
from eventsys.extensions import db, transaction
from eventsys.venues.actions import add
from tests.statements import counted
from tests.world import World

BEDS = {"venue": "oslo-plaza", "kind": "beds", "due_on": "25.08.2008", "remind_days": "3", "words": "40 rom"}


@pytest.fixture
def plaza(adviser: FlaskClient) -> int:
    with transaction() as session:
        return add(session, name="Oslo Plaza", now=clock.now()).id


def all_deadlines() -> list[ContractDeadline]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ContractDeadline).order_by(ContractDeadline.id)))


def test_a_deadline_is_written_down_and_corrected(adviser: FlaskClient, plaza: int, world: World) -> None:
    slug = world.events["seminar"].slug
    assert adviser.post("/manage/deadlines", data={**BEDS, "event": slug}).status_code == 303
    (made,) = all_deadlines()
    assert (made.venue_id, made.event_id, made.kind, made.due_on, made.remind_days, made.words) == (
        plaza, world.events["seminar"].id, DeadlineKind.BEDS, date(2008, 8, 25), 3, "40 rom",
    )  # fmt: skip
    page = adviser.get("/manage/deadlines").get_data(as_text=True)
    assert [words in page for words in ("Release of hotel rooms", "in 7 days", "Læringsseminar 2")] == [True] * 3
    corrected = {**BEDS, "kind": "meals", "due_on": "18.08.2008"}
    assert adviser.post(f"/manage/deadlines/{made.public_id}", data=corrected).status_code == 303
    (made,) = all_deadlines()
    assert (made.event_id, made.kind, made.due_on) == (None, DeadlineKind.MEALS, date(2008, 8, 18))
    assert "Today" in adviser.get("/manage/venues/oslo-plaza").get_data(as_text=True)


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"venue": "nowhere"}, "venue"),
        ({"event": "nothing"}, "event"),
        ({"kind": ""}, "kind"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "31.02.2008"}, "due_on"),
        ({"remind_days": "400"}, "remind_days"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    adviser: FlaskClient, plaza: int, changes: dict[str, str], field: str
) -> None:
    answer = adviser.post("/manage/deadlines", data={**BEDS, **changes})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'href="#{field}"' in page, 'value="40 rom"' in page) == (422, True, True)
    assert all_deadlines() == []


def test_another_organisers_event_is_none_of_ours(adviser: FlaskClient, plaza: int, world: World) -> None:
    answer = adviser.post("/manage/deadlines", data={**BEDS, "event": world.events["unio"].slug})
    assert (answer.status_code, all_deadlines()) == (422, [])


def test_a_deadline_is_marked_as_done_and_not_done_again(adviser: FlaskClient, plaza: int) -> None:
    adviser.post("/manage/deadlines", data=BEDS)
    (made,) = all_deadlines()
    address = f"/manage/deadlines/{made.public_id}/done"
    assert [adviser.post(address).status_code for _twice in range(2)] == [303, 303]
    assert all_deadlines()[0].done_at is not None
    adviser.post(address, data={"undo": "1"})
    assert all_deadlines()[0].done_at is None
    verbs = db.session.execute(sa.select(LogEntry.verb, LogEntry.facts).order_by(LogEntry.id)).all()
    assert [facts.get("done") for _verb, facts in verbs] == [
        None, {"from": False, "to": True}, {"from": True, "to": False},
    ]  # fmt: skip


def test_a_deadline_is_taken_away_after_a_question(adviser: FlaskClient, plaza: int) -> None:
    adviser.post("/manage/deadlines", data=BEDS)
    address = f"/manage/deadlines/{all_deadlines()[0].public_id}/removal"
    assert "Release of hotel rooms, Oslo Plaza, 25 August 2008." in adviser.get(address).get_data(as_text=True)
    assert adviser.post(address).status_code == 303
    assert all_deadlines() == []
    assert adviser.post(address).status_code == 404


def test_another_organisers_deadline_is_not_there(adviser: FlaskClient, plaza: int, world: World) -> None:
    facts = DeadlineFacts(DeadlineKind.BEDS, date(2008, 9, 1), 7, "Rødstrupe")
    with transaction() as session:
        made = actions.add(
            session,
            organiser_id=world.unio,
            venue_id=plaza,
            event_id=None,
            facts=facts,
            account_id=None,
            now=clock.now(),
        )
    for page in ("/manage/deadlines", "/manage/venues/oslo-plaza"):
        assert "Rødstrupe" not in adviser.get(page).get_data(as_text=True)
    address = f"/manage/deadlines/{made.public_id}"
    statuses = [adviser.get(f"{address}/edit"), adviser.post(address, data=BEDS), adviser.post(f"{address}/done")]
    assert [answer.status_code for answer in statuses] == [404, 404, 404]


def test_fifty_deadlines_take_as_many_statements_as_one(adviser: FlaskClient, plaza: int, world: World) -> None:
    def write_down(number: int) -> None:
        facts = DeadlineFacts(DeadlineKind.ROOMS, date(2008, 9, 1), 7, f"Nummer {number}")
        with transaction() as session:
            actions.add(
                session, organiser_id=world.secretariat, venue_id=plaza, event_id=world.events["seminar"].id,
                facts=facts, account_id=None, now=clock.now(),
            )  # fmt: skip

    def count() -> int:
        with counted(db.engine) as sent:
            assert adviser.get("/manage/deadlines").status_code == 200
        return len(sent)

    write_down(0)
    one = count()
    for number in range(1, 50):
        write_down(number)
    assert count() == one
