"""Rounds: who is asked, once however many reasons; later, not at all, and those who join the audience afterwards."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.audiences.queries import count_people
from eventsys.audiences.rules import Kind, Reach
from eventsys.events import actions as events
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.extensions import db, transaction
from eventsys.invitations import actions, jobs
from eventsys.invitations.actions import Sent
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.invitations.queries import count_new
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.actions import place_in_cohort
from tests.audiences.given import (
    ON,
    add_group,
    add_member,
    add_position,
    add_representative,
    all_of,
    cohort,
    grant,
    of,
    set_mailbox,
)
from tests.invitations.given import history, invite, of_cohort, plan, send, standings, the_invitation
from tests.registrations.seats import sign_up
from tests.world import NOW, World, build

LATER = NOW + timedelta(days=1)


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def test_everybody_in_the_audience_is_asked_and_is_to_be_mailed(world: World) -> None:
    add_position(world, "Anne", "0821")
    add_position(world, "Cato", "0301")
    add_position(world, "Dag", "2021")
    assert invite(world) == Sent(2)
    assert history() == [("Anne", "asked", "organiser", True), ("Cato", "asked", "organiser", True)]


def test_one_person_is_asked_once_with_every_reason(world: World) -> None:
    group_id = add_group(world)
    add_position(world, "Anne", "0821")
    add_member(group_id, "Anne")
    assert invite(world, clauses=(all_of(of(Kind.GROUP, group_id)), of_cohort(world))) == Sent(1)
    assert invite(world, clauses=(of_cohort(world),)) == Sent(0)
    in_group = {"clause": {"conditions": [{"kind": "group", "ids": [group_id]}]}, "source": "group", "of": group_id}
    in_cohort = {
        "clause": {"conditions": [{"kind": "cohort", "ids": [world.cohorts[2]]}]},
        "source": "position",
        "organisation": "Bø (Telemark)",
        "role": "project_leader",
    }
    anne = the_invitation("Anne")
    assert (anne.reasons, anne.is_restricted) == ([in_group, in_cohort], False)


def test_who_is_signed_up_already_is_not_asked(world: World) -> None:
    add_position(world, "Anne", "0821")
    add_position(world, "Person Nummer1", "0821", email="person1@kommune.example")
    sign_up(world, 1)
    assert invite(world) == Sent(1)
    assert standings() == {"Anne": "asked"}


def test_a_round_for_later_asks_whoever_is_in_the_audience_then(world: World) -> None:
    add_position(world, "Anne", "0821")
    add_position(world, "Berit", "0821", to_on=LATER.date())
    round_id = plan(world, send_at=LATER)
    assert (send_due(NOW), standings()) == (0, {})
    add_position(world, "Cato", "0301")
    assert (send_due(LATER), standings()) == (2, {"Anne": "asked", "Cato": "asked"})
    assert (send_due(LATER), send(round_id, now=LATER)) == (0, Sent(0))


def send_due(now: datetime) -> int:
    with transaction() as session:
        return actions.send_due_rounds(session, now=now)


def follow(now: datetime) -> int:
    with transaction() as session:
        return actions.follow_rounds(session, now=now)


def test_a_round_that_was_stopped_is_never_sent(world: World) -> None:
    add_position(world, "Anne", "0821")
    round_id = plan(world, send_at=LATER)
    with transaction() as session:
        row = session.get_one(InvitationRound, round_id)
        assert [actions.stop_round(session, row, now=NOW) for _ in range(2)] == [True, False]
    assert (send_due(LATER), standings()) == (0, {})


def test_nobody_is_asked_to_a_draft_until_it_is_published(world: World) -> None:
    add_position(world, "Anne", "0821")
    set_status(world, EventStatus.DRAFT)
    plan(world)
    assert send_due(NOW) == 0
    set_status(world, EventStatus.PUBLISHED)
    assert send_due(NOW) == 1


def set_status(world: World, status: EventStatus) -> None:
    with transaction() as session:
        session.get_one(Event, world.events["seminar"].id).status = status


def test_a_newly_admitted_municipality_is_asked_from_now_on_and_not_to_the_past(world: World) -> None:
    """The kick-off is over, sign-up to the seminar is open: only that one is told of."""
    add_position(world, "Anne", "0821")
    invite(world, "seminar3", follows=True)
    invite(world, "conference", follows=True)
    assert follow(NOW) == 0
    add_position(world, "Eli", "1867")
    october = datetime(2008, 10, 1, 8, tzinfo=UTC)
    with transaction() as session:
        place_in_cohort(
            session,
            cohort_id=world.cohorts[2],
            organisation_id=world.municipalities["1867"],
            from_on=date(2008, 10, 1),
        )
    assert follow(october) == 1
    asked = db.session.execute(sa.select(Invitation.event_id).where(Invitation.name == "Eli")).scalars().all()
    assert asked == [world.events["conference"].id]
    assert history()[-1] == ("Eli", "asked", "system", True)


def test_a_round_follows_no_longer_than_sign_up_is_open_or_until_it_is_stopped(world: World) -> None:
    round_id = plan(world, "conference", follows=True)
    send(round_id)
    add_position(world, "Anne", "0821")
    with transaction() as session:
        session.get_one(Event, world.events["conference"].id).closes_on = date(2008, 8, 20)
    assert follow(datetime(2008, 8, 21, 8, tzinfo=UTC)) == 0
    assert follow(datetime(2008, 8, 20, 8, tzinfo=UTC)) == 1
    add_position(world, "Cato", "0301")
    with transaction() as session:
        actions.stop_round(session, session.get_one(InvitationRound, round_id), now=NOW)
    assert follow(NOW) == 0


def test_a_round_that_does_not_follow_asks_nobody_later(world: World) -> None:
    invite(world)
    add_position(world, "Anne", "0821")
    assert (follow(NOW), standings()) == (0, {})


def test_mailboxes_are_asked_once_for_each_organisation(world: World) -> None:
    set_mailbox(world, "0821", "post@bo.example")
    boxes = all_of(cohort(world, 2), reach=Reach.MAILBOXES)
    assert (invite(world, clauses=(boxes,)), invite(world, clauses=(boxes,))) == (Sent(1), Sent(0))
    assert standings() == {"Bø (Telemark)": "asked"}


def test_a_representative_who_is_in_a_delegation_too_gets_one_invitation(world: World) -> None:
    grant(world, world.unio)
    add_position(world, "Rita", "0821", PositionRole.EMPLOYEE_REPRESENTATIVE)
    add_representative(world, "Rita", 0, "0821")
    clauses = (all_of(of(Kind.UNION, world.confederation)), of_cohort(world))
    assert invite(world, "unio", clauses=clauses) == Sent(1)
    assert (standings(), the_invitation("Rita").is_restricted) == ({"Rita": "asked"}, True)


def test_how_many_would_be_asked_is_the_audience_without_those_who_are(world: World) -> None:
    add_position(world, "Anne", "0821")
    add_position(world, "Cato", "0301")
    clauses, event_id = (of_cohort(world),), world.events["seminar"].id
    before = count_new(db.session(), clauses, event_id=event_id, organiser_id=world.secretariat, on=ON)
    db.session.rollback()
    invite(world, clauses=(all_of(of(Kind.ORGANISATION, world.municipalities["0821"])),))
    after = count_new(db.session(), clauses, event_id=event_id, organiser_id=world.secretariat, on=ON)
    everybody = count_people(db.session(), clauses, organiser_id=world.secretariat, on=ON)
    assert (before, after, everybody) == (2, 1, 2)


def test_the_worker_sends_what_is_due_and_follows(app: Flask, world: World) -> None:
    add_position(world, "Anne", "0821")
    plan(world, follows=True)
    assert (jobs.send_rounds(app), jobs.send_rounds(app)) == (1, 0)
    add_position(world, "Cato", "0301")
    assert (jobs.follow_audiences(app), jobs.follow_audiences(app)) == (1, 0)
    assert clock.now() >= NOW


def test_two_workers_at_once_ask_everybody_once(app: Flask, world: World) -> None:
    for number in range(20):
        add_position(world, f"Person {number}", "0821")
    plan(world, follows=True)
    ready = threading.Barrier(2)

    def work(_number: int) -> int:
        ready.wait()
        return jobs.send_rounds(app) + jobs.follow_audiences(app)

    with ThreadPoolExecutor(2) as pool:
        asked = list(pool.map(work, range(2)))
    assert (sum(asked), len(history())) == (20, 20)


def test_a_cancelled_event_asks_nobody(world: World) -> None:
    add_position(world, "Anne", "0821")
    plan(world, send_at=LATER)
    with transaction() as session:
        events.cancel(session, session.get_one(Event, world.events["seminar"].id), now=NOW, base_url="http://x.example")
    assert send_due(LATER) == 0
