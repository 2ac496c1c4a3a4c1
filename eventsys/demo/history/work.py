"""What goes on between the gatherings until the demo opens: a network, projects, visits, groups, excuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.actions import add as add_account
from eventsys.accounts.models import Account
from eventsys.accounts.rules import MemberRole
from eventsys.demo import programme as plan
from eventsys.demo.activities import Parts
from eventsys.demo.history import words
from eventsys.demo.history.calls import By
from eventsys.demo.history.excuses import excuse
from eventsys.demo.history.meetings import Where, meet_all
from eventsys.demo.history.networks import add_by_theme
from eventsys.demo.history.projects import follow, read_contacts
from eventsys.demo.history.visits import visit_all
from eventsys.events.models import Event, EventClause
from eventsys.events.rules import EventType
from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import add as add_organisation
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import OrganisationKind
from eventsys.programmes.grants.actions import grant
from eventsys.programmes.models import Group, Project
from eventsys.visits.actions import Taker
from eventsys.visits.rules import VisitKind


@dataclass(frozen=True)
class Worked:
    """How much there is of each."""

    projects: int
    visits: int
    meetings: int


def add_advisers(session: Session, organiser_id: int) -> list[int]:
    """The accounts of those who read applications and visit municipalities."""
    return [
        add_account(
            session, email=email, key=email_key(email), name=name, organiser_id=organiser_id,
            role=MemberRole.ORGANISER, language="nb", now=plan.SET_UP_AT,
        ).id
        for name, email in words.ADVISERS
    ]  # fmt: skip


def go_on(session: Session, parts: Parts, by: By, steering: Group, coming: Sequence[Event], base_url: str) -> Worked:
    """All made up, by a lot of its own, so that what comes to be here changes nothing of the rest."""
    random = Random(2009)  # noqa: S311
    members = parts.members
    add_by_theme(session, random, parts.programme, [*members[1], *members[2]])
    follow(session, random, by_account_id=by.account_id)
    contacts = read_contacts(session)
    visits = visit_all(
        session, parts.programme, _open_to_unio(session, parts, by), members=members, contacts=contacts,
        base_url=base_url,
    )  # fmt: skip
    organisations = {"Unio": parts.unio, **{one.name: one for one in _add_parties(session)}}
    where = Where(parts.organisers[plan.SECRETARIAT], by, base_url, organisations)
    meetings = meet_all(session, random, where, steering)
    seminar = next(one for one in coming if one.type is EventType.LEARNING_SEMINAR and one.ordinal == 3)
    excuse(
        session, list(_list_held(session, parts)), (seminar, members[1]), contacts=contacts, account_id=by.account_id
    )
    projects = session.scalar(sa.select(sa.func.count()).select_from(Project)) or 0
    return Worked(projects, len(visits), len(meetings))


def _open_to_unio(session: Session, parts: Parts, by: By) -> dict[VisitKind, Taker]:
    """Who visits: an adviser of the secretariat, and a project worker of Unio, to whom the programme is opened."""
    unio = parts.organisers[plan.UNIO]
    grant(session, parts.programme, unio.id, account_id=by.account_id, now=plan.SET_UP_AT)
    worker: Account = parts.accounts[plan.ACCOUNTS[1][1]]
    return {
        VisitKind.ADVISER: Taker(by.adviser_ids[0], parts.organisers[plan.SECRETARIAT].id),
        VisitKind.PROJECT_WORKER: Taker(worker.id, unio.id),
    }


def _add_parties(session: Session) -> Iterator[Organisation]:
    yield add_organisation(session, kind=OrganisationKind.STATE_BODY, name=words.STATE)
    yield add_organisation(session, kind=OrganisationKind.ASSOCIATION, name=words.ASSOCIATION)
    yield add_organisation(session, kind=OrganisationKind.OTHER, name=words.SECRETARIAT)


def _list_held(session: Session, parts: Parts) -> Iterator[tuple[Event, Sequence[Organisation]]]:
    """The learning seminars that were, each with the municipalities of its cohort."""
    ordinal_of = {cohort_id: ordinal for ordinal, cohort_id in parts.cohort_ids.items()}
    seminars = [one for one in parts.held if one.type is EventType.LEARNING_SEMINAR]
    ids = [one.id for one in seminars]
    clauses = sa.select(EventClause.event_id, EventClause.cohort_id).where(EventClause.event_id.in_(ids))
    cohort_of = {event_id: cohort_id for event_id, cohort_id in session.execute(clauses) if cohort_id}
    for event in seminars:
        yield event, parts.members[ordinal_of[cohort_of[event.id]]]
