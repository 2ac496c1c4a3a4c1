"""What a visit may be, and who may do what with it. Pure."""

from __future__ import annotations

import enum


class VisitKind(enum.StrEnum):
    """By an adviser of the programme, or by a union's project worker."""

    ADVISER = "adviser"
    PROJECT_WORKER = "project_worker"


class VisitState(enum.StrEnum):
    ASKED = "asked"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class VisitAct(enum.StrEnum):
    ASKED = "asked"
    TAKEN = "taken"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    CANCELLED = "cancelled"
