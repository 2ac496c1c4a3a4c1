"""An event copied: what it says and its rules come with it, and nothing of what has happened."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events import actions as events
from eventsys.events.copying.rules import Follow
from eventsys.events.models import Event, EventChange, EventClause, EventSession, Run, SessionSpeaker, Speaker
from eventsys.events.rules import ChangeKind, EventStatus, Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.venues.actions import add as add_venue
from eventsys.venues.models import Room
from eventsys.workflows.actions import expand, notice_changes, plan
from eventsys.workflows.actions.switching import add_rule, describe
from eventsys.workflows.models import MailCause, Occasion, Rule
from eventsys.workflows.rulefacts import RuleFacts, Scope
from eventsys.workflows.rules import Anchor, Audience, OccasionState, Trigger, Unit
from tests.workflows.rows import at
from tests.world import BASE_URL, World, somebody

PAGE = "/manage/events/laeringsseminar-2-pulje-ii"
COPY = "/manage/copies/laeringsseminar-2-pulje-ii"
KEY = "own-abcdefghij"
FIVE_DAYS = RuleFacts(Trigger.RELATIVE, "reminder", Audience.CONFIRMED, Anchor.START, -5, Unit.DAYS, time(10))
LATER = at("2008-08-27 12:00")


def tick() -> None:
    """What the worker does each second, apart from sending."""
    now = clock.now()
    with transaction() as session:
        notice_changes(session, now=now)
        plan(session, now=now)
    with transaction() as session:
        expand(session, now=now)


def live(world: World) -> None:
    """The seminar has a rule of its own, somebody who is coming, and mail that went out, until two days later."""
    with transaction() as session:
        event = session.get_one(Event, world.events["seminar"].id)
        event.opens_on, event.closes_on = date(2008, 6, 1), date(2008, 8, 29)
        add_rule(session, Scope(world.secretariat, event_id=event.id), FIVE_DAYS, key=KEY, now=clock.now())
        register(session, somebody(world), now=clock.now())
    tick()
    with transaction() as session:
        clock.set_to(session, LATER)
    tick()


def count_mails(template: str = "") -> int:
    db.session.rollback()
    is_meant = OutboxMessage.template == template if template else sa.true()
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage).where(is_meant)) or 0


def find(slug: str) -> Event:
    db.session.rollback()
    return db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()


def copied(client: FlaskClient) -> Event:
    answer = client.post(COPY)
    assert answer.status_code == 303
    return find((answer.location or "").rpartition("/")[2])


def test_the_copy_is_a_draft_that_says_the_same_to_the_same(adviser: FlaskClient, world: World) -> None:
    live(world)
    copy, original = copied(adviser), find("laeringsseminar-2-pulje-ii")
    assert (copy.slug, copy.status) == ("laeringsseminar-2-pulje-ii-2", EventStatus.DRAFT)
    names = ("organiser_id", "programme_id", "type", "ordinal", "title", "description", "asks_union")
    assert [getattr(copy, name) for name in names] == [getattr(original, name) for name in names]
    assert (copy.opens_on, copy.closes_on) == (None, None)
    columns = (EventClause.kind, EventClause.cohort_id)
    clauses = {
        event.id: db.session.execute(sa.select(*columns).where(EventClause.event_id == event.id)).all()
        for event in (copy, original)
    }
    assert clauses[copy.id] == clauses[original.id] != []


def test_the_copy_has_as_many_runs_without_days(adviser: FlaskClient, world: World) -> None:
    columns = (Run.precision, Run.first_on, Run.capacity, Run.sequence)
    rows = db.session.execute(sa.select(*columns).where(Run.event_id == copied(adviser).id).order_by(Run.id)).all()
    assert [tuple(row) for row in rows] == [(Precision.UNKNOWN, None, 3, 0), (Precision.UNKNOWN, None, 100, 0)]


def test_the_copy_brings_no_people_no_mail_and_no_history_but_its_beginning(adviser: FlaskClient, world: World) -> None:
    live(world)
    before = count_mails()
    copy = copied(adviser)
    tick()
    assert (before > 0, count_mails()) == (True, before)
    for table in (Registration, MailCause, Occasion):
        assert db.session.scalars(sa.select(table).where(table.event_id == copy.id)).all() == []
    changes = db.session.scalars(sa.select(EventChange).where(EventChange.event_id == copy.id)).all()
    original = find("laeringsseminar-2-pulje-ii")
    assert [(row.kind, row.facts) for row in changes] == [(ChangeKind.CREATED, {"copy_of": original.id})]


def test_the_copys_rules_count_from_now_and_fire_for_nothing_that_is_past(adviser: FlaskClient, world: World) -> None:
    """It is held on the first of September too: its rule's moment was two hours before it was copied."""
    live(world)
    copy = copied(adviser)
    (rule,) = db.session.scalars(sa.select(Rule).where(Rule.event_id == copy.id)).all()
    assert (rule.key, describe(rule), rule.enabled_at) == (KEY, FIVE_DAYS, copy.created_at)
    with transaction() as session:
        row = session.get_one(Event, copy.id)
        run = session.scalars(sa.select(Run).where(Run.event_id == copy.id).order_by(Run.id)).first()
        assert run is not None
        days = RunFacts(Precision.DAYS, date(2008, 9, 1), date(2008, 9, 1), capacity=10)
        events.change_run(session, run, facts=days, base_url=BASE_URL, now=clock.now())
        events.publish(session, row, now=clock.now())
        register(session, somebody(world, 7, run_id=run.id), now=clock.now())
    before = count_mails("reminder")
    tick()
    assert (before, count_mails("reminder")) == (1, 1)
    planned = sa.select(Occasion.due_at).where(Occasion.event_id == copy.id, Occasion.state == OccasionState.PLANNED)
    assert min(db.session.scalars(planned)) > LATER


