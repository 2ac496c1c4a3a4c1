"""Organisers read of a mail about a case why it was sent, and order it again; nobody reads of an application who may not."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import Account
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.models import ApplicationMember, Assessor, Disqualification
from tests.accounts.people import add_account, sign_in
from tests.mailing.sink import sink_of
from tests.workflows.cases.given import Case, apply, build_case, mailbox_of, member_mail, text_of
from tests.workspace.mails import read
from tests.world import NOW

BO = mailbox_of("0821")


@pytest.fixture
def case(app: Flask) -> Iterator[Case]:
    with sink_of(app) as sink:
        yield build_case(app, sink)


@pytest.fixture
def account(case: Case, client: FlaskClient) -> Account:
    account = add_account("adviser@program.example", case.world.secretariat, role=MemberRole.OWNER)
    sign_in(client, account)
    return account


def page_of(email: str, template: str) -> str:
    of_it = (OutboxMessage.email == email, OutboxMessage.template == template)
    public_id: uuid.UUID = db.session.scalars(sa.select(OutboxMessage.public_id).where(*of_it)).one()
    return f"/manage/mail/{public_id}"


def test_a_letter_tells_why_it_was_sent_and_of_which_call(case: Case, account: Account, client: FlaskClient) -> None:
    case.send()
    number, (first,) = apply(case, "0821", state=ApplicationState.SENT)
    case.note(CaseAct.SENT, application_id=number, member_id=first)
    case.tick()
    letter = read(client, page_of("post@1119.example", case.call.template or ""))
    assert "Hå: The call was sent" in letter
    assert 'href="/manage/calls/utlysing"' in letter
    receipt = read(client, page_of(member_mail(number), "application_received"))
    assert "Bø (Telemark): The application was sent" in receipt
    assert "Søker Nummer1" in receipt
    assert member_mail(number) in read(client, "/manage/mail?text=application_received")


def test_a_receipt_is_sent_again_to_the_address_that_its_reader_has_now(
    case: Case, account: Account, client: FlaskClient
) -> None:
    number, (first,) = apply(case, "0821", state=ApplicationState.SENT)
    case.note(CaseAct.SENT, application_id=number, member_id=first)
    case.tick()
    page = page_of(member_mail(number), "application_received")
    case.change(ApplicationMember, email="ny@kommune.example", email_key="ny@kommune.example")
    assert client.post(f"{page}/again", data={"number": "1"}).status_code == 303
    assert client.post(f"{page}/again", data={"number": "1"}).status_code == 303
    case.tick(NOW + timedelta(minutes=5))
    assert case.sink.recipients.count("ny@kommune.example") == 1
    assert "Sendt av: Søker Nummer1" in text_of(case.came()["ny@kommune.example"])
    case.change(ApplicationMember, ended_at=NOW)
    assert "Send it again" not in read(client, page)


def test_what_tells_of_an_application_is_read_by_its_assessors_alone(
    case: Case, account: Account, client: FlaskClient
) -> None:
    number, _members = apply(case, "0821", state=ApplicationState.SUPPLEMENT)
    case.note(CaseAct.ASKED_TO_SUPPLEMENT, application_id=number, words="Et mål til.")
    case.tick()
    page = page_of(BO, "supplement_asked")
    assert (client.get(page).status_code, client.get(f"{page}/body").status_code) == (404, 404)
    assert client.post(f"{page}/again", data={"number": "1"}).status_code == 404
    assert BO not in read(client, "/manage/mail")
    with transaction() as session:
        session.add(Assessor(call_id=case.call_id, account_id=account.id))
    assert "More was asked for" in read(client, page)
    assert BO in read(client, "/manage/mail")
    with transaction() as session:
        session.add(Disqualification(application_id=number, account_id=account.id, at=NOW))
    assert client.get(page).status_code == 404
    assert BO not in read(client, "/manage/mail")


def test_who_is_disqualified_reads_no_receipt_either(case: Case, account: Account, client: FlaskClient) -> None:
    number, (first,) = apply(case, "0821", state=ApplicationState.SENT)
    case.note(CaseAct.SENT, application_id=number, member_id=first)
    case.tick()
    page = page_of(BO, "application_received")
    assert client.get(page).status_code == 200
    with transaction() as session:
        session.add(Disqualification(application_id=number, account_id=account.id, at=NOW))
    assert client.get(page).status_code == 404
