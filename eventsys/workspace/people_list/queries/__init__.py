"""Reads of the list of participants."""

from eventsys.workspace.people_list.queries.choices import (
    Choices,
    ListedQuestion,
    list_choices,
)
from eventsys.workspace.people_list.queries.listing import (
    MOST_IDS,
    Counts,
    count,
    find_row,
    list_all,
    list_chosen,
    list_page,
    number_waiting,
)
from eventsys.workspace.people_list.queries.persons import (
    count_languages,
    find_request,
    list_account_names,
    list_nights_of,
    list_requests,
    list_sessions_of,
)

__all__ = [
    "MOST_IDS",
    "Choices",
    "Counts",
    "ListedQuestion",
    "count",
    "count_languages",
    "find_request",
    "find_row",
    "list_account_names",
    "list_all",
    "list_choices",
    "list_chosen",
    "list_nights_of",
    "list_page",
    "list_requests",
    "list_sessions_of",
    "number_waiting",
]
