"""What an event and a run may be: values, dates that are not exact yet, and the decisions about them. Pure."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from eventsys import dates
from eventsys.organisations.rules import search_words
from eventsys.venues.rules import Layout

Translated = dict[str, str]


class EventType(enum.StrEnum):
    KICKOFF = "kickoff"
    LEARNING_SEMINAR = "learning_seminar"
    PROJECT_LEADERS = "project_leaders"
    NETWORK_GATHERING = "network_gathering"
    CONFERENCE = "conference"
    STEERING_GROUP = "steering_group"
    POLITICAL_CONTACT = "political_contact"
    MEETING = "meeting"


class ItemKind(enum.StrEnum):
    """What an item of an agenda is there for."""

    INFORMATION = "information"
    DISCUSSION = "discussion"
    DECISION = "decision"


class MinutesState(enum.StrEnum):
    """Minutes are written, then out to the group, then approved by it."""

    DRAFT = "draft"
    OUT = "out"
    APPROVED = "approved"


class Precision(enum.StrEnum):
    """How exactly a run's dates are known: from exact local times down to nothing at all."""

    EXACT = "exact"
    DAYS = "days"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    UNKNOWN = "unknown"


class Role(enum.StrEnum):
    """A role within an organisation that an event may be for."""

    POLITICIAN = "politician"
    ADMINISTRATION = "administration"
    EMPLOYEE_REPRESENTATIVE = "employee_representative"
    PROJECT_LEADER = "project_leader"


class EventStatus(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Stage(enum.StrEnum):
    """How far an event has come, as organisers see it: a published one is held when the days of all its runs are over."""

    DRAFT = "draft"
    PUBLISHED = "published"
    HELD = "held"
    CANCELLED = "cancelled"


class RunStatus(enum.StrEnum):
    PLANNED = "planned"
    CANCELLED = "cancelled"


class ClauseKind(enum.StrEnum):
    """Whom a clause means: a cohort, a network, members of any network of a programme, an organisation's people, the
    elected representatives of a confederation's unions, or the members of a group."""

    COHORT = "cohort"
    NETWORK = "network"
    ANY_NETWORK = "any_network"
    ORGANISATION = "organisation"
    REPRESENTATIVES = "representatives"
    GROUP = "group"


class ChangeKind(enum.StrEnum):
    CREATED = "created"
    EDITED = "edited"
    PUBLISHED = "published"
    RUN_ADDED = "run_added"
    RUN_CHANGED = "run_changed"
    RUN_CANCELLED = "run_cancelled"
    CANCELLED = "cancelled"
    PROGRAMME_CHANGED = "programme_changed"
    MATERIALS_PUBLISHED = "materials_published"


class SessionKind(enum.StrEnum):
    """A part of the programme that people come to hear or do, or a pause or a meal between such."""

    SESSION = "session"
    BREAK = "break"
    MEAL = "meal"


class MaterialKind(enum.StrEnum):
    SLIDES = "slides"
    MINUTES = "minutes"
    AGENDA = "agenda"
    OTHER = "other"


class MaterialAccess(enum.StrEnum):
    """Who may open a material: everybody, those with a live registration behind their own link, or the members of the
    group that the event is for, behind theirs."""

    EVERYBODY = "everybody"
    PARTICIPANTS = "participants"
    GROUP = "group"


class DeadlineKind(enum.StrEnum):
    """What a contract with a venue lets go, or asks for, by a day: rooms, beds, the number of meals, anything else."""

    ROOMS = "rooms"
    BEDS = "beds"
    MEALS = "meals"
    OTHER = "other"


TIMEZONE = dates.TIMEZONE
FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)
DATED = frozenset({Precision.EXACT, Precision.DAYS})
"""How exactly days must be known for a sign-up, a reminder and an entry with a date of its own."""
BELOW_DAYS = frozenset({Precision.WEEK, Precision.MONTH, Precision.SEASON, Precision.UNKNOWN})
LONGEST_SLUG = 100


class RunIsWrong(ValueError):
    """What is said of a run's time cannot be; the classes below say why."""


class StartIsMissing(RunIsWrong):
    """Exact times without a clock time to begin at."""


class EndIsMissing(RunIsWrong):
    """Exact times without a clock time to end at: no length is guessed."""


class EndBeforeStart(RunIsWrong):
    """The end is not later than the start, or the last day is before the first."""


class DayIsMissing(RunIsWrong):
    """A known precision without a first day."""


class UnknownTimezone(RunIsWrong):
    """Not the name of an IANA time zone."""


@dataclass(frozen=True)
class RunFacts:
    """When and where a run is to be. Exact: `starts` is the clock time on the first day, `ends` the one on the last.

    `last_on` may be left out where it is the first day's; for unknown dates all days and times are ignored.
    """

    precision: Precision
    first_on: date | None = None
    last_on: date | None = None
    starts: time | None = None
    ends: time | None = None
    venue_id: int | None = None
    capacity: int | None = None
    timezone: str = TIMEZONE
    room_id: int | None = None
    layout: Layout | None = None


