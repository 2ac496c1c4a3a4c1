"""A call that has closed: applications that were sent, two who decide, an intake with a cohort."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm, OrganisationKind
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.intake import actions
from eventsys.programmes.intake.rules import Outcome, Ruling
from eventsys.programmes.models import Application, Call, CaseChange, CohortMembership, Decision, Intake
from tests.accounts.people import add_account
from tests.calling import add_application, add_call, add_intake
from tests.world import World

WHEN = datetime(2008, 10, 1, 8, tzinfo=UTC)
STARTS = date(2008, 11, 1)


class Given:
    """Ids of what `build` made, and a deed or two."""

    def __init__(self, world: World, *, ceiling: int = 50, sent: int = 3) -> None:
        self.world = world
        self.deciders = [
            add_account(f"avgjer{number}@program.example", world.secretariat, name=f"Avgjerar {number}").id
            for number in (1, 2)
        ]
        with transaction() as session:
            call = add_call(session, world)
            call.case_number = "2008/123"
            self.call = call.id
            self.first = add_intake(session, call, ceiling=ceiling, cohort_id=world.cohorts[3]).id
            self.second = add_intake(session, call, ordinal=2, ceiling=ceiling, cohort_id=world.cohorts[3]).id
            for account_id in self.deciders:
                actions.appoint(session, call_id=call.id, account_id=account_id, may_decide=True)
            self.applications = [
                add_application(session, call, one, state=ApplicationState.SENT).id
                for one in add_municipalities(session, sent)
            ]

    def add(self, more: int) -> None:
        """So many applications more."""
        with transaction() as session:
            call, start = self.find_call(session), len(self.applications)
            self.applications += [
                add_application(session, call, one, state=ApplicationState.SENT).id
                for one in add_municipalities(session, more, start)
            ]

    def decide(self, outcomes: dict[int, Ruling], *, by: int = 0, intake: int | None = None) -> None:
        with transaction() as session:
            where = session.get_one(Intake, intake or self.first)
            actions.decide(session, where, outcomes, account_id=self.deciders[by], now=WHEN)

    def admit(self, *places: int, by: int = 0) -> None:
        self.decide({self.applications[place]: ruling(Outcome.ADMITTED) for place in places}, by=by)

    def reverse(self, place: int, *, by: int = 0) -> None:
        with transaction() as session:
            application = session.get_one(Application, self.applications[place])
            actions.reverse(session, application, account_id=self.deciders[by], now=WHEN)

    def states(self) -> list[str]:
        db.session.rollback()
        rows = db.session.execute(
            sa.select(Application.state).where(Application.id.in_(self.applications)).order_by(Application.id)
        )
        found = [row.state.value for row in rows]
        db.session.rollback()
        return found

    def find_call(self, session: Session) -> Call:
        return session.get_one(Call, self.call)


def add_municipalities(session: Session, many: int, start: int = 0) -> list[int]:
    """Every third writes nynorsk, every third bokmål, the rest are neutral."""
    forms = (LanguageForm.BOKMAL, LanguageForm.NYNORSK, LanguageForm.NEUTRAL)
    rows = [
        Organisation(
            kind=OrganisationKind.MUNICIPALITY, number=f"{9000 + place}", name=f"Kommune {place:02}",
            label=f"Kommune {place:02}", sort_key=f"kommune {place:02}", language_form=forms[place % 3],
            valid_from=date(2008, 1, 1),
        )
        for place in range(start, start + many)
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def ruling(outcome: Outcome, *, was: str = "sent", later: int | None = None, **grounds: str) -> Ruling:
    return Ruling(outcome, ApplicationState(was), grounds, later)


def count_members(world: World) -> Sequence[tuple[int, date]]:
    """Who is in the third cohort by a decision, and from when."""
    db.session.rollback()
    of = (CohortMembership.cohort_id == world.cohorts[3], CohortMembership.from_on == STARTS)
    rows = db.session.execute(sa.select(CohortMembership.organisation_id, CohortMembership.from_on).where(*of))
    found = [(row.organisation_id, row.from_on) for row in rows]
    db.session.rollback()
    return sorted(found)


def list_acts(application_id: int) -> list[str]:
    db.session.rollback()
    rows = db.session.scalars(
        sa.select(CaseChange.act).where(CaseChange.application_id == application_id).order_by(CaseChange.id)
    )
    found = [one.value for one in rows]
    db.session.rollback()
    return found


def live_decisions() -> list[tuple[int, str, int]]:
    """Application, outcome, intake of each decision that stands."""
    db.session.rollback()
    rows = db.session.scalars(
        sa.select(Decision).where(Decision.reversed_at.is_(None)).order_by(Decision.application_id)
    )
    found = [(one.application_id, one.outcome.value, one.intake_id) for one in rows]
    db.session.rollback()
    return found
