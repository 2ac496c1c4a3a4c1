"""Which way a goal's figures should go, and what can happen to a project. Pure."""

from __future__ import annotations

import enum


class Direction(enum.StrEnum):
    DOWN = "down"
    UP = "up"


class ProjectAct(enum.StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    SHARED = "shared"
    NOT_SHARED = "not_shared"
    GOAL_ADDED = "goal_added"
    GOAL_CHANGED = "goal_changed"
    GOAL_REMOVED = "goal_removed"
    FIGURES = "figures"
    MOVED = "moved"
    ENDED = "ended"
