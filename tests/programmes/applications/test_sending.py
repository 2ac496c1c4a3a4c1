"""Applications are sent once and before the last second, taken back, and supplemented when that is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from eventsys.extensions import db, transaction
from eventsys.files import StoredFile
from eventsys.programmes.applications import actions
from eventsys.programmes.applications.queries import list_versions, read_facts
from eventsys.programmes.applications.rules import (
    ApplicationState,
    CannotBeDone,
    FileKind,
    IsNotWhole,
    IsTooLate,
    Missing,
    from_json,
)
from eventsys.programmes.calls.rules import CallState, CaseAct
from eventsys.programmes.models import ApplicationMember, ApplicationVersion, Call, CaseChange
from tests.accounts.people import add_account
from tests.calling import CLOSES_AT
from tests.programmes.applications.whole import IN_TIME, application_of, begin, begin_whole
from tests.world import NOW, World


def send(member: ApplicationMember, at: datetime = IN_TIME) -> ApplicationVersion | None:
    with transaction() as session:
        return actions.send(session, application_of(session, member), member, now=at)


def list_acts() -> list[CaseAct]:
    return [change.act for change in db.session.query(CaseChange).order_by(CaseChange.id)]


def test_what_comes_at_the_last_second_is_sent(world: World) -> None:
    member = begin_whole(world)
    version = send(member, CLOSES_AT - timedelta(seconds=1))
    application = application_of(db.session(), member)
    assert (application.state, application.sent_at) == (ApplicationState.SENT, CLOSES_AT - timedelta(seconds=1))
    assert version is not None
    assert from_json(version.facts) == read_facts(db.session(), application)
    assert list_acts()[-1] is CaseAct.SENT


def test_what_comes_at_the_deadline_is_too_late_and_keeps_everything(world: World) -> None:
    member = begin_whole(world)
    before = read_facts(db.session(), application_of(db.session(), member))
    with pytest.raises(IsTooLate) as refusal:
        send(member, CLOSES_AT)
    assert (refusal.value.at, refusal.value.closes_at) == (CLOSES_AT, CLOSES_AT)
    application = application_of(db.session(), member)
    assert (application.state, read_facts(db.session(), application)) == (ApplicationState.DRAFT, before)


def test_nothing_is_sent_to_a_call_that_was_closed_before_its_deadline(world: World) -> None:
    member = begin_whole(world)
    with transaction() as session:
        session.query(Call).one().state = CallState.CLOSED
    with pytest.raises(IsTooLate):
        send(member)


def test_it_is_sent_once_however_often_the_button_is_pressed(world: World) -> None:
    member = begin_whole(world)
    assert [send(member) is None, send(member) is None] == [False, True]
    assert db.session.query(ApplicationVersion).count() == 1
    assert list_acts().count(CaseAct.SENT) == 1


def test_one_that_lacks_something_is_not_sent_and_says_what(world: World) -> None:
    member = begin_whole(world)
    with transaction() as session:
        application = application_of(session, member)
        facts = replace(read_facts(session, application), cooperation=" ", treated_on=None)
        actions.write(session, application, facts, member=member, now=NOW)
    with pytest.raises(IsNotWhole) as refusal:
        send(member)
    assert refusal.value.missing == [Missing("treated_on"), Missing("cooperation")]


def test_what_was_sent_cannot_be_written_in(world: World) -> None:
    member = begin_whole(world)
    send(member)
    with transaction() as session:
        application = application_of(session, member)
        facts = replace(read_facts(session, application), timetable="Noe annet")
        with pytest.raises(CannotBeDone):
            actions.write(session, application, facts, member=member, now=IN_TIME)


def test_one_that_was_withdrawn_can_begin_again_with_what_it_said(world: World) -> None:
    member = begin_whole(world)
    with transaction() as session:
        colleague = actions.invite(
            session, application_of(session, member), member, name="Ola Nordmann", email="ola@bo.example", now=NOW
        )
    send(member)
    with transaction() as session:
        assert actions.withdraw(session, application_of(session, member), member, now=IN_TIME)
        assert not actions.withdraw(session, application_of(session, member), member, now=IN_TIME)
    with transaction() as session:
        again = actions.begin_again(session, member, now=IN_TIME)
        twice = actions.begin_again(session, colleague, now=IN_TIME)
    old, new = application_of(db.session(), member), application_of(db.session(), again)
    assert (old.state, new.state) == (ApplicationState.WITHDRAWN, ApplicationState.DRAFT)
    assert twice.application_id == again.application_id != member.application_id
    one, other = read_facts(db.session(), old), read_facts(db.session(), new)
    assert replace(one, goals=(), files=()) == replace(other, goals=(), files=())
    assert [goal.goal for goal in one.goals] == [goal.goal for goal in other.goals]
    assert [file.name for file in one.files] == [file.name for file in other.files]
    assert db.session.query(StoredFile).count() == 2


def test_nothing_begins_again_after_the_deadline(world: World) -> None:
    member = begin_whole(world)
    send(member)
    with transaction() as session:
        actions.withdraw(session, application_of(session, member), member, now=CLOSES_AT)
    with pytest.raises(IsTooLate), transaction() as session:
        actions.begin_again(session, member, now=CLOSES_AT)


def test_what_is_asked_for_is_a_version_beside_the_first(world: World) -> None:
    member = begin_whole(world)
    send(member)
    ask(member, by=date(2008, 9, 20))
    at = datetime(2008, 9, 20, 21, 59, 59, tzinfo=UTC)
    with transaction() as session:
        application = application_of(session, member)
        actions.add_file(session, application, kind=FileKind.COUNCIL, name="Mer.txt", content=b"Mer om planen.", now=at)
        version = actions.supplement(session, application, member, words="Her er planen.", now=at)
    first, second = list_versions(db.session(), member.application_id)
    assert version is not None
    assert (first.number, second.number) == (1, 2)
    assert from_json(first.facts).supplements == ()
    assert [one.words for one in from_json(second.facts).supplements] == ["Her er planen."]
    added = set(from_json(second.facts).files) - set(from_json(first.facts).files)
    assert [(file.name, file.kind) for file in added] == [("Mer.txt", FileKind.SUPPLEMENT)]
    assert list_acts()[-2:] == [CaseAct.ASKED_TO_SUPPLEMENT, CaseAct.SUPPLEMENTED]


def ask(member: ApplicationMember, *, by: date) -> None:
    account = add_account("saksbehandler@program.example", 1)
    with transaction() as session:
        actions.ask_to_supplement(
            session, application_of(session, member), words="Vi mangler planen.", by=by, account_id=account.id,
            now=IN_TIME,
        )  # fmt: skip


def test_a_supplement_after_its_day_is_too_late(world: World) -> None:
    member = begin_whole(world)
    send(member)
    ask(member, by=date(2008, 9, 20))
    with pytest.raises(IsTooLate), transaction() as session:
        actions.supplement(
            session, application_of(session, member), member, words="Her", now=datetime(2008, 9, 20, 22, tzinfo=UTC)
        )


def test_nobody_supplements_what_nobody_asked_for(world: World) -> None:
    member = begin_whole(world)
    send(member)
    with transaction() as session:
        application = application_of(session, member)
        assert actions.supplement(session, application, member, words="Noe", now=IN_TIME) is None
        with pytest.raises(CannotBeDone):
            actions.add_file(session, application, kind=FileKind.ATTACHMENT, name="A.txt", content=b"A", now=IN_TIME)
    assert begin(world, number="1119")[1].application_id != member.application_id
