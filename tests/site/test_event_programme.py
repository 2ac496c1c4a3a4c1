"""The public programme by time and by room, and the papers that everybody may open."""

from __future__ import annotations

import html
import re
import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.events.materials import actions as materials
from eventsys.events.materials.rules import MaterialFacts
from eventsys.events.models import Event, EventClause, EventSession, Run, Speaker
from eventsys.events.programme.actions import write_session
from eventsys.events.programme.rules import SessionFacts, split_speaker
from eventsys.events.rules import ClauseKind, EventStatus, MaterialAccess, MaterialKind, SessionKind
from eventsys.extensions import db, transaction
from eventsys.programmes.models import Group, GroupMembership
from eventsys.registrations.models import Registration
from tests.registrations.desks import find, mailed, receipt, sign_up
from tests.statements import counted
from tests.world import NOW, World, build

EVERYBODY, PARTICIPANTS, GROUP = MaterialAccess


@pytest.fixture
def world(app: object) -> World:
    return build()


def text(answer: TestResponse) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split()))


def write(
    world: World, title: str, hour: int, *, to: int = 0, place: str = "", speakers: str = "", **more: object
) -> int:
    """A session on 1 September, an hour long unless `to` says when it ends."""
    facts = SessionFacts(
        {"nb": title}, starts_local=datetime(2008, 9, 1, hour), ends_local=datetime(2008, 9, 1, to or hour + 1), place=place,
        **{"chosen": False, **more},  # type: ignore[arg-type]
    )  # fmt: skip
    spoken = [split_speaker(one) for one in speakers.split(";") if one]
    with transaction() as session:
        return write_session(session, session.get_one(Run, world.run_id("seminar")), facts, speakers=spoken, now=NOW).id


def put_up(world: World, title: str, access: MaterialAccess, at: datetime | None = NOW, **more: object) -> uuid.UUID:
    with transaction() as session:
        event = session.get_one(Event, world.events["seminar"].id)
        facts = MaterialFacts(title, access=access, **more)  # type: ignore[arg-type]
        made = materials.add_material(
            session, event, facts, file=(f"{title}.txt", title.encode()), published_at=at, now=NOW
        )
        return made.public_id


@pytest.fixture
def address(world: World) -> str:
    return f"/events/{world.events['seminar'].slug}"


def test_the_programme_is_a_list_by_time_with_who_speaks_and_where(
    client: FlaskClient, world: World, address: str
) -> None:
    write(world, "Lunsj", 12, kind=SessionKind.MEAL)
    write(world, "Mål som kan måles", 10, to=12, place="Salen", speakers="Siri Hvalkleivås, forsker;Helge Tindhaugrud")
    write(world, "Oppvekst", 13, place="Vaterland", chosen=True)
    write(world, "Sykefravær", 13, place="Akerselva", chosen=True)
    expected = (
        "kl. 10.00–12.00 Mål som kan måles Siri Hvalkleivås, forsker · Helge Tindhaugrud Salen"
        " kl. 12.00–13.00 Lunsj kl. 13.00–14.00 Oppvekst"
    )
    assert expected in text(client.get(f"{address}/programme"))
    assert "kl. 10.00–12.00 Mål som kan måles Siri Hvalkleivås · Helge Tindhaugrud Salen" in text(client.get(address))


def test_what_is_written_about_a_speaker_is_read_in_the_whole_programme(
    client: FlaskClient, world: World, address: str
) -> None:
    write(world, "Mål", 10, speakers="Siri Hvalkleivås, forsker")
    with transaction() as session:
        session.scalars(sa.select(Speaker)).one().about = {"nb": "Skriver om **mål**."}
    page = client.get(f"{address}/programme").get_data(as_text=True)
    assert "Skriver om <strong>mål</strong>." in page
    assert "Skriver om" not in text(client.get(address))


def test_the_programme_by_room_has_what_is_for_all_first(client: FlaskClient, world: World, address: str) -> None:
    write(world, "Velkommen", 10, place="Salen")
    write(world, "Lunsj", 12, kind=SessionKind.MEAL)
    write(world, "Oppsummering", 13, place="Salen")
    page = text(client.get(f"{address}/programme?view=room&lang=en"))
    assert "Everybody together" in page
    assert page.index("Lunsj") < page.index("Velkommen") < page.index("Oppsummering")


def test_an_event_without_a_programme_says_that_it_will_come(client: FlaskClient, address: str) -> None:
    assert "The programme is not ready yet" in text(client.get(f"{address}/programme?lang=en"))
    assert 'id="programme"' not in client.get(address).get_data(as_text=True)


