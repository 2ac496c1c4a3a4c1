"""Mails about a case keep nothing of what they said two years after the refusal, or after the programme's end."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.intake.rules import Outcome
from eventsys.programmes.models import Application, Call, Decision, Programme
from eventsys.workflows.erasure import erase_expired
from tests.calling import CLOSES_AT, add_intake
from tests.workflows.cases.given import Case, apply
from tests.world import NOW

ENDS_ON = date(2011, 6, 30)
TWO_YEARS = timedelta(days=730)


def erase(on: date) -> int:
    moment = datetime(on.year, on.month, on.day, 3, tzinfo=NOW.tzinfo)
    with transaction() as session:
        return erase_expired(session, now=moment, real_now=moment)["mails about cases"]


def kept() -> set[tuple[str, bool]]:
    """Of each mail its text and whether anything of it is left."""
    rows = db.session.execute(sa.select(OutboxMessage.template, OutboxMessage.email, OutboxMessage.text))
    return {(template, bool(email or text)) for template, email, text in rows}


def receipt(case: Case, state: ApplicationState) -> int:
    number, (first,) = apply(case, "0821", state=ApplicationState.SENT)
    case.note(CaseAct.SENT, application_id=number, member_id=first)
    case.tick()
    case.change(Application, state=state, changed_at=NOW, sent_at=NOW)
    return number


def test_the_call_is_kept_as_long_as_its_programme(case: Case) -> None:
    case.change(Programme, ends_on=ENDS_ON)
    case.send()
    case.tick()
    assert erase(ENDS_ON + TWO_YEARS) == 0
    assert erase(ENDS_ON + TWO_YEARS + timedelta(days=1)) == 4
    assert erase(ENDS_ON + TWO_YEARS + timedelta(days=1)) == 0
    assert kept() == {(case.call.template, False)}


def test_the_call_of_a_programme_without_an_end_is_kept_from_its_deadline(case: Case) -> None:
    case.send()
    case.tick()
    assert [erase(CLOSES_AT.date() + TWO_YEARS + timedelta(days=days)) for days in (0, 1)] == [0, 4]


@pytest.mark.parametrize("state", [ApplicationState.ADMITTED, ApplicationState.WAITING, ApplicationState.SENT])
def test_what_was_sent_to_one_who_was_not_refused_is_kept_until_the_programme_ends(
    case: Case, state: ApplicationState
) -> None:
    receipt(case, state)
    assert erase(date(2030, 1, 1)) == 0
    case.change(Programme, ends_on=ENDS_ON)
    assert [erase(ENDS_ON + TWO_YEARS + timedelta(days=days)) for days in (0, 1)] == [0, 2]


def test_a_refusal_counts_from_its_decision_and_a_withdrawal_from_its_day(case: Case) -> None:
    number = receipt(case, ApplicationState.DECLINED)
    decided_at = NOW + timedelta(days=60)
    with transaction() as session:
        intake = add_intake(session, session.get_one(Call, case.call_id))
        facts = {"outcome": Outcome.DECLINED, "batch": uuid.uuid4(), "decided_at": decided_at}
        session.add(Decision(application_id=number, intake_id=intake.id, **facts))
    last = decided_at.date() + TWO_YEARS
    assert erase(last) == 0
    case.change(Application, state=ApplicationState.WITHDRAWN)
    assert erase(NOW.date() + TWO_YEARS) == 0
    case.change(Application, state=ApplicationState.DECLINED)
    assert erase(last + timedelta(days=1)) == 2
