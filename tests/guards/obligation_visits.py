"""A promise of each organiser's cohort with a municipality that asks to be excused, and the addresses of all of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.events.rules import EventType
from eventsys.extensions import db
from eventsys.obligations import actions
from eventsys.obligations.actions import ObligationFacts
from eventsys.obligations.models import Excuse, Obligation
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Cohort, Programme
from tests.world import NOW

OF_OBLIGATION = ("edit_obligation", "update_obligation", "confirm_remove_obligation", "remove_obligation")
OF_PROGRAMME = ("matrix", "matrix_pdf", "matrix_csv", "matrix_xlsx", "composition", "matrix_member", "grant_excuse")

OF_PROMISES = (*OF_OBLIGATION, *OF_PROGRAMME, "decide_excuse")


def add_obligation_things(session: Session, event: Event, marker: str) -> None:
    """For the organiser's own cohort; its words and the excuse's are nobody else's to read."""
    cohort = session.scalars(
        sa.select(Cohort)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Programme.organiser_id == event.organiser_id, Cohort.ordinal == 90)
    ).one()
    facts = ObligationFacts(
        cohort.id, None, EventType.MEETING, {"nb": f"{marker}-kladd"}, 1, date(2008, 1, 1), date(2009, 12, 31)
    )
    actions.create(session, organiser_id=event.organiser_id, facts=facts, now=NOW)
    member = session.scalars(sa.select(Organisation.id).filter_by(number="1867")).one()
    actions.ask_excuse(session, event, member, words=f"{marker}-person", position_id=None, now=NOW)


def obligation_values(event: Event, behind_contact: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What the addresses hold, by endpoint."""
    session = db.session
    programme = session.scalars(
        sa.select(Programme).filter_by(organiser_id=event.organiser_id).order_by(Programme.id)
    ).first()
    obligation = session.scalar(sa.select(Obligation.public_id).filter_by(organiser_id=event.organiser_id))
    excuse = session.scalar(sa.select(Excuse.public_id).filter_by(event_id=event.id))
    member = session.scalars(sa.select(Organisation.id).filter_by(number="1867")).one()
    if programme is None:
        return {}
    return {
        **{f"workspace.{name}": {"public_id": obligation} for name in OF_OBLIGATION},
        **{f"workspace.{name}": {"slug": programme.slug, "organisation": member} for name in OF_PROGRAMME},
        "workspace.decide_excuse": {"public_id": excuse},
        "obligations.new_excuse": behind_contact,
        "obligations.ask_excuse": behind_contact,
        "obligations.withdraw_excuse": {**behind_contact, "public_id": excuse},
    }
