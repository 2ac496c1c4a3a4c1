"""How a municipality stands to what it promised. Pure."""

from __future__ import annotations

import enum


class ExcuseState(enum.StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Standing(enum.StrEnum):
    """Of one organisation to one gathering. A gathering whose attendance was not taken is never missed."""

    MET = "met"
    PARTLY = "partly"
    EXCUSED = "excused"
    MISSED = "missed"
    COMING = "coming"
    NOT_RECORDED = "not_recorded"
