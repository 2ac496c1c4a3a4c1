"""The sensitive questions that a new event asks: food and access needs. A table of texts, and one verb."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Question
from eventsys.registrations.questions.actions.asking import add_question
from eventsys.registrations.questions.rules import (
    SENSITIVE_DAYS,
    SHIPPED_KEYS,
    Asks,
    Option,
    QuestionFacts,
    ShownIf,
)
from eventsys.registrations.rules import QuestionKind

OTHER = "8"
FOOD = QuestionFacts(
    QuestionKind.SOME_OF,
    {
        "nb": "Mat du ikke tåler eller ikke spiser",
        "nn": "Mat du ikkje toler eller ikkje et",
        "en": "Food you cannot or do not eat",
    },
    {
        "nb": "Kjøkkenet får vite hvor mange det er av hvert, ikke hvem.",
        "nn": "Kjøkkenet får vite kor mange det er av kvart, ikkje kven.",
        "en": "The kitchen is told how many there are of each, not who.",
    },
    options=(
        Option("1", {"nb": "Vegetarmat", "nn": "Vegetarmat", "en": "Vegetarian food"}),
        Option("2", {"nb": "Vegansk mat", "nn": "Vegansk mat", "en": "Vegan food"}),
        Option("3", {"nb": "Uten gluten", "nn": "Utan gluten", "en": "Without gluten"}),
        Option("4", {"nb": "Uten melk", "nn": "Utan mjølk", "en": "Without milk"}),
        Option("5", {"nb": "Uten nøtter", "nn": "Utan nøtter", "en": "Without nuts"}),
        Option("6", {"nb": "Uten fisk og skalldyr", "nn": "Utan fisk og skaldyr", "en": "Without fish and shellfish"}),
        Option("7", {"nb": "Uten svinekjøtt", "nn": "Utan svinekjøt", "en": "Without pork"}),
        Option(OTHER, {"nb": "Noe annet", "nn": "Noko anna", "en": "Something else"}),
    ),
    sensitive=True,
    erase_days=SENSITIVE_DAYS,
)
OTHER_FOOD = QuestionFacts(
    QuestionKind.SHORT_TEXT,
    {"nb": "Hva annet er det med maten?", "nn": "Kva anna er det med maten?", "en": "What else about food?"},
    sensitive=True,
    erase_days=SENSITIVE_DAYS,
)
ACCESS = QuestionFacts(
    QuestionKind.LONG_TEXT,
    {
        "nb": "Noe vi bør legge til rette for?",
        "nn": "Noko vi bør leggje til rette for?",
        "en": "Anything we should arrange for you?",
    },
    {
        "nb": "For eksempel rullestol, teleslynge, tolk eller ledsager.",
        "nn": "Til dømes rullestol, teleslynge, tolk eller ledsagar.",
        "en": "For example a wheelchair, a hearing loop, an interpreter or a companion.",
    },
    sensitive=True,
    erase_days=SENSITIVE_DAYS,
)


def add_shipped_questions(session: Session, event: Event, *, account_id: int | None = None, now: datetime) -> int:
    """Those of the shipped questions that the event does not ask yet, kept as long as the organiser keeps what is
    sensitive; says how many."""
    rows = session.execute(sa.select(Question.key, Question.public_id).where(Question.event_id == event.id))
    there = {row.key: row.public_id for row in rows if row.key}
    days = session.get_one(Organiser, event.organiser_id).sensitive_days
    added = 0
    for key, facts in zip(SHIPPED_KEYS, (FOOD, OTHER_FOOD, ACCESS), strict=True):
        if key in there:
            continue
        facts = replace(facts, erase_days=days)
        if key == "food_other":
            facts = replace(facts, asks=Asks(shown_if=ShownIf(str(there["food"]), (OTHER,))))
        there[key] = add_question(session, event, facts, key=key, account_id=account_id, now=now).public_id
        added += 1
    return added
