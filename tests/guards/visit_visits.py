"""A visit that each organiser has offered times for, and one that is agreed, and the addresses of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account
from eventsys.extensions import db
from eventsys.organisations.models import Position
from eventsys.programmes.models import Programme
from eventsys.visits import actions
from eventsys.visits.actions import Taker
from eventsys.visits.models import Visit, VisitTime
from eventsys.visits.queries import find_kind
from eventsys.visits.rules import TimeFacts, VisitState
from tests.world import BASE_URL, NOW

OF_OPEN = ("visit", "take_visit", "offer_times", "decline_visit")
OF_AGREED = ("move_visit", "call_off_visit")
OF_VISITS = (*OF_OPEN, *OF_AGREED)


def add_visit_things(session: Session, organiser_id: int, account: Account, contact: Position, marker: str) -> None:
    programme = session.scalars(sa.select(Programme).filter_by(organiser_id=organiser_id)).first()
    assert programme is not None
    taker = Taker(account.id, organiser_id)
    for number, day in enumerate((6, 7), 1):
        visit = Visit(
            organiser_id=organiser_id, programme_id=programme.id, organisation_id=contact.organisation_id,
            position_id=contact.id, kind=find_kind(session, organiser_id), wish=f"{marker}-kladd besøk",
            place=f"{marker}-kladd rådhus", form_token=f"{marker}-{number}", created_at=NOW,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        times = [TimeFacts(datetime(2008, 10, day, 10), datetime(2008, 10, day, 12))]
        actions.offer(session, visit, times, taker, words=f"{marker}-kladd hilsen", now=NOW)
        if number == 2:
            chosen = session.scalars(sa.select(VisitTime.public_id).filter_by(visit_id=visit.id)).one()
            actions.accept(session, visit, chosen, contact, base_url=BASE_URL, now=NOW)


def visit_values(organiser_id: int, behind_contact: dict[str, str]) -> dict[str, dict[str, Any]]:
    found = sa.select(Visit.public_id).where(Visit.organiser_id == organiser_id).order_by(Visit.id)
    offered = db.session.scalars(found.where(Visit.state != VisitState.ACCEPTED, Visit.event_id.is_(None))).first()
    agreed = db.session.scalars(found.where(Visit.event_id.is_not(None))).first()
    return {
        **{f"visits.{name}": behind_contact for name in ("visits", "new_visit", "ask_for_visit")},
        **{
            f"visits.{name}": {**behind_contact, "public_id": offered}
            for name in ("visit", "accept_visit", "withdraw_visit")
        },
        "visits.cancel_visit": {**behind_contact, "public_id": agreed},
        **{f"workspace.{name}": {"public_id": offered} for name in OF_OPEN},
        **{f"workspace.{name}": {"public_id": agreed} for name in OF_AGREED},
    }