def test_the_programme_of_a_draft_is_nowhere(client: FlaskClient, world: World) -> None:
    with transaction() as session:
        session.get_one(Event, world.events["seminar"].id).status = EventStatus.DRAFT
    number = put_up(world, "Lysark", EVERYBODY)
    address = f"/events/{world.events['seminar'].slug}"
    assert [client.get(f"{address}{path}").status_code for path in ("", "/programme", f"/materials/{number}")] == [
        404, 404, 404,
    ]  # fmt: skip


def test_everybody_opens_what_is_for_everybody_and_is_told_where_the_rest_is(
    client: FlaskClient, world: World, address: str
) -> None:
    open_one, closed = put_up(world, "Innbydelse", EVERYBODY), put_up(world, "Referat", PARTICIPANTS)
    later = put_up(world, "Senere", EVERYBODY, NOW + timedelta(days=1))
    answer = client.get(f"{address}/materials/{open_one}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"Innbydelse", "text/plain")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    statuses = [client.get(f"{address}/materials/{one}").status_code for one in (closed, later, uuid.uuid4())]
    assert statuses == [403, 404, 404]
    assert "the link to that is in the mail" in text(client.get(f"{address}/materials/{closed}?lang=en"))
    page = text(client.get(f"{address}?lang=en"))
    assert "Materials Innbydelse TXT, 1 kB 1 more for those who are signed up, behind their own link." in page
    assert ("Referat" in page, "Senere" in page) == (False, False)


def test_a_paper_of_another_event_is_not_there(client: FlaskClient, world: World) -> None:
    number = put_up(world, "Innbydelse", EVERYBODY)
    assert client.get(f"/events/{world.events['conference'].slug}/materials/{number}").status_code == 404


def test_who_is_signed_up_opens_papers_behind_their_own_link_until_they_leave(
    client: FlaskClient, world: World
) -> None:
    number = put_up(world, "Referat", PARTICIPANTS)
    page = sign_up(world)
    assert "Referat" in text(client.get(page))
    answer = client.get(f"{page}/materials/{number}")
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (200, b"Referat", "no-store")
    client.post(f"{page}/cancellation", data={"confirmed": "1"})
    assert (client.get(f"{page}/materials/{number}").status_code, "Referat" in text(client.get(page))) == (404, False)


def test_a_groups_paper_opens_for_its_members_and_only_by_the_link_that_was_mailed(
    client: FlaskClient, world: World
) -> None:
    number = put_up(world, "Saksliste", GROUP)
    member, other = sign_up(world, 1), sign_up(world, 2)
    with transaction() as session:
        person_id = session.scalar(sa.select(Registration.person_id).where(Registration.name == "Person Nummer1"))
        group = Group(organiser_id=world.secretariat, slug="styret", name={"nb": "Styret"})
        session.add(group)
        session.flush()
        session.add_all(
            [
                EventClause(event_id=world.events["seminar"].id, kind=ClauseKind.GROUP, group_id=group.id),
                GroupMembership(
                    group_id=group.id, person_id=person_id, name="Person Nummer1", email="person1@kommune.example",
                    email_key="person1@kommune.example", from_on=clock.now().date(),
                ),
            ]
        )  # fmt: skip
    typed = receipt(find("Person Nummer1"))
    assert mailed(find("Person Nummer1")) == member
    statuses = [client.get(f"{page}/materials/{number}").status_code for page in (member, other, typed)]
    assert statuses == [200, 404, 404]


def test_talks_of_what_is_over_stand_among_the_documents(client: FlaskClient, world: World) -> None:
    number = write(world, "Mål", 10, speakers="Siri Hvalkleivås, forsker")
    put_up(world, "Mål som kan måles", EVERYBODY, kind=MaterialKind.SLIDES, session_id=number)
    assert "Mål som kan måles" not in text(client.get("/documents"))
    with transaction() as session:
        clock.set_to(session, NOW + timedelta(days=60))
    page = text(client.get("/documents?lang=en"))
    assert "Læringsseminar 2 1 September 2008 Mål som kan måles · Siri Hvalkleivås" in page


def test_the_page_takes_as_many_statements_with_one_session_and_paper_as_with_thirty(
    client: FlaskClient, world: World, address: str
) -> None:
    def count() -> list[int]:
        counts = []
        for page in (address, f"{address}/programme"):
            client.get(page)
            with counted(db.engine) as statements:
                client.get(page)
            counts.append(len(statements))
        return counts

    def fill(number: int) -> None:
        write(world, f"Økt {number}", 8 + number % 10, place=f"Sal {number}", speakers=f"Taler {number}")
        put_up(world, f"Lysark {number}", EVERYBODY)

    fill(0)
    one = count()
    for number in range(1, 30):
        fill(number)
    assert (count(), db.session.scalar(sa.select(sa.func.count()).select_from(EventSession))) == (one, 30)
