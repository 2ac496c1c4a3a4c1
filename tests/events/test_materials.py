"""Papers of events: from when they are shown, to whom, and that they are told of once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.events.materials import actions, queries
from eventsys.events.materials.jobs import announce_due
from eventsys.events.materials.labels import name_size
from eventsys.events.materials.rules import OPENS, MaterialFacts, Reader, may_open
from eventsys.events.models import Event, EventChange, EventClause, Material
from eventsys.events.programme.actions import write_session
from eventsys.events.programme.rules import SessionFacts, SpeakerFacts
from eventsys.events.rules import ChangeKind, ClauseKind, MaterialAccess, MaterialKind
from eventsys.extensions import db, transaction
from eventsys.files import FileIsOfAnotherKind, StoredFile
from eventsys.organisations.models import Person
from eventsys.programmes.models import Group, GroupMembership
from tests.events import given as there
from tests.events.given import NOW

SOON = NOW + timedelta(hours=3)
EVERYBODY, PARTICIPANTS, GROUP = MaterialAccess
ANYBODY, PARTICIPANT, MEMBER = Reader


@pytest.fixture
def event(app: Flask) -> Event:
    with transaction() as session:
        clock.set_to(session, NOW)
        programme = there.programme(session)
        return there.event(session, programme.organiser_id, there.days(date(2008, 9, 1), date(2008, 9, 2)))


def add(event: Event, title: str = "Lysark", file: bytes | None = b"Hei", **more: object) -> Material:
    published_at = more.pop("published_at", None)
    url = "https://video.example/1" if file is None else None
    with transaction() as session:
        return actions.add_material(
            session, session.get_one(Event, event.id), MaterialFacts(title, **more),  # type: ignore[arg-type]
            file=(f"{title}.txt", file) if file is not None else None, url=url, published_at=published_at,  # type: ignore[arg-type]
            now=NOW,
        )  # fmt: skip


def publish(event: Event, *materials: Material, now: datetime = NOW, **how: object) -> EventChange | None:
    with transaction() as session:
        rows = [session.get_one(Material, one.id) for one in materials]
        return actions.publish(session, session.get_one(Event, event.id), rows, now=now, **how)  # type: ignore[arg-type]


def told(event: Event) -> list[tuple[list[str], bool]]:
    """The titles of each telling, and whether mail may be made of it."""
    db.session.rollback()
    rows = db.session.scalars(
        sa.select(EventChange)
        .where(EventChange.event_id == event.id, EventChange.kind == ChangeKind.MATERIALS_PUBLISHED)
        .order_by(EventChange.id)
    )
    return [(row.facts["titles"], row.noticed_at is None) for row in rows]


@pytest.mark.parametrize(
    "access, readers",
    [(EVERYBODY, {ANYBODY, PARTICIPANT, MEMBER}), (PARTICIPANTS, {PARTICIPANT, MEMBER}), (GROUP, {MEMBER})],
)
def test_a_paper_opens_for_those_whom_it_is_for_from_its_moment_on(
    access: MaterialAccess, readers: Collection[Reader]
) -> None:
    assert {one for one in Reader if may_open(access, NOW, one, now=NOW)} == readers
    assert not any(may_open(access, at, one, now=NOW) for at in (None, SOON) for one in Reader)


def test_what_is_shown_now_is_told_of_at_once_and_once(event: Event) -> None:
    first, second = add(event), add(event, "Opptak", None)
    publish(event, first, second)
    publish(event, first)
    assert told(event) == [(["Lysark", "Opptak"], True)]


def test_what_comes_out_later_is_told_of_by_the_worker_when_it_does(app: Flask, event: Event) -> None:
    publish(event, add(event), at=SOON)
    assert (told(event), announce_due(app)) == ([], 0)
    with transaction() as session:
        clock.set_to(session, SOON + timedelta(minutes=1))
    assert (announce_due(app), announce_due(app)) == (1, 0)
    assert told(event) == [(["Lysark"], True)]


def test_two_that_come_out_together_are_told_of_in_one_row(app: Flask, event: Event) -> None:
    later, now = add(event, "Referat"), add(event, "Opptak", None)
    publish(event, later, at=SOON)
    publish(event, now, now=SOON + timedelta(minutes=1))
    assert told(event) == [(["Referat", "Opptak"], True)]


def test_nobody_is_mailed_where_that_was_not_wanted(event: Event) -> None:
    publish(event, add(event), tells=False)
    assert told(event) == [(["Lysark"], False)]


def test_the_papers_of_a_draft_are_told_of_to_nobody(app: Flask) -> None:
    with transaction() as session:
        clock.set_to(session, NOW)
        programme = there.programme(session)
        draft = there.event(session, programme.organiser_id, there.days(date(2008, 9, 1)), published=False)
    publish(draft, add(draft))
    assert (told(draft), announce_due(app)) == ([], 0)


def test_one_that_is_shown_no_more_is_nowhere(event: Event) -> None:
    material = add(event, access=EVERYBODY, published_at=NOW)
    with transaction() as session:
        actions.withdraw(session, [session.get_one(Material, material.id)])
    assert queries.list_out(db.session(), event.id, now=SOON) == []


def test_each_reader_is_shown_their_own(event: Event) -> None:
    for title, access in (("Alle", EVERYBODY), ("Deltakere", PARTICIPANTS), ("Gruppa", GROUP)):
        add(event, title, access=access, published_at=NOW)
    add(event, "Senere", access=EVERYBODY, published_at=SOON)
    out = queries.list_out(db.session(), event.id, now=NOW)
    shown = {one: [m.title for m in out if one in OPENS[m.access]] for one in Reader}
    assert shown == {
        ANYBODY: ["Alle"],
        PARTICIPANT: ["Alle", "Deltakere"],
        MEMBER: ["Alle", "Deltakere", "Gruppa"],
    }


def test_who_is_in_the_group_on_the_day_is_a_member(event: Event) -> None:
    with transaction() as session:
        group = Group(organiser_id=event.organiser_id, slug="styret", name={"nb": "Styret"})
        person = Person(email_key="a@kommune.example", name_key="a", created_at=NOW)
        session.add_all([group, person])
        session.flush()
        session.add(EventClause(event_id=event.id, kind=ClauseKind.GROUP, group_id=group.id))
        session.add(
            GroupMembership(
                group_id=group.id, person_id=person.id, name="A", email="a@kommune.example",
                email_key="a@kommune.example", from_on=date(2008, 1, 1), to_on=date(2008, 9, 1),
            )
        )  # fmt: skip
    days = (date(2007, 12, 31), date(2008, 1, 1), date(2008, 9, 1), date(2008, 9, 2))
    assert [queries.is_member(db.session(), event.id, person.id, on=on) for on in days] == [False, True, True, False]
    assert not queries.is_member(db.session(), event.id, None, on=days[1])


def test_what_a_file_says_that_it_is_must_be_true(event: Event) -> None:
    with pytest.raises(FileIsOfAnotherKind):
        add(event, "Lysark", b"%PDF-1.4")
    assert queries.list_materials(db.session(), event.id) == []


def test_bytes_go_with_the_last_paper_that_has_them(event: Event) -> None:
    material = add(event)
    with transaction() as session:
        programme = session.get_one(Event, event.id)
        other = there.event(session, programme.organiser_id, there.days(date(2009, 9, 1)))
        assert actions.copy_materials(session, programme, other, sessions={}, now=NOW) == 1
    (copy,) = queries.list_materials(db.session(), other.id)
    assert (copy.file_id, copy.published_at) == (material.file_id, None)
    for one in (material, copy):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 1
        with transaction() as session:
            actions.remove_material(session, session.get_one(Material, one.id))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_another_file_has_the_same_address_and_the_old_bytes_are_gone(event: Event) -> None:
    material = add(event)
    with transaction() as session:
        actions.replace_file(session, session.get_one(Material, material.id), name="Nye.txt", content=b"Nytt", now=NOW)
    found = queries.find_material(db.session(), event.id, material.public_id)
    assert found is not None
    assert found.file is not None
    assert (found.file.name, found.file.content) == ("Nye.txt", b"Nytt")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 1


def test_slides_of_what_is_over_are_talks_with_their_speakers(event: Event) -> None:
    with transaction() as session:
        run = session.get_one(Event, event.id, options=[sa.orm.selectinload(Event.runs)]).runs[0]
        facts = SessionFacts({"nb": "Mål"}, starts_local=datetime(2008, 9, 2, 9), ends_local=datetime(2008, 9, 2, 10))
        one = write_session(session, run, facts, speakers=[SpeakerFacts("Siri Hvalkleivås")], now=NOW)
    slides = MaterialKind.SLIDES
    add(event, "Mål", kind=slides, access=EVERYBODY, session_id=one.id, published_at=NOW)
    add(event, "Innledning", kind=slides, access=EVERYBODY, published_at=NOW)
    add(event, "Referat", kind=MaterialKind.MINUTES, access=EVERYBODY, published_at=NOW)
    add(event, "Internt", kind=slides, access=PARTICIPANTS, published_at=NOW)

    def talks(today: date) -> list[tuple[str, list[str], date | None]]:
        found = queries.list_talks(db.session(), today=today, now=SOON)
        return [
            (talk.material.title, [one.name for one in talk.session.speakers] if talk.session else [], talk.on)
            for talk in found
        ]

    assert talks(date(2008, 9, 2)) == []
    assert sorted(talks(date(2008, 9, 3))) == [
        ("Innledning", [], date(2008, 9, 2)),
        ("Mål", ["Siri Hvalkleivås"], date(2008, 9, 1)),
    ]


@pytest.mark.parametrize(
    ("size", "name"),
    [(1, "1 kB"), (480_999, "480 kB"), (1_000_000, "1 MB"), (2_123_456, "2.1 MB"), (20 * 2**20, "21 MB")],
)
def test_a_size_is_told_in_as_few_digits_as_say_something(app: Flask, size: int, name: str) -> None:
    with app.test_request_context("/?lang=en"):
        app.preprocess_request()
        assert name_size(size) == name
