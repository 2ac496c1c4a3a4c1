"""The programme's page: tables by room and time, free cells, and telling those who are signed up of changes."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.rules import MemberRole
from eventsys.events.models import EventChange
from eventsys.events.rules import ChangeKind
from eventsys.extensions import db, transaction
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import Trigger
from tests.accounts.people import add_account, sign_in
from tests.registrations.asking import sign_up
from tests.statements import counted
from tests.workspace.programmes import add, add_rooms, event_address, sessions, text
from tests.world import World


@pytest.fixture
def address(world: World) -> str:
    return f"{event_address(world)}/programme"


def test_an_event_without_a_programme_says_what_to_do_first(adviser: FlaskClient, address: str) -> None:
    assert "No programme yet" in text(adviser.get(address))


def test_a_day_is_a_table_with_a_column_for_each_place_and_free_cells_to_fill(
    adviser: FlaskClient, world: World, address: str
) -> None:
    rooms = add_rooms("Storsalen", "Kammerset")
    add(adviser, world, room=str(rooms["Storsalen"]), **{"speaker-0": "Siri Hvalkleivås, forsker"})
    add(adviser, world, title_nb="Gruppearbeid", room=str(rooms["Kammerset"]), chosen="1", capacity="9")
    add(adviser, world, kind="meal", title_nb="", title_nn="", starts="12.00", ends="13.00")
    add(adviser, world, title_nb="Oppsummering", starts="13.00", ends="14.00", place="Foajeen")
    answer = adviser.get(address)
    page = text(answer)
    assert "Time Storsalen, Plaza Kammerset, Plaza Foajeen 10:00–11:30" in page
    assert "Siri Hvalkleivås" in page
    assert "0 of 9" in page
    free = re.findall(r'class="free"><a href="([^"]+)">.*?sr-only">([^<]+)<', answer.get_data(as_text=True))
    links = {name: link.replace("&amp;", "&") for link, name in free}
    assert list(links) == [
        "Add a session: Foajeen, 10:00–11:30", "Add a session: Storsalen, Plaza, 11:30–12:00",
        "Add a session: Kammerset, Plaza, 11:30–12:00", "Add a session: Foajeen, 11:30–12:00",
        "Add a session: Storsalen, Plaza, 13:00–14:00", "Add a session: Kammerset, Plaza, 13:00–14:00",
    ]  # fmt: skip
    form = adviser.get(links["Add a session: Kammerset, Plaza, 11:30–12:00"]).get_data(as_text=True)
    assert [f'value="{value}"' in form for value in ("01.09.2008", "11.30", "12.00")] == [True] * 3
    assert f'value="{rooms["Kammerset"]}" selected' in form


def test_a_title_that_lacks_a_language_is_marked(adviser: FlaskClient, world: World, address: str) -> None:
    add(adviser, world, title_nn="")
    assert "Nynorsk is missing" in text(adviser.get(address))


def test_what_people_write_is_text_and_no_marks(adviser: FlaskClient, world: World, address: str) -> None:
    add(adviser, world, title_nb="<b>Mål</b>", place="<i>Sal</i>", **{"speaker-0": "<u>Siri</u>, <s>forsker</s>"})
    for page in (
        address,
        f"/events/{world.events['seminar'].slug}",
        f"/events/{world.events['seminar'].slug}/programme",
    ):
        shown = adviser.get(page).get_data(as_text=True)
        assert [mark in shown for mark in ("<b>Mål", "<i>Sal", "<u>Siri", "<s>forsker")] == [False] * 4
        assert "&lt;u&gt;Siri" in shown


def test_a_reader_sees_the_programme_and_nothing_to_change_it_with(
    client: FlaskClient, adviser: FlaskClient, world: World, address: str
) -> None:
    add(adviser, world)
    run = world.events["seminar"].runs[0]
    sign_in(client, add_account("reader@program.example", world.secretariat, role=MemberRole.READER))
    page = client.get(address)
    assert (page.status_code, "Mål som kan måles" in text(page)) == (200, True)
    assert "sessions/" not in page.get_data(as_text=True)
    new = f"{event_address(world)}/runs/{run.uid}/sessions"
    assert [client.get(f"{new}/new").status_code, client.post(new, data={}).status_code] == [403, 403]


def switch_on(world: World) -> None:
    with transaction() as session:
        session.execute(
            sa.delete(Rule).where(Rule.organiser_id == world.secretariat, Rule.trigger == Trigger.PROGRAMME_CHANGED)
        )
        session.add(
            Rule(
                organiser_id=world.secretariat, key="own-programme", template="run_changed",
                trigger=Trigger.PROGRAMME_CHANGED, enabled_at=clock.now(),
            )
        )  # fmt: skip


def test_changes_are_told_of_together_with_a_line_of_ones_own(adviser: FlaskClient, world: World, address: str) -> None:
    sign_up(world)
    switch_on(world)
    add(adviser, world)
    (row,) = sessions()
    adviser.post(
        f"{event_address(world)}/sessions/{row.public_id}",
        data={"title_nb": "Mål", "on": "02.09.2008", "starts": "10.00", "ends": "11.30"},
    )
    assert "2 changes that nobody who is signed up has been told of" in text(adviser.get(address))
    telling = f"{event_address(world)}/runs/{world.events['seminar'].runs[0].uid}/programme"
    page = text(adviser.get(telling))
    assert "Monday 1 September, 10:00 → Tuesday 2 September, 10:00" in page
    assert "1 person who is signed up gets a mail about it." in page
    too_long = adviser.post(telling, data={"line": "x" * 1001})
    assert (too_long.status_code, 'href="#line"' in too_long.get_data(as_text=True)) == (422, True)
    assert [adviser.post(telling, data={"line": "Vi begynner en dag senere."}).status_code for _time in range(2)] == [
        303, 303,
    ]  # fmt: skip
    db.session.rollback()
    kind = EventChange.kind == ChangeKind.PROGRAMME_CHANGED
    told = [row.facts for row in db.session.scalars(sa.select(EventChange).where(kind)) if "told" in row.facts]
    assert [(len(facts["told"]), facts["line"]) for facts in told] == [(2, "Vi begynner en dag senere.")]
    assert "nobody who is signed up" not in text(adviser.get(address))
    assert "There is nothing new to tell of." in text(adviser.get(telling))


def test_without_a_rule_for_it_nobody_is_said_to_be_told(adviser: FlaskClient, world: World) -> None:
    sign_up(world)
    with transaction() as session:
        session.execute(sa.delete(Rule).where(Rule.trigger == Trigger.PROGRAMME_CHANGED))
    add(adviser, world)
    telling = f"{event_address(world)}/runs/{world.events['seminar'].runs[0].uid}/programme"
    page = text(adviser.get(telling))
    assert "so nobody gets a mail" in page
    assert "Tell them" not in page


def test_the_page_takes_as_many_statements_with_one_session_as_with_thirty(
    adviser: FlaskClient, app: Flask, world: World, address: str
) -> None:
    def count() -> int:
        adviser.get(address)
        with counted(db.engine) as statements:
            assert adviser.get(address).status_code == 200
        return len(statements)

    def fill(number: int) -> None:
        more = {"speaker-0": f"Taler {number}", "place": f"Sal {number}", "chosen": "1"}
        assert add(adviser, world, title_nb=f"Økt {number}", **more).status_code == 303

    fill(0)
    one = count()
    for number in range(1, 30):
        fill(number)
    assert count() == one
