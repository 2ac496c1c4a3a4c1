"""A municipality asks for a visit, somebody offers times, one is chosen, and both have it in their calendars."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import Account
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventStatus
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation, Position
from eventsys.programmes.models import Programme, ProgrammeGrant
from eventsys.registrations.models import Registration
from eventsys.visits import actions
from eventsys.visits.actions import Taker
from eventsys.visits.erasing import erase_words
from eventsys.visits.models import Visit, VisitChange, VisitTime
from eventsys.visits.rules import Ask, TimeFacts, TimeIsTaken, VisitAct, VisitKind, VisitState
from eventsys.workflows.actions import notice_changes
from eventsys.workspace.registers.actions.succession import succeed
from tests.accounts.people import add_account, sign_in
from tests.programmes.projects.given import add_contact, path_of
from tests.world import BASE_URL, NOW, World

ASKED = {"who": "adviser/program", "wish": "Hjelp med <turnus>", "place": "Rådhuset", "form_token": "en"}
TIMES = {
    "on-1": "06.10.2008", "from-1": "10.00", "to-1": "12.00", "on-2": "7.10.2008", "from-2": "9", "to-2": "11",
    "words": "Gleder meg",
}  # fmt: skip


def find(path: str) -> str:
    """The public id at the end of an address."""
    return path.rpartition("/")[2]


def read(*columns: Any) -> list[Any]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(sa.select(*columns))]


def read_mails() -> list[tuple[str, str]]:
    with transaction() as session:
        notice_changes(session, now=NOW)
    return sorted(read(OutboxMessage.template, OutboxMessage.email))


def list_times() -> list[str]:
    db.session.rollback()
    return [str(one) for one in db.session.scalars(sa.select(VisitTime.public_id).order_by(VisitTime.starts_local))]


@pytest.fixture
def asked(client: FlaskClient, base: str, account: Account) -> str:
    """The contact's page of a visit that is asked for."""
    return str(client.post(base, data=ASKED).location)


@pytest.fixture
def offered(asked: str, adviser: FlaskClient) -> str:
    assert adviser.post(f"/manage/visits/{find(asked)}/times", data=TIMES).status_code == 303
    return asked


@pytest.fixture
def agreed(offered: str, client: FlaskClient) -> str:
    assert client.post(f"{offered}/choice", data={"time": list_times()[0]}).status_code == 303
    return offered


def test_who_arranges_is_mailed_once_when_a_visit_is_asked_for(
    client: FlaskClient, base: str, asked: str, adviser: FlaskClient
) -> None:
    assert client.post(base, data=ASKED).location == asked
    assert (read(Visit.wish, Visit.state), read_mails()) == (
        [("Hjelp med <turnus>", VisitState.ASKED)], [("visit_asked", "radgiver@program.example")],
    )  # fmt: skip
    page = adviser.get("/manage/visits").get_data(as_text=True)
    assert ("Bø" in page, "1 visit is asked for" in adviser.get("/manage/").get_data(as_text=True)) == (True, True)
    shown = adviser.get(f"/manage/visits/{find(asked)}").get_data(as_text=True)
    assert ("Hjelp med &lt;turnus&gt;" in shown, "<turnus>" in shown) == (True, False)


def test_a_form_that_says_too_little_keeps_what_was_typed(client: FlaskClient, base: str) -> None:
    answer = client.post(base, data={**ASKED, "wish": " "})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'id="wish-error"' in page, "Rådhuset" in page, read(Visit.id)) == (422, True, True, [])


def test_times_are_offered_by_mail_and_read_before(client: FlaskClient, adviser: FlaskClient, asked: str) -> None:
    where = f"/manage/visits/{find(asked)}"
    wrong = adviser.post(f"{where}/times", data={**TIMES, "to-1": "9.00", "on-2": "1.1.2008"})
    page = wrong.get_data(as_text=True)
    assert (wrong.status_code, 'id="to-1-error"' in page, 'id="on-2-error"' in page, list_times()) == (
        422, True, True, [],
    )  # fmt: skip
    answers = [adviser.post(f"{where}/times", data=TIMES).status_code for _again in range(2)]
    assert (answers, len(list_times())) == ([303, 303], 2)
    assert read_mails()[1:] == [("visit_offered", "kontakt-0821@kommune.example")]
    assert "Gleder meg" in client.get(asked).get_data(as_text=True)


