"""How an application stands to those who write it: a decision is theirs to read once its letter has been sent."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.intake.rules import DECIDED, STATE_OF, LetterState
from eventsys.programmes.models import Application, Decision, DecisionLetter


def list_told(session: Session, applications: Iterable[Application]) -> dict[int, ApplicationState]:
    """By application what the last letter said; until there is one, that a decided one is sent. One statement at most."""
    every = list(applications)
    decided = [one.id for one in every if one.state in DECIDED]
    said = _list_said(session, decided) if decided else {}
    return {one.id: said.get(one.id, ApplicationState.SENT) if one.state in DECIDED else one.state for one in every}


def _list_said(session: Session, application_ids: list[int]) -> dict[int, ApplicationState]:
    statement = (
        sa.select(Decision.application_id, Decision.outcome)
        .join(DecisionLetter, DecisionLetter.decision_id == Decision.id)
        .where(Decision.application_id.in_(application_ids), DecisionLetter.state == LetterState.SENT)
        .order_by(DecisionLetter.id)
    )
    return {row.application_id: STATE_OF[row.outcome] for row in session.execute(statement)}
