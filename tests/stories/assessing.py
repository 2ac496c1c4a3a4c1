"""Applications to a call of the demo, written past the browser: two that were sent, one of them declined with its letter."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from eventsys import clock, create_app
from eventsys.accounts.models import Account, Membership
from eventsys.extensions import transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import OrganisationKind
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.intake import actions
from eventsys.programmes.intake.rules import Outcome
from eventsys.programmes.models import Call, Decision, DecisionLetter, Intake
from tests.calling import add_application
from tests.conftest import settings
from tests.stories.serving import Site


def assess(site: Site, call_slug: str) -> dict[str, str]:
    """What the addresses of the pages of the intake need."""
    database = f"sqlite:///{site.mails.parent}/demo.db"
    app = create_app(settings(database))
    with app.app_context(), transaction() as session:
        now = clock.now()
        call = session.scalars(sa.select(Call).filter_by(slug=call_slug)).one()
        accounts = sa.select(Account.id).join(Membership, Membership.account_id == Account.id)
        for account_id in session.scalars(accounts.where(Membership.organiser_id == call.organiser_id)):
            actions.appoint(session, call_id=call.id, account_id=account_id, may_decide=True)
        criterion = actions.add_criterion(session, call_id=call.id, name={"nb": "Mål"}, help={}, most_points=5)
        kind = Organisation.kind == OrganisationKind.MUNICIPALITY
        whose = session.scalars(sa.select(Organisation.id).where(kind).order_by(Organisation.id.desc()).limit(2)).all()
        sent, declined = (
            add_application(session, call, one, state=state, way_of_working="Vi møtes hver måned.")
            for one, state in zip(whose, (ApplicationState.SENT, ApplicationState.DECLINED), strict=True)
        )
        intake = session.scalars(sa.select(Intake).filter_by(call_id=call.id)).first()
        assert intake is not None
        sent.shortlisted_intake_id = intake.id
        decision = Decision(
            application_id=declined.id, intake_id=intake.id, outcome=Outcome.DECLINED, batch=uuid.uuid4(),
            decided_at=now, grounds=dict.fromkeys(("nb", "nn", "en"), "Målene kan ikke måles."),
        )  # fmt: skip
        session.add(decision)
        session.flush()
        letter = DecisionLetter(
            organiser_id=call.organiser_id, application_id=declined.id, decision_id=decision.id, language="nb"
        )
        session.add(letter)
        session.flush()
        return {
            "assessed": str(sent.public_id),
            "decided": str(declined.public_id),
            "criterion": str(criterion.public_id),
            "decision_letter": str(letter.public_id),
        }
