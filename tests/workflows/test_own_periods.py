"""Each organiser says how long its own is kept, and what is nobody's is kept as long as always."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock, jobs
from eventsys.events.models import EventContact, Run
from eventsys.extensions import db, transaction
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.mailing.models import OutboxMessage
from eventsys.obligations.models import Excuse
from eventsys.organisations.models import Person, Position
from eventsys.organisations.rules import PositionRole
from eventsys.organisers.actions import set_periods
from eventsys.organisers.models import Organiser
from eventsys.programmes.models import Group, GroupMembership
from eventsys.registrations import actions
from eventsys.registrations.models import Question, Registration, UnionPosition
from eventsys.registrations.questions.actions import add_shipped_questions
from eventsys.visits.models import VisitChange
from eventsys.workflows.erasure import erase_expired
from eventsys.workflows.retention.periods import in_days, read_periods
from tests.guards.kept_rows import add_promised_rows
from tests.world import NOW, World, build, somebody

MARK = "sletteprøve"


@pytest.fixture
def world(app: Flask) -> World:
    """The secretariat keeps things for a year and what is sensitive for two days, the confederation three years and a
    month."""
    world = build()
    with transaction() as session:
        for number, months, days in ((world.secretariat, 12, 2), (world.unio, 36, 30)):
            set_periods(session, session.get_one(Organiser, number), ordinary_months=months, sensitive_days=days)
    return world


def sign_up(world: World) -> None:
    with transaction() as session:
        actions.register(session, somebody(world, 1), now=NOW)
        conference: dict[str, Any] = {"side": None, "union_id": world.unions[0], "run_id": world.run_id("unio")}
        actions.register(session, somebody(world, 2, form_token="u", **conference), now=NOW)


def erase(on: date) -> dict[str, int]:
    now = NOW.replace(year=on.year, month=on.month, day=on.day)
    with transaction() as session:
        return erase_expired(session, now=now, real_now=clock.real_now())


def ends(world: World, name: str) -> date:
    """The last day of the event, whose runs may be several."""
    runs = sa.select(sa.func.max(Run.last_on)).where(Run.event_id == world.events[name].id)
    return db.session.scalar(runs) or date.max


def run_ends(world: World, name: str) -> date:
    """The last day of its first run."""
    return db.session.get_one(Run, world.run_id(name)).last_on or date.max


def whose(column: Any) -> set[int]:
    """The organisers whose rows still tell something there."""
    db.session.rollback()
    return set(db.session.scalars(sa.select(column.class_.organiser_id).where(column != "")))


def test_a_month_is_a_twelfth_of_a_year_and_those_with_the_same_go_together(world: World) -> None:
    assert [in_days(months).days for months in (1, 12, 24, 120)] == [30, 365, 730, 3650]
    assert read_periods(db.session()) == (
        ((timedelta(365), (world.secretariat,)), (timedelta(1095), (world.unio,))),
        ((timedelta(2), (world.secretariat,)), (timedelta(30), (world.unio,))),
    )


def test_names_and_mails_go_when_the_organisers_own_time_is_over(app: Flask, world: World) -> None:
    sign_up(world)
    jobs.tick(app)
    both = {world.secretariat, world.unio}
    assert (whose(Registration.name), whose(OutboxMessage.name)) == (both, both)
    erase(run_ends(world, "seminar") + timedelta(days=365))
    assert whose(OutboxMessage.name) == both
    erase(run_ends(world, "seminar") + timedelta(days=366))
    assert (whose(Registration.name), whose(OutboxMessage.name)) == ({world.unio}, {world.unio})
    erase(run_ends(world, "unio") + timedelta(days=1095))
    assert (whose(Registration.name), whose(OutboxMessage.name)) == ({world.unio}, {world.unio})
    erase(run_ends(world, "unio") + timedelta(days=1096))
    assert (whose(Registration.name), whose(OutboxMessage.name)) == (set(), set())


def test_a_union_is_kept_as_long_as_the_organiser_keeps_what_is_sensitive(world: World) -> None:
    sign_up(world)
    assert db.session.scalars(sa.select(UnionPosition.erase_on)).all() == [ends(world, "unio") + timedelta(days=30)]


def test_the_shipped_sensitive_questions_are_too(world: World) -> None:
    with transaction() as session:
        for name in ("seminar", "unio"):
            add_shipped_questions(session, world.events[name], now=NOW)
    days = sa.select(Question.organiser_id, Question.erase_days).where(Question.sensitive).distinct()
    assert set(db.session.execute(days).all()) == {(world.secretariat, 2), (world.unio, 30)}


def test_invitations_and_who_answers_for_an_event_go_with_it_and_a_union_as_reason_before(world: World) -> None:
    with transaction() as session:
        for number, name in enumerate(("seminar", "unio")):
            event = world.events[name]
            own: dict[str, Any] = {"organiser_id": event.organiser_id, "event_id": event.id}
            asked = InvitationRound(**own, clauses=[], created_at=NOW)
            session.add_all([asked, EventContact(**own, name=MARK, email=MARK)])
            session.flush()
            session.add(
                Invitation(
                    **own, name=MARK, email=MARK, email_key=f"{number}{MARK}", round_id=asked.id, reasons=[{"union": 1}],
                    is_restricted=True, organisation_id=world.municipalities["0821"], created_at=NOW,
                )
            )  # fmt: skip

    def left() -> tuple[set[int], set[int], set[int]]:
        told = sa.select(Invitation.organiser_id).where(sa.cast(Invitation.reasons, sa.String()) != "[]")
        return whose(Invitation.name), whose(EventContact.name), set(db.session.scalars(told))

    theirs, both = world.unio, {world.secretariat, world.unio}
    erase(ends(world, "seminar") + timedelta(days=3))
    assert left() == (both, both, {theirs})
    erase(ends(world, "seminar") + timedelta(days=366))
    assert left() == ({theirs}, {theirs}, set())
    erase(ends(world, "unio") + timedelta(days=1096))
    assert left() == (set(), set(), set())


def test_excuses_visits_and_groups_go_by_it_and_positions_after_two_years_as_always(world: World) -> None:
    with transaction() as session:
        for name in ("seminar", "unio"):
            add_promised_rows(session, world, mark=MARK + name, event=world.events[name])
        someone = Person(created_at=NOW)
        session.add(someone)
        for number in (world.secretariat, world.unio):
            session.add(Group(organiser_id=number, slug=f"g{number}", name={"nb": "Gruppe"}))
        session.flush()
        told: dict[str, Any] = {"name": MARK, "email": MARK, "email_key": MARK, "person_id": someone.id}
        told |= {"from_on": date(2008, 1, 1), "to_on": NOW.date()}
        for group in session.scalars(sa.select(Group)).all():
            session.add(GroupMembership(group_id=group.id, **told))
        place = world.municipalities["0301"]
        role = PositionRole.CONTACT
        session.add(Position(organisation_id=place, role=role, asked_at=NOW, confirmed_at=NOW, **told))

    def left() -> list[int]:
        db.session.rollback()
        columns = Excuse.words, VisitChange.words, GroupMembership.name, Position.name
        return [len(db.session.scalars(sa.select(column).where(column != "")).all()) for column in columns]

    assert left() == [2, 2, 2, 1]
    erase(ends(world, "seminar") + timedelta(days=366))
    assert left() == [1, 1, 1, 1]
    erase(NOW.date() + timedelta(days=731))
    assert left() == [1, 1, 1, 0]
    erase(ends(world, "unio") + timedelta(days=1096))
    assert left() == [0, 0, 0, 0]
