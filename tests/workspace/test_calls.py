"""Calls on the organisers' pages: the list, writing one, who got it and how far each has come, its end."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import Account, LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import enqueue
from eventsys.mailing.rules import MailState
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls import actions
from eventsys.programmes.calls.rules import CallState, CaseAct
from eventsys.programmes.cases.actions import note
from eventsys.programmes.models import Assessor, Call, CallRecipient, CaseChange, Intake
from eventsys.workflows.models import CaseCause
from tests.accounts.people import add_account, sign_in
from tests.calling import add_application, add_call, add_intake, add_recipient
from tests.registrations.test_me import words_of
from tests.statements import counted
from tests.world import NOW, World

FORM = {
    "title_nb": "Søk om opptak", "title_nn": "Søk om opptak", "closes_on": "15.09.2008", "closes_at": "15.00",
    "case_number": "2008/17", "intakes": "2", "do": "save",
    "ordinal-0": "1", "name_nb-0": "Våren", "ceiling-0": "50", "beside-0": "12", "cohort-0": "pulje-ii",
    "decides_on-0": "01.10.2008", "starts_on-0": "01.11.2008",
    "ordinal-1": "2", "name_nb-1": "Høsten", "ceiling-1": "50",
}  # fmt: skip
CALL = "/manage/calls/sok-om-opptak"


@pytest.fixture
def draft(adviser: FlaskClient) -> FlaskClient:
    answer = adviser.post("/manage/calls", data=FORM)
    assert (answer.status_code, answer.location) == (303, f"{CALL}/letter")
    return adviser


def read(client: FlaskClient, address: str = CALL) -> str:
    return words_of(client.get(address).get_data(as_text=True))


def test_the_list_names_the_year_of_a_deadline_that_is_not_this_years(draft: FlaskClient) -> None:
    assert "Mon 15 Sep 15:00" in read(draft, "/manage/calls")
    with transaction() as session:
        session.scalars(sa.select(Call)).one().closes_local = datetime(2007, 2, 15, 15, 0)
    assert "Thu 15 Feb 2007 15:00" in read(draft, "/manage/calls")


def find_call() -> Call:
    db.session.rollback()
    return db.session.scalars(sa.select(Call)).one()


def list_intakes() -> list[tuple[int, int, int, date | None]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(Intake).order_by(Intake.ordinal))
    return [(row.ordinal, row.ceiling, row.beside, row.starts_on) for row in rows]


def test_without_calls_the_list_says_what_one_is_and_where_to_begin(adviser: FlaskClient, world: World) -> None:
    page = adviser.get("/manage/calls").get_data(as_text=True)
    assert ("No calls yet" in page, 'href="/manage/calls/new"' in page) == (True, True)


def test_a_call_is_written_with_its_deadline_in_words_and_several_intakes(draft: FlaskClient, world: World) -> None:
    call = find_call()
    assert (call.state, call.closes_local, call.closes_at.hour) == (CallState.DRAFT, datetime(2008, 9, 15, 15), 13)
    assert list_intakes() == [(1, 50, 12, date(2008, 11, 1)), (2, 50, 0, None)]
    page = read(draft)
    for told in (
        "Monday 15 September 2008, 15:00",
        "2008/17",
        "50 places, beside 12 that take part already",
        "Pulje II",
    ):
        assert told in page
    assert "That is Monday 15 September 2008, 15:00." in read(draft, f"{CALL}/edit")
    assert "Søk om opptak" in read(draft, "/manage/calls")


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(adviser: FlaskClient, world: World) -> None:
    wrong = {**FORM, "title_nb": "", "title_nn": "", "closes_on": "01.01.2008", "ceiling-0": "", "name_nb-1": ""}
    answer = adviser.post("/manage/calls", data=wrong)
    page = answer.get_data(as_text=True)
    for name in ("title_nb", "closes_on", "ceiling-0", "name_nb-1"):
        assert (f'id="{name}-error"' in page, f'href="#{name}"' in page) == (True, True)
    assert (answer.status_code, 'value="2008/17"' in page) == (422, True)
    db.session.rollback()
    assert db.session.scalars(sa.select(Call)).all() == []


def test_an_intake_is_added_and_taken_away_without_losing_what_was_typed(adviser: FlaskClient, world: World) -> None:
    more = adviser.post("/manage/calls", data={**FORM, "do": "more"}).get_data(as_text=True)
    assert ('id="ceiling-2"' in more, 'name="ordinal-2" value="3"' in more, 'value="Våren"' in more) == (True,) * 3
    less = adviser.post("/manage/calls", data={**FORM, "do": "remove-0"}).get_data(as_text=True)
    assert ('name="ordinal-0" value="2"' in less, 'id="ceiling-1"' in less, 'value="Høsten"' in less) == (
        True, False, True,
    )  # fmt: skip


def test_of_two_who_change_it_at_once_the_second_is_asked_and_loses_nothing(draft: FlaskClient) -> None:
    edition = str(find_call().edition)
    assert draft.post(CALL, data={**FORM, "edition": edition, "closes_at": "16.00"}).status_code == 303
    late = draft.post(CALL, data={**FORM, "edition": edition, "case_number": "2008/18"})
    page = late.get_data(as_text=True)
    assert (late.status_code, 'value="2008/18"' in page, find_call().case_number) == (409, True, "2008/17")
    again = draft.post(CALL, data={**FORM, "edition": str(find_call().edition), "case_number": "2008/18"})
    assert (again.status_code, find_call().case_number) == (303, "2008/18")


def test_an_intake_that_somebody_is_in_cannot_be_taken_away(draft: FlaskClient, world: World) -> None:
    with transaction() as session:
        call, intake = session.scalars(sa.select(Call)).one(), session.scalars(sa.select(Intake)).first()
        assert intake is not None
        number = world.municipalities["2021"]
        state = ApplicationState.SENT
        add_application(session, call, number, state=state, shortlisted_intake_id=intake.id)
    gone = {**FORM, "edition": str(find_call().edition), "intakes": "1", "ordinal-0": "2", "name_nb-0": "Høsten"}
    answer = draft.post(CALL, data=gone)
    assert (answer.status_code, 'href="#intakes"' in answer.get_data(as_text=True)) == (409, True)
    assert [ordinal for ordinal, *_rest in list_intakes()] == [1, 2]


# --- who got it -------------------------------------------------------------------------------------------------------


def send_to(world: World) -> None:
    """Five got it: each has come to another place."""
    with transaction() as session:
        call = session.scalars(sa.select(Call)).one()
        call.state, call.sent_at = CallState.OPEN, NOW
        ids = list(world.municipalities.values())
        rows = [add_recipient(session, call, one) for one in ids]
        for recipient, state in zip(rows, (MailState.SENT, MailState.FAILED, None, None, None), strict=True):
            change = note(session, call, CaseAct.CALLED, recipient_id=recipient.id, now=NOW)
            if state is not None:
                letter(session, change, recipient, state)
        actions.say_no(session, rows[2], words="Ikke nå.", now=NOW)
        add_application(session, call, ids[3], recipient=rows[3])
        add_application(session, call, ids[4], state=ApplicationState.SENT, recipient=rows[4])


def letter(session, change: CaseChange, recipient: CallRecipient, state: MailState) -> None:  # type: ignore[no-untyped-def]
    made = enqueue(
        session, organiser_id=change.organiser_id, reason_key=f"call/{recipient.public_id}", template="call",
        email=recipient.email, name="", language="nb", due_at=NOW, now=NOW,
    )  # fmt: skip
    assert made is not None
    session.get_one(OutboxMessage, made).state = state
    session.add(CaseCause(outbox_id=made, organiser_id=change.organiser_id, change_id=change.id))


def test_the_list_tells_of_each_how_far_it_has_come(draft: FlaskClient, world: World) -> None:
    send_to(world)
    page = read(draft)
    for told in (
        "Bø (Telemark) postmottak-1@kommune.example Bokmål Not opened", "Bokmål Did not arrive", "Said no «Ikke nå.»",
        "Has begun Mon 18 Aug", "Has applied Tue 19 Aug", "5 have got it", "1 Did not arrive 1 Not opened 0 Opened",
    ):  # fmt: skip
        assert told in page, told
    assert "5 1 1 1 1" in read(draft, "/manage/calls")


def test_the_filters_stand_in_the_address_and_go_with_the_file(draft: FlaskClient, world: World) -> None:
    send_to(world)
    page = draft.get(f"{CALL}?standing=declined").get_data(as_text=True)
    assert ("Karasjok" in page, "Telemark" in words_of(page).split("Who has got it")[1]) == (True, False)
    assert f"{CALL}/recipients.xlsx?standing=declined" in page
    sheet = draft.get(f"{CALL}/recipients.xlsx?standing=declined").get_data()
    cells = list(openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0].values)
    assert [row[:2] + row[7:] for row in cells] == [
        ("Number", "Organisation", "Word with a no"),
        ("2021", "Karasjok", "Ikke nå."),
    ]
    assert "0821" in draft.get(f"{CALL}/recipients.csv?q=0821").get_data(as_text=True)
    assert "Nobody fits that." in read(draft, f"{CALL}?q=nobody")


def test_the_pages_take_as_many_statements_for_one_as_for_all(draft: FlaskClient, world: World) -> None:
    with transaction() as session:
        call = session.scalars(sa.select(Call)).one()
        add_recipient(session, call, world.municipalities["2021"])
    draft.get(CALL)
    counts = []
    for address in (CALL, "/manage/calls"):
        with counted(db.engine) as one:
            draft.get(address)
        counts.append(len(one))
    with transaction() as session:
        call = session.scalars(sa.select(Call)).one()
        for number in ("0821", "1867", "1119", "0301"):
            add_recipient(session, call, world.municipalities[number])
        other = add_call(session, world)
        add_intake(session, other)
    for address, before in zip((CALL, "/manage/calls"), counts, strict=True):
        with counted(db.engine) as many:
            draft.get(address)
        assert len(many) == before


# --- ended ------------------------------------------------------------------------------------------------------------


def test_an_open_call_is_closed_opened_again_and_called_off_for_good(draft: FlaskClient, world: World) -> None:
    send_to(world)
    assert "Call it off" in read(draft, f"{CALL}/end")
    states = []
    for act in ("closing", "closing", "opening", "withdrawal", "opening"):
        assert draft.post(f"{CALL}/{act}").status_code == 303
        states.append(find_call().state.value)
    assert states == ["closed", "closed", "open", "withdrawn", "withdrawn"]
    told = db.session.scalars(sa.select(CaseChange.act).order_by(CaseChange.id)).all()
    assert told[-3:] == [CaseAct.CLOSED_CALL, CaseAct.OPENED_CALL, CaseAct.WITHDREW_CALL]


def test_a_draft_is_thrown_away_with_all_of_it_and_one_that_was_sent_is_not(draft: FlaskClient, world: World) -> None:
    draft.post(f"{CALL}/letter", data={"subject_nb": "Søk", "body_nb": "Hei.", "opened_at": "0"})
    assert "Yes, throw it away" in read(draft, f"{CALL}/end")
    with transaction() as session:
        session.execute(sa.update(Call).values(state=CallState.OPEN))
    assert draft.post(f"{CALL}/removal").status_code == 409
    with transaction() as session:
        session.execute(sa.update(Call).values(state=CallState.DRAFT))
    assert draft.post(f"{CALL}/removal").location == "/manage/calls"
    db.session.rollback()
    assert (db.session.scalars(sa.select(Call)).all(), list_intakes()) == ([], [])
    logged = db.session.scalars(sa.select(LogEntry).filter_by(object="call").order_by(LogEntry.id)).all()
    assert (logged[0].verb, logged[-1].verb) == ("added", "removed")


def test_a_draft_cannot_be_opened_but_by_sending_it(draft: FlaskClient) -> None:
    draft.post(f"{CALL}/opening")
    assert find_call().state is CallState.DRAFT


def test_anothers_call_is_not_there_and_a_reader_looks_and_changes_nothing(
    draft: FlaskClient, app: Flask, world: World
) -> None:
    other, reader = app.test_client(), app.test_client()
    sign_in(other, add_account("unio@program.example", world.unio, role=MemberRole.OWNER))
    sign_in(reader, add_account("reader@program.example", world.secretariat, role=MemberRole.READER))
    pages = ("", "/edit", "/letter", "/audience", "/sending", "/nudges", "/end", "/recipients.xlsx", "/letter/preview")
    assert {other.get(f"{CALL}{page}").status_code for page in pages} == {404}
    acts = ("", "/letter", "/audience", "/sending", "/nudges", "/closing", "/withdrawal", "/removal", "/letter/test")
    assert {other.post(f"{CALL}{act}", data=FORM).status_code for act in acts} == {404}
    assert (reader.get(CALL).status_code, reader.post(f"{CALL}/removal").status_code) == (200, 403)


def test_the_first_page_says_which_call_is_to_be_finished_and_what_is_to_be_assessed(
    draft: FlaskClient, world: World
) -> None:
    page = draft.get("/manage/").get_data(as_text=True)
    assert ("A call to finish" in page, f'href="{CALL}/sending"' in page) == (True, True)
    send_to(world)
    with transaction() as session:
        call, me = session.scalars(sa.select(Call)).one(), session.scalars(sa.select(Account)).one()
        session.add(Assessor(call_id=call.id, account_id=me.id))
    page = draft.get("/manage/").get_data(as_text=True)
    assert ("A call to finish" in page, "1 application to assess" in page) == (False, True)