def test_the_chosen_time_is_a_closed_event_with_a_seat_for_each(
    client: FlaskClient, agreed: str, account: Account
) -> None:
    again = client.post(f"{agreed}/choice", data={"time": list_times()[0]})
    ((public, closed, slug),) = [
        (event.by_invitation, event.is_closed, event.slug) for (event,) in read(Event) if event.slug.startswith("besok")
    ]
    seats = sorted(read(Registration.email, Registration.organisation_id))
    assert (again.status_code, public, closed) == (303, True, True)
    assert seats == [("kontakt-0821@kommune.example", 1), ("radgiver@program.example", None)]
    assert read_mails() == [
        ("confirmed", "kontakt-0821@kommune.example"), ("confirmed", account.email),
        ("visit_asked", account.email), ("visit_offered", "kontakt-0821@kommune.example"),
    ]  # fmt: skip
    assert client.get(f"/events/{slug}").status_code == 404


def test_a_moved_visit_and_one_called_off_are_told_to_both_as_of_every_event(
    client: FlaskClient, adviser: FlaskClient, agreed: str
) -> None:
    where = f"/manage/visits/{find(agreed)}"
    moved = {"on-1": "8.10.2008", "from-1": "13.00", "to-1": "15.00"}
    assert adviser.post(f"{where}/time", data=moved).status_code == 303
    run = sa.select(Run.starts_local, Run.sequence).join(Event, Event.id == Run.event_id).where(Event.is_closed)
    db.session.rollback()
    assert tuple(db.session.execute(run).one()) == (datetime(2008, 10, 8, 13), 1)
    read_mails()
    answers = [client.post(f"{agreed}/cancellation", data={"words": "Sykdom"}).status_code for _again in range(2)]
    db.session.rollback()
    status = db.session.scalar(sa.select(Event.status).where(Event.is_closed))
    assert (answers, status, read(Visit.state)) == ([303, 303], EventStatus.CANCELLED, [(VisitState.CANCELLED,)])
    told = [template for template, _email in read_mails()]
    assert (told.count("run_changed"), told.count("run_cancelled")) == (2, 2)
    acts = [act for (act,) in read(VisitChange.act)]
    assert acts == [VisitAct(one) for one in ("asked", "taken", "offered", "accepted", "moved", "cancelled")]


def test_none_of_the_times_and_no_visit_are_said_with_a_word(
    client: FlaskClient, adviser: FlaskClient, offered: str
) -> None:
    assert client.post(f"{offered}/choice", data={"time": "none"}).status_code == 422
    assert client.post(f"{offered}/choice", data={"time": "none", "words": "Heller i uke 45"}).status_code == 303
    where = f"/manage/visits/{find(offered)}"
    assert "Heller i uke 45" in adviser.get(where).get_data(as_text=True)
    answers = [adviser.post(f"{where}/no", data={"why": "Ingen ledige"}).status_code for _again in range(2)]
    assert (answers, read(Visit.state)) == ([303, 303], [(VisitState.DECLINED,)])
    assert [template for template, _email in read_mails()] == [
        "visit_asked", "visit_asked", "visit_declined", "visit_offered",
    ]  # fmt: skip
    assert client.post(f"{offered}/choice", data={"time": "x"}).status_code == 422


def test_what_is_asked_for_no_more_cannot_be_offered(client: FlaskClient, adviser: FlaskClient, asked: str) -> None:
    assert client.post(f"{asked}/withdrawal").status_code == 303
    adviser.post(f"/manage/visits/{find(asked)}/times", data=TIMES)
    assert (list_times(), read(Visit.state)) == ([], [(VisitState.WITHDRAWN,)])


