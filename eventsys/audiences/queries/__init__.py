"""Reads of audiences: what may be aimed at, and the one SELECT of whom an audience is, with why."""

from eventsys.audiences.queries.people import (
    LISTED_AT_ONCE,
    Hit,
    Listed,
    count_people,
    list_people,
    select_people,
)
from eventsys.audiences.queries.saved import (
    Names,
    Targets,
    find_people,
    find_saved,
    is_there,
    list_saved,
    list_targets,
    read_names,
)

__all__ = [
    "LISTED_AT_ONCE",
    "Hit",
    "Listed",
    "Names",
    "Targets",
    "count_people",
    "find_people",
    "find_saved",
    "is_there",
    "list_people",
    "list_saved",
    "list_targets",
    "read_names",
    "select_people",
]
