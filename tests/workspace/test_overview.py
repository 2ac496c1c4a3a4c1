"""The first page says what waits for the organiser, in sentences with links."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage, Worker
from eventsys.mailing.rules import MailState
from eventsys.organisers.models import Organiser
from eventsys.registrations.actions import register
from eventsys.workflows.actions import notice_changes
from tests.accounts.people import add_account, sign_in
from tests.workspace.test_events import NEW
from tests.world import World, somebody


def decisions(client: FlaskClient) -> list[str]:
    """The titles of what waits, in order."""
    page = client.get("/manage/").get_data(as_text=True)
    return re.findall(r'<li data-color="[^"]*"><b>([^<]*)</b>', page)


def beat(*agos: timedelta) -> None:
    """Workers that were heard of so long ago, all of them begun an hour ago."""
    now = clock.real_now()
    with transaction() as session:
        session.execute(sa.delete(Worker))
        for ago in agos:
            began = now - timedelta(hours=1)
            session.add(Worker(host="test", pid=1, started_at=began, beat_at=now - ago, ticked_at=now - ago))


def test_nothing_waits_when_all_is_well(adviser: FlaskClient) -> None:
    beat(timedelta())
    assert decisions(adviser) == []
    assert "Nothing waits for you." in adviser.get("/manage/").get_data(as_text=True)


def test_a_worker_that_is_silent_comes_first(adviser: FlaskClient) -> None:
    assert decisions(adviser) == ["No worker runs"]
    beat(timedelta(minutes=4))
    assert decisions(adviser) == []
    beat(timedelta(minutes=6))
    assert decisions(adviser) == ["The worker has not been heard of for five minutes"]
    assert 'href="/manage/health"' in adviser.get("/manage/").get_data(as_text=True)
    beat(timedelta(), timedelta(minutes=6))
    assert decisions(adviser) == ["One of the workers has not been heard of for five minutes"]


def test_mail_in_doubt_is_told_only_where_it_waits_for_somebody_to_decide(adviser: FlaskClient, world: World) -> None:
    beat(timedelta())
    with transaction() as session:
        register(session, somebody(world), now=clock.now())
        notice_changes(session, now=clock.now())
        session.execute(sa.update(OutboxMessage).values(state=MailState.UNCERTAIN))
    assert decisions(adviser) == ["2 places left"]
    with transaction() as session:
        session.execute(sa.update(Organiser).values(holds_uncertain=True))
    assert decisions(adviser) == ["1 mail was perhaps sent", "2 places left"]


def test_requests_full_runs_failed_mails_and_drafts_are_told(adviser: FlaskClient, world: World) -> None:
    beat(timedelta())
    for number in range(1, 6):
        with transaction() as session:
            register(session, somebody(world, number), now=clock.now())
    with transaction() as session:
        municipality = world.municipalities["1119"]
        register(session, somebody(world, 9, organisation_id=municipality, asks=True), now=clock.now())
        notice_changes(session, now=clock.now())
        first = sa.select(sa.func.min(OutboxMessage.id)).scalar_subquery()
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == first).values(state=MailState.FAILED))
        session.execute(
            sa.update(Event).where(Event.slug.like("kvalitets%")).values(title={"nb": "Kvalitetskonferanse"})
        )
    adviser.post("/manage/events", data=NEW)
    assert decisions(adviser) == [
        "1 mail did not arrive",
        "1 person asks to come",
        "2 people wait for a place",
        "Nynorsk is missing",
        "A draft waits to be published",
    ]


def test_a_run_with_five_places_left_is_nearly_full(adviser: FlaskClient, world: World) -> None:
    beat(timedelta())
    with transaction() as session:
        run = world.events["seminar"].runs[0].id
        session.execute(sa.text("UPDATE runs SET capacity = 6 WHERE id = :id"), {"id": run})
    assert decisions(adviser) == []
    with transaction() as session:
        register(session, somebody(world), now=clock.now())
    assert decisions(adviser) == ["5 places left"]


def test_somebody_without_events_is_told_what_to_do_first(client: FlaskClient, world: World) -> None:
    with transaction() as session:
        from eventsys.organisers.actions import add

        organiser_id = add(session, slug="ny", name="Ny", email="post@ny.example").id
    sign_in(client, add_account("ny@ny.example", organiser_id))
    page = client.get("/manage/").get_data(as_text=True)
    assert "Begin with your programme" in page
    assert 'href="/manage/announcements"' in page


def test_every_address_on_the_first_page_leads_somewhere(adviser: FlaskClient, world: World) -> None:
    adviser.post("/manage/events", data=NEW)
    page = adviser.get("/manage/").get_data(as_text=True)
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/manage/[^"#]*)', page)}
    assert len(links) > 8
    assert {adviser.get(link).status_code for link in links} == {200}
    assert db.session.scalar(sa.select(sa.func.count(Event.id))) == 5
