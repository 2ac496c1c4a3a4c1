"""People of an application are erased when its case has had its time, files and all; what was decided stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.files import StoredFile
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.models import (
    Application,
    ApplicationConfirmation,
    ApplicationDraft,
    ApplicationMember,
    CallRecipient,
    Decision,
)
from eventsys.workflows.erasure import erase_expired
from tests.calling import CLOSES_AT, add_call, add_intake
from tests.guards.kept_rows import CASE_TABLES, OF_APPLICATIONS, add_case, add_case_rows, end_programme
from tests.guards.test_kept import find_marks
from tests.world import NOW, World, build

MARK = "sletteprøve"
DECIDED_ON = (NOW + timedelta(days=7)).date()


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def erase(on: date) -> dict[str, int]:
    now = NOW.replace(year=on.year, month=on.month, day=on.day)
    with transaction() as session:
        return erase_expired(session, now=now, real_now=clock.real_now())


def add(world: World, state: ApplicationState) -> None:
    with transaction() as session:
        call = add_call(session, world)
        intake = add_intake(session, call) if state is ApplicationState.DECLINED else None
        add_case(session, call, intake, world.municipalities["0301"], mark=MARK, state=state)


def marks() -> set[str]:
    return find_marks() & CASE_TABLES


def test_the_people_of_an_admitted_application_go_two_years_after_the_programmes_end(world: World) -> None:
    with transaction() as session:
        add_case_rows(session, world, mark=MARK)
    last = date(2008, 12, 31) + timedelta(days=730)
    erase(last)
    assert marks() == CASE_TABLES
    erase(last + timedelta(days=1))
    assert (marks(), db.session.scalar(sa.select(sa.func.count(StoredFile.id)))) == (set(), 0)
    assert set(erase(last + timedelta(days=2)).values()) == {0}


def test_who_applied_what_was_decided_and_whose_sides_confirmed_it_stays(world: World) -> None:
    with transaction() as session:
        add_case_rows(session, world, mark=MARK)
    erase(date(2012, 1, 1))
    db.session.rollback()
    facts = sa.select(Application.state, Application.organisation_id, Application.way_of_working)
    assert db.session.execute(facts).all() == [(ApplicationState.ADMITTED, world.municipalities["0301"], "")]
    assert db.session.scalars(sa.select(Decision.outcome)).all() == ["admitted"]
    confirmed = sa.select(ApplicationConfirmation.side, ApplicationConfirmation.confirmed_on)
    assert db.session.execute(confirmed).all() == [("employees", NOW.date())]
    members = sa.select(ApplicationMember.name, ApplicationMember.email, ApplicationMember.ended_at.is_not(None))
    assert db.session.execute(members).all() == [("", "", True), ("", "", True)]
    said_no = sa.select(CallRecipient.words, CallRecipient.declined_at.is_not(None), CallRecipient.email != "")
    assert db.session.execute(said_no).all() == [("", True, True)]


def test_the_people_of_a_refused_one_go_two_years_after_the_decision_whenever_the_programme_ends(world: World) -> None:
    with transaction() as session:
        end_programme(session, world, date(2020, 1, 1))
    add(world, ApplicationState.DECLINED)
    erase(DECIDED_ON + timedelta(days=730))
    assert marks() == OF_APPLICATIONS
    erase(DECIDED_ON + timedelta(days=731))
    assert marks() == set()


def test_the_people_of_a_withdrawn_one_go_two_years_after_it_was(world: World) -> None:
    add(world, ApplicationState.WITHDRAWN)
    erase(NOW.date() + timedelta(days=730))
    assert marks() == OF_APPLICATIONS - {"decision_letters"}
    erase(NOW.date() + timedelta(days=731))
    assert marks() == set()


def test_a_draft_that_was_never_sent_goes_half_a_year_after_the_deadline(world: World) -> None:
    add(world, ApplicationState.DRAFT)
    erase(CLOSES_AT.date() + timedelta(days=182))
    assert marks() == OF_APPLICATIONS - {"decision_letters"}
    erase(CLOSES_AT.date() + timedelta(days=183))
    assert marks() == set()


def test_while_the_programme_has_no_end_what_was_sent_has_none(world: World) -> None:
    add(world, ApplicationState.ADMITTED)
    erase(date(2030, 1, 1))
    assert "application_members" in marks()


def test_what_was_typed_and_never_saved_goes_a_month_after_somebody_last_had_it_open(world: World) -> None:
    add(world, ApplicationState.DRAFT)
    for days, left in ((29, 1), (31, 0)):
        with transaction() as session:
            erase_expired(session, now=NOW, real_now=clock.real_now() + timedelta(days=days))
            assert session.scalar(sa.select(sa.func.count()).select_from(ApplicationDraft)) == left
    assert "application_members" in marks()
