"""Counts of all that is limited, from rows: THE one count, for pages and under the lock alike."""

from eventsys.registrations.limits.queries.books import (
    HOLDS,
    Standing,
    count_held,
    count_taken,
    has_room_for_sure,
    limit_of_run,
    list_standings,
    read_book,
    read_quotas,
)
from eventsys.registrations.limits.queries.counts import (
    NightOption,
    Options,
    SessionOption,
    count_limits,
    list_options,
    nights,
)

__all__ = [
    "HOLDS",
    "NightOption",
    "Options",
    "SessionOption",
    "Standing",
    "count_held",
    "count_limits",
    "count_taken",
    "has_room_for_sure",
    "limit_of_run",
    "list_options",
    "list_standings",
    "nights",
    "read_book",
    "read_quotas",
]
