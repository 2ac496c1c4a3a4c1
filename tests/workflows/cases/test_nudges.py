"""Reminders of a call: at the moment that its organiser chose, once, to those who still are meant when it is due."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CallState, CaseAct, Nudged
from eventsys.programmes.models import Application, Call, CallNudge, CallRecipient, CaseChange
from eventsys.workflows.cases.jobs import nudge_called
from eventsys.workflows.cases.noticing import notice_cases
from eventsys.workflows.cases.nudges import count_nudged, nudge
from tests.calling import CLOSES_AT
from tests.workflows.cases.given import Case, apply, link_in, list_mails, mailbox_of, member_mail, text_of
from tests.workflows.rows import set_clock

DUE = datetime(2008, 9, 10, 7, tzinfo=CLOSES_AT.tzinfo)
BEGUN, SENT, NOT_BEGUN, SAID_NO = "0821", "1867", "1119", "2021"


@pytest.fixture
def sent(case: Case) -> tuple[Case, int]:
    """A call that four got: one has begun, one has sent, one said no; with a reminder of each kind. And the draft."""
    case.send()
    case.tick()
    case.sink.raw.clear()
    draft, _members = apply(case, BEGUN, state=ApplicationState.DRAFT)
    apply(case, SENT, state=ApplicationState.SENT)
    with transaction() as session:
        of_it = CallRecipient.organisation_id == case.world.municipalities[SAID_NO]
        session.execute(sa.update(CallRecipient).where(of_it).values(declined_at=DUE - timedelta(days=5)))
        for whom in Nudged:
            local = datetime(2008, 9, 10, 9)
            session.add(CallNudge(call_id=case.call_id, whom=whom, at_local=local, due_at=DUE))
    return case, draft


def remind(case: Case, now: datetime = DUE) -> int:
    set_clock(now)
    done = nudge_called(case.app)
    case.tick(now)
    return done


def test_who_has_not_begun_and_who_has_not_sent_are_reminded_once(sent: tuple[Case, int]) -> None:
    case, draft = sent
    assert [remind(case, DUE - timedelta(seconds=1)), remind(case), remind(case)] == [0, 2, 0]
    expected = [mailbox_of(BEGUN), mailbox_of(NOT_BEGUN), member_mail(draft)]
    assert sorted(case.sink.recipients) == sorted(expected)
    came = case.came()
    assert came[mailbox_of(NOT_BEGUN)]["Subject"] == "Fristen nærmar seg: Søk om å bli med"
    assert came[mailbox_of(BEGUN)]["Subject"] == "Søknaden er ikke sendt: Søk om å bli med"
    assert "Frist: mandag 15. september 2008, kl. 15.00" in text_of(came[mailbox_of(BEGUN)])
    link_in(came[member_mail(draft)], "/applications/")
    link_in(came[mailbox_of(BEGUN)], "/calls/utlysing/")


def test_the_page_can_say_beforehand_how_many_would_be_reminded(sent: tuple[Case, int]) -> None:
    case, _draft = sent
    assert [count_nudged(db.session(), case.call, whom) for whom in Nudged] == [1, 1]


def test_two_workers_make_one_reminder(sent: tuple[Case, int]) -> None:
    with transaction() as session:
        assert nudge(session, now=DUE) == 2
    with transaction() as session:
        assert nudge(session, now=DUE) == 0
    acts = sa.select(sa.func.count()).where(CaseChange.act == CaseAct.NUDGED)
    assert db.session.scalar(acts) == 2


def test_who_sends_while_the_reminder_waits_is_not_reminded(sent: tuple[Case, int]) -> None:
    case, draft = sent
    set_clock(DUE)
    nudge_called(case.app)
    with transaction() as session:
        notice_cases(session, now=DUE)
    values = {"state": ApplicationState.SENT, "sent_at": DUE}
    with transaction() as session:
        session.execute(sa.update(Application).where(Application.id == draft).values(**values))
    apply(case, NOT_BEGUN, state=ApplicationState.DRAFT)
    case.tick(DUE)
    reminders = {mail[2:] for mail in list_mails() if mail[0].startswith("call_not")}
    assert reminders == {("cancelled", "the organisation has answered since")}


def test_a_call_that_closed_reminds_nobody(sent: tuple[Case, int]) -> None:
    case, _draft = sent
    case.change(Call, state=CallState.CLOSED)
    assert (remind(case), case.sink.recipients) == (2, [])
    assert remind(case) == 0


def test_reminders_can_be_stopped_with_one_click_and_letters_still_come(
    sent: tuple[Case, int], client: FlaskClient
) -> None:
    case, _draft = sent
    remind(case)
    mail = case.came()[mailbox_of(NOT_BEGUN)]
    found = re.fullmatch(r"<http://127\.0\.0\.1:5000(/unsubscribe/[\w-]{43})>", mail["List-Unsubscribe"])
    assert found is not None
    assert mailbox_of(NOT_BEGUN) in client.get(found[1]).text
    assert client.post(found[1], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    number, (first,) = apply(case, NOT_BEGUN, state=ApplicationState.SENT)
    case.note(CaseAct.SENT, application_id=number, member_id=first, now=DUE)
    case.tick(DUE)
    assert case.came()[mailbox_of(NOT_BEGUN)]["Subject"] == "Vi har fått søknaden frå Hå"
