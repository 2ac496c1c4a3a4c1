"""The states of an outbox message and the decisions about its next try. Pure."""

from __future__ import annotations

import enum
from datetime import timedelta


class MailState(enum.StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPPRESSED = "suppressed"
    UNCERTAIN = "uncertain"


class ReturnKind(enum.StrEnum):
    """What came back to the mailbox that mails are sent from."""

    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"
    DELAY = "delay"
    AUTO_REPLY = "auto_reply"
    CALENDAR_ANSWER = "calendar_answer"
    UNKNOWN = "unknown"


BULK = 1
"""The priority of mail that no act of its reader asked for: a thousand reminders delay no confirmation, which has 0."""
LEASE = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=48)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=4)
REST = (2, 5, 10, 30, 60)
"""Seconds without any try after the server was found away, longer each time in a row."""


def next_wait(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th try that failed for now; `jitter` is between 0.8 and 1.2."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 20)
    return min(doubled, LONGEST_WAIT) * jitter
