"""A group's meetings on the organisers' pages: many at once, agenda and minutes, the members on the lists and told."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.events.models import Event, MeetingItem, Run, Series
from eventsys.events.rules import EventStatus, EventType
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.programmes.groups.actions import MemberFacts, add_group, end_member, set_member
from eventsys.programmes.groups.links import group_path
from eventsys.programmes.models import Group, GroupMembership
from eventsys.programmes.rules import GroupKind
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.world import NOW, World

MEETINGS = "/manage/groups/styringsgruppa/meetings"
FORM = {
    "title_nb": "Møte i styringsgruppa", "first_on": "09.09.2008", "starts": "10.00", "ends": "12.00",
    "rhythm": "weekday", "count": "11", "skips_july": "1", "new_venue": "Departementet", "is_out": "1",
}  # fmt: skip


@pytest.fixture
def group(adviser: FlaskClient, world: World) -> Group:
    with transaction() as session:
        group = add_group(
            session, organiser_id=world.secretariat, name={"nb": "Styringsgruppa"}, kind=GroupKind.STEERING
        )
        oslo = world.municipalities["0301"]
        for name, place in (("Kari Fjell", oslo), ("Ola Dal", None)):
            address = f"{name.split()[0].lower()}@oslo.example"
            facts = MemberFacts(name, address, date(2008, 1, 1), organisation_id=place, language="nb")
            set_member(session, group, facts, now=NOW)
    return group


def fresh(statement: sa.Select[Any]) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def list_meetings() -> list[Event]:
    return fresh(sa.select(Event).where(Event.type == EventType.STEERING_GROUP).order_by(Event.ordinal))


def seats() -> list[tuple[date | None, str, State]]:
    db.session.rollback()
    statement = (
        sa.select(Run.first_on, Registration.name, Registration.state)
        .join(Run, Run.id == Registration.run_id)
        .order_by(Run.sort_at, Registration.name)
    )
    return [tuple(row) for row in db.session.execute(statement)]  # type: ignore[misc]


def test_eleven_closed_meetings_are_made_at_once_and_once(adviser: FlaskClient, group: Group) -> None:
    for _time in range(2):
        answer = adviser.post(MEETINGS, data=FORM)
        assert (answer.status_code, answer.location) == (303, MEETINGS)
    meetings = list_meetings()
    (series,) = fresh(sa.select(Series))
    assert [one.ordinal for one in meetings] == [*range(1, 12)]
    assert {(one.is_closed, one.by_invitation, one.status, one.series_id) for one in meetings} == {
        (True, True, EventStatus.PUBLISHED, series.id)
    }
    assert series.group_id == group.id
    days = [day for day, name, _state in seats() if name == "Kari Fjell"]
    assert days[:2] == [date(2008, 9, 9), date(2008, 10, 14)]
    assert (len(days), len(seats()), {day.month for day in days if day}) == (11, 22, set(range(1, 13)) - {7})


def test_the_days_are_shown_first_and_one_without_its_tick_is_left_out(adviser: FlaskClient, group: Group) -> None:
    form = FORM | {"count": "3", "is_out": ""}
    page = adviser.post(MEETINGS, data=form | {"show": "1"}).get_data(as_text=True)
    assert "Tuesday 14 October 2008" in page
    assert list_meetings() == []
    shown = ["2008-09-09", "2008-10-14", "2008-11-11"]
    adviser.post(MEETINGS, data=form | {"shown": shown, "day": [shown[0], shown[2]]})
    assert [run.first_on for run in fresh(sa.select(Run).join(Event).where(Event.series_id.is_not(None)))] == [
        date(2008, 9, 9), date(2008, 11, 11),
    ]  # fmt: skip
    assert {one.status for one in list_meetings()} == {EventStatus.DRAFT}
    assert seats() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title_nb": ""}, "title_nb"),
        ({"first_on": "31.9.2008"}, "first_on"),
        ({"starts": ""}, "starts"),
        ({"ends": "09.00"}, "ends"),
        ({"count": "25"}, "count"),
        ({"count": ""}, "count"),
        ({"rhythm": "weeks"}, "weeks"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    adviser: FlaskClient, group: Group, wrong: dict[str, str], field: str
) -> None:
    answer = adviser.post(MEETINGS, data=FORM | wrong)
    assert (answer.status_code, f'id="{field}-error"' in answer.get_data(as_text=True)) == (422, True)
    assert list_meetings() == []


def test_who_joins_or_leaves_the_group_joins_or_leaves_the_lists(adviser: FlaskClient, group: Group) -> None:
    adviser.post(MEETINGS, data=FORM | {"count": "2"})
    with transaction() as session:
        set_member(session, group, MemberFacts("Per Vik", "per@oslo.example", date(2008, 10, 1)), now=NOW)
        ola = session.scalars(sa.select(GroupMembership).where(GroupMembership.name == "Ola Dal")).one()
        end_member(session, ola, on=date(2008, 9, 1))
    page = adviser.get(MEETINGS).get_data(as_text=True)
    assert "1 member is not on every list." in page
    assert "1 is on a list and no longer in the group." in page
    for _time in range(2):
        adviser.post(f"{MEETINGS}/members")
    assert seats() == [
        (date(2008, 9, 9), "Kari Fjell", State.CONFIRMED),
        (date(2008, 9, 9), "Ola Dal", State.CANCELLED),
        (date(2008, 10, 14), "Kari Fjell", State.CONFIRMED),
        (date(2008, 10, 14), "Ola Dal", State.CANCELLED),
        (date(2008, 10, 14), "Per Vik", State.CONFIRMED),
    ]


def test_the_page_takes_as_many_statements_for_eleven_meetings_as_for_one(adviser: FlaskClient, group: Group) -> None:
    counts = []
    for how_many in ("1", "11"):
        adviser.post(MEETINGS, data=FORM | {"count": how_many})
        with counted(db.engine) as seen:
            adviser.get(MEETINGS)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_items_are_added_moved_changed_and_taken_off(adviser: FlaskClient, group: Group) -> None:
    adviser.post(MEETINGS, data=FORM | {"count": "1"})
    agenda = f"/manage/events/{list_meetings()[0].slug}/agenda"
    assert "No agenda yet" in adviser.get(agenda).get_data(as_text=True)
    refused = adviser.post(agenda, data={"title": "", "text": "<b>Bakgrunn</b>"})
    assert (refused.status_code, "&lt;b&gt;Bakgrunn&lt;/b&gt;" in refused.get_data(as_text=True)) == (422, True)
    for title in ("Økonomi", "Eventuelt"):
        adviser.post(agenda, data={"title": title, "kind": "decision", "presenter": "Kari Fjell"})
    last = list_items()[1].public_id
    adviser.post(f"{agenda}/{last}/move", data={"way": "up"})
    assert [item.title for item in list_items()] == ["Eventuelt", "Økonomi"]
    adviser.post(f"{agenda}/{last}", data={"title": "Til slutt", "kind": "information"})
    assert adviser.get(f"{agenda}/{last}/removal").status_code == 200
    assert [item.title for item in list_items()] == ["Til slutt", "Økonomi"]
    for _time in range(2):
        assert adviser.post(f"{agenda}/{last}/removal").status_code == 303
    assert [item.title for item in list_items()] == ["Økonomi"]
    verbs = [row.verb.value for row in fresh(sa.select(LogEntry).where(LogEntry.object == "agenda_item"))]
    assert verbs == ["added", "added", "changed", "changed", "removed"]


def list_items() -> list[MeetingItem]:
    return fresh(sa.select(MeetingItem).order_by(MeetingItem.position))


def test_minutes_go_from_draft_to_the_group_to_approved(adviser: FlaskClient, group: Group) -> None:
    adviser.post(MEETINGS, data=FORM | {"count": "1"})
    slug = list_meetings()[0].slug
    minutes = f"/manage/events/{slug}/minutes"
    adviser.post(f"/manage/events/{slug}/agenda", data={"title": "Økonomi"})
    (item,) = list_items()
    assert "Kari Fjell, Oslo\nOla Dal" in adviser.get(minutes).get_data(as_text=True)
    written = {"present": "Kari Fjell", f"outcome-{item.public_id}": "Vedtatt.", "edition": "0"}
    assert adviser.post(minutes, data=written).status_code == 303
    late = adviser.post(minutes, data=written | {"present": "Ola Dal"})
    assert (late.status_code, "Ola Dal" in late.get_data(as_text=True)) == (409, True)
    for _time in range(2):
        adviser.post(f"{minutes}/state", data={"state": "out"})
    assert told() == [("group_minutes", "kari@oslo.example"), ("group_minutes", "ola@oslo.example")]
    (subject,) = set(fresh(sa.select(OutboxMessage.subject).where(OutboxMessage.template == "group_minutes")))
    assert subject is not None
    assert re.search(r"^(Referat|Minutes): .+, \d+\.? \w+ 2008$", subject), subject
    (text, *_rest) = fresh(sa.select(OutboxMessage.text).where(OutboxMessage.template == "group_minutes"))
    assert text is not None
    assert "post@program.example" in text
    adviser.post(f"{minutes}/state", data={"state": "approved"})
    adviser.post(minutes, data=written | {"present": "Per Vik", "edition": "1"})
    assert "Per Vik" not in adviser.get(minutes).get_data(as_text=True)
    paper = adviser.get(f"/manage/events/{slug}/minutes.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")


def told() -> list[tuple[str, str]]:
    rows = fresh(sa.select(OutboxMessage).where(OutboxMessage.template.startswith("group_")).order_by(OutboxMessage.id))
    return [(row.template, row.email) for row in rows]


def test_each_member_gets_their_own_link_by_mail_once_an_hour(adviser: FlaskClient, group: Group) -> None:
    for _time in range(2):
        adviser.post("/manage/groups/styringsgruppa/links")
    assert told() == [("group_link", "kari@oslo.example"), ("group_link", "ola@oslo.example")]
    mails = fresh(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    members = fresh(sa.select(GroupMembership).order_by(GroupMembership.id))
    assert [group_path(member) in (mail.text or "") for mail, member in zip(mails, members, strict=True)] == [True] * 2


def test_a_group_that_is_ended_has_nobody_in_it_and_keeps_its_meetings(adviser: FlaskClient, group: Group) -> None:
    adviser.post(MEETINGS, data=FORM | {"count": "1"})
    assert "2 members are out of it from today" in adviser.get("/manage/groups/styringsgruppa/end").get_data(
        as_text=True
    )
    adviser.post("/manage/groups/styringsgruppa/end")
    assert {row.to_on for row in fresh(sa.select(GroupMembership))} == {date(2008, 8, 17)}
    assert len(list_meetings()) == 1


def test_another_organiser_finds_none_of_it(
    adviser: FlaskClient, group: Group, world: World, client: FlaskClient
) -> None:
    adviser.post(MEETINGS, data=FORM | {"count": "1"})
    slug = list_meetings()[0].slug
    sign_in(client, add_account("unio@unio.example", world.unio))
    for address in (MEETINGS, f"{MEETINGS}/new", f"/manage/events/{slug}/agenda", f"/manage/events/{slug}/minutes"):
        assert (address, client.get(address).status_code) == (address, 404)
    assert client.post(MEETINGS, data=FORM).status_code == 404
