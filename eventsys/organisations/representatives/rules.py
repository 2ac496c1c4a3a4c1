"""How long it is kept that somebody is a union's representative. Pure."""

from __future__ import annotations

from datetime import date, timedelta

USUALLY_KEPT = timedelta(days=365)
KEPT_AT_MOST = timedelta(days=2 * 365)
KEPT_AFTER_END = timedelta(days=30)
"""Whoever is representative no more is forgotten soon, whatever day was set."""


def may_be_kept_until(day: date, *, on: date) -> bool:
    """Whether a union may say today that what it brings in is erased on that day."""
    return on < day <= on + KEPT_AT_MOST


def choose_end(programme_ends: date | None, *, on: date) -> date:
    """Until when a list that is brought in that day is kept where nothing else is said: until the programme ends."""
    return on + USUALLY_KEPT if programme_ends is None else min(programme_ends, on + KEPT_AT_MOST)
