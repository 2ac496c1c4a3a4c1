"""What an application may be, whose voice confirms it, and what its files are. Pure."""

from __future__ import annotations

import enum


class ApplicationState(enum.StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    SUPPLEMENT = "supplement"
    WITHDRAWN = "withdrawn"
    ADMITTED = "admitted"
    WAITING = "waiting"
    DECLINED = "declined"


class Area(enum.StrEnum):
    """A focus area. `OWN` is named by the applicant."""

    HEALTH_CARE = "health_care"
    CHILD_YOUTH = "child_youth"
    SICKNESS_ABSENCE = "sickness_absence"
    OWN = "own"


class ConfirmingSide(enum.StrEnum):
    POLITICIANS = "politicians"
    ADMINISTRATION = "administration"
    EMPLOYEES = "employees"


class FileKind(enum.StrEnum):
    """`COUNCIL` is the paper of the political treatment; `SUPPLEMENT` came after the application was sent."""

    ATTACHMENT = "attachment"
    COUNCIL = "council"
    SUPPLEMENT = "supplement"
