"""By the organisation: a visit is asked for, asked for anew, asked for no more."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.models import Organisation, Position
from eventsys.programmes.models import Programme
from eventsys.visits.actions.history import demand, lock, note
from eventsys.visits.models import Visit, VisitChange, VisitTime
from eventsys.visits.queries import count_open, list_choices
from eventsys.visits.rules import (
    MOST_OPEN,
    OPEN,
    Ask,
    HasChanged,
    NotTheirs,
    TooMany,
    VisitAct,
    VisitState,
)


def ask(
    session: Session, position: Position, programme: Programme, asked: Ask, *, on: date, now: datetime
) -> tuple[Visit, bool]:
    """Asks for a visit; False for one that the same form asked for already. Raises `TooMany`, and `NotTheirs` where nobody
    makes such visits there."""
    organisation = session.get_one(Organisation, position.organisation_id)
    session.refresh(organisation, with_for_update=True)
    made = session.scalar(sa.select(Visit).filter_by(form_token=asked.form_token))
    if made is not None:
        return made, False
    if count_open(session, organisation.id) >= MOST_OPEN:
        raise TooMany
    if (programme, asked.kind) not in list_choices(session, organisation.id, on=on):
        raise NotTheirs
    visit = Visit(
        organiser_id=programme.organiser_id, programme_id=programme.id, organisation_id=organisation.id,
        position_id=position.id, created_at=now, **asdict(asked),
    )  # fmt: skip
    session.add(visit)
    session.flush()
    note(session, visit, VisitAct.ASKED, position_id=position.id, now=now)
    return visit, True


def ask_again(session: Session, visit: Visit, position: Position, *, words: str, now: datetime) -> VisitChange:
    """None of the times fits: it waits for others. Raises `HasChanged`."""
    if lock(session, visit).state is not VisitState.OFFERED:
        raise HasChanged
    visit.state = VisitState.ASKED
    session.execute(sa.delete(VisitTime).where(VisitTime.visit_id == visit.id))
    return note(session, visit, VisitAct.ASKED, position_id=position.id, words=words, now=now)


def withdraw(session: Session, visit: Visit, position: Position, *, now: datetime) -> bool:
    """Asks no more; False if that is so already. Raises `HasChanged` for one that is accepted or declined."""
    if lock(session, visit).state is VisitState.WITHDRAWN:
        return False
    demand(visit, OPEN)
    visit.state = VisitState.WITHDRAWN
    note(session, visit, VisitAct.WITHDRAWN, position_id=position.id, now=now)
    return True
