"""What reading an announcement gives back. Values only; the reading is done elsewhere in this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from eventsys.events.rules import EventType, Precision, Role


@dataclass(frozen=True, slots=True)
class Span:
    """When one run is. Both days are included; they are None only for UNKNOWN.

    EXACT has `starts` (local clock time on the first day); `ends` is the time on the last day, None if the line
    does not say it.
    """

    precision: Precision
    first_on: date | None
    last_on: date | None
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person must look at: a stable code, and the facts for the sentence a page makes of it.

    The date:
    `no_date` (); `no_such_day` (day, month, year); `no_such_week` (week, year); `no_such_time` (as written);
    `end_before_start` (first, last) as ISO days, ISO months, weeks or HH:MM; `long_span` (ISO day, ISO day, days);
    `week_only` (ISO week, and the last one of several); `month_only` (ISO month, and the last one of several);
    `season_only` (ISO first day, ISO last day); `which_winter` (ISO first day, ISO last day) where a winter was
    named by one year and is taken to begin in it; `date_to_come` (); `alternatives` () where «eller» joins days;
    `other_year` (year of the line, year asked for); `weekday_differs` (ISO day, weekday said, weekday it is, year
    that fits or ""); `weekend` (ISO day, weekday, year that fits or ""), Monday being "0"; `more_dates` (as
    written, …) not used; `deadline` (as written, …) not used; `several_times` (as written, …) not used;
    `time_without_day` (as written).

    What and whom:
    `no_type` (); `two_types` (type, type, …); `several_ordinals` (number, …); `ambiguous_number` (as written) where
    a number may be a label or a day; `all_cohorts` (); `no_audience` (); `several_roles` (role, …).

    The rest:
    `no_venue` (); `misspelt` (as written, read as); `called_off` (as written); `moved` (as written);
    `leftover` (words not understood, …); `control_characters` (); `too_long` (length, most allowed).
    """

    code: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """One line, as far as it was understood. `refused` when no date or no type was; the remarks say why.

    `line` counts from 1 in the pasted text; `text` is the line as written (cut when it is too long);
    `representatives` are the organiser's own elected ones; `networks` the members of the regional networks.
    """

    line: int
    text: str
    spans: tuple[Span, ...]
    type: EventType | None
    ordinal: int | None
    cohorts: tuple[int, ...]
    networks: bool
    role: Role | None
    organiser: str | None
    representatives: bool
    venue: str | None
    title: str
    remarks: tuple[Remark, ...]
    refused: bool
