"""The full demo: the programme as it came to be, from the call of November 2006 to the morning of 18 August 2008."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from eventsys.demo.commands import make_demo
from eventsys.demo.history import story
from eventsys.demo.programme import COHORTS
from eventsys.extensions import db
from eventsys.organisations.models import Organisation
from eventsys.organisations.queries import find_organisation
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.intake.rules import LetterState
from eventsys.programmes.models import Application, CallRecipient, CohortMembership, DecisionLetter

BASE_URL = "http://127.0.0.1:5000"


def count(statement: sa.Select[tuple[object, int]]) -> dict[object, int]:
    return dict(db.session.execute(statement).all())


def test_the_full_demo_holds_all_of_it_once_and_says_what_is_made_up(app: Flask) -> None:
    assert make_demo(BASE_URL, full=True).startswith("The demo is ready: 124 municipalities in 3 cohorts, 12 events")
    assert make_demo(BASE_URL, full=True) == "The demo is there already; nothing is changed."
    recipients = sa.select(CallRecipient.call_id, sa.func.count()).group_by(CallRecipient.call_id)
    assert sorted(count(recipients).values()) == [430, 431]
    states = sa.select(Application.state, sa.func.count()).group_by(Application.state)
    assert count(states) == {ApplicationState.ADMITTED: 124, ApplicationState.DECLINED: story.DECLINED}
    letters = sa.select(DecisionLetter.state, sa.func.count()).group_by(DecisionLetter.state)
    assert count(letters) == {LetterState.SENT: 97 + 47 + 34}
    members = sa.select(CohortMembership.cohort_id, sa.func.count()).where(CohortMembership.to_on.is_(None))
    found = count(members.group_by(CohortMembership.cohort_id))
    assert sorted(found.values()) == sorted(size for *_rest, size in COHORTS.values())
    assert set(db.session.scalars(sa.select(CohortMembership.reason))) == {story.MADE_UP}
    assert set(
        db.session.scalars(sa.select(Organisation.language_form_source).where(Organisation.number == "0301"))
    ) == {story.MADE_UP}


def test_the_two_that_became_one_are_there_until_they_did(app: Flask) -> None:
    make_demo(BASE_URL, full=True)
    merged = find_organisation(db.session(), story.BECAME)
    assert merged is not None
    assert merged.valid_from == story.MERGED_ON
    ended = sa.select(Organisation.number, Organisation.successor_id).where(Organisation.valid_to.is_not(None))
    assert sorted(db.session.execute(ended).all()) == [("1503", merged.id), ("1556", merged.id)]
    was = sa.select(CohortMembership.organisation_id).where(CohortMembership.to_on.is_not(None))
    assert db.session.scalars(was).one() != merged.id
