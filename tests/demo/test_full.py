"""The full demo: the programme as it came to be, from the call of November 2006 to the morning of 18 August 2008."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from flask import Flask

from eventsys.demo import build
from eventsys.demo.build import Holds
from eventsys.demo.commands import make_demo
from eventsys.demo.history import story, words
from eventsys.demo.programme import COHORTS, OPENS_AT
from eventsys.events.models import EventChange
from eventsys.extensions import db
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Organisation
from eventsys.organisations.queries import find_organisation
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.intake.rules import LetterState
from eventsys.programmes.models import (
    Application,
    Assessment,
    CallRecipient,
    CaseChange,
    CohortMembership,
    DecisionLetter,
    Disqualification,
)
from eventsys.registrations.models import RegistrationChange
from eventsys.workflows.models import Occasion
from eventsys.workflows.rules import OccasionState

BASE_URL = "http://127.0.0.1:5000"


def count(statement: sa.Select[Any]) -> dict[object, int]:
    """How often each value of the one column is there."""
    return dict(Counter(db.session.scalars(statement)))


def test_the_full_demo_holds_all_of_it_once_and_says_what_is_made_up(app: Flask) -> None:
    assert make_demo(BASE_URL, full=True).startswith("The demo is ready: 124 municipalities in 3 cohorts, 12 events")
    assert make_demo(BASE_URL, full=True) == "The demo is there already; nothing is changed."
    assert build.find_out(db.session()) is Holds.DEMO
    assert sorted(count(sa.select(CallRecipient.call_id)).values()) == [430, 431]
    assert count(sa.select(Application.state)) == {
        ApplicationState.ADMITTED: 124,
        ApplicationState.DECLINED: story.DECLINED,
        ApplicationState.DRAFT: 3,
        ApplicationState.WITHDRAWN: 1,
    }
    assert count(sa.select(DecisionLetter.state)) == {LetterState.SENT: 97 + 47 + 34}
    members = sa.select(CohortMembership.cohort_id).where(CohortMembership.to_on.is_(None))
    assert sorted(count(members).values()) == sorted(size for *_rest, size in COHORTS.values())
    assert set(db.session.scalars(sa.select(CohortMembership.reason))) == {story.MADE_UP}
    assert set(
        db.session.scalars(sa.select(Organisation.language_form_source).where(Organisation.number == "0301"))
    ) == {story.MADE_UP}
    assert_nothing_is_due()


def assert_nothing_is_due() -> None:
    """Nothing of what was is mailed when the demo starts; what is planned comes after that."""
    owed = [
        db.session.scalar(sa.select(sa.func.count()).where(table.noticed_at.is_(None)))
        for table in (RegistrationChange, EventChange, CaseChange)
    ]
    planned = sa.select(sa.func.min(Occasion.due_at)).where(Occasion.state == OccasionState.PLANNED)
    first = db.session.scalar(planned)
    assert first is not None
    assert (owed, count(sa.select(OutboxMessage.state)), first > OPENS_AT) == ([0, 0, 0], {MailState.SENT: 4}, True)


def test_the_two_that_became_one_are_there_until_they_did(full_app: Flask) -> None:
    merged = find_organisation(db.session(), story.BECAME)
    assert merged is not None
    assert merged.valid_from == story.MERGED_ON
    ended = sa.select(Organisation.number, Organisation.successor_id).where(Organisation.valid_to.is_not(None))
    assert sorted(db.session.execute(ended).all()) == [("1503", merged.id), ("1556", merged.id)]
    was = sa.select(CohortMembership.organisation_id).where(CohortMembership.to_on.is_not(None))
    assert db.session.scalars(was).one() != merged.id


def test_two_applications_of_each_call_are_supplemented_and_one_is_closed_to_an_adviser(full_app: Flask) -> None:
    asked = (CaseAct.ASKED_TO_SUPPLEMENT, CaseAct.SUPPLEMENTED, CaseAct.INVITED_COLLEAGUE, CaseAct.SAID_NO)
    acts = sa.select(CaseChange.act).where(CaseChange.act.in_(asked))
    shut_out = db.session.scalars(sa.select(Disqualification)).all()
    assert count(acts) == {
        CaseAct.ASKED_TO_SUPPLEMENT: 4,
        CaseAct.SUPPLEMENTED: 4,
        CaseAct.INVITED_COLLEAGUE: 1,
        CaseAct.SAID_NO: 2 * words.SAY_NO_COUNT,
    }
    assert [one.why for one in shut_out] == [words.DISQUALIFIED] * 2
    read = sa.select(Assessment.account_id)
    assert sorted(count(read).values()) == [97 + 34 - 2, 97 + 34, 97 + 34]
    for one in shut_out:
        by_them = read.where(Assessment.application_id == one.application_id, Assessment.account_id == one.account_id)
        assert db.session.scalars(by_them).all() == []


def test_everybody_has_opened_the_call_that_they_got(full_app: Flask) -> None:
    assert count(sa.select(CallRecipient.opened_at.is_not(None))) == {True: 430 + 431}