def test_a_visit_of_a_project_worker_is_taken_by_the_union_and_not_by_the_programme(
    app: Flask, client: FlaskClient, adviser: FlaskClient, world: World, base: str
) -> None:
    assert "project_worker/" not in client.get(f"{base}/new").get_data(as_text=True)
    with transaction() as session:
        programme = session.scalars(sa.select(Programme)).one()
        session.add(ProgrammeGrant(programme_id=programme.id, organiser_id=world.unio, granted_at=NOW))
    where = find(client.post(base, data={**ASKED, "form_token": "to", "who": "project_worker/program"}).location)
    worker = app.test_client()
    sign_in(worker, add_account("medarbeider@unio.example", world.unio))
    adviser.post(f"/manage/visits/{where}/times", data=TIMES)
    assert list_times() == []
    assert worker.post(f"/manage/visits/{where}/times", data=TIMES).status_code == 303
    assert len(list_times()) == 2
    assert adviser.get(f"/manage/visits/{where}").status_code == 404


def test_nobody_else_reads_or_answers_a_visit(app: Flask, client: FlaskClient, world: World, agreed: str) -> None:
    with transaction() as session:
        stranger = f"{path_of(add_contact(session, world, '1119'), '1119')}/visits/{find(agreed)}"
    other = app.test_client()
    sign_in(other, add_account("andre@unio.example", world.unio))
    where = f"/manage/visits/{find(agreed)}"
    posts = ["choice", "withdrawal", "cancellation"]
    assert [client.get(stranger).status_code, other.get(where).status_code] == [404, 404]
    assert {client.post(f"{stranger}/{one}", data={"time": list_times()[0]}).status_code for one in posts} == {404}
    verbs = ["taking", "no", "cancellation"]
    assert {other.post(f"{where}/{one}").status_code for one in verbs} == {404}


def offer_two(world: World, account: Account) -> list[tuple[int, int, Any]]:
    """Two municipalities are offered the same hour by the same adviser."""
    found = []
    with transaction() as session:
        programme = session.scalars(sa.select(Programme)).one()
        for number in ("0821", "2021"):
            position = add_contact(session, world, number)
            asked = Ask(VisitKind.ADVISER, "Hjelp", "", f"skjema-{number}")
            visit, _new = actions.ask(session, position, programme, asked, on=NOW.date(), now=NOW)
            time = TimeFacts(datetime(2008, 10, 6, 10), datetime(2008, 10, 6, 12))
            actions.offer(session, visit, [time], Taker(account.id, world.secretariat), now=NOW)
            chosen = session.scalars(sa.select(VisitTime.public_id).filter_by(visit_id=visit.id)).one()
            found.append((visit.id, position.id, chosen))
    return found


def test_of_two_who_choose_the_same_hour_at_once_one_gets_it(app: Flask, world: World, account: Account) -> None:
    offers, barrier, came = offer_two(world, account), Barrier(2), []

    def choose(visit_id: int, position_id: int, chosen: Any) -> None:
        with app.app_context():
            barrier.wait()
            try:
                with transaction() as session:
                    visit, position = session.get_one(Visit, visit_id), session.get_one(Position, position_id)
                    actions.accept(session, visit, chosen, position, base_url=BASE_URL, now=NOW)
                came.append("accepted")
            except TimeIsTaken:
                came.append("taken")

    threads = [Thread(target=choose, args=one) for one in offers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (sorted(came), len([row for row in read(Visit.event_id) if row[0]])) == (["accepted", "taken"], 1)


def test_a_municipality_that_ends_passes_on_what_it_waits_for_and_old_words_go(world: World, account: Account) -> None:
    offer_two(world, account)
    with transaction() as session:
        ending = [session.get_one(Organisation, world.municipalities[number]) for number in ("0821", "2021")]
        into = session.get_one(Organisation, world.municipalities["0301"])
        succeed(session, ending, into, on=NOW.date(), account_id=None, now=NOW)
    assert {row[0] for row in read(Visit.organisation_id)} == {world.municipalities["0301"]}
    for before, erased in ((NOW, 0), (NOW + timedelta(days=1), 2), (NOW + timedelta(days=1), 0)):
        with transaction() as session:
            assert erase_words(session, before=before) == erased
    assert {row[0] for row in read(Visit.wish)} == {""}