def test_pressed_twice_it_makes_one_and_pressed_later_another(adviser: FlaskClient, world: World) -> None:
    first, second = copied(adviser).id, copied(adviser).id
    with transaction() as session:
        clock.set_to(session, clock.now() + timedelta(minutes=2))
    assert (first == second, copied(adviser).id == first) == (True, False)


def test_the_page_of_an_event_has_the_button(adviser: FlaskClient, app: Flask) -> None:
    assert f'href="{COPY}"' in adviser.get(PAGE).text


def test_anothers_event_cannot_be_copied(adviser: FlaskClient, world: World) -> None:
    assert adviser.post("/manage/copies/unios-konferanse").status_code == 404
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == len(world.events)


def test_what_is_not_ticked_does_not_follow(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        run = session.get_one(Run, world.run_id("seminar"))
        event = session.get_one(Event, run.event_id)
        event.description = {"nb": "Ta med planen."}
        event.closes_on = date(2008, 8, 25)
        run.venue_id = add_venue(session, name="Plaza", now=clock.now()).id
    bare = copied_with(adviser, follow=[], title_nb="Uten noe")
    assert (bare.description, bare.closes_on) == ({}, None)
    assert (runs_of(bare)[0].venue_id, runs_of(bare)[0].capacity, clauses_of(bare)) == (None, None, [])
    full = copied_with(adviser, follow=[one.value for one in Follow], title_nb="Med alt")
    assert (full.description, full.closes_on) == ({"nb": "Ta med planen."}, date(2009, 8, 24))
    assert (runs_of(full)[0].venue_id is None, runs_of(full)[0].capacity, len(clauses_of(full))) == (False, 3, 1)


def test_the_programme_follows_with_its_speakers_at_its_times_on_the_new_day(
    adviser: FlaskClient, world: World
) -> None:
    with transaction() as session:
        run = session.get_one(Run, world.run_id("seminar"))
        times = {"starts_local": datetime(2008, 9, 1, 10), "ends_local": datetime(2008, 9, 1, 11)}
        row = EventSession(
            organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, title={"nb": "Åpning"}, **times
        )
        speaker = Speaker(organiser_id=run.organiser_id, name="Kari Innleder", created_at=clock.now())
        session.add_all([row, speaker])
        session.flush()
        own = {"event_id": run.event_id, "organiser_id": run.organiser_id}
        session.add(SessionSpeaker(session_id=row.id, speaker_id=speaker.id, **own))
    copy = copied_with(adviser, follow=["programme"], title_nb="Nytt år")
    (made,) = db.session.scalars(sa.select(EventSession).where(EventSession.event_id == copy.id)).all()
    assert (made.title, made.starts_local, made.run_id) == (
        {"nb": "Åpning"}, datetime(2009, 8, 31, 10), runs_of(copy)[0].id,
    )  # fmt: skip
    assert len(db.session.scalars(sa.select(SessionSpeaker).where(SessionSpeaker.session_id == made.id)).all()) == 1


def test_a_room_that_is_taken_then_is_told_and_nothing_is_made(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        venue = add_venue(session, name="Plaza", now=clock.now())
        room = Room(venue_id=venue.id, name="Sal A", name_key="sal a")
        session.add(room)
        session.flush()
        run = session.get_one(Run, world.run_id("seminar"))
        run.venue_id, run.room_id = venue.id, room.id
    copied_with(adviser, follow=["places"], title_nb="Først")
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    answer = adviser.post(COPY, data=copy_form(adviser, follow=["places"], title_nb="Etterpå"))
    assert answer.status_code == 422
    assert "Sal A is taken" in answer.get_data(as_text=True)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == before


def copy_form(client: FlaskClient, **more: object) -> dict[str, object]:
    """The form of a copy as a browser sends it back: a year later, with what is ticked."""
    page = client.get(COPY).get_data(as_text=True)
    days = dict(re.findall(r'name="(first_on-[^"]+)" value="([^"]*)"', page))
    return {**days, "keep": re.findall(r'name="keep" value="([^"]+)"', page), "ordinal": "", **more}


def copied_with(client: FlaskClient, **more: object) -> Event:
    answer = client.post(COPY, data=copy_form(client, **more))
    assert answer.status_code == 303
    return find((answer.location or "").rpartition("/")[2])


def runs_of(event: Event) -> list[Run]:
    return list(db.session.scalars(sa.select(Run).where(Run.event_id == event.id).order_by(Run.sort_at)))


def clauses_of(event: Event) -> list[EventClause]:
    return list(db.session.scalars(sa.select(EventClause).where(EventClause.event_id == event.id)))
