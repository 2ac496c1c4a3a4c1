"""Several at the same moment, over HTTP: they begin one application, send it once, and who came in time is in time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.programmes.applications import actions
from eventsys.programmes.applications.queries import list_members, list_versions, read_facts
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.cases.links import application_path, recipient_path
from eventsys.programmes.models import Application, CaseChange
from eventsys.programmes.views import application_sending
from tests.calling import CLOSES_AT, add_call, add_recipient
from tests.guards.visits import visitor
from tests.programmes.applications.whole import application_of, begin, begin_whole
from tests.world import NOW, World

AT_ONCE = 6


def post_at_once(app: Flask, forms: list[tuple[str, dict[str, str]]]) -> list[int]:
    """The status of each, all of which begin together."""
    ready = threading.Barrier(len(forms))

    def post(form: tuple[str, dict[str, str]]) -> int:
        ready.wait()
        return visitor(app).post(form[0], data=form[1]).status_code

    with ThreadPoolExecutor(len(forms)) as pool:
        found = list(pool.map(post, forms))
    db.session.rollback()
    db.session.expunge_all()
    return found


def test_those_who_begin_at_once_write_one_application(app: Flask, world: World) -> None:
    with transaction() as session:
        call = add_call(session, world)
        recipient = add_recipient(session, call, world.municipalities["0821"])
    path = f"{recipient_path(call.slug, recipient)}/application"
    people = [{"name": f"Søker {number}", "email": f"s{number}@bo.example"} for number in range(AT_ONCE)]
    assert post_at_once(app, [(path, person) for person in people]) == [303] * AT_ONCE
    (application,) = db.session.query(Application)
    members = list_members(db.session(), application.id)
    assert sorted(member.name for member in members) == [person["name"] for person in people]
    assert [member.is_contact for member in members].count(True) == 1


def test_those_who_send_at_once_send_it_once(app: Flask, world: World) -> None:
    member = begin_whole(world)
    path = f"{application_path(member)}/sending"
    assert post_at_once(app, [(path, {})] * AT_ONCE) == [303] * AT_ONCE
    assert len(list_versions(db.session(), member.application_id)) == 1
    assert db.session.query(CaseChange).filter_by(act=CaseAct.SENT).count() == 1


def test_those_who_write_at_once_lose_nothing(app: Flask, world: World) -> None:
    _call, member = begin(world)
    with transaction() as session:
        colleague = actions.invite(
            session, application_of(session, member), member, name="Ola", email="ola@bo.example", now=NOW
        )
    typed = (("way_of_working", "Karis", member), ("involvement", "Olas", colleague))
    assert post_at_once(app, [(f"{application_path(who)}/autosave", {name: text}) for name, text, who in typed]) == [
        200, 200,
    ]  # fmt: skip
    facts = read_facts(db.session(), application_of(db.session(), member))
    assert (facts.way_of_working, facts.involvement) == ("Karis", "Olas")


def test_who_came_in_time_and_waited_for_others_is_in_time(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = begin_whole(world)
    with transaction() as session:
        clock.set_to(session, CLOSES_AT - timedelta(seconds=1))
    came = threading.Event()

    @contextmanager
    def announced() -> Iterator[Session]:
        came.set()
        with transaction() as session:
            yield session

    monkeypatch.setattr(application_sending, "transaction", announced)
    with ThreadPoolExecutor(1) as pool:
        with transaction() as session:
            actions.lock(session, member.application_id)
            sent = pool.submit(visitor(app).post, f"{application_path(member)}/sending")
            assert came.wait(20)
            clock.set_to(session, CLOSES_AT + timedelta(minutes=1))
        assert sent.result().status_code == 303
    db.session.expunge_all()
    assert application_of(db.session(), member).state is ApplicationState.SENT
