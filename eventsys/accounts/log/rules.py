"""What a row of the log keeps: the fields that differ, as plain JSON. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date, time
from typing import Any

LONGEST_NAME = 300
LONGEST_KEY = 120

Fields = Mapping[str, Any]
Facts = dict[str, Any]
"""{"field": {"from": …, "to": …}}"""


def find_differences(before: Fields | None, after: Fields | None) -> Facts:
    """What became of each field that is not as it was, in the order of the fields; a field that was not there was None."""
    old, new = before or {}, after or {}
    names = dict.fromkeys([*old, *new])
    pairs = {name: (as_plain(old.get(name)), as_plain(new.get(name))) for name in names}
    return {name: {"from": was, "to": becomes} for name, (was, becomes) in pairs.items() if was != becomes}


def as_plain(value: Any) -> Any:
    """The value as JSON has it; what JSON has no word for as people write it. Histories keep values so too."""
    if isinstance(value, enum.Enum):
        return as_plain(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(map(as_plain, value), key=str)
    return str(value)
