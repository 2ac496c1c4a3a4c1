"""A group's own pages: what a member reads behind their link, and that nobody else reads any of it."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events import actions as events
from eventsys.events.materials.actions import add_material
from eventsys.events.materials.rules import MaterialFacts
from eventsys.events.meetings import actions
from eventsys.events.meetings.rules import ItemFacts
from eventsys.events.models import Event, Material
from eventsys.events.rules import (
    ClauseFacts,
    ClauseKind,
    EventFacts,
    EventType,
    ItemKind,
    MaterialAccess,
    MinutesState,
    Precision,
    RunFacts,
)
from eventsys.extensions import transaction
from eventsys.programmes.groups.actions import MemberFacts, add_group, end_member, set_member
from eventsys.programmes.groups.links import calendar_path, group_path
from eventsys.programmes.models import Group, GroupMembership
from eventsys.registrations.people import actions as people
from tests.accounts.people import add_account
from tests.registrations.test_me import words_of
from tests.world import BASE_URL, NOW, World, build

COMING, PAST = date(2008, 9, 9), date(2008, 6, 10)


@pytest.fixture
def world(app: Flask) -> World:
    return build()


@pytest.fixture
def group(world: World) -> Group:
    with transaction() as session:
        return add_group(
            session, organiser_id=world.secretariat, name={"nb": "Styringsgruppa"}, about={"nb": "Den som *styrer*."}
        )


def add_member(world: World, group: Group, name: str = "Kari Fjell", *, from_on: date = PAST) -> GroupMembership:
    with transaction() as session:
        facts = MemberFacts(
            name, f"{name.split()[0].lower()}@oslo.example", from_on, organisation_id=world.municipalities["0301"]
        )
        return set_member(session, group, facts, now=NOW)[0]


def add_meeting(world: World, group: Group, day: date, title: str = "Møte", *, is_out: bool = True) -> Event:
    with transaction() as session:
        event = events.create(
            session, organiser_id=world.secretariat, facts=EventFacts(EventType.MEETING, {"nb": title}, is_closed=True),
            clauses=[ClauseFacts(ClauseKind.GROUP, group_id=group.id)],
            runs=[RunFacts(Precision.EXACT, day, day, time(10), time(12))], base_url=BASE_URL, now=NOW,
        )  # fmt: skip
        if is_out:
            events.publish(session, event, now=NOW)
    return event


def write_minutes(world: World, event: Event, *, state: MinutesState | None = MinutesState.OUT) -> None:
    account = add_account("adviser@program.example", world.secretariat)
    with transaction() as session:
        item = actions.add_item(session, event, ItemFacts(ItemKind.DECISION, "Budsjett", "Ola Dal", "Se **vedlegg**."))
        said = {str(item.public_id): "Vedtatt <b>enstemmig</b>."}
        actions.write_minutes(
            session, event, present="Kari Fjell\nOla Dal", outcomes=said, edition=0, account_id=account.id, now=NOW
        )
        if state is not None:
            actions.set_state(session, event, state, account_id=account.id, now=NOW)


def add_paper(event: Event, access: MaterialAccess) -> Material:
    with transaction() as session:
        facts = MaterialFacts(f"Notat {access.value}", access=access)
        return add_material(session, event, facts, file=("notat.txt", b"Notatet"), published_at=NOW, now=NOW)


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return words_of(answer.get_data(as_text=True))


def test_a_member_reads_what_is_to_come_what_was_and_who_is_in_it(
    client: FlaskClient, world: World, group: Group
) -> None:
    member = add_member(world, group)
    add_member(world, group, "Ola Dal", from_on=date(2008, 12, 1))
    for day, title in ((COMING, "Høstmøte"), (PAST, "Vårmøte")):
        add_meeting(world, group, day, title)
    add_meeting(world, group, date(2008, 10, 14), "Utkastmøte", is_out=False)
    page = read(client, f"{group_path(member)}?lang=nb")
    assert ("Den som styrer" in page, "Kari Fjell Oslo" in page) == (True, True)
    assert page.index("Høstmøte") < page.index("Vårmøte")
    assert ("Utkastmøte" in page, "Ola Dal" in page) == (False, False)


def test_a_member_reads_agenda_minutes_and_papers_of_a_meeting(client: FlaskClient, world: World, group: Group) -> None:
    member, event = add_member(world, group), add_meeting(world, group, PAST)
    write_minutes(world, event)
    papers = [add_paper(event, access) for access in MaterialAccess]
    address = f"{group_path(member)}/meetings/{event.slug}"
    page = client.get(address).get_data(as_text=True)
    assert ("Budsjett" in page, "Se <strong>vedlegg</strong>." in page) == (True, True)
    assert "Vedtatt &lt;b&gt;enstemmig&lt;/b&gt;." in page
    assert [f"Notat {access.value}" in page for access in MaterialAccess] == [True] * 3
    answers = [client.get(f"{address}/materials/{paper.public_id}") for paper in papers]
    assert [(answer.status_code, answer.data) for answer in answers] == [(200, b"Notatet")] * 3
    assert client.get(f"{address}/minutes.pdf").data[:5] == b"%PDF-"


def test_minutes_that_are_being_written_are_the_organisers_alone(
    client: FlaskClient, world: World, group: Group
) -> None:
    member, event = add_member(world, group), add_meeting(world, group, PAST)
    write_minutes(world, event, state=None)
    address = f"{group_path(member)}/meetings/{event.slug}"
    page = client.get(address).get_data(as_text=True)
    assert ("Budsjett" in page, "Vedtatt" in page) == (True, False)
    assert client.get(f"{address}/minutes.pdf").status_code == 404


def test_a_link_opens_its_own_group_alone_and_nothing_after_the_last_day(
    client: FlaskClient, world: World, group: Group
) -> None:
    member, event = add_member(world, group), add_meeting(world, group, COMING)
    with transaction() as session:
        other = add_group(session, organiser_id=world.unio, name={"nb": "Kontaktutvalget"})
    stranger = add_member(world, other, "Per Vik")
    elsewhere = f"{group_path(stranger)}/meetings/{event.slug}"
    assert [client.get(f"{elsewhere}{more}").status_code for more in ("", "/minutes.pdf")] == [404, 404]
    assert client.get(group_path(member).replace("/groups/", "/groups/A")).status_code == 404
    with transaction() as session:
        end_member(session, session.merge(member), on=NOW.date())
    own = group_path(member)
    addresses = (own, f"{own}/meetings/{event.slug}", f"{own}/meetings/{event.slug}/minutes.pdf", calendar_path(member))
    assert [client.get(address).status_code for address in addresses] == [410] * 4


def test_the_calendar_has_every_meeting_and_opens_no_page(client: FlaskClient, world: World, group: Group) -> None:
    member = add_member(world, group)
    event = add_meeting(world, group, COMING, "Høstmøte")
    add_meeting(world, group, PAST, "Vårmøte", is_out=False)
    feed = client.get(calendar_path(member))
    text = feed.get_data(as_text=True).replace("\r\n ", "")
    assert (feed.mimetype, text.count("BEGIN:VEVENT"), "SUMMARY:Høstmøte" in text) == ("text/calendar", 1, True)
    assert f"/events/{event.slug}" not in text
    token = calendar_path(member).rsplit("/", 1)[1].removesuffix(".ics")
    assert client.get(f"/groups/{token}").status_code == 404


def test_the_link_is_found_again_with_the_address_alone(client: FlaskClient, world: World, group: Group) -> None:
    member = add_member(world, group)
    with transaction() as session:
        token = people.ask_for_link(session, member.email_key, real_now=clock.real_now())
    client.post(f"/me/{token}")
    page = client.get("/me").get_data(as_text=True)
    assert f'href="{group_path(member)}"' in page


def test_asking_for_a_link_says_the_same_of_members_and_of_strangers(
    client: FlaskClient, world: World, group: Group
) -> None:
    add_member(world, group)
    answers = [client.post("/me", data={"email": f"{name}@oslo.example"}) for name in ("kari", "ukjent")]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/me/sent")] * 2
