"""What a hotel is told about an event's guests: who sleeps there when, and how many eat what, without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.extensions import Translated
from eventsys.registrations.models import (
    Delegation,
    Question,
    QuestionVersion,
    Registration,
    RegistrationNight,
    RunNight,
    SensitiveAccess,
    SensitiveAnswer,
)
from eventsys.registrations.rules import HOLDS_A_PLACE
from eventsys.venues.models import Venue

FOOD = ("food", "food_other")
"""The shipped questions that the kitchen needs the answers to: what is chosen, and what is written beside it."""
FOOD_COUNTS = "food counts"
"""What the access row of a reading of food is about."""


class Guest(NamedTuple):
    """Somebody who sleeps at a hotel: nights by the day on which each begins. A seat without a name has its registrar."""

    venue_id: int
    hotel: str
    name: str
    registrar: str
    nights: tuple[date, ...]

    @property
    def leaves_on(self) -> date:
        return self.nights[-1] + timedelta(days=1)


def list_guests(session: Session, event: Event) -> list[Guest]:
    """By hotel and name; a person who has nights in two runs is one guest with all of them."""
    statement = (
        sa.select(
            Venue.id,
            Venue.name,
            Registration.person_id,
            Registration.id,
            Registration.name,
            Delegation.name,
            RunNight.on,
        )
        .select_from(RegistrationNight)
        .join(RunNight, RunNight.id == RegistrationNight.night_id)
        .join(Venue, Venue.id == RunNight.venue_id)
        .join(Registration, Registration.id == RegistrationNight.registration_id)
        .outerjoin(Delegation, Delegation.id == Registration.delegation_id)
        .where(
            Registration.event_id == event.id,
            Registration.organiser_id == event.organiser_id,
            Registration.state.in_(HOLDS_A_PLACE),
        )
        .order_by(RunNight.on)
    )
    nights: dict[tuple[Any, ...], list[date]] = {}
    for venue_id, hotel, person_id, number, name, registrar, on in session.execute(statement):
        who = (venue_id, hotel, name, registrar or "", person_id or -number)
        nights.setdefault(who, []).append(on)
    guests = [Guest(who[0], who[1], who[2], who[3], tuple(dict.fromkeys(dates))) for who, dates in nights.items()]
    return sorted(guests, key=lambda guest: (guest.hotel, guest.venue_id, not guest.name, guest.name.casefold()))


def list_nights(guests: Iterable[Guest]) -> list[date]:
    return sorted({on for guest in guests for on in guest.nights})


def count_nights(guests: Iterable[Guest]) -> Counter[date]:
    """How many sleep there each night."""
    return Counter(on for guest in guests for on in guest.nights)


class Eaten(NamedTuple):
    """How many of a run's participants chose one option, or wrote the same words."""

    run_id: int
    label: Translated
    how_many: int


def read_food(session: Session, event: Event, *, account_id: int, now: datetime) -> list[Eaten]:
    """How many who hold a place eat what, by run; leaves a row of who read it, so the caller commits."""
    session.add(SensitiveAccess(event_id=event.id, account_id=account_id, what=FOOD_COUNTS, at=now))
    columns: tuple[Any, ...] = (
        Registration.run_id, SensitiveAnswer.option, SensitiveAnswer.text, QuestionVersion.options,
    )  # fmt: skip
    rows = session.execute(
        sa.select(*columns)
        .join(SensitiveAnswer, SensitiveAnswer.registration_id == Registration.id)
        .join(Question, Question.id == SensitiveAnswer.question_id)
        .join(QuestionVersion, QuestionVersion.id == SensitiveAnswer.version_id)
        .where(
            Registration.event_id == event.id,
            Registration.organiser_id == event.organiser_id,
            Registration.state.in_(HOLDS_A_PLACE),
            Question.event_id == event.id,
            Question.key.in_(FOOD),
        )
        .order_by(QuestionVersion.number)
    )
    return _count_food(rows.all())


def _count_food(rows: Sequence[Any]) -> list[Eaten]:
    """By run and option, an option that was reworded by its newest words; then what people wrote."""
    labels: dict[tuple[str, str], Translated] = {}
    counts: Counter[tuple[int, tuple[str, str]]] = Counter()
    for run_id, option, text, options in rows:
        words = " ".join((text or "").split())
        key = (option or "", words.casefold())
        labels |= {(one["key"], ""): one["label"] for one in options if one["key"] == option}
        labels.setdefault(key, {"nb": words})
        counts[run_id, key] += 1
    order = sorted(counts.items(), key=lambda pair: (pair[0][0], not pair[0][1][0], pair[0][1]))
    return [Eaten(run_id, labels[key], number) for (run_id, key), number in order]