@dataclass(frozen=True)
class EventFacts:
    """What an event is, apart from when, where and for whom. Deadlines are days at the organiser's, inclusive."""

    type: EventType
    title: Translated
    ordinal: int | None = None
    description: Translated = field(default_factory=dict)
    programme_id: int | None = None
    asks_union: bool = False
    opens_on: date | None = None
    closes_on: date | None = None
    series_id: int | None = None
    by_invitation: bool = False
    is_closed: bool = False

    def __post_init__(self) -> None:
        """A closed event is one that people are asked to, however it was put."""
        if self.is_closed and not self.by_invitation:
            object.__setattr__(self, "by_invitation", True)


@dataclass(frozen=True)
class ClauseFacts:
    """One of the ways to be meant by an event; which of the ids is set follows from the kind."""

    kind: ClauseKind
    cohort_id: int | None = None
    network_id: int | None = None
    programme_id: int | None = None
    organisation_id: int | None = None
    role: Role | None = None
    group_id: int | None = None


def resolve(facts: RunFacts) -> dict[str, Any]:
    """The columns of a run that say when it is, with the moments in UTC. Raises a `RunIsWrong`."""
    try:
        ZoneInfo(facts.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimezone(facts.timezone) from error
    columns = {"precision": facts.precision, "timezone": facts.timezone, **_NO_TIME}
    if facts.precision is Precision.UNKNOWN:
        return {**columns, "sort_at": FAR_FUTURE}
    first, last = _span(facts)
    columns |= {"first_on": first, "last_on": last}
    if facts.precision is Precision.EXACT:
        times = _times(facts, first, last)
        return {**columns, **times, "sort_at": times["starts_at"]}
    begins = dates.to_utc(datetime.combine(first, time.min), facts.timezone)
    return {**columns, "sort_at": begins + timedelta(microseconds=_RANKS[facts.precision])}


_NO_TIME = dict.fromkeys(("first_on", "last_on", "starts_local", "ends_local", "starts_at", "ends_at"))
# Exact ones come before inexact ones that begin with them, finer ones before coarser ones.
_RANKS = {Precision.DAYS: 1, Precision.WEEK: 2, Precision.MONTH: 3, Precision.SEASON: 4}


def _span(facts: RunFacts) -> tuple[date, date]:
    if facts.first_on is None:
        raise DayIsMissing
    last = facts.last_on or facts.first_on
    if last < facts.first_on:
        raise EndBeforeStart
    return facts.first_on, last


def _times(facts: RunFacts, first: date, last: date) -> dict[str, datetime]:
    if facts.starts is None:
        raise StartIsMissing
    if facts.ends is None:
        raise EndIsMissing
    starts, ends = datetime.combine(first, facts.starts), datetime.combine(last, facts.ends)
    moments = {"starts_at": dates.to_utc(starts, facts.timezone), "ends_at": dates.to_utc(ends, facts.timezone)}
    if moments["ends_at"] <= moments["starts_at"]:
        raise EndBeforeStart
    return {"starts_local": starts, "ends_local": ends, **moments}


def find_stage(status: EventStatus, last_days: Sequence[date | None], on: date) -> Stage:
    """How far an event is on a day; `last_days` are those of its runs that are not cancelled."""
    over = bool(last_days) and all(day is not None and day < on for day in last_days)
    return Stage.HELD if status is EventStatus.PUBLISHED and over else Stage(status.value)


def is_long(precision: Precision, first_on: date | None, last_on: date | None) -> bool:
    """Whether it would fill a calendar with a banner: days not known, and a span of more than a week."""
    if precision not in BELOW_DAYS or first_on is None or last_on is None:
        return False
    return (last_on - first_on).days >= 7


def make_slug(words: Sequence[str], *, fallback: str) -> str:
    """A readable address of plain words, each said once: («Læringsseminar», «2», «Pulje II») gives
    `laeringsseminar-2-pulje-ii`. `fallback` stands in where no letter or digit is left."""
    parts: list[str] = []
    for text in words:
        plain = [word for word in search_words(text.replace("_", " ")) if word.isascii()]
        if not _holds(parts, plain):
            parts += plain
    while parts and len("-".join(parts)) > LONGEST_SLUG:
        parts = parts[:-1] if len(parts) > 1 else [parts[0][:LONGEST_SLUG]]
    return "-".join(parts) or fallback.replace("_", "-")


def _holds(parts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the words stand in the parts already, in this order and side by side."""
    size = len(words)
    return any(list(parts[place : place + size]) == list(words) for place in range(len(parts) - size + 1))


def first_free(slug: str, taken: Collection[str]) -> str:
    """The slug itself, or with the lowest number from -2 that is not taken."""
    if slug not in taken:
        return slug
    return next(name for number in itertools.count(2) if (name := f"{slug}-{number}") not in taken)
