"""Projects and visits of the demo's contact, written past the browser: a goal with figures, one that a neighbour shares, a
visit with times to choose from and one that is agreed."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import clock, create_app
from eventsys.accounts.models import Account, Membership
from eventsys.extensions import transaction
from eventsys.organisations.models import Organisation, Position
from eventsys.programmes import actions as programmes
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.models import Programme
from eventsys.programmes.projects import actions as projects
from eventsys.programmes.projects.actions import By
from eventsys.programmes.projects.queries import list_programmes_of
from eventsys.programmes.projects.rules import Figure, GoalFacts, ProjectFacts
from eventsys.tokens import public_id_of
from eventsys.visits import actions as visits
from eventsys.visits.actions import Taker
from eventsys.visits.models import Visit
from eventsys.visits.queries import list_times
from eventsys.visits.rules import Ask, TimeFacts, VisitKind
from tests.conftest import settings
from tests.stories.serving import Site

ABSENCE = GoalFacts("Lavere sykefravær", "%", target_value=7.5, target_on=date(2010, 12, 31))


def work(site: Site, contact: str) -> dict[str, str]:
    """What the addresses of the pages of projects and visits need."""
    app = create_app(settings(f"sqlite:///{site.mails.parent}/demo.db"))
    with app.app_context(), transaction() as session:
        now = clock.now()
        position = session.scalars(sa.select(Position).filter_by(public_id=public_id_of(contact))).one()
        own = session.get_one(Organisation, position.organisation_id)
        (programme, *_rest) = list_programmes_of(session, own.id, on=now.date())
        neighbour = session.scalars(sa.select(Organisation).filter_by(number="2021")).one()
        network = programmes.add_network(session, programme_id=programme.id, slug="arbeid", name="Arbeidsnettverket")
        for one in (own, neighbour):
            programmes.place_in_network(
                session, network_id=network.id, organisation_id=one.id, from_on=now.date() - timedelta(days=1)
            )
        project, goal = _add_project(session, own, programme, position, now)
        shared, _goal = _add_project(session, neighbour, programme, position, now)
        offered, agreed = (_offer(session, position, programme, number, now) for number in (1, 2))
        row, chosen = agreed
        visits.accept(session, row, chosen, position, base_url=site.base, now=now)
        return {
            "project": project,
            "goal": goal,
            "shared_project": shared,
            "offered_visit": str(offered[0].public_id),
            "agreed_visit": str(row.public_id),
        }


def _add_project(
    session: Session, whose: Organisation, programme: Programme, position: Position, now: datetime
) -> tuple[str, str]:
    by = By(position_id=position.id)
    facts = ProjectFacts("Nærvær i hjemmetjenesten", Area.SICKNESS_ABSENCE, "Vi prøver ny turnus.")
    project = projects.add_project(session, whose, programme, facts, by=by, now=now)
    goal = projects.add_goal(session, project, ABSENCE, by=by, now=now)
    figures = [Figure(date(2007, 12, 31), 9.5), Figure(date(2008, 3, 31), 9.1)]
    projects.write_figures(session, project, goal, figures, by=by, now=now)
    return str(project.public_id), str(goal.public_id)


def _offer(
    session: Session, position: Position, programme: Programme, number: int, now: datetime
) -> tuple[Visit, uuid.UUID]:
    asked = Ask(VisitKind.ADVISER, "Hjelp til å komme i gang", "Rådhuset", f"besok-{number}")
    visit, _new = visits.ask(session, position, programme, asked, on=now.date(), now=now)
    members = sa.select(Membership.account_id).where(Membership.organiser_id == programme.organiser_id)
    account_id = session.scalars(sa.select(Account.id).where(Account.id.in_(members)).order_by(Account.id)).first()
    assert account_id is not None
    starts = datetime.combine(now.date() + timedelta(days=40 + number), time(10))
    times = [TimeFacts(starts, starts + timedelta(hours=2))]
    visits.offer(session, visit, times, Taker(account_id, programme.organiser_id), now=now)
    return visit, list_times(session, visit.id)[0].public_id
