"""What a decision and its letter may be. Pure."""

from __future__ import annotations

import enum


class Outcome(enum.StrEnum):
    ADMITTED = "admitted"
    WAITING = "waiting"
    DECLINED = "declined"


class LetterState(enum.StrEnum):
    DRAFT = "draft"
    READY = "ready"
    SENT = "sent"
