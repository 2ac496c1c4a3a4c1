"""How an erasure came about. Pure."""

from __future__ import annotations

import enum


class ErasureKind(enum.StrEnum):
    """Because its time was over, or because somebody asked."""

    TIME = "time"
    PERSON = "person"
