"""What the cohorts of the demo have promised: learning seminars with every side, and the conference."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from eventsys.demo import programme as plan
from eventsys.events.rules import EventType
from eventsys.obligations import actions
from eventsys.obligations.actions import ObligationFacts
from eventsys.obligations.rules import SIDES_ASKED

FIRST, LAST = date(2008, 1, 1), date(2008, 12, 31)
SEMINARS = {"nb": "Læringsseminarene", "nn": "Læringsseminara", "en": "The learning seminars"}
CONFERENCE = {"nb": "Kvalitetskonferansen", "nn": "Kvalitetskonferansen", "en": "The quality conference"}


def promise(session: Session, organiser_id: int, cohort_ids: Iterable[int]) -> None:
    """Each cohort comes once to a learning seminar with all three sides, and once to the conference with anybody."""
    for cohort_id in cohort_ids:
        for type_, name, sides in (
            (EventType.LEARNING_SEMINAR, SEMINARS, SIDES_ASKED),
            (EventType.CONFERENCE, CONFERENCE, ()),
        ):
            facts = ObligationFacts(cohort_id, None, type_, name, 1, FIRST, LAST)
            actions.create(session, organiser_id=organiser_id, facts=facts, sides=sides, now=plan.SET_UP_AT)
